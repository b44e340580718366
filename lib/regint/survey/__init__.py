"""From a survey folder or a microdata file to the one tidy table."""
