"""What a block's surroundings say of it: features of a block in its document, and the trees that weigh them.

Two looks, as in jusText: the first at a block's wording, shape, place and neighbours, the second also at what the first said
of the blocks around it. ``benchmarks/judge/train.py`` fits the trees (gradient boosting) and writes them as the module
``_looks``, a function a look: plain comparisons are evaluated several times faster than trees that are walked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, NamedTuple

from cleaner import wording
from cleaner.evidence import Evidence

SURE: Final = 5.0
EDGE: Final = 2.0
LONGEST: Final = 800
HOT: Final = 2.0
CALM: Final = 1.0
FIRST_OF_LIKE: Final = 0.75

FIRST: Final = (
    "wording", "wording_before", "wording_after", "wording_before2", "wording_after2", "wording_near", "wording_far", "wording_prose",
    "words", "chars_a_word", "sentence", "colon", "question", "quote", "comma", "bracket", "listed", "upper", "titled", "digits", "clock",
    "address", "bars", "signs", "name_colon", "lower_start",
    "gap_before", "gap_after", "spaced", "group_wording", "group_size", "group_place",
    "run_size", "run_place", "run_wording", "run_most", "run_words",
    "since_prose", "to_prose", "prose_before", "prose_after", "position", "head", "tail", "since_title",
    "words_before", "words_after", "words_near", "words_far", "upper_before", "upper_after", "sentence_before", "sentence_after",
    "listed_before", "listed_after", "after_colon", "before_colon",
    "gone_before", "gone_after", "gone_near", "gone_share", "gone_count", "hinted", "hinted_near",
    "repeats", "like_title", "in_prose", "in_others",
    "blocks", "prose_share", "hot_share", "mean_words",
    "written", "picture", "headline", "written_before", "picture_before", "headline_before", "written_after", "picture_after", "headline_after",
    "written_near", "picture_near", "headline_near", "written_run", "picture_run", "headline_run",
)  # fmt: skip
"""What the first look knows of a block, in the order in which :func:`first_look` gives it."""

SECOND: Final = (
    "score", "score_before", "score_after", "score_before2", "score_after2", "score_near", "score_far", "score_group", "score_run",
    "score_share", "score_count", "since_kept", "to_kept", "kept_like",
)  # fmt: skip
"""What the second look knows besides, in the order of :func:`second_look`."""

LIGHT: Final = 0.15
PLAIN: Final = 20
SETTLED: Final = 0.02
ARTICLE: Final = 0.01
"""In a text with few lines that sound like cruft, a paragraph of so many words that doesn't is article, and isn't weighed."""

NO_KIND: Final = (0.0, 0.0, 0.0)
NONE: Final = ()
"""The features of a block that isn't weighed."""

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


def wordings(evidence: Evidence) -> list[tuple[float, ...]]:
    """Return, per block, what its words alone say: log-odds that it is cruft (``SURE`` for blocks that rules removed) and what kind of it."""
    out = []
    for number in range(len(evidence)):
        found = wording.says(evidence.written(number))
        gone = evidence.gone[number]
        if gone is not None:
            found = (SURE, *(SURE if gone.category in group else -SURE for group in wording.GROUPS))
        out.append(found)
    return out


class Layout(NamedTuple):
    """What the first look leaves for the second.

    Per block its group and its run, as ranges of blocks, whether it is prose, and the score of what needs no weighing: what
    rules removed, and plain paragraphs of a calm text; and which block is the title.
    """

    groups: list[tuple[int, int]]
    runs: list[tuple[int, int]]
    prose: list[bool]
    title: int | None
    fixed: list[float | None]


