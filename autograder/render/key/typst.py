"""A key as a Typst document, from which a PDF is made: Persian from right to left, formulas from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.expression import Node, to_text, to_typst
from autograder.render.key.blocks import (
    Blank,
    Block,
    Box,
    Display,
    Document,
    Figure,
    Listing,
    Paragraph,
    Part,
    Section,
    Source,
    Steps,
    Table,
)
from autograder.render.key.labels import FORMULA_WORDS, LABELS
from autograder.render.key.spans import Code, Foreign, Formula, Text
from autograder.render.key.svg import PRINT, svg

__all__ = ["typst_source"]

LONGEST_LINE = 46  # characters of a chain that may stand on one line
MOST_LINES = 30  # of code that is kept on one page
WIDE = 70  # characters of a formula that may have to be scaled down
LEFT_TO_RIGHT, POP = "\u2066", "\u2069"
SIGNS = {"=": "=", "≈": "approx", "×": "times", "!=": "!=", "<=": "<=", ">=": ">=", "<": "<", ">": ">"}


def typst_source(document: Document, template: str) -> str:
    """The whole document as Typst.  template: key.typ, which holds the layout."""
    writer = Writer(document.language)
    head = writer.setup(document)
    body = "\n".join(writer.section(section) for section in document.sections)
    return f"{head}\n{template}\n{writer.front(document)}\n{body}\n"


def string(text: str) -> str:
    """A Typst string literal.

    >>> print(string('say "x"'))
    "say \\"x\\""
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class Writer:
    """Writes blocks in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = FORMULA_WORDS[language]
        self.labels = LABELS[language]

    # --- the page ---

    def setup(self, document: Document) -> str:
        """Language, fonts, page, running header and footer."""
        persian = self.language == "fa"
        fonts = '("Vazirmatn", "STIX Two Text")' if persian else '("STIX Two Text", "Vazirmatn")'
        pattern = "۱" if persian else "1"
        running = string(" · ".join(part for part in (document.course, document.title) if part))
        version = string(" · ".join(line for line in document.lines[1:]))
        return f"""#let persian = {"true" if persian else "false"}
#let number-pattern = "{pattern}"
#set document(title: {string(f"{document.title}: {document.kind}")}, author: {string(document.course)}, date: none)
#set text(lang: "{self.language}", font: {fonts}, size: {9.6 if persian else 10.4}pt, fill: rgb("#1c2430"))
#set page(paper: "a4", margin: (x: 2.2cm, top: 2.3cm, bottom: 2.1cm), numbering: "{pattern}",
  header: context {{ set text(size: 0.8em, fill: rgb("#5b6675"))
    grid(columns: (1fr, auto), {running}, {string(document.kind)})
    v(-0.6em)
    line(length: 100%, stroke: 0.4pt + rgb("#cdd5e0")) }},
  footer: context {{ set text(size: 0.8em, fill: rgb("#5b6675"))
    grid(columns: (1fr, auto), {version},
      numbering("{pattern} / {pattern}", counter(page).get().first(), counter(page).final().first())) }})
