"""Measures the evaluation against the study's way and against what the machine could do."""
