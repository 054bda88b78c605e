"""New homeworks and problems that pass the audit as they are: `autograder new`."""

from autograder.scaffold.homework import new_homework
from autograder.scaffold.names import answer_name, homework_name, kind_name
from autograder.scaffold.problem import KINDS, Made, new_problem

__all__ = ["KINDS", "Made", "answer_name", "homework_name", "kind_name", "new_homework", "new_problem"]
