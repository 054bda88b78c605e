"""What Gradescope says about a submission, with every quirk of its files; what we make of it by grader.toml."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.config import Feedback
from autograder.errors import AnswerError
from autograder.gradescope.export import folder_of, is_export, read_export, unpack
from autograder.gradescope.metadata import load, standing, unfinished
from autograder.messages import LEVELS

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "autograder" / "simulate" / "results.schema.json").read_text(encoding="utf-8"))

DUE = "2025-11-20T10:00:00.000000-08:00"
HOUR = 3600


def user(due: str | None, name: str = "Student One") -> dict[str, Any]:
    dates = {"release_date": "2025-11-04T10:00:00.000000-08:00", "due_date": due, "late_due_date": None}
    return {"id": 1, "email": "s1@example.edu", "name": name, "sid": "06750001", "assignment": dates}


def earlier(when: str, **other: Any) -> dict[str, Any]:
    complete = {"score": 8.0, "tests": [], "extra_data": {"state": "complete"}}
    return {
        "id": 7,
        "submission_time": when,
        "score": "8.0",
        "autograder_error": False,
        "results": complete,
    } | other


def metadata(created: str = "2025-11-20T13:57:24.522843-08:00", **other: Any) -> dict[str, Any]:
    """As a real file of 2025 has it."""
    assignment = {"id": 3634596, "course_id": 661371, "title": "HW1", "release_date": None, "due_date": DUE}
    assignment |= {"late_due_date": None, "total_points": "14.0", "group_submission": False, "group_size": None}
    assignment["outline"] = [{"id": 5, "type": "ProgrammingQuestion", "weight": "14.0", "parent_id": None}]
    known = {"id": 217383000, "created_at": created, "assignment_id": None, "submission_method": "upload"}
    return known | {"users": [user(DUE)], "assignment": assignment, "previous_submissions": []} | other


# --- lateness ---

LATE = {
    "in time": (metadata("2025-11-20T09:59:59.999999-08:00"), 0),
    "to the second": (metadata("2025-11-20T10:00:00.000000-08:00"), 0),
    "an hour late": (metadata("2025-11-20T11:00:00.000000-08:00"), HOUR),
    "another offset, the same moment": (metadata("2025-11-20T19:00:00.000000+00:00"), HOUR),
    "Z for the offset": (metadata("2025-11-20T19:00:00Z"), HOUR),
    "an extension of the student's own": (metadata(users=[user("2025-11-22T10:00:00.000000-08:00")]), 0),
    "a student's date before the assignment's": (metadata(DUE, users=[user("2025-11-20T09:00:00.000000-08:00")]), HOUR),
    "no date of the student's own": (metadata("2025-11-20T11:00:00-08:00", users=[user(None)]), HOUR),
    "no assignment in the user": (metadata("2025-11-20T11:00:00-08:00", users=[{"id": 1, "name": "A"}]), HOUR),
    "no users": (metadata("2025-11-20T11:00:00-08:00", users=[]), HOUR),
    "users is null": (metadata("2025-11-20T11:00:00-08:00", users=None), HOUR),
    "a group has the latest of its members' dates": (
        metadata("2025-11-20T12:00:00-08:00", users=[user(DUE), user("2025-11-20T11:00:00-08:00", "Two")]),
        HOUR,
    ),
    "no dates at all": (metadata(users=[user(None)], assignment={"due_date": None}), 0),
    "assignment is null": (metadata(users=[user(None)], assignment=None), 0),
    "no time of its own": (metadata(created_at=None), 0),
    "a time that is none": (metadata("yesterday"), 0),
    "an empty file": ({}, 0),
    "no mapping": ([1, 2], 0),
}  # fmt: skip


@pytest.mark.parametrize(("form", "seconds"), LATE.values(), ids=LATE)
def test_lateness(form: Any, seconds: int) -> None:
    assert standing(form).late_seconds == seconds


def test_the_date_in_grader_toml_counts_where_gradescope_has_none() -> None:
    form = metadata("2025-11-20T11:00:00-08:00", users=[user(None)], assignment={"due_date": None})
    assert standing(form, DUE).late_seconds == HOUR
    assert standing(metadata("2025-11-20T11:00:00-08:00"), "2030-01-01T00:00:00Z").late_seconds == HOUR


def test_a_group_with_different_dates_is_told_so() -> None:
    group = [user(DUE), user("2025-11-21T10:00:00-08:00", "Two")]
    assert standing(metadata(users=group)).extended
    assert not standing(metadata(users=[user(DUE), user(DUE, "Two")])).extended
    assert standing(metadata(users=group)).submitters == ("Student One", "Two")


# --- attempts ---

BEFORE, BEFORE_THAT, AFTER = (
    "2025-11-19T17:48:37.207356-08:00",
    "2025-11-18T00:00:00-08:00",
    "2025-11-20T14:00:00-08:00",
)
INCOMPLETE = {"score": 0, "extra_data": {"state": "incomplete"}}
ECHOED = {"score": None, "tests": None, "output": None, "extra_data": None, "visibility": None, "leaderboard": None}
ATTEMPTS = {
    "the first": ([], 1),
    "previous_submissions is null": (None, 1),
    "two before": ([earlier(BEFORE), earlier(BEFORE_THAT)], 3),
    "an error of the autograder": ([earlier(BEFORE, autograder_error=True)], 1),
    "an error, as a text": ([earlier(BEFORE, autograder_error="true")], 1),
    "our fallback": ([earlier(BEFORE, results=INCOMPLETE)], 1),
    "every field null, as echoed": ([earlier(BEFORE, results=ECHOED, autograder_error=None, score=None)], 2),
    "no results": ([{"submission_time": BEFORE, "score": "20.0"}], 2),
    "handed in after this one, as a rerun sees it": ([earlier(BEFORE), earlier(AFTER)], 2),
    "itself": ([earlier(BEFORE, id=217383000)], 1),
    "no time": ([earlier("", submission_time=None)], 2),
    "entries that are none": ([None, 3, {}], 1),
}


@pytest.mark.parametrize(("previous", "attempt"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_attempts(previous: Any, attempt: int) -> None:
    assert standing(metadata(previous_submissions=previous)).attempt == attempt


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=8) | st.just(DUE),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["users", "assignment", "due_date", "created_at", "previous_submissions", "name", "id", "results"]
            ),
            part,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_metadata_stops_a_grading(form: Any) -> None:
    found = standing(form)
    assert found.late_seconds >= 0
    assert found.attempt >= 1
    unfinished(form)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_json_is_no_metadata(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(content)
    assert load(tmp_path / "m.json") is None
    assert load(tmp_path / "nowhere.json") is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(LEVELS), st.dictionaries(st.sampled_from(LEVELS), st.integers(1, 9)), st.integers(1, 12))
def test_attempts_never_open_more_than_the_level_that_is_set(level: Any, after: Any, attempt: int) -> None:
    found = Feedback(level=level, after=after).level_of("q1", attempt)
    assert LEVELS.index(found) <= LEVELS.index(level)


# --- an export ---

EXPORT = """---
submission_217362225:
  :submitters:
  - :name: Student One
    :sid: '06750001'
    :email: s1@example.edu
  - :name: Student Two
    :sid: 06750002
    :email: s2@example.edu
  :created_at: 2023-12-04 05:26:26.899837000 Z
  :score: 0.0
  :status: processed
  :results:
    score: 0
    extra_data:
      state: incomplete
    tests: []
  :history:
  - :submitters: []
    :created_at: 2023-12-03 07:30:05.262325000 Z
    :score: 3.0
    :status: processed
    :results: {score: 3.0, tests: []}
    :id: 217383000
