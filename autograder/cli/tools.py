"""Commands that need no course: compare expression pairs, count a network's costs, check an installation."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.cli.common import DONE, FINDINGS, UNOPENED, JsonOption, app, echo
from autograder.errors import ConfigError, ConfigProblem

__all__ = ["decide", "doctor", "layers"]


@app.command()
def decide(
    file: Annotated[Optional[Path], typer.Argument(help="JSON lines (default: standard input).")] = None,  # noqa: UP045
) -> None:
    """Compare pairs of expressions: JSON lines in, one JSON line out for each, whatever it says.

    Example:  echo '{"id": 1, "answer": "(x+1)^2", "reference": "x^2+2*x+1"}' | autograder decide
    """
    from autograder.decide_lines import decide_line

    try:
        stream = sys.stdin if file is None or str(file) == "-" else file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        print(f"{file}: cannot be read: {error}", file=sys.stderr)
        raise typer.Exit(UNOPENED) from None
    with stream:
        for line in stream:
            sys.stdout.write(decide_line(line) + "\n")
            sys.stdout.flush()


@app.command()
def layers(
    file: Annotated[Path, typer.Argument(help='A layer graph: {"input": [...], "graph": [...]} (docs/layers.md).')],
    as_json: JsonOption = False,
    setting: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", metavar="NAME=VALUE", help="Give a free symbol a value; may be repeated."),
    ] = None,
) -> None:
    """Print shapes, parameters, multiply-adds and receptive fields of a network, layer by layer.

    Example:  autograder layers examples/lenet5.json --set W=32
    """
    from autograder.layers.cli_support import load_graph, table, to_json

    settings = dict(_setting(text) for text in setting or ())
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{file}: cannot be read: {error}", file=sys.stderr)
        raise typer.Exit(UNOPENED) from None
    network = load_graph(text, str(file), settings)
    echo(json.dumps(to_json(network), ensure_ascii=False, indent=2) if as_json else table(network))


def _setting(text: str) -> tuple[str, int | str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise ConfigError([ConfigProblem("--set", None, f"{text!r} is not NAME=VALUE.", "Write --set W=224.")])
    return name, int(value) if value.lstrip("-").isdigit() else value


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Check this installation: versions, and which walls the sandbox can build on this machine."""
    from autograder.sandbox.doctor import layers as walls

    found = walls()
    if as_json:
        echo(
            json.dumps(
                [{"layer": name, "state": state, "detail": detail} for name, state, detail in found], indent=2
            )
        )
    else:
        for name, state, detail in found:
            echo(f"{state:8} {name:16} {detail}")
    raise typer.Exit(FINDINGS if any(state == "broken" for _, state, _ in found) else DONE)
