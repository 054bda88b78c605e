"""The sentences of the grader: one gettext catalogue for each language; messages.py chooses and fills them.

A catalogue is read once, when its language is first spoken.  What Persian lacks is said in English.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

__all__ = ["LANGUAGES", "known", "template"]

LANGUAGES = ("en", "fa")


class _Nothing(gettext.NullTranslations):
    """Behind the last catalogue: an unknown key has no sentence, rather than itself as one."""

    def gettext(self, message: str) -> str:
        return ""


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    found = gettext.translation("autograder", Path(__file__).parent, [language])
    found.add_fallback(_Nothing() if language == "en" else _catalogue("en"))
    return found


def template(key: str, language: str) -> str:
    """The sentence of a key with its {fields} still open; "" where there is none.

    >>> template("unknown-name", "en"), template("no such key", "fa")
    ('`{name}` is not a name of this question.', '')
    """
    return _catalogue(language).gettext(key) if key else ""  # the empty key holds a catalogue's header


def known(key: str) -> bool:
    """Whether there is a sentence for this key.

    >>> known("edit.power-low"), known("")
    (True, False)
    """
    return bool(template(key, "en"))
