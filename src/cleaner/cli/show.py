"""``cleaner rules`` and ``cleaner categories``: the look at what strips."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from typing import Final

from cleaner.catalog import shipped_entries
from cleaner.check import check_entry
from cleaner.cli.clean import complain
from cleaner.cli.parser import Parser
from cleaner.config import Config, nearest
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.heuristics import BOX, HEURISTICS
from cleaner.model import CATEGORIES
from cleaner.rule import Entry, Rule, read_rules

_CONTEXT: Final = ("place", "near", "after", "before", "run", "edge", "opens", "single", "about", "inline", "case")


def run_show(arguments: Sequence[str]) -> int:
    """Run one of the two commands and return the exit code."""
    if arguments[0] == "categories":
        parser = Parser(
            prog="cleaner categories", description="List the categories and what belongs to them.", allow_abbrev=False
        )
        parser.parse_args(arguments[1:])
        _out("\n".join(f"{name:<14} {what}" for name, what in CATEGORIES.items()))
        return 0
    if arguments[1:2] == ["show"]:
        return _show(arguments[2:])
    if arguments[1:2] == ["test"]:
        return _test(arguments[2:])
    return _list(arguments[1:])


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")


def _entries() -> list[Entry]:
    found = list(shipped_entries())
    found += [Entry(item.rule, item.why, (), (), "cleaner.heuristics") for item in (*HEURISTICS, BOX)]
    return sorted(found, key=lambda entry: entry.rule.id)


def _list(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="cleaner rules",
        description="List the rules: id, and why each is right.",
        epilog="examples:\n  cleaner rules --category share\n  cleaner rules show en.share.this\n  cleaner rules test my-rules.toml\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--language", metavar="CODE")
    parser.add_argument("--category", metavar="CATEGORY")
    options = parser.parse_args(arguments)
    if options.category and options.category not in CATEGORIES:
        complain(f"--category: no category {options.category!r}{nearest(options.category, CATEGORIES)}")
        return 2
    entries = _entries()
    languages = sorted({entry.rule.language for entry in entries})
    if options.language and options.language not in languages:
        complain(
            f"--language: no rules for {options.language!r}{nearest(options.language, languages)}; there are {', '.join(languages)}"
        )
        return 2
    for entry in entries:
        rule = entry.rule
        if options.language in (None, rule.language) and options.category in (None, rule.category):
            _out(f"{rule.id}\n    {entry.why}")
    return 0


def _show(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="cleaner rules show", description="Show one rule with its reason and examples.", allow_abbrev=False
    )
    parser.add_argument("id", metavar="ID")
    wanted = parser.parse_args(arguments).id
    known = {entry.rule.id: entry for entry in _entries()}
    if wanted not in known:
        complain(f"no rule {wanted!r}{nearest(wanted, known)}; `cleaner rules` lists them")
        return 2
    entry = known[wanted]
    _out(_page(entry))
    return 0


def _page(entry: Entry) -> str:
    rule = entry.rule
    lines = [
        rule.id,
        "",
        *textwrap.wrap(entry.why, 78),
        "",
        f"strips      {rule.category}: {CATEGORIES.get(rule.category, '')}",
    ]
    lines.append(f"confidence  {rule.confidence:g}")
    lines += [f"{key:<11} {_value(rule, key)}" for key in _CONTEXT if getattr(rule, key)]
    if rule.pattern:
        lines += ["pattern     " + rule.pattern]
    for title, examples in (("stripped", entry.strips), ("kept", entry.keeps)):
        if examples:
            lines += ["", f"{title}:"]
            lines += [textwrap.indent(example, "  | ", lambda _: True) + "\n" for example in examples]
    return "\n".join(lines).rstrip()


def _value(rule: Rule, key: str) -> str:
    value = getattr(rule, key)
    return ", ".join(value) if isinstance(value, tuple) else ("yes" if value is True else str(value))


def _test(arguments: Sequence[str]) -> int:
    parser = Parser(prog="cleaner rules test", description="Check a rule file by its own examples.", allow_abbrev=False)
    parser.add_argument("file", metavar="FILE")
    path = parser.parse_args(arguments).file
    try:
        entries = read_rules(path).entries
        cleaner = Cleaner(Config(rules=(path,)))
        failures = [failure for entry in entries if not entry.rule.protects for failure in check_entry(entry, cleaner)]
    except CleanerError as problem:
        complain(problem)
        return 2
    for failure in failures:
        _out(f"{path}: rule {failure.rule}: {failure.key}: {failure.example!r} {failure.problem}")
    _out(f"{len(entries)} rules, {len(failures)} examples that don't hold")
    return 1 if failures else 0
