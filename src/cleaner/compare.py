"""Two results over one text: what goes only in the one, and what only in the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.config import Config, nearest
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError, ConfigError
from cleaner.model import Document, Removal, Result, Span
from cleaner.rule import SHARED, build_index, read_rules

NEW: Final = "new"
"""What goes now and stayed before."""

OLD: Final = "old"
"""What stays now and went before."""

SHIPPED: Final = "shipped"
"""The name of the rules that come with the package."""


class Piece(NamedTuple):
    """A piece of a text that goes in at least one of two results.

    Attributes:
        start: where it begins.
        end: where it ends.
        removal: what the newer result says of it, or else the older one.
        change: ``new``, ``old``, or empty where it goes in both, and for blanks, of which nobody asks why they went.
    """

    start: int
    end: int
    removal: Removal
    change: str


class Change(NamedTuple):
    """A difference to be told: where it is, what it says, whose doing it is."""

    line: int
    text: str
    removal: Removal
    change: str


class CompareError(CleanerError, ValueError):
    """Two things that can't be compared; the message says which and why."""


def pieces(result: Result, before: Result) -> Iterator[Piece]:
    """Yield what goes in at least one of two results over one text, in order.

    Raises:
        CompareError: the texts differ.
    """
    text = result.document.text
    if before.document.text != text:
        raise CompareError("the two results are of different texts; compare results of the same input")
    news, olds = sorted(result.removed), sorted(before.removed)
    cuts = sorted({at for removals in (news, olds) for removal in removals for at in (removal.start, removal.end)})
    last: Piece | None = None
    for start, end in zip(cuts, cuts[1:], strict=False):
        new, old = _over(news, start), _over(olds, start)
        removal = new or old
        if removal is None:
            continue
        change = "" if (new and old) or not text[start:end].strip() else NEW if new else OLD
        if last and last.end == start and last.removal is removal and last.change == change:
            last = last._replace(end=end)
            continue
        if last:
            yield last
        last = Piece(start, end, removal, change)
    if last:
        yield last


def _over(removed: Sequence[Removal], at: int) -> Removal | None:
    number = bisect_right(removed, at, key=lambda removal: removal.start) - 1
    return removed[number] if number >= 0 and removed[number].end > at else None


def changes(result: Result, before: Result) -> list[Change]:
    """Return what goes only in the one of two results, or only in the other.

    Raises:
        CompareError: the texts differ.
    """
    text = result.document.text
    out = []
    line, at = 1, 0
    for piece in pieces(result, before):
        if piece.change:
            part = text[piece.start : piece.end]
            first = piece.start + len(part) - len(part.lstrip())
            line += text.count("\n", at, first)
            at = first
            out.append(Change(line, part, piece.removal, piece.change))
    return out


def cleaner_of(rules: str, config: Config) -> tuple[Cleaner, tuple[str, ...]]:
    """Return the cleaner that uses some rules, and the rule files of a user's among them.

    Args:
        rules: a rule file; a folder of rule files; a folder of rules as they are shipped, ``<language>/<category>.toml``,
            which takes the place of the shipped ones; or ``shipped``.
        config: the other settings.

    Raises:
        ConfigError: there is nothing of that name.
        RuleError: a file that can't be used.
    """
    path = Path(rules)
    if path.is_dir():
        tree = sorted(one for one in path.glob("*/*.toml") if one.name != SHARED)
        if tree:
            known = tuple(entry.rule for one in tree for entry in read_rules(one, shipped=True).entries)
            return Cleaner(config, _shipped=(known, build_index(known))), config.rules
        own = sorted(map(str, path.glob("*.toml")))
        if not own:
            raise ConfigError(f"{rules}: there is no rule file in it; expected *.toml, or <language>/<category>.toml")
    elif not path.exists() and nearest(rules, [SHIPPED]) and rules != SHIPPED:
        raise ConfigError(f"{rules}: no such file or folder{nearest(rules, [SHIPPED])}")
    elif path.exists() or rules != SHIPPED:
        own = [rules]
    else:
        own = []
    files = (*config.rules, *own)
    return Cleaner(config.replace(rules=files)), files


def read_output(text: str, name: str) -> dict[str, Result]:
    """Return the results in an output of ``cleaner --format json``, by the names of their texts.

    Raises:
        CompareError: a line that is no such result.
    """
    import json  # noqa: PLC0415  # only outputs need it

    out: dict[str, Result] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            out[record["source"]] = _result(record)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise CompareError(f"{name}: line {number}: is no result of cleaner --format json") from None
    return out


def _result(record: dict[str, Any]) -> Result:
    """Put a text together again from what stayed and what went."""
    rest: str = record["text"]
    removed = [Removal(**removal) for removal in record["removed"]]
    kept: list[Span] = []
    parts: list[str] = []
    at = used = 0
    for removal in removed:
        if removal.start > at:
            kept.append(Span(at, removal.start))
            parts.append(rest[used : used + removal.start - at])
            used += removal.start - at
        parts.append(removal.text)
        at = removal.end
    if used < len(rest):
        kept.append(Span(at, at + len(rest) - used))
        parts.append(rest[used:])
    text = "".join(parts)
    if any(text[removal.start : removal.end] != removal.text for removal in removed):
        raise ValueError("offsets that don't hold")
    return Result(Document(text, ()), tuple(kept), tuple(removed))
