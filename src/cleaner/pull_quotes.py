"""Pull quotes: blocks that say again what a paragraph of the article says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence, ends_sentence
from cleaner.titles import find_title
from cleaner.words import words_of

QUOTED_WORDS: Final = 3
SENTENCE_QUOTE: Final = 5
LINE_QUOTE: Final = 9
"""So many words make a pull quote: between quotation marks, as a sentence, and as a line that is neither."""

MORE: Final = 4
MORE_THAN_SAID: Final = 2
"""So many words more has the paragraph at least, and one that says of a quotation who said it: with these numbers 458 of 12,000 written pages' blocks are found that are pull quotes,
and 19 that are none, most of them verses; with 6 and 4 it is 443 and 19."""

AHEAD: Final = 2
AHEAD_WORDS: Final = 9
"""What says so many words at least may also stand so many blocks above the paragraph. A shorter quotation, or one farther ahead, is as likely a heading: of 29 of six to eight
words, on written pages as long as those of the web, 16 were, of 28 longer ones 2, of 380 behind their paragraph 3."""

MAX_QUOTES: Final = 200
"""A text with more blocks that may be quotes is left alone, which keeps the search linear."""

_MARKS: Final = "\"'\u300c\u300e"
_ATTRIBUTED: Final = re.compile(r"(.{3,}[\"'\u300d\u300f][.,]?) *(?:-|\u2014|\u2013) *[^\"']{2,80}$")
_SENTENCES: Final = re.compile(r"(?<=[.!?\u2026\u3002\uff01\uff1f])[\"']? +|(?<=[\u3002\uff01\uff1f])")


def pull_quote(evidence: Evidence) -> Iterator[int]:
    """Find blocks whose words all stand, in the same order, inside a longer paragraph of prose: in one piece, or sentence by sentence.

    Linear: at most ``MAX_QUOTES`` blocks are looked for, and only in paragraphs that have their first word.
    """
    title = find_title(evidence)
    first = next((n for n in range(len(evidence)) if evidence.prose[n] and evidence.gone[n] is None), None)
    if first is None:
        return
    wanted: dict[str, list[tuple[int, list[str], int]]] = {}
    count = 0
    for number in range(first + 1, len(evidence)):
        if (
            evidence.gone[number] is None
            and evidence.lines[number]
            and number != title
            and evidence.words[number] <= 60
        ):
            parts = _quotation(evidence, number)
            if parts:
                size = sum([len(part) for part in parts])
                pieces = [f" {' '.join(part)} " for part in parts]
                wanted.setdefault(parts[0][0], []).append((number, pieces, size))
                count += 1
                if count > MAX_QUOTES:
                    return
    found: set[int] = set()
    for number in range(len(evidence)) if wanted else ():
        if not evidence.prose[number] or evidence.gone[number] is not None:
            continue
        words = words_of(evidence.text(number))
        openings = wanted.keys() & set(words)
        if not openings:
            continue
        joined = f" {' '.join(words)} "
        for opening in openings:
            for quote, pieces, size in wanted[opening]:
                more = MORE_THAN_SAID if evidence.written(quote)[:1] in _MARKS else MORE
                heading = number > quote and (size < AHEAD_WORDS or number > quote + AHEAD)
                if quote != number and not heading and len(words) >= size + more and _in_order(pieces, joined):
                    found.add(quote)
    yield from sorted(found)


def _in_order(pieces: list[str], joined: str) -> bool:
    at = 0
    for piece in pieces:
        at = joined.find(piece, at)
        if at < 0:
            return False
        at += len(piece) - 1
    return True


def _quotation(evidence: Evidence, number: int) -> list[list[str]]:
    """Return the words of what may be a pull quote, a list a sentence; nothing for what is too short to tell.

    Between quotation marks a few words are enough; who said it may stand behind a dash. Else it takes a sentence or a long line.
    """
    if evidence.listed(number):
        return []
    text = evidence.written(number)
    if text[-1:] in "?:\uff1f\uff1a":
        return []  # a heading asks what the text below it answers in the same words
    said = _ATTRIBUTED.match(text)
    core = said[1] if said else text
    parts = [words for part in _SENTENCES.split(core) if (words := words_of(part))]
    size = sum([len(part) for part in parts])
    quoted = core[:1] in _MARKS and core.rstrip(" .,!?")[-1:] in "\"'\u300d\u300f"
    wide = not core.isascii() and core[len(core) // 2] >= "\u0e00"
    least = QUOTED_WORDS if quoted else SENTENCE_QUOTE if ends_sentence(core) else LINE_QUOTE
    return parts if size >= (2 * least if wide else least) else []
