"""What Gradescope says about a submission: its metadata at grading time, and the list in an export."""
