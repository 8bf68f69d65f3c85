"""Prepares what a training run reads: mixtures, benchmark files and start models."""
