"""What the command says of a result: as an explanation for a reader, as a line of JSON for a program."""

from __future__ import annotations

import os
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from cleaner.cli.output import printable
from cleaner.model import Result

WIDEST: Final = 120
NARROWEST: Final = 60

_LABEL: Final = 14
_INDENT: Final = " " * 7
_CATEGORY, _RULE, _PLAIN = "\033[36m", "\033[2m", "\033[0m"


def json_line(source: str, result: Result) -> str:
    """Return a result as one line of JSON: source, text, and every removal with offsets in characters.

    It is ASCII, so that no reader takes a line separator inside a string for the end of the line, and so that lone
    surrogates, which UTF-8 can't hold, come back as they were.
    """
    import json  # noqa: PLC0415  # only here

    removed = [removal._asdict() for removal in result.removed]
    return json.dumps({"source": source, "text": result.text, "removed": removed}) + "\n"


def explanation(
    source: str, result: Result, why: Callable[[Sequence[str]], dict[str, str]], *, width: int, colour: bool
) -> str:
    """Return what went and why: two lines a removal and a summary.

    Args:
        source: the name of the text.
        result: what a cleaner gave.
        why: gives the reason for each of some rule ids.
        width: columns to fit into.
        colour: whether to paint for a terminal.
    """
    if not result.removed:
        return f"{printable(source)}: nothing to remove\n"
    width = max(NARROWEST, min(width, WIDEST))
    text = result.document.text
    reasons = why([removal.rule for removal in result.removed])
    lines = []
    counts: dict[str, int] = {}
    said: set[str] = set()
    at, number = 0, 1
    for removal in result.removed:
        counts[removal.category] = counts.get(removal.category, 0) + 1
        first = removal.start + len(removal.text) - len(removal.text.lstrip())
        number += text.count("\n", at, first)
        at = first
        piece = fit(printable(" ".join(removal.text.split())) or "(blank lines)", width - len(_INDENT) - _LABEL - 1)
        label = f"{removal.category:<{_LABEL}}"
        lines.append(f"{number:>6} {_paint(label, _CATEGORY, colour=colour)} {piece}")
        rule = f"{removal.rule} ({removal.confidence:.2f})"
        reason = "" if removal.rule in said else reasons.get(removal.rule, "")
        said.add(removal.rule)
        because = textwrap.wrap(
            f"{rule}: {printable(reason)}" if reason else rule,
            width,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT + "  ",
        )
        lines += [_paint(line, _RULE, colour=colour) for line in because]
    share = 1 - len(result.text) / len(text)
    head = f"{printable(source)}: {_count(len(result.removed), 'removal')}, {_percent(share)} of the characters: "
    # Spaces that don't break keep a number and what it counts together.
    tally = ", ".join(
        f"{count}\u00a0{name}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    summary = textwrap.wrap(head + tally, width, subsequent_indent="  ", break_on_hyphens=False)
    lines += [line.replace("\u00a0", " ") for line in summary]
    return "\n".join(lines) + "\n"


def fit(text: str, room: int) -> str:
    """Shorten a text to so many columns; East Asian wide characters take two, marks none."""
    if sum(map(_columns, text)) <= room:
        return text
    used = 0
    for index, char in enumerate(text):
        used += _columns(char)
        if used > room - 1:
            return text[:index].rstrip() + "\u2026"
    return text


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _count(number: int, what: str) -> str:
    return f"{number}\u00a0{what}{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    return "under 1%" if share < 0.01 else f"{share:.0%}"


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"{code}{text}{_PLAIN}" if colour else text


def wants_colour(stream: object) -> bool:
    """Whether a stream is a terminal and nobody asked for plain text (``NO_COLOR``, ``TERM=dumb``)."""
    terminal = bool(getattr(stream, "isatty", lambda: False)())
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
