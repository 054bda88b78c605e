"""Auditing formulas and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq

from autograder.audit.mutants import formula_mutants
from autograder.audit.trial import Slip, Trial, array_of, plain_value, value_of, with_known
from autograder.decide import decide, decide_number
from autograder.decide.points import Chance
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, is_exact, text
from autograder.expression import Node, Tuple, free_names, substitute, to_text
from autograder.problem import Formula, Number
from autograder.problem.formula import Facts, as_node, declared_node, facts
from autograder.problem.number import number_facts
from autograder.worked import unproved

__all__ = ["audit_formula", "audit_number"]

CLOSE = 1e-6  # an implementation that measures in floating point, such as central differences


def audit_formula(problem: Formula, trial: Trial) -> Iterator[Slip]:
    """Reference against experiment, mistakes and conventions against the reference, steps, mutants."""
    known = facts(problem)
    if problem.implementation is None:
        yield Slip("unproved", "there is no implementation that the reference could be checked against.")
    else:
        yield from _experiment(problem, known, trial)
    yield from _declared(problem, known, trial)
    yield from _published(problem, known.reference, {}, trial)
    for message in unproved(problem, trial.options.secret):
        yield _of_steps(message)
    for mutant in formula_mutants(known.reference, sorted(known.names.symbols or ())):
        trial.mutants += 1
        found = decide(mutant.node, known.reference, known.domain, secret=trial.options.secret)
        if found.equal is None:
            yield Slip("undecided", f"{to_text(mutant.node)} ({mutant.change}) can neither be refuted nor proved.")


def _experiment(problem: Formula, known: Facts, trial: Trial) -> Iterator[Slip]:
    if problem.arrays:
        yield from _array_experiment(problem, known, trial)
        return
    names = tuple(sorted(free_names(known.reference)))
    tried = 0
    given = [{name: fmpq(value) for name, value in chosen.items()} for chosen in problem.instances]
    for point in [*given, *trial.points(known.domain, names, problem.name)]:
        try:
            wanted = _values(known.reference, point)
        except (Undefined, Unsure, OutOfBudget):
            continue
        assert problem.implementation is not None
        measured = with_known(problem.implementation, {name: plain_value(value) for name, value in point.items()})
        trial.instances += 1
        tried += 1
        if not _agree(measured, wanted):
            at = ", ".join(f"{name}={text(value)}" for name, value in point.items())
            shown = ", ".join(map(text, wanted))
            message = f"at {at} the reference gives {shown}, the implementation {_measures(measured)}"
            yield Slip("reference", message, "reference=")
            return
    if not tried:
        yield Slip("unproved", "no instance of the domain could be tried.")


def _values(node: Node, point: dict[str, Any]) -> list[Any]:
    return [value_of(part, point) for part in (node.items if isinstance(node, Tuple) else (node,))]


def _agree(measured: Any, wanted: list[Any]) -> bool:
    """Exactly for counts, to a few digits for what is measured in floating point."""
    given = list(measured) if isinstance(measured, tuple | list) else [measured]
    return len(given) == len(wanted) and all(_same(one, other) for one, other in zip(given, wanted, strict=True))


def _same(measured: Any, wanted: Any) -> bool:
    if isinstance(measured, int | np.integer) and is_exact(wanted):
        return bool(fmpq(int(measured)) == wanted)
    if isinstance(measured, Fraction) and is_exact(wanted):
        return bool(fmpq(measured.numerator, measured.denominator) == wanted)
    value = as_acb(wanted)
    expected = complex(float(value.real.mid()), float(value.imag.mid()))
    try:
        return abs(complex(measured) - expected) <= CLOSE * max(1.0, abs(expected))
    except (TypeError, ValueError):
        return False


def _measures(measured: Any) -> str:
    """How an author is told what an implementation gave.

    >>> _measures(3), _measures(None)
    ('measures 3.', 'returns nothing: is its `return` missing?')
    """
    return "returns nothing: is its `return` missing?" if measured is None else f"measures {measured}."


def _array_experiment(problem: Formula, known: Facts, trial: Trial) -> Iterator[Slip]:
    """Arrays at concrete sizes: the implementation returns every entry over the free indices, in their order."""
    sizes = tuple(sorted(known.domain.sizes()))
    tried = 0
    for setting in trial.points(known.domain, sizes, problem.name):
        if any(value < 1 or value > 4 for value in setting.values()):
            continue
        shapes = {n: tuple(int(value_of(s, setting).p) for s in shape) for n, shape in known.domain.arrays.items()}
        if any(length < 1 for shape in shapes.values() for length in shape):
            continue
        chance = Chance(b"arrays", problem.name.encode(), str(tried).encode())
        arrays = {name: array_of(name, shape, chance) for name, shape in shapes.items()}
        tried += 1
        trial.instances += 1
        slip = _array_slip(problem, known, setting, arrays)
        if slip:
            yield slip
            return
        if tried >= 4:
            return
    if not tried:
        yield Slip("unproved", "no instance of the domain could be tried.")


def _array_slip(problem: Formula, known: Facts, setting: dict[str, Any], arrays: dict[str, Any]) -> Slip | None:
    assert problem.implementation is not None
    plain = {name: plain_value(value) for name, value in setting.items()}
    measured = np.asarray(with_known(problem.implementation, plain | arrays))
    entries = {name: _entry(array, known.domain.outside) for name, array in arrays.items()}
    ranges = []
    for low, high in known.domain.indices.values():
        ranges.append(range(int(value_of(low, setting).p), int(value_of(high, setting).p) + 1))
    for place in product(*ranges):
        at = {name: fmpq(index) for name, index in zip(known.domain.indices, place, strict=True)}
        wanted = value_of(known.reference, setting | at | entries)
        found = measured[tuple(index - span.start for index, span in zip(place, ranges, strict=True))]
        if not _same(float(found), wanted):
            sizes = ", ".join(f"{name}={value}" for name, value in (setting | at).items())
            return Slip(
                "reference", f"at {sizes} the reference gives {text(wanted)}, the implementation {found:g}."
            )
    return None


def _entry(array: np.ndarray[Any, Any], outside: str) -> Any:
    def entry(place: tuple[int, ...]) -> fmpq:
        if any(not 0 <= at < length for at, length in zip(place, array.shape, strict=True)):
            if outside == "zero":
                return fmpq(0)
            raise Undefined(f"{place} lies outside {array.shape}")
        return fmpq(int(array[place]))

    return entry


def _declared(problem: Formula, known: Facts, trial: Trial) -> Iterator[Slip]:
    declared = [(f"mistake {m.id!r}", m) for m in problem.mistakes]
    declared += [(f"convention {c.id!r}", c) for c in problem.conventions]  # type: ignore[misc]
    for place, (label, entry) in enumerate(declared):
        node = declared_node(entry)
        found = decide(node, known.reference, known.domain, secret=trial.options.secret)
        if found.equal is not False:
            how = "equals the reference" if found.equal else "cannot be told from the reference"
            yield Slip("mistake", f"the {label}, {to_text(node)}, {how}.", f'"{entry.id}"')
        for other_label, other in declared[:place]:
            if decide(node, declared_node(other), known.domain, secret=trial.options.secret).equal:
                yield Slip("mistake", f"the {label} and the {other_label} are the same formula.", f'"{entry.id}"')


def _published(problem: Formula | Number, reference: Node, at: Mapping[str, Node], trial: Trial) -> Iterator[Slip]:
    """Figures that others printed have to come out of the reference, or of the convention that they follow."""
    conventions = {convention.id: declared_node(convention) for convention in problem.conventions}
    for figure in problem.published:
        trial.instances += 1
        node = reference if not figure.convention else conventions[figure.convention]
        values = {**at, **{name: as_node(str(value)) for name, value in figure.at.items()}}
        found = decide_number(substitute(node, values), as_node(str(figure.value)))
        if found.equal is not True:
            shown = text(value_of(substitute(node, values), {}))
            message = f"{figure.source} prints {figure.value}, the reference gives {shown}."
            yield Slip("published", message, figure.source)


def audit_number(problem: Number, trial: Trial) -> Iterator[Slip]:
    """The reference's value against experiment, and the mistakes' values against it and each other."""
    known = number_facts(problem)
    wanted = value_of(known.reference, {})
    if problem.implementation is None:
        yield Slip("unproved", "there is no implementation that the reference could be checked against.")
    else:
        trial.instances += 1
        plain = {name: plain_value(value_of(node, {})) for name, node in known.at.items()}
        measured = with_known(problem.implementation, plain)
        if not _same(measured, wanted):
            message = f"the reference is {text(wanted)}, the implementation {_measures(measured)}"
            yield Slip("reference", message, "reference=")
    if decide_number(known.reference, known.reference, known.rule).equal is False:
        yield Slip("reference", f"the reference, {text(wanted)}, lies outside of accept.", "accept=")
    yield from _published(problem, as_node(problem.reference), known.at, trial)
    values: dict[str, str] = {}
    for label, entries in (("mistake", problem.mistakes), ("convention", problem.conventions)):
        for entry in entries:
            trial.mutants += 1
            value = substitute(declared_node(entry), known.at)
            shown = text(value_of(value, {}))
            if decide_number(value, known.reference, known.rule).equal is not False:
                message = f"the {label} {entry.id!r} has the value {shown}, which is accepted as right."
                yield Slip("mistake", message, f'"{entry.id}"')
            if shown in values:
                message = f"{entry.id!r} and {values[shown]!r} have one value, {shown}: make them one entry."
                yield Slip("mistake", message, f'"{entry.id}"')
            values[shown] = entry.id
    for message in unproved(problem, trial.options.secret):
        yield _of_steps(message)


def _of_steps(message: str) -> Slip:
    return Slip("step", message, "shown=" if message.startswith("shown") else "steps=")
