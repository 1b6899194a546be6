"""What stands below the end of an article: who its author is."""

from __future__ import annotations

import re
from typing import Final

from cleaner.evidence import Evidence

REACH: Final = 60
WIDE_REACH: Final = 12
"""A biography of the author has the name from the byline within so many characters, in scripts without spaces within so many: of 1,268 written ones
908 have it within 80, and of the last lines of all other pages with a byline 8."""

NAME_CHARS: Final = 6
LONG_NAME: Final = 3
WORDS: Final = 6
"""A shorter line is a signature."""

MOST: Final = 3
PARAGRAPHS: Final = 3
"""So many lines are a biography at most, and so many paragraphs have to be left in front of it."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_WIDE: Final = "\u3000"


def signed_biographies(evidence: Evidence) -> list[int]:
    """Find the lines at the end that speak of the author whom the byline names."""
    names: set[tuple[str, ...]] = set()
    for number, known in enumerate(evidence.gone):
        if known is not None and known.category == "byline":
            names |= _names(evidence.raw(number))
    if not names:
        return []
    out: list[int] = []
    for number in range(len(evidence) - 1, -1, -1):
        if evidence.gone[number] is not None:
            continue
        if len(out) == MOST or evidence.words[number] < WORDS or not _named(evidence.raw(number)[:REACH], names):
            break
        out.append(number)
    left = sum(
        flag and evidence.gone[number] is None for number, flag in enumerate(evidence.prose[: min(out, default=0)])
    )
    return out if left >= PARAGRAPHS else []


def _names(line: str) -> set[tuple[str, ...]]:
    """Return what may be names: pairs of words with capitals, or of a script without; of scripts without spaces, longer words."""
    words = _WORD.findall(line)
    out: set[tuple[str, ...]] = set()
    for first, second in zip(words, words[1:], strict=False):
        if len(first) + len(second) >= NAME_CHARS and not first[0].islower() and not second[0].islower():
            out.add((first.lower(), second.lower()))
    out.update((word,) for word in words if word[0] >= _WIDE and len(word) >= LONG_NAME)
    return out


def _named(line: str, names: set[tuple[str, ...]]) -> bool:
    return not names.isdisjoint(_names(line)) or any(len(name) == 1 and name[0] in line[:WIDE_REACH] for name in names)
