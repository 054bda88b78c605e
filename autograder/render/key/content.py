"""What stands in a key, for each kind of answer, in the order of the sheet."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from autograder.expression import Node, Op, free_names, to_text
from autograder.expression import Number as Literal
from autograder.problem import (
    Choice,
    Convention,
    Derivation,
    Formula,
    Function,
    Item,
    Mistake,
    Number,
    Problem,
    Words,
    Written,
)
from autograder.problem.formula import as_node, declared_node
from autograder.problem.kinds import Symbolic
from autograder.problem.number import number_facts
from autograder.render.key.blocks import (
    Blank,
    Block,
    Box,
    Display,
    Document,
    Figure,
    Listing,
    Paragraph,
    Part,
    Section,
    Source,
    Step,
    Steps,
    Table,
)
from autograder.render.key.labels import CONVENTIONS, LABELS
from autograder.render.key.pictures import picture_of
from autograder.render.key.sources import Unprintable, gathered
from autograder.render.key.spans import Code, Text, spans
from autograder.render.key.spans import Formula as Shown
from autograder.worked import Line, answer_of, in_order, order_of, reference_of, valued, worked
from autograder.worked.arithmetic import rounded

__all__ = ["Key", "document"]


PERSIAN = str.maketrans("0123456789.%", "۰۱۲۳۴۵۶۷۸۹٫٪")


@dataclass(frozen=True, slots=True)
class Key:
    """What a key is made from.

    answers=False makes the question sheet.  points: by the name of an answer; credits: by (name, convention).
    """

    title: str
    problems: Sequence[Problem]
    digest: str
    language: str = "en"
    answers: bool = True
    course: str = ""
    engine: str = ""
    points: Mapping[str, Fraction] = field(default_factory=dict)
    credits: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)

    def words(self, words: Words) -> str:
        """A text in the key's language, or in English."""
        return words.get(self.language) or words.get("en", "")

    def label(self, name: str, **fields: str) -> str:
        """A heading in the key's language."""
        shown = (
            fields if self.language != "fa" else {name: text.translate(PERSIAN) for name, text in fields.items()}
        )
        return LABELS[self.language][name].format_map(shown)

    def text(self, words: Words, names: frozenset[str]) -> Text:
        """A sentence with its formulas found."""
        return spans(self.words(words), names, self.language == "fa")


def document(key: Key) -> Document:
    """The whole key.

    >>> from autograder.problem import Item
    >>> one = Number(name="q", item=Item(id="Q1", title={"en": "T"}, question={"en": "How many?"}), reference=64)
    >>> document(Key("HW", [one], "sha256:0")).sections[0].parts[0].name
    'q'
    """
    groups = [list(group) for _, group in groupby(key.problems, key=lambda problem: problem.item.id)]
    total = sum((key.points.get(problem.name, Fraction(1)) for problem in key.problems), Fraction(0))
    counts = {"items": str(len(groups)), "answers": str(len(key.problems)), "points": str(total)}
    lines = [key.label("total", **counts), f"{key.label('digest')} {key.digest}"]
    lines += [f"{key.label('engine')} {key.engine}"] if key.engine else []
    return Document(
        key.language,
        key.title,
        key.label("key" if key.answers else "sheet"),
        key.course,
        tuple(lines),
        key.digest,
        key.label("proved") if key.answers else "",
        tuple(_section(key, group) for group in groups),
        sheet=not key.answers,
    )


def names_of(problems: Sequence[Problem]) -> frozenset[str]:
    """All names that sentences about these answers may use."""
    found: set[str] = set()
    for problem in problems:
        found |= set(getattr(problem, "given_values", {}))
        if isinstance(problem, Function):  # the letters of its signature; longer names are names of the program
            found |= {name for name in inspect.signature(problem.implementation).parameters if len(name) == 1}
        if isinstance(problem, Symbolic):
            found |= {*problem.symbols, *problem.also, *problem.arrays, *problem.indices}
            for shape in problem.arrays.values():
                found |= {name for size in shape for name in free_names(as_node(size))}
        for line in worked(problem):
            for node in (*line.chain, *([line.left] if line.left else [])):
                found |= set(order_of(node))
    return frozenset(name for name in found if not name.startswith("∂"))


def _section(key: Key, problems: Sequence[Problem]) -> Section:
    item: Item = problems[0].item
    names = names_of(problems)
    return Section(
        item.id,
        key.text(item.title, names),
        key.text(item.question, names),
        item.source if key.answers else "",
        tuple(_part(key, problem, names) for problem in problems),
    )


def _part(key: Key, problem: Problem, names: frozenset[str]) -> Part:
    points = key.points.get(problem.name)
    worth = "" if points is None else key.label("point" if points == 1 else "points", points=str(points))
    blocks = [*_facts(key, problem, names), *(_answered(key, problem, names) if key.answers else _room(problem))]
    return Part(problem.name, worth, key.text(problem.ask, names), tuple(blocks))


def _facts(key: Key, problem: Problem, names: frozenset[str]) -> Iterator[Block]:
    """What the question gives: values, a function's signature, options."""
    if isinstance(problem, Number) and problem.given_values:
        yield Paragraph(_listed(_equations(problem), key.label("comma")), "given", key.label("given"))
    if isinstance(problem, Function):
        yield Source(f"def {problem.signature}: ...")
        if problem.doc:
            yield Paragraph(key.text(problem.doc, names), "note")
    if isinstance(problem, Choice):
        yield Listing(tuple((Code(name), ": ", *key.text(words, names)) for name, words in problem.options.items()))


