"""The sentences of the grader, one module for each language; messages.py chooses and fills them."""

from autograder.locale import en, fa

__all__ = ["LANGUAGES"]

LANGUAGES = {"en": en.SENTENCES, "fa": fa.SENTENCES}
