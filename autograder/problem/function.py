"""Checking a NumPy function: call it on inputs that it has never seen, and compare each output.

The expected outputs are computed before the first call.  Only the first case is public: once a hidden input has
been sent, nothing that the student's function returned or raised is shown, since it could carry that input out.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import numpy as np

from autograder.answer import Answer, CallOutcome, Died, FunctionValue, Opaque, Raised, Returned, TimedOut, Value
from autograder.arrays import Agreement, Closeness, compare
from autograder.diagnose import Calls, Keeper, attempted, diagnose_function
from autograder.diagnose import Case as DiagnosisCase
from autograder.domain import domain
from autograder.problem.declare import Case
from autograder.problem.formula import as_node, case_of, near_by, topics_of
from autograder.problem.kinds import Formula, Function, Number, Problem
from autograder.problem.number import number_case
from autograder.problem.options import CheckOptions
from autograder.problem.reading import blank, is_blank, type_name
from autograder.verdict import Finding, NoEvidence, Status, Tolerance, Verdict, status_of

__all__ = ["check_function", "prepared"]

# an exception's name may be shown for a hidden input only if the student could not have made it up
BUILTIN_ERRORS = frozenset(
    {"AttributeError", "IndexError", "KeyError", "NameError", "TypeError", "UnboundLocalError", "ValueError"}
    | {"ZeroDivisionError", "RecursionError", "MemoryError", "OverflowError", "NotImplementedError"}
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case with what the reference implementation returns for it."""

    case: Case
    expected: Any


@dataclass(frozen=True, slots=True)
class Part:
    """One output of one call, judged."""

    case: int
    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Run:
    """Every case with what the student's function returned for it."""

    cases: Sequence[Prepared]
    outputs: tuple[Value, ...]
    closeness: Closeness


@lru_cache(maxsize=1024)
def prepared(problem: Function, options: CheckOptions) -> tuple[Prepared, ...]:
    """The cases of a problem with their expected outputs, computed once in a run."""
    cases = problem.cases(np.random.default_rng(options.seed(problem.name)))
    return tuple(Prepared(case, problem.implementation(*copy.deepcopy(case.args))) for case in cases)


def check_function(problem: Function, answer: Answer, options: CheckOptions) -> Verdict:
    """Call the student's function on every case; credit is the share of its outputs that are right in all."""
    if is_blank(answer.value):
        return blank(answer.value)
    if not isinstance(answer.value, FunctionValue):
        return Verdict(
            Status.UNREADABLE, finding=Finding("value", "not-a-function", {"type": type_name(answer.value)})
        )
    reading = f"{answer.value.name}({', '.join(answer.value.parameters)})"
    closeness = Closeness(
        options.rtol if problem.rtol is None else problem.rtol,
        options.atol if problem.atol is None else problem.atol,
    )
    judged: list[Part] = []
    outputs: list[Value] = []
    mutated = False
    cases = prepared(problem, options)
    for number, item in enumerate(cases):
        outcome = answer.call(copy.deepcopy(item.case.args))
        if not isinstance(outcome, Returned):
            return _with_signature(_stopped(outcome, number, item.case, reading), problem)
        if number == 0 and is_blank(outcome.value):
            return _returned_nothing(outcome.value, reading)
        mutated = mutated or bool(outcome.mutated)
        outputs.append(outcome.value)
        judged += _parts(problem, number, outcome.value, item.expected, closeness)
    verdict = _verdict(judged, cases, mutated=mutated, reading=reading)
    if verdict.status is Status.CORRECT:
        return verdict
    run = Run(cases, tuple(outputs), closeness)
    counted = _with_followed(problem, verdict, judged, run, options)
    return _at_the_same_case(_explained(problem, counted, run, options), counted)


def _at_the_same_case(explained: Verdict, counted: Verdict) -> Verdict:
    """An explanation keeps what was called, and which outputs follow from others."""
    if explained.finding is None or counted.finding is None:
        return explained
    kept = {name: text for name, text in counted.finding.fields.items() if name in ("case", "followed_outputs")}
    fields = {**kept, **explained.finding.fields}
    return replace(explained, finding=replace(explained.finding, fields=fields))


