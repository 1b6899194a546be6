"""Captions that are known by their neighbours: what stands right above a photo credit, and what heads a caption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence, ends_sentence
from cleaner.titles import TITLE_WORDS, find_title
from cleaner.words import words_of

CAPTION_WORDS: Final = 60
"""A longer block above a credit is no caption."""


def caption_above_credit(evidence: Evidence) -> Iterator[int]:
    """Find the caption right above a photo credit.

    Where paragraphs are set apart by blank lines, a line that is not set apart from the credit below it belongs to it.
    """
    title = find_title(evidence)
    for number in range(len(evidence) - 1):
        following = evidence.gone[number + 1]
        if following is None or following.category != "credit" or evidence.gone[number] is not None:
            continue
        if evidence.listed(number) or number == title:
            continue
        if evidence.spaced and evidence.gaps[number + 1] == 1 and 3 <= evidence.words[number] <= CAPTION_WORDS:
            if number == 0 or evidence.gaps[number] > 1 or evidence.gone[number - 1] is not None:
                yield number


def photo_title(evidence: Evidence) -> Iterator[int]:
    """Find variants of the title that head a caption: they begin with the same words."""
    title = find_title(evidence)
    if title is None:
        return
    wanted = words_of(evidence.text(title))
    for number in range(title + 1, len(evidence) - 1):
        if evidence.gone[number] is not None or evidence.prose[number]:
            continue
        following = evidence.gone[number + 1]
        if following is None or following.category not in ("caption", "credit"):
            continue
        words = words_of(evidence.lines[number])
        if len(words) < TITLE_WORDS or ends_sentence(evidence.raw(number)):
            continue
        same = len(set(words) & set(wanted))
        if words[:3] == wanted[:3] or same >= 0.6 * len(set(words)):
            yield number
