"""What printed percentages allow: counts, bases, their likelihood, and the way the figures were rounded."""

from regint.statistics.consistency.ledger import base_ledger
from regint.statistics.consistency.likelihood import (
    BasePosterior,
    base_likelihood,
    base_posterior,
    parity_likelihood,
)
from regint.statistics.consistency.mechanisms import rounding_mechanisms
from regint.statistics.consistency.sampling import sample_count_vectors
from regint.statistics.consistency.scan import (
    admissible_runs,
    base_scan,
    figure_intervals,
    weighed_bases,
)
from regint.statistics.consistency.vectors import (
    admissible_bases,
    consistent_counts,
    count_vectors,
    number_of_vectors,
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
