"""Lists of contents: a label, and below it lines in a row that stand again further down, each over a part of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence, ends_sentence

ENTRIES: Final = 3
LABEL_WORDS: Final = 4
"""So many lines in a row below a label of so few words are a list of contents: of 44 such lists on 12,000 written pages 43 were, and one was the agenda of a meeting.
Without a label, such lists are as often the article's own: of nine in the gold text of 709 articles of the web, seven had none."""

ENTRY_WORDS: Final = 12
_NUMBER: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}[.):]? +")


def contents(evidence: Evidence) -> Iterator[int]:
    """Find lists of contents and their labels. The entries come again as headings in the same order, with text between, most over a paragraph."""
    entries = [
        _NUMBER.sub("", line) if 0 < evidence.words[number] <= ENTRY_WORDS else ""
        for number, line in enumerate(evidence.lines)
    ]
    seen: dict[str, tuple[int, int]] = {}
    for number, entry in enumerate(entries):
        if entry:
            seen[entry] = (seen.get(entry, (number,))[0], number)
    first = number = 0
    while number < len(entries):
        again = seen.get(entries[number], (0, 0))
        if again[0] < again[1] and not first <= again[0] < number and evidence.gone[number] is None:
            number += 1
            continue
        if number - first >= ENTRIES and _label(evidence, first - 1):
            copies = [seen[entry] for entry in entries[first:number]]
            if _headings(evidence, [last if last >= number else before for before, last in copies], first, number):
                yield from range(first - 1, number)
        first = number = number + 1


def _label(evidence: Evidence, number: int) -> bool:
    return (
        number >= 0
        and evidence.words[number] <= LABEL_WORDS
        and not evidence.listed(number)
        and not ends_sentence(evidence.raw(number))
    )


def _headings(evidence: Evidence, places: list[int], first: int, stop: int) -> bool:
    """Whether the other copies stand outside the list, in its order, with something between every two of them, and most behind it over a paragraph.

    The list may stand below the first part.
    """
    if any(first <= number < stop for number in places) or any(
        after - before < 2 for before, after in zip(places, places[1:], strict=False)
    ):
        return False
    over = sum(number + 1 < len(evidence) and evidence.prose[number + 1] for number in places)
    return 2 * over >= len(places) and places[1] >= stop
