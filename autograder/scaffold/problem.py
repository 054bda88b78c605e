"""A new problem: a template with its own names in place of the template's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autograder import catalog
from autograder.errors import ConfigError, ConfigProblem
from autograder.scaffold.names import answer_name, closest, kind_name

__all__ = ["KINDS", "Made", "new_problem"]

TEMPLATES = Path(__file__).parent / "templates"
KINDS = ("formula", "number", "function", "derivation", "choice", "written")

# an answer to each template that a known mistake explains, so that an author sees a hint at once
SAMPLES = {
    "formula": "C*F*K^2",
    "number": "log(10, 2)",
    "function": "def {name}(x, eps=1e-5): return x / np.sqrt(x.var(axis=1, keepdims=True) + eps)",
    "derivation": "(tanh(w*x) - t)^2/2; tanh(w*x) - t",
    "choice": "c",
    "written": "Dropout is off.",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, what it is, and the answer and sample to try, if it holds a problem."""

    path: Path
    what: str
    answer: str = ""
    sample: str = ""


def new_problem(root: Path, homework: str, name: str, kind: str) -> Made:
    """Write solutions/<homework>/q<number>_<name>.py from the template of its kind.

    Nothing is overwritten.  Raises ConfigError where there is no such homework, or a name is poor or taken.
    """
    kind, name = kind_name(kind, KINDS), answer_name(name)
    folder = root / "solutions" / homework
    problems, places = _existing(root, homework)
    for taken, place in places.items():
        if taken == name:
            message = f"the name {name!r} is taken; nothing was changed."
            raise ConfigError([ConfigProblem(str(place), None, message, "Choose another name.")])
    item = _item(name, problems)
    path = folder / (f"{name}.py" if NUMBERED.match(name) else f"{item.lower()}_{name}.py")
    text = (TEMPLATES / f"{kind}.py").read_text(encoding="utf-8")
    text = re.sub(r"\bQ0\b", item, re.sub(r"\bANSWER\b", name, text))
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        message = "is there already; nothing was changed."
        raise ConfigError([ConfigProblem(str(path), None, message, "Choose another name.")]) from None
    return Made(path, f"answer {name} ({kind}), item {item} of the sheet", name, SAMPLES[kind].format(name=name))


NUMBERED = re.compile(r"q(\d+[a-z]?\d*)(?=_|$)", re.IGNORECASE)


def _existing(root: Path, homework: str) -> tuple[set[str], dict[str, Path]]:
    """The items of a homework, and where each of its answers is declared."""
    folder = root / "solutions" / homework
    known = catalog.names(root)
    if not folder.is_dir():
        advice = f"{closest(homework, known)}Make it first: autograder new homework {homework}"
        raise ConfigError([ConfigProblem(str(folder), None, f"there is no homework {homework!r}.", advice)])
    if homework not in known:
        return set(), {}
    assignment = catalog.load(root, homework)
    return {problem.item.id for problem in assignment.problems}, assignment.places


def _item(name: str, taken: set[str]) -> str:
    """The item's id: the number in the answer's name, else the next one.

    >>> _item("q3_weights", {"Q1"}), _item("conv_params", {"Q1", "Q2a.1"})
    ('Q3', 'Q3')
    """
    named = NUMBERED.match(name)
    if named and f"Q{named.group(1)}" not in taken:
        return f"Q{named.group(1)}"
    numbers = [int(found.group(1)) for item in taken if (found := re.match(r"Q(\d+)", item))]
    return f"Q{max(numbers, default=0) + 1}"
