"""The language of claims: its grammar, its names, and its truth over every admissible data set."""
