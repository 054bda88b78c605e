"""A sentence as spans: prose, and the formulas in it, which are found by their names and typeset as trees.

Authors write plain sentences ("That makes W - K + 1 positions.").  What is made of the problem's names, numbers and
operators, and can be read as a formula, is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.errors import AnswerError
from autograder.expression import Call, Fold, Index, Node, Op, Symbol, free_names, parse, rebuild, to_text
from autograder.expression.names import FUNCTIONS, GREEK_NAMES

__all__ = ["Code", "Foreign", "Formula", "Span", "Text", "formula", "spans"]


@dataclass(frozen=True, slots=True)
class Formula:
    """Trees with the signs between them: a = b, K × K."""

    parts: tuple[Node, ...]
    signs: tuple[str, ...] = ()

    @property
    def all_signs(self) -> tuple[str, ...]:
        """The signs between the parts, = where nothing else is said."""
        return self.signs or ("=",) * (len(self.parts) - 1)

    def bracketed(self, part: Node) -> bool:
        """Whether a part needs brackets beside a cross."""
        return "×" in self.signs and isinstance(part, Op) and part.op == "+"

    def size(self) -> int:
        """How long it is about, in characters."""
        return sum(len(to_text(part)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Code:
    """Names of the program, such as a variable that the student defines."""

    text: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A run of Latin text with signs, which runs from left to right in a Persian sentence too."""

    text: str


Span = str | Formula | Code | Foreign
Text = tuple[Span, ...]

TOKEN = re.compile(
    r"(?P<braced>[A-Za-z]\w*_\{[^{}]*\}(?:\^T)?)|(?P<name>[A-Z]'(?=\()|[A-Za-z]\w*)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<dots>\.\.\.)|(?P<sign>\*\*|!=|<=|>=|[-+*/^=<>×])|(?P<open>[(\[])|(?P<close>[)\]])"
    r"|(?P<bar>\|)|(?P<comma>,)|(?P<space> +)"
)
SIZES = re.compile(r"(?<!\w)(?:\d+|[A-Z])(?:x(?:\d+|[A-Z]))+(?!\w)")
RELATIONS = re.compile(r" *(!=|<=|>=|=|<|>|×) *")
WORDS = frozenset({"Sum", "Product"})
ARTICLES = frozenset({"a", "A", "I"})
ARTICLE = re.compile(r"[aAI](?= (?!(?:to|and|or|is|are|in|of)\b)\w)")  # "from a to b" speaks of a number a
LINKS = frozenset("*/=^")  # signs after which a letter belongs to the formula
ENDS = frozenset({"name", "number", "close", "bar", "braced"})  # what a formula may end with
MOST_TOKENS = 60
FOREIGN = re.compile(r"[A-Za-z0-9_'|(\[{][A-Za-z0-9_'|()\[\]{}., ^*/+=<>-]*[A-Za-z0-9_'|)\]}]")


@lru_cache(maxsize=4096)
def spans(text: str, names: frozenset[str], persian: bool = False) -> Text:
    """The spans of a sentence.

    >>> spans("That makes W - K + 1 positions.", frozenset({"W", "K"}))[0]
    'That makes '
    >>> [type(span).__name__ for span in spans("A filter of K x K weights", frozenset({"K"}))]
    ['str', 'Formula', 'str']
    """
    found: list[Span] = []
    plain = SIZES.sub(lambda match: match[0].replace("x", "×"), text).replace("->", "←" if persian else "→")
    first = tuple(_spans(plain, names, persian))
    used = frozenset(name for span in first if isinstance(span, Formula) for name in _letters(span))
    for span in first if used <= names else _spans(plain, names | used, persian):
        if isinstance(span, str) and found and isinstance(found[-1], str):
            found[-1] += span
        else:
            found.append(span)
    if persian:
        found = [part for span in found for part in (_isolated(span) if isinstance(span, str) else [span])]
    return tuple(found)


