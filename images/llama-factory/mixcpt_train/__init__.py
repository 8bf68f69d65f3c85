"""Supervises one real `llamafactory-cli train`: where to resume, which checkpoints are whole, how far it is."""
