"""Written pages as other scrapers and other articles would have given them: with part of the cruft, with the first paragraphs only, set apart otherwise; with
more and longer paragraphs.

What goes and what stays is what the page's author said; only less stands around it. A network that learned from whole pages alone
finds a line less in texts of a few paragraphs: on held-out ones shortened like this, 54 of 100 came out without an error, and 63 when
others like them were learned from. Most written pages are shorter than those of the web; with longer ones in place of half of the shortened, a network that
hadn't seen them (one fold) had 646 instead of 636 of 956 dirty pages right, 536 instead of 532 of 544 others, 242 instead of 239 of 245 articles of the web, and
301 instead of 253 of 514 pages made longer like this. Cruft of other pages, put in as well, gained nothing.
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

JOINED, PARAGRAPH, LAST = 0.7, 60, 0.6
"""So many paragraphs that follow each other are made one, up to so many words; so often an article goes on behind its last paragraph, and else
behind any other. Written pages have 50 words of article in four paragraphs, those that people copy from the web 200 in eight."""

IDEOGRAPHIC = 0x3001
BLANK: Row = ("", "-", "")

TWICE = 0.2
REPEATABLE = frozenset(
    [
        "advertising",
        "app-prompt",
        "comments",
        "consent",
        "counter",
        "donation",
        "interface",
        "navigation",
        "newsletter",
        "paywall",
        "related",
        "share",
    ]
)
"""In so many pages a block of one of these kinds stands a second time, as where a site shows it to narrow screens and to wide ones."""


def variant(rows: Sequence[Row], dice: random.Random) -> list[Row] | None:
    """Return a page with less on it, or ``None`` if that is the same page, or too little."""
    gone = _end(rows, dice) if dice.random() < SHORTENED else set()
    gone |= _part_of_cruft(rows, dice, shortened=bool(gone))
    left = [row for number, row in enumerate(rows) if number not in gone]
    if dice.random() < TWICE:
        left = _twice(left, dice)
    out = _spaced(left, dice)
    return None if len(_content(out)) < FEWEST or out == list(rows) else out


def longer(rows: Sequence[Row], others: Sequence[Sequence[Row]], dice: random.Random) -> list[Row] | None:
    """Return a page whose article has longer paragraphs and goes on with what stands in others; ``None`` if there is nothing to put in."""
    bodies = [body for other in others if (body := _body(other))]
    content = _content(rows)
    ends = [number for number in content if _paragraph(rows[number])]
    if not bodies or not ends:
        return None
    at = ends[-1] if dice.random() < LAST else dice.choice(ends)
    spaced = any(not row[0].strip() for row in rows)
    put = [part for body in bodies for row in _joined(body, dice) for part in ((BLANK, row) if spaced else (row,))]
    before, after = list(rows[: at + 1]), list(rows[at + 1 :])
    return _spaced(_joined(before, dice) + put + _joined(after, dice), dice)


def _paragraph(row: Row) -> bool:
    return row[1] == "k" and count_words(row[0]) >= SENTENCE and ends_sentence(row[0])


def _body(rows: Sequence[Row]) -> list[Row]:
    """Return the lines of an article from its first paragraph to its last, or nothing if most of them aren't paragraphs."""
    article = [row for row in rows if row[1] == "k" and row[0].strip()]
    ends = [number for number, row in enumerate(article) if _paragraph(row)]
    body = article[ends[0] : ends[-1] + 1] if ends else []
    return body if len(ends) * 2 >= len(body) else []


def _joined(rows: Sequence[Row], dice: random.Random) -> list[Row]:
    """Return lines with some of the paragraphs that follow each other made one, up to what a paragraph of the web holds."""
    out: list[Row] = []
    last: int | None = None
    for row in rows:
        if not row[0].strip():
            out.append(row)
            continue
        if _paragraph(row):
            if (
                last is not None
                and count_words(out[last][0]) + count_words(row[0]) <= PARAGRAPH
                and dice.random() < JOINED
            ):
                glue = "" if ord(out[last][0].rstrip()[-1]) >= IDEOGRAPHIC else " "
                out[last] = (out[last][0].rstrip() + glue + row[0].lstrip(), "k", "")
                continue
            last = len(out)
        else:
            last = None
        out.append(row)
    return out


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


def _twice(rows: Sequence[Row], dice: random.Random) -> list[Row]:
    """Return a page on which a block of cruft stands twice: beside other cruft, between two paragraphs, or at the end."""
    content = _content(rows)
    runs = [list(numbers) for label, numbers in groupby(content, key=lambda number: rows[number][1]) if label == "d"]
    parts = [part for run in runs for part in _parts(rows, run)]
    if not parts:
        return list(rows)
    part = dice.choice(parts)
    paragraphs = [number for number in content if rows[number][1] in "km" and count_words(rows[number][0]) >= SENTENCE]
    places = (
        [run[-1] for run in runs if part[0] not in run]
        + dice.sample(paragraphs, min(2, len(paragraphs)))
        + [content[-1]]
    )
    at = dice.choice(places)
    copy: list[Row] = [rows[number] for number in part]
    if at not in part and any(not row[0].strip() for row in rows):
        copy = [("", "-", ""), *copy, *([("", "-", "")] if at != content[-1] else [])]
    return [*rows[: at + 1], *copy, *rows[at + 1 :]]


def _parts(rows: Sequence[Row], run: Sequence[int]) -> list[list[int]]:
    """Return the pieces of a run of cruft that are of one repeatable kind, and the whole run if all of it is repeatable."""
    pieces = [list(numbers) for kind, numbers in groupby(run, key=lambda number: rows[number][2]) if kind in REPEATABLE]
    if len(pieces) > 1 and sum(map(len, pieces)) == len(run):
        pieces.append(list(run))
    return pieces


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
