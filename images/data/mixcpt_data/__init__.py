"""Prepares the inputs of training runs: mixtures, benchmark files and start models."""
