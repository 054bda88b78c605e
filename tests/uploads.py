"""What students upload to Gradescope, as data: files by name, and what has to become of them.

GRADED: the answers WEIGHTS and COUNT must come out right; a note is the code of what the student is told beside.
REFUSED: the code of the one sentence.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

WEIGHTS = 'q1a2_weights = "F*D*K^2"\n'
FUNCTION = "def conv_weights(D, K, F, bias=False):\n    return F * D * K**2 + (F if bias else 0)\n"
ANSWERS = WEIGHTS + FUNCTION
BLANK = "q1a2_weights = ...  # a formula in D, F, K\n\n\ndef conv_weights(D, K, F, bias=False):\n    '''Weights.'''\n    return ...\n"


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def colab(*sources: str) -> bytes:
    """As Colab saves it: minor version 0, ids in the metadata, outputs with its own HTML."""
    form = {
        "id": "vTfAGw5sX2oP",
        "colab": {"base_uri": "https://localhost:8080/", "height": 34},
        "outputId": "b2f1c9a0-51c4-4a4f-9f5e-3f6f0a9c2f11",
        "executionInfo": {
            "status": "ok",
            "timestamp": 1731412345678,
            "user_tz": -210,
            "elapsed": 412,
            "user": {"displayName": "", "userId": "0"},
        },
    }
    output = {"output_type": "stream", "name": "stdout", "text": ["Mounted at /content/drive\n"]}
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "source": ["# Homework 1\n"], "metadata": {"id": "kq3Rk2mCw9aZ"}}
    ]
    cells += [
        {"cell_type": "code", "source": lines(source), "metadata": form, "execution_count": 1, "outputs": [output]}
        for source in sources
    ]
    metadata = {
        "colab": {"provenance": [], "gpuType": "T4", "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": metadata, "cells": cells}).encode()


def jupyterlab(*sources: str, **language: str) -> bytes:
    """As JupyterLab 4 saves it: minor version 5, an id on every cell, and the kernel's description."""
    info = {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.12.4",
    } | language
    kernel = {"display_name": "Python 3 (ipykernel)", "language": info["name"], "name": "python3"}
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"8f0a1c{n:02d}",
            "metadata": {"editable": True, "slideshow": {"slide_type": ""}, "tags": []},
            "outputs": [],
            "source": lines(source),
        }
        for n, source in enumerate(sources)
    ]
    cells.append({"cell_type": "raw", "id": "aa", "metadata": {}, "source": ["not code ="]})
    return json.dumps(
        {
            "cells": cells,
            "metadata": {"kernelspec": kernel, "language_info": info},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    ).encode()


def vscode(*sources: str) -> bytes:
    """As VS Code saves it: no ids, its own language mark on cells, and cells of other languages."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {"vscode": {"languageId": "python"}},
            "outputs": [],
            "source": lines(source),
        }
        for source in sources
    ]
    cells.insert(
        0,
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {"vscode": {"languageId": "shellscript"}},
            "outputs": [],
            "source": ["pip install torch && exit 1\n"],
        },
    )
    kernel = {"display_name": ".venv", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "cells": cells,
            "metadata": {
                "kernelspec": kernel,
                "language_info": {"name": "python", "version": "3.11.7"},
                "orig_nbformat": 4,
            },
            "nbformat": 4,
            "nbformat_minor": 2,
        }
    ).encode()


def format_3(*sources: str) -> bytes:
    """As IPython 2 saved it: worksheets, `input` for the source, `language` on each cell."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "collapsed": False,
            "input": lines(source),
            "language": "python",
            "metadata": {},
            "outputs": [],
            "prompt_number": 1,
        }
        for source in sources
    ]
    cells.append({"cell_type": "code", "input": ["puts 1"], "language": "ruby", "metadata": {}, "outputs": []})
    return json.dumps(
        {
            "metadata": {"name": "", "signature": "sha256:0"},
            "nbformat": 3,
            "nbformat_minor": 0,
            "worksheets": [{"cells": cells, "metadata": {}}],
        }
    ).encode()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


