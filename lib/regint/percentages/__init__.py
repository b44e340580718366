"""What printed percentages allow: counts, bases, their likelihood, and the way the figures were rounded."""
