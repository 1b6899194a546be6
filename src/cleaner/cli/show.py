"""``cleaner rules`` and ``cleaner categories``: the look at what strips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cleaner.cli.files import InputError
from cleaner.cli.fires import counts, is_corpus
from cleaner.cli.output import complain, emit_text
from cleaner.cli.parser import Formatter, Parser
from cleaner.cli.reasons import Known, find, first_sentence, shipped
from cleaner.cli.rule_page import Fired, hanging, rule_page, terminal
from cleaner.config import Config, nearest
from cleaner.errors import CleanerError
from cleaner.model import CATEGORIES
from cleaner.rule import read_rules

_RULES_EPILOG: Final = """\
examples:
  cleaner rules --category share
  cleaner rules show en.share.this
  cleaner rules test my-rules.toml
"""


_SHOW_EPILOG: Final = """\
examples:
  cleaner rules show en.share.this
  cleaner rules show any.repeat.title --corpus corpus/
"""

_TEST_EPILOG: Final = """\
examples:
  cleaner rules test my-rules.toml
  cleaner rules test my-rules.toml && cleaner --rules my-rules.toml dirty.txt
"""

_CATEGORIES_EPILOG: Final = """\
examples:
  cleaner categories
  cleaner categories | grep button
"""


def run_show(arguments: Sequence[str]) -> int:
    """Run one of the two commands and return the exit code."""
    if arguments[0] == "categories":
        return _categories(arguments[1:])
    runs: dict[str, Callable[[Sequence[str]], int]] = {"show": _show, "test": _test}
    which, rest = arguments[1:2], arguments[2:]
    try:
        if which and which[0] in runs:
            return runs[which[0]](rest)
        if which and not which[0].startswith("-"):
            complain(f"no command 'rules {which[0]}'{nearest(which[0], runs)}; see cleaner rules --help")
            return 2
        return _list(arguments[1:])
    except (CleanerError, InputError) as problem:
        complain(problem)
        return 2


def _categories(arguments: Sequence[str]) -> int:
    parser = _parser("cleaner categories", "List the categories and what belongs to them.", _CATEGORIES_EPILOG)
    parser.parse(arguments)
    emit_text("".join(hanging(f"{name:<14} ", what) for name, what in CATEGORIES.items()))
    return 0


def _parser(prog: str, description: str, epilog: str | None = None) -> Parser:
    return Parser(
        prog=prog,
        description=description,
        epilog=epilog,
        formatter_class=Formatter,
        allow_abbrev=False,
    )


def _list(arguments: Sequence[str]) -> int:
    parser = _parser(
        "cleaner rules", "List the rules and heuristics: id, category, and why each is right.", _RULES_EPILOG
    )
    parser.add_argument("--language", metavar="CODE", help="only those of this language; 'any' is no language's")
    parser.add_argument("--category", metavar="CATEGORY", help="only those of this category")
    options = parser.parse(arguments)
    if options.category and options.category not in CATEGORIES:
        complain(f"--category: no category {options.category!r}{nearest(options.category, CATEGORIES)}")
        return 2
    known = list(shipped())
    languages = sorted({one.language for one in known})
    if options.language and options.language not in languages:
        near = nearest(options.language, languages)
        complain(f"--language: no rules for {options.language!r}{near}; there are {', '.join(languages)}")
        return 2
    emit_text(
        "".join(
            f"{one.id:<40} {one.category}\n{hanging('    ', first_sentence(one.why))}"
            for one in sorted(known)
            if options.language in (None, one.language) and options.category in (None, one.category)
        )
    )
    return 0


def _show(arguments: Sequence[str]) -> int:
    parser = _parser(
        "cleaner rules show", "Show one rule: why it is there, what it strips and what it keeps.", _SHOW_EPILOG
    )
    parser.add_argument("id", metavar="ID", help="as `cleaner rules` and `cleaner --explain` write it")
    parser.add_argument(
        "--corpus",
        metavar="FOLDER",
        help="count how often the rule fires on the golden cases there (default: ./corpus, if there is one)",
    )
    options = parser.parse(arguments)
    wanted = options.id
    known = find(wanted)
    if known is None:
        near = nearest(wanted, [one.id for one in shipped()])
        complain(f"no rule {wanted!r}{near}; `cleaner rules` lists them")
        return 2
    emit_text(terminal(rule_page(known), _fired(known, options.corpus)))
    return 0


def _fired(known: Known, corpus: str | None) -> Fired | None:
    """Count on the golden cases in a folder; by default on those of a checkout, from its root."""
    folder = Path(corpus or "corpus")
    if not is_corpus(folder):
        if corpus:
            raise InputError(f"--corpus: {corpus}: there are no cases <language>/<case>/source.txt in it")
        return None
    return counts(folder.resolve(), None if known.language == "any" else known.language).of(known.id)


def _test(arguments: Sequence[str]) -> int:
    from cleaner.check import check_entry  # noqa: PLC0415
    from cleaner.engine import Cleaner  # noqa: PLC0415

    parser = _parser(
        "cleaner rules test",
        "Check a rule file by its own examples: what a rule strips must go, its near\n"
        "misses must survive all rules together. Exit code 1: an example doesn't hold;\n"
        "2: the file can't be used.",
        _TEST_EPILOG,
    )
    parser.add_argument("file", metavar="FILE", help="a rule file in TOML")
    path = parser.parse(arguments).file
    entries = read_rules(path).entries
    cleaner = Cleaner(Config(rules=(path,)))
    failures = [failure for entry in entries for failure in check_entry(entry, cleaner)]
    out = "".join(f"{path}: rule {one.rule}: {one.key}: {one.example!r} {one.problem}\n" for one in failures)
    bare = sum(not entry.strips and not entry.keeps for entry in entries)
    examples = sum(len(entry.strips) + len(entry.keeps) for entry in entries)
    out += f"{_count(len(entries), 'rule')}, {_count(examples, 'example')}, {len(failures)} that don't hold"
    emit_text(out + (f"; {_count(bare, 'rule')} without examples\n" if bare else "\n"))
    return 1 if failures else 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
