"""What every step shares: its spec, its COMPLETE marker, its progress lines, the names of languages."""
