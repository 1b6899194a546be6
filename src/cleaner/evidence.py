"""What is known of a document's blocks while it is judged: their shape, their place, what rules said, what goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from cleaner.fold import visible
from cleaner.match import Views, plain
from cleaner.model import Document
from cleaner.rule import Rule

PROSE_WORDS: Final = 12
"""Paragraphs of so many words and more are article in 98 of 100 cases (WCXB, blocks inside the body)."""

LONGEST: Final = 400
"""So many characters of a block are shown to the models."""

_ENDS: Final = frozenset(".!?\u2026\u3002\uff01\uff1f\uff61\u06d4\u061f\u0964\u0965\u104b\u1362\u0589")
_STOPS: Final = ".,;:!?\u2026\u3002\uff0c\u060c "
_QUOTATIONS: Final = {
    '"': frozenset('"'),
    "\u201c": frozenset("\u201d"),
    "\u201e": frozenset('\u201c\u201d"'),
    "\u00ab": frozenset("\u00bb"),
    "\u00bb": frozenset("\u00ab"),
    "\u300c": frozenset("\u300d"),
    "\u300e": frozenset("\u300f"),
}
_SINGLE: Final = frozenset("'\u2018\u2019")
_CLOSING_QUOTES: Final = frozenset().union(*_QUOTATIONS.values())
_UNSPACED: Final = "\u0e00"
_CLOSERS: Final = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb)]\uff09\u300d\u300f\u3011*_ "
_WIDE: Final = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_WIDE_PER_WORD: Final = 1.7
_LISTED: Final = re.compile(r"\s*(?:[-*+\u2022\u00b7\u2013\u25cf\u25aa]|\d{1,3}[.)]|[a-zA-Z][.)])\s+\S")


@cache
def _wide() -> re.Pattern[str]:
    # A class of far-away characters is slow to compile, and ASCII doesn't need it.
    return re.compile(_WIDE)


def count_words(text: str) -> int:
    """Count words; in scripts that write none apart, letters over an average word's length stand for them."""
    words = len(text.split())
    if text.isascii():
        return words
    wide = len(_wide().findall(text))
    return words + int(wide / _WIDE_PER_WORD) if wide else words


def ends_sentence(text: str) -> bool:
    """Whether the text ends the way a sentence does, closing quotes and brackets aside."""
    bare = text.rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _ENDS


def quotation(text: str) -> bool:
    """Whether a text is a quotation from end to end, closing punctuation aside."""
    closing = _QUOTATIONS.get(text[:1])
    return closing is not None and len(text) > 1 and text.rstrip(_STOPS)[-1:] in closing


def set_in_quotes(text: str) -> bool:
    """Whether a text is a quotation, or stands between single quotation marks."""
    return quotation(text) or (text[:1] in _SINGLE and len(text) > 1 and text.rstrip(_STOPS)[-1:] in _SINGLE)


class Gone(NamedTuple):
    """That a block goes: as what, by which rule, how surely."""

    category: str
    rule: str
    confidence: float


