"""The supervisor of one training by LLaMA-Factory: it resumes, marks complete checkpoints and reports progress."""
