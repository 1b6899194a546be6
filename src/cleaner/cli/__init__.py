"""The command ``cleaner``: a filter for files and pipes, and the look at its rules."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.cli.parser import Parser

__all__ = ["main"]

OK, FOUND, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 (``--check`` found something, an example failed), 2 or 130."""
    from cleaner.cli.output import OutputError, complain, finish, give_up  # noqa: PLC0415  # Ctrl-C is caught from here

    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        finish()
    except KeyboardInterrupt:
        give_up()
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `head` does. Nothing is wrong, and nothing more can be said.
        give_up()
        return OK
    except OutputError as problem:
        give_up()
        complain(problem)
        return UNUSABLE
    return code


def parser_of(command: str) -> Parser:
    """Return the parser of a command, such as ``"rules show"``; of the cleaning one under the empty name."""
    from cleaner.cli.parser import DESCRIBE, Described  # noqa: PLC0415

    try:
        _run([*command.split(), DESCRIBE])
    except Described as found:
        return found.parser
    raise ValueError(f"no command {command!r}")


def _run(arguments: list[str]) -> int:
    try:
        if arguments[:1] == ["review"]:
            from cleaner.cli.review import run_review  # noqa: PLC0415  # a page to look at is no part of cleaning

            return run_review(arguments[1:])
        if arguments[:1] == ["completion"]:
            from cleaner.cli.completion import run_completion  # noqa: PLC0415

            return run_completion(arguments[1:])
        if arguments[:1] == ["compare"]:
            from cleaner.cli.compare import run_compare  # noqa: PLC0415

            return run_compare(arguments[1:])
        if arguments[:1] == ["playground"]:
            from cleaner.cli.playground import run_playground  # noqa: PLC0415

            return run_playground(arguments[1:])
        if arguments[:1] in (["rules"], ["categories"]):
            from cleaner.cli.show import run_show  # noqa: PLC0415  # reading the rule files is no part of cleaning

            return run_show(arguments)
        if arguments[:1] == ["run"]:
            from cleaner.cli.run import run_records  # noqa: PLC0415  # records are no part of cleaning a text

            return run_records(arguments[1:])
        if arguments[:1] == ["stats"]:
            from cleaner.cli.stats import run_stats  # noqa: PLC0415

            return run_stats(arguments[1:])
        if arguments[:1] == ["learn"]:
            from cleaner.cli.learn import run_learn  # noqa: PLC0415

            return run_learn(arguments[1:])
        from cleaner.cli.parser import parse_clean  # noqa: PLC0415

        options = parse_clean(arguments)
        from cleaner.cli.clean import run_clean  # noqa: PLC0415  # --help and --version need none of it

        return run_clean(options)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else UNUSABLE