#set par(justify: false, leading: {0.72 if persian else 0.62}em, spacing: 0.9em)
#show math.equation: set text(font: ("STIX Two Math", "Vazirmatn"), dir: ltr, size: {1.06 if persian else 1}em)
#show math.equation.where(block: true): set align({"right" if persian else "left"})
#show raw: set text(font: ("DejaVu Sans Mono", "Vazirmatn"), size: 0.92em, dir: ltr)
#set math.equation(numbering: none)
#show heading.where(level: 1): it => block(above: 2em, below: 0.8em, sticky: true, width: 100%,
  text(size: 1.06em, weight: "bold", fill: rgb("#1f4e8c"), it.body))"""

    def front(self, document: Document) -> str:
        """The title block, and a table of contents where there is much to find."""
        contents = string(self.labels["contents"] if len(document.sections) > 4 else "")
        fields = [string(self.labels["name"]), string(self.labels["student"])] if document.sheet else []
        lines = _array(map(string, document.lines))
        entries = _array(
            _array([string(_anchor(one)), string(one.id), self.text(one.title)]) for one in document.sections
        )
        parts = (document.course, document.title, document.kind)
        told = [", ".join(map(string, parts)), lines, string(document.note), contents, entries, _array(fields)]
        return f"#front({', '.join(told)})"

    # --- sections ---

    def section(self, section: Section) -> str:
        """One item with its answers."""
        label = string(self.labels["source"])
        parts = [
            string(_anchor(section)),
            string(section.id),
            self.text(section.title),
            self.text(section.question),
        ]
        head = f"#section({', '.join([*parts, string(section.source), label])})"
        return "\n".join([head, *map(self.part, section.parts)])

    def part(self, part: Part) -> str:
        """One answer."""
        head = f"#part({string(part.name)}, {string(part.worth)}, {self.text(part.ask)})"
        return "\n".join([head, *("#" + self.block(block) for block in part.blocks)])

    def block(self, block: Block) -> str:
        """One block as a Typst expression."""
        match block:
            case Paragraph(text, "given", label):
                return f"given({string(label)}, {self.text(text)})"
            case Paragraph(text, "note"):
                return f"note({self.text(text)})"
            case Paragraph(text):
                return f"block({self.text(text)})"
            case Display(formula):
                return self.display(formula)
            case Source(text):
                return f"source-code({string(text)})"
            case Listing(items):
                return f"bullets({', '.join(map(self.text, items))})"
            case Steps(title, entries):
                shown = [
                    f"[{self.inside(step.text)} {'#' + self.display(step.formula) if step.formula else ''}]"
                    for step in entries
                ]
                return f"steps({string(title)}, {', '.join(shown)})"
            case Table():
                return self.table(block)
            case Figure(picture, caption):
                wide = f"{picture.width + 4:g}pt"
                return f"picture({string(svg(picture, PRINT, self.labels['font']))}, {wide}, {self.text(caption)})"
            case Box(title, blocks):
                breakable = "true" if any(isinstance(one, Source) and _tall(one) for one in blocks) else "false"
                stacked = "true" if len(blocks) > 1 or isinstance(blocks[0], Source) else "false"
                return f"answer({string(title)}, {breakable}, {stacked}, {', '.join(map(self.block, blocks))})"
            case Blank(lines):
                return f"room({lines})"

    def table(self, table: Table) -> str:
        """Columns share the width by what they hold; a column of formulas is as wide as they are."""
        longest = max((self.length(cell) for row in table.rows for cell in row), default=0)
        share = 22 if longest <= 12 else 34 if longest <= 24 else 46
        if table.kind == "mistakes":
            columns = f"({share}%, 1fr)" if len(table.head) == 2 else "(1fr,)"
        else:
            columns = "(auto, 1fr)" if table.kind == "rubric" else f"(1fr, {share}%, auto)"
        head = _array(string(cell) for cell in table.head) if any(table.head) else "()"
        cells = ", ".join(self.cell(cell) for row in table.rows for cell in row)
        return f"grid-table({string(table.title)}, {columns}, {head}, {cells})"

    @staticmethod
    def length(text: Text) -> int:
        """How many characters the formula of a cell has; 0 for prose."""
        return sum(len(to_text(part)) for span in text if isinstance(span, Formula) for part in span.parts) * (
            len(text) == 1
        )

    def cell(self, text: Text) -> str:
        """A cell; a chain of formulas in it may break before its sign."""
        if len(text) == 1 and isinstance(text[0], Formula):
            return f"[#{self.display(text[0], cell=True)}]"
        return self.text(text)

    # --- text and formulas ---

    def text(self, text: Text) -> str:
        """A sentence as content."""
        return f"[{self.inside(text)}]"

    def inside(self, text: Text) -> str:
        """A sentence in markup: strings, so that nothing in it is markup by accident, and formulas."""
        return "".join(map(self.span, text))

    def span(self, span: str | Formula | Code | Foreign) -> str:
        """One span."""
        match span:
            case Formula():
                return f"#m(${self.maths(span, inline=True)}$);"
            case Code(text):
                return f"#code({string(text)});"
            case Foreign(text):
                return f"#{string(LEFT_TO_RIGHT + text + POP)};"
            case _:
                return f"#{string(self.prose(span))};"

    def prose(self, text: str) -> str:
        """Brackets and colons of a Persian sentence stay Persian beside Latin words."""
        return re.sub(r"([()]|(?<=[A-Za-z]):)", "\u200f\\1\u200f", text) if self.language == "fa" else text

    def display(self, formula: Formula, *, cell: bool = False) -> str:
        """A chain on one line if it is short, else each part on its own line, aligned at the signs."""
        texts = [to_text(part) for part in formula.parts]
        longest = 30 if cell else LONGEST_LINE
        if len(formula.parts) > 1 and sum(map(len, texts)) > longest:
            first = self.node(formula.parts[0])
            signs = formula.all_signs
            later = " \\ ".join(
                f"&{SIGNS[sign]} {self.node(part)}" for sign, part in zip(signs, formula.parts[1:], strict=True)
            )
            lead = " \\ " if len(texts[0]) > longest // 2 else " "
            maths = f"{first}{lead}{later}" if lead == " " else f"&{first}{lead}{later}"
        else:
            maths = self.maths(formula)
        body = f"$ {maths} $"
        wide = max(map(len, texts)) > (24 if cell else WIDE)
        return f"{'inline-display' if cell else 'display'}({f'fit({body})' if wide else body})"

    def maths(self, formula: Formula, *, inline: bool = False) -> str:
        """Parts and signs in mathematics mode."""
        parts = [self.node(formula.parts[0], formula, inline=inline)]
        for sign, part in zip(formula.all_signs, formula.parts[1:], strict=True):
            parts += [SIGNS[sign], self.node(part, formula, inline=inline)]
        return " ".join(parts)

    def node(self, node: Node, formula: Formula | None = None, *, inline: bool = False) -> str:
        """One tree; a sum beside a cross keeps its brackets."""
        text = to_typst(node, self.words, inline=inline)
        return f"({text})" if formula is not None and formula.bracketed(node) else text


def _tall(source: Source) -> bool:
    return source.text.count("\n") > MOST_LINES


def _anchor(section: Section) -> str:
    return f"item-{section.id}"


def _array(items: Iterable[str]) -> str:
    listed = list(items)
    return f"({', '.join(listed)}{',' if len(listed) == 1 else ''})"
