"""What a block and its document say of it: features of every block, which a small network weighs in their sequence.

The features of a block are its own (its wording, its shape) or say where it stands; what its neighbours look like the network sees for
itself, see :mod:`cleaner.network`.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from cleaner import wording
from cleaner.evidence import Evidence

if TYPE_CHECKING:
    from cleaner.network import Array

SURE: Final = 5.0
HOT: Final = 2.0
CALM: Final = 1.0
FIRST_OF_LIKE: Final = 0.75
LONGEST: Final = 800

FEATURES: Final = (
    "wording", *wording.LANES, "gone", "hinted",
    "words", "prose", "sentence", "colon", "chars_a_word", "question", "quote", "comma", "bracket", "listed", "upper", "titled", "digits",
    "clock", "address", "bars", "signs", "name_colon", "lower_start",
    "gap_before", "gap_after", "spaced", "since_prose", "to_prose", "prose_before", "prose_after", "position", "head", "tail", "since_title",
    "repeats", "like_title", "in_prose", "in_others", "names", "names_before", "names_after", "names_gone", "below_comments", "gone_after",
    "blocks", "prose_share", "hot_share", "mean_words", "gone_share", "gone_count", "wording_prose", "cased",
)  # fmt: skip
"""What is known of a block, in the order in which :func:`features` gives it."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_ADDRESS: Final = re.compile(r"@|https?:|www\.|\.(?:com|org|net)\b")
_BARS: Final = re.compile(r" [|·•/›»>→] |[|•›»→←]")
_SIGN: Final = re.compile(r"[^\w\s.,;:!?'\"()\-]")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_CLOCK: Final = re.compile(r"\d[:.]\d\d")
_NAMED: Final = re.compile(r"^[^\s:：][^:：]{0,40}[:：]\s*\S")
_ENDS: Final = ".!?\u2026\u3002\uff01\uff1f\u06d4\u061f\u0964"
_SHUT: Final = "\"'\u201c\u201d\u2019\u00bb\u300d\u300f)]"
_QUOTES: Final = "\"'\u201c\u201d\u2018\u201e\u00ab\u00bb\u300c\u300e\u2013\u2014"
FAR: Final = 30
TOGETHER: Final = 400
"""Of so many blocks the model of wording is asked at once."""

BEFORE_COMMENTS: Final = 3
NAME_LETTERS: Final = 3
_UNCASED: Final = ("\u0590", "\u0e00")
_AFTER_NAME: Final = ".,;:!?)]\"'\u2019\u201d\u00bb\u2026\u060c\u061f\u0964"


def _wording(evidence: Evidence) -> Iterator[tuple[float, ...]]:
    """Yield what each block's words alone say: log-odds that it is cruft (``SURE`` for blocks that rules removed) and what kind of it."""
    from cleaner.wording_rows import remember  # noqa: PLC0415  # loads numpy

    for start in range(0, len(evidence), TOGETHER):
        gone = evidence.gone[start : start + TOGETHER]
        lines = ["" if known else evidence.written(number) for number, known in enumerate(gone, start)]
        remember(lines)
        for line, known in zip(lines, gone, strict=True):
            if known is None:
                yield wording.says(line)
            else:
                yield (SURE, *(SURE if known.category in group else -SURE for group in wording.GROUPS), SURE, SURE)


