"""What a block's surroundings say of it: features of a block in its document, and the trees that weigh them.

This is the second, contextual look that jusText calls the revised class: the wording of a line, that of its neighbours,
its place among the prose, its spacing, and what the rules already know. ``benchmarks/judge/train.py`` fits the trees
(gradient boosting); they are evaluated here in plain Python.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from cleaner import wording
from cleaner.evidence import Evidence

MODEL: Final = Path(__file__).parent / "data" / "context.json"
SURE: Final = 5.0
EDGE: Final = 2.0
LONGEST: Final = 400
HOT: Final = 2.0

NAMES: Final = (
    "wording", "wording_before", "wording_after", "wording_near", "wording_far", "words", "sentence", "colon", "question",
    "listed", "upper", "titled", "digits", "gap_before", "gap_after", "spaced", "since_prose", "to_prose", "position",
    "prose_before", "prose_after", "words_near", "words_far", "gone_before", "gone_after", "gone_near", "hinted", "repeats",
    "like_title", "blocks", "prose_share", "wording_prose", "wording_group", "group", "words_before", "words_after", "address",
    "bars", "signs", "after_colon", "lower_start", "wording_min_side", "head", "tail",
    "gone_share", "gone_count", "hot_share", "list_after", "list_before", "first_word_share",
)  # fmt: skip
"""The features of a block, in the order in which :func:`features` gives them."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_ADDRESS: Final = re.compile(r"@|https?:|www\.|\.(?:com|org|net)\b")
_BARS: Final = re.compile(r" [|·•/›»>→] |[|•›»→←]")
_SIGN: Final = re.compile(r"[^\w\s.,;:!?'\"()\-]")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def wordings(evidence: Evidence) -> list[float]:
    """Return, per block, the log-odds that its words alone are cruft's; ``SURE`` for blocks that rules removed."""
    out = []
    views = evidence.views
    for number, block in enumerate(evidence.document.blocks):
        if evidence.gone[number] is not None:
            out.append(SURE)
            continue
        line = evidence.lines[number]
        if not line:
            line = " ".join(views.low[block.start : min(block.end, block.start + LONGEST)].split())
        out.append(wording.log_odds(line))
    return out


def features(evidence: Evidence) -> list[list[float]]:
    """Return the features of every block, as :data:`NAMES` lists them."""
    count = len(evidence)
    said = wordings(evidence)
    gone = [0.0 if known is None else 1.0 for known in evidence.gone]
    words = evidence.words
    gaps = [*evidence.gaps, 0]
    prose = [evidence.prose[n] and not gone[n] for n in range(count)]
    before, after = _distances(prose), _distances(prose[::-1])[::-1]
    prose_before = _running(prose)
    total_prose = prose_before[-1] if count else 0
    said_sums, word_sums, gone_sums = _sums(said), _sums(words), _sums(gone)
    prose_words = sum(words[n] for n in range(count) if prose[n])
    prose_said = [said[n] for n in range(count) if prose[n]]
    about = sum(prose_said) / len(prose_said) if prose_said else 0.0
    repeats: dict[str, int] = {}
    for line in evidence.lines:
        repeats[line] = repeats.get(line, 0) + 1
    group_said, group_size = _groups(evidence, said)
    title = next((n for n in range(min(count, 12)) if not gone[n] and not prose[n] and words[n] > 3), None)
    title_words = frozenset(_WORD.findall(evidence.lines[title])) if title is not None else frozenset()
    all_words = sum(words) or 1
    gone_count = gone_sums[-1]
    hot = sum(value > HOT for value in said) / (count or 1)
    listed = [float(evidence.listed(n)) for n in range(count)]
    rows = []
    for n in range(count):
        text = evidence.raw(n).strip()
        letters = len(_LETTER.findall(text)) or 1
        found = text.split()
        first, last = max(0, n - 3), min(count, n + 4)
        near = (said_sums[last] - said_sums[first] - said[n] + EDGE * (7 - (last - first))) / 6
        far_first, far_last = max(0, n - 10), min(count, n + 11)
        far = (said_sums[far_last] - said_sums[far_first] - said[n]) / max(1, far_last - far_first - 1)
        w4 = (max(0, n - 4), min(count, n + 5))
        w20 = (max(0, n - 20), min(count, n + 21))
        g5 = (max(0, n - 5), min(count, n + 6))
        left = said[n - 1] if n else EDGE
        right = said[n + 1] if n + 1 < count else EDGE
        line_words = _WORD.findall(evidence.lines[n])
        rows.append([
            said[n], left, right, near, far,
            min(words[n], 100), float(_ends(text)), float(text[-1:] in ":\uff1a"), float(text[-1:] in "?\uff1f\u061f"),
            listed[n], sum(c.isupper() for c in text) / letters,
            sum(w[0].isupper() for w in found) / (len(found) or 1), sum(c.isdigit() for c in text) / (len(text) or 1),
            min(gaps[n], 4), min(gaps[n + 1], 4), float(evidence.spaced), min(before[n], 30), min(after[n], 30), n / count,
            min(prose_before[n], 20), min(total_prose - prose_before[n + 1], 20),
            (word_sums[w4[1]] - word_sums[w4[0]]) / (w4[1] - w4[0]), (word_sums[w20[1]] - word_sums[w20[0]]) / (w20[1] - w20[0]),
            gone[n - 1] if n else 0.0, gone[n + 1] if n + 1 < count else 0.0,
            (gone_sums[g5[1]] - gone_sums[g5[0]]) / (g5[1] - g5[0]),
            max((rule.confidence for rule in evidence.hints.get(n, ())), default=0.0),
            min(repeats[evidence.lines[n]], 5) if evidence.lines[n] else 1,
            len(title_words.intersection(line_words)) / (len(set(line_words)) or 1),
            math.log(count), prose_words / all_words, about, group_said[n], min(group_size[n], 20),
            min(words[n - 1], 100) if n else 0, min(words[n + 1], 100) if n + 1 < count else 0,
            float(bool(_ADDRESS.search(text))), float(len(_BARS.findall(text))), len(_SIGN.findall(text)) / (len(text) or 1),
            float(n > 0 and evidence.raw(n - 1).rstrip()[-1:] in ":\uff1a"), float(text[:1].islower()), min(left, right),
            float(prose_before[n] == 0), float(prose_before[n + 1] == total_prose),
            gone_count / count, min(gone_count, 12.0), hot, listed[n + 1] if n + 1 < count else 0.0, listed[n - 1] if n else 0.0,
            sum(len(w) for w in found[:1]) / (len(text) or 1),
        ])  # fmt: skip
    return rows


