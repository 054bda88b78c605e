"""grader.toml: everything that is wrong is reported at once, each with its line and what to write."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.config import Config, Limits, check_names, find, load
from autograder.config.loading import _line
from autograder.errors import ConfigError

ROOT = Path(__file__).parent.parent


def config(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "grader.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(tmp_path: Path, text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(ConfigError) as raised:
        config(tmp_path, text)
    return [(one.line, one.message, one.advice) for one in raised.value.problems]


# each row: the file, then line, part of the message, part of the advice
WRONG = {
    "unknown table": ("[corse]\n", 1, "unknown key 'corse'", "Did you mean 'course'?"),
    "unknown key": ('[course]\n\nlangauge = "en"\n', 3, "'course.langauge'", "Did you mean 'language'?"),
    "unknown key of an assignment": ('[assignments.hw1]\ntyp = "exam"\n', 2, "hw1.typ'", "Did you mean 'type'?"),
    "nothing close": ("[late]\nzzz = 1\n", 1, "unknown key 'late'", "Known keys here: course, assignments"),
    "a field of ours": ('path = "x"\n', 1, "unknown key 'path'", ""),
    "text for a number": ('[limits]\ncell_seconds = "ten"\n', 2, "limits.cell_seconds = 'ten'", "Write a number"),
    "quoted number": ('[limits]\nmemory_mb = "1024"\n', 2, "limits.memory_mb", "Write a whole number"),
    "truth for a number": ("[limits]\nprocesses = true\n", 2, "limits.processes", "Write a whole number"),
    "number for a text": ("[course]\nname = 3\n", 2, "course.name = 3", "a text in quotes"),
    "text for a truth": ('[feedback]\nreveal = "yes"\n', 2, "feedback.reveal", "true or false"),
    "below zero": ("[limits]\nmemory_mb = -4\n", 2, "limits.memory_mb = -4", "at least 64"),
    "negative points": ("[assignments.hw1.points]\nq1 = -2\n", 2, "hw1.points.q1 = -2", "at least 0"),
    "negative points, dotted": ("[assignments.HW1]\npoints.q1 = -2\n", 2, "HW1.points.q1", "at least 0"),
    "negative points, inline": ("[assignments.a]\npoints = { x = 1, q1 = -2 }\n", 2, "a.points.q1", "at least 0"),
    "quoted names": ('[assignments."hw 1".points]\n"a.b" = -1\n', 2, "hw 1.points.a.b", "at least 0"),
    "nan": ("[assignments.hw1.points]\nq1 = nan\n", 2, "points.q1 = nan", "fraction in quotes"),
    "a division by zero": ('[credit]\nconvention = "1/0"\n', 2, "credit.convention", "fraction in quotes"),
    "credit above one": ("[credit]\nconvention = 2\n", 2, "credit.convention", "at most 1"),
    "unknown level": ('[feedback]\nlevel = "loud"\n', 2, "feedback.level = 'loud'", "'received', 'verdict'"),
    "a level misspelt": ('[feedback]\nlevel = "hints"\n', 2, "feedback.level = 'hints'", "Did you mean 'hint'? It must be"),
    "a level of an exam misspelt": (
        '[assignments.hw1]\ntype = "exam"\nfeedback = { level = "Recieved" }\n', 3, "hw1.feedback.level", "Did you mean 'received'?",
    ),
    "an attempt for a level that there is not": (
        "[feedback]\nafter = { counter = 2 }\n", 2, "feedback.after.counter", "'counterexample'",
    ),
    "a level misspelt for a problem": (
        '[assignments.hw1.feedback]\nlevels = { q1 = "verdit" }\n', 2, "feedback.levels.q1", "Did you mean 'verdict'?",
    ),
    "level of a problem": (
        '[assignments.hw1.feedback]\nlevels = { q1 = "loud" }\n', 2, "feedback.levels.q1", "'hint'",
    ),
    "unknown language": ('[assignments.hw1.title]\nde = "x"\n', 2, "title.de", "'en' or 'fa'"),
    "unknown wall": ('[limits]\nrequire = ["door"]\n', 2, "limits.require = 'door'", "'landlock'"),
    "a list of tables": ("[[assignments.hw3]]\n", 1, "assignments.hw3", "a table"),
    "a value for a table": ("assignments = 3\n", 1, "assignments = 3", "a table"),
    "a date": ('[assignments.hw1]\ndue = "tomorrow"\n', 2, "hw1.due = 'tomorrow'", "2026-12-01T23:59:00"),
    "late rules": ("[assignments.hw1.late]\nper_day = 1.5\n", 2, "late.per_day", "at most 1"),
    "no TOML": ('[course]\nname = "a"\nname = "b"\n', 3, "no valid TOML", "toml.io"),
    "no TOML at the end": ("[course]\nname =", 2, "no valid TOML", "toml.io"),
    "no secret": ('[course]\nsecret = ""\n', 2, "holds no secret", "env:NAME"),
    "no such variable": ('[course]\nsecret = "env:NO_SUCH_VARIABLE"\n', 2, "holds no secret", "NO_SUCH_VARIABLE"),
    "no such file": ('[course]\nsecret = "file:no-such-file"\n', 2, "holds no secret", "no-such-file"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "advice"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_named_with_its_line_and_what_to_write(
    tmp_path: Path, text: str, line: int, message: str, advice: str
) -> None:
    [(seen_line, seen_message, seen_advice)] = problems(tmp_path, text)
    assert (seen_line, message in seen_message, advice in seen_advice) == (line, True, True), seen_message


def test_all_mistakes_of_a_file_come_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = '[corse]\nname = "x"\n[limits]\nmemory_mb = -1\n[assignments.hw1]\ntyp = "exam"\npoints = { q = -1 }\n'
    assert [line for line, _, _ in problems(tmp_path, text)] == [1, 4, 6, 7]


def test_the_message_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"grader\.toml:2  limits\.memory_mb = -1\.\n    It must be at least 64\."
    ):
        config(tmp_path, "[limits]\nmemory_mb = -1\n")


def test_the_courses_own_file_is_sound() -> None:
    found = load(ROOT / "grader.toml")
    assert found.root == ROOT
    assert found.assignment("hw1").points_of("grad_w") == 2
    assert found.assignment("hw1").points_of("q1a2_weights") == 1


def test_an_empty_file_has_the_documented_defaults(tmp_path: Path) -> None:
    found = config(tmp_path, "")
    assert found.feedback_of("hw1").level == "hint"
    assert (found.tolerances.rtol, found.tolerances.atol) == (1e-9, 0.0)
    assert found.credit.convention == Fraction(1, 2)
    assert found.limits == Limits()
    assert found.assignment("hw1").points_of("anything") == 1


def test_points_and_shares_are_exact(tmp_path: Path) -> None:
    text = '[assignments.hw1.points]\na = 0.1\nb = "1/3"\nc = 2\n[credit]\nconvention = 0.3\n'
    found = config(tmp_path, text)
    points = found.assignment("hw1").points
    assert points == {"a": Fraction(1, 10), "b": Fraction(1, 3), "c": Fraction(2)}
    assert found.credit.convention == Fraction(3, 10)


def test_an_exam_says_nothing_unless_the_exam_is_told_to(tmp_path: Path) -> None:
    text = '[feedback]\nlevel = "full"\nreveal = true\n[assignments.mid]\ntype = "exam"\n'
    assert config(tmp_path, text).feedback_of("mid").level == "received"
    partly = config(tmp_path, text + '[assignments.mid.feedback]\nlevels = { q1 = "verdict" }\n').feedback_of("mid")
    assert (partly.level, partly.level_of("q1"), partly.reveal) == ("received", "verdict", False)


def test_an_assignment_overrides_key_by_key(tmp_path: Path) -> None:
    text = (
        '[feedback]\nlevel = "verdict"\nreveal = true\n[tolerances]\nrtol = 1e-5\n[limits]\nmemory_mb = 512\n'
        '[assignments.hw1]\nfeedback = { level = "full" }\ntolerances = { atol = 1e-3 }\nlimits = { processes = 1 }\n'
    )
    found = config(tmp_path, text)
    own = found.assignment("hw1")
    assert (found.feedback_of("hw1").level, found.feedback_of("hw1").reveal) == ("full", True)
    assert own.tolerances is not None
    assert (own.tolerances.rtol, own.tolerances.atol) == (1e-5, 1e-3)
    assert (found.limits_of("hw1").memory_mb, found.limits_of("hw1").processes) == (512, 1)
    assert found.limits_of("other").processes == 64


def test_language_comes_from_the_assignment_or_the_course(tmp_path: Path) -> None:
    found = config(tmp_path, '[course]\nlanguage = "fa"\n[assignments.hw1]\nlanguage = "en"\n[assignments.hw2]\n')
    assert [found.language_of(name) for name in ("hw1", "hw2", "hw3")] == ["en", "fa", "fa"]


def test_a_due_date_may_be_written_with_or_without_quotes(tmp_path: Path) -> None:
    text = '[assignments.a]\ndue = 2026-12-01T23:59:00+03:30\n[assignments.b]\ndue = "2026-12-01T23:59:00+03:30"\n'
    found = config(tmp_path, text)
    assert found.assignment("a").due == found.assignment("b").due == "2026-12-01T23:59:00+03:30"


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert config(tmp_path, '\ufeff[course]\nname = "x"\n').course.name == "x"


def test_the_secret_may_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.txt").write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("COURSE_SECRET", "from the environment")
    assert config(tmp_path, '[course]\nsecret = "file:secret.txt"\n').course.secret == "from a file"
    assert config(tmp_path, '[course]\nsecret = "env:COURSE_SECRET"\n').course.secret == "from the environment"


def test_points_for_an_answer_that_is_not_there_are_refused(tmp_path: Path) -> None:
    found = config(tmp_path, "[assignments.hw1.points]\ndefault = 1\nq1a2_weigths = 3\n")
    with pytest.raises(ConfigError, match=r"toml:3  hw1 has no answer 'q1a2_weigths'\.\n.*'q1a2_weights'"):
        check_names(found, "hw1", ["q1a2_weights", "q2_grad"])
    check_names(found, "hw1", ["q1a2_weigths"])


def test_the_nearest_file_upwards_is_found(tmp_path: Path) -> None:
    (tmp_path / "grader.toml").write_text("", encoding="utf-8")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find(deep) == tmp_path / "grader.toml"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_a_configuration_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "grader.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"grader\.toml"):
        load(path)


NAMES = st.text(st.sampled_from("abAB1_- ."), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(table=NAMES, key=NAMES)
def test_the_line_of_a_key_is_found_whatever_its_name(table: str, key: str) -> None:
    text = f'# first\n[other]\nx = 1\n["{table}"."sub"]\n# between\n"{key}" = 2\n'
    assert _line(text, (table, "sub", key)) == 6