def _with_followed(
    problem: Function, verdict: Verdict, judged: Sequence[Part], run: Run, options: CheckOptions
) -> Verdict:
    """A share for each wrong output that follows from the student's own other ones, some of which are right."""
    names = list(dict.fromkeys(part.name for part in judged))
    wrong = {part.name for part in judged if not part.agreement.ok}
    followed = [
        name
        for name, follow in problem.follow.items()
        if name in wrong and wrong != set(names) and all(_follows(problem, name, each, run) for each in run.outputs)
    ]
    if not followed or verdict.finding is None:
        return verdict
    credit = verdict.credit + options.follow_credit * Fraction(len(followed), len(names))
    fields = dict(verdict.finding.fields) | {"followed_outputs": ", ".join(followed)}
    return replace(verdict, credit=credit, finding=replace(verdict.finding, fields=fields))


def _follows(problem: Function, name: str, value: Value, run: Run) -> bool:
    if isinstance(value, Mapping):
        own = dict(value)
    else:
        outputs = _outputs(value, len(problem.parts))
        own = {} if outputs is None else dict(zip(problem.parts, outputs, strict=True))
    try:
        return compare(own.pop(name), problem.follow[name](own), run.closeness).ok
    except Exception:  # noqa: BLE001 - from outputs of any type nothing may follow
        return False


def _returned_nothing(value: Value, reading: str) -> Verdict:
    if isinstance(value, Opaque):  # `return ...`, as in the starter
        return Verdict(Status.MISSING, reading=reading, finding=Finding("blank", "blank"))
    return Verdict(Status.MISSING, reading=reading, finding=Finding("blank", "returned-none"))


def _stopped(outcome: CallOutcome, number: int, case: Case, reading: str) -> Verdict:
    """The call did not come back: what may be said of it, and that it earns nothing."""
    public = number == 0
    match outcome:
        case TimedOut(seconds=seconds):
            finding = Finding("timeout", "timeout", {"seconds": f"{seconds:g}", "case": _label(case, public)})
        case Died(why=why):
            finding = Finding("died", "died", {"why": why if public else "stopped", "case": _label(case, public)})
        case Raised(type_name="NotImplementedError"):
            return Verdict(Status.MISSING, reading=reading, finding=Finding("blank", "blank"))
        case Raised(type_name=name, message=message, line=line, source=source) if public:
            fields = {"error": name, "message": message, "line": str(line or ""), "source": source}
            finding = Finding("exception", "exception", fields | {"case": _label(case, public)})
        case Raised(type_name=name):
            shown = name if name in BUILTIN_ERRORS else "Exception"
            finding = Finding("exception", "exception-hidden", {"error": shown})
        case _:
            finding = Finding("internal", "internal")
            return Verdict(Status.UNDECIDED, reading=reading, finding=finding)
    return Verdict(Status.INCORRECT, reading=reading, finding=finding)


def _with_signature(verdict: Verdict, problem: Function) -> Verdict:
    """A function that does not take the arguments it is given is told how it is called."""
    finding = verdict.finding
    if finding is None or finding.fields.get("error") != "TypeError":
        return verdict
    hidden = finding.code == "exception-hidden"  # its text is not shown, so that it may be anything
    if not hidden and not finding.fields.get("message", "").startswith(f"{problem.name}() "):
        return verdict
    return replace(verdict, finding=replace(finding, fields={**finding.fields, "signature": problem.signature}))


def _label(case: Case, public: bool) -> str:
    return case.label if public else ""


