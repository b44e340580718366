"""What printed percentages allow: counts, bases, their likelihood, and the way the figures were rounded."""

from regint.statistics.consistency.sampling import sample_count_vectors
from regint.statistics.consistency.vectors import (
    admissible_bases,
    consistent_counts,
    count_vectors,
    number_of_vectors,
)

__all__ = [
    "admissible_bases",
    "consistent_counts",
    "count_vectors",
    "number_of_vectors",
    "sample_count_vectors",
]
