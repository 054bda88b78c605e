"""Pictures as data, made from what a problem declares: shapes for vector graphics, and the same in characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.decide import rational
from autograder.expression import Node, substitute
from autograder.expression.markup import grouped
from autograder.layers import Concat, Conv
from autograder.problem import Costs, Kernel, Number, Problem, ReceptiveField
from autograder.problem.formula import as_node
from autograder.problem.number import number_facts
from autograder.problem.stages import Stage, branches
from autograder.render.key.labels import LABELS

__all__ = ["Label", "Picture", "Rect", "Segment", "picture_of"]

CELL = 16.0  # a cell's side, in points


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; kind is "cell", "tap", "box", "conv", "pool" or "join"."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A line; an arrow where it ends if `arrow`."""

    x1: float
    y1: float
    x2: float
    y2: float
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A text, always from left to right; anchor is "start", "middle" or "end"."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in points, a caption, and the same picture in characters."""

    width: float
    height: float
    shapes: tuple[Rect | Segment | Label, ...]
    caption: str
    drawing: str
    cells: tuple[tuple[str, ...], ...] = field(default=())


CAPTIONS: Mapping[str, Mapping[str, str]] = {
    "kernel": {
        "en": "Kernels of {sizes} taps with dilation {dilations} span {spans} cells along one axis.",
        "fa": "هسته‌های {sizes} با گسترش {dilations} در امتداد یک محور {spans} خانه را می‌پوشانند.",
    },
    "field": {
        "en": "The receptive field for {example}: from one output at the top down to {cells} cells of the input.",
        "fa": "میدان دریافت برای {example}: از یک خروجی در بالا تا {cells} خانهٔ ورودی در پایین.",
    },
    "rows": {"en": "output|after layer {number}|input", "fa": "خروجی|پس از لایهٔ {number}|ورودی"},
    "ends": {  # sizes run from left to right in a Persian label too
        "en": "input  {sizes}|concatenated  {sizes}",
        "fa": "ورودی  \u2066{sizes}\u2069|الحاق  \u2066{sizes}\u2069",
    },
    "module": {
        "en": "The module with the shape and the multiply-adds of every layer.",
        "fa": "ماژول با ابعاد خروجی و تعداد ضرب‌وجمع‌های هر لایه.",
    },
}


def picture_of(problem: Problem, language: str) -> Picture | None:
    """The picture that goes with an answer, or None."""
    match problem.working:
        case Kernel(examples=examples):
            return kernels(examples, language)
        case ReceptiveField(layers=layers, example=example) if example and len(layers) > 1:
            return receptive_field(layers, example, language)
        case Costs(layers=(Concat(),), count="macs") if isinstance(problem, Number):
            return module(problem.working, number_facts(problem).at, language)
        case _:
            return None


# --- a dilated kernel ---


def kernels(examples: Sequence[tuple[int, int]], language: str) -> Picture:
    """Grids side by side; the cells under a tap are filled.

    >>> print(kernels([(2, 2)], "en").drawing)
    ■ · ■
    · · ·
    ■ · ■
    """
    shapes: list[Rect | Segment | Label] = []
    grids = []
    spans = [(size - 1) * dilation + 1 for size, dilation in examples]
    height, left = max(spans) * CELL, 0.0
    for (size, dilation), span in zip(examples, spans, strict=True):
        taps = {tap * dilation for tap in range(size)}
        grid = [[row in taps and column in taps for column in range(span)] for row in range(span)]
        grids.append([" ".join("■" if tap else "·" for tap in row) for row in grid])
        top = height - span * CELL
        for row, cells in enumerate(grid):
            for column, tap in enumerate(cells):
                shapes.append(Rect(left + column * CELL, top + row * CELL, CELL, CELL, "tap" if tap else "cell"))
        shapes.append(Label(left + span * CELL / 2, height + 15, f"D = {dilation}: {span} × {span}"))
        left += span * CELL + 42
    listed = LABELS[language]["comma"].join
    caption = CAPTIONS["kernel"][language].format(
        sizes=listed(dict.fromkeys(f"{size}x{size}" for size, _ in examples)),
        dilations=listed(str(dilation) for _, dilation in examples),
        spans=listed(map(str, spans)),
    )
    return Picture(left - 42, height + 22, tuple(shapes), caption, _beside(grids))


def _beside(grids: Sequence[Sequence[str]]) -> str:
    rows = max(map(len, grids))
    padded = [[" " * len(grid[0])] * (rows - len(grid)) + list(grid) for grid in grids]
    return "\n".join("     ".join(parts).rstrip() for parts in zip(*padded, strict=True))


# --- a receptive field ---


