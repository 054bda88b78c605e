"""What a key is made of: sections with parts, parts with blocks.  Values only; a renderer writes them."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.render.key.pictures import Picture
from autograder.render.key.spans import Formula, Text

__all__ = [
    "Blank",
    "Block",
    "Box",
    "Display",
    "Document",
    "Figure",
    "Listing",
    "Paragraph",
    "Part",
    "Section",
    "Source",
    "Step",
    "Steps",
    "Table",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; role says how it looks: "", "given", "note"."""

    text: Text
    role: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on a line of its own, or an equality chain on several."""

    formula: Formula


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of Python."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A plain list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: words, then a chain of formulas."""

    text: Text
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered steps under a small heading."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a small heading; an empty column heading is allowed."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption."""

    picture: Picture
    caption: Text


@dataclass(frozen=True, slots=True)
class Box:
    """What is framed as the answer."""

    title: str
    blocks: tuple[Paragraph | Display | Source | Listing, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Room for an answer on a question sheet, in lines."""

    lines: int


Block = Paragraph | Display | Source | Listing | Steps | Table | Figure | Box | Blank


@dataclass(frozen=True, slots=True)
class Part:
    """One answer of an item: its name, what it is worth, what is asked, and the blocks."""

    name: str
    worth: str
    ask: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One item of the sheet."""

    id: str
    title: Text
    question: Text
    source: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole key.  lines: what stands under the title; running: what stands at the head of each page."""

    language: str
    title: str
    kind: str
    course: str
    lines: tuple[str, ...]
    digest: str
    note: str
    sections: tuple[Section, ...]
    sheet: bool
