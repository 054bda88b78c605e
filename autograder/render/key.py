"""The answer key as Markdown and as a page: questions, answers, worked steps, common mistakes, rubrics."""

from __future__ import annotations

import html
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from autograder.decide import rational
from autograder.expression import Node, to_latex, to_mathml, to_text
from autograder.expression import Number as Literal
from autograder.problem import Choice, Derivation, Formula, Function, Item, Number, Problem, Words, Written
from autograder.problem.formula import as_node, declared_node
from autograder.problem.number import number_facts

__all__ = ["Key", "html_page", "markdown"]

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "key": "Answer key", "answer": "Answer", "steps": "Worked steps", "mistakes": "Common mistakes",
        "conventions": "Right under another convention", "rubric": "Rubric", "model": "Model answer",
        "source": "Source", "version": "Key",
    },
    "fa": {
        "key": "پاسخ‌نامه", "answer": "پاسخ", "steps": "گام‌ها", "mistakes": "اشتباه‌های رایج",
        "conventions": "درست با قراردادی دیگر", "rubric": "بارم", "model": "پاسخ نمونه", "source": "منبع",
        "version": "نسخهٔ پاسخ‌نامه",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """What a key is made from.  answers=False makes the sheet for an exam."""

    title: str
    problems: Sequence[Problem]
    digest: str
    language: str = "en"
    answers: bool = True

    def words(self, words: Words) -> str:
        """A text in the key's language, or in English."""
        return words.get(self.language) or words.get("en", "")

    def label(self, name: str) -> str:
        """A heading in the key's language."""
        return LABELS[self.language][name]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a key: a heading, a paragraph, a formula, a list entry, or code."""

    kind: str
    text: str = ""
    node: Node | None = None


def _blocks(key: Key) -> Iterator[Block]:
    """The whole key, in the order of the sheet."""
    yield Block("h1", f"{key.title}: {key.label('key')}" if key.answers else key.title)
    for _, group in groupby(key.problems, key=lambda problem: problem.item.id):
        problems = list(group)
        yield from _item(key, problems[0].item)
        for problem in problems:
            yield Block("h3", problem.name)
            yield Block("p", key.words(problem.ask))
            if key.answers:
                yield from _answer(key, problem)
    yield Block("p", f"{key.label('version')}: {key.digest}")


def _item(key: Key, item: Item) -> Iterator[Block]:
    yield Block("h2", f"{item.id}  {key.words(item.title)}")
    yield Block("p", key.words(item.question))
    if item.source and key.answers:
        yield Block("p", f"{key.label('source')}: {item.source}")


def _answer(key: Key, problem: Problem) -> Iterator[Block]:
    yield Block("h4", key.label("answer"))
    match problem:
        case Formula():
            yield Block("math", node=as_node(problem.reference))
        case Number():
            yield Block("math", node=as_node(problem.reference))
            yield Block("math", node=number_facts(problem).reference)
            yield from _value(number_facts(problem).reference)
        case Function():
            yield Block("code", textwrap.dedent(inspect.getsource(problem.implementation)).strip())
        case Derivation():
            for checkpoint in problem.checkpoints:
                yield Block("math", node=as_node(checkpoint.reference))
        case Choice():
            for option in problem.correct:
                yield Block("li", f"{option}: {key.words(problem.options[option])}")
        case Written():
            yield from _written(key, problem)
    yield from _steps(key, problem)
    yield from _variants(key, problem)


def _value(node: Node) -> Iterator[Block]:
    """The number itself, where the line before is arithmetic."""
    value = rational(node)
    if value is not None and not isinstance(node, Literal):
        yield Block("math", node=as_node(str(value)))


def _written(key: Key, problem: Written) -> Iterator[Block]:
    yield Block("p", key.words(problem.model))
    yield Block("h4", key.label("rubric"))
    for weight, words in problem.rubric:
        yield Block("li", f"[{weight}] {key.words(words)}")


def _steps(key: Key, problem: Problem) -> Iterator[Block]:
    if problem.steps:
        yield Block("h4", key.label("steps"))
    for step in problem.steps:
        yield Block("li", key.words(step.words), None if step.expression is None else as_node(step.expression))


def _variants(key: Key, problem: Problem) -> Iterator[Block]:
    """Conventions and mistakes with their formula; functions are told by the author's words alone."""
    for name in ("conventions", "mistakes"):
        entries = getattr(problem, name, ())
        shown = [entry for entry in entries if entry.hint or not isinstance(problem, Function)]
        if shown:
            yield Block("h4", key.label(name))
        for entry in shown:
            node = declared_node(entry) if isinstance(problem, Formula | Number) else None
            yield Block("li", key.words(entry.hint) or entry.id.replace("-", " "), node)


def markdown(key: Key) -> str:
    """The key as Markdown that GitHub renders.

    >>> from autograder.problem import Item
    >>> one = Number(name="q", item=Item(id="Q1", title={"en": "T"}, question={"en": "How many?"}), reference=64)
    >>> "$$64$$" in markdown(Key("HW", [one], "sha256:0"))
    True
    """
    lines = []
    for block in _blocks(key):
        if block.kind.startswith("h"):
            lines.append("#" * int(block.kind[1]) + " " + block.text)
        elif block.kind == "math" and block.node is not None:
            lines.append(f"$${to_latex(block.node)}$$")
        elif block.kind == "code":
            lines.append(f"```python\n{block.text}\n```")
        elif block.kind == "li":
            formula = f" ${to_latex(block.node)}$" if block.node is not None else ""
            lines.append(f"- {block.text}{formula}")
        else:
            lines.append(block.text)
    text = "\n\n".join(line for line in lines if line) + "\n"
    return f'<div dir="rtl">\n\n{text}\n</div>\n' if key.language == "fa" else text


STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.6 Georgia, "Noto Naskh Arabic", serif; max-width: 46rem; }
body { margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3, h4 { line-height: 1.25; } h2 { border-top: 1px solid #8886; padding-top: 1.2rem; }
h3 { font: 600 0.95rem ui-monospace, monospace; direction: ltr; unicode-bidi: isolate; text-align: start; }
h4 { margin: 0.8rem 0 0.2rem; font-size: 0.95rem; } li { margin: 0.2rem 0; }
math, pre, code, bdi { direction: ltr; unicode-bidi: isolate; } .math { margin: 0.4rem 0; overflow-x: auto; }
pre { font: 0.85rem/1.45 ui-monospace, monospace; padding: 0.8rem; background: #8881; }
pre { overflow-x: auto; text-align: left; }
@media print { body { max-width: none; } h2 { break-after: avoid; } pre { white-space: pre-wrap; } }
"""


def html_page(key: Key) -> str:
    """The key as one self-contained page: MathML, no script, no network; right to left for Persian."""
    direction = "rtl" if key.language == "fa" else "ltr"
    body = "\n".join(_html(block) for block in _blocks(key))
    head = f'<meta charset="utf-8"><title>{html.escape(key.title)}</title><style>{STYLE}</style>'
    opened = f'<!doctype html>\n<html lang="{key.language}" dir="{direction}"><head>{head}</head><body>'
    return f"{opened}\n{body}\n</body></html>\n"


def _html(block: Block) -> str:
    text = html.escape(block.text)
    if block.kind == "math" and block.node is not None:
        return f'<div class="math" title="{html.escape(to_text(block.node))}">{to_mathml(block.node)}</div>'
    if block.kind == "code":
        return f"<pre>{text}</pre>"
    if block.kind == "li":
        formula = f" {to_mathml(block.node)}" if block.node is not None else ""
        return f"<li>{text}{formula}</li>"
    return f"<{block.kind}>{text}</{block.kind}>" if text else ""
