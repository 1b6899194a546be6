"""Boxes: the lines that no rule knows, between lines of page furniture that rules know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence, ends_sentence
from cleaner.titles import find_title

BOXES: Final = frozenset(
    {"app-prompt", "newsletter", "consent", "share", "related", "comments", "donation", "paywall", "biography",
     "contact", "legal", "navigation", "tags", "source-credit"}
)  # fmt: skip
"""Categories that come as boxes of several lines. A caption or an advertisement's label stands alone."""

BOX_WORDS: Final = 10
"""A longer line of the tail may be the article's."""

LABEL_WORDS: Final = 4
"""A longer sentence between two known lines may be the article's."""

MAX_GAP: Final = 3
MAX_TAIL: Final = 2
"""So many unknown lines go between two known ones, and behind the last one at the end of the document."""
_COMMAS: Final = (",", "\u060c", "\uff0c", "\u3001")


def box(evidence: Evidence) -> Iterator[int]:
    """Find the lines of a box of which others are known: between two known lines, or tied to one by its spacing.

    A box is a run of blocks that aren't prose. Between two of its known lines up to ``MAX_GAP`` unknown ones go, at
    the end of the document up to ``MAX_TAIL`` behind the last known one. Where paragraphs are set apart by blank lines,
    a line that is not set apart from a known one, but is from what stays, goes too. The line right before prose
    may be a heading of the article and stays unless it is tied to the known one. Where no paragraph is, no line is known to
    be outside of a box.
    """
    gone = evidence.gone
    if not evidence.has_paragraph():
        return
    title = find_title(evidence)
    number, count = 0, len(evidence)
    while number < count:
        if evidence.prose[number] and gone[number] is None:
            number += 1
            continue
        first = number
        while number < count and not (evidence.prose[number] and gone[number] is None):
            number += 1
        yield from _complete(evidence, first, number, title)


def _complete(evidence: Evidence, first: int, stop: int, title: int | None) -> Iterator[int]:
    gone, count = evidence.gone, len(evidence)
    known = [n for n in range(first, stop) if (found := gone[n]) is not None and found.category in BOXES]
    if not known:
        return
    for left, right in zip(known, known[1:], strict=False):
        if title is not None and left < title < right:
            continue
        unknown = [n for n in range(left + 1, right) if gone[n] is None]
        if len(unknown) <= MAX_GAP:
            yield from (n for n in unknown if _may_go(evidence, n, title))
    last = known[-1]
    after = [n for n in range(last + 1, stop) if gone[n] is None]
    if stop == count and len(after) <= MAX_TAIL and len(known) > 1:
        yield from (n for n in after if _may_go(evidence, n, title))
    if not evidence.spaced:
        return
    for n in after[:MAX_GAP]:
        if evidence.gaps[n] != 1 or not _may_go(evidence, n, title):
            break
        yield n
    before = known[0] - 1
    if before > first and evidence.gaps[before + 1] == 1 and evidence.gaps[before] > 1 and gone[before] is None:
        if _may_go(evidence, before, title):
            yield before


def _may_go(evidence: Evidence, number: int, title: int | None) -> bool:
    if number == title or evidence.prose[number] or number in evidence.protected or number in evidence.sheltered:
        return False
    text = evidence.raw(number).rstrip()
    if text.endswith((":", "\uff1a")) or _ends_letter(evidence, number, text):
        return False
    if evidence.places().of(number) != ("tail",):
        return evidence.words[number] <= LABEL_WORDS
    return evidence.words[number] <= BOX_WORDS and not (evidence.words[number] > LABEL_WORDS and ends_sentence(text))


def _ends_letter(evidence: Evidence, number: int, text: str) -> bool:
    """Whether a line is the greeting that ends a letter, or the name below it."""
    before = evidence.raw(number - 1).rstrip() if evidence.staying(number - 1) else ""
    return text.endswith(_COMMAS) or before.endswith(_COMMAS)
