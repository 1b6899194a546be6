"""The shape of a block: what its text alone says of it, whatever its words mean and wherever it stands."""

from __future__ import annotations

import re
import sys
from itertools import islice
from typing import Final, NamedTuple

from cleaner.evidence import Evidence, quotation

LONGEST: Final = 800
"""So many characters of a block are looked at."""

SHAPE: Final = (
    "chars_a_word", "question", "quote", "comma", "bracket", "listed", "upper", "titled", "digits",
    "clock", "address", "bars", "signs", "name_colon", "lower_start", "sentences", "quoted", "name_first",
    "said", "inner_bracket", "year", "words_a_sentence", "exclaims",
)  # fmt: skip
"""What a row of :class:`Shape` holds, in this order."""

_LETTER: Final = re.compile(r"[^\W\d_]")
ADDRESS: Final = re.compile(r"@|https?:|www\.|\.(?:com|org|net)\b")
_BARS: Final = re.compile(r" [|·•/›»>→] |[|•›»→←]")
_SIGN: Final = re.compile(r"[^\w\s.,;:!?'\"()\-]")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
NEXT_SENTENCE: Final = re.compile(
    r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]{0,2}\s+(?=\S)|[\u3002\uff01\uff1f\u0964\u06d4\u061f][\"\u201d\u300d\u300f\uff09)\u300b\u3011]{0,2}\s?(?=\S)"
)
_YEAR: Final = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
QUOTATION_MARK: Final = re.compile('["\u201c\u201d\u00ab\u00bb\u201e\u300c]')
_CLOCK: Final = re.compile(r"\d[:.]\d\d")
_NAMED: Final = re.compile(r"^[^\s:：][^:：]{0,40}[:：]\s*\S")
_ENDS: Final = ".!?\u2026\u3002\uff01\uff1f\u06d4\u061f\u0964"
SHUT: Final = "\"'\u201c\u201d\u2019\u00bb\u300d\u300f)]"
_QUOTES: Final = "\"'\u201c\u201d\u2018\u201e\u00ab\u00bb\u300c\u300e\u2013\u2014"
_NAME_LETTERS: Final = 3
_UNCASED: Final = ("\u0590", "\u0e00")
_WIDE: Final = "\u2e80"
_AFTER_NAME: Final = ".,;:!?)]\"'\u2019\u201d\u00bb\u2026\u060c\u061f\u0964"
_STEM: Final = 6


class Words(NamedTuple):
    """The words of a block by which it is compared with others. Of a large text they are held for all blocks at once.

    Attributes:
        vocabulary: the words by which it is compared with other blocks.
        names: what may be names of people and places: pairs of words with capitals, or of scripts that have none.
        first_name: the one that it begins with, or nothing.
        first_word: the beginning of its first word.
    """

    vocabulary: tuple[str, ...]
    names: tuple[str, ...]
    first_name: str
    first_word: str


class Shape(NamedTuple):
    """What the text of a block decides.

    Attributes:
        ends: whether it ends as a sentence does.
        colon: whether it ends with a colon.
        cased: whether it is written in letters that have capitals.
        wide: whether it begins in a script without spaces.
        single: whether it is one sentence.
        row: numbers as :data:`SHAPE` names them; the first is its length, to be divided by its words.
        words: its words and names.
    """

    ends: float
    colon: float
    cased: float
    wide: float
    single: bool
    row: tuple[float, ...]
    words: Words


_SHAPES: Final[dict[str, Shape]] = {}
MAX_SHAPES: Final = 2000
MAX_REMEMBERED: Final = 2000
"""Shapes of so many blocks of up to so many characters are remembered: never a whole large text."""


def shape_of(evidence: Evidence, number: int) -> Shape:
    """Return the shape of a block. Remembered, for what stays is looked at again in the next pass."""
    raw = evidence.raw(number)
    known = _SHAPES.get(raw)
    if known is not None:
        return known
    block = evidence.document.blocks[number]
    text = raw.strip()
    size = len(text) or 1
    start, more, head = text[:80], text[:120], text[:LONGEST]
    found = text[:300].split()
    commas = text.count(",")
    if not text.isascii():
        commas += text.count("\u060c") + text.count("\u3001") + text.count("\uff0c")
    sentences = 1 + len(NEXT_SENTENCE.findall(head))
    first_name = next(iter(_names(" ".join(found[:2]))), "")
    row = (
        float(size), float(text[-1:] in "?\uff1f\u061f"), float(text[:1] in _QUOTES), float(min(commas, 9)), float(text[-1:] in ")]\uff09"),
        float(evidence.listed(number)), sum(map(str.isupper, start)) / (len(_LETTER.findall(start)) or 1),
        sum([word[0].isupper() for word in found]) / (len(found) or 1), sum(map(str.isdigit, more)) / min(size, 120),
        float(_CLOCK.search(more) is not None), float(ADDRESS.search(text) is not None), float(min(len(_BARS.findall(text[:300])), 9)),
        len(_SIGN.findall(text[:200])) / min(size, 200), float(_NAMED.match(text) is not None), float(text[:1].islower()),
        float(min(sentences, 5)), float(QUOTATION_MARK.search(head, 1) is not None), float(bool(first_name)), float(quotation(text)),
        float("(" in head[1:] or "\uff08" in head[1:]), float(_YEAR.search(head) is not None), float(min(len(found) / sentences, 40)),
        float("!" in head or "\uff01" in head),
    )  # fmt: skip
    low = evidence.views.low[block.start : min(block.end, block.start + LONGEST)]
    shape = Shape(
        ends=float(text.rstrip(SHUT)[-1:] in _ENDS and text[-1:] != ""),
        colon=float(text[-1:] in ":\uff1a"),
        cased=float(start.lower() != start.upper()),
        wide=float(text[:1] >= _WIDE),
        single=sentences == 1,
        row=row,
        words=Words(_vocabulary(low), _names(head), first_name, _first_word(low)),
    )
    if len(raw) <= MAX_REMEMBERED:
        if len(_SHAPES) >= MAX_SHAPES:
            _SHAPES.clear()
        _SHAPES[raw] = shape
    return shape


def _first_word(low: str) -> str:
    found = _WORD.search(low[:60])
    if found is None or found.start() > 3:  # a quotation mark, a bullet and a blank
        return ""
    return sys.intern(found[0][: 2 if found[0] >= _WIDE else _STEM])


def _vocabulary(low: str) -> tuple[str, ...]:
    """Return the words of a text by which it is compared with others: long ones; of scripts without spaces, pairs of signs."""
    found = _WORD.findall(low)
    out = set()
    for word in found:
        if word[0] >= "\u0e00" and len(word) > 2:
            out.update([word[at : at + 2] for at in range(len(word) - 1)])
        elif len(word) > 3 or word[0] >= "\u0590":
            out.add(word[:_STEM])
    # Of a large text the words of all blocks are held at once, and most stand in many.
    return tuple(map(sys.intern, out))


def _names(text: str) -> tuple[str, ...]:
    """Return the pairs of words that may be a name: both with a capital, or in letters that have none and words not the shortest."""
    words = text.split()
    out = set()
    for first, second in zip(words, islice(words, 1, None), strict=False):
        one, other = first[0], second[0]
        if (one.isupper() and other.isupper() and first[-1].isalpha()) or (
            _UNCASED[0] <= one < _UNCASED[1]
            and _UNCASED[0] <= other < _UNCASED[1]
            and len(first) >= _NAME_LETTERS <= len(second)
            and first[-1].isalpha()
        ):
            out.add(f"{first} {second.rstrip(_AFTER_NAME)}")
    return tuple(map(sys.intern, out))
