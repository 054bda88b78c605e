"""The sentences of a student's file: the catalogues' own, as far as the file can need them.

In that file this module stands in for `autograder.locale`.
"""

from __future__ import annotations

__all__ = ["SENTENCES", "known", "template"]

SENTENCES: dict[str, dict[str, str]] = {}  # language -> key -> sentence; filled when the file is loaded


def template(key: str, language: str) -> str:
    """The sentence of a key with its {fields} still open; "" where there is none.

    >>> template("no such key", "en")
    ''
    """
    found = SENTENCES.get(language, {}).get(key)
    return found or SENTENCES.get("en", {}).get(key, "")


def known(key: str) -> bool:
    """Whether there is a sentence for this key.

    >>> known("no such key")
    False
    """
    return bool(template(key, "en"))
