"""A unified diff from a text to what is left of it, read off the removals instead of guessed from two texts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final, NamedTuple

from cleaner.cli.output import printable
from cleaner.model import Result

CONTEXT: Final = 3
"""Unchanged lines around a change, as ``diff -u`` shows."""

_COLOURS: Final = {"-": "\033[31m", "+": "\033[32m", "@": "\033[36m"}
_PLAIN: Final = "\033[0m"
_NO_LINE_END: Final = "\n\\ No newline at end of file\n"


class _Line(NamedTuple):
    sign: str
    text: str


def diff(source: str, result: Result) -> str:
    """Return a unified diff, which ``patch`` can apply; empty when nothing goes. Takes linear time."""
    if not result.removed:
        return ""
    lines = list(_edits(result))
    out = [f"--- {source}\n", f"+++ {source}\t(clean)\n"]
    old = new = 0
    at = 0
    for start, stop in _hunks(lines):
        for line in lines[at:start]:
            old, new = old + (line.sign != "+"), new + (line.sign != "-")
        hunk = lines[start:stop]
        olds = sum(line.sign != "+" for line in hunk)
        news = sum(line.sign != "-" for line in hunk)
        out.append(f"@@ -{_range(old, olds)} +{_range(new, news)} @@\n")
        out += [line.sign + (line.text if line.text.endswith("\n") else line.text + _NO_LINE_END) for line in hunk]
        old, new, at = old + olds, new + news, stop
    return "".join(out)


def readable(patch: str, width: int, *, colour: bool) -> str:
    """Return a diff for a reader at a terminal: long lines are folded behind their sign, and signs are painted.

    It is for the eye alone; ``patch`` wants it as it is.
    """
    out = []
    for number, line in enumerate(patch.split("\n")[:-1]):
        sign = "@" if number < 2 else line[:1]
        code = _COLOURS.get(sign, "") if colour else ""
        first, *more = _folded(line, width) if sign in "+- " else [line]
        parts = [first, *(f"{sign} \u2026 {part}" for part in more)]
        out += [f"{code}{part}{_PLAIN if code else ''}\n" for part in parts]
    return "".join(out)


def _folded(line: str, width: int) -> list[str]:
    return textwrap.wrap(printable(line), width - 4, drop_whitespace=False, break_on_hyphens=False) or [line]


def _range(before: int, count: int) -> str:
    # An empty range is named by the line before it.
    first = before + 1 if count else before
    return str(first) if count == 1 else f"{first},{count}"


def _hunks(lines: list[_Line]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lines to show: changes with their context, joined where contexts meet."""
    start = stop = -1
    for number, line in enumerate(lines):
        if line.sign == " ":
            continue
        first, last = max(0, number - CONTEXT), min(len(lines), number + 1 + CONTEXT)
        if start < 0:
            start, stop = first, last
        elif first <= stop:
            stop = last
        else:
            yield start, stop
            start, stop = first, last
    if start >= 0:
        yield start, stop


def _edits(result: Result) -> Iterator[_Line]:
    """Yield every line as kept, taken or new.

    Old lines are gathered until one keeps its line end: up to there, what is left of them is whole lines again.
    """
    text = result.document.text
    spans = iter(result.removed)
    removal = next(spans, None)
    olds: list[str] = []
    left: list[str] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        at = start
        ends_kept = True
        while removal is not None and removal.start < end:
            if removal.start > at:
                left.append(text[at : removal.start])
            at = max(at, min(removal.end, end))
            ends_kept = removal.end < end
            if removal.end > end:
                break
            removal = next(spans, None)
        if at < end:
            left.append(text[at:end])
        olds.append(text[start:end])
        if ends_kept:
            yield from _group(olds, "".join(left))
            olds, left = [], []
        start = end
    yield from _group(olds, "".join(left))


def _group(olds: list[str], left: str) -> Iterator[_Line]:
    kept = False
    if left and olds and olds[-1] == left:
        olds, kept = olds[:-1], True
    elif left and olds and olds[0] == left:
        yield _Line(" ", left)
        olds, left = olds[1:], ""
    yield from (_Line("-", old) for old in olds)
    if left:
        yield _Line(" " if kept else "+", left)
