"""Mixtures: rows of several sources, filtered, counted and shuffled."""
