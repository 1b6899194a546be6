"""``cleaner learn``: what recurs on each site, as rules to review."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from cleaner.cli.clean import config_of
from cleaner.cli.output import complain, emit, reason, say
from cleaner.cli.parser import Formatter, Parser, add_choice, one_of
from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.learn import Learned, Sketch, judge_host, learn
from cleaner.records.errors import RunError
from cleaner.records.fields import Fields
from cleaner.records.find import FORMATS, STDIN, find
from cleaner.records.pool import cores
from cleaner.records.state import replace_file
from cleaner.records.texts import documents

DESCRIPTION: Final = """\
Find the lines that recur across the documents of a site, that stand where the
furniture of pages stands, and that no rule knows. They become rules of that site,
with counts, an example and a confidence, for a person to read and edit.
"""

EPILOG: Final = """\
examples:
  cleaner learn crawl/ --url-field url -o sites.toml
  cleaner run crawl/ -o clean/ --url-field url --sites sites.toml
  cleaner learn day1/ --url-field url --sketch day1.sketch
  cleaner learn merge day*.sketch -o sites.toml

A sketch holds a sample of each site's documents, 128 by default, in at most 256 MiB.
Sketches of parts, merged, are the sketch of the whole. Shares of documents are
exact up to 128 documents of a site and within 9 points beyond.
"""


def run_learn(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    merging = arguments[:1] == ["merge"]
    options = _parser(merging=merging).parse(arguments[1:] if merging else arguments)
    try:
        if not options.output and not options.sketch:
            options.output = STDIN
        config = config_of(options)
        cleaner = Cleaner(config)
        sketch = _merged(options.files) if merging else _sketched(options, cleaner)
        if options.sketch:
            _write(options.sketch, sketch.dump())
        if options.output:
            rules = learn(sketch, cleaner, _judged(sketch, config, options.jobs or cores()))
            if options.output == STDIN:
                emit(rules.encode())
            else:
                _write(options.output, rules.encode())
            _sum_up(sketch, rules, quiet=options.quiet)
    except CleanerError as problem:
        complain(problem)
        return 2
    return 0


def _parser(*, merging: bool) -> Parser:
    parser = Parser(
        prog="cleaner learn merge" if merging else "cleaner learn",
        description="Join sketches, and learn from what they hold together." if merging else DESCRIPTION,
        epilog=None if merging else EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    if merging:
        parser.add_argument("files", nargs="+", metavar="SKETCH", help="what cleaner learn --sketch wrote")
    else:
        parser.add_argument("files", nargs="+", metavar="INPUT", help="files, folders and globs, as for cleaner run")
        parser.add_argument("--url-field", default="url", metavar="NAME", help="the document's address (default: url)")
        parser.add_argument("--field", metavar="NAME", help="the field with the plain text (default: text)")
        parser.add_argument("--html-field", metavar="NAME", help="the field with HTML, to be read instead")
        parser.add_argument(
            "--format", type=one_of("format", FORMATS), metavar="FORMAT", help="where the name doesn't say it"
        )
    parser.add_argument("-o", "--output", metavar="FILE", help="where the rules go (default: standard output)")
    parser.add_argument("--sketch", metavar="FILE", help="write the sketch there, to be merged with others")
    parser.add_argument("--jobs", type=_count, default=0, metavar="N", help="processes (default: as many as cores)")
    parser.add_argument("--quiet", action="store_true", help="no summary")
    add_choice(parser.add_argument_group("rules that are known already"))
    return parser


def _count(value: str) -> int:
    if not value.isdecimal() or not value.isascii():
        raise argparse.ArgumentTypeError(f"expected a whole number, not {value!r}")
    return int(value)


def _merged(paths: Sequence[str]) -> Sketch:
    sketch = Sketch.load(paths[0])
    for path in paths[1:]:
        sketch.merge(Sketch.load(path))
    return sketch


def _sketched(options: argparse.Namespace, cleaner: Cleaner) -> Sketch:
    if STDIN in options.files:
        raise RunError("-: learning reads files, folders and globs")
    if options.field is not None and options.html_field is not None:
        raise RunError("--field: doesn't go with --html-field; a record has one document")
    items = find(options.files, None, options.format)
    fields = Fields(text=options.field or "text", html=options.html_field, url=options.url_field)
    html = options.html_field is not None
    if (html or any(item.format == "warc" for item in items)) and not hasattr(cleaner, "explain_html"):
        raise RunError("HTML can't be read by this version of cleaner; give it text (--field)")
    sketch = Sketch()
    skipped = [0]
    for found in documents(items, fields, skipped=skipped):
        if sketch.wants(found.url):
            sketch.add(found.url, _text(cleaner, found.value, html=html or isinstance(found.value, bytes)))
    if not sketch.hosts:
        raise RunError(
            f"{', '.join(options.files)}: no document has both an address ({fields.url}) and a text ({fields.source})"
        )
    return sketch


def _text(cleaner: Cleaner, value: str | bytes, *, html: bool) -> str:
    if not html and isinstance(value, str):
        return value
    explain = getattr(cleaner, "explain_html", None)
    if explain is None:
        return ""
    try:
        text: str = explain(value).document.text
    except CleanerError:
        return ""
    return text


_cleaner: Cleaner | None = None


def _begin(config: Config) -> None:
    global _cleaner  # noqa: PLW0603  # a process has one
    _cleaner = Cleaner(config)


def _judge(host: str, texts: list[str], cleaner: Cleaner | None = None) -> tuple[str, list[Learned]]:
    used = cleaner or _cleaner
    return host, [] if used is None else judge_host(texts, used)


def _judged(sketch: Sketch, config: Config, jobs: int) -> Iterator[tuple[str, list[Learned]]]:
    hosts = sorted(sketch.hosts)
    if jobs == 1 or len(hosts) == 1:
        yield from map(partial(_judge, cleaner=Cleaner(config)), hosts, map(sketch.documents, hosts))
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(config,)) as pool:
        step = 4 * jobs
        for at in range(0, len(hosts), step):  # a few at a time, so that not all documents are unpacked at once
            some = hosts[at : at + step]
            yield from pool.map(_judge, some, map(sketch.documents, some))


def _write(path: str, data: bytes) -> None:
    try:
        replace_file(Path(path), data)
    except OSError as problem:
        raise RunError(f"{path}: can't be written: {reason(problem)}") from None


def _sum_up(sketch: Sketch, rules: str, *, quiet: bool) -> None:
    if quiet or sys.stderr is None:
        return
    number = rules.count("\n[[site.rule]]\n")
    total = sum(sample.documents for sample in sketch.hosts.values())
    said = f"cleaner: {number:,} rules from {total:,} documents of {len(sketch.hosts):,} sites\n"
    if sketch.left_out < 1 << 64:
        said += "cleaner: note: some sites were left out for want of memory; learn from parts of the sites at a time\n"
    say(said)
