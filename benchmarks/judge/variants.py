"""Written pages as other scrapers and shorter articles would have given them: with part of the cruft, with the first paragraphs only, set apart otherwise.

What goes and what stays is what the page's author said; only less stands around it. A network that learned from whole pages alone
finds a line less in texts of a few paragraphs: on held-out ones shortened like this, 54 of 100 came out without an error, and 63 when
others like them were learned from.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import groupby

from cleaner.evidence import count_words, ends_sentence

Row = tuple[str, str, str]
"""A line, its label as in ``documents.Labelled``, its category."""

SENTENCE = 12
"""A line of so many words that ends as a sentence does is a paragraph."""

SHORTENED = 0.6
"""So many pages end with one of their paragraphs."""

SHARES = (0.15, 0.35, 0.6, 0.85)
ALL = 0.2
"""So much of its cruft a page keeps; so many pages keep all."""

TIGHT = 0.2
SPACED = 0.15
"""So many pages lose their blank lines; of those that have none so many get one between all lines."""

WRAPPED = 100
"""Where no line is longer, the text is wrapped, and its line ends are left alone."""

FEWEST = 4


def variant(rows: Sequence[Row], dice: random.Random) -> list[Row] | None:
    """Return a page with less on it, or ``None`` if that is the same page, or too little."""
    gone = _end(rows, dice) if dice.random() < SHORTENED else set()
    gone |= _part_of_cruft(rows, dice, shortened=bool(gone))
    out = _spaced([row for number, row in enumerate(rows) if number not in gone], dice)
    return None if len(_content(out)) < FEWEST or out == list(rows) else out


def _content(rows: Sequence[Row]) -> list[int]:
    return [number for number, row in enumerate(rows) if row[0].strip()]


def _end(rows: Sequence[Row], dice: random.Random) -> set[int]:
    """Return the lines of the article behind one of its paragraphs, and some of the cruft among them."""
    content = _content(rows)
    article = [number for number in content if rows[number][1] in "km"]
    paragraphs = [
        number for number in article if count_words(rows[number][0]) >= SENTENCE and ends_sentence(rows[number][0])
    ]
    if len(paragraphs) < 3:  # noqa: PLR2004
        return set()
    end = paragraphs[dice.randint(2, len(paragraphs) - 1) - 1]
    share = dice.random()
    return {
        number
        for number in content
        if end < number <= article[-1] and (rows[number][1] != "d" or dice.random() < share)
    }


def _part_of_cruft(rows: Sequence[Row], dice: random.Random, *, shortened: bool) -> set[int]:
    """Return blocks of cruft to leave out; what repeats a line of the article goes with the lines that it may repeat."""
    share = 1.0 if dice.random() < ALL else dice.choice(SHARES)
    out: set[int] = set()
    for (label, category), numbers in groupby(_content(rows), key=lambda number: rows[number][1:]):
        if label == "d" and (dice.random() > share or (shortened and category == "repeat")):
            out.update(numbers)
    return out


def _spaced(rows: Sequence[Row], dice: random.Random) -> list[Row]:
    """Return lines without blank ones, with one between all, or as they are."""
    out: list[Row] = []
    for row in rows:
        if row[0].strip() or (out and out[-1][0].strip()):
            out.append(row)
    while out and not out[-1][0].strip():
        out.pop()
    content = _content(out)
    style = dice.random()
    wrapped = len(content) > 6 and max((len(out[number][0]) for number in content), default=0) < WRAPPED  # noqa: PLR2004
    if style < TIGHT and not wrapped:
        return [out[number] for number in content]
    if style < TIGHT + SPACED and len(content) == len(out):
        return [one for row in out for one in (row, ("", "k", ""))][:-1]
    return out