def _parts(problem: Function, number: int, value: Value, expected: Any, closeness: Closeness) -> list[Part]:
    """Each named output apart; a wrong number of outputs is one wrong part for each."""
    if isinstance(expected, Mapping):
        given = value if isinstance(value, Mapping) else {}
        return [
            Part(number, str(key), _one(given.get(key, _ABSENT), part, closeness)) for key, part in expected.items()
        ]
    if isinstance(expected, tuple):
        names = problem.parts or tuple(str(position + 1) for position in range(len(expected)))
        outputs = _outputs(value, len(expected))
        if outputs is None:
            finding = Finding("shape", "outputs", {"expected": str(len(expected))})
            return [Part(number, name, Agreement(False, finding)) for name in names]
        return [
            Part(number, name, compare(given, part, closeness))
            for name, given, part in zip(names, outputs, expected, strict=True)
        ]
    return [Part(number, "", compare(value, expected, closeness))]


_ABSENT = object()


def _one(given: Any, expected: Any, closeness: Closeness) -> Agreement:
    if given is _ABSENT:
        return Agreement(False, Finding("shape", "output-missing"))
    return compare(given, expected, closeness)


def _outputs(value: Value, count: int) -> Sequence[Value] | None:
    if isinstance(value, tuple | list) and len(value) == count:
        return value
    if isinstance(value, np.ndarray) and value.ndim >= 1 and len(value) == count:
        return list(value)
    return None


def _explained(problem: Function, verdict: Verdict, run: Run, options: CheckOptions) -> Verdict:
    """A convention or a declared mistake that gives the student's outputs on every case."""
    for convention in problem.conventions:
        if _same_outputs(problem, convention.answer, run):
            credit = max(options.credit_of(convention.id, convention.credit), verdict.credit)
            found = Finding(
                "convention", convention.id, {"id": convention.id}, convention.answer.__name__, convention.hint
            )
            return replace(verdict, status=status_of(credit), credit=credit, finding=found)
    for mistake in problem.mistakes:
        if _same_outputs(problem, mistake.answer, run):
            finding = Finding("mistake", mistake.id, {"id": mistake.id}, mistake.answer.__name__, mistake.hint)
            credit = max(mistake.credit, verdict.credit)
            status = Status.PARTIAL if credit else Status.INCORRECT
            return replace(verdict, status=status, credit=credit, finding=finding)
    known = verdict.finding is not None and verdict.finding.kind not in ("value", "shape")
    slip = None if known or not options.search else attempted(lambda: _diagnosed(problem, run, options))
    return verdict if slip is None else replace(verdict, finding=slip)


def _diagnosed(problem: Function, run: Run, options: CheckOptions) -> Finding | None:
    """A slip that leads to the student's values of one wrong output."""
    everything = {name: _values(problem, run, name) for name in _part_names(problem, run.cases[0].expected)}
    arguments = _arguments(problem, options)
    expected = {name: tuple(wanted for _, wanted in pairs) for name, pairs in everything.items()}
    for name, pairs in everything.items():
        given = tuple(value for value, _ in pairs)
        if all(_one(value, wanted, run.closeness).ok for value, wanted in pairs):
            continue
        others = {other: values for other, values in expected.items() if other != name}
        found = diagnose_function(
            Calls(
                problem.implementation,
                arguments,
                expected[name],
                given,
                run.closeness,
                part=partial(_part_of, problem, name),
                name=name,
                parameters=tuple(inspect.signature(problem.implementation).parameters),
                formulas=_formulas(problem, options.questions, options.keeper),
                others=others,
            )
        )
        if found is not None:
            return found
    return None


def _part_names(problem: Function, expected: Any) -> Sequence[str]:
    if isinstance(expected, Mapping):
        return tuple(map(str, expected))
    if isinstance(expected, tuple):
        return problem.parts or tuple(str(position + 1) for position in range(len(expected)))
    return ("",)


def _values(problem: Function, run: Run, name: str) -> list[tuple[Any, Any]]:
    """The student's and the right value of one output, on every case."""
    return [
        (_part_of(problem, name, output), _part_of(problem, name, item.expected))
        for item, output in zip(run.cases, run.outputs, strict=True)
    ]