def first_look(evidence: Evidence) -> tuple[list[Sequence[float]], Layout]:
    """Return the features of every block that has to be weighed, as :data:`FIRST` lists them, and of others :data:`NONE`."""
    count = len(evidence)
    everything = wordings(evidence)
    said = [one[0] for one in everything]
    kinds = [one[1:] for one in everything]
    kind_sums = [_sums([one[at] for one in kinds]) for at in range(len(wording.GROUPS))]
    gone = [0.0 if known is None else 1.0 for known in evidence.gone]
    words = evidence.words
    gaps = [*evidence.gaps, 0]
    prose = [evidence.prose[n] and not gone[n] for n in range(count)]
    before, after = _distances(prose), _distances(prose[::-1])[::-1]
    prose_before = _running(prose)
    total_prose = prose_before[-1]
    said_sums, word_sums, gone_sums = _sums(said), _sums([min(n, 100) for n in words]), _sums(gone)
    hinted = [max((rule.confidence for rule in evidence.hints.get(n, ())), default=0.0) for n in range(count)]
    hint_sums = _sums([min(1.0, value) for value in hinted])
    prose_words = sum(words[n] for n in range(count) if prose[n])
    prose_said = [said[n] for n in range(count) if prose[n]]
    about = sum(prose_said) / len(prose_said) if prose_said else 0.0
    repeats: dict[str, int] = {}
    for line in evidence.lines:
        repeats[line] = repeats.get(line, 0) + 1
    groups = _ranges(count, lambda n: evidence.spaced and gaps[n] == 1)
    runs = _ranges(count, lambda n: not prose[n] and not prose[n - 1])
    shapes = [_shape(evidence, n) for n in range(count)]
    vocabulary = [shape.vocabulary for shape in shapes]
    in_prose: dict[str, int] = {}
    in_rest: dict[str, int] = {}
    for n in range(count):
        table = in_prose if prose[n] else in_rest
        for word in vocabulary[n]:
            table[word] = table.get(word, 0) + 1
    title = _title(evidence, said, prose, vocabulary, in_prose, repeats)
    title_words = vocabulary[title] if title is not None else frozenset()
    all_words = sum(words) or 1
    hot = sum(value > HOT for value in said) / (count or 1)
    mean_words = word_sums[-1] / (count or 1)
    upper = [shape.upper for shape in shapes]
    ends = [shape.ends for shape in shapes]
    colon = [shape.colon for shape in shapes]
    listed = [shape.listed for shape in shapes]
    top = [said[n] if not gone[n] else SURE for n in range(count)]
    fixed: list[float | None] = [1.0 if gone[n] else None for n in range(count)]
    if hot < LIGHT:
        for n in range(count):
            if prose[n] and said[n] < 0 and words[n] >= PLAIN and not hinted[n]:
                fixed[n] = ARTICLE
    rows: list[Sequence[float]] = []
    for n in range(count):
        if fixed[n] is not None:
            rows.append(NONE)
            continue
        shape = shapes[n].row
        first, last = max(0, n - 3), min(count, n + 4)
        near = (said_sums[last] - said_sums[first] - said[n] + EDGE * (7 - (last - first))) / 6
        far_first, far_last = max(0, n - 10), min(count, n + 11)
        far = (said_sums[far_last] - said_sums[far_first] - said[n]) / max(1, far_last - far_first - 1)
        w4 = (max(0, n - 4), min(count, n + 5))
        w20 = (max(0, n - 20), min(count, n + 21))
        g5 = (max(0, n - 5), min(count, n + 6))
        g0, g1 = groups[n]
        r0, r1 = runs[n]
        mine = vocabulary[n]
        other = 1 if prose[n] else 0
        rest = 0 if prose[n] else 1
        known_prose = sum(in_prose.get(word, 0) > other for word in mine) / (len(mine) or 1)
        known_rest = sum(in_rest.get(word, 0) > rest for word in mine) / (len(mine) or 1)
        rows.append([
            said[n], said[n - 1] if n else EDGE, said[n + 1] if n + 1 < count else EDGE, said[n - 2] if n > 1 else EDGE,
            said[n + 2] if n + 2 < count else EDGE, near, far, about,
            float(min(words[n], 100)), min(shape[0] / (words[n] or 1), 30.0), ends[n], colon[n], *shape[1:],
            float(min(gaps[n], 4)), float(min(gaps[n + 1], 4)), float(evidence.spaced),
            (said_sums[g1] - said_sums[g0]) / (g1 - g0), float(min(g1 - g0, 20)), float(min(n - g0, 20)),
            float(min(r1 - r0, 60)), (n - r0) / (r1 - r0), (said_sums[r1] - said_sums[r0]) / (r1 - r0),
            max(top[max(r0, n - 6) : min(r1, n + 7)]), (word_sums[r1] - word_sums[r0]) / (r1 - r0),
            float(min(before[n], FAR)), float(min(after[n], FAR)), float(min(prose_before[n], 20)),
            float(min(total_prose - prose_before[n + 1], 20)), n / count, float(prose_before[n] == 0),
            float(prose_before[n + 1] == total_prose), float(max(-9, min(9, n - title))) if title is not None else -9.0,
            float(min(words[n - 1], 100)) if n else 0.0, float(min(words[n + 1], 100)) if n + 1 < count else 0.0,
            (word_sums[w4[1]] - word_sums[w4[0]]) / (w4[1] - w4[0]), (word_sums[w20[1]] - word_sums[w20[0]]) / (w20[1] - w20[0]),
            upper[n - 1] if n else 0.0, upper[n + 1] if n + 1 < count else 0.0, ends[n - 1] if n else 0.0, ends[n + 1] if n + 1 < count else 0.0,
            listed[n - 1] if n else 0.0, listed[n + 1] if n + 1 < count else 0.0, colon[n - 1] if n else 0.0, colon[n + 1] if n + 1 < count else 0.0,
            gone[n - 1] if n else 0.0, gone[n + 1] if n + 1 < count else 0.0,
            (gone_sums[g5[1]] - gone_sums[g5[0]]) / (g5[1] - g5[0]), gone_sums[-1] / count, min(gone_sums[-1], 12.0), hinted[n],
            (hint_sums[g5[1]] - hint_sums[g5[0]]) / (g5[1] - g5[0]),
            float(min(repeats[evidence.lines[n]], 5)) if evidence.lines[n] else 1.0,
            len(title_words & mine) / (len(mine) or 1) if n != title else -1.0, known_prose, known_rest,
            math.log(count), prose_words / all_words, hot, mean_words,
            *kinds[n], *(kinds[n - 1] if n else NO_KIND), *(kinds[n + 1] if n + 1 < count else NO_KIND),
            *[(sums[last] - sums[first] - kinds[n][at]) / (last - first) for at, sums in enumerate(kind_sums)],
            *[(sums[r1] - sums[r0]) / (r1 - r0) for sums in kind_sums],
        ])  # fmt: skip
    return rows, Layout(groups, runs, prose, title, fixed)


