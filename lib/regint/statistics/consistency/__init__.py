"""What printed percentages allow: counts, bases, their likelihood, and the way the figures were rounded."""

from regint.statistics.consistency.vectors import consistent_counts

__all__ = ["consistent_counts"]
