"""A .py file, a notebook, a folder or a zip of these -> a Submission: cells to run and files to lay beside them.

Nothing of a submission is executed or trusted here: sizes are bounded before bytes are read, links and devices are
not followed, and names stay inside the submission.
"""

from autograder.submission.cells import Cell, code_cells
from autograder.submission.reading import Submission, discover, folders_of_code, read

__all__ = ["Cell", "Submission", "code_cells", "discover", "folders_of_code", "read"]
