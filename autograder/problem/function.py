"""Checking a NumPy function: call it on inputs that it has never seen, and compare each output.

The expected outputs are computed before the first call.  Only the first case is public: once a hidden input has
been sent, nothing that the student's function returned or raised is shown, since it could carry that input out.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from autograder.answer import Answer, CallOutcome, Died, FunctionValue, Opaque, Raised, Returned, TimedOut, Value
from autograder.arrays import Closeness, compare
from autograder.problem.declare import Case
from autograder.problem.explaining import explained
from autograder.problem.kinds import Function
from autograder.problem.options import CheckOptions
from autograder.problem.outcomes import Part, Prepared, Run, listed, parts_of, prepared
from autograder.problem.reading import blank, is_blank, type_name
from autograder.verdict import Finding, NoEvidence, Status, Tolerance, Verdict

__all__ = ["check_function", "prepared"]

# an exception's name may be shown for a hidden input only if the student could not have made it up
BUILTIN_ERRORS = frozenset(
    {"AttributeError", "IndexError", "KeyError", "NameError", "TypeError", "UnboundLocalError", "ValueError"}
    | {"ZeroDivisionError", "RecursionError", "MemoryError", "OverflowError", "NotImplementedError"}
)


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
    mutated: set[int] = set()
    cases = prepared(problem, options)
    for number, item in enumerate(cases):
        outcome = answer.call(copy.deepcopy(item.case.args))
        if not isinstance(outcome, Returned):
            return _with_signature(_stopped(outcome, number, item.case, reading), problem)
        if number == 0 and is_blank(outcome.value):
            return _returned_nothing(outcome.value, reading)
        mutated.update(outcome.mutated)
        outputs.append(outcome.value)
        judged += parts_of(problem, number, outcome.value, item.expected, closeness)
    verdict = _verdict(judged, cases, mutated=bool(mutated), reading=reading)
    if verdict.status is Status.CORRECT:
        return verdict
    run = Run(cases, tuple(outputs), closeness, frozenset(mutated))
    counted = _with_followed(problem, verdict, judged, run, options)
    return _at_the_same_case(explained(problem, counted, run, options), counted)


def _at_the_same_case(found: Verdict, counted: Verdict) -> Verdict:
    """An explanation keeps what was called, a shape that is not right, and which outputs follow from others."""
    if found.finding is None or counted.finding is None or found.finding is counted.finding:
        return found
    kept = {name: text for name, text in counted.finding.fields.items() if name in ("case", "followed_outputs")}
    if counted.finding.code == "shape" and found.finding.kind == "edit":
        kept |= {name: counted.finding.fields[name] for name in ("answer", "key_shape")}
    return replace(found, finding=replace(found.finding, fields={**kept, **found.finding.fields}))


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
        outputs = listed(value, len(problem.parts))
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
        return replace(worst, instances=instances)
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
