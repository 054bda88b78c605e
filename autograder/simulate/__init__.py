"""Gradescope on this machine: the real zip, its scripts, folders and limits, and what a student would see."""
