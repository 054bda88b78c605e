"""Reading what students hand in: every kind that works, and every kind that is refused with one clear code."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.config import Limits
from autograder.errors import AnswerError
from autograder.submission import discover, read

LIMITS = Limits(submission_mb=1, members=50)
CODE = "answer = 1\n"


def notebook(*sources: str, **more: Any) -> bytes:
    cells = [{"cell_type": "code", "source": source, "outputs": [{"text": "9" * 99}]} for source in sources]
    return json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "# Hi"}, *cells], **more}
    ).encode()


def zipped(members: dict[str, bytes], path: Path, mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def code_of(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(AnswerError) as raised:
        read(path, limits)
    return raised.value.code


# --- what works ---


@pytest.mark.parametrize(
    "content",
    [
        b"answer = 1\n",
        b"\xef\xbb\xbfanswer = 1\n",
        b"answer = 1\r\n",
        b"answer = 1\r",
    ],
    ids=["plain", "bom", "crlf", "cr"],
)
def test_a_py_file_is_one_cell(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_bytes(content)
    found = read(tmp_path / "hw1.py", LIMITS)
    assert (found.id, found.kind, [cell.source for cell in found.cells]) == ("hw1", "py", [CODE])


def test_a_declared_encoding_is_respected(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes("# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1"))
    assert "'é'" in read(tmp_path / "a.py", LIMITS).cells[0].source


def test_cells_come_in_order_and_outputs_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "hw.ipynb").write_bytes(notebook("a = 1", "b = 2"))
    found = read(tmp_path / "hw.ipynb", LIMITS)
    assert [(cell.number, cell.source) for cell in found.cells] == [(1, "a = 1"), (2, "b = 2")]


def test_notebook_format_3_is_read(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]
    (tmp_path / "old.ipynb").write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert read(tmp_path / "old.ipynb", LIMITS).cells[0].source == "a = 1\nb = 2"


def test_magics_are_reported_and_keep_the_line_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(notebook("%matplotlib inline\n!pip install x\nanswer = 5 % 3", "%%bash\nls"))
    found = read(tmp_path / "a.ipynb", LIMITS)
    assert found.cells[0].source.splitlines()[2] == "answer = 5 % 3"
    assert all(line.startswith("#") for line in found.cells[0].source.splitlines()[:2])
    assert found.cells[1].source == ""
    assert [note.code for note in found.notes] == ["magic-not-run"] * 2


def test_other_files_come_along(tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text(CODE)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.txt").write_text("1")
    (tmp_path / ".OTTER_LOG").write_text("secret")
    assert dict(read(tmp_path, LIMITS).files) == {"data/x.txt": b"1"}


@pytest.mark.parametrize("name", ["hw1.py", "hw1/hw1.py", "a/b/c/hw1.py"])
def test_a_zip_is_read_however_its_folders_nest(name: str, tmp_path: Path) -> None:
    path = zipped({"__MACOSX/._hw1.py": b"\0", ".DS_Store": b"\0", name: CODE.encode()}, tmp_path / "s.zip")
    assert read(path, LIMITS).cells[0].source == CODE


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("key")
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "hw1.py").write_text(CODE)
    (folder / "key.txt").symlink_to(secret)
    (folder / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert dict(read(folder, LIMITS).files) == {}


# --- what is refused ---


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.py", "answer = 1".encode("utf-16"), "utf-16"),
        ("a.py", b"answer = 1\0", "nul-bytes"),
        ("a.py", b"name = '\xe9'\n", "bad-encoding"),
        ("a.py", b"# coding: no-such-thing\n", "bad-encoding"),
        ("a.py", b"#" * (2 << 20), "file-too-large"),
        ("a.ipynb", b"{", "broken-notebook"),
        ("a.ipynb", b"[]", "broken-notebook"),
        ("a.ipynb", b"[" * 100_000, "broken-notebook"),
        ("a.ipynb", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "broken-notebook"),
        ("a.pdf", b"%PDF-1.4", "no-code"),
        ("a.zip", b"PK\x03\x04 not a zip", "broken-zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert code_of(tmp_path / name) == code


def test_an_empty_folder_and_a_pdf_alone_are_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "nothing-to-grade"
    (tmp_path / "hw1.pdf").write_bytes(b"%PDF")
    assert code_of(tmp_path) == "no-code"


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hw1.py")
    assert code_of(tmp_path / "hw1.py") == "not-a-file"


@pytest.mark.parametrize(
    "name", ["../evil.py", "/evil.py", "a/../../evil.py", "..\\evil.py", "C:\\evil.py", "e\nvil.py", ".hidden.py"]
)
def test_a_member_that_leads_out_is_left_out(name: str, tmp_path: Path) -> None:
    path = zipped({name: b"evil = 1", "hw1.py": CODE.encode()}, tmp_path / "s.zip")
    found = read(path, LIMITS)
    assert found.cells[0].source == CODE
    assert dict(found.files) == {}


def test_a_link_in_a_zip_is_left_out(tmp_path: Path) -> None:
    path = zipped({"hw1.py": b"/etc/passwd"}, tmp_path / "s.zip", stat.S_IFLNK | 0o777)
    assert code_of(path) == "nothing-to-grade"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped({"hw1.py": CODE.encode(), "big.txt": bytes(64 << 20)}, tmp_path / "s.zip")
    assert path.stat().st_size < 1 << 20
    assert code_of(path) == "file-too-large"


def test_many_zips_share_the_bytes_of_one_submission(tmp_path: Path) -> None:
    for n in range(4):
        zipped({f"{n}.py": b" " * (400 << 10)}, tmp_path / f"{n}.zip")
    assert code_of(tmp_path) == "file-too-large"


@pytest.mark.parametrize("deep", [1, 2])
def test_a_zip_in_a_zip_is_read_and_no_deeper(deep: int, tmp_path: Path) -> None:
    content = zipped({"hw1.py": CODE.encode(), "notes.txt": b"n"}, tmp_path / "inner.zip").read_bytes()
    for _ in range(deep):
        content = zipped({"hand in/inner.zip": content}, tmp_path / "outer.zip").read_bytes()
    (tmp_path / "inner.zip").unlink()
    for path in (tmp_path / "outer.zip", tmp_path):  # as it is, and in a folder as Gradescope leaves it
        if deep == 1:
            assert (read(path, LIMITS).cells[0].source, set(read(path, LIMITS).files)) == (CODE, {"notes.txt"})
        else:
            assert code_of(path) == "no-code"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = zipped({f"{n}.py": b"" for n in range(60)}, tmp_path / "s.zip")
    assert code_of(path) == "too-many-members"
    path.unlink()
    for n in range(60):
        (tmp_path / f"{n}.py").touch()
    assert code_of(tmp_path) == "too-many-members"


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw1.py", "x = 1\n" * 5000)
    raw = bytearray(buffer.getvalue())
    for at in (22, raw.rfind(b"PK\x01\x02") + 24):  # the size of the content, in both headers
        raw[at : at + 4] = (10).to_bytes(4, "little")
    (tmp_path / "s.zip").write_bytes(raw)
    assert code_of(tmp_path / "s.zip") == "broken-zip"


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = zipped({"hw1.py": CODE.encode()}, tmp_path / "s.zip")
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert code_of(path) == "encrypted-zip"


# --- several ---


def test_a_folder_of_students_gives_one_submission_each(tmp_path: Path) -> None:
    for name in ("submission_2", "submission_1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hw1.py").write_text(CODE)
    (tmp_path / "submission_metadata.yml").write_text("---\n")
    (tmp_path / "__MACOSX").mkdir()
    zipped({"hw1.py": CODE.encode()}, tmp_path / "zed.zip")
    assert [name for name, _ in discover(tmp_path)] == ["submission_1", "submission_2", "zed"]


def test_a_folder_with_code_is_one_submission(tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text(CODE)
    (tmp_path / "helpers").mkdir()
    assert [path for _, path in discover(tmp_path)] == [tmp_path]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnswerError) as raised:
        discover(tmp_path / "nowhere")
    assert raised.value.code == "no-such-path"