def _letters(found: Formula) -> Iterator[str]:
    """Names of one letter in a formula: beside it, the sentence speaks of them too ("(m, n) for m samples")."""
    for part in found.parts:
        for name in free_names(part):
            if len(name) == 1 and name not in ARTICLES and name != "T":
                yield name


def _isolated(text: str) -> Iterator[Span]:
    at = 0
    for match in FOREIGN.finditer(text):
        start, end = _own_brackets(text, *match.span())
        run = text[start:end]
        if re.search(r"[^A-Za-z0-9. -]", run) and re.search("[A-Za-z]", run):
            yield text[at:start]
            yield Foreign(run)
            at = end
    yield text[at:]


def _own_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """A run without the brackets at its ends that belong to the sentence around it: "(without padding)"."""
    while text[end - 1] == ")" and text.count(")", start, end) > text.count("(", start, end):
        end -= 1
    while text[start] == "(" and text.count("(", start, end) > text.count(")", start, end):
        start += 1
    return start, end


def _spans(text: str, names: frozenset[str], persian: bool) -> Iterator[Span]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or (at and (text[at - 1].isalnum() or text[at - 1] in "_'’")):
            yield text[at]
            at += 1
            continue
        found = _longest(text, at, names) if _begins(match, text) else None
        if found is None or (found[1] == at + 1 and not persian and ARTICLE.match(text, at)):
            yield match[0]
            at = match.end()
        else:
            yield found[0]
            at = found[1]


def _begins(match: re.Match[str], text: str) -> bool:
    """Whether a formula may begin here: with a name, a number, a bracket, or the sign of what follows at once."""
    if match.lastgroup == "sign":
        return match[0] == "-" and text[match.end() : match.end() + 1].isalnum()
    return match.lastgroup in ("name", "number", "open", "bar", "braced")


def _longest(text: str, start: int, names: frozenset[str]) -> tuple[Formula, int] | None:
    """The longest formula that begins here, and where it ends."""
    ends: list[int] = []
    depth, bars, at, before = 0, 0, start, ""
    while len(ends) < MOST_TOKENS:
        match = TOKEN.match(text, at)
        if match is None or not _belongs(match, text, names, depth, before):
            break
        depth += {"open": 1, "close": -1}.get(match.lastgroup or "", 0)
        bars += match.lastgroup == "bar"
        at = match.end()
        applied = match.lastgroup == "name" and text[at : at + 1] == "("  # F of F(x) is no end
        if depth == 0 and bars % 2 == 0 and match.lastgroup in ENDS and not applied:
            ends.append(at)
        if match.lastgroup != "space":
            before = match[0] if match.lastgroup == "sign" else match.lastgroup or ""
        if depth < 0:
            break
    for end in reversed(ends):
        found = formula(text[start:end], names)
        if found is not None:
            return found, end
    return None


def _belongs(match: re.Match[str], text: str, names: frozenset[str], depth: int, before: str) -> bool:
    if match.lastgroup == "comma":
        return depth > 0
    if match.lastgroup == "dots":
        return depth > 0 or before == "*"
    if match.lastgroup != "name":
        return True
    name = match[0]
    if name == "x" and before in ("name", "number", "close") and text[match.end() : match.end() + 1] == " ":
        return True  # the cross of "K x K"; what follows decides
    if len(name) == 1 and (depth or before in LINKS or _linked(match, text)):
        return True  # an index, such as l in P1[p, q, l], or a factor
    called = text[match.end() : match.end() + 1] == "("
    if called and _applied(name, names):
        return True
    return (
        _known(name, names)
        or _quotient(match, text)
        or (called and (name in FUNCTIONS or name in WORDS))
        or text[match.start() - 1] == "^"
    )


def _linked(match: re.Match[str], text: str) -> bool:
    """Whether a sign follows a letter: the s of s*(1 - s), the f of f + alpha."""
    after = text[match.end() :]
    return match[0] not in ARTICLES and re.match(r"[*^]| [-+=→←] ?\w", after) is not None


