"""How page furniture is worded: a small linear model over the words of one line.

No list of phrases holds every way to ask for an address of mail. The model has learned from several thousand lines,
written for it in 21 languages, and from public data which words and word pairs are said by a page to its reader and
which by an article. ``benchmarks/wording/train.py`` makes it; it ships as two tables of small integers.

Its say is a probability for one line alone. The judge weighs it: a line of an article about newsletters sounds like
one, too.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

BITS: Final = 16
CATEGORY_BITS: Final = 13
_MASK: Final = (1 << BITS) - 1
_CATEGORY_MASK: Final = (1 << CATEGORY_BITS) - 1
MODEL: Final = Path(__file__).parent / "data" / "wording.bin"

_TOKEN: Final = r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|\d[\d.,:/]*|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|[^\w\s]"
_STEM: Final = 5
MAX_TOKENS: Final = 80


@cache
def _tokenizer() -> re.Pattern[str]:
    # Takes longer to compile than the rest of this module to load, and short texts don't ask the model.
    return re.compile(_TOKEN)


class Wording(NamedTuple):
    """The tables of the model, as read from its file."""

    scale: float
    bias: float
    weights: bytes
    category_scale: float
    categories: tuple[str, ...]
    category_bias: tuple[float, ...]
    category_weights: tuple[bytes, ...]


def tokens(line: str) -> list[str]:
    """Return the words and signs of a lower-case line; numbers, addresses and links become one token each."""
    out = []
    for token in _tokenizer().findall(line)[:MAX_TOKENS]:
        if token[0].isdigit():
            out.append("0" if len(token) < 4 else "0000")  # a year, a clock, a large count
        elif "@" in token and len(token) > 1:
            out.append("@mail")
        elif token.startswith(("http", "www.")) and len(token) > 7:
            out.append("@link")
        else:
            out.append(token)
    return out


def features(line: str) -> list[int]:
    """Return the hashed features of a lower-case line: words, their beginnings, pairs, the two ends and its length."""
    words = tokens(line)
    out = [f"n{min(len(words), 40) // 2}"]
    before = "^"
    for word in words:
        out.append(word)
        out.append(f"{before} {word}")
        if len(word) > _STEM:
            out.append(f"{word[:_STEM]}-")
        before = word
    out.append(f"{before} $")
    if len(words) > 1:
        out.append(f"^ {words[0]} {words[1]}")
        out.append(f"{words[-2]} {words[-1]} $")
    return [crc32(feature.encode("utf-8", "surrogatepass")) for feature in set(out)]


@cache
def model() -> Wording:
    """Read the tables, once."""
    import json  # noqa: PLC0415  # only the model needs it

    data = MODEL.read_bytes()
    head, _, body = data.partition(b"\n")
    meta = json.loads(head)
    size, category_size = 1 << BITS, 1 << CATEGORY_BITS
    names = tuple(meta["categories"])
    tables = tuple(
        body[size + number * category_size : size + (number + 1) * category_size] for number in range(len(names))
    )
    return Wording(
        meta["scale"], meta["bias"], body[:size], meta["category_scale"], names, tuple(meta["category_bias"]), tables
    )


def log_odds(line: str) -> float:
    """Return how much a lower-case line sounds like cruft, as log-odds within -8..8."""
    known = model()
    weights = known.weights
    hashes = features(line)
    total = sum([weights[number & _MASK] for number in hashes])
    return max(-8.0, min(8.0, known.bias + known.scale * (total - 128 * len(hashes))))


def category(line: str) -> str:
    """Return the category that a lower-case line of cruft sounds most like."""
    known = model()
    places = [number & _CATEGORY_MASK for number in features(line)]
    best, winner = -math.inf, known.categories[0]
    for name, bias, table in zip(known.categories, known.category_bias, known.category_weights, strict=True):
        value = bias + known.category_scale * (sum([table[place] for place in places]) - 128 * len(places))
        if value > best:
            best, winner = value, name
    return winner
