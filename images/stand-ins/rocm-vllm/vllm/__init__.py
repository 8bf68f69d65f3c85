"""Stands in for vLLM: it can be imported and has a version."""

__version__ = "0+stand.in"
