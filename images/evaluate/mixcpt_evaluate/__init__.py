"""Scores a checkpoint by the study's protocol."""
