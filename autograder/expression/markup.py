"""A tree as LaTeX, Typst and MathML, in the student's order of terms: one walk, three ways to write each part."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.expression.names import GREEK, GREEK_NAMES
from autograder.expression.printing import ADD, AND, ATOM, MULTIPLY, NOT, SIGN, number_text, strength
from autograder.expression.tree import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)

__all__ = ["grouped", "mathml_row", "to_latex", "to_mathml", "to_typst"]

FENCES = {"floor": "⌊⌋", "ceiling": "⌈⌉", "abs": "||"}


@dataclass(frozen=True, slots=True)
class Markup:
    """How one language writes each part; every callable takes parts already written."""

    name: Callable[[str], str]
    number: Callable[[str], str]
    word: Callable[[str], str]
    sign: Callable[[str], str]
    join: Callable[[Sequence[str]], str]
    fence: Callable[[str, str, str], str]
    fraction: Callable[[str, str], str] | None  # none: a stroke, as inside of a sentence
    power: Callable[[str, str], str]
    index: Callable[[str, str], str]
    root: Callable[[str], str]
    big: Callable[[str, str, str], str]
    table: Callable[[str, Sequence[Sequence[str]], str], str]


Words = Mapping[str, str]
"""Words inside of formulas in another language, such as {"otherwise": "..."}."""


def to_latex(node: Node, words: Words | None = None, *, inline: bool = False) -> str:
    """LaTeX for mathematics mode.  inline: quotients with a stroke, for a sentence.

    >>> from autograder.expression import parse
    >>> to_latex(parse("F*(D*K**2 + 1)/alpha"))
    '\\\\frac{F \\\\cdot \\\\left(D \\\\cdot K^{2} + 1\\\\right)}{\\\\alpha}'
    """
    return _write(node, _speaking(LATEX, words, inline))


def to_typst(node: Node, words: Words | None = None, *, inline: bool = False) -> str:
    """Typst for mathematics mode; whole numbers of five digits or more are grouped.

    >>> from autograder.expression import parse
    >>> to_typst(parse("Cin*(D*K**2 + 1)"))
    '"Cin" dot.op (D dot.op K^(2) + 1)'
    """
    return _write(node, _speaking(TYPST, words, inline))


def to_mathml(node: Node, words: Words | None = None) -> str:
    """A <math> element; every name of the student's is escaped, whole numbers of five digits or more are grouped.

    >>> from autograder.expression import parse
    >>> to_mathml(parse("K^2"))
    '<math><msup><mi>K</mi><mn>2</mn></msup></math>'
    """
    return f"<math>{mathml_row(node, words)}</math>"


def mathml_row(node: Node, words: Words | None = None, *, inline: bool = False) -> str:
    """What stands inside of the <math> element."""
    return _write(node, _speaking(MATHML, words, inline))


def _speaking(m: Markup, words: Words | None, inline: bool) -> Markup:
    spoken = replace(m, word=lambda text: m.word(words.get(text, text))) if words else m
    return replace(spoken, fraction=None) if inline else spoken


def grouped(text: str) -> str:
    """A whole number of five digits or more with commas, anything else as it is.

    >>> grouped("120422400"), grouped("1024"), grouped("0.00002656")
    ('120,422,400', '1024', '0.00002656')
    """
    return f"{int(text):,}" if text.isascii() and text.isdigit() and 5 <= len(text) <= 30 else text


def _write(node: Node, m: Markup) -> str:
    match node:
        case Number():
            return m.number(number_text(node))
        case Symbol(name=name) | Constant(name=name):
            return m.name(name)
        case Truth(value=value):
            return m.word("otherwise" if value else "never")
        case Op():
            return _op(node, m)
        case Call(name=name, args=args):
            return _call(name, args, m)
        case Index(base=base, indices=indices):
            return m.index(m.name(base), _list(indices, m))
        case Fold():
            return _fold(node, m)
        case Relation() | Logic():
            return _condition(node, m)
        case Tuple(items=items):
            return m.fence("(", _list(items, m), ")")
        case _:
            return _table(node, m)


def _in(node: Node, least: int, m: Markup) -> str:
    text = _write(node, m)
    loose = strength(node) < least or (least == ATOM and isinstance(node, Fold | Piecewise))
    return m.fence("(", text, ")") if loose else text


def _list(nodes: Sequence[Node], m: Markup) -> str:
    parts: list[str] = []
    for node in nodes:
        parts += [m.sign(","), _write(node, m)] if parts else [_write(node, m)]
    return m.join(parts)


def _op(node: Op, m: Markup) -> str:
    op, args = node.op, node.args
    if op == "neg":
        return m.join([m.sign("-"), _in(args[0], MULTIPLY, m)])
    if op == "/":
        return _quotient(args[0], args[1], m)
    if op == "^":
        base = args[0]
        atom = isinstance(base, Number | Symbol | Constant | Index) and strength(base) == ATOM
        text = _write(base, m)
        return m.power(text if atom else m.fence("(", text, ")"), _write(args[1], m))
    if op == "+":
        parts = [_in(args[0], MULTIPLY, m)]
        for term in args[1:]:
            minus = isinstance(term, Op) and term.op == "neg"
            inner = term.args[0] if isinstance(term, Op) and minus else term
            parts += [m.sign("-" if minus else "+"), _in(inner, MULTIPLY, m)]
        return m.join(parts)
    parts = [_factor(args[0], m, first=True)]
    for place, factor in enumerate(args[1:], start=2):
        # a sum over an index at the very end needs no brackets: everything after its sign belongs to it
        last = place == len(args) and isinstance(factor, Fold) and op == "*"
        parts += [m.sign(op), _write(factor, m) if last else _factor(factor, m, first=False)]
    return m.join(parts)


def _quotient(above: Node, below: Node, m: Markup) -> str:
    if m.fraction is not None:
        return m.fraction(_write(above, m), _write(below, m))
    bare = strength(below) == ATOM or (isinstance(below, Op) and below.op == "^")
    written = _write(below, m) if bare and not isinstance(below, Fold) else m.fence("(", _write(below, m), ")")
    return m.join([_in(above, MULTIPLY, m), m.sign("/"), written])


def _factor(node: Node, m: Markup, *, first: bool) -> str:
    """A factor: sums, sums with limits, signs and nested products keep their brackets."""
    bare = strength(node) == ATOM or (isinstance(node, Op) and node.op in ("^", "/" if m.fraction else "^"))
    if _kronecker(node):
        return _write(node, m)
    if isinstance(node, Fold | Piecewise) or not (bare or (first and strength(node) == SIGN)):
        return m.fence("(", _write(node, m), ")")
    return _write(node, m)


def _call(name: str, args: tuple[Node, ...], m: Markup) -> str:
    if name in FENCES:
        return m.fence(FENCES[name][0], _write(args[0], m), FENCES[name][1])
    if name == "sqrt":
        return m.root(_write(args[0], m))
    if name == "factorial":
        return m.join([_in(args[0], ATOM, m), m.sign("!")])
    if name == "exp":
        return m.power(m.name("e"), _write(args[0], m))
    # F(x), F'(x), H_l(x): a letter, not the word of a function
    abstract = len(name.partition("_")[0].rstrip("'")) == 1
    head = m.name(name) if abstract else m.word({"Min": "min", "Max": "max"}.get(name, name))
    if name == "log" and len(args) == 2:
        return m.join([m.index(head, _write(args[1], m)), m.fence("(", _write(args[0], m), ")")])
    fenced = m.fence("(", _list(args, m), ")")
    # Typst puts a gap between a word and what stands apart from it
    return head + fenced if head.endswith('"') else m.join([head, fenced])


def _fold(node: Fold, m: Markup) -> str:
    """The last limits are the outermost, so their sign stands in front."""
    signs = [] if node.limits else [m.sign("∑")]  # a sum over what the sentence says
    for name, low, high in reversed(node.limits):
        below = m.join([m.name(name), m.sign("="), _write(low, m)])
        signs.append(m.big(node.op, below, _write(high, m)))
    body = _in(node.body, MULTIPLY, m)
    return m.join([*signs, body])


def _condition(node: Relation | Logic, m: Markup) -> str:
    if isinstance(node, Relation):
        return m.join([_in(node.left, ADD, m), m.sign(node.op), _in(node.right, ADD, m)])
    if node.op == "not":
        return m.join([m.word("not"), _in(node.args[0], NOT, m)])
    parts: list[str] = []
    for part in node.args:
        text = _in(part, {"or": AND, "and": NOT}[node.op], m)
        parts += [m.word(node.op), text] if parts else [text]
    return m.join(parts)


def _kronecker(node: Node) -> tuple[Node, Node] | None:
    """The two indices of a Kronecker delta: 1 where they are equal, 0 elsewhere."""
    match node:
        case Piecewise(
            branches=(
                (Number(value=one), Relation(op="==", left=left, right=right)),
                (Number(value=zero), Truth(value=True)),
            )
        ) if one == 1 and zero == 0:
            return left, right
    return None


def _table(node: Node, m: Markup) -> str:
    pair = _kronecker(node)
    if pair is not None:
        return m.index(m.name("delta"), _list(pair, m))
    if isinstance(node, Matrix):
        return m.table("(", [[_write(entry, m) for entry in row] for row in node.rows], ")")
    if isinstance(node, Piecewise):
        return m.table("{", [[_write(value, m), _write(test, m)] for value, test in node.branches], "")
    raise TypeError(f"not a formula node: {node!r}")


LATEX_SIGNS = {
    "*": "\\cdot", "<=": "\\le", ">=": "\\ge", "!=": "\\ne", "==": "=", "|": "\\mid", "%": "\\bmod",
    "//": "\\mathbin{//}", "∑": "\\sum", "×": "\\times", "→": "\\to",
}  # fmt: skip
LATEX_FENCES = {"⌊": "\\lfloor ", "⌋": "\\rfloor", "⌈": "\\lceil ", "⌉": "\\rceil", "": "."}
TYPST_SIGNS = {"*": "dot.op", "==": "=", "|": "divides", "%": '"mod"', "//": '"//"', "×": "times", "/": "slash"}
MATHML_SIGNS = {"*": "⋅", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "|": "∣", "%": "mod", "-": "−"}


def _latex_name(name: str) -> str:
    if name.startswith("∂"):
        return f"\\partial {_latex_name(name[1:])}"
    base, _, below = name.partition("_")
    if base in GREEK_NAMES or base == "pi":
        written = f"\\{base}"
    elif base == "oo":
        written = "\\infty"
    else:
        written = base if len(base) == 1 else f"\\mathrm{{{base}}}".replace("_", "\\_")
    escaped = below.replace("_", "\\_")
    return f"{written}_{{{_upright(escaped)}}}" if below else written


def _upright(below: str) -> str:
    """A subscript: a word stands upright, an index such as the l of x_l does not."""
    return below if len(below) == 1 else f"\\mathrm{{{below}}}"


def _latex_fence(left: str, inner: str, right: str) -> str:
    return f"\\left{LATEX_FENCES.get(left, left)}{inner}\\right{LATEX_FENCES.get(right, right)}"


def _latex_table(left: str, rows: Sequence[Sequence[str]], right: str) -> str:
    kind = "cases" if left == "{" else "pmatrix"
    return f"\\begin{{{kind}}}" + " \\\\ ".join(" & ".join(row) for row in rows) + f"\\end{{{kind}}}"


LATEX = Markup(
    name=_latex_name,
    number=lambda text: text,
    word=lambda text: f"\\operatorname{{{text}}}" if text.isalnum() else f"\\text{{{text}}}",
    sign=lambda sign: LATEX_SIGNS.get(sign, sign),
    join=lambda parts: " ".join(parts).replace(" ,", ","),
    fence=_latex_fence,
    fraction=lambda above, below: f"\\frac{{{above}}}{{{below}}}",
    power=lambda base, exponent: f"{base}^{{{exponent}}}",
    index=lambda base, below: f"{base}_{{{below}}}",
    root=lambda inner: f"\\sqrt{{{inner}}}",
    big=lambda op, low, high: f"\\{'sum' if op == 'Sum' else 'prod'}_{{{low}}}^{{{high}}}",
    table=_latex_table,
)


def _typst_word(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _typst_name(name: str) -> str:
    if name.startswith("∂"):
        return f"partial {_typst_name(name[1:])}"
    base, _, below = name.partition("_")
    if not base or not below:
        base, below = name, ""
    plain = len(base.rstrip("'")) == 1 or base in GREEK_NAMES or base in ("pi", "oo")
    written = base if plain else _typst_word(base)
    return f"{written}_{below if len(below) == 1 else _typst_word(below)}" if below else written


def _typst_table(left: str, rows: Sequence[Sequence[str]], right: str) -> str:
    if left == "{":
        return "cases(" + ", ".join(" &quad ".join(_typst_cell(cell) for cell in row) for row in rows) + ")"
    return "mat(" + "; ".join(", ".join(_typst_cell(cell) for cell in row) for row in rows) + ")"


def _typst_cell(text: str) -> str:
    """A cell as one argument: its own commas and semicolons must not end it."""
    return f"#[${text}$]" if "," in text or ";" in text else text


TYPST_FENCES = {"(": "(", "⌊": "floor(", "⌈": "ceil(", "|": "abs("}
TYPST = Markup(
    name=_typst_name,
    number=lambda text: f'"{grouped(text)}"' if "," in grouped(text) else text,
    word=_typst_word,
    sign=lambda sign: TYPST_SIGNS.get(sign, sign),
    join=lambda parts: " ".join(parts).replace(" ,", ",").replace(" slash ", "\\/"),
    fence=lambda left, inner, right: f"{TYPST_FENCES[left]}{inner})",
    fraction=lambda above, below: f"({above})/({below})",
    power=lambda base, exponent: f"{base}^({exponent})",
    index=lambda base, below: f"{base}_({below})",
    root=lambda inner: f"sqrt({inner})",
    big=lambda op, low, high: f"{'sum' if op == 'Sum' else 'product'}_({low})^({high})",
    table=_typst_table,
)


def _mathml_sign(sign: str) -> str:
    close = " lspace='0' rspace='0'" if sign == "/" else ""
    return f"<mo{close}>{html.escape(MATHML_SIGNS.get(sign, sign))}</mo>"


def _mathml_row(parts: Sequence[str]) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _mathml_name(name: str) -> str:
    if name.startswith("∂"):
        return f"<mrow><mo rspace='0'>∂</mo>{_mathml_name(name[1:])}</mrow>"
    letters: Mapping[str, str] = GREEK_LETTERS
    base, _, below = name.partition("_")
    if not base or not below:
        return f"<mi>{html.escape(letters.get(name, name))}</mi>"
    return f"<msub><mi>{html.escape(letters.get(base, base))}</mi><mi>{html.escape(below)}</mi></msub>"


def _mathml_table(left: str, rows: Sequence[Sequence[str]], right: str) -> str:
    body = "".join("<mtr>" + "".join(f"<mtd>{cell}</mtd>" for cell in row) + "</mtr>" for row in rows)
    return _mathml_row([f"<mo>{left}</mo><mtable>{body}</mtable>", f"<mo>{right}</mo>" if right else ""])


GREEK_LETTERS = {word: letter for letter, word in GREEK.items() if letter not in "ϵϕϑςµ"} | {"pi": "π", "oo": "∞"}
MATHML = Markup(
    name=_mathml_name,
    number=lambda text: f"<mn>{grouped(text)}</mn>",
    word=lambda text: f"<mi>{html.escape(text)}</mi>",
    sign=_mathml_sign,
    join=_mathml_row,
    fence=lambda left, inner, right: f"<mrow><mo>{left}</mo>{inner}<mo>{right}</mo></mrow>",
    fraction=lambda above, below: f"<mfrac>{above}{below}</mfrac>",
    power=lambda base, exponent: f"<msup>{base}{exponent}</msup>",
    index=lambda base, below: f"<msub>{base}{below}</msub>",
    root=lambda inner: f"<msqrt>{inner}</msqrt>",
    big=lambda op, low, high: f"<munderover><mo>{'∑' if op == 'Sum' else '∏'}</mo>{low}{high}</munderover>",
    table=_mathml_table,
)
