"""Plain text to a document: one block a line that has something on it; where lines were wrapped, one block a paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from cleaner.model import Block, Document

MIN_WIDTH: Final = 45
MIN_WIDE: Final = 25
"""Letters of East Asia take two columns."""

MAX_WIDTH: Final = 110
MIN_LINES: Final = 4
MIN_UNCASED: Final = 7
"""So many lines have to be full, in scripts that have no small letters, where lines were broken by hand."""

FULL: Final = 0.7
"""So full is a line, as a share of the width, that may have been broken for want of room."""

WRAPPED: Final = 0.8
OPEN_ENDED: Final = 0.5
"""Of the full lines that another follows directly, so many have to be too full for its first word, and so many of these have to end inside a
sentence: paragraphs of about equal length end with one."""

SLACK: Final = 9
LOOSE: Final = 0.6
RUNNING: Final = 0.45
SOME: Final = 0.2
MOST: Final = 0.7
"""Who breaks lines by hand leaves room for so many characters. Then so many full lines have to be followed by one that runs on inside a
sentence, in small letters. Where there was no room, some have to: lines of verse of about equal length don't."""

NEARLY: Final = 2
"""Scripts that set no blanks between words fill a line but for so many characters."""

_SENTENCE_ENDS: Final = '.!?:\u2026\u3002"\u201d\u00bb)\u061f\u0964\u06d4'
_MARKS: Final = tuple("*#>|-\u2022")
LONGEST_WORD: Final = 24
OUTLIERS: Final = 20
"""One line of so many may be longer than the others."""

UNSPACED: Final = "\u0e00"
_ENDS: Final = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    apart: bool  # whether a blank line, or the start, stands before it


def read_text(text: str) -> Document:
    """Return the document of a plain text; its text is the input itself.

    All line ends that ``str.splitlines`` knows are line ends. A byte-order mark at the start belongs to no block. Where
    the text was wrapped at a width, as mail and text browsers do, a block is a paragraph of several lines.
    """
    lines: list[_Line] = []
    start = 0
    apart = True
    for line in text.splitlines(keepends=True):
        if line.isspace():
            apart = True
        else:
            first = start + 1 if start == 0 and line[0] == "\ufeff" else start
            end = start + len(line.rstrip(_ENDS))
            if first < end and not text[first:end].isspace():
                lines.append(_Line(first, end, text[first:end].rstrip(), apart))
                apart = False
            else:
                apart = True
        start += len(line)
    width = _width(lines)
    blocks: list[Block] = []
    for number, found in enumerate(lines):
        if width and number and not found.apart and _runs_on(lines[number - 1], found, width):
            blocks[-1] = Block(blocks[-1].start, found.end)
        else:
            blocks.append(Block(found.start, found.end))
    return Document(text, tuple(blocks))


def _width(lines: Sequence[_Line]) -> int:
    """Return the width at which a text was wrapped, or 0."""
    if len(lines) <= MIN_LINES:
        return 0
    # A long address may stand out; nearly all lines have to fit.
    sizes = sorted([len(line.text) for line in lines])
    width = sizes[-1 - len(sizes) // OUTLIERS]
    if sizes[-1] > 4 * MAX_WIDTH or not MIN_WIDE <= width <= MAX_WIDTH:
        return 0
    broken = sorted([len(line.text) for line, following in pairwise(lines) if not following.apart])
    if len(broken) < MIN_LINES:
        return 0
    # A heading that is longer than the lines of the text says nothing of their width.
    width = min(width, broken[-1 - len(broken) // OUTLIERS])
    if sum([size > width for size in sizes]) > max(1, len(sizes) // OUTLIERS):
        return 0
    full = tight = loose = open_ended = running = unspaced = uncased = wide = 0
    for line, following in pairwise(lines):
        if following.apart or len(line.text) < FULL * width:
            continue
        full += 1
        wide += line.text[-1] >= UNSPACED
        unspaced += _unspaced(following)
        uncased += line.text.lower() == line.text.upper()
        if _no_room(line, following, width):
            tight += 1
            open_ended += not _ends(line)
        loose += _no_room(line, following, width - SLACK)
        running += _within(line, following)
    if full < MIN_LINES or width < (MIN_WIDE if 2 * wide > full else MIN_WIDTH):
        return 0
    strict = full > MIN_LINES and tight >= WRAPPED * full and open_ended >= OPEN_ENDED * tight
    if 2 * uncased > full:
        # Nothing tells a headline from the middle of a sentence: it takes more of them, and fuller ones.
        by_hand = full >= MIN_UNCASED and loose >= WRAPPED * full and running >= WRAPPED * full
        return width if open_ended >= MOST * tight and (strict or (by_hand and not 2 * unspaced > full)) else 0
    by_hand = loose >= LOOSE * full and running >= RUNNING * full
    return width if by_hand or (strict and running >= SOME * full) else 0


def _runs_on(line: _Line, following: _Line, width: int) -> bool:
    """Whether two lines are of one paragraph: there was no room for the next word, or next to none and the sentence goes on."""
    if len(line.text) < 0.6 * width or following.text[:1] in _MARKS or _indent(following) > _indent(line):
        return False
    if _no_room(line, following, width):
        return True
    return _within(line, following) and (
        _no_room(line, following, width - SLACK) or following.text.lstrip()[0].islower()
    )


def _no_room(line: _Line, following: _Line, width: int) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    if _unspaced(following):
        return len(line.text) >= width - NEARLY
    word = following.text.split(maxsplit=1)[0]
    return len(word) <= LONGEST_WORD and len(line.text) + 1 + len(word) > width


def _unspaced(line: _Line) -> bool:
    """Whether a line is in a script that sets no blanks between words, which has no first word to ask."""
    first = line.text.lstrip()[0]
    return first >= UNSPACED and not "\uac00" <= first <= "\ud7a3" and " " not in line.text


def _within(line: _Line, following: _Line) -> bool:
    """Whether a sentence goes on from line to line."""
    first = following.text.lstrip()[0]
    return not _ends(line) and first.isalpha() and not first.isupper()


def _ends(line: _Line) -> bool:
    return line.text[-1] in _SENTENCE_ENDS


def _indent(line: _Line) -> int:
    return len(line.text) - len(line.text.lstrip())
