"""The command `mixcpt-export`: a checkpoint as a folder that others can load, and its upload to a hub."""