def second_look(rows: Sequence[Sequence[float]], scores: Sequence[float], layout: Layout) -> list[Sequence[float]]:
    """Return the features of every block, those of the first look and those that :data:`SECOND` lists.

    Args:
        rows: what :func:`first_look` gave.
        scores: per block the first look's probability, 1 for what rules removed.
        layout: what :func:`first_look` gave.
    """
    count = len(rows)
    sums = _sums(scores)
    kept = [score < 0.5 and prose for score, prose in zip(scores, layout.prose, strict=True)]
    before, after = _distances(kept), _distances(kept[::-1])[::-1]
    total = sums[-1] / (count or 1)
    dropped = float(min(sum(score > 0.7 for score in scores), 20))
    long_kept = _sums([float(score < 0.3) for score in scores])
    out: list[Sequence[float]] = []
    for n in range(count):
        if layout.fixed[n] is not None:
            out.append(NONE)
            continue
        score = scores[n]
        first, last = max(0, n - 3), min(count, n + 4)
        near = (sums[last] - sums[first] - score + (7 - (last - first))) / 6
        far_first, far_last = max(0, n - 10), min(count, n + 11)
        far = (sums[far_last] - sums[far_first] - score) / max(1, far_last - far_first - 1)
        g0, g1 = layout.groups[n]
        r0, r1 = layout.runs[n]
        out.append([
            *rows[n],
            score, scores[n - 1] if n else 1.0, scores[n + 1] if n + 1 < count else 1.0, scores[n - 2] if n > 1 else 1.0,
            scores[n + 2] if n + 2 < count else 1.0, near, far, (sums[g1] - sums[g0]) / (g1 - g0), (sums[r1] - sums[r0]) / (r1 - r0),
            total, dropped, float(min(before[n], FAR)), float(min(after[n], FAR)), long_kept[last] - long_kept[first],
        ])  # fmt: skip
    return out


