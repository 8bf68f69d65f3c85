"""Scores checkpoints by the study's protocol and publishes the scores."""
