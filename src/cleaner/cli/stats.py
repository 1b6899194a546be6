"""``cleaner stats``: the report of a run, to be looked at."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cleaner.cli.output import complain, emit, emit_text, reason
from cleaner.cli.parser import Formatter, Parser
from cleaner.records.errors import RunError
from cleaner.records.report import TOP, page, read_report, table
from cleaner.records.state import replace_file

EPILOG: Final = """\
examples:
  cleaner run crawl/ -o clean/ --report report.json
  cleaner stats report.json
  cleaner stats report.json --html -o report.html
"""


def run_stats(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    parser = Parser(
        prog="cleaner stats",
        description="Show the report of a run: how much went, of what, by which rules, from whom.",
        epilog=EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("report", metavar="FILE", help="what cleaner run --report wrote")
    parser.add_argument("--html", action="store_true", help="as a page with plots")
    parser.add_argument("--top", type=_top, default=TOP, metavar="N", help=f"how many rows (default: {TOP})")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of to standard output")
    options = parser.parse(arguments)
    try:
        report = read_report(options.report)
        text = page(report, options.top) if options.html else table(report, options.top)
        if options.output is not None:
            _write(options.output, text)
        elif options.html:
            emit(text.encode("utf-8", "replace"))
        else:
            emit_text(text)
    except RunError as problem:
        complain(problem)
        return 2
    return 0


def _write(path: str, text: str) -> None:
    try:
        replace_file(Path(path), text.encode("utf-8", "replace"))
    except OSError as problem:
        raise RunError(f"{path}: can't be written: {reason(problem)}") from None


def _top(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of rows, not {value!r}")
    return int(value)