def _title(
    evidence: Evidence,
    said: Sequence[float],
    prose: Sequence[bool],
    vocabulary: Sequence[frozenset[str]],
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
        upper: the share of its first letters that are capitals.
        ends: whether it ends as a sentence does.
        colon: whether it ends with a colon.
        listed: whether it is written as an item of a list.
        row: the features from "chars_a_word" (its length, to be divided by its words) to "lower_start" in the order of :data:`FIRST`.
        vocabulary: the words by which it is compared with other blocks.
    """

    upper: float
    ends: float
    colon: float
    listed: float
    row: tuple[float, ...]
    vocabulary: frozenset[str]


_SHAPES: Final[dict[str, _Shape]] = {}
MAX_SHAPES: Final = 4000
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
    shape = _Shape(upper, ends, colon, listed, (float(size), *row), _vocabulary(low))
    if len(raw) <= MAX_REMEMBERED:
        if len(_SHAPES) >= MAX_SHAPES:
            _SHAPES.clear()
        _SHAPES[raw] = shape
    return shape


def _vocabulary(low: str) -> frozenset[str]:
    """Return the words of a text by which it is compared with others: long ones; of scripts without spaces, pairs of signs."""
    found = _WORD.findall(low)
    out = set()
    for word in found:
        if word[0] >= "\u0e00" and len(word) > 2:
            out.update([word[at : at + 2] for at in range(len(word) - 1)])
        elif len(word) > 3 or word[0] >= "\u0590":
            out.add(word[:6])
    return frozenset(out)


def _ranges(count: int, joined: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Return, per block, the range of blocks that are joined with it, one to the next."""
    out: list[tuple[int, int]] = []
    start = 0
    while start < count:
        stop = start + 1
        while stop < count and joined(stop):
            stop += 1
        out += [(start, stop)] * (stop - start)
        start = stop
    return out


def _sums(values: Sequence[float]) -> list[float]:
    out, total = [0.0], 0.0
    for value in values:
        total += value
        out.append(total)
    return out


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


class Looks(NamedTuple):
    """The trees of the first and of the second look: features of a block in, log-odds that it is cruft out."""

    first: Callable[[Sequence[float]], float]
    second: Callable[[Sequence[float]], float]


@cache
def looks() -> Looks:
    """Return the shipped trees."""
    from cleaner import _looks  # noqa: PLC0415  # large, and texts without an open question don't need it

    return Looks(_looks.first, _looks.second)


def scores(evidence: Evidence, weigh: Looks | None = None) -> tuple[list[float], int | None]:
    """Return, per block, the probability that it is cruft, 1 for what rules removed; and the block that is the title."""
    if not len(evidence):
        return [], None
    known = looks() if weigh is None else weigh
    rows, layout = first_look(evidence)
    fixed = layout.fixed
    first = [probability(known.first(row)) if score is None else score for score, row in zip(fixed, rows, strict=True)]
    # What the first look is sure to be article, no second one takes.
    fixed[:] = [
        first_score if score is None and first_score < SETTLED else score
        for score, first_score in zip(fixed, first, strict=True)
    ]
    rows = second_look(rows, first, layout)
    return [
        probability(known.second(row)) if score is None else score for score, row in zip(fixed, rows, strict=True)
    ], layout.title


def probability(log_odds: float) -> float:
    """Return log-odds as a probability, rounded so that it is the same on every platform."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
