"""The command ``cleaner``: a filter for files and pipes, and the look at its rules."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cleaner.cli.parser import build_parser

__all__ = ["main"]

OK, FOUND, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 (``--check`` found something, an example failed), 2 or 130."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] in (["rules"], ["categories"]):
            from cleaner.cli.show import run_show  # noqa: PLC0415  # reading the rule files is no part of cleaning

            code = run_show(arguments)
        else:
            from cleaner.cli.clean import run_clean  # noqa: PLC0415

            code = run_clean(build_parser().parse_args(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `head` does. Nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else UNUSABLE
    else:
        return code
