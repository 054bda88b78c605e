"""A key as a notebook that runs from top to bottom with NumPy alone, and asserts every answer and every step."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq

from autograder.decide.evaluate import compiled
from autograder.decide.points import admitted, small
from autograder.expression import Node, free_names
from autograder.problem import Formula, Function, Number, Problem
from autograder.problem.formula import as_node, facts
from autograder.problem.number import number_facts
from autograder.render.key.blocks import Box, Document, Figure, Part, Section, Source
from autograder.render.key.content import Key, document
from autograder.render.key.markdown import Writer
from autograder.render.key.pictures import Picture
from autograder.render.key.python import HELPERS, python
from autograder.render.key.sources import Unprintable, gathered, literal
from autograder.render.key.svg import PRINT, svg
from autograder.worked import worked

__all__ = ["notebook"]

POINTS = 5  # instances for each formula
LARGEST_SIZE = 3  # of an array's axis, so that a notebook runs in seconds
LONGEST = 1500  # characters of a call and its result that are written out
EXPERIMENT = "experiment"


def notebook(key: Key) -> str:
    """The notebook as JSON."""
    whole = document(key)
    writer = Writer(key.language, protected=False)
    cells = [_text(writer.front(whole), key.language)]
    if key.answers:
        cells.append(_code(HELPERS.strip()))
    problems = {problem.name: problem for problem in key.problems}
    for section in whole.sections:
        cells += _section(section, problems, writer, whole)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    plain = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


Cell = dict[str, Any]


def _text(text: str, language: str) -> Cell:
    shown = f'<div dir="rtl">\n\n{text}\n\n</div>' if language == "fa" else text
    return {"cell_type": "markdown", "metadata": {}, "source": shown}


def _code(text: str) -> Cell:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}


def _drawn(picture: Picture) -> Cell:
    """A picture, shown already, its source folded away."""
    data = svg(picture, PRINT, "serif")
    cell = _code(f"from IPython.display import SVG\n\nSVG('''{data}''')")
    cell["metadata"] = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    shown = {"data": {"image/svg+xml": data, "text/plain": "picture"}, "metadata": {}}
    cell["outputs"] = [{"output_type": "execute_result", "execution_count": None, **shown}]
    return cell


def _section(section: Section, problems: Mapping[str, Problem], writer: Writer, whole: Document) -> Iterator[Cell]:
    yield _text(writer.section(replace(section, parts=())), whole.language)
    for part in section.parts:
        pictures = [block.picture for block in part.blocks if isinstance(block, Figure)]
        kept = tuple(block for block in part.blocks if not isinstance(block, Figure) and not _is_code(block))
        yield _text(writer.part(Part(part.name, part.worth, part.ask, kept)), whole.language)
        for picture in pictures:
            yield _drawn(picture)
        code = f"{part.name} = ..." if whole.sheet else _checked(problems[part.name])
        if code:
            yield _code(code)


def _is_code(block: object) -> bool:
    """Code stands in cells of its own, where it runs."""
    return isinstance(block, Box) and all(isinstance(inner, Source) for inner in block.blocks)


def _checked(problem: Problem) -> str:
    """Code that shows an answer to be right; empty for what a person reads."""
    match problem:
        case Formula() if problem.arrays:
            return _arrays(problem)
        case Formula():
            return _formula(problem)
        case Number():
            return _number(problem)
        case Function():
            return _function(problem)
        case _:
            return ""


def _experiment(problem: Formula | Number) -> tuple[str, str]:
    """The code of the experiment, and the call of it with the values in `at`; two empty texts if there is none."""
    if problem.implementation is None:
        return "", ""
    name = problem.implementation.__name__
    name = EXPERIMENT if name == "<lambda>" else name
    try:
        code = "\n\n\n".join(gathered(problem.implementation, name).values())
    except Unprintable:
        return "", ""
    return code, f"{name}({_passed(problem.implementation)})"


def _passed(function: Callable[..., Any]) -> str:
    """The experiment takes those of the values that it has parameters for."""
    parameters = inspect.signature(function).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return "**at"
    return f"**{{name: at[name] for name in {literal(list(parameters))} if name in at}}"


def _lambda(node: Node, names: Sequence[str]) -> str:
    return f"lambda {', '.join(names)}: {python(node)}"


def _lines(problem: Formula | Number) -> list[Node]:
    """Every line of the worked solution that equals the answer."""
    found: list[Node] = []
    for line in worked(problem):
        if line.concludes:
            found += line.chain[:-1] if line.rounded else line.chain
    return list(dict.fromkeys(found))


def _formula(problem: Formula) -> str:
    known = facts(problem)
    lines = _lines(problem)
    names = sorted(free_names(known.reference).union(*map(free_names, lines)))
    points = [{name: _plain(value) for name, value in point.items()} for point in _points(problem, names)]
    code, call = _experiment(problem)
    steps = "".join(f"    {_lambda(node, names)},\n" for node in lines)
    checks = [f"    assert agree(answer(**at), {call}), at\n"] if call else []
    return (
        f"{code}\n\n\nanswer = {_lambda(known.reference, names)}\nsteps = [\n{steps}]\n"
        f"for at in {literal(points)}:\n{''.join(checks)}"
        "    for step in steps:\n        assert agree(step(**at), answer(**at)), at"
    ).strip()


def _points(problem: Formula, names: Sequence[str]) -> list[dict[str, Any]]:
    return list(small(facts(problem).domain, tuple(names), POINTS)) if names else [{}]


def _plain(value: Any) -> int | float | Any:
    if type(value) is fmpq:
        return int(value.p) if value.q == 1 else int(value.p) / int(value.q)
    return float(value)


def _arrays(problem: Formula) -> str:
    """Arrays of random whole numbers; the experiment returns every entry over the free indices."""
    known = facts(problem)
    sizes = tuple(sorted(known.domain.sizes()))
    setting = _sizes(problem, sizes)
    at = {name: int(value.p) for name, value in setting.items()}
    shapes = {name: tuple(_whole(size, setting) for size in shape) for name, shape in known.domain.arrays.items()}
    places = {
        name: (_whole(low, setting), _whole(high, setting)) for name, (low, high) in known.domain.indices.items()
    }
    names = sorted({*sizes, *shapes, *places})
    code, call = _experiment(problem)
    drawn = "".join(
        f"at[{name!r}] = rng.integers(-9, 10, {literal(shape)}).astype(float)\n" for name, shape in shapes.items()
    )
    steps = "".join(f"    {_lambda(node, names)},\n" for node in _lines(problem))
    spans = ", ".join(f"upto({low}, {high})" for low, high in places.values())
    offset = ", ".join(f"at[{name!r}] - {low}" for name, (low, _) in places.items())
    measured = [f"measured = {call}\n"] if call else []
    checks = [f"    assert agree(answer(**at), measured[{offset}]), place\n"] if call else []
    return (
        f"{code}\n\n\nanswer = {_lambda(known.reference, names)}\nsteps = [\n{steps}]\n"
        f"rng = np.random.default_rng(1)\nat = {literal(at)}\n{drawn}{''.join(measured)}"
        f"for place in product({spans}):\n    at.update(zip({literal(list(places))}, place))\n{''.join(checks)}"
        "    for step in steps:\n        assert agree(step(**at), answer(**at)), place"
    ).strip()


def _sizes(problem: Formula, sizes: tuple[str, ...]) -> dict[str, Any]:
    """Sizes of two where the domain lets them be, one of them three: unequal, and quick to loop over."""
    domain = facts(problem).domain
    fitting = []
    for values in product(range(1, LARGEST_SIZE + 1), repeat=len(sizes)):
        point = {name: fmpq(value) for name, value in zip(sizes, values, strict=True)}
        entries = [_whole(size, point) for shape in domain.arrays.values() for size in shape]
        if sum(values) <= 2 * len(sizes) + 1 and min(entries) >= 1 and admitted(domain, point):
            fitting.append((sum(value > 1 for value in values), len(set(values)), values))
    return {name: fmpq(value) for name, value in zip(sizes, max(fitting)[2], strict=True)}


def _whole(node: Node, point: Mapping[str, Any]) -> int:
    return int(compiled(node)(dict(point)).p)


def _number(problem: Number) -> str:
    at = {name: _plain(compiled(node)({})) for name, node in number_facts(problem).at.items()}
    names = list(at)
    code, call = _experiment(problem)
    lines = "".join(f"    {_lambda(node, names)},\n" for node in _lines(problem))
    reference = _lambda(as_node(problem.reference), names)
    checks = [f"assert agree({call}, value)\n"] if call else []
    return (
        f"{code}\n\n\nat = {literal(at)}\nanswer = {reference}\nvalue = answer(**at)\nlines = [\n{lines}]\n"
        f"for line in lines:\n    assert agree(line(**at), value)\n{''.join(checks)}value"
    ).strip()


def _function(problem: Function) -> str:
    name = problem.implementation.__name__
    try:
        code = "\n\n\n".join(gathered(problem.implementation).values())
    except Unprintable:
        return ""
    called = _called(problem, name)
    return f"{code}\n\n\n{called}".strip()


def _called(problem: Function, name: str) -> str:
    """A call of one of its cases with what comes out, where both are short enough to be written."""
    for case in problem.cases(np.random.default_rng(0)):
        try:
            arguments = ", ".join(map(literal, case.args))
            result = literal(_listed(problem.implementation(*case.args)))
        except Unprintable:
            continue
        if len(arguments) + len(result) <= LONGEST:
            return f"found = {name}({arguments})\nassert agree(found, {result})\nfound"
    return ""


def _listed(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    return type(value)(map(_listed, value)) if isinstance(value, tuple | list) else value