def _equations(problem: Number) -> list[Shown]:
    used = free_names(reference_of(problem)) | set(problem.given_values)
    values = {name: Literal(Fraction(str(value))) for name, value in problem.given_values.items()}
    return [Shown((as_node(name), values[name]), ("=",)) for name in values if name in used]


def _listed(formulas: Sequence[Shown], comma: str) -> Text:
    found: list[str | Shown] = []
    for formula in formulas:
        found += [comma, formula] if found else [formula]
    return tuple(found)


def _room(problem: Problem) -> Iterator[Block]:
    yield Blank({"Written": 5, "Function": 6, "Derivation": 4}.get(problem.kind, 1))


def _answered(key: Key, problem: Problem, names: frozenset[str]) -> Iterator[Block]:
    yield _box(key, problem, names)
    if isinstance(problem, Written):
        rows = tuple(((str(weight),), key.text(words, names)) for weight, words in problem.rubric)
        yield Table(key.label("rubric"), (key.label("share"), ""), rows, "rubric")
    picture = picture_of(problem, key.language)
    if picture is not None:
        yield Figure(picture, key.text({key.language: picture.caption}, names))
    lines = worked(problem)
    if lines:
        yield Steps(key.label("steps"), tuple(_step(key, line, names) for line in lines))
    yield from _conventions(key, problem, names)
    yield from _mistakes(key, problem, names)


def _box(key: Key, problem: Problem, names: frozenset[str]) -> Box:
    title = key.label("answer")
    match problem:
        case Formula():
            return Box(title, (Display(_chain(answer_of(problem))),))
        case Number():
            return Box(title, tuple(_number(key, problem)))
        case Function():
            return Box(key.label("code"), (Source(_solution(problem)),))
        case Derivation():
            names_there = order_of(as_node(problem.checkpoints[0].reference))
            lines = tuple(
                Display(Shown((in_order(as_node(point.reference), names_there),))) for point in problem.checkpoints
            )
            return Box(key.label("derivation"), lines)
        case Choice():
            right = tuple((Code(name), ": ", *key.text(problem.options[name], names)) for name in problem.correct)
            return Box(title, (Listing(right),))
        case _:
            assert isinstance(problem, Written)
            return Box(key.label("model"), (Paragraph(key.text(problem.model, names)),))


def _solution(problem: Function) -> str:
    """The implementation with its helpers; NumPy goes without saying."""
    try:
        pieces = gathered(problem.implementation).values()
    except Unprintable:
        return textwrap.dedent(inspect.getsource(problem.implementation)).strip()
    return "\n\n".join(piece for piece in pieces if piece != "import numpy as np")


def _number(key: Key, problem: Number) -> Iterator[Paragraph | Display]:
    line = answer_of(problem)
    yield Display(_chain(line))
    if problem.percent:
        share = rounded(Op("*", (as_node(100), line.chain[-1])))
        yield Paragraph((key.label("percent", percent=f"{to_text(share)}%") if share else "",), "note")


def _chain(line: Line) -> Shown:
    parts: list[Node] = [line.left] if line.left is not None else []
    parts += [line.shown] if line.shown is not None else []
    parts += line.chain
    signs = ["="] * (len(parts) - 1)
    if line.rounded:
        signs[-1] = "≈"
    return Shown(tuple(parts), tuple(signs))


def _step(key: Key, line: Line, names: frozenset[str]) -> Step:
    shown = _chain(line)
    return Step(key.text(line.words, names), shown if shown.parts else None)


def _conventions(key: Key, problem: Problem, names: frozenset[str]) -> Iterator[Block]:
    rows = []
    for entry in getattr(problem, "conventions", ()):
        label = key.words(CONVENTIONS.get(entry.id, {"en": entry.id.replace("-", " ")}))
        credit = key.credits.get((problem.name, entry.id))
        shown = (_declared(problem, entry),) if isinstance(problem, Formula | Number) else ()
        earned = "" if credit is None else key.label("full") if credit == 1 else str(credit)
        rows.append(((label,), shown, (earned,)))
    if rows:
        yield Table(
            key.label("conventions"), (key.label("convention"), "", key.label("credit")), tuple(rows), "conventions"
        )


def _mistakes(key: Key, problem: Problem, names: frozenset[str]) -> Iterator[Block]:
    """Mistakes by their names, as the staff's view calls them, with the formula and the hint that students read."""
    rows: list[tuple[Text, ...]] = []
    for entry in getattr(problem, "mistakes", ()):
        told = key.text(entry.hint, names)
        named: Text = (Code(entry.id), ": ", *told) if told else (Code(entry.id),)
        rows.append(((_declared(problem, entry),), named) if isinstance(problem, Formula | Number) else (named,))
    if rows:
        head = (key.label("formula"), key.label("told")) if len(rows[0]) == 2 else (key.label("told"),)
        yield Table(key.label("mistakes"), head, tuple(rows), "mistakes")


def _declared(problem: Formula | Number, entry: Mistake | Convention) -> Shown:
    """A declared wrong formula, its terms in the order of the reference; for a number with its value."""
    node = declared_node(entry)
    if not isinstance(entry.answer, str):
        node = in_order(node, order_of(reference_of(problem)))
    if not isinstance(problem, Number):
        return Shown((node,))
    return _chain(valued(node, number_facts(problem).at))
