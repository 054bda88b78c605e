"""The kinds of problem, what an author declares for each, and how an answer to it is checked."""
