"""From notebooks to a site; runs them from outside and never loads in their kernels."""