def features(evidence: Evidence) -> tuple[Array, int | None]:
    """Return the features of every block, (blocks, features) as :data:`FEATURES` lists them, and which block is the title."""
    from cleaner.network import packed, side_by_side  # noqa: PLC0415  # loads numpy, and texts without an open question don't need it

    count = len(evidence)
    said: list[float] = []
    cased = 0.0
    vocabulary: list[tuple[str, ...]] = []
    names: list[tuple[str, ...]] = []
    gone = [float(known is not None) for known in evidence.gone]
    words = evidence.words
    gaps = [*evidence.gaps, 0]
    prose = [evidence.prose[n] and not gone[n] for n in range(count)]

    def own(n: int, kinds: Sequence[float]) -> Sequence[float]:
        nonlocal cased
        shape = _shape(evidence, n)
        said.append(kinds[0])
        vocabulary.append(shape.vocabulary)
        names.append(shape.names)
        cased += shape.cased
        return (
            *kinds, gone[n], max([rule.confidence for rule in evidence.hints.get(n, ())], default=0.0),
            float(min(words[n], 100)), float(prose[n]), shape.ends, shape.colon, min(shape.row[0] / (words[n] or 1), 30.0), *shape.row[1:],
        )  # fmt: skip

    # Of a large text there is no room for all that its blocks say of themselves but in small numbers.
    first = packed(map(own, range(count), _wording(evidence)), FEATURES.index("gap_before"))
    before, after = _distances(prose), _distances(prose[::-1])[::-1]
    prose_before = _running(prose)
    total_prose = prose_before[-1]
    prose_said = [said[n] for n in range(count) if prose[n]]
    repeats: dict[str, int] = {}
    for line in evidence.lines:
        repeats[line] = repeats.get(line, 0) + 1
    in_prose: dict[str, int] = {}
    in_rest: dict[str, int] = {}
    for n in range(count):
        table = in_prose if prose[n] else in_rest
        for word in vocabulary[n]:
            table[word] = table.get(word, 0) + 1
    first_with: dict[str, int] = {}
    last_with: dict[str, int] = {}
    names_gone: set[str] = set()
    for n in range(count):
        if prose[n]:
            for name in names[n]:
                first_with.setdefault(name, n)
                last_with[name] = n
        elif gone[n]:
            names_gone.update(names[n])
    comments = _below_comments(evidence, prose)
    gone_before = _running([known is not None for known in evidence.gone])
    title = _title(evidence, said, prose, vocabulary, in_prose, repeats)
    title_words = frozenset(vocabulary[title]) if title is not None else frozenset()
    document = (
        math.log(count or 1),
        sum([words[n] for n in range(count) if prose[n]]) / (sum(words) or 1),
        sum([value > HOT for value in said]) / (count or 1),
        sum([min(number, 100) for number in words]) / (count or 1),
        sum(gone) / (count or 1),
        min(sum(gone), 12.0),
        sum(prose_said) / len(prose_said) if prose_said else 0.0,
        cased / (count or 1),
    )

    def around(n: int) -> Sequence[float]:
        mine = vocabulary[n]
        size = len(mine) or 1
        other = 1 if prose[n] else 0
        rest = 0 if prose[n] else 1
        return (
            float(min(gaps[n], 4)), float(min(gaps[n + 1], 4)), float(evidence.spaced),
            float(min(before[n], FAR)), float(min(after[n], FAR)), float(min(prose_before[n], 20)),
            float(min(total_prose - prose_before[n + 1], 20)), n / count, float(prose_before[n] == 0),
            float(prose_before[n + 1] == total_prose), float(max(-9, min(9, n - title))) if title is not None else -9.0,
            float(min(repeats[evidence.lines[n]], 5)) if evidence.lines[n] else 1.0,
            sum([word in title_words for word in mine]) / size if n != title else -1.0,
            sum([in_prose.get(word, 0) > other for word in mine]) / size, sum([in_rest.get(word, 0) > rest for word in mine]) / size,
            float(min(len(names[n]), 5)), float(min(sum([first_with.get(name, n) < n for name in names[n]]), 3)),
            float(min(sum([last_with.get(name, n) > n for name in names[n]]), 3)),
            0.0 if gone[n] else float(min(sum([name in names_gone for name in names[n]]), 3)), float(n > comments),
            (gone_before[count] - gone_before[n + 1]) / max(1, count - n - 1),
            *document,
        )  # fmt: skip

    return side_by_side(first, packed(map(around, range(count)), len(FEATURES) - first.shape[1])), title


def _title(
    evidence: Evidence,
    said: Sequence[float],
    prose: Sequence[bool],
    vocabulary: Sequence[tuple[str, ...]],
    in_prose: dict[str, int],
    repeats: dict[str, int],
) -> int | None:
    """Return the block that is most likely the title: short, in front of the prose, and speaking of what the prose speaks of."""
    first = next((n for n, flag in enumerate(prose) if flag and said[n] < CALM), None)
    stop = min(len(prose), 12) if first is None else first
    values: dict[int, float] = {}
    for n in range(max(0, stop - FAR * 2), stop):
        words = evidence.words[n]
        if evidence.gone[n] is not None or prose[n] or not 2 <= words <= 40:
            continue
        mine = vocabulary[n]
        value = sum([in_prose.get(word, 0) > 0 for word in mine]) / (len(mine) + 1)
        value += 0.3 * (repeats[evidence.lines[n]] > 1) + 0.3 * (4 <= words <= 22) - 0.15 * max(0.0, said[n])
        text = evidence.raw(n).strip()
        value -= (
            0.25 * (text.rstrip(_SHUT)[-1:] in ".\u3002\u0964\u06d4\u2026")
            + 0.5 * evidence.listed(n)
            + 0.3 * (text[-1:] in ":\uff1a")
        )
        values[n] = value
    best = max(values.values(), default=0.0)
    # Standfirsts and captions speak of it as well, but the title comes first.
    winner = next((n for n, value in values.items() if value >= FIRST_OF_LIKE * best), None)
    if winner is None or best <= 0:
        return next(
            (n for n in range(min(len(prose), 40)) if not prose[n] and evidence.gone[n] is None and said[n] < HOT), None
        )
    return winner


