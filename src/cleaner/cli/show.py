"""``cleaner rules`` and ``cleaner categories``: the look at what strips."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any, Final

from cleaner.cli.output import complain, emit_text
from cleaner.cli.parser import Formatter, Parser
from cleaner.cli.reasons import Known, find, first_sentence, shipped
from cleaner.config import Config, nearest
from cleaner.errors import CleanerError
from cleaner.model import CATEGORIES
from cleaner.rule import SHARED, Entry, read_rules, read_toml

WIDTH: Final = 79

_CONTEXT: Final = ("place", "near", "after", "before", "run", "edge", "opens", "single", "about", "inline", "case")
_RULES_EPILOG: Final = """\
examples:
  cleaner rules --category share
  cleaner rules show en.share.this
  cleaner rules test my-rules.toml
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
    except CleanerError as problem:
        complain(problem)
        return 2


def _categories(arguments: Sequence[str]) -> int:
    parser = _parser("cleaner categories", "List the categories and what belongs to them.")
    parser.parse(arguments)
    emit_text("".join(_hanging(f"{name:<14} ", what) for name, what in CATEGORIES.items()))
    return 0


def _parser(prog: str, description: str, epilog: str | None = None) -> Parser:
    return Parser(
        prog=prog,
        description=description,
        epilog=epilog,
        formatter_class=Formatter,
        allow_abbrev=False,
    )


def _hanging(head: str, text: str) -> str:
    return (
        textwrap.fill(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
        + "\n"
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
            f"{one.id:<40} {one.category}\n{_hanging('    ', first_sentence(one.why))}"
            for one in sorted(known)
            if options.language in (None, one.language) and options.category in (None, one.category)
        )
    )
    return 0


def _show(arguments: Sequence[str]) -> int:
    parser = _parser("cleaner rules show", "Show one rule: why it is there, what it strips and what it keeps.")
    parser.add_argument("id", metavar="ID", help="as `cleaner rules` and `cleaner --explain` write it")
    wanted = parser.parse(arguments).id
    known = find(wanted)
    if known is None:
        near = nearest(wanted, [one.id for one in shipped()])
        complain(f"no rule {wanted!r}{near}; `cleaner rules` lists them")
        return 2
    emit_text(_page(known))
    return 0


def _page(known: Known) -> str:
    belongs = CATEGORIES.get(known.category, "")
    out = f"{known.id}\n\n{textwrap.fill(known.why, WIDTH)}\n\n"
    if known.path is None:
        return out + _hanging("strips      ", f"{known.category}: {belongs}") + "found by    code, not by a pattern\n"
    entry = next(entry for entry in read_rules(known.path, shipped=True).entries if entry.rule.id == known.id)
    data = read_toml(known.path)
    table = next(table for table in (*data.get("rule", ()), *data.get("keep", ())) if table["id"] == known.id)
    rule = entry.rule
    if rule.protects:
        out += "keeps       the block in which it is found, whatever any rule says\n"
    else:
        out += _hanging("strips      ", f"{known.category}: {belongs}")
        out += f"confidence  {rule.confidence:g}\n"
    out += "".join(_hanging(f"{key:<11} ", _value(getattr(rule, key))) for key in _CONTEXT if getattr(rule, key))
    common = known.path.with_name(SHARED)
    shared = read_toml(common)["let"] if common.exists() else {}
    out += _patterns(table["pattern"], {**shared, **data.get("let", {})})
    return out + _examples(entry)


def _patterns(written: str, let: dict[str, str]) -> str:
    """Return the pattern as it is written, and the pieces that it calls by name."""
    from cleaner.pattern import calls  # noqa: PLC0415

    out = f"pattern     {written}\n"
    wanted, told = calls(written), set[str]()
    while wanted:
        name = wanted.pop(0)
        if name not in told:
            told.add(name)
            out += f"  (?&{name})  {let[name]}\n"
            wanted += calls(let[name])
    return out


def _examples(entry: Entry) -> str:
    out = ""
    for title, examples in (("stripped", entry.strips), ("kept", entry.keeps)):
        if examples:
            out += f"\n{title}:\n" + "\n".join(textwrap.indent(one, "  | ", lambda _: True) + "\n" for one in examples)
    return out


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else ("yes" if value is True else str(value))


def _test(arguments: Sequence[str]) -> int:
    from cleaner.check import check_entry  # noqa: PLC0415
    from cleaner.engine import Cleaner  # noqa: PLC0415

    parser = _parser(
        "cleaner rules test",
        "Check a rule file by its own examples: what a rule strips must go, its near\n"
        "misses must survive all rules together. Exit code 1: an example doesn't hold;\n"
        "2: the file can't be used.",
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
