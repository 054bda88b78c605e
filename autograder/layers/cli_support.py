"""What `autograder layers` prints: a table for people, plain data for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from autograder.layers.cost import Cost
from autograder.layers.exact import Size, is_unknown
from autograder.layers.graph_file import read_graph
from autograder.layers.network import Network, Row

__all__ = ["load_graph", "table", "to_json"]

WIDTH = 100
HEADS = ("layer", "op", "shape", "weights", "biases", "norm", "macs", "rf", "stride", "pad")
NARROW = 12


def load_graph(text: str, file: str, settings: Mapping[str, int | str]) -> Network:
    """The network in a graph file's text.  Raises ConfigError for anything that is none."""
    return read_graph(text, file, settings)


def to_json(network: Network) -> dict[str, Any]:
    """The network as plain data: ints, strings for what rests on symbols, null for what nobody knows.

    >>> net = load_graph('{"input": [1, "W"], "graph": [{"op": "conv", "out": 4, "k": 3}]}', "f", {})
    >>> to_json(net)["output"], to_json(net)["totals"]["weights"], to_json(net)["layers"][0]["rf"]
    ([4, 'W - 2'], 12, [3])
    """
    return {
        "input": _list(network.input),
        "output": _list(network.output),
        "totals": _counts(network.totals) | {"flops": _value(network.totals.flops)},
        "aux": _counts(network.aux),
        "layers": [_row(row) for row in network.rows],
    }


def _counts(cost: Cost) -> dict[str, Any]:
    return {
        "weights": _value(cost.weights),
        "biases": _value(cost.biases),
        "norm": _value(cost.norm),
        "params": _value(cost.params),
        "params_total": _value(cost.params_total),
        "connections": _value(cost.connections),
        "macs": _value(cost.macs),
    }


def _row(row: Row) -> dict[str, Any]:
    data = {
        "name": row.name,
        "op": row.op,
        "shape": _list(row.shape),
        "weights": _value(row.cost.weights),
        "biases": _value(row.cost.biases),
        "norm": _value(row.cost.norm),
        "macs": _value(row.cost.macs),
        "rf": _list(row.rf),
        "stride": _list(row.stride),
        "padding": _list(row.padding),
    }
    return data | {flag: True for flag in ("aux", "shared") if getattr(row, flag)}


def _list(sizes: Sequence[Size]) -> list[int | str | None]:
    return [_value(size) for size in sizes]


def _value(size: Size) -> int | str | None:
    if isinstance(size, int):
        return size
    return None if is_unknown(size) else str(size)


# --- the table ---


def table(network: Network) -> str:
    """The network as a table of at most 100 columns; what does not fit a column stands below it.

    >>> print(table(load_graph('{"input": [1, 8], "graph": [{"op": "conv", "out": 4, "k": 3}]}', "f", {})))
    input  1x8
    layer  op    shape  weights  biases  norm  macs  rf  stride  pad
    ----------------------------------------------------------------
           conv  4x6         12       4     .    72   3       1    0
    ----------------------------------------------------------------
    total        4x6         12       4     .    72   3       1    0
    <BLANKLINE>
    parameters  16 trainable
    work        72 multiply-adds, 144 operations (two for each)
    """
    last = Row("total", "", network.output, network.views, network.totals)
    texts = [HEADS, *(_cells(row) for row in (*network.rows, last))]
    limits, gap = _limits([max(len(line[i]) for line in texts) for i in range(len(HEADS))])
    notes: dict[str, str] = {}
    heads, *rows, total = [_fitted(line, limits, notes) for line in texts]
    widths = [max(len(line[i]) for line in (heads, *rows, total)) for i in range(len(HEADS))]
    rule = "-" * (sum(widths) + len(gap) * (len(widths) - 1))
    lines = [*_wrapped("input  " + _sizes(network.input)), _line(heads, widths, gap), rule]
    lines += [_line(row, widths, gap) for row in rows]
    lines += [rule, _line(total, widths, gap), ""]
    lines += [part for line in _summary(network) for part in _wrapped(line)]
    if notes:
        lines += ["", *(part for text, mark in notes.items() for part in _wrapped(f"{mark} = {text}"))]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent="    ", drop_whitespace=False)


def _limits(natural: Sequence[int]) -> tuple[list[int], str]:
    """How wide each column may be and what stands between two, so that all fit.

    The space between columns gives way first, then names, then whichever column is widest.
    """
    limits = list(natural)
    gaps = len(limits) - 1
    if sum(limits) + 2 * gaps <= WIDTH:
        return limits, "  "
    while sum(limits) + gaps > WIDTH:
        give = 0 if limits[0] > NARROW else max(range(len(limits)), key=limits.__getitem__)
        limits[give] -= 1
    return limits, " "


def _line(cells: Sequence[str], widths: Sequence[int], gap: str) -> str:
    texts = (
        cell.ljust(width) if i < 3 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return gap.join(texts).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    marks = "*" if row.aux else "=" if row.shared else ""
    return (
        "  " * min(row.depth, 3) + (row.name or ""),
        row.op + marks,
        _sizes(row.shape),
        *(_count(value) for value in (row.cost.weights, row.cost.biases, row.cost.norm, row.cost.macs)),
        *(_axes(values) for values in (row.rf, row.stride, row.padding)),
    )


def _fitted(cells: Sequence[str], limits: Sequence[int], notes: dict[str, str]) -> tuple[str, ...]:
    """The cells, cut (names) or replaced by a mark that refers to a note below the table (all others)."""
    fitted = []
    for i, (text, limit) in enumerate(zip(cells, limits, strict=True)):
        if len(text) <= limit:
            fitted.append(text)
        elif i == 0:
            fitted.append(text[: limit - 1] + "~")
        else:
            fitted.append(notes.setdefault(text, f"[{len(notes) + 1}]"))
    return tuple(fitted)


def _count(size: Size) -> str:
    if isinstance(size, int):
        return f"{size:,}" if size else "."
    return "?" if is_unknown(size) else str(size)


def _sizes(sizes: Sequence[Size]) -> str:
    texts = ["?" if is_unknown(size) else str(size) for size in sizes]
    between = "x" if all(text.isdigit() for text in texts) else " x "
    return between.join(f"({text})" if " " in text else text for text in texts)


def _axes(values: Sequence[Size]) -> str:
    """One number if all axes agree."""
    texts = ["?" if is_unknown(value) else str(value) for value in values]
    return (texts[0] if len(set(texts)) == 1 else ",".join(texts)) if texts else ""


def _summary(network: Network) -> list[str]:
    total = network.totals
    kept = f" (and {_count(total.stats)} running statistics)" if total.stats != 0 else ""
    lines = [
        f"parameters  {_count(total.params)} trainable{kept}",
        f"work        {_count(total.macs)} multiply-adds, {_count(total.flops)} operations (two for each)",
    ]
    if any(row.aux for row in network.rows):
        lines.append(f"side heads  {_count(network.aux.params)} parameters, marked *, not in the total")
    if any(row.shared for row in network.rows):
        lines.append("shared      layers marked = were counted where they occur first")
    return lines
