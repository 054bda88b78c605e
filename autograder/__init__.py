"""Deep-learning homework, graded with evidence."""

__version__ = "0.1.0"
