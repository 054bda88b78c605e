"""Slips in the layers behind a receptive field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.diagnose.edits import Edit
from autograder.diagnose.trees import ONE, added, multiplied, negated
from autograder.problem.nodes import as_node
from autograder.problem.stages import field_terms
from autograder.problem.working import ReceptiveField

__all__ = ["field_slips"]


def field_slips(working: ReceptiveField) -> tuple[Edit, ...]:
    """What the layers give once something about them is misunderstood.

    >>> from autograder.expression import to_text
    >>> slips = field_slips(ReceptiveField((("k", 1, 1), ("k", "d", 1))))
    >>> [(edit.code, to_text(edit.tree)) for edit in slips][:2]
    [('layer-skipped', '(k - 1)*d + 1'), ('layer-skipped', '(k - 1) + 1')]
    """
    return tuple(_slips(working))


def _slips(working: ReceptiveField) -> Iterator[Edit]:
    layers = working.layers
    for place in range(len(layers)) if len(layers) > 1 else ():
        rest = (*layers[:place], *layers[place + 1 :])
        yield Edit("layer-skipped", added([*field_terms(replace(working, layers=rest)), ONE]))
        alone = replace(working, layers=(layers[place],))
        yield Edit("layer-skipped", added([*field_terms(alone), ONE]))
    plain = tuple((kernel, 1, stride) for kernel, _, stride in layers)
    yield Edit("dilation-ignored", added([*field_terms(replace(working, layers=plain)), ONE]))
    if len(layers) > 1:
        spans = [added([term, ONE]) for term in field_terms(working)]
        yield Edit("sum-for-product", multiplied(spans))
        covered = [multiplied([as_node(kernel), as_node(dilation)]) for kernel, dilation, _ in layers]
        joints = as_node(len(layers) - 1)
        yield Edit("off-by-one", added([*covered, negated(joints)]))
        yield Edit("off-by-one", added(covered))