def _ends(text: str) -> bool:
    return text.rstrip("\"'\u201c\u201d\u2019\u00bb)]")[-1:] in ".!?\u2026\u3002\uff01\uff1f\u06d4\u061f\u0964"


def _sums(values: list[float] | list[int]) -> list[float]:
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
    out, distance = [], 31
    for flag in flags:
        out.append(distance)
        distance = 1 if flag else min(distance + 1, 31)
    return out


def _groups(evidence: Evidence, said: list[float]) -> tuple[list[float], list[int]]:
    """Return, per block, the mean wording of the blocks tied to it without a blank line, and how many they are."""
    count = len(evidence)
    means, sizes = [0.0] * count, [1] * count
    start = 0
    while start < count:
        stop = start + 1
        while stop < count and evidence.gaps[stop] == 1 and evidence.spaced:
            stop += 1
        mean = sum(said[start:stop]) / (stop - start)
        for n in range(start, stop):
            means[n], sizes[n] = mean, stop - start
        start = stop
    return means, sizes


class Trees(NamedTuple):
    """Boosted trees: per tree the nodes' features, thresholds and children; a leaf's feature is -1, its value a threshold."""

    bias: float
    trees: tuple[tuple[tuple[int, ...], tuple[float, ...], tuple[int, ...], tuple[int, ...]], ...]

    def log_odds(self, row: list[float]) -> float:
        """Return the log-odds that a block with these features is cruft."""
        total = self.bias
        for feature, threshold, low, high in self.trees:
            node = 0
            while (which := feature[node]) >= 0:
                node = low[node] if row[which] <= threshold[node] else high[node]
            total += threshold[node]
        return total


def read_trees(path: Path) -> Trees:
    """Read trees from their file."""
    import json  # noqa: PLC0415  # only the model needs it

    data = json.loads(path.read_text(encoding="utf-8"))
    read = [(tuple(a), tuple(b), tuple(c), tuple(d)) for a, b, c, d in data["trees"]]
    return Trees(data["bias"], tuple(read))


@cache
def trees() -> Trees:
    """Return the shipped trees, read once."""
    return read_trees(MODEL)


def probability(log_odds: float) -> float:
    """Return log-odds as a probability, rounded so that it is the same on every platform."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