def receptive_field(layers: Sequence[tuple[Any, Any, Any]], example: Mapping[str, int], language: str) -> Picture:
    """One output at the top; every row holds the cells that it depends on, joined to their taps."""
    at = {name: as_node(value) for name, value in example.items()}
    sizes = [tuple(_number(as_node(part), at) for part in layer) for layer in layers]
    rows = [[0]]
    for kernel, dilation, stride in reversed(sizes):
        rows.append(sorted({cell * stride + tap * dilation for cell in rows[-1] for tap in range(kernel)}))
    width = rows[-1][-1] + 1
    gap, left = 44.0, 84.0
    top, between, bottom = CAPTIONS["rows"][language].split("|")
    shapes: list[Rect | Segment | Label] = []
    middles = [(width - 1 - row[-1]) / 2 for row in rows]
    for number, row in enumerate(rows):
        y = number * gap
        if number + 1 < len(rows):
            kernel, dilation, stride = sizes[len(sizes) - 1 - number]
            for cell in row:
                for tap in range(kernel):
                    x1, x2 = middles[number] + cell, middles[number + 1] + cell * stride + tap * dilation
                    shapes.append(
                        Segment(left + x1 * CELL + CELL / 2, y + CELL, left + x2 * CELL + CELL / 2, y + gap)
                    )
        for cell in range(row[-1] + 1):
            kind = "tap" if cell in row else "cell"
            shapes.append(Rect(left + (middles[number] + cell) * CELL, y, CELL, CELL, kind))
        name = between.format(number=len(sizes) - number) if number else top
        name = bottom if number == len(sizes) else name
        shapes.append(Label(left - 10, y + CELL - 4, name, "end"))
    caption = CAPTIONS["field"][language].format(
        example=LABELS[language]["comma"].join(f"{name} = {value}" for name, value in example.items()), cells=width
    )
    drawn = [
        " " * (2 * round(middle)) + " ".join("■" if cell in row else "·" for cell in range(row[-1] + 1))
        for middle, row in zip(middles, rows, strict=True)
    ]
    return Picture(left + width * CELL, (len(rows) - 1) * gap + CELL + 2, tuple(shapes), caption, "\n".join(drawn))


def _number(node: Node, at: Mapping[str, Node]) -> int:
    value = rational(substitute(node, at))
    assert value is not None
    return int(value)


# --- a module with branches ---


def module(working: Costs, at: Mapping[str, Node], language: str) -> Picture:
    """Branches side by side from the input at the bottom to the concatenation at the top."""
    columns = branches(working)
    entry, exit_ = CAPTIONS["ends"][language].split("|")
    wide, high, gap, rise = 132.0, 46.0, 16.0, 26.0
    depth = max(map(len, columns))
    width = len(columns) * wide + (len(columns) - 1) * gap
    bottom = 34 + rise + depth * (high + rise)
    shapes: list[Rect | Segment | Label] = [
        Rect(0, 0, width, 34, "join"),
        Rect(0, bottom, width, 34, "box"),
        Label(width / 2, bottom + 21, entry.format(sizes=_sizes(columns[0][0].before, at)), kind="strong"),
    ]
    channels = 0
    rows = []
    for number, stages in enumerate(columns):
        x = number * (wide + gap)
        channels += _number(as_node(stages[-1].after.channels), at)
        below = bottom
        for place, stage in enumerate(stages):
            y = bottom - rise - high - place * (high + rise)
            shapes.append(Segment(x + wide / 2, below, x + wide / 2, y + high, arrow=True))
            shapes += _layer(stage, x, y, wide, high, at)
            below = y
            rows.append((str(number + 1), *_said(stage, at)))
        shapes.append(Segment(x + wide / 2, below, x + wide / 2, 34, arrow=True))
    sizes = [_number(as_node(size), at) for size in columns[0][-1].after.sizes]
    whole = " × ".join(map(str, [*sizes, channels]))
    shapes.append(Label(width / 2, 21, exit_.format(sizes=whole), kind="strong"))
    drawing = "\n".join("  ".join(row) for row in rows)
    return Picture(width, bottom + 34, tuple(shapes), CAPTIONS["module"][language], drawing, tuple(rows))


def _said(stage: Stage, at: Mapping[str, Node]) -> tuple[str, str, str]:
    """A layer's name, the shape that comes out, its multiply-adds."""
    window = " × ".join(str(size) for size in stage.kernel)
    name = f"conv {window}" if isinstance(stage.layer, Conv) else f"max pool {window}"
    factors = [*stage.places(), *stage.weights()] if stage.weights() else []
    cost = 1
    for factor in factors:
        cost *= _number(factor, at)
    return name, _sizes(stage.after, at), grouped(str(cost)) if factors else "0"


def _layer(stage: Stage, x: float, y: float, wide: float, high: float, at: Mapping[str, Node]) -> list[Any]:
    name, shape, cost = _said(stage, at)
    middle = x + wide / 2
    return [
        Rect(x, y, wide, high, "conv" if isinstance(stage.layer, Conv) else "pool"),
        Label(middle, y + 14, name, kind="strong"),
        Label(middle, y + 27, shape),
        Label(middle, y + 40, f"{cost} MACs" if cost != "0" else "no MACs", kind="small"),
    ]


def _sizes(state: Any, at: Mapping[str, Node]) -> str:
    return " × ".join(str(_number(as_node(size), at)) for size in (*state.sizes, state.channels))
