"""Respondent-level files: read as text, every decision stated, described by a codebook, counted."""
