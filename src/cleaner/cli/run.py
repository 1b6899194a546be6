"""``cleaner run``: records in files, cleaned."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Any, Final, Self

from cleaner.cli.clean import config_of
from cleaner.cli.output import complain, emit, say
from cleaner.cli.parser import Formatter, Parser, add_choice, one_of
from cleaner.errors import CleanerError
from cleaner.records.errors import RunError
from cleaner.records.fields import MAX_BYTES, Fields
from cleaner.records.find import FORMATS, find
from cleaner.records.pool import cores
from cleaner.records.run import Outcome, Run, Settings, Watcher, total_size

DESCRIPTION: Final = """\
Clean the documents of records: JSON Lines (plain, gzip, Zstandard), Parquet, and
the pages of WARC files. Other fields, order, schema, compression and row groups
stay as they are.
"""

EPILOG: Final = """\
examples:
  cleaner run news.jsonl.zst -o clean.jsonl.zst
  cleaner run crawl/ -o clean/ --jobs 8 --rejects bad.jsonl --report report.json
  cleaner run 'part-*.parquet' -o clean/ --field body --removed-field removed
  cleaner run pages.warc.gz -o pages.jsonl.gz
  zcat news.jsonl.gz | cleaner run --field text | head

Output files appear as a whole. What is interrupted, by Ctrl-C, by a crash or by
kill -9, is continued by the same command, and gives the same output. The work in
between is kept beside the output, in .cleaner-run.

Records of WARC files come out as JSON Lines with id, url, date and the text.

exit codes:
  0    done; also when the reader of a pipe went away
  1    done, and there are records that couldn't be used, in --rejects FILE
  2    an option, a file or a record that can't be used; other files are done
  130  interrupted
