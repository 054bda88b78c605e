"""Makes the pictures of these pages from real runs: the zip in Gradescope's layout, the answer key, the notebook.

Needs root on Linux, Chromium, Pillow and nbconvert.  Run:  python docs/pictures.py
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "pictures"
COLOURS = 48  # few are enough for text and keep the files small
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --hide-scrollbars"


def picture(page: Path, name: str, size: tuple[int, int]) -> None:
    """The top of a page, as a small PNG file."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        options = [f"--user-data-dir={folder}", f"--screenshot={shot}", f"--window-size={size[0]},{size[1]}"]
        subprocess.run(["chromium", "--headless", *QUIET.split(), *options, page.as_uri()], check=True)
        image = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")
    image.quantize(COLOURS).save(OUT / f"{name}.png", optimize=True)
    print(f"{name}.png: {(OUT / f'{name}.png').stat().st_size // 1024} KiB")


def run(folder: Path, *arguments: str) -> None:
    """One command of ours in a course's folder."""
    subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=folder, check=True)


def main() -> None:
    """Follow the instructors' page, and photograph what it makes."""
    sys.path.insert(0, str(ROOT))
    from tests import pages

    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for command in pages.follow(ROOT / "docs" / "instructor.md", folder, as_root=True):
            print(command)
        picture(folder / "ada.html", "gradescope", (1000, 900))
        run(folder, "key", "hw1", "--format", "html", "--only", "q1a", "-o", "key.html")
        picture(folder / "key.html", "key", (900, 900))
        notebook = folder / "assignments" / "hw1" / "hw1.ipynb"
        command = [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            "html",
            "--output",
            str(folder / "hw1.html"),
            str(notebook),
        ]
        subprocess.run(command, check=True)
        picture(folder / "hw1.html", "notebook", (900, 760))


if __name__ == "__main__":
    main()
