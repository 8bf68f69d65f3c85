"""The code that every step shares: specs, COMPLETE markers, progress lines and language names."""