"""


def run_records(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse(arguments)
    try:
        settings = _settings(options)
        watcher = _Shown(settings, quiet=options.quiet)
        with watcher:
            outcome = Run(settings, watcher, emit).run()
    except CleanerError as problem:
        complain(problem)
        return 2
    if not options.quiet:
        watcher.sum_up(outcome)
    if outcome.failed:
        return 2
    return 1 if outcome.tally.counts["rejected"] else 0


def _parser() -> Parser:
    parser = Parser(
        prog="cleaner run",
        usage="cleaner run [OPTION...] [INPUT...]",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "files", nargs="*", metavar="INPUT", help="files, folders and globs; none, or -, is standard input"
    )
    _add_records(parser.add_argument_group("records"))
    _add_run(parser.add_argument_group("the run"))
    add_choice(parser.add_argument_group("what goes and what stays"))
    return parser


def _add_records(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--field", metavar="NAME", help="the field with the plain text (default: text)")
    group.add_argument("--html-field", metavar="NAME", help="the field with HTML, to be read instead")
    group.add_argument(
        "--output-field", metavar="NAME", help="where the clean text goes (default: --field, or text for HTML)"
    )
    group.add_argument(
        "--removed-field", metavar="NAME", help="keep what went there: start, end, text, category, rule, confidence"
    )
    group.add_argument(
        "--url-field", metavar="NAME", help="the document's address, for rules of sites and the report by host"
    )
    group.add_argument("--drop-empty", action="store_true", help="leave out documents of which nothing is left")
    group.add_argument("--min-words", type=_count, default=0, metavar="N", help="leave out documents with fewer words")
    group.add_argument(
        "--max-bytes",
        type=_count,
        default=MAX_BYTES,
        metavar="N",
        help=f"refuse larger records (default: {MAX_BYTES >> 20} MiB)",
    )


def _add_run(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-o", "--output", metavar="PATH", help="a file, or a folder for several; default: standard output"
    )
    group.add_argument(
        "--format", type=one_of("format", FORMATS), metavar="FORMAT", help="of the input, where its name doesn't say it"
    )
    group.add_argument("--jobs", type=_count, default=0, metavar="N", help="processes (default: as many as cores)")
    group.add_argument("--rejects", metavar="FILE", help="where records go that can't be used, with the reasons")
    group.add_argument(
        "--on-error",
        type=one_of("way with errors", ("fail", "reject")),
        metavar="HOW",
        help="a record that can't be used: fail ends the run, reject sets it aside (default with --rejects)",
    )
    group.add_argument("--report", metavar="FILE", help="write statistics there, for `cleaner stats`")
    group.add_argument("--quiet", action="store_true", help="no progress, no summary")


def _count(value: str) -> int:
    if not value.isdecimal() or not value.isascii():
        raise argparse.ArgumentTypeError(f"expected a whole number, not {value!r}")
    return int(value)


def _settings(options: argparse.Namespace) -> Settings:
    if options.field is not None and options.html_field is not None:
        raise RunError("--field: doesn't go with --html-field; a record has one document")
    on_error = options.on_error or ("reject" if options.rejects else "fail")
    if on_error == "reject" and not options.rejects:
        raise RunError("--on-error reject: needs --rejects FILE, so that nothing is lost")
    text = options.field or "text"
    fields = Fields(
        text=text,
        html=options.html_field,
        output=options.output_field or ("text" if options.html_field is not None else text),
        removed=options.removed_field,
        url=options.url_field,
        drop_empty=options.drop_empty,
        min_words=options.min_words,
        max_bytes=options.max_bytes,
    )
    if fields.removed in (fields.output, fields.source):
        raise RunError(f"--removed-field: {fields.removed} has the text; give it another name")
    config = config_of(options)
    items = tuple(find(options.files, options.output, options.format))
    return Settings(
        items=items,
        config=config,
        fields=fields,
        output=None if options.output == "-" else options.output,
        jobs=options.jobs or cores(),
        rejects=options.rejects if on_error == "reject" else None,
        report=options.report,
    )


class _Shown(Watcher):
    """A bar on a terminal, with rate and the time that is left."""

    def __init__(self, settings: Settings, *, quiet: bool) -> None:
        self._began = time.monotonic()
        self._settings = settings
        self._terminal = _is_terminal(sys.stderr)
        self._documents = 0
        self._bar: Any = None
        self._total = total_size(settings.items)
        onto_it = settings.output is None and _is_terminal(sys.stdout)
        self._watched = self._terminal and not quiet and not onto_it

    def __enter__(self) -> Self:
        if self._watched:
            try:
                from tqdm import tqdm  # noqa: PLC0415  # an extra
            except ImportError:
                return self
            self._bar = tqdm(
                total=self._total, unit="B", unit_scale=True, unit_divisor=1024, leave=False, file=sys.stderr
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def advanced(self, read: int, documents: int) -> None:
        self._documents += documents
        if self._bar is not None:
            passed = max(time.monotonic() - self._began, 1e-6)
            self._bar.set_postfix_str(f"{self._documents / passed:,.0f} documents/s", refresh=False)
            self._bar.update(read)

    def say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        say(text)

    def sum_up(self, outcome: Outcome) -> None:
        """Say what was done: in words on a terminal, as a line of JSON to whoever else listens."""
        seconds = time.monotonic() - self._began
        counts = outcome.tally.counts
        if self._terminal:
            rejected = f", {counts['rejected']:,} rejected" if counts["rejected"] else ""
            dropped = f", {counts['dropped']:,} left out" if counts["dropped"] else ""
            share = 1 - counts["words_out"] / counts["words_in"] if counts["words_in"] else 0.0
            say(
                f"cleaner: {counts['documents']:,} documents, {share:.1%} of the words removed{dropped}{rejected},"
                f" in {seconds:.1f} s\n"
            )
        else:
            rate = round(counts["documents"] / max(seconds, 1e-9), 1)
            line = {"files": len(self._settings.items), **counts, "failed": len(outcome.failed)}
            say(json.dumps({**line, "seconds": round(seconds, 3), "documents_per_second": rate}) + "\n")


def _is_terminal(stream: object) -> bool:
    try:
        return bool(getattr(stream, "isatty", lambda: False)())
    except ValueError:  # a stream that was closed
        return False
