"""The title: which block it is, what reads like one, and the lines around it that repeat or announce it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence, ends_sentence
from cleaner.words import words_of

TITLE_WORDS: Final = 4
"""A line of fewer words is hardly a title, unless nothing stands above it."""

TITLE_STEMS: Final = 2
MAX_TITLES: Final = 60
"""A headline among so many blocks is likely to be the title if it has so many of the words of the first paragraphs."""

MAX_PROSE: Final = 100
"""Only so many paragraphs are searched for the words of a title: those of a long text's beginning tell, and each costs."""

LOUD: Final = 3
"""Among so many lines in capitals, as in a script, capitals say nothing."""

_SITE: Final = re.compile(
    r"\s+(?:[|\u00b7\u2022\u203a>]|-{1,2}|::)\s+|\s*\|\s*|(?<=[\u3040-\u9fff\d])[_-](?=[\u3040-\u9fff])"
)
_NUMERAL: Final = re.compile(r"[ivxlcIVXLC]{1,6}\.?|\d{1,3}\.?|\w")


def find_title(evidence: Evidence) -> int | None:
    """Return the block that is the title: the first that stays in the head and isn't prose."""
    places = evidence.places()
    for number in range(min(len(evidence), 12)):
        if evidence.gone[number] is not None:
            continue
        if "head" not in places.of(number) or evidence.prose[number]:
            return None
        if evidence.words[number] >= TITLE_WORDS or (number == 0 and evidence.words[number] > 1):
            return number
    return None


def headlike(evidence: Evidence, number: int) -> bool:
    """Whether a block that stays reads like the headline: four words or more, no sentence's end."""
    return evidence.gone[number] is None and not evidence.prose[number] and (
        TITLE_WORDS <= evidence.words[number] <= 25 and not ends_sentence(evidence.raw(number))
    )  # fmt: skip


def common_stems(evidence: Evidence, number: int) -> int:
    """Return how many of a block's longer words the article's first paragraphs have: many of a title's, few of a role's or an outlet's."""
    low, blocks = evidence.views.low, evidence.document.blocks
    stems = {word[:6] for word in words_of(evidence.lines[number]) if len(word) > 3 or word[0] >= "\u0e00"}
    prose = [block for block, flag in zip(blocks, evidence.prose, strict=True) if flag][:MAX_PROSE]
    return sum(any(low.find(stem, block.start, block.end) >= 0 for block in prose) for stem in stems)


_SPEAKS: Final = "-\u2013\u2014\"'\u201c\u201e\u00ab\u300c"
FAR_COPY: Final = 3
"""In a text without paragraphs copies of the title stand within so many lines below it, or are verses."""


def repeated_title(evidence: Evidence) -> Iterator[int]:
    """Find later copies of the title, and a first copy that carries the site's name beside a plain one."""
    head = [n for n in range(min(len(evidence), 12)) if evidence.gone[n] is None and not evidence.prose[n]]
    bare = {number: " ".join(words_of(evidence.text(number))) for number in head}
    parts = {number: _site_parts(evidence.text(number)) for number in head}
    sites: dict[str, list[int]] = {}
    for number in head:
        known = {bare[other] for other in head if other != number}
        part = next((part for part in parts[number] if part in known), None)
        if part is not None and not _speech(evidence, number):
            sites.setdefault(part, []).append(number)
    for numbers in sites.values():
        if len(numbers) <= 2:  # who speaks stands before a dash, line by line
            yield from numbers
    title = find_title(evidence)
    if title is None or evidence.words[title] < TITLE_WORDS:
        return
    wanted = " ".join(words_of(evidence.text(title)))
    copies = []
    for number in range(title + 1, len(evidence)):
        line = evidence.lines[number]
        if line and evidence.gone[number] is None and len(line) <= 2 * len(wanted) + 20:
            found = " ".join(words_of(line))
            if found == wanted or (not _speech(evidence, number) and wanted in _site_parts(evidence.text(number))):
                copies.append(number)
    if not any(evidence.prose) and any(number > title + FAR_COPY for number in copies):
        return  # a verse that comes back
    if len(copies) <= 2:  # a line that comes back more often is a refrain
        yield from copies


def _speech(evidence: Evidence, number: int) -> bool:
    """Whether a line is what somebody says, with a dash before who says it."""
    text = evidence.raw(number).strip()
    return text[:1] in _SPEAKS and ends_sentence(text)


def _site_parts(text: str) -> list[str]:
    """Return the title that a line may hold beside a site's name: "Title | Site", "Site: Title" and the like."""
    parts = _SITE.split(text)
    if len(parts) < 2:
        return []
    return [" ".join(words_of(part)) for part in (parts[0], parts[-1], " ".join(parts[:-1])) if part.strip()]


def kicker(evidence: Evidence) -> Iterator[int]:
    """Find the section label above the headline: one to three words, then a headline of more, then a standfirst.

    A short headline above its standfirst looks the same but for what follows; so either the label is in capitals, which
    the headline isn't, or a third line, a sentence, stands before the body.
    """
    if not evidence.has_paragraph():
        return
    title = next((n for n in range(min(len(evidence), 12)) if headlike(evidence, n)), None)
    if title is None or title == 0:
        return
    above = [n for n in range(title) if evidence.gone[n] is None]
    if len(above) > 2 or any(evidence.words[n] > 3 or ends_sentence(evidence.raw(n)) for n in above):
        return
    # A text that is full of capitals, a script for instance, says nothing by them.
    loud = sum(evidence.raw(n).isupper() and evidence.gone[n] is None for n in range(title + 1, len(evidence)))
    shouting = not evidence.raw(title).isupper() and loud < LOUD
    known = any(evidence.gone[n] is not None for n in range(title))
    standfirst = title + 1 < len(evidence) and evidence.gone[title + 1] is None and (
        8 <= evidence.words[title + 1] <= 40 and not headlike(evidence, title + 1)
    ) and title + 2 < len(evidence) and evidence.gone[title + 2] is not None  # fmt: skip
    for number in above:
        if _NUMERAL.fullmatch(evidence.raw(number).strip()):
            continue
        if (shouting and evidence.raw(number).isupper()) or known or standfirst:
            yield number


def in_head(evidence: Evidence) -> Iterator[int]:
    """Find short lines between two lines of the head that go, below the title: a role, an outlet, a section."""
    title = find_title(evidence)
    if title is None:
        return
    for number in range(title + 1, min(len(evidence) - 1, title + 12)):
        if evidence.prose[number] and evidence.gone[number] is None:
            return
        above, below = evidence.gone[number - 1], evidence.gone[number + 1]
        if evidence.gone[number] is None and above is not None and below is not None and evidence.words[number] <= 6:
            if not common_stems(evidence, number):
                yield number
