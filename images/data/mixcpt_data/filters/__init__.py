"""Filters that decide which rows a mixture keeps."""
