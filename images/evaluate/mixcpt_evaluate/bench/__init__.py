"""Measures this package beside the study's way and a bound of the machine: ./mixcpt bench evaluate."""