class Evidence:
    """The blocks of one document and what is known of them so far. Made for one document and thrown away with it.

    Attributes:
        lines: per block its plain line in lower case; empty where the block is too long for a rule.
        words: per block its number of words.
        gaps: per block how many line ends stand before it (0 for the first).
        prose: per block whether it reads as a paragraph: a sentence's end and ``PROSE_WORDS`` words.
        hints: rules that match a whole block, by block.
        gone: per block what it goes as, or ``None`` while it stays.
        protected: blocks that stay whatever is said of them.
        about_furniture: whether the article is about such things as cleaning removes.
        quoted: blocks whose words the article's own paragraphs quote.
        noted: blocks that end with a note of who owns the text, and where in them it begins.
        sheltered: blocks that stay unless a rule by itself, or a neighbour of its kind, says otherwise.
    """

    def __init__(self, views: Views, lines: Sequence[str]) -> None:
        self.views = views
        self.document: Document = views.document
        self.lines = lines
        self.hints: dict[int, list[Rule]] = {}
        self.gone: list[Gone | None] = [None] * len(lines)
        self.protected: set[int] = set()
        self.sheltered: frozenset[int] = frozenset()
        self.quoted: set[int] = set()
        self.noted: dict[int, int] = {}
        self.about_furniture = False
        self._places: Places | None = None
        self._about: dict[tuple[str, ...], list[int]] = {}
        text, blocks = self.document.text, self.document.blocks
        self.words: list[int] = []
        self.prose: list[bool] = []
        self.gaps: list[int] = []
        before = 0
        for block in blocks:
            body = text[block.start : block.end]
            words = count_words(body)
            self.words.append(words)
            self.prose.append(words >= PROSE_WORDS and ends_sentence(body))
            gap = text[before : block.start]
            self.gaps.append(1 if len(gap) == 1 else len(gap.splitlines()))
            before = block.end
        if self.gaps:
            self.gaps[0] = 0
        self.spaced = sum(gap >= 2 for gap in self.gaps) * 2 >= len(self.gaps) - 1

    def __len__(self) -> int:
        return len(self.lines)

    def raw(self, number: int) -> str:
        """Return a block's text as written."""
        block = self.document.blocks[number]
        return self.document.text[block.start : block.end]

    def text(self, number: int) -> str:
        """Return a block's folded text, squeezed."""
        block = self.document.blocks[number]
        return visible(self.views.folded[block.start : block.end])

    def written(self, number: int) -> str:
        """Return the beginning of a block as the models see it: folded, squeezed, without what only lays it out."""
        block = self.document.blocks[number]
        return plain(self.views.folded[block.start : min(block.end, block.start + LONGEST)])

    def listed(self, number: int) -> bool:
        """Whether a block is written as an item of a list, with a bullet or a number."""
        text = self.raw(number)
        return _LISTED.match(text) is not None and text.rstrip()[-1] not in "-*\u2013\u2014"

    def headline(self, number: int) -> bool:
        """Whether a block reads like a headline: 3 to 25 words without a sentence's end."""
        if not 3 <= self.words[number] <= 25:
            return False
        text = self.raw(number).strip()
        if text[-1] in _CLOSING_QUOTES and not set_in_quotes(text):
            text = text[:-1].rstrip() or text
        return text[-1] not in ".:;,!\u3002\uff1a\u0964" or text.endswith("...")

    def has_paragraph(self) -> bool:
        """Whether a paragraph stays."""
        return any(flag and gone is None for flag, gone in zip(self.prose, self.gone, strict=True))

    def staying(self, number: int) -> bool:
        """Whether a block is there and isn't known to go."""
        return 0 <= number < len(self.gone) and self.gone[number] is None

    def is_about(self, words: tuple[str, ...], number: int) -> bool:
        """Whether the article speaks of one of the words: in prose, or in a title, that stays and isn't this block."""
        found = self._about.get(words)
        if found is None:
            # Scripts that set no blanks between words have no beginnings of words either.
            spaced = [re.escape(word) for word in words if word[0] < _UNSPACED]
            other = [re.escape(word) for word in words if word[0] >= _UNSPACED]
            wanted = re.compile("|".join([*([rf"(?<!\w)(?:{'|'.join(spaced)})"] if spaced else []), *other]))
            low, blocks = self.views.low, self.document.blocks
            found = [
                other
                for other, block in enumerate(blocks)
                if (self.prose[other] or other == 0 or self.words[other] >= PROSE_WORDS)
                and wanted.search(low, block.start, block.end)
            ]
            self._about[words] = found
        return any(other != number and self.gone[other] is None for other in found)

    def remove(self, number: int, gone: Gone) -> None:
        """Note that a block goes."""
        self.gone[number] = gone
        if self.prose[number]:
            self._places = None

    def take_back(self, number: int) -> None:
        """Note that a block stays after all."""
        self.gone[number] = None
        self.hints.pop(number, None)
        self._places = None

    def places(self) -> Places:
        """Return where head, body and tail are, judged by the prose that stays."""
        if self._places is None:
            prose = [number for number, is_prose in enumerate(self.prose) if is_prose and self.gone[number] is None]
            self._places = Places(len(self.gone), tuple(prose[:3]), tuple(prose[-2:]))
        return self._places


class Places(NamedTuple):
    """Where a document's head, body and tail are, judged by its first three and last two paragraphs of prose.

    A block is judged by the prose other than itself. The head ends where the second paragraph begins, since the first
    may be a standfirst; the tail begins after the last one. Without prose, the first and last ``EDGE`` blocks count.
    """

    blocks: int
    first: tuple[int, ...]
    last: tuple[int, ...]

    def of(self, number: int) -> tuple[str, ...]:
        """Return the places that a block stands in; there may be two."""
        first = [other for other in self.first if other != number][:2]
        last = [other for other in self.last if other != number]
        if not last:
            names = ("head",) if number < EDGE else ()
            return (*names, "body", *(("tail",) if number >= self.blocks - EDGE else ()))
        head = number < first[-1]
        body = first[0] < number < last[-1]
        tail = number > last[-1]
        return (*(("head",) if head else ()), *(("body",) if body else ()), *(("tail",) if tail else ()))


EDGE: Final = 3