def _part_of(problem: Function, name: str, output: Any) -> Any:
    """One output of what a function returned; absent where there is none of that name or place."""
    if not name:
        return output
    if isinstance(output, Mapping):
        return output.get(name, _ABSENT)
    place = problem.parts.index(name) if name in problem.parts else int(name) - 1
    listed = isinstance(output, tuple | list) or (isinstance(output, np.ndarray) and output.ndim > 0)
    return output[place] if listed and place < len(output) else _ABSENT


@lru_cache(maxsize=1024)
def _arguments(problem: Function, options: CheckOptions) -> tuple[tuple[Any, ...], ...]:
    """The arguments of every case, with the defaults of those that it leaves out."""
    found = []
    for item in prepared(problem, options):
        bound = inspect.signature(problem.implementation).bind(*item.case.args)
        bound.apply_defaults()
        found.append(tuple(bound.arguments.values()))
    return tuple(found)


@lru_cache(maxsize=1024)
def _formulas(
    problem: Function, questions: tuple[Problem, ...], keeper: Keeper | None
) -> tuple[DiagnosisCase, ...]:
    """The formula behind a function that counts, and those of the same question: slips are looked for in them."""
    near = [other for other in questions if near_by(problem, other)]
    found = [case_of(other, keeper) for other in near if isinstance(other, Formula)]
    found += [number_case(other, keeper) for other in near if isinstance(other, Number)]
    if problem.reference is not None:
        names = tuple(sorted(problem.symbols))
        kinds = domain(dict(problem.symbols), where=problem.where)
        written = [step.expression for step in problem.steps if step.expression is not None]
        topics = topics_of(problem) | {"number"}
        found.insert(
            0,
            DiagnosisCase(
                as_node(problem.reference), kinds, names, tuple(map(as_node, written)), topics, keeper=keeper
            ),
        )
    return tuple(found)


def _same_outputs(problem: Function, other: Callable[..., Any], run: Run) -> bool:
    for number, (item, given) in enumerate(zip(run.cases, run.outputs, strict=True)):
        try:
            wrong = other(*copy.deepcopy(item.case.args))
        except Exception:  # noqa: BLE001 - a wrong function may fail on some inputs: then it explains nothing
            return False
        if not all(part.agreement.ok for part in _parts(problem, number, given, wrong, run.closeness)):
            return False
    return True


def _verdict(judged: Sequence[Part], cases: Sequence[Prepared], *, mutated: bool, reading: str) -> Verdict:
    names = list(dict.fromkeys(part.name for part in judged))
    wrong = [part for part in judged if not part.agreement.ok]
    wrong_names = {part.name for part in wrong}
    if not wrong:
        finding = Finding("mutated_input", "mutated_input") if mutated else None
        return Verdict(Status.CORRECT, Fraction(1), reading, Tolerance(instances=len(cases)), finding)
    credit = Fraction(len(names) - len(wrong_names), len(names))
    first = min(wrong, key=lambda part: part.case)
    status = Status.PARTIAL if credit else Status.INCORRECT
    return Verdict(status, credit, reading, _evidence(first, len(cases)), _finding(first, cases, mutated=mutated))


def _evidence(part: Part, instances: int) -> Tolerance | NoEvidence:
    """Values only of the public case: those of a hidden one could carry the input out."""
    worst = part.agreement.worst
    if part.case == 0 and worst is not None:
        return Tolerance(worst.answer, worst.reference, worst.allowed, worst.entry, instances)
    return Tolerance(instances=instances) if worst is not None else NoEvidence()


def _finding(part: Part, cases: Sequence[Prepared], *, mutated: bool) -> Finding:
    """What is wrong with the first wrong output, in words that the hidden inputs cannot colour."""
    public = part.case == 0
    found = part.agreement.finding
    where = {"part": part.name, "case": _label(cases[part.case].case, public)}
    if found is None:
        code = "mutated-wrong" if mutated else ("value" if public else "value-hidden")
        return Finding("value", code, where)
    if public:
        return Finding(found.kind, found.code, dict(found.fields) | where)
    return Finding(found.kind, f"{found.code}-hidden", where)
