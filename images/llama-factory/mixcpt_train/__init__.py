"""Supervises one real `llamafactory-cli train`.

Where to resume, which checkpoints are whole, how far it is.
"""
