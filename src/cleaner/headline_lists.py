"""Lists of headlines below a heading such as "Related stories": where they end, and which line is the article's own."""

from __future__ import annotations

import re
from typing import Final

from cleaner.evidence import Evidence, ends_sentence
from cleaner.tails import last_segment
from cleaner.titles import MAX_TITLES, TITLE_STEMS, common_stems, headlike

SENTENCES: Final = 8
"""A block of fewer words may be a headline of two sentences."""

HEADING: Final = 6
"""A block of fewer words may be a heading of the article."""

ROW_WORDS: Final = 8
_ROW: Final = re.compile(r"\s*([^\s:\uff1a][^:\uff1a\n]{0,30})[:\uff1a]\s*\S")
_FIRST: Final = re.compile(r"\s*1[.)] \S")
_DIGIT: Final = re.compile(r"\d")


def headline_list(evidence: Evidence, heading: int) -> list[int]:
    """Return the headlines that stand as a list below a heading such as "Related stories".

    The list ends at the first block that isn't a headline and where the gap widens. A short last line before prose is
    left: it may be the next heading of the article.
    """
    items: list[int] = []
    number = heading + 1
    gap = None
    title = _title_below(evidence, heading)
    while number < len(evidence) and len(items) < 40:
        known = evidence.gone[number] is not None
        if (not known and not evidence.headline(number)) or number in evidence.protected or number == title:
            break
        if not known and (_sentences(evidence, number) or _table(evidence, number)):
            break
        if (gap is not None and evidence.gaps[number] > gap) or (items and not known and _steps(evidence, number)):
            break
        if items and (gap is None or evidence.gaps[number] < gap):
            gap = evidence.gaps[number]
        items.append(number)
        number += 1
    ahead = number < len(evidence) and (evidence.prose[number] or _table(evidence, number))
    if ahead and items and evidence.gone[items[-1]] is None:
        apart = evidence.gaps[number] > evidence.gaps[items[-1]]
        if not apart and evidence.words[items[-1]] < HEADING:
            items.pop()
    return items


def _sentences(evidence: Evidence, number: int) -> bool:
    """Whether a block is a paragraph of two sentences or more, and no headline."""
    text = evidence.raw(number)
    return evidence.words[number] >= SENTENCES and ends_sentence(text) and last_segment(text) is not None


def _table(evidence: Evidence, number: int) -> bool:
    """Whether two rows of facts begin here, such as "Price: £139" and "Weight: 1.1 kg": what has a number, under different names."""
    first, second = _row(evidence, number), _row(evidence, number + 1)
    return first is not None and second is not None and first != second


def _steps(evidence: Evidence, number: int) -> bool:
    """Whether a list that counts from one begins here, or below the heading that stands here: steps of the article, when headlines stand above."""
    return any(at < len(evidence) and _FIRST.match(evidence.raw(at)) is not None for at in (number, number + 1))


def _row(evidence: Evidence, number: int) -> str | None:
    """Return the name in a row of facts."""
    if not evidence.staying(number) or evidence.words[number] > ROW_WORDS:
        return None
    found = _ROW.match(evidence.raw(number))
    return found[1] if found and _DIGIT.search(found.string) else None


def _title_below(evidence: Evidence, heading: int) -> int | None:
    """Return the title that stands below a heading of the head, such as "Latest news": the first headline that speaks of what the prose speaks of."""
    if heading >= MAX_TITLES:
        return None
    for number in range(min(len(evidence), MAX_TITLES)):
        if evidence.prose[number] and evidence.gone[number] is None:
            return None
        if headlike(evidence, number) and common_stems(evidence, number) >= TITLE_STEMS:
            return number if number > heading else None
    return None
