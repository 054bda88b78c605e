"""Deep-learning homework, graded with evidence."""