def _quotient(match: re.Match[str], text: str) -> bool:
    """Whether a differential stands above or below another: dL/db."""
    return (
        re.fullmatch(r"d[a-zL]\d?", match[0]) is not None
        and "/" in text[max(match.start() - 1, 0) : match.end() + 1]
    )


def _known(name: str, names: frozenset[str]) -> bool:
    base, _, below = name.partition("_")
    subscripted = bool(below) and len(base) == 1
    numbered = len(name) == 2 and name[1].isdigit() and name[0] != "Q"  # x0, P2; but Q3 is a question
    differential = name.startswith("d") and (name[1:] in names or name == "dL")
    return name in names or name == "eps" or base in GREEK_NAMES or subscripted or numbered or differential


def formula(text: str, names: frozenset[str]) -> Formula | None:
    """A text as one formula, or None: a lone number is prose.

    >>> formula("K x K", frozenset({"K"})).signs
    ('×',)
    """
    if not any(character.isalpha() or character == "×" for character in text):
        return None
    if text[0] == "(" and "," not in text and _closes(text) == len(text) - 1:
        return None  # the brackets of the sentence
    crossed = re.sub(r"(?<=[\w)\]]) x (?=[\w(])", " × ", text)
    pieces = RELATIONS.split(crossed) if _flat(crossed) else [crossed]
    try:
        parts = tuple(_piece(piece, names) for piece in pieces[::2])
    except AnswerError:
        return None
    if len(parts) == 1 and not re.search("[A-Za-z]", text):
        return None
    return Formula(parts, tuple(pieces[1::2]))


def _flat(text: str) -> bool:
    """Whether no sign of a relation stands inside of brackets."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth and character in "=<>×":
            return False
    return True


def _closes(text: str) -> int:
    """Where the bracket closes with which a text begins."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if not depth:
            return at
    return -1


def _applied(name: str, names: frozenset[str]) -> bool:
    """Whether `F(` applies an abstract function F, which the problem does not declare as a number."""
    return re.fullmatch("[A-Z]{1,2}'?|[A-Z]_[a-z]", name) is not None and name not in names


def _piece(text: str, names: frozenset[str]) -> Node:
    braced = re.fullmatch(r"([A-Za-z]\w*)_\{([^{}]*)\}(\^T)?", text.strip())
    if braced is not None:
        index: Node = Index(braced[1], (parse(braced[2]),))
        return Op("^", (index, Symbol("T"))) if braced[3] else index
    whole_sum = re.fullmatch(r"Sum\(([^()]*)\)", text.strip())
    if whole_sum is not None and "," not in re.sub(r"\[[^]]*\]", "", whole_sum[1]):
        return Fold("Sum", parse(whole_sum[1]), ())
    return _calls(parse(_written_out(text, names)))


APPLIED = re.compile(r"\b([A-Z]{1,2}|[A-Z]_[a-z])('?)\(([^()]*)\)")
BRACED = re.compile(r"\b([A-Za-z]\w*)_\{([^{}]*)\}")
DOTS = "dots"


def _written_out(text: str, names: frozenset[str]) -> str:
    """F(x) as an entry F_of[x], which the grammar has; a product without a sign gets one."""
    applied = APPLIED.sub(
        lambda m: f"{m[1]}_of{'_prime' * bool(m[2])}[{m[3]}]" if m[1] not in names else m[0],
        BRACED.sub(r"\1[\2]", text).replace("...", DOTS),
    )
    return re.sub(r"\)(?=[A-Za-z(])|(?<![\w.])\d+(?=[A-Za-z(])", lambda m: f"{m[0]}*", applied)


def _calls(node: Node) -> Node:
    if isinstance(node, Index) and "_of" in node.base:
        name, _, prime = node.base.partition("_of")
        return Call(name + "'" * bool(prime), tuple(map(_calls, node.indices)))
    return Symbol("…") if node == Symbol(DOTS) else rebuild(node, _calls)