submission_217362226:
  :submitters:
  - :name: دانشجو
    :sid: ''
  :created_at: 2023-12-04 06:00:00.000000000 Z
  :status: processed
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess {score: 7.5, extra_data: }
"""


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    folder = tmp_path / "assignment_42_export"
    for name in ("submission_217362225", "submission_217362226"):
        (folder / name).mkdir(parents=True)
        (folder / name / "answers.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
    (folder / "submission_metadata.yml").write_text(EXPORT, encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "__MACOSX").mkdir()
    return folder


def test_an_export_says_whose_each_submission_is(exported: Path) -> None:
    found = read_export(exported, "2023-12-04T05:00:00Z")
    group, single = found["submission_217362225"], found["submission_217362226"]
    assert group.names == ("Student One (06750001)", "Student Two (06750002)")
    assert (group.unfinished, group.standing.attempt, group.standing.late_seconds) == (True, 2, 1586)
    assert (single.names, single.unfinished, single.standing.attempt) == (("دانشجو",), False, 1)


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "\x00"])
def test_a_broken_list_is_refused(text: str, exported: Path) -> None:
    (exported / "submission_metadata.yml").write_text(text, encoding="utf-8")
    with pytest.raises(AnswerError):
        read_export(exported)


def as_zip(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, Path(folder.name) / path.relative_to(folder))
        archive.writestr("../outside.txt", "x")
    return target


def test_a_zip_of_an_export_is_known_and_unpacked_inside(exported: Path, tmp_path: Path) -> None:
    path = as_zip(exported, tmp_path / "export.zip")
    assert is_export(path)
    (tmp_path / "deep").mkdir()
    unpack(path, tmp_path / "deep")
    assert folder_of(tmp_path / "deep") == tmp_path / "deep" / "assignment_42_export"
    assert not (tmp_path / "outside.txt").exists()


def grade(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", "grade", *arguments, "-a", "hw1"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_grading_an_export_names_submitters_and_unfinished_results(
    packed: bool, exported: Path, tmp_path: Path
) -> None:
    path = as_zip(exported, tmp_path / "export.zip") if packed else exported
    done = grade(str(path), "--json", "-o", str(tmp_path / "out"))
    found = {one["id"]: one for one in json.loads(done.stdout)["submissions"]}
    assert found["submission_217362225"]["submitters"] == ["Student One (06750001)", "Student Two (06750002)"]
    assert [one["score"] for one in found.values()] == [1, 1]
    assert "submission_217362225, Student One (06750001), Student Two (06750002): on Gradescope" in done.stderr
    assert "217362226" not in done.stderr
    assert done.returncode == 0


def test_an_export_of_scans_is_refused_kindly(tmp_path: Path) -> None:
    (tmp_path / "217.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "submission_metadata.yml").write_text(EXPORT, encoding="utf-8")
    done = grade(str(tmp_path))
    assert done.returncode == 3
    assert "PDF files only" in done.stderr


# --- through to results.json ---


def course(folder: Path, *lines: str) -> Path:
    """This course with other settings of homework 1."""
    (folder / "course").mkdir()
    text = (ROOT / "grader.toml").read_text(encoding="utf-8")
    text = text.replace('visibility = "visible"', "\n".join(['visibility = "visible"', *lines]))
    (folder / "course" / "grader.toml").write_text(text, encoding="utf-8")
    (folder / "course" / "solutions").symlink_to(ROOT / "solutions")
    return folder / "course" / "grader.toml"


def results(folder: Path, form: Any, *lines: str) -> dict[str, Any]:
    (folder / "metadata.json").write_text(json.dumps(form), encoding="utf-8")
    (folder / "submission").mkdir()
    (folder / "submission" / "hw1.py").write_text(
        'q1a2_weights = "F*D*K^2"\nq1a4_weights = "F*D*H*W^3 + F"\n', encoding="utf-8"
    )
    target = folder / "results.json"
    command = [str(folder / "submission"), "--results", str(target), "--metadata", str(folder / "metadata.json")]
    done = grade(*command, "--config", str(course(folder, *lines)))
    assert done.returncode == 0, done.stderr
    found = json.loads(target.read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return dict(found)


def row(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(test for test in found["tests"] if test["extra_data"]["name"] == name)


SLOW = 'feedback = { level = "counterexample", after = { hint = 2, counterexample = 3 } }'


@pytest.mark.parametrize(("before", "says"), [(0, "Not right yet."), (1, "Work out a small case"), (2, "Try")])
def test_feedback_grows_with_attempts(before: int, says: str, tmp_path: Path) -> None:
    form = metadata(previous_submissions=[earlier(BEFORE, id=n) for n in range(before)])
    found = results(tmp_path, form, SLOW)
    output = row(found, "q1a4_weights")["output"]
    assert says in output
    assert ("Try" in output) == (before == 2)
    assert found["extra_data"]["attempt"] == before + 1
    told = {0: "From attempt 2 on", 1: "From attempt 3 on", 2: ""}[before]
    assert ("From attempt" in found["output"]) == bool(told)
    assert told in found["output"]


def test_a_late_submission_is_told_so_and_keeps_its_points_by_default(tmp_path: Path) -> None:
    found = results(tmp_path, metadata("2025-11-21T13:30:00-08:00"))
    assert "Handed in 1 d 3 h after the due date." in found["output"]
    assert "taken off" not in found["output"]
    assert found["score"] == sum(test.get("score", 0) for test in found["tests"]) == 1


def test_a_late_penalty_is_taken_off_the_total_and_off_no_row(tmp_path: Path) -> None:
    found = results(tmp_path, metadata("2025-11-21T13:30:00-08:00"), 'late = { per_day = "1/5", days = 3 }')
    assert "40% of the score is taken off. Points that are left: 0.6." in found["output"]
    assert found["score"] == 0.6
    assert row(found, "q1a2_weights")["score"] == 1
    assert (found["extra_data"]["late_share_lost"], found["extra_data"]["late_seconds"]) == (
        "2/5",
        27 * HOUR + 1800,
    )


def test_a_penalty_on_points_that_are_kept_back_names_no_number(tmp_path: Path) -> None:
    found = results(
        tmp_path,
        metadata("2025-11-21T13:30:00-08:00"),
        'late = { per_day = "1/5" }',
        'feedback = { level = "received" }',
    )
    assert "40% of the score is taken off." in found["output"]
    assert "leaves" not in found["output"]


def test_each_row_says_what_it_was_decided_with(tmp_path: Path) -> None:
    found = results(tmp_path, metadata())
    right, wrong = row(found, "q1a2_weights"), row(found, "q1a4_weights")
    assert right["extra_data"]["engine"] == found["extra_data"]["engine"]
    assert right["extra_data"]["key"] == found["extra_data"]["key"]
    assert right["extra_data"]["evidence"] == {"kind": "identity", "error_bound": 0}
    assert right["status"] == "passed"
    assert len(right["extra_data"]["fingerprint"]) == len(wrong["extra_data"]["fingerprint"]) == 24
    assert right["extra_data"]["fingerprint"] != wrong["extra_data"]["fingerprint"]
