"""``cleaner review``: a page that shows what goes from documents, to look at in a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from cleaner.cli import files as io
from cleaner.cli.clean import UsageError, config_of
from cleaner.cli.files import STDIN, InputError
from cleaner.cli.output import complain, emit, note, printable
from cleaner.cli.parser import Formatter, Parser, add_choice, encoding, one_of
from cleaner.cli.progress import Progress
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.model import Result
from cleaner.review.collect import Raw, Reading, documents, explain, names_of, sample
from cleaner.review.page import review_page
from cleaner.review.view import Reviewed, about_of

MANY: Final = 5000
"""From so many documents on, a page grows slow, and a sample tells as much."""

_DESCRIPTION: Final = """\
Make a page that shows what goes from documents, where and why: one HTML file
that needs no network. Documents are text files, web pages (.html), records
(.jsonl, .parquet) and folders of them.
"""

_EPILOG: Final = """\
examples:
  cleaner review dirty.txt -o review.html
  cleaner review articles/ --sample 100 --seed 7 -o review.html
  cleaner review crawl.jsonl --field body --sample 500 -o review.html
"""


def run_review(arguments: Sequence[str]) -> int:
    """Make the page that the arguments ask for and return the exit code."""
    options = _parser().parse(arguments)
    try:
        return _review(options)
    except (CleanerError, InputError, UsageError) as problem:
        complain(problem)
        return 2


def _parser() -> Parser:
    parser = Parser(
        prog="cleaner review",
        usage="cleaner review FILE... [-o PAGE] [OPTION...]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="what to show; none, or -, is a text on standard input"
    )
    parser.add_argument("-o", "--output", metavar="PAGE", help="the file to write; default: standard output")
    parser.add_argument("--title", metavar="TEXT", help="the heading of the page")
    parser.add_argument("--quiet", action="store_true", help="no progress, no notes")
    add_sample(parser.add_argument_group("which documents"))
    add_choice(parser.add_argument_group("what goes and what stays"))
    return parser


def add_sample(group: argparse._ArgumentGroup) -> None:
    """Add the options that say which documents are read, and how."""
    group.add_argument("--sample", type=positive, metavar="N", help="show so many of them, chosen by chance")
    group.add_argument("--seed", type=int, default=0, metavar="S", help="another number, another sample (default: 0)")
    group.add_argument("--field", default="text", metavar="NAME", help="field of a record with text (default: text)")
    group.add_argument("--html-field", metavar="NAME", help="field of a record with a web page, read instead")
    group.add_argument(
        "--encoding", type=encoding, default="utf-8", metavar="NAME", help="of text files (default: utf-8)"
    )
    group.add_argument(
        "--errors",
        type=one_of("way with errors", ("strict", "replace", "ignore", "surrogateescape")),
        default="strict",
        metavar="HOW",
        help="bytes that aren't in the encoding: strict (default) refuses the file",
    )


def positive(value: str) -> int:
    """Return a whole number from 1 on."""
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not {value!r}")
    return int(value)


def _review(options: argparse.Namespace) -> int:
    files = options.files or [STDIN]
    check_output(options.output, what="page")
    cleaner = Cleaner(config_of(options))
    found = gather(files, options)

    def results(progress: Progress) -> Iterator[Reviewed]:
        for raw in found:
            yield Reviewed(printable(raw.name), one(raw))
            progress.step()

    def one(raw: Raw) -> Result:
        try:
            return explain(cleaner, raw)
        except CleanerError as problem:
            raise InputError(f"{raw.name}: {problem}") from None

    title = options.title or (f"What goes from {printable(found[0].name)}" if len(found) == 1 else "What goes")
    with Progress(len(found), watched=is_watched(options, len(found))) as progress:
        page = review_page(results(progress), title=title, about=about_of(options.rules))
    give(page, options.output)
    if len(found) > MANY and not options.quiet:
        note(f"{len(found)} documents make a slow page; --sample 1000 shows as much")
    return 0


def is_watched(options: argparse.Namespace, count: int) -> bool:
    """Whether progress is worth showing."""
    return count > 1 and not options.quiet and bool(getattr(sys.stderr, "isatty", lambda: False)())


def gather(files: Sequence[str], options: argparse.Namespace) -> list[Raw]:
    """Return the documents that options ask for, all of them or a sample.

    Raises:
        InputError: a file that can't be read, or there is no document.
    """
    reading = Reading(options.field, options.html_field, options.encoding, options.errors)
    raws = documents(names_of(files), reading)
    found = list(raws) if options.sample is None else sample(raws, options.sample, options.seed)
    if not found:
        raise InputError(f"{', '.join(files)}: there is no document in it")
    return found


def check_output(output: str | None, *, what: str) -> None:
    """Refuse an output that can't be meant.

    Raises:
        UsageError: a page for a terminal, or a folder.
    """
    if output in (None, STDIN):
        if bool(getattr(sys.stdout, "isatty", lambda: False)()):
            raise UsageError(f"--output: a {what} is no text for a terminal; name a file, such as -o review.html")
    elif output is not None and io.is_folder(output):
        raise UsageError(f"--output: {output} is a folder; name a file, such as {output.rstrip('/')}/review.html")


def give(page: str, output: str | None) -> None:
    """Write a page where it is wanted.

    Raises:
        InputError: it can't be written.
    """
    data = page.encode("utf-8")
    if output is None or output == STDIN:
        emit(data)
    else:
        io.write(output, data)
