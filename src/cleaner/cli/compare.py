"""``cleaner compare``: which removals appear and which disappear between two sets of rules, or two outputs."""

from __future__ import annotations

import argparse
import random
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from cleaner.cli.clean import UsageError, config_of
from cleaner.cli.files import InputError, read
from cleaner.cli.output import complain, emit_text, printable, terminal_width
from cleaner.cli.parser import Formatter, Parser, add_choice
from cleaner.cli.progress import Progress
from cleaner.cli.report import NARROWEST, WIDEST, fit
from cleaner.cli.review import add_sample, check_output, gather, give, is_watched, positive
from cleaner.compare import NEW, Change, CompareError, changes, cleaner_of, read_output
from cleaner.errors import CleanerError
from cleaner.review.collect import explain
from cleaner.review.page import review_page
from cleaner.review.view import Reviewed, about_of

SHOWN: Final = 40
"""So many changes are told; more are drawn by lot, since a change of rules may change thousands."""

OUTPUTS: Final = (".json", ".jsonl", ".ndjson")
WORDS: Final = {"new": "goes", "old": "stays"}

_DESCRIPTION: Final = """\
Show which removals appear and which disappear between two sets of rules. OLD
and NEW are rule files, folders of rules, or the word "shipped"; FILE are
texts, web pages, records and folders of them. Or OLD and NEW are two outputs
of cleaner --format json, and there is no FILE.
"""

_EPILOG: Final = """\
examples:
  cleaner compare shipped my-rules.toml articles/
  cleaner compare old-rules/ new-rules/ crawl.jsonl --sample 1000 -o diff.html
  cleaner compare old.jsonl new.jsonl

exit codes:
  0    done
  1    --check: something differs
  2    something that can't be used
"""


class Compared(NamedTuple):
    """A document, and what differs in it."""

    reviewed: Reviewed
    changes: list[Change]


def run_compare(arguments: Sequence[str]) -> int:
    """Compare what the arguments name and return the exit code."""
    options = _parser().parse(arguments)
    try:
        return _compare(options)
    except (CleanerError, InputError, UsageError) as problem:
        complain(problem)
        return 2


def _parser() -> Parser:
    parser = Parser(
        prog="cleaner compare",
        usage="cleaner compare OLD NEW [FILE...] [-o PAGE] [OPTION...]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("old", metavar="OLD", help="the rules, or the output, before")
    parser.add_argument("new", metavar="NEW", help="the rules, or the output, after")
    parser.add_argument("files", nargs="*", metavar="FILE", help="what is cleaned with both")
    parser.add_argument("-o", "--output", metavar="PAGE", help="also write a page that shows the documents that differ")
    parser.add_argument(
        "--most",
        type=positive,
        default=SHOWN,
        metavar="N",
        help=f"tell so many changes, drawn by lot (default: {SHOWN})",
    )
    parser.add_argument("--check", action="store_true", help="exit with 1 if something differs")
    parser.add_argument("--quiet", action="store_true", help="no progress, no notes")
    add_sample(parser.add_argument_group("which documents"))
    add_choice(parser.add_argument_group("what goes and what stays, before and after"))
    return parser


def _compare(options: argparse.Namespace) -> int:
    if options.output is not None:
        check_output(options.output, what="page")
    outputs = [name.lower().endswith(OUTPUTS) for name in (options.old, options.new)]
    if all(outputs) and not options.files:
        total, found = _outputs(options)
        files: tuple[str, ...] = tuple(options.rules)
    elif any(outputs):
        raise UsageError("two outputs, or two sets of rules and a FILE; see cleaner compare --help")
    elif not options.files:
        raise UsageError("FILE: name what is to be cleaned with both; see cleaner compare --help")
    else:
        total, found, files = _rules(options)
    differ = [compared for compared in found if compared.changes]
    emit_text(told(total, differ, most=options.most, seed=options.seed, width=terminal_width(1)))
    if options.output is not None:
        title = f"From {printable(options.old)} to {printable(options.new)}"
        give(
            review_page([compared.reviewed for compared in differ], title=title, about=about_of(files)), options.output
        )
    return 1 if options.check and differ else 0


def _outputs(options: argparse.Namespace) -> tuple[int, list[Compared]]:
    old, new = (read_output(read(name, "utf-8", "strict").text, name) for name in (options.old, options.new))
    names = [name for name in new if name in old]
    if not names:
        raise CompareError(f"{options.old}, {options.new}: no text is in both; compare outputs of the same files")
    return len(names), [_one(Reviewed(name, new[name], old[name])) for name in names]


def _rules(options: argparse.Namespace) -> tuple[int, list[Compared], tuple[str, ...]]:
    config = config_of(options)
    (before, old_files), (after, new_files) = (cleaner_of(name, config) for name in (options.old, options.new))
    raws = gather(options.files, options)
    found = []
    with Progress(len(raws), watched=is_watched(options, len(raws))) as progress:
        for raw in raws:
            found.append(_one(Reviewed(printable(raw.name), explain(after, raw), explain(before, raw))))
            progress.step()
    return len(raws), found, tuple(dict.fromkeys((*new_files, *old_files)))


def _one(reviewed: Reviewed) -> Compared:
    assert reviewed.before is not None
    try:
        return Compared(reviewed, changes(reviewed.result, reviewed.before))
    except CompareError as problem:
        raise CompareError(f"{reviewed.name}: {problem}") from None


def told(total: int, differ: Sequence[Compared], *, most: int, seed: int, width: int) -> str:
    """Return what differs, as text that fits into so many columns: a line in all, by rule, and each change, or some."""
    width = max(NARROWEST, min(width, WIDEST))
    everything = [(compared, change) for compared in differ for change in compared.changes]
    appear = sum(change.change == NEW for _, change in everything)
    out = f"{_count(total, 'document')}, {len(differ)} of them differ: {_count(appear, 'removal')} more, {len(everything) - appear} fewer\n"
    if not everything:
        return out
    by_rule = Counter((change.change, change.removal.rule) for _, change in everything)
    out += "\n" + "".join(
        f"  {WORDS[change]:<6} {count:>6}  {printable(rule)}\n"
        for (change, rule), count in sorted(by_rule.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    )
    chosen = everything
    if len(everything) > most:
        places = sorted(random.Random(seed).sample(range(len(everything)), most))  # noqa: S311  # a sample, no secret
        chosen = [everything[place] for place in places]
        out += f"\n{most} of {len(everything)} changes, drawn by lot:\n"
    last = None
    for compared, change in chosen:
        if compared is not last:
            out += f"\n{printable(compared.reviewed.name)}\n"
            last = compared
        text = fit(printable(" ".join(change.text.split())), width - 31)
        out += f"  {WORDS[change.change]:<6} {change.line:>5} {change.removal.category:<14} {text}\n"
        out += textwrap.fill(
            f"{printable(change.removal.rule)} ({change.removal.confidence:.2f})", width, initial_indent=" " * 15
        )
        out += "\n"
    return out


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
