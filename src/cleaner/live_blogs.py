"""Live blogs: the clock stamps that head their entries, told from the times that are an article's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from cleaner.evidence import Evidence

STAMPS: Final = 3
"""So many stamps make a live blog."""

STAMP_WORDS: Final = 3
DAY_WORDS: Final = 4
"""A clock stamp, and the date that heads a day of a diary, have no more words."""

_DAY: Final = re.compile(
    r"(?:[^\W\d_]{2,12}[.,]? )?\d{1,2}[.,]? ?[^\W\d_]{1,14}\.?(?: \d{4})?|[^\W\d_]{3,14} \d{1,2}(?:, \d{4})?"
)
_STAMP: Final = re.compile(
    r"\W{0,4}(?:\w{1,4}\.? )?(\d{1,2})[:.h](\d{2})(?:[:.]\d\d)?(?: ?(?:[^\W\d]\.?){1,6})?\W{0,3}"
)


def live_stamps(evidence: Evidence) -> Iterator[int]:
    """Find the clock stamps that head the entries of a live blog: lines that are a time and no more, the latest first.

    In a timeline, a diary or a programme, where times are the article's own, they run the other way.
    """
    stamps: list[tuple[int, int, int]] = []
    days = 0
    for number, line in enumerate(evidence.lines):
        if evidence.words[number] <= STAMP_WORDS and (found := _STAMP.fullmatch(line)) and int(found[1]) < 25:
            stamps.append((number, int(found[1]) * 60 + int(found[2]), days))
        elif evidence.words[number] <= DAY_WORDS and _DAY.fullmatch(line):
            days += 1  # of a diary, which begin at an earlier time
    back = sum(before > after and day == same for (_, before, day), (_, after, same) in pairwise(stamps))
    if len(stamps) >= STAMPS and back >= 2 and 3 * back >= 2 * (len(stamps) - 1):
        yield from (number for number, _, _ in stamps)
