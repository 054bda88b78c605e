"""What is wrong with a declaration before anything is computed: a field of the wrong type, a name that is none.

These are found when a key is loaded, since nothing may be graded against them; what takes an experiment to find is
the audit's task.
"""

from __future__ import annotations

import difflib
import inspect
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.decide import Rule
from autograder.domain import kind
from autograder.errors import AnswerError, ConfigError
from autograder.expression import Logic, Relation, parse
from autograder.problem.declare import Convention, Item, Mistake, Property, Published
from autograder.problem.kinds import (
    Checkpoint,
    Choice,
    Function,
    Number,
    Problem,
    Step,
    Symbolic,
    Written,
    declared_in,
)

__all__ = ["Flaw", "flaws"]

ENTRIES: Mapping[str, type] = {
    "mistakes": Mistake,
    "conventions": Convention,
    "published": Published,
    "steps": Step,
    "checkpoints": Checkpoint,
    "properties": Property,
    "given": str,
    "where": str,
    "parts": str,
    "correct": str,
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to mend: what is wrong, what to write instead, and a text of the author's that stands there."""

    message: str
    advice: str = ""
    near: str = ""


def flaws(problem: Problem) -> Iterator[Flaw]:
    """Everything that is wrong with how a problem is declared.

    >>> item = Item(id="Q1", title={}, question={})
    >>> [flaw.message for flaw in flaws(Choice(name="my answer", item=item, options={"a": {}}, correct=("a",)))]
    ["the name 'my answer' is no Python name."]
    """
    if not isinstance(problem.item, Item):
        yield Flaw(f"item is {problem.item!r:.40}, which is no Item.", "Write item=Item(id=..., ...).", "item=")
        return
    if not (isinstance(problem.name, str) and problem.name.isidentifier()) or keyword.iskeyword(problem.name):
        yield Flaw(f"the name {problem.name!r} is no Python name.", "Students define it: letters, digits and _.")
    lists = [*_lists(problem)]
    yield from lists
    if lists:
        return  # what is in them cannot be looked at
    yield from _texts(problem)
    yield from _entries(problem)
    match problem:
        case Symbolic():
            yield from _symbols(problem)
        case Number():
            yield from _number(problem)
        case Function():
            yield from _function(problem)
        case Choice():
            yield from _choice(problem)
        case Written() if not sum(weight for weight, _ in problem.rubric if weight > 0):
            advice = 'Write rubric=((1, {"en": ..., "fa": ...}), ...).'
            yield Flaw("the rubric has no line with a weight above 0.", advice, "rubric=")
        case _:
            pass


def _lists(problem: Problem) -> Iterator[Flaw]:
    """Lists that are no lists: above all the comma that makes a tuple of one entry."""
    held = [(name, wanted, getattr(problem, name, ())) for name, wanted in ENTRIES.items()]
    checkpoints = getattr(problem, "checkpoints", ())
    if isinstance(checkpoints, tuple | list):
        held += [("mistakes", Mistake, getattr(one, "mistakes", ())) for one in checkpoints]
    for name, wanted, value in held:
        if not isinstance(value, tuple | list):
            example = f"{wanted.__name__}(...)" if wanted is not str else repr(value)
            found = f"a single {type(value).__name__}" if isinstance(value, wanted) else repr(value)[:40]
            yield Flaw(f"{name} is {found}, not a list.", f"Write ({example},) with the comma.", f"{name}=")
        elif wrong := [entry for entry in value if not isinstance(entry, wanted)]:
            yield Flaw(f"{name} holds {wrong[0]!r:.40}.", f"Each entry is a {wanted.__name__}.", f"{name}=")


def _texts(problem: Problem) -> Iterator[Flaw]:
    """Texts for people are tables by language."""
    item, here = problem.item, f'id="{problem.item.id}"'
    texts: list[tuple[str, Any, str]] = [
        ("the title", item.title, here),
        ("the question", item.question, here),
    ]
    texts += [(f"{name}", getattr(problem, name, {}), f"{name}=") for name in ("ask", "doc", "model")]
    for entry in declared_in(problem):
        texts.append((f"the hint of {entry.id!r}", entry.hint, f'"{entry.id}"'))
    texts += [(f"step {n}", step.words, "steps=") for n, step in enumerate(problem.steps, start=1)]
    texts += [(f"option {name!r}", words, f'"{name}"') for name, words in getattr(problem, "options", {}).items()]
    for what, words, near in texts:
        if not isinstance(words, Mapping) or not all(isinstance(text, str) for text in words.values()):
            yield Flaw(
                f"{what} is {words!r:.40}, not a text by language.", 'Write {"en": "...", "fa": "..."}.', near
            )


def _entries(problem: Problem) -> Iterator[Flaw]:
    """Mistakes and conventions: one name for each, and a credit that is a share."""
    apart = [one.mistakes for one in getattr(problem, "checkpoints", ())]
    for group in ((*getattr(problem, "mistakes", ()), *getattr(problem, "conventions", ())), *apart):
        names = [entry.id for entry in group]
        for twice in sorted({name for name in names if names.count(name) > 1}):
            yield Flaw(f"two entries are called {twice!r}.", "Give each an id of its own.", f'"{twice}"')
    for entry in declared_in(problem):
        if entry.credit is not None and not 0 <= Fraction(entry.credit) <= 1:
            advice = "It is a share of the points, from 0 to 1, such as Fraction(1, 2)."
            yield Flaw(f"{entry.id!r} has the credit {entry.credit}.", advice, f'"{entry.id}"')
    known = [convention.id for convention in getattr(problem, "conventions", ())]
    for figure in getattr(problem, "published", ()):
        if figure.convention and figure.convention not in known:
            message = (
                f"the published figure {figure.value} follows {figure.convention!r}, which is no convention here."
            )
            yield Flaw(
                message, f"Conventions of this problem: {', '.join(known) or 'none'}.", f'"{figure.convention}"'
            )


def _symbols(problem: Symbolic) -> Iterator[Flaw]:
    for name, text in {**problem.symbols, **problem.also}.items():
        try:
            kind(text)
        except (ValueError, AttributeError) as error:
            yield Flaw(f"the symbol {name!r}: {error}.", near=str(text))
    for text in problem.where:
        if not _reads(text, relation=True):
            yield Flaw(f"where holds {text!r}, which is no relation.", 'Write such as "W >= K".', text)
    sizes = [str(size) for shape in problem.arrays.values() for size in shape]
    bounds = [str(bound) for pair in problem.indices.values() for bound in pair]
    for text in (*sizes, *bounds):
        if not _reads(text, relation=False):
            yield Flaw(f"{text!r} is no size or bound.", 'Write such as "n-k+1".', text)
    if problem.outside not in ("error", "zero"):
        yield Flaw(f"outside is {problem.outside!r}.", 'Write "error" or "zero".', "outside=")


def _reads(text: str, *, relation: bool) -> bool:
    try:
        node = parse(text, relations=relation)
    except AnswerError:
        return False
    return not relation or isinstance(node, Relation | Logic)


def _number(problem: Number) -> Iterator[Flaw]:
    try:
        Rule.of(problem.tolerance)
    except ConfigError as error:
        yield Flaw(f"tolerance: {error.problems[0].message}", error.problems[0].advice, "tolerance=")
    except (AttributeError, TypeError, ValueError):
        advice = 'Write {"abs": 0.01}, {"rel": 0.001} or {"significant_figures": 3}.'
        yield Flaw(f"tolerance is {problem.tolerance!r:.40}.", advice, "tolerance=")


def _function(problem: Function) -> Iterator[Flaw]:
    if not callable(problem.implementation) or not callable(problem.cases):
        which = "implementation" if not callable(problem.implementation) else "cases"
        advice = (
            "Write cases=cases, a function of the random generator." if which == "cases" else "Give a function."
        )
        yield Flaw(f"{which} is no function.", advice, f"{which}=")
        return
    written = re.fullmatch(r"\s*(\w+)\s*\((.*)\)\s*", problem.signature)
    if not written or written.group(1) != problem.name:
        yield Flaw(f"the signature {problem.signature!r} is not that of {problem.name!r}.", near="signature=")
        return
    names = [part.split("=")[0].strip() for part in re.sub(r"[\[(][^\])]*[\])]", "", written.group(2)).split(",")]
    wanted = list(inspect.signature(problem.implementation).parameters)
    if [name for name in names if name] != wanted:
        advice = f"The implementation takes ({', '.join(wanted)})."
        yield Flaw(f"the signature {problem.signature!r} has other parameters.", advice, "signature=")
    entries: list[Mistake | Convention] = [*problem.mistakes, *problem.conventions]
    for entry in entries:
        if not callable(entry.answer):
            yield Flaw(f"the answer of {entry.id!r} is no function.", near=f'"{entry.id}"')


def _choice(problem: Choice) -> Iterator[Flaw]:
    options = list(problem.options)
    for option in options:
        if option != option.lower() or re.search(r"[,;\s]", option):
            advice = 'Options are called "a", "b", ..., since what students write is read so.'
            yield Flaw(f"the option {option!r} cannot be chosen.", advice, f'"{option}"')
    if not problem.correct:
        yield Flaw("no option is correct.", f"Choose from: {', '.join(options)}.", "correct=")
    chosen = {option: "correct=" for option in problem.correct}
    for mistake in problem.mistakes:
        answer = (mistake.answer,) if isinstance(mistake.answer, str) else tuple(mistake.answer)
        chosen |= {option: f'"{mistake.id}"' for option in answer if option not in chosen}
        if set(answer) == set(problem.correct):
            yield Flaw(f"the mistake {mistake.id!r} is the correct choice.", near=f'"{mistake.id}"')
    for option, near in chosen.items():
        if option not in options:
            close = difflib.get_close_matches(option.lower(), options, n=1)
            advice = f"Did you mean {close[0]!r}?" if close else f"The options are: {', '.join(options)}."
            yield Flaw(f"there is no option {option!r}.", advice, near)
