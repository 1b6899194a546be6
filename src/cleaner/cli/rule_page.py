"""What there is to say of one rule: for the terminal here, and for the pages of the documentation."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.cli.reasons import Known
from cleaner.config import THRESHOLDS
from cleaner.model import CATEGORIES
from cleaner.pattern import calls
from cleaner.rule import SHARED, Entry, read_rules, read_toml

WIDTH: Final = 79
SHAPES: Final = ("pattern", "lines", "tails", "inserts")
FACTS: Final = ("place", "near", "after", "before", "run", "edge", "opens", "single", "about", "inline", "case")


class RulePage(NamedTuple):
    """A rule as its file says it.

    Attributes:
        known: its id, its reason and its file.
        entry: the rule with its examples; ``None`` for what code finds.
        shape: which of ``SHAPES`` it is written in.
        written: its pattern, or its templates.
        pieces: the named pieces of pattern that it calls, and those that they call.
    """

    known: Known
    entry: Entry | None = None
    shape: str = ""
    written: tuple[str, ...] = ()
    pieces: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        """The file it is written in, below the package."""
        path = self.known.path
        return "" if path is None else f"rules/{path.parent.name}/{path.name}"

    @property
    def modes(self) -> list[str]:
        """The modes in which its match is enough, where its surroundings are as it asks."""
        return (
            []
            if self.entry is None
            else [mode for mode, least in THRESHOLDS.items() if self.entry.rule.confidence >= least]
        )

    def facts(self) -> list[tuple[str, str]]:
        """Return what it asks for besides its words: the key of the file, and its value."""
        if self.entry is None:
            return []
        return [(key, _value(value)) for key in FACTS if (value := getattr(self.entry.rule, key))]


class Fired(NamedTuple):
    """How often a rule removed something from the golden cases.

    Attributes:
        removals: how many pieces.
        texts: in how many texts.
        all: of how many.
        negative: pieces of texts that have to come back untouched.
    """

    removals: int
    texts: int
    all: int
    negative: int

    def __str__(self) -> str:
        out = f"{_count(self.removals, 'removal')} in {self.texts} of {_count(self.all, 'text')}"
        return out + (f"; {self.negative} in texts that have to stay whole" if self.negative else "")


def rule_page(known: Known) -> RulePage:
    """Return what a rule's file says of it.

    Raises:
        RuleError: the file can't be used.
    """
    if known.path is None:
        return RulePage(known)
    entry, table, let = _of_file(known.path)[known.id]
    shape = next(key for key in SHAPES if key in table)
    value = table[shape]
    written = (value,) if isinstance(value, str) else tuple(value)
    pieces: dict[str, str] = {}
    wanted = [name for one in written for name in calls(one)]
    while wanted:
        name = wanted.pop(0)
        if name not in pieces and name in let:
            pieces[name] = let[name]
            wanted += calls(let[name])
    return RulePage(known, entry, shape, written, tuple(pieces.items()))


_FILES: dict[Path, dict[str, tuple[Entry, dict[str, Any], dict[str, str]]]] = {}


def _of_file(path: Path) -> dict[str, tuple[Entry, dict[str, Any], dict[str, str]]]:
    if path not in _FILES:
        data = read_toml(path)
        common = path.with_name(SHARED)
        let = {**(read_toml(common).get("let", {}) if common.exists() else {}), **data.get("let", {})}
        tables = {table["id"]: table for table in (*data.get("rule", ()), *data.get("keep", ()))}
        entries = read_rules(path, shipped=True).entries
        _FILES[path] = {entry.rule.id: (entry, tables[entry.rule.id], let) for entry in entries}
    return _FILES[path]


def terminal(page: RulePage, fired: Fired | None = None) -> str:
    """Return the page as text of at most 79 columns."""
    known = page.known
    out = f"{known.id}\n\n{textwrap.fill(known.why, WIDTH)}\n\n"
    if page.entry is not None and page.entry.rule.protects:
        out += "keeps       the block in which it is found, whatever any rule says\n"
    else:
        out += hanging("strips      ", f"{known.category}: {CATEGORIES.get(known.category, '')}")
    out += f"language    {'none, so it always applies' if known.language == 'any' else known.language}\n"
    if page.entry is None:
        return out + "found by    code, not by a pattern\n" + _fired(fired)
    rule = page.entry.rule
    if not rule.protects:
        modes = f" (enough in the modes {', '.join(page.modes)})" if page.modes else " (never enough alone)"
        out += f"confidence  {rule.confidence:g}{modes}\n"
    out += "".join(hanging(f"{key:<11} ", value) for key, value in page.facts())
    out += f"file        {page.file}\n{_fired(fired)}"
    if page.shape == "pattern":
        out += _broken("pattern     ", page.written[0])
    else:
        out += f"{page.shape}:\n" + "".join(hanging("  ", one) for one in page.written)
    out += "".join(_broken(f"  (?&{name})  ", piece) for name, piece in page.pieces)
    for title, examples in (("stripped", page.entry.strips), ("kept", page.entry.keeps)):
        if examples:
            out += f"\n{title}:\n" + "\n".join(_example(one) for one in examples)
    return out


def _fired(fired: Fired | None) -> str:
    return "" if fired is None else f"fires       {fired}\n"


def hanging(head: str, text: str) -> str:
    """Return a text behind a head, its further lines below its first."""
    return (
        textwrap.fill(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
        + "\n"
    )


def _broken(head: str, text: str) -> str:
    """Return a pattern behind a head, broken where the line ends: patterns have no words."""
    lines = _pieces(text, WIDTH - len(head))
    return f"\n{' ' * len(head)}".join([head + lines[0], *lines[1:]]) + "\n"


def _pieces(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)] or [""]


def _example(text: str) -> str:
    out = ""
    for line in text.split("\n"):
        parts = textwrap.wrap(line, WIDTH - 6, break_on_hyphens=False, drop_whitespace=True) or [""]
        out += "".join(f"  | {'  ' if number else ''}{part}\n" for number, part in enumerate(parts))
    return out


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else ("yes" if value is True else str(value))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
