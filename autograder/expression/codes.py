"""Every reason why a formula cannot be read, with the English sentence for it: the one table of these codes."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CODES"]

# {name}, {suggestion}, ... are fields of the AnswerError; an empty suggestion leaves its sentence out
CODES: Mapping[str, str] = {
    "assignment": "Write only the right side: an answer is a formula, without a name and `=` in front.",
    "bad-character": "The character {character} cannot be part of a formula.",
    "bare-comma": "Several values need brackets around them: (a, b).",
    "closed-bracket": "The bracket {bracket} closes nothing.",
    "condition": "A condition is a comparison, such as x > 0.",
    "empty": "There is no formula here.",
    "function-not-called": "{name} needs its argument in round brackets: {suggestion}.",
    "index-count": "{name} has {count} indices; {found} were given.",
    "index-missing": "{name} has {count} indices: write {name}[...].",
    "matrix-rows": "A matrix is a list of rows of equal length: Matrix([[a, b], [c, d]]).",
    "missing-else": "A value for the other cases is missing: a if condition else b.",
    "missing-operator": "A sign is missing here. Did you mean `{suggestion}`?",
    "not-a-formula": "`{found}` belongs to a program, not to a formula.",
    "not-indexed": "{name} is no array, so it has no indices.",
    "open-bracket": "The bracket {bracket} is open: its closing bracket is missing.",
    "piecewise-pairs": "Piecewise takes pairs of a value and a condition: Piecewise((a, x > 0), (b, True)).",
    "relation": "A comparison or a truth value stands where a formula is asked for.",
    "sum-limits": "{name} takes limits as (i, first, last), both included.",
    "too-big": "A number or the whole formula is too large to be read (limit: {limit}).",
    "too-deep": "Too many things are nested in one another (limit: {limit}).",
    "too-long": "The text has {length} characters; {limit} are allowed.",
    "two-operators": "Two signs stand side by side: {first} and {second}.",
    "two-powers": "A power is written K^2 or K**2.",
    "unexpected": "`{found}` cannot stand here.",
    "unfinished": "Something is missing after the last sign.",
    "unknown-command": "The command {name} is not known here.",
    "unknown-function": "The function {name} is not known. Did you mean `{suggestion}`?",
    "unknown-name": "The name {name} is not declared. Did you mean `{suggestion}`?",
    "wrong-argument-count": "{name} got a wrong number of arguments: at least {count} needed.",
}