DRIVE = "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive\n"
PLOT = "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nimport numpy as np\n"
PERCENT = 'q1a2_weights = ("%s*D*K^2"\n                % "F")\n' + FUNCTION
QUOTED = "'''\n%not a magic\n!nor this\n'''\nshape = (28,\n         # it's a comment (\n         28)\n" + ANSWERS
CRASHING_LOG = b"\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94."
MAGIC, SEVERAL, NOTEBOOKS = "magic-not-run", "one-file-graded", "one-notebook-graded"

GRADED: dict[str, tuple[dict[str, bytes], str]] = {
    "a .py file": ({"hw1.py": ANSWERS.encode()}, ""),
    "Colab": ({"hw1.ipynb": colab("!pip install -q torch\n", DRIVE, ANSWERS)}, MAGIC),
    "Colab, all in one cell": ({"Copy of hw1.ipynb": colab(DRIVE + ANSWERS)}, MAGIC),
    "JupyterLab": ({"hw1.ipynb": jupyterlab(PLOT, ANSWERS)}, MAGIC),
    "VS Code": ({"hw1.ipynb": vscode("import numpy as np\n", ANSWERS)}, ""),
    "notebook format 3": ({"hw1.ipynb": format_3(WEIGHTS, FUNCTION)}, ""),
    "a wrong name": ({"my answers FINAL (2).ipynb": jupyterlab(ANSWERS)}, ""),
    "a Persian name": ({"تمرین ۱ نهایی.ipynb": jupyterlab(ANSWERS)}, ""),
    "endings in capitals": ({"HW1.IPYNB": jupyterlab(ANSWERS)}, ""),
    "an ending that a browser added": ({"hw1.ipynb.txt": jupyterlab(ANSWERS)}, ""),
    "another one": ({"hw1.ipynb.json": jupyterlab(ANSWERS)}, ""),
    "a notebook that was called .py": ({"hw1.py": jupyterlab("a = 1\n", ANSWERS)}, ""),
    "a notebook with a byte order mark": ({"hw1.ipynb": b"\xef\xbb\xbf" + jupyterlab(ANSWERS)}, ""),
    "a notebook in a zip": ({"hw1.zip": zipped(**{"hw1.ipynb": jupyterlab(ANSWERS)})}, ""),
    "a zip of a Mac": ({"hw1.zip": zipped(**{"hw1/hw1.ipynb": jupyterlab(ANSWERS), "__MACOSX/hw1/._hw1.ipynb": b"\0\5\26", "hw1/.DS_Store": b"\0"})}, ""),
    "an ending .ZIP": ({"HW1.ZIP": zipped(**{"hw1.ipynb": jupyterlab(ANSWERS)})}, ""),
    "what Otter exports": ({"hw1.ipynb": jupyterlab(ANSWERS), "hw1.pdf": b"%PDF-1.7", ".OTTER_LOG": CRASHING_LOG, "__zip_filename__": b"hw1_2026.zip"}, ""),
    "a PDF beside the notebook": ({"hw1.ipynb": jupyterlab(ANSWERS), "hw1.pdf": b"%PDF-1.7"}, ""),
    "a helper that it imports": ({"hw1.ipynb": jupyterlab("from layers import *\n" + WEIGHTS), "layers.py": FUNCTION.encode()}, SEVERAL),
    "data that it reads": ({"hw1.ipynb": jupyterlab("q1a2_weights = open('data/w.txt').read()\n" + FUNCTION), "data/w.txt": b"F*D*K^2"}, ""),
    "answers in .py, the notebook left blank": ({"hw1.py": ANSWERS.encode(), "hw1.ipynb": jupyterlab(BLANK)}, SEVERAL),
    "answers in the notebook, .py left blank": ({"hw1.py": BLANK.encode(), "hw1.ipynb": jupyterlab(ANSWERS)}, ""),
    "answers in both": ({"hw1.py": ANSWERS.encode(), "hw1.ipynb": jupyterlab(ANSWERS)}, SEVERAL),
    "two notebooks, one blank": ({"hw1.ipynb": jupyterlab(BLANK), "hw1-Copy1.ipynb": jupyterlab(ANSWERS)}, NOTEBOOKS),
    "a broken notebook beside a .py": ({"hw1.ipynb": b"{", "answers.py": ANSWERS.encode()}, SEVERAL),
    "checkpoints of Jupyter": ({"hw1.ipynb": jupyterlab(ANSWERS), ".ipynb_checkpoints/hw1-checkpoint.ipynb": jupyterlab(BLANK)}, ""),
    "a repository": ({"README.md": b"# hw", "src/hw1.ipynb": jupyterlab(ANSWERS), "src/util.py": b"x = 1\n", "tests/test_x.py": b"def test(): pass\n", ".git/config": b""}, ""),
    "a kernel of another language that never ran it": (
        {"hw1.ipynb": jupyterlab(ANSWERS).replace(b'"language": "python"', b'"language": "bash"')},
        "",
    ),
    "a cell that is timed": ({"hw1.ipynb": jupyterlab("%%time\n" + ANSWERS)}, MAGIC),
    "a cell whose output is caught": ({"hw1.ipynb": jupyterlab("\n%%capture out\n" + ANSWERS)}, MAGIC),
    "a line that is timed": ({"hw1.ipynb": jupyterlab('%time q1a2_weights = "F*D*K^2"\n' + FUNCTION)}, ""),
    "a shell's output in a name": ({"hw1.ipynb": jupyterlab("files = !ls\nuser = %env HOME\nnp.dot?\n" + ANSWERS)}, MAGIC),
    "a line that begins with the operator %": ({"hw1.ipynb": jupyterlab(PERCENT)}, ""),
    "text that looks like a magic": ({"hw1.ipynb": jupyterlab(QUOTED)}, ""),
    "a slip in another cell": ({"hw1.ipynb": jupyterlab("print('hi'\n", "1/0\n", ANSWERS)}, "note.cell-syntax"),
    "carriage returns": ({"hw1.ipynb": jupyterlab(ANSWERS.replace("\n", "\r\n"))}, ""),
}  # fmt: skip

