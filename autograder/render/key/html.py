"""A key as one self-contained page: MathML, pictures and fonts inside, no script, light and dark, good in print."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from html import escape

from autograder.expression import Node, to_text
from autograder.expression.markup import mathml_row
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
from autograder.render.key.svg import PAGE, svg

__all__ = ["FONTS", "html_page"]

# the fonts a page embeds: family, weight, style, file
FONTS: Mapping[str, tuple[tuple[str, int, str, str], ...]] = {
    "en": (
        ("Key Math", 400, "normal", "STIXTwoMath.woff2"),
        ("Key Text", 400, "normal", "STIXTwoText-Regular.woff2"),
        ("Key Text", 700, "normal", "STIXTwoText-Bold.woff2"),
    ),
    "fa": (
        ("Key Math", 400, "normal", "STIXTwoMath.woff2"),
        ("Key Text", 400, "normal", "Vazirmatn-Regular.woff2"),
        ("Key Text", 700, "normal", "Vazirmatn-Bold.woff2"),
    ),
}
LONGEST_LINE = 46  # characters of a chain that may stand on one line
LONGEST_CELL = 50  # characters of a formula that fits half of the width
SIGNS = {"<": "&lt;", ">": "&gt;", "<=": "≤", ">=": "≥", "!=": "≠"}


def html_page(document: Document, style: str, fonts: Mapping[str, bytes]) -> str:
    """The whole page.  style: key.css, which holds the layout.  fonts: the files that FONTS names."""
    direction = "rtl" if document.language == "fa" else "ltr"
    writer = Writer(document.language)
    faces = "".join(_face(*font, fonts[font[3]]) for font in FONTS[document.language])
    title = escape(f"{document.title}: {document.kind}")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "\n".join([writer.front(document), *map(writer.section, document.sections), writer.foot(document)])
    opened = f'<!doctype html>\n<html lang="{document.language}" dir="{direction}">'
    styled = f"<style>{faces}{style}{_foot(document)}</style>"
    return f"{opened}<head>{head}{styled}</head>\n<body>\n{body}\n</body></html>\n"


def _foot(document: Document) -> str:
    """Course, version and page at the foot of every printed page."""
    line = " · ".join(part for part in (document.course, document.title, *document.lines[1:]) if part)
    quoted = line.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    start, end = ("right", "left") if document.language == "fa" else ("left", "right")
    look = "font: 8pt 'Key Text', serif; color: #5b6675"
    boxes = f'@bottom-{start}{{content:"{quoted}";{look}}}'
    return f'@page{{{boxes}@bottom-{end}{{content:counter(page) " / " counter(pages);{look}}}}}'


def _face(family: str, weight: int, style: str, file: str, data: bytes) -> str:
    source = f"url(data:font/woff2;base64,{b64encode(data).decode()}) format('woff2')"
    return f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};src:{source}}}\n"


class Writer:
    """Writes blocks in one language."""

    def __init__(self, language: str) -> None:
        self.words = FORMULA_WORDS[language]
        self.labels = LABELS[language]

    def front(self, document: Document) -> str:
        """The title block and the contents."""
        lines = "".join(f"<p>{_mixed(line)}</p>" for line in document.lines)
        remark = f'<p class="remark">{escape(document.note)}</p>' if document.note else ""
        entries = "".join(
            f'<li><a href="#{_anchor(one)}">{_id(one)} <span>{self.text(one.title)}</span></a></li>'
            for one in document.sections
        )
        contents = f"<nav><h2>{self.labels['contents']}</h2><ul>{entries}</ul></nav>"
        fields = "".join(f'<p class="field">{self.labels[name]}: <span></span></p>' for name in ("name", "student"))
        return (
            f'<header><p class="course">{escape(document.course)}</p><h1>{escape(document.title)}</h1>'
            f'<p class="kind">{escape(document.kind)}</p>{lines}</header>{remark}'
            f"{fields if document.sheet else ''}{contents if len(document.sections) > 4 else ''}"
        )

    def foot(self, document: Document) -> str:
        """What stands at the foot of every printed page."""
        line = " · ".join(part for part in (document.course, document.title, *document.lines[1:]) if part)
        return f"<footer>{_mixed(line)}</footer>"

    def section(self, section: Section) -> str:
        """One item with its answers."""
        source = ""
        if section.source:
            source = f'<p class="source">{self.labels["source"]}: <bdi dir="ltr">{escape(section.source)}</bdi></p>'
        title = f"<h2>{_id(section)} <span>{self.text(section.title)}</span></h2>"
        question = f'<p class="question">{self.text(section.question)}</p>'
        parts = "\n".join(map(self.part, section.parts))
        return f'<section id="{_anchor(section)}">{title}{question}{source}\n{parts}</section>'

    def part(self, part: Part) -> str:
        """One answer."""
        head = f'<h3><code dir="ltr">{escape(part.name)}</code><small>{escape(part.worth)}</small></h3>'
        blocks = "\n".join(map(self.block, part.blocks))
        return f'<article>{head}<p class="ask">{self.text(part.ask)}</p>\n{blocks}</article>'

    def block(self, block: Block) -> str:
        """One block."""
        match block:
            case Paragraph(text, role, label):
                ahead = f"{escape(label)}: " if label else ""
                return f'<p class="{role}">{ahead}{self.text(text)}</p>' if role else f"<p>{self.text(text)}</p>"
            case Display(formula):
                return self.display(formula)
            case Source(text):
                return f'<pre dir="ltr"><code>{escape(text)}</code></pre>'
            case Listing(items):
                return "<ul>" + "".join(f"<li>{self.text(item)}</li>" for item in items) + "</ul>"
            case Steps(title, steps):
                shown = "".join(
                    f"<li>{self.text(step.text)}{self.display(step.formula) if step.formula else ''}</li>"
                    for step in steps
                )
                return f"<h4>{escape(title)}</h4><ol>{shown}</ol>"
            case Table():
                return self.table(block)
            case Figure(picture, caption):
                told = f"<figcaption>{self.text(caption)}</figcaption>"
                return f"<figure>{svg(picture, PAGE, 'Key Text')}{told}</figure>"
            case Box(title, blocks):
                inner = "".join(map(self.block, blocks))
                return f'<div class="answer"><h4>{escape(title)}</h4><div>{inner}</div></div>'
            case Blank(lines):
                return f'<div class="room" style="height:{lines * 2}rem"></div>'

    def table(self, table: Table) -> str:
        """A table with its heading."""
        head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head) if any(table.head) else ""
        rows = "".join(
            "<tr>" + "".join(f"<td>{self.cell(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
        )
        shown = f"<thead><tr>{head}</tr></thead>" if head else ""
        lengths = [span.size() for row in table.rows for cell in row for span in cell if isinstance(span, Formula)]
        long = " long" if table.kind == "mistakes" and max(lengths, default=0) > LONGEST_CELL else ""
        kind = f"{table.kind} columns{len(table.head)}{long}"
        return f'<h4>{escape(table.title)}</h4><table class="{kind}">{shown}<tbody>{rows}</tbody></table>'

    def cell(self, text: Text) -> str:
        """A cell; a formula alone is displayed."""
        if len(text) == 1 and isinstance(text[0], Formula):
            return self.display(text[0], longest=26)
        return self.text(text)

    # --- text and formulas ---

    def text(self, text: Text) -> str:
        """A sentence."""
        return "".join(map(self.span, text))

    def span(self, span: str | Formula | Code | Foreign) -> str:
        """One span."""
        match span:
            case Formula():
                row = self.chain(span, inline=True)
                return f'<math title="{_plain(span)}"><mrow>{row}</mrow></math>'
            case Code(text):
                return f'<code dir="ltr">{escape(text)}</code>'
            case Foreign(text):
                return f'<bdi dir="ltr">{escape(text)}</bdi>'
            case _:
                return escape(span)

    def chain(self, formula: Formula, *, inline: bool) -> str:
        """Parts and signs in a row."""
        row = self.node(formula.parts[0], formula, inline=inline)
        for sign, part in zip(formula.all_signs, formula.parts[1:], strict=True):
            row += f"<mo>{SIGNS.get(sign, sign)}</mo>{self.node(part, formula, inline=inline)}"
        return row

    def node(self, node: Node, formula: Formula, *, inline: bool) -> str:
        """One tree; a sum beside a cross keeps its brackets."""
        row = mathml_row(node, self.words, inline=inline)
        return f"<mrow><mo>(</mo>{row}<mo>)</mo></mrow>" if formula.bracketed(node) else row

    def display(self, formula: Formula, longest: int = LONGEST_LINE) -> str:
        """A chain on one line if it is short, else each part on its own line, aligned at the signs."""
        opened = f'<math display="block" title="{_plain(formula)}">'
        if len(formula.parts) == 1 or formula.size() <= longest:
            return f'<div class="math">{opened}<mrow>{self.chain(formula, inline=False)}</mrow></math></div>'
        first, later = self.node(formula.parts[0], formula, inline=False), formula.parts[1:]
        rows = []
        for place, (sign, part) in enumerate(zip(formula.all_signs, later, strict=True)):
            right = f"<mrow><mo>{SIGNS.get(sign, sign)}</mo>{self.node(part, formula, inline=False)}</mrow>"
            alone = len(to_text(formula.parts[0])) > longest // 2
            if alone and not place:
                rows.append(f'<mtr><mtd class="from" columnspan="2">{first}</mtd></mtr>')
            left = "" if place or alone else first
            rows.append(f'<mtr><mtd class="left">{left}</mtd><mtd class="right">{right}</mtd></mtr>')
        return f'<div class="math">{opened}<mtable displaystyle="true">{"".join(rows)}</mtable></math></div>'


def _plain(formula: Formula) -> str:
    shown = to_text(formula.parts[0])
    for sign, part in zip(formula.all_signs, formula.parts[1:], strict=True):
        shown += f" {sign} {to_text(part)}"
    return escape(shown)


def _mixed(text: str) -> str:
    """Text in which every run of Latin letters and digits is kept together."""
    return " ".join(
        f'<bdi dir="ltr">{escape(word)}</bdi>' if ":" in word and word.isascii() else escape(word)
        for word in text.split(" ")
    )


def _id(section: Section) -> str:
    return f'<bdi dir="ltr">{escape(section.id)}</bdi>'


def _anchor(section: Section) -> str:
    return "item-" + escape(section.id)
