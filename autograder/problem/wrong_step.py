"""Why the first wrong step of a derivation is wrong: what its author foresaw, a line skipped, or a slip."""

from __future__ import annotations

from dataclasses import replace

from autograder.diagnose import Case, attempted, diagnose, diagnose_line
from autograder.errors import AnswerError
from autograder.expression import Node, canonical, parse, to_text
from autograder.problem.checkpoints import checkpoint_case, equal, reaches, rewrites
from autograder.problem.declare import Mistake
from autograder.problem.formula import declared_node, names_of
from autograder.problem.kinds import Derivation
from autograder.problem.options import CheckOptions
from autograder.verdict import Finding

__all__ = ["cause_of", "declared_mistake", "said_of"]

DOUBLE = frozenset({"two-edits", "same-slip-twice"})


def declared_mistake(problem: Derivation, step: Node, at: int, options: CheckOptions) -> Mistake | None:
    """The mistake of the checkpoint that comes next, if the step is one."""
    wrong = problem.checkpoints[at].mistakes if at < len(problem.checkpoints) else ()
    return next((one for one in wrong if equal(problem, step, declared_node(one), options)), None)


def said_of(mistake: Mistake) -> Finding:
    """What is said of a declared mistake."""
    return Finding("mistake", mistake.id, {"id": mistake.id}, to_text(declared_node(mistake)), mistake.hint)


def cause_of(
    problem: Derivation, step: Node, before: Node | None, at: int, options: CheckOptions
) -> Finding | None:
    """What leads to a wrong step, each proved: a line that belongs elsewhere, or the simplest slip.

    before: the line that it does not follow from.  at: the place of the checkpoint that comes next.
    """
    return attempted(lambda: _elsewhere(problem, step, at, options)) or _slip(problem, step, before, at, options)


def _elsewhere(problem: Derivation, step: Node, at: int, options: CheckOptions) -> Finding | None:
    """A checkpoint that comes later, or one that was passed before."""
    for place, checkpoint in enumerate(problem.checkpoints):
        if place == at or not reaches(problem, step, checkpoint, options):
            continue
        if place > at:
            return Finding("step", "line-skipped", formula=to_text(step))
        return Finding("step", "line-again", formula=to_text(step))
    return None


def _slip(problem: Derivation, step: Node, before: Node | None, at: int, options: CheckOptions) -> Finding | None:
    """The slip in what should stand here or in the line before: the one that shows in the step as it is written,
    else one slip rather than two."""
    arrived = at == len(problem.checkpoints)
    case, secret = checkpoint_case(problem, at - arrived, options.keeper), options.secret

    def ahead() -> Finding | None:
        return None if arrived else diagnose(step, case, secret=secret)

    def behind() -> Finding | None:
        found = None if before is None else diagnose_line(step, before, case, secret)
        return found and replace(found, fields={**found.fields, "beside": "line"})

    found: list[Finding] = []
    for search in (behind, ahead) if rewrites(problem, at, options) else (ahead, behind):
        one = attempted(search)
        if one is not None and _shows(problem, one, step):
            return one
        found += [] if one is None else [one]
    best = next((one for one in found if one.code not in DOUBLE), None)
    return best or _in_part(step, case, secret, tried=arrived) or next(iter(found), None)


def _in_part(step: Node, case: Case, secret: bytes, *, tried: bool) -> Finding | None:
    """A slip in the one part of what should stand here in which the step differs, such as one index for another."""
    return None if tried else attempted(lambda: diagnose_line(step, case.reference, case, secret, anywhere=False))


def _shows(problem: Derivation, found: Finding, step: Node) -> bool:
    """Whether the step is written as the slip leaves it, up to the order of terms."""
    try:
        return canonical(parse(found.formula, names_of(problem))) == canonical(step)
    except AnswerError:  # an index of ours that no student may write
        return False
