"""A picture as SVG, in fixed colours for print or in a page's own colours."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from autograder.render.key.pictures import Label, Picture, Rect, Segment

__all__ = ["PAGE", "PRINT", "svg"]

PRINT: Mapping[str, str] = {
    "cell": "#f4f5f7", "tap": "#2f5d9b", "box": "#f4f5f7", "conv": "#e4edf8", "pool": "#f3ead8", "join": "#e3f1e6",
    "edge": "#8a93a3", "text": "#1c2430", "wire": "#8a93a3",
}  # fmt: skip
PAGE: Mapping[str, str] = {name: f"var(--pic-{name})" for name in PRINT}
MARGIN = 2


def svg(picture: Picture, colours: Mapping[str, str], font: str = "STIX Two Text") -> str:
    """The picture as one <svg> element.

    >>> svg(Picture(10, 10, (Rect(0, 0, 10, 10, "tap"),), "", ""), PRINT).count("<rect")
    1
    """
    width, height = picture.width + 2 * MARGIN, picture.height + 2 * MARGIN
    body = "".join(_shape(shape, colours, font) for shape in picture.shapes)
    said = f'role="img" aria-label="{escape(picture.caption)}"'
    size = f'width="{width:g}" height="{height:g}" viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {said} {size}>{body}</svg>'


def _shape(shape: Rect | Segment | Label, colours: Mapping[str, str], font: str) -> str:
    match shape:
        case Rect(x, y, width, height, kind):
            corner = 0 if kind in ("cell", "tap") else 4
            style = f"fill:{colours[kind]};stroke:{colours['edge']};stroke-width:.8"
            return (
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{corner}" style="{style}"/>'
            )
        case Segment(x1, y1, x2, y2, arrow):
            style = f"stroke:{colours['wire']};stroke-width:.8"
            line = f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" style="{style}"/>'
            return line + (_head(x2, y2, colours) if arrow else "")
        case Label(x, y, text, anchor, kind):
            size = {"small": 9, "strong": 10.5}.get(kind, 10)
            weight = 700 if kind == "strong" else 400
            style = f"fill:{colours['text']};font:{weight} {size}px '{font}',serif"
            plain = f'font-family="{font}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
            return f'<text x="{x:g}" y="{y:g}" {plain} direction="ltr" style="{style}">{escape(text)}</text>'


def _head(x: float, y: float, colours: Mapping[str, str]) -> str:
    """An arrow's head, pointing up."""
    return f'<path d="M{x - 3:g} {y + 5:g}L{x:g} {y:g}L{x + 3:g} {y + 5:g}z" style="fill:{colours["wire"]}"/>'
