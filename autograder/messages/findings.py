"""A finding in words: the author's own hint, or the sentence of its code with what that sentence needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from autograder.errors import AnswerError
from autograder.locale import known
from autograder.messages.hints import betrayed
from autograder.messages.sentences import Say, sentence
from autograder.messages.text import caret, clean, directed, quoted
from autograder.verdict import KEY_FIELDS, Finding

__all__ = ["EXTRAS", "error_text", "explained", "finding_text", "key_of"]

# in this order, each where its field is filled and the catalogue has <code>.<field>
EXTRAS = (
    *("suggestion", "known", "limit", "count", "entry", "case", "line", "why", "other", "names"),
    *("followed", "signature", "error", "key_shape"),
)


def explained(finding: Finding, say: Say, kept: Collection[str]) -> str:
    """What is said of a wrong answer.  Below `full` a hint that holds anything of `kept` gives way to a vaguer one.

    >>> own = Finding("mistake", "m", hint={"en": "It is K*K here."})
    >>> explained(own, Say(), {"*"})
    'This is a common mistake. Go through the question once more, word by word.'
    """
    if finding.cause is not None:
        return _with_cause(finding, finding.cause, say, kept)
    if finding.kind == "step" and finding.code == "wrong-step":
        return finding_text(finding, say.language) + " " + sentence("step.unexplained", {}, say.language)
    if not say.may_reveal:
        public = {name: value for name, value in finding.fields.items() if not name.startswith(KEY_FIELDS)}
        finding = replace(finding, fields=public)
    said = finding_text(finding, say.language)
    if say.level == "full" or not (finding.hint or finding.formula) or not betrayed(said, kept):
        return said
    generic = finding_text(replace(finding, hint={}), say.language)
    return sentence(finding.kind, {}, say.language) if betrayed(generic, kept) else generic


def _with_cause(finding: Finding, cause: Finding, say: Say, kept: Collection[str]) -> str:
    """Which step is wrong, what led to it, and what follows: only the second could betray something of the key."""
    step = replace(finding, fields={name: text for name, text in finding.fields.items() if name != "followed"})
    parts = [finding_text(step, say.language)]
    if cause.fields.get("beside"):
        parts.append(sentence(f"step.beside-{cause.fields['beside']}", {}, say.language))
    parts.append(explained(cause, say, kept))
    if finding.fields.get("followed"):
        parts.append(sentence(f"{key_of(finding, finding.fields)}.followed", {}, say.language))
    return " ".join(parts)


def finding_text(finding: Finding, language: str) -> str:
    """The author's own hint, or the sentence of the code; for text that could not be read, its place as well."""
    own = finding.hint.get(language)
    if own:
        return directed(clean(own), language)
    if finding.hint.get("en"):
        return clean(finding.hint["en"])
    fields = _filled(finding)
    key = key_of(finding, fields)
    found = sentence(key, fields, language)
    for extra in EXTRAS:
        more = f"{key}.{extra}"
        if fields.get(extra) and known(more) and not (extra == "known" and fields.get("suggestion")):
            found += " " + sentence(more, fields, language)
    if finding.kind == "edit":
        for slip in dict.fromkeys(fields[place] for place in ("first", "second") if fields.get(place)):
            found += " " + sentence(f"edit.{slip}", {}, language)
        shapes = [("answer", "shape.given"), ("key_shape", "shape.key_shape")]
        found += "".join(" " + sentence(words, fields, language) for name, words in shapes if fields.get(name))
    if known(f"why.{fields.get('why')}"):
        found += " " + sentence(f"why.{fields['why']}", {}, language)
    if finding.kind == "syntax" and fields.get("step"):
        found += " " + sentence("in-step", fields, language)
    if fields.get("followed_outputs"):
        found += " " + sentence("followed-outputs", fields, language)
    if fields.get("part"):
        found += " " + sentence("part", fields, language)
    if finding.kind == "syntax" and fields.get("text") and fields.get("offset"):
        return found + "\n" + caret(fields["text"], int(fields["offset"]), language)
    if fields.get("source", "").strip() and finding.kind == "exception":
        return found + "\n" + quoted(fields["source"], language)
    return found


def _filled(finding: Finding) -> dict[str, str]:
    fields = dict(finding.fields)
    if fields.get("error"):
        fields["failure"] = f"{fields['error']}: {fields['message']}" if fields.get("message") else fields["error"]
    return fields


def key_of(finding: Finding, fields: Mapping[str, str]) -> str:
    """The catalogue's key for a finding: of its kind and code, of its code, or of its kind alone.

    Ids of declared mistakes and conventions are an author's words: only keys of their own kind may answer to them.
    """
    code = finding.code
    if code.startswith("cell-") and not fields.get("cell"):
        code = "file-" + code.removeprefix("cell-")
    named = [f"{finding.kind}.{code}"]
    if finding.kind == "mistake":
        named += [f"edit.{code}", f"convention.{code}"]
    elif finding.kind not in ("convention", "edit"):
        named.append(code)
    return next((key for key in named if known(key)), finding.kind if known(finding.kind) else code)


def error_text(error: AnswerError, language: str = "en") -> str:
    """An AnswerError as a sentence, with the place in the student's text where there is one.

    >>> print(error_text(AnswerError("open-bracket", text="F*(D", offset=2, fields={"bracket": "("})))
    A bracket is open: `(` is never closed.
        F*(D
          ^
    """
    fields = dict(error.fields) | {"text": error.text}
    if error.offset is not None:
        fields["offset"] = str(error.offset)
    return finding_text(Finding("syntax", error.code, fields), language)