REFUSED: dict[str, tuple[dict[str, bytes], str]] = {
    "nothing": ({}, "nothing-to-grade"),
    "a PDF by mistake": ({"hw1.pdf": b"%PDF-1.7"}, "no-code"),
    "pictures": ({"1.png": b"\x89PNG", "2.jpg": b"\xff\xd8"}, "no-code"),
    "an archive that is no zip": ({"hw1.rar": b"Rar!\x1a\x07"}, "no-code"),
    "a zip that is broken": ({"hw1.zip": b"PK\x03\x04 cut off"}, "broken-zip"),
    "only hidden files": ({".OTTER_LOG": CRASHING_LOG, ".DS_Store": b"\0"}, "nothing-to-grade"),
    "a notebook with huge outputs": ({"hw1.ipynb": jupyterlab(ANSWERS) + b" " * (65 << 20)}, "file-too-large"),
    "half a notebook": ({"hw1.ipynb": jupyterlab(ANSWERS)[:100]}, "broken-notebook"),
    "an empty notebook file": ({"hw1.ipynb": b""}, "broken-notebook"),
    "a web page with a notebook's name": ({"hw1.ipynb": b"<!DOCTYPE html><html>"}, "web-page"),
    "a notebook in R": ({"hw1.ipynb": jupyterlab("x <- 1\n", name="R")}, "other-language"),
    "a notebook saved as UTF-16": ({"hw1.ipynb": jupyterlab(ANSWERS).decode().encode("utf-16")}, "utf-16"),
    "a page that was printed": ({"hw1.html": b"<html>"}, "no-code"),
}  # fmt: skip
