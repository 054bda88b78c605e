"""The answer key in every format: complete, typeset from the trees that grade, proved, and read back as a reader does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest
import sympy as sp
from test_assignments import leaks

from autograder import config
from autograder.bench import bench
from autograder.errors import ConfigError
from autograder.expression import to_latex
from autograder.expression.markup import mathml_row, to_typst
from autograder.problem import Convention, Formula, Item, Mistake, Number, Step, Written
from autograder.publish import FORMS, key_of, published
from autograder.render.key import Key, document, html_page, markdown, notebook, typst_source
from autograder.render.key.html import FONTS
from autograder.worked import answer_of

ROOT = Path(__file__).parent.parent
BENCH = bench(config.load(ROOT / "grader.toml"), "hw1")
PROBLEMS = BENCH.assignment.problems
LANGUAGES = ["en", "fa"]


@lru_cache
def made(form: str, language: str = "en", *, answers: bool = True, only: str = "") -> bytes:
    if form == "pdf":
        pytest.importorskip("typst")
    return published(key_of(BENCH, only, language, answers=answers), form)


def text(form: str, language: str = "en", *, answers: bool = True) -> str:
    return made(form, language, answers=answers).decode()


@lru_cache
def pages(language: str, *, answers: bool = True) -> list[str]:
    """The text of every page of the PDF, letters of formulas as plain letters."""
    pypdf = pytest.importorskip("pypdf")
    from io import BytesIO

    reader = pypdf.PdfReader(BytesIO(made("pdf", language, answers=answers)))
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in reader.pages]


# --- every answer, in every format ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["md", "html", "ipynb"])
def test_every_answer_is_named_and_the_key_is_marked(form: str, language: str) -> None:
    shown = text(form, language)
    assert [problem.name for problem in PROBLEMS if problem.name not in shown] == []
    assert BENCH.assignment.key in shown
    assert "Deep Learning" in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("form", "write"), [("md", to_latex), ("html", mathml_row)], ids=["Markdown", "HTML"])
def test_every_graded_formula_stands_in_the_key(form: str, write: Callable[..., str], language: str) -> None:
    shown = text(form, language)
    words = {"otherwise": "در غیر این صورت", "and": "و", "or": "یا"} if language == "fa" else None
    for problem in PROBLEMS:
        if isinstance(problem, Formula | Number):
            for part in answer_of(problem).chain:
                assert write(part, words) in shown, problem.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_names_every_answer_and_marks_every_page(language: str) -> None:
    sheets = pages(language)
    together = " ".join(sheets)
    assert [problem.name for problem in PROBLEMS if problem.name not in together] == []
    assert [number for number, page in enumerate(sheets) if BENCH.assignment.key not in page] == []
    assert [number for number, page in enumerate(sheets) if "Deep Learning" not in page] == []


# --- typeset formulas, read back ---


def test_formulas_in_the_pdf_keep_case_order_and_digits() -> None:
    shown = re.sub(r"\s+", "", " ".join(pages("en")))
    assert "F⋅D⋅K2" in shown or "F·D·K2" in shown
    for number in ("120,422,400", "9,633,792", "128,049,152"):
        assert number in shown
    assert "Cin" in shown
    assert "cin" not in shown.replace("medicin", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_in_the_page_keep_case_order_and_digits(language: str) -> None:
    formulas = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<math.*?</math>", text("html", language))]
    assert "F⋅D⋅K2" in formulas
    assert "H⋅W⋅Cout⋅K2⋅Cin=120,422,400" in formulas
    assert any(one.startswith("1+(w−2)⋅(d−1)") or "=1+(w−2)⋅(d−1)" in one for one in formulas)


def test_markdown_leaves_digits_alone() -> None:
    assert "120422400" in text("md")
    assert r"\mathrm{Cin}" in text("md")


def test_persian_pages_hold_persian_sentences_and_latin_formulas() -> None:
    together = " ".join(pages("fa"))
    assert "پاسخ" in together or "پاﺳﺦ" in together
    assert "120,422,400" in together


# --- what a page needs ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_outside(language: str) -> None:
    page = text("html", language)
    assert f'dir="{"rtl" if language == "fa" else "ltr"}"' in page
    assert "<script" not in page
    assert not re.search(r'src="|href="(?!#)', page)
    assert re.findall(r"url\((?!data:)", page) == []
    assert page.count("@font-face") == len(FONTS[language])
    assert "<svg" in page
    assert "prefers-color-scheme: dark" in page
    assert len(page) < 1_000_000


def test_the_fonts_are_small_and_free() -> None:
    folder = ROOT / "autograder" / "render" / "key" / "fonts"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 700_000
    for licence in ("OFL-Vazirmatn.txt", "OFL-STIXTwo.txt"):
        assert "SIL OPEN FONT LICENSE" in (folder / licence).read_text(encoding="utf-8")


def test_the_pdf_embeds_every_font() -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("needs poppler-utils")
    done = subprocess.run(["pdffonts", "-"], input=made("pdf", "fa"), capture_output=True)
    rows = done.stdout.decode().splitlines()[2:]
    assert any("Vazirmatn" in row for row in rows)
    assert any("STIX" in row for row in rows)
    assert [row for row in rows if row.split()[-5] != "yes"] == []


def test_without_typst_a_pdf_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ConfigError, match=r"dl-autograder\[pdf\]"):
        published(key_of(BENCH, "q1a2", "en", answers=True), "pdf")


# --- the sheet ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_without_answers_gives_nothing_away(form: str, language: str) -> None:
    if form == "pdf":
        shown = "\n".join(pages(language, answers=False))
    else:
        shown = re.sub(r"@font-face.*", "", text(form, language, answers=False))
        shown = re.sub(r"<[^>]+>", " ", shown) if form == "html" else shown
    assert "q42d_macs" in shown
    assert leaks(shown) == []
    assert BENCH.assignment.key in shown
    for secret in ("9633792", "9,633,792", "128,049,152", "np.empty"):
        assert secret not in shown


def test_only_a_part_is_written() -> None:
    shown = made("md", only="q42").decode()
    assert "q42d_macs" in shown
    assert "q1a2_weights" not in shown
    with pytest.raises(ConfigError, match="begins with 'q9'"):
        key_of(BENCH, "q9", "en", answers=True)


# --- conventions, pictures, steps ---


def test_accepted_conventions_are_listed_with_their_credit() -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text("html")))
    assert re.search(r"with bias F ⋅ \( D ⋅ K 2 \+ 1 \) 1/2", page)


def test_every_mistake_is_named_with_what_students_read_of_it() -> None:
    told = {"en": "A filter is a square, not a line."}
    wrong = [Mistake(id="line", answer=F * D * K, hint=told), Mistake(id="no-depth", answer=F * K**2)]
    formula = replace(SMALL[0], mistakes=tuple(wrong))  # type: ignore[type-var]
    page = markdown(document(replace(SMALL_KEY, problems=[formula])))
    assert r"| $F \cdot D \cdot K$ | `line`: A filter is a square, not a line. |" in page
    assert "| `no-depth` |" in page
    function = next(problem for problem in PROBLEMS if problem.name == "conv_weights")
    nameless = Mistake(id="one-bias", answer=function.implementation)  # type: ignore[attr-defined]
    page = markdown(document(replace(SMALL_KEY, problems=[replace(function, mistakes=(nameless,))])))  # type: ignore[type-var]
    assert "| `one-bias` |" in page, "a function's mistake without a hint has a name at least"


def test_sizes_in_a_persian_picture_run_from_left_to_right() -> None:
    page = made("html", "fa").decode()
    assert "\u206628 × 28 × 256\u2069" in page
    assert "3، 5، 7" in page


def test_pictures_are_drawn_from_the_problems_data() -> None:
    page = text("html")
    drawings = re.findall(r"<svg.*?</svg>", page)
    assert len(drawings) == 4
    module = next(one for one in drawings if "concatenated" in one)
    assert "28 × 28 × 256" in module
    assert "86,704,128 MACs" in module
    kernels = next(one for one in drawings if "D = 3" in one)
    assert kernels.count("--pic-tap") == 27
    assert "■ · · ■ · · ■" in text("md")


# --- refusing ---


def run_key(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "autograder",
        "key",
        "hw1",
        "--config",
        str(folder / "grader.toml"),
        *arguments,
    ]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def copied(folder: Path) -> Path:
    """A course of one file, q1c.py."""
    (folder / "grader.toml").write_text("[course]\nname = 'a copy'\n", encoding="utf-8")
    solutions = folder / "solutions" / "hw1"
    solutions.mkdir(parents=True)
    for name in ("_common.py", "_styles.py", "_words.py", "q1c.py"):
        shutil.copy(ROOT / "solutions" / "hw1" / name, solutions)
    return solutions / "q1c.py"


SLIPS = {
    "a reference": ("(N / 2**L) ** 2,", "(N / 2**L) ** 3,", "implementation measures 64"),
    "a step": ('Step("8*8",', 'Step("8*9",', "step 2, 8*9, does not equal"),
    "the formula shown": ('shown="(N/2^L)^2"', 'shown="(N/2^L)^3"', "shown, (N/2^L)^3"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_key_with_a_slip_is_refused(name: str, tmp_path: Path) -> None:
    old, new, told = SLIPS[name]
    path = copied(tmp_path)
    done = run_key(tmp_path)
    assert done.returncode == 0, done.stderr
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    done = run_key(tmp_path, "-o", "key.md")
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert "solutions/hw1/q1c.py:" in done.stderr
    assert not (tmp_path / "key.md").exists()


def test_a_key_that_passed_is_remembered_until_something_changes(tmp_path: Path) -> None:
    copied(tmp_path)
    marks = tmp_path / "cache" / "dl-autograder" / "audits"
    assert run_key(tmp_path).stdout == run_key(tmp_path).stdout
    assert len(list(marks.iterdir())) == 1
    (tmp_path / "grader.toml").write_text("[course]\nname = 'a copy'\nsecret = 'another'\n", encoding="utf-8")
    assert run_key(tmp_path).returncode == 0
    assert len(list(marks.iterdir())) == 2


# --- the notebook runs ---


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebook_runs_from_top_to_bottom(language: str) -> None:
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    nbformat = pytest.importorskip("nbformat")
    book = nbformat.reads(text("ipynb", language), as_version=4)
    nbformat.validate(book)
    nbclient.NotebookClient(book, timeout=120).execute()
    checked = [cell for cell in book.cells if cell.cell_type == "code" and "assert agree" in cell.source]
    assert len(checked) >= sum(isinstance(problem, Formula | Number) for problem in PROBLEMS)


@pytest.mark.slow
def test_a_notebook_with_a_slip_does_not_run() -> None:
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    nbformat = pytest.importorskip("nbformat")
    wrong = made("ipynb", only="q1a2").decode().replace("F * (D * K * K)", "F * (D * K + K)")
    assert "D * K + K" in wrong
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="AssertionError"):
        nbclient.NotebookClient(nbformat.reads(wrong, as_version=4), timeout=120).execute()


def test_the_notebook_imports_numpy_and_the_standard_library_only() -> None:
    book = json.loads(text("ipynb"))
    sources = "\n".join(cell["source"] for cell in book["cells"] if cell["cell_type"] == "code")
    imported = set(re.findall(r"^(?:from|import) (\w+)", sources, flags=re.MULTILINE))
    assert imported <= {"__future__", "math", "fractions", "itertools", "numpy", "typing", "collections", "IPython"}


# --- golden files: a key of two questions ---

F, D, K = sp.symbols("F D K")
WEIGHTS = Item(
    id="Q1",
    title={"en": "Weights of F filters", "fa": "وزن‌های F فیلتر"},
    question={"en": "F filters of K x K see D maps.", "fa": "F فیلتر K x K روی D نقشه (بدون padding)."},
    source="A book",
)
REASON = Item(id="Q2", title={"en": "Why so few", "fa": "چرا کم"}, question={"en": "Say why.", "fa": "بگویید چرا."})
SMALL = [
    Formula(
        name="q1_weights",
        item=WEIGHTS,
        ask={"en": "The number of weights.", "fa": "تعداد وزن‌ها."},
        reference=F * D * K**2,
        shown="F*D*K^2",
        symbols=dict.fromkeys("FDK", "positive integer"),
        steps=(Step("F*(D*K*K)", {"en": "D*K*K for each filter:", "fa": "D*K*K برای هر فیلتر:"}),),
        conventions=(Convention(id="bias-counted", answer=F * (D * K**2 + 1)),),
        mistakes=(Mistake(id="line", answer=F * D * K, hint={"en": "K is a side.", "fa": "K یک ضلع است."}),),
    ),
    Written(
        name="q2_text",
        item=REASON,
        ask={"en": "In a sentence.", "fa": "در یک جمله."},
        rubric=((2, {"en": "they are shared", "fa": "مشترک‌اند"}),),
        model={"en": "All positions share them.", "fa": "همهٔ جایگاه‌ها مشترک‌اند."},
    ),
]
CREDITS = {("q1_weights", "bias-counted"): Fraction(1, 2)}
SMALL_KEY = Key("Two questions", SMALL, "sha256:0123", "en", True, "A course", "1.0", {}, CREDITS)


def written(form: str, key: Key) -> str:
    whole = document(key)
    if form == "md":
        return markdown(whole)
    if form == "typ":
        return typst_source(whole, "// the layout of key.typ\n")
    if form == "html":
        return html_page(whole, "", {file: b"" for *_, file in FONTS[key.language]})
    return notebook(key)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["md", "html", "typ", "ipynb"])
def test_a_small_key_reads_as_its_golden_file(form: str, language: str, request: pytest.FixtureRequest) -> None:
    shown = written(form, replace(SMALL_KEY, language=language))
    path = ROOT / "tests" / "golden" / f"key_{language}.{form}"
    if request.config.getoption("--update-golden"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def test_typst_source_is_formula_by_formula_what_the_tree_says() -> None:
    assert f"${to_typst(answer_of(SMALL[0]).chain[0])}$".strip("$") in written("typ", SMALL_KEY)  # type: ignore[arg-type]


# --- the page in a browser ---


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_prints_the_page(language: str, tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None or shutil.which("pdftotext") is None:
        pytest.skip("needs chromium and poppler-utils")
    page = tmp_path / "key.html"
    page.write_bytes(made("html", language))
    switches = "--headless --no-sandbox --disable-gpu --no-first-run --disable-sync --disable-background-networking"
    command = [
        browser,
        *switches.split(),
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--print-to-pdf={tmp_path / 'k.pdf'}",
    ]
    subprocess.run([*command, page.as_uri()], capture_output=True, timeout=180)
    done = subprocess.run(["pdftotext", str(tmp_path / "k.pdf"), "-"], capture_output=True, timeout=60)
    sheets = unicodedata.normalize("NFKC", done.stdout.decode()).split("\f")[:-1]
    assert len(sheets) > 20
    assert [number for number, sheet in enumerate(sheets) if BENCH.assignment.key not in sheet] == []
    assert "120,422,400" in " ".join(sheets)
