"""What shelters lines that look like furniture: the article is built of them, as a glossary or a list is, or is about furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence, ends_sentence

GLOSSARY: Final = 4
TERM_WORDS: Final = 4
"""So many different headings make a glossary, each of so many words at most."""

SENTENCE_TERM: Final = 3
"""A heading of so many words that a rule knows is no glossary's word any more."""

ITEM_WORDS: Final = 5
"""A longer item of a list is the article's."""

SENTENCE_WORDS: Final = 7
FURNITURE: Final = 3
"""So many different words for page furniture, in sentences of at least ``SENTENCE_WORDS``, make it an article about furniture."""

_FURNITURE: Final = re.compile(
    r"\b(headline|label|caption|byline|banner|button|pop-up|paywall|cookie|newsletter|prompt|home screen|notification|subscrib|"
    r"advertis|classified|alt text|hashtag|comment section|footer|sidebar|scroll|click|app store|inbox|unsubscribe|consent)"
)


def glossary_headings(evidence: Evidence) -> Iterator[int]:
    """Find the headings of a glossary, a guide or a questionnaire, whatever they say: a short line, a text, and so on.

    At least ``GLOSSARY`` different short lines in a row, each followed by one block that reads as sentences, are how an
    article is built. Page furniture doesn't keep step with the paragraphs.
    """
    number, count = 0, len(evidence)
    while number + 1 < count:
        run = []
        while number + 1 < count and _term(evidence, number) and _definition(evidence, number + 1):
            run.append(number)
            number += 2
        if len({evidence.lines[n] for n in run}) >= GLOSSARY and not _all_furniture(evidence, run):
            yield from run
        if not run:
            number += 1


def _all_furniture(evidence: Evidence, run: list[int]) -> bool:
    """Whether rules know every line of a run, one of them longer than a glossary's word: "Share this article"."""
    return all(n in evidence.hints for n in run) and any(evidence.words[n] >= SENTENCE_TERM for n in run)


def _term(evidence: Evidence, number: int) -> bool:
    return evidence.words[number] <= TERM_WORDS and not ends_sentence(evidence.raw(number))


def _definition(evidence: Evidence, number: int) -> bool:
    return evidence.words[number] > 1 and ends_sentence(evidence.raw(number))


def about_furniture(evidence: Evidence) -> bool:
    """Whether the article's own sentences speak of page furniture, in several words for it."""
    blocks, low = evidence.document.blocks, evidence.views.low
    found: set[str] = set()
    for number, block in enumerate(blocks):
        if evidence.gone[number] is None and number not in evidence.hints and evidence.words[number] >= SENTENCE_WORDS:
            if ends_sentence(evidence.raw(number)):
                found.update(_FURNITURE.findall(low, block.start, block.end))
    return len(found) >= FURNITURE


def sheltered(evidence: Evidence) -> frozenset[int]:
    """Find blocks that only a rule which needs no context, or a neighbour of its own kind, may remove.

    They are the headings of lists, the longer items of lists, and everything in an article about page furniture.
    """
    count = len(evidence)
    if evidence.about_furniture:
        return frozenset(range(count))
    listed = [evidence.listed(n) for n in range(count)]
    found = {n for n in range(count) if listed[n] and evidence.words[n] > ITEM_WORDS}
    found.update(n for n in range(count - 1) if listed[n + 1] and not listed[n] and evidence.gaps[n + 1] == 1)
    return frozenset(found)
