"""What is certain when something is missing: silence, unknown overlaps, and both together."""
