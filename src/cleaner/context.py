"""What a block and its document say of it: features of every block, which a small network weighs in their sequence.

The features of a block are its own (its wording, its shape) or say where it stands; what its neighbours look like the network sees for
itself, see :mod:`cleaner.network`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cleaner import wording
from cleaner.evidence import Evidence
from cleaner.shape import SHAPE, SHUT, Words, shape_of

if TYPE_CHECKING:
    from cleaner.network import Array

SURE: Final = 5.0
HOT: Final = 2.0
CALM: Final = 1.0
FIRST_OF_LIKE: Final = 0.75

FEATURES: Final = (
    "wording", *wording.LANES, *(f"{lane}_phrasing" for lane in wording.PHRASED), *(f"{lane}_meaning" for lane in wording.MEANT),
    "gone", "hinted", "words", "prose", "sentence", "colon", *SHAPE,
    "gap_before", "gap_after", "spaced", "since_prose", "to_prose", "prose_before", "prose_after", "position", "head", "tail", "since_title",
    "repeats", "like_title", "in_prose", "in_others", "names", "names_before", "names_after", "names_gone", "below_comments", "gone_after",
    "first_known", "twins", "longer", "first_like", "first_gone", "row_size", "row_at", "first_in_prose", "first_signed", "signed",
    "blocks", "prose_share", "hot_share", "mean_words", "gone_share", "gone_count", "wording_prose", "cased", "single_share", "stops", "wide",
)  # fmt: skip
"""What is known of a block, in the order in which :func:`features` gives it."""

_NO_ROLE: Final = (-SURE,) * len(wording.ROLES)
_ANYWHERE: Final = (0.0,) * len(wording.PLACES)
_NO_MEANING: Final = (0.0,) * len(wording.MEANT)
"""A block that a rule removed is nothing in the article, and stands where it stands; what it is about was not asked."""

FAR: Final = 30
TOGETHER: Final = 400
"""Of so many blocks the models of lines are asked at once."""

BEFORE_COMMENTS: Final = 3
TWINS: Final = 6
ROW: Final = 12
TYPICAL: Final = 20
"""So long is a paragraph where there is none."""

STOP_WORDS: Final = 5
SIGNING: Final = frozenset({"biography", "byline", "contact"})
"""Categories whose lines name the author."""


def _wording(evidence: Evidence) -> Iterator[tuple[float, ...]]:
    """Yield what each block's words alone say: log-odds that it is cruft (``SURE`` for blocks that rules removed) and what kind of it.

    First by the linear model, then by the convolution, then by the model of meanings.
    """
    from cleaner import meaning, phrasing  # noqa: PLC0415  # loads numpy
    from cleaner.wording_rows import remember  # noqa: PLC0415  # the same

    for start in range(0, len(evidence), TOGETHER):
        gone = evidence.gone[start : start + TOGETHER]
        lines = ["" if known else evidence.written(number) for number, known in enumerate(gone, start)]
        remember(lines)
        different = list(dict.fromkeys(line for line, known in zip(lines, gone, strict=True) if known is None))
        phrased = dict(zip(different, phrasing.says(different).tolist(), strict=True))
        meant = dict(zip(different, meaning.says(different).tolist(), strict=True))
        for line, known in zip(lines, gone, strict=True):
            if known is None:
                yield (*wording.says(line), *phrased[line], *meant[line])
            else:
                kinds = [SURE if known.category in group else -SURE for group in wording.GROUPS]
                fine = [SURE if known.category == name else -SURE for name in wording.FINE]
                yield (SURE, *kinds, SURE, SURE, SURE, *kinds, *fine, *_NO_ROLE, *_ANYWHERE, *_NO_MEANING)


def features(evidence: Evidence) -> tuple[Array, int | None]:
    """Return the features of every block, (blocks, features) as :data:`FEATURES` lists them, and which block is the title."""
    from cleaner.network import blank, fill  # noqa: PLC0415  # loads numpy, and texts without an open question don't need it

    count = len(evidence)
    said: list[float] = []
    known_words: list[Words] = []
    ends, single = bytearray(), bytearray()
    cased = wide = 0.0
    gone = [float(known is not None) for known in evidence.gone]
    words = evidence.words
    gaps = [*evidence.gaps, 0]
    prose = [evidence.prose[n] and not gone[n] for n in range(count)]

    def own(n: int, kinds: Sequence[float]) -> Sequence[float]:
        nonlocal cased, wide
        shape = shape_of(evidence, n)
        said.append(kinds[0])
        known_words.append(shape.words)
        ends.append(shape.ends > 0)
        single.append(shape.single)
        cased += shape.cased
        wide += shape.wide
        return (
            *kinds, gone[n], max([rule.confidence for rule in evidence.hints.get(n, ())], default=0.0),
            float(min(words[n], 100)), float(prose[n]), shape.ends, shape.colon, min(shape.row[0] / (words[n] or 1), 30.0), *shape.row[1:],
        )  # fmt: skip

    rows = fill(blank(count, len(FEATURES)), map(own, range(count), _wording(evidence)))
    before, after = _distances(prose), _distances(prose[::-1])[::-1]
    prose_before = _running(prose)
    total_prose = prose_before[-1]
    repeats: dict[str, int] = {}
    for line in evidence.lines:
        repeats[line] = repeats.get(line, 0) + 1
    in_prose: dict[str, int] = {}
    in_rest: dict[str, int] = {}
    first_with: dict[str, int] = {}
    last_with: dict[str, int] = {}
    first_words: dict[str, int] = {}
    first_gone: dict[str, int] = {}
    names_gone: set[str] = set()
    signed: set[str] = set()
    for n, own_words in enumerate(known_words):
        table = in_prose if prose[n] else in_rest
        for word in own_words.vocabulary:
            table[word] = table.get(word, 0) + 1
        first_words[own_words.first_word] = first_words.get(own_words.first_word, 0) + 1
        known = evidence.gone[n]
        if known is not None:
            names_gone.update(own_words.names)
            first_gone[own_words.first_word] = first_gone.get(own_words.first_word, 0) + 1
            if known.category in SIGNING:
                signed.update(own_words.vocabulary)
        elif prose[n]:
            for name in own_words.names:
                first_with.setdefault(name, n)
                last_with[name] = n
    comments = _below_comments(evidence, prose)
    twins = _twins(evidence.lines)
    row_size, row_at = _rows(prose)
    gone_before = _running([known is not None for known in evidence.gone])
    title = _title(evidence, said, prose, known_words, in_prose, repeats)
    title_words = frozenset(known_words[title].vocabulary) if title is not None else frozenset()
    lengths = sorted(min(words[n], 100) for n in range(count) if prose[n])
    typical = lengths[len(lengths) // 2] if lengths else TYPICAL
    document = (
        *_document(evidence, said, prose, gone),
        cased / (count or 1),
        *_sentences(evidence, prose, single, ends),
        wide / (count or 1),
    )

    def around(n: int) -> Sequence[float]:
        mine, names, name, word = known_words[n]
        size = len(mine) or 1
        other = 1 if prose[n] else 0
        rest = 0 if prose[n] else 1
        there = not gone[n]
        return (
            float(min(gaps[n], 4)), float(min(gaps[n + 1], 4)), float(evidence.spaced),
            float(min(before[n], FAR)), float(min(after[n], FAR)), float(min(prose_before[n], 20)),
            float(min(total_prose - prose_before[n + 1], 20)), n / count, float(prose_before[n] == 0),
            float(prose_before[n + 1] == total_prose), float(max(-9, min(9, n - title))) if title is not None else -9.0,
            float(min(repeats[evidence.lines[n]], 5)) if evidence.lines[n] else 1.0,
            sum([one in title_words for one in mine]) / size if n != title else -1.0,
            sum([in_prose.get(one, 0) > other for one in mine]) / size, sum([in_rest.get(one, 0) > rest for one in mine]) / size,
            float(min(len(names), 5)), float(min(sum([first_with.get(one, n) < n for one in names]), 3)),
            float(min(sum([last_with.get(one, n) > n for one in names]), 3)),
            float(min(sum([one in names_gone for one in names]), 3)) if there else 0.0, float(n > comments),
            (gone_before[count] - gone_before[n + 1]) / max(1, count - n - 1),
            float(first_with.get(name, n) < n or last_with.get(name, n) > n or (there and name in names_gone)), float(twins[n]),
            math.log((min(words[n], 100) + 1) / (typical + 1)),
            float(min(first_words[word] - 1, 5)) if word else 0.0, float(min(first_gone.get(word, 0), 3)) if there and word else 0.0,
            float(row_size[n]), float(row_at[n]), float(in_prose.get(word, 0) > other), float(there and word in signed),
            sum([one in signed for one in mine]) / size if there else 0.0,
            *document,
        )  # fmt: skip

    return fill(rows, map(around, range(count)), FEATURES.index("gap_before")), title


def _document(
    evidence: Evidence, said: Sequence[float], prose: Sequence[bool], gone: Sequence[float]
) -> tuple[float, ...]:
    """Return what is the same for all blocks of a document, from "blocks" to "wording_prose" in :data:`FEATURES`."""
    count, words = len(evidence), evidence.words
    among = [n for n in range(count) if prose[n]]
    return (
        math.log(count or 1),
        sum([words[n] for n in among]) / (sum(words) or 1),
        sum([value > HOT for value in said]) / (count or 1),
        sum([min(number, 100) for number in words]) / (count or 1),
        sum(gone) / (count or 1),
        min(sum(gone), 12.0),
        sum([said[n] for n in among]) / (len(among) or 1),
    )


def _sentences(
    evidence: Evidence, prose: Sequence[bool], single: Sequence[int], ends: Sequence[int]
) -> tuple[float, float]:
    """Return how many paragraphs are one sentence, and how many of the other blocks of some words end as sentences do, as shares."""
    count = len(evidence)
    alone = [single[n] for n in range(count) if prose[n]]
    stops = [ends[n] for n in range(count) if not prose[n] and evidence.words[n] >= STOP_WORDS]
    return sum(alone) / (len(alone) or 1), sum(stops) / len(stops) if stops else 0.5


def _title(
    evidence: Evidence,
    said: Sequence[float],
    prose: Sequence[bool],
    known_words: Sequence[Words],
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
        mine = known_words[n].vocabulary
        value = sum([in_prose.get(word, 0) > 0 for word in mine]) / (len(mine) + 1)
        value += 0.3 * (repeats[evidence.lines[n]] > 1) + 0.3 * (4 <= words <= 22) - 0.15 * max(0.0, said[n])
        text = evidence.raw(n).strip()
        value -= (
            0.25 * (text.rstrip(SHUT)[-1:] in ".\u3002\u0964\u06d4\u2026")
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


def _below_comments(evidence: Evidence, prose: Sequence[bool]) -> int:
    """Return the first block behind some paragraphs that is known to belong to the readers' comments, or the number of blocks."""
    before = 0
    for number, (known, flag) in enumerate(zip(evidence.gone, prose, strict=True)):
        before += flag
        if known is not None and known.category == "comments" and before >= BEFORE_COMMENTS:
            return number
    return len(prose)


def _twins(lines: Sequence[str]) -> bytearray:
    """Return, per block, of how many in a row it is one that stand twice in the same order, up to ``TWINS``; 0 if it is none of two."""
    out = bytearray(len(lines))
    last: dict[str, int] = {}
    size, before = 0, -2
    for n, line in enumerate(lines):
        twin = last.get(line, -1) if line else -1
        last[line] = n
        size = 0 if twin < 0 else size + 1 if size and twin == before + 1 else 1
        before = twin
        if size > 1:
            for at in range(size if size <= TWINS else 1):
                out[n - at] = max(out[n - at], min(size, TWINS))
                out[twin - at] = max(out[twin - at], min(size, TWINS))
    return out


def _rows(prose: Sequence[bool]) -> tuple[bytearray, bytearray]:
    """Return, per block that is no paragraph, how many of its like stand in a row, and behind how many of them it stands, up to ``ROW``."""
    sizes, places = bytearray(len(prose)), bytearray(len(prose))
    start = 0
    for n in range(len(prose) + 1):
        if n == len(prose) or prose[n]:
            for at in range(start, n):
                sizes[at], places[at] = min(n - start, ROW), min(at - start, ROW)
            start = n + 1
    return sizes, places


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
