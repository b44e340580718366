"""What printed percentages allow: counts, bases, their likelihood, and the way the figures were rounded."""

from regint.percentages.apportionment import rounding_mechanisms
from regint.percentages.bases import (
    BasePosterior,
    admissible_runs,
    base_ledger,
    base_likelihood,
    base_posterior,
    base_scan,
    figure_intervals,
    parity_likelihood,
    weighed_bases,
)
from regint.percentages.counts import (
    admissible_bases,
    consistent_counts,
    count_vectors,
    number_of_vectors,
    sample_count_vectors,
)

__all__ = [
    "BasePosterior",
    "admissible_bases",
    "admissible_runs",
    "base_ledger",
    "base_likelihood",
    "base_posterior",
    "base_scan",
    "consistent_counts",
    "count_vectors",
    "figure_intervals",
    "number_of_vectors",
    "parity_likelihood",
    "rounding_mechanisms",
    "sample_count_vectors",
    "weighed_bases",
]
