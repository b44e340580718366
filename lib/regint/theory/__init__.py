"""From tables of theory and context to codings, scores and graphs."""
