"""The tasks that are scored: classification and translation, with their files, prompts and metrics."""
