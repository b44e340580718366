"""What is certain when something is missing: silence, sampling, and a figure's own rounding."""
