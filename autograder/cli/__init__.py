"""The command line: `autograder grade`, `try`, `list`, `audit`, `key`, `pack`, ...

Exit codes: 0 done, also when answers are wrong or wait; 1 findings (audit, check, simulate); 2 usage or
configuration; 3 a path could not be opened as a submission, or a failure of ours left an answer UNDECIDED; 130
interrupted.
"""

from __future__ import annotations

import importlib
import sys

from autograder.cli.common import INTERRUPTED, USAGE, app, from_here
from autograder.errors import ConfigError

__all__ = ["COMMANDS", "app", "main"]

# command -> the module that adds it to the app, in the order of the help; only what is asked for is imported
COMMANDS = {
    "grade": "grading",
    "try": "trying",
    "list": "trying",
    "check": "checking",
    "audit": "authoring",
    "key": "publishing",
    "new": "scaffolding",
    "pack": "packing",
    "simulate": "simulating",
    "decide": "tools",
    "layers": "tools",
    "doctor": "tools",
}


@app.callback()
def group() -> None:
    """Commands stay commands, however few of them are imported."""


def main() -> None:
    """Run the command line; every expected failure ends in a message, not in a traceback."""
    named = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    for module in dict.fromkeys([COMMANDS[named]] if named in COMMANDS else COMMANDS.values()):
        importlib.import_module(f"autograder.cli.{module}")
    try:
        app()
    except ConfigError as error:
        print(from_here(str(error)), file=sys.stderr)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # `autograder list hw1 | head`
        sys.stderr.close()
        sys.exit(0)
