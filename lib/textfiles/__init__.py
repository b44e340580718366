"""What the three packages share: clean text, sentences of errors, whole files, where the project is."""