class _Shape(NamedTuple):
    """What of a block's features its text alone decides.

    Attributes:
        ends: whether it ends as a sentence does.
        colon: whether it ends with a colon.
        cased: whether it is written in letters that have capitals.
        row: the features from "chars_a_word" (its length, to be divided by its words) to "lower_start" in the order of :data:`FEATURES`.
        vocabulary: the words by which it is compared with other blocks.
        names: what may be names of people and places: pairs of words with capitals, or of scripts that have none.
    """

    ends: float
    colon: float
    cased: float
    row: tuple[float, ...]
    vocabulary: tuple[str, ...]
    names: tuple[str, ...]


_SHAPES: Final[dict[str, _Shape]] = {}
MAX_SHAPES: Final = 2000
MAX_REMEMBERED: Final = 2000
"""Shapes of so many blocks of up to so many characters are remembered: never a whole large text."""


def _shape(evidence: Evidence, number: int) -> _Shape:
    """Return the shape of a block. Remembered, for what stays is looked at again in the next pass."""
    raw = evidence.raw(number)
    known = _SHAPES.get(raw)
    if known is not None:
        return known
    block = evidence.document.blocks[number]
    text = raw.strip()
    size = len(text) or 1
    start, more = text[:80], text[:120]
    found = text[:300].split()
    upper = sum(map(str.isupper, start)) / (len(_LETTER.findall(start)) or 1)
    ends = float(text.rstrip(_SHUT)[-1:] in _ENDS and text[-1:] != "")
    colon = float(text[-1:] in ":\uff1a")
    listed = float(evidence.listed(number))
    commas = text.count(",")
    if not text.isascii():
        commas += text.count("\u060c") + text.count("\u3001") + text.count("\uff0c")
    row = (
        float(text[-1:] in "?\uff1f\u061f"), float(text[:1] in _QUOTES), float(min(commas, 9)), float(text[-1:] in ")]\uff09"), listed, upper,
        sum([word[0].isupper() for word in found]) / (len(found) or 1), sum(map(str.isdigit, more)) / min(size, 120),
        float(_CLOCK.search(more) is not None), float(_ADDRESS.search(text) is not None), float(min(len(_BARS.findall(text[:300])), 9)),
        len(_SIGN.findall(text[:200])) / min(size, 200), float(_NAMED.match(text) is not None), float(text[:1].islower()),
    )  # fmt: skip
    low = evidence.views.low[block.start : min(block.end, block.start + LONGEST)]
    shape = _Shape(
        ends,
        colon,
        float(start.lower() != start.upper()),
        (float(size), *row),
        _vocabulary(low),
        _names(text[:LONGEST]),
    )
    if len(raw) <= MAX_REMEMBERED:
        if len(_SHAPES) >= MAX_SHAPES:
            _SHAPES.clear()
        _SHAPES[raw] = shape
    return shape


def _vocabulary(low: str) -> tuple[str, ...]:
    """Return the words of a text by which it is compared with others: long ones; of scripts without spaces, pairs of signs."""
    found = _WORD.findall(low)
    out = set()
    for word in found:
        if word[0] >= "\u0e00" and len(word) > 2:
            out.update([word[at : at + 2] for at in range(len(word) - 1)])
        elif len(word) > 3 or word[0] >= "\u0590":
            out.add(word[:6])
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
            and len(first) >= NAME_LETTERS <= len(second)
            and first[-1].isalpha()
        ):
            out.add(f"{first} {second.rstrip(_AFTER_NAME)}")
    return tuple(map(sys.intern, out))


def _below_comments(evidence: Evidence, prose: Sequence[bool]) -> int:
    """Return the first block behind some paragraphs that is known to belong to the readers' comments, or the number of blocks."""
    before = 0
    for number, (known, flag) in enumerate(zip(evidence.gone, prose, strict=True)):
        before += flag
        if known is not None and known.category == "comments" and before >= BEFORE_COMMENTS:
            return number
    return len(prose)


def _running(flags: list[bool]) -> list[int]:
    out = [0]
    for flag in flags:
        out.append(out[-1] + flag)
    return out


def _distances(flags: list[bool]) -> list[int]:
    out, distance = [], FAR
    for flag in flags:
        out.append(distance)
        distance = 1 if flag else min(distance + 1, FAR)
    return out


def scores(evidence: Evidence) -> tuple[list[float], int | None]:
    """Return, per block, the probability that it is cruft, 1 for what rules removed; and the block that is the title."""
    from cleaner import network  # noqa: PLC0415  # loads numpy, and texts without an open question don't need it

    if not len(evidence):
        return [], None
    rows, title = features(evidence)
    found = network.log_odds(rows)
    return [
        1.0 if gone is not None else probability(value) for gone, value in zip(evidence.gone, found, strict=True)
    ], title


def probability(log_odds: float) -> float:
    """Return log-odds as a probability, rounded so that it is the same on every platform."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
