"""The shuffle on disk: a random order that depends on the seed alone."""
