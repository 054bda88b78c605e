"""The command line: `autograder grade`, `try`, `list`, `audit`, `key`, `pack`, ...

Exit codes: 0 done, also when answers are wrong or wait; 1 findings (audit, check); 2 usage or configuration;
3 a path could not be opened as a submission, or a failure of ours left an answer UNDECIDED; 130 interrupted.
"""

from __future__ import annotations

import sys

from autograder.cli import authoring, checking, grading, packing, scaffolding, tools, trying
from autograder.cli.common import INTERRUPTED, USAGE, app, from_here
from autograder.errors import ConfigError

__all__ = ["app", "main"]

COMMANDS = (
    grading,
    trying,
    checking,
    authoring,
    scaffolding,
    packing,
    tools,
)  # importing a module adds its commands to the app


def main() -> None:
    """Run the command line; every expected failure ends in a message, not in a traceback."""
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
