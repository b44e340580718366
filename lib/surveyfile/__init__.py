"""A file of respondents, or a table of printed figures, becomes a survey folder."""
