"""Stand-ins for `dataclasses` and `typing` in the file for students: what is made with them acts as with Python's own."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.offline import light
from autograder.offline.making import LATER
from tests.athome import TEXT

SOURCE = '''
@dataclass(frozen=True, slots=True)
class Frozen:
    """A doc."""

    value: int
    text: str = field(default="", compare=False)
    parts: Mapping[str, int] = field(default_factory=dict, repr=False)
    last: str = "z"


@dataclass
class Open:
    steps: int = 0

    def more(self) -> int:
        self.steps += 1
        return self.steps
'''


def made(module: ModuleType) -> dict[str, Any]:
    code = "from __future__ import annotations\n" + SOURCE
    space = {"dataclass": module.dataclass, "field": module.field, "Mapping": Mapping, "__name__": __name__}
    exec(compile(code, "<records>", "exec", dont_inherit=True), space)
    return space


@pytest.fixture(params=[dataclasses, light], ids=["dataclasses", "light"])
def records(request: pytest.FixtureRequest) -> dict[str, Any]:
    return made(request.param) | {"replace": request.param.replace}


def test_records_compare_by_their_content_and_by_their_kind(records: dict[str, Any]) -> None:
    frozen, opened = records["Frozen"], records["Open"]
    assert frozen(1) == frozen(value=1, text="ignored")
    assert frozen(1) != frozen(1, last="y")
    assert frozen(1) != frozen(1, "", {"a": 1})
    assert opened() == opened(0)
    assert frozen(1) != opened(1)


def test_frozen_records_are_hashed_and_others_are_not(records: dict[str, Any]) -> None:
    with pytest.raises(TypeError):  # it holds a dict, as Python's own would say
        hash(records["Frozen"](1))
    with pytest.raises(TypeError):
        hash(records["Open"]())
    assert len({records["Frozen"](1, parts=parts) for parts in ((), (), (1,))}) == 2


def test_each_record_has_its_own_default(records: dict[str, Any]) -> None:
    first, second = records["Frozen"](1), records["Frozen"](1)
    first.parts["a"] = 1
    assert second.parts == {}
    assert (second.text, second.last) == ("", "z")


def test_a_record_can_be_changed_in_a_copy(records: dict[str, Any]) -> None:
    first = records["Frozen"](1, "t")
    second = records["replace"](first, value=2)
    assert (first.value, second.value, second.text) == (1, 2, "t")
    counted = records["Open"]()
    assert counted.more() + counted.more() == 3


def test_a_record_can_be_matched(records: dict[str, Any]) -> None:
    frozen = records["Frozen"]
    match frozen(1, "t"):
        case frozen(5):
            pytest.fail("5 is not 1")
        case frozen(1, text=text):
            assert text == "t"


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), ((1,), {"value": 1}), ((1,), {"other": 2}), ((1, "", {}, "z", 5), {}), ((), {"text": ""})],
    ids=["missing", "twice", "unknown", "too many", "only the optional"],
)
def test_a_record_made_wrongly_is_refused(
    records: dict[str, Any], values: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        records["Frozen"](*values, **named)


def test_a_tuple_with_names_is_read_by_them() -> None:
    class Token(light.NamedTuple):
        kind: str
        start: int = 0

    assert Token("op") == Token("op", 0)
    assert Token("op", 3).start == 3
    assert len({Token("op"), Token("op")}) == 1


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    broken = light.Pattern("(")
    assert light.Pattern("[a-c]+").sub("-", "xabcx") == "x-x"
    with pytest.raises(Exception, match="unterminated"):
        broken.match("(")


def test_starting_imports_nothing_that_one_check_does_not_need(tmp_path: Path) -> None:
    """What costs most of the start: the modules that few checks need stay out."""
    (tmp_path / "grader.py").write_text(TEXT, encoding="utf-8")
    code = "import sys; import grader; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    slow = {"argparse", "dataclasses", "inspect", "typing", "pathlib", "shutil", "gettext", "urllib", "tempfile"}
    assert not set(done.stdout.split()) & {*slow, *LATER}


def test_every_class_that_the_file_makes_a_record_of_is_one_without_a_base() -> None:
    """The stand-in knows no fields of a base."""
    for node in ast.walk(ast.parse(TEXT)):
        if isinstance(node, ast.ClassDef) and node.decorator_list:
            assert node.bases == [], node.name
