"""Plain text to a document: one block a line that has something on it; where lines were wrapped, one block a paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from cleaner.model import Block, Document

MIN_WIDTH: Final = 45
MAX_WIDTH: Final = 110
MIN_LINES: Final = 5
OPEN_ENDED: Final = 0.5
"""Wrapped lines mostly end inside a sentence; paragraphs of about equal length end with one."""

_SENTENCE_ENDS: Final = '.!?:\u2026\u3002"\u201d\u00bb)'
LONGEST_WORD: Final = 24
WRAPPED: Final = 0.8
"""Of the long lines that another follows directly, so many have to be too full for the next word: then the text was wrapped."""

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
    if len(lines) < MIN_LINES:
        return 0
    longest = max([len(line.text) for line in lines])
    if longest > 4 * MAX_WIDTH:
        return 0
    # A long address may stand out; nearly all lines have to fit.
    sizes = sorted([len(line.text) for line in lines])
    width = sizes[-1 - len(sizes) // 50]
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    full = tight = open_ended = 0
    for line, following in zip(lines, lines[1:], strict=False):
        if following.apart or len(line.text) < 0.7 * width:
            continue
        full += 1
        if _runs_on(line, following, width):
            tight += 1
            open_ended += line.text[-1] not in _SENTENCE_ENDS
    wrapped = full >= MIN_LINES and tight >= WRAPPED * full and open_ended >= OPEN_ENDED * tight
    return width if wrapped else 0


def _runs_on(line: _Line, following: _Line, width: int) -> bool:
    """Whether the next line's first word had no room on this one, so that it begins the next for want of room alone."""
    text = following.text
    if text[:1] in "*#>|-\u2022" or len(line.text) < 0.6 * width:
        return False
    word = text.split(maxsplit=1)[0]
    # Scripts that set no blanks between words have no first word to ask.
    return len(word) <= LONGEST_WORD and len(line.text) + 1 + len(word) > width
