"""What an author gets wrong, planted in a working problem: a message with file and line, what happened, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import catalog
from autograder.audit import audit
from autograder.errors import ConfigError
from autograder.problem.options import CheckOptions
from autograder.scaffold import new_homework, new_problem

FA_HINT = '"fa": "این کانولوشن معمولی است. این‌جا هر فیلتر K x K تنها یک کانال را می‌بیند.",'
PUBLISHED = 'published=(Published(5, "A paper", {%s}%s),),\n        steps=('

# kind, what stands there, what is put there instead, a text on the line that is named, a part of the message;
# "!" before the message: the key cannot even be loaded
SLIPS = {
    "a wrong reference": ("formula", "reference=C * K**2 + C * F", "reference=C * K**2 + F", "reference=", "at C=2, F=1, K=1 the reference gives 3, the implementation measures 4."),
    "a mistake that is right": ("formula", "answer=C * F * K**2", "answer=C * (K**2 + F)", '"ordinary-convolution"', "equals the reference"),
    "two mistakes that are one": ("formula", "answer=C * K**2,", "answer=C * F * K**2,", '"second-stage-forgotten"', "are the same formula"),
    "two mistakes of one name": ("formula", 'id="second-stage-forgotten"', 'id="ordinary-convolution"', '"ordinary-convolution"', "!two entries are called 'ordinary-convolution'."),
    "a hint in one language": ("formula", FA_HINT, "", '"ordinary-convolution"', "is missing in 'fa'"),
    "a hint without languages": ("number", 'hint={\n                    "en": "That is in bits. Which logarithm does the question ask for?",\n                    "fa": "این مقدار بر حسب بیت است. پرسش کدام لگاریتم را می‌خواهد؟",\n                }', 'hint="In bits."', '"base-two"', "!Write {\"en\": \"...\", \"fa\": \"...\"}."),
    "a hint that gives the formula": ("formula", "Here a K x K filter sees", "It is F*C + K^2*C. Here a filter sees", '"ordinary-convolution"', "holds the reference"),
    "a hint that gives the number": ("number", "That is in bits.", "Not 3.32 but 2.30, please.", '"base-two"', "holds the reference"),
    "a misspelt symbol": ("formula", '{"C": "positive', '{"c": "positive', "reference=", "the reference uses 'C', which is not declared. Is 'c' meant?"),
    "a misspelt symbol in where": ("formula", "        reference=C", '        where=("k >= 2",),\n        reference=C', 'where=("k', "Is 'K' meant?"),
    "a symbol that no student could write": ("formula", "answer=C * K**2,", 'answer=C * sp.Symbol("G"),', '"second-stage-forgotten"', "Declare it in also={...}"),
    "a misspelt kind of number": ("formula", '"C": "positive integer"', '"C": "positive intger"', "intger", "!'positive intger' is no kind of number"),
    "a relation that is none": ("formula", "        reference=C", '        where=("K => 2",),\n        reference=C', "K => 2", "!Write such as \"W >= K\"."),
    "a relation without its comma": ("formula", "        reference=C", '        where="K >= 2",\n        reference=C', 'where="K', "!Write ('K >= 2',) with the comma."),
    "one convention without its comma": ("formula", "+ C * F + F),)", "+ C * F + F))", "conventions=", "!conventions is a single Convention, not a list."),
    "a misspelt convention": ("formula", '"bias-counted"', '"bias-conted"', "bias-conted", "has no sentence of its own"),
    "a credit above one": ("formula", 'id="second-stage-forgotten"', 'id="second-stage-forgotten", credit=2', "credit=2", "!a share of the points, from 0 to 1"),
    "a name used twice": ("formula", 'name="mine"', 'name="q1_loss"', 'name="q1_loss"', "!the name 'q1_loss' is already used in q1_loss.py:37."),
    "a name that is no name": ("formula", 'name="mine"', 'name="my answer"', 'name="my answer"', "!is no Python name"),
    "a syntax error": ("formula", 'sp.symbols("C F K")', 'sp.symbols("C F K"', "sp.symbols", "!'(' was never closed."),
    "a misspelt name in Python": ("formula", "reference=C * K**2", "reference=CC * K**2", "reference=", "!Did you mean 'C'?"),
    "a module that is not there": ("formula", "import numpy as np", "import nunpy as np", "nunpy", "!Is its name right, and is it installed?"),
    "a misspelt field": ("formula", "mistakes=(", "mistake=(", "Formula(", "!Did you mean 'mistakes'?"),
    "a field left out": ("formula", "        reference=C * K**2 + C * F,\n", "", "Formula(", "!Add 'reference'."),
    "a misspelt PROBLEMS": ("formula", "PROBLEMS = [", "PROBLEM = [", "PROBLEM = [", "!declares problems, but no PROBLEMS."),
    "an implementation that raises": ("formula", "    depthwise = [", "    raise RuntimeError('no layer')\n    depthwise = [", "raise Runtime", "build_and_count(C=1, F=1, K=1) raised RuntimeError: no layer."),
    "an implementation without return": ("formula", "return sum(weights", "sum(weights", "reference=", "returns nothing: is its `return` missing?"),
    "an implementation that asks for more": ("formula", "build_and_count(C: int", "build_and_count(D: int", 'name="mine"', "asks for D, which the problem does not declare"),
    "no implementation": ("formula", "        implementation=build_and_count,\n", "", 'name="mine"', "no implementation"),
    "a wrong step": ("formula", "\"C*(K^2 + F)\",", "\"C*(K + F)\",", "steps=", "step 2, C*(K + F), does not equal the reference."),
    "a form to be shown that differs": ("formula", 'shown="C*K^2', 'shown="C*K^3', "shown=", "shown, C*K^3 + C*F, does not equal the reference."),
    "a published figure that differs": ("formula", "steps=(", PUBLISHED % ('"C": 1, "F": 2, "K": 1', ""), "A paper", "A paper prints 5, the reference gives 3."),
    "a published figure left open": ("formula", "steps=(", PUBLISHED % ('"C": 1, "F": 2', ""), "A paper", "leaves 'K' open"),
    "a published figure by no convention": ("formula", "steps=(", PUBLISHED % ('"C": 1, "F": 2, "K": 1', ', "nope"'), "nope", "!Conventions of this problem: bias-counted."),
    "a text in one language": ("formula", '"en": "The number of weights."', '"en": ""', "ask=", "the ask is missing in 'en'"),
    "a given value forgotten": ("number", 'given_values={"C"', 'given_values={"D"', "reference=", "Give it a value in given_values={...}."),
    "a misspelt tolerance": ("number", '"significant_figures"', '"digits"', "tolerance=", "!Known: abs,"),
    "a number that is off": ("number", "reference=sp.log(C)", "reference=2 * sp.log(C)", "reference=", "the reference is 4.605170186, the implementation measures 2.302"),
    "a mistake within the tolerance": ("number", "answer=1 / C", "answer=sp.Rational(23, 10)", '"probability-for-loss"', "which is accepted as right"),
    "an interval beside the value": ("number", "        tolerance={", "        accept=(3, 4),\n        tolerance={", "accept=", "lies outside of accept"),
    "an earlier answer that is none": ("number", "        tolerance={", '        given=("q1_los",),\n        tolerance={', "given=", "!Did you mean 'q1_loss'?"),
    "a function by chance": ("function", "    return (x - mean) / np.sqrt", "    return np.random.normal() + (x - mean) / np.sqrt", 'name="mine"', "is it deterministic?"),
    "a function that raises": ("function", "    mean = x.mean(", "    mean = x.men(", "x.men(", "has no attribute 'men'"),
    "a case that cannot be called": ("function", "rng.normal(size=(4, 7))", "rng.normal(size=(7,))", "mean = x.mean(", "the implementation or its cases raised AxisError"),
    "one case only": ("function", ", Case((rng.normal(size=(4, 7)),)), Case((rng.normal(3, 2, size=(5, 2)), 0.1))", "", "cases=cases", "one case is not enough"),
    "cases that see no mistake": ("function", "    return mine(x.T, eps).T", "    return mine(x, eps)", '"over-the-batch"', "cannot tell 'over-the-batch'"),
    "a mistake that cannot run": ("function", "    return mine(x.T, eps).T", "    return mien(x.T, eps).T", '"over-the-batch"', "cannot run: NameError: name 'mien' is not defined."),
    "a mistake that is no function": ("function", "answer=without_mean", "answer=1", '"without-mean"', "!is no function"),
    "a property that does not hold": ("function", "Case((x + 10.0,))", "Case((x * 10.0 + x**2,))", '"shift-has-no-effect"', "does not have the property 'shift-has-no-effect'"),
    "a signature of another name": ("function", 'signature="mine(x, eps=1e-5)"', 'signature="norm(x, eps=1e-5)"', "signature=", "!is not that of 'mine'"),
    "a signature of other parameters": ("function", 'signature="mine(x, eps=1e-5)"', 'signature="mine(x)"', "signature=", "!The implementation takes (x, eps)."),
    "cases that are no function": ("function", "cases=cases", "cases=[1]", "cases=", "!cases is no function."),
    "a checkpoint that says nothing new": ("derivation", "reference=sp.diff(LOSS, w)", "reference=sp.expand(OUTPUT - t)", '"weight-gradient"', "has the value of the one before it"),
    "an undeclared symbol of a derivation": ("derivation", 'symbols={"w": "real", ', 'symbols={"v": "real", ', '"loss"', "uses 'w', which is not declared"),
    "a correct option that is none": ("choice", 'correct=("b",)', 'correct=("B",)', "correct=", "!Did you mean 'b'?"),
    "a correct option without its comma": ("choice", 'correct=("b",)', 'correct=("b")', "correct=", "!Write ('b',) with the comma."),
    "no correct option": ("choice", 'correct=("b",)', "correct=()", "correct=", "!no option is correct."),
    "a mistake that is the correct choice": ("choice", 'answer="c"', 'answer="b"', '"scaled-twice"', "!is the correct choice"),
    "a mistake that is no option": ("choice", 'answer="c"', 'answer="e"', '"scaled-twice"', "!The options are: a, b, c."),
    "an option that cannot be chosen": ("choice", '"c": {', '"C": {', '"C": {', "!cannot be chosen"),
    "an option in one language": ("choice", '"en": "They stay as they are.", ', "", '"b": {', "the option 'b' is missing in 'en'"),
    "a rubric of no weight": ("written", "                1,\n", "                0,\n", "rubric=", "!no line with a weight above 0"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_its_place(slip: str, tmp_path: Path) -> None:
    kind, before, after, near, message = SLIPS[slip]
    new_homework(tmp_path, "hw1")
    path = new_problem(tmp_path, "hw1", "mine", kind).path
    text = path.read_text(encoding="utf-8").replace("import Convention,", "import Convention, Published,")
    assert before in text
    count = -1 if slip == "a rubric of no weight" else 1
    path.write_text(text.replace(before, after, count), encoding="utf-8")
    found = told(tmp_path)
    loads = not message.startswith("!")
    matching = [entry for entry in found if message.removeprefix("!") in entry[2] and entry[3] == loads]
    assert matching, found
    file, line, _, _ = matching[0]
    assert file == str(path)
    assert line
    assert near in path.read_text(encoding="utf-8").splitlines()[line - 1]


def told(root: Path) -> list[tuple[str, int | None, str, bool]]:
    """File, line, message with advice, and whether the key could be loaded, of everything that is found."""
    try:
        assignment = catalog.load(root, "hw1")
    except ConfigError as error:
        return [(one.file, one.line, f"{one.message} {one.advice}", False) for one in error.problems]
    report = audit(assignment, CheckOptions(secret=b"slips"))
    return [(one.file, one.line, one.message, True) for one in report.findings]


def test_a_slip_in_a_shared_file_is_told_there(tmp_path: Path) -> None:
    new_homework(tmp_path, "hw1")
    path = new_problem(tmp_path, "hw1", "mine", "formula").path
    shared = path.parent / "_layers.py"
    shared.write_text("def count(C, F, K):\n    return C / (K - K)\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("implementation=build_and_count", "implementation=count")
    path.write_text(text.replace("import numpy", "from _layers import count\nimport numpy"), encoding="utf-8")
    assert told(tmp_path) == [
        (str(shared), 2, "count(C=1, F=1, K=1) raised ZeroDivisionError: division by zero.", True)
    ]


def test_every_slip_of_a_homework_is_told_at_once(tmp_path: Path) -> None:
    new_homework(tmp_path, "hw1")
    for name, before, after in (
        ("one", '"positive integer", "F"', '"positiv", "F"'),
        ("two", "mistakes=(", "mistake=("),
    ):
        path = new_problem(tmp_path, "hw1", name, "formula").path
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        path.rename(path.with_name(f"_{path.name}"))
    for path in (tmp_path / "solutions" / "hw1").glob("_q*.py"):
        path.rename(path.with_name(path.name[1:]))
    assert sorted(Path(file).name for file, *_ in told(tmp_path)) == ["q2_one.py", "q2_two.py"]


def test_a_function_may_return_outputs_of_different_shapes(tmp_path: Path) -> None:
    """A loss and its gradient, with a property: both used to stop the audit."""
    new_homework(tmp_path, "hw1")
    path = new_problem(tmp_path, "hw1", "mine", "function").path
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "    return (x - mean) / np.sqrt(variance + eps)", "    return (x - mean) / np.sqrt(variance + eps), 3.0"
    )
    text = text.replace("return mine(x.T, eps).T", "return mine(x.T, eps)[0].T, 3.0")
    text = text.replace(
        "return x / np.sqrt(x.var(axis=1, keepdims=True) + eps)",
        "return x / np.sqrt(x.var(axis=1, keepdims=True) + eps), 3.0",
    )
    path.write_text(
        text.replace("cases=cases,", 'cases=cases,\n        parts=("rows", "count"),'), encoding="utf-8"
    )
    assert told(tmp_path) == []


def test_a_course_may_be_in_one_language(tmp_path: Path) -> None:
    new_homework(tmp_path, "hw1")
    path = new_problem(tmp_path, "hw1", "mine", "formula").path
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"fa"', '"de"'), encoding="utf-8")
    assignment, options = catalog.load(tmp_path, "hw1"), CheckOptions(secret=b"slips")
    assert audit(assignment, options, languages=["en"]).findings == ()
    assert {one.kind for one in audit(assignment, options).findings} == {"text"}
