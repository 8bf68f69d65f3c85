"""The supervisor of one `llamafactory-cli train`: it resumes, marks complete checkpoints and reports progress."""
