"""What the three packages take for granted: clean text, sentences of errors, whole files, the project's place."""
