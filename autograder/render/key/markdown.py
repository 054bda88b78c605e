"""A key as Markdown that GitHub renders: mathematics between dollars, pictures in characters, one file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.expression import Node, to_latex
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

__all__ = ["markdown"]

MARKUP = re.compile(r"([\\`*_\[\]<>|$])")
SIGNS = {"≈": "\\approx", "×": "\\times", "!=": "\\ne", "<=": "\\le", ">=": "\\ge", "<": "\\lt", ">": "\\gt"}
LONGEST_LINE = 46


def markdown(document: Document) -> str:
    """The whole key as one Markdown text; Persian in a block that runs from right to left."""
    writer = Writer(document.language)
    text = "\n\n".join([writer.front(document), *map(writer.section, document.sections)]) + "\n"
    return f'<div dir="rtl">\n\n{text}\n</div>\n' if document.language == "fa" else text


class Writer:
    """Writes blocks in one language.

    protected: where `\\\\` would lose a stroke inside of dollars, as on GitHub, backquotes are put around it too.
    """

    def __init__(self, language: str, *, protected: bool = True) -> None:
        self.protected = protected
        self.words = FORMULA_WORDS[language]
        self.labels = LABELS[language]

    def front(self, document: Document) -> str:
        """Title, course, version and digest."""
        lines = [part for part in (document.course, *document.lines) if part]
        told = "  \n".join(MARKUP.sub(r"\\\1", line) for line in lines)
        return "\n\n".join(part for part in (f"# {document.title}: {document.kind}", told, document.note) if part)

    def section(self, section: Section) -> str:
        """One item with its answers."""
        blocks = [f"## {section.id} {self.text(section.title)}", self.text(section.question)]
        if section.source:
            blocks.append(f"*{self.labels['source']}: {MARKUP.sub(chr(92) + chr(92) + '1', section.source)}*")
        return "\n\n".join([*blocks, *map(self.part, section.parts)])

    def part(self, part: Part) -> str:
        """One answer."""
        worth = f" ({part.worth})" if part.worth else ""
        blocks = [text for block in part.blocks for text in self.block(block) if text]
        return "\n\n".join([f"### `{part.name}`{worth}", self.text(part.ask), *blocks])

    def block(self, block: Block) -> Iterator[str]:
        """A block as paragraphs of Markdown."""
        match block:
            case Paragraph(text, _, label):
                yield (f"{label}: " if label else "") + self.text(text)
            case Display(formula):
                yield self.display(formula)
            case Source(text):
                yield f"```python\n{text}\n```"
            case Listing(items):
                yield "\n".join(f"- {self.text(item)}" for item in items)
            case Steps(title, steps):
                yield f"**{title}**"
                for number, step in enumerate(steps, start=1):
                    yield f"{number}. {self.text(step.text)}"
                    if step.formula:
                        yield _indented(self.display(step.formula))
            case Table():
                yield from self.table(block)
            case Figure(picture, caption):
                yield f"```text\n{picture.drawing}\n```"
                yield f"*{self.text(caption)}*"
            case Box(title, blocks):
                yield f"**{title}**"
                for inner in blocks:
                    yield from self.block(inner)
            case Blank(lines):
                yield "\n".join(["> &nbsp;"] * lines)

    def table(self, table: Table) -> Iterator[str]:
        """A table, or a list where a formula needs several lines."""
        yield f"**{table.title}**"
        head = table.head if any(table.head) else ("",) * len(table.rows[0])
        rows = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        for row in table.rows:
            rows.append("| " + " | ".join(self.text(cell, cell=True) for cell in row) + " |")
        yield "\n".join(rows)

    # --- text and formulas ---

    def text(self, text: Text, *, cell: bool = False) -> str:
        """A sentence."""
        return "".join(self.span(span, cell) for span in text)

    def span(self, span: str | Formula | Code | Foreign, cell: bool = False) -> str:
        """One span."""
        match span:
            case Formula():
                row = self.chain(span, inline=not cell)
                row = row.replace("|", "\\vert ") if cell else row
                return f"$`{row}`$" if self.protected and "\\\\" in row else f"${row}$"
            case Code(text):
                return f"`{text}`"
            case Foreign(text):
                return f'<bdi dir="ltr">{MARKUP.sub(chr(92) + chr(92) + "1", text)}</bdi>'
            case _:
                return MARKUP.sub(r"\\\1", span)

    def chain(self, formula: Formula, *, inline: bool) -> str:
        """Parts and signs in a row."""
        row = self.node(formula.parts[0], formula, inline=inline)
        for sign, part in zip(formula.all_signs, formula.parts[1:], strict=True):
            row += f" {SIGNS.get(sign, sign)} {self.node(part, formula, inline=inline)}"
        return row

    def node(self, node: Node, formula: Formula, *, inline: bool) -> str:
        """One tree; a sum beside a cross keeps its brackets."""
        text = to_latex(node, self.words, inline=inline)
        return f"({text})" if formula.bracketed(node) else text

    def display(self, formula: Formula) -> str:
        """A chain on one line if it is short, else each part on its own line."""
        if len(formula.parts) == 1 or formula.size() <= LONGEST_LINE:
            row = self.chain(formula, inline=False)
            return f"$$\n{row}\n$$" if "\\\\" in row else f"$${row}$$"
        first = self.node(formula.parts[0], formula, inline=False)
        later = " \\\\ ".join(
            f"&{SIGNS.get(sign, sign)} {self.node(part, formula, inline=False)}"
            for sign, part in zip(formula.all_signs, formula.parts[1:], strict=True)
        )
        return f"$$\n\\begin{{aligned}} {first} {later} \\end{{aligned}}\n$$"


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.splitlines())
