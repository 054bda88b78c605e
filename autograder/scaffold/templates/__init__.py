"""One whole problem of each kind.  `autograder new problem` copies it, with names for ANSWER and Q0."""
