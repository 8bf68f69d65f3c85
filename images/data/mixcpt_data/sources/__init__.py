"""Sources of rows: corpora of files, and the small texts that the image contains."""
