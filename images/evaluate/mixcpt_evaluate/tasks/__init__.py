"""The two kinds of tasks, classification and translation: their files, prompts and metrics."""
