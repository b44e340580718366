"""How notebooks are run: planned, isolated, in warm kernels, and only where something changed."""
