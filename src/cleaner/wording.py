"""How page furniture is worded: a small linear model over the words of one line.

No list of phrases holds every way to ask for an address of mail. The model has learned from lines written for it in 21
languages, and from public data, which words and sequences of words are said by a page to its reader and which by an article.
A word that it has hardly met stands for its kind (a name, a word in capitals, any other), so that "Photo: Ana Prieto" says
the same as "Photo: Lars Holm". ``benchmarks/judge/train.py`` makes it; it ships as tables of small integers.

Its say is a probability for one line alone. The judge weighs it: a line of an article about newsletters sounds like
one, too.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from zlib import crc32

from cleaner.model import CATEGORIES

BITS: Final = 18
GRAM_BITS: Final = 17
CATEGORY_BITS: Final = 14
KNOWN_BITS: Final = 18
_MASK: Final = (1 << BITS) - 1
_CATEGORY_MASK: Final = (1 << CATEGORY_BITS) - 1
_GRAM_MASK: Final = (1 << GRAM_BITS) - 1
_KNOWN_MASK: Final = (1 << KNOWN_BITS) - 1
MODEL: Final = Path(__file__).parent / "data" / "wording.bin"

_WORD: Final = r"https?://\S+|www\.\S+|\S+@\S+\.\w+|\d[\d.,:/]*|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]"
_WIDE_WORD: Final = (
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|\d[\d.,:/]*|"
    r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0962\u0963])+"
    r"(?:['\u2019][^\W\d_]+)?|[^\w\s]"
)
_STEM: Final = 5
_HANGUL_STEM: Final = 2
_WIDE_MASK: Final = (1 << 22) - 1
_MIX: Final = 40503
_MIX_2: Final = 30011
_UNSPACED: Final = "\u0e00"
_START: Final = 1021
_END: Final = 2039
_LENGTH: Final = 7919
_UNKNOWN: Final = (3001, 3011, 3019)  # in small letters, with a capital, in capitals
MAX_TOKENS: Final = 80
GROUPS: Final = (
    frozenset(CATEGORIES),
    frozenset({"caption"}),
    frozenset({"related"}),
    frozenset({"navigation", "tags"}),
    frozenset({"repeat", "embed"}),
    frozenset({"byline", "dateline"}),
    frozenset({"timestamp", "counter"}),
    frozenset({"credit", "source-credit"}),
    frozenset({"comments"}),
    frozenset({"biography", "contact"}),
    frozenset({"app-prompt"}),
    frozenset({"consent", "legal", "paywall"}),
    frozenset({"newsletter", "donation", "advertising"}),
)
"""Kinds of cruft that the model tells apart from all else, as it stands around written articles (not on pages of shops and firms)."""

KINDS: Final = (
    "written", "picture", "related", "places", "repeated", "signed", "dated", "credited", "commented", "about", "install", "consent", "appeal",
)  # fmt: skip
"""The names of :data:`GROUPS`."""

FINE: Final = (
    "tags", "embed", "dateline", "counter", "source-credit", "contact", "legal", "paywall", "donation", "advertising",
)  # fmt: skip
ROLES: Final = ("title", "standfirst", "crosshead", "short", "sentence", "paragraph")
PLACES: Final = ("after_cruft", "before_cruft", "after_paragraph", "before_paragraph", "early", "late")
PHRASED: Final = ("cruft", *KINDS, *FINE, *ROLES, *PLACES)
"""What :mod:`cleaner.phrasing` says of a line: that it is cruft; that it is of each of :data:`GROUPS`, and of each of the categories ``FINE``, alone; what it
is in an article (``ROLES``: of lines without a stop the title, one above a paragraph, any other; of those with one, what stands between the title and the
first paragraph, a single sentence, more); and where lines like it stand (``PLACES``: next to cruft or to a paragraph, in the first or the last fifth of a
page). The network of blocks knows where a line does stand. To learn all of it makes the model surer of the first, too: of 157,910 lines that it hadn't
learned, it told cruft from article with an area under the curve of .918 (.915 without), captions from lines of articles with .855 (.842)."""

SENSES: Final = tuple(f"sense_{number}" for number in range(32))
MEANT: Final = (*PHRASED, *SENSES, "known")
"""What :mod:`cleaner.meaning` says of a line: the same; what it is about, as numbers; and which share of its words it knows."""

LANES: Final = (*KINDS, "short", "long")
"""What the model says of a line besides that it is cruft: that it is of each of :data:`GROUPS`; and that it is cruft, as a model says
that knows only short lines, and one that knows only long ones."""

SHORT: Final = 8
"""So many words has a short line."""

MAX_REMEMBERED: Final = 50_000
MAX_LINES: Final = 5_000
_SAID: Final[dict[str, tuple[float, ...]]] = {}
_IDS: Final[dict[str, tuple[int, int, int]]] = {}
_LANE: Final = 32
_COUNT: Final = 16 * _LANE
_EVEN: Final = 0x00FF00FF00FF00FF
_LOW: Final = (1 << _LANE) - 1


@cache
def _tokenizer(*, wide: bool) -> re.Pattern[str]:
    # Takes longer to compile than the rest of this module to load, and short texts don't ask the model.
    return re.compile(_WIDE_WORD if wide else _WORD)


class Wording(NamedTuple):
    """The tables of the model, as read from its file.

    ``known`` is a set of word hashes, a bit each. ``weights`` holds two numbers a feature, of eight bytes each: weights around 128 of
    cruft at large, and of each of :data:`LANES`. So few sums over the features of a line add up all of them. ``grams`` holds the
    same for the pieces that words consist of.
    ``category_weights`` holds weights around 128, those of all categories of a feature in a row.
    """

    scales: tuple[float, ...]
    biases: tuple[float, ...]
    known: bytes
    weights: tuple[array[int], array[int]]
    grams: tuple[array[int], array[int]]
    category_scale: float
    categories: tuple[str, ...]
    category_bias: tuple[float, ...]
    category_weights: bytes


def tokens(line: str) -> list[str]:
    """Return the words and signs of a line."""
    return _tokenizer(wide=not line.isascii()).findall(line)[:MAX_TOKENS]


def plain_word(token: str) -> str:
    """Return a token in lower case; numbers, addresses and links are one word each.

    A year, a clock and a large count are told from a small number.
    """
    if token[0].isdigit():
        return "0" if len(token) < 4 else "0000"
    if "@" in token and len(token) > 1:
        return "@mail"
    if token.startswith(("http", "www.")) and len(token) > 7:
        return "@link"
    return token.lower()


def word_hash(word: str) -> int:
    """Return the hash of a plain word."""
    return crc32(word.encode("utf-8", "surrogatepass")) & _WIDE_MASK


@lru_cache(maxsize=4096)  # both models of lines ask, one after the other
def grams(word: str) -> tuple[int, ...]:
    """Return the hashes of the pieces of a plain word, three and four letters long (of Hangul, two and three), its ends marked.

    They know the endings and the parts of words that were never met.
    """
    first = word[0]
    hangul = "\uac00" <= first <= "\ud7a3"
    if not first.isalpha() or (first >= _UNSPACED and not hangul):
        return ()
    padded = f" {word} ".encode("utf-32-le", "surrogatepass")
    out: list[int] = []
    for size in (8, 12) if hangul else (12, 16):
        out += [crc32(padded[at : at + size]) & _GRAM_MASK for at in range(0, len(padded) - size + 1, 4)]
    return tuple(out)


def _spread(number: int) -> int:
    """Return four lanes of sixteen bits as four of ``_LANE``, so that many of them can be added."""
    return number & 0xFFFF | (number & 0xFFFF0000) << 16 | (number & 0xFFFF00000000) << 32 | number >> 48 << 96


def _ids_of(token: str) -> tuple[int, int, int]:
    """Return what is known of one token.

    The hash of the word, or of its kind if it isn't known; that of its beginning, 0 where it has none; and the sum of the weights of all that the
    word by itself says, with their number as a fifth lane. Remembered, for words come back.
    """
    known = model()
    word = plain_word(token)
    here = word_hash(word)
    bit = here & _KNOWN_MASK
    if not known.known[bit >> 3] >> (bit & 7) & 1:
        here = _UNKNOWN[2 if token.isupper() and len(token) > 1 else 1 if token[0].isupper() else 0]
    stem = _HANGUL_STEM if "\uac00" <= word[0] <= "\ud7a3" else _STEM
    start = crc32(b"- " + word[:stem].encode("utf-8", "surrogatepass")) & _WIDE_MASK if len(word) > stem else 0
    pieces = grams(word)
    own = 0
    for plane in (1, 0):
        weights = known.weights[plane]
        found = [weights[here & _MASK]]
        if start:
            found.append(weights[start & _MASK])
        table = known.grams[plane]
        found += [table[number] for number in pieces]
        even, odd = _sums(found)
        own = own << 8 * _LANE | _spread(odd) << 4 * _LANE | _spread(even)
    own += 1 + bool(start) + len(pieces) << _COUNT
    if len(_IDS) > MAX_REMEMBERED:
        _IDS.clear()
    _IDS[token] = here, start, own
    return here, start, own


def ids_of(token: str) -> tuple[int, int]:
    """Return the hash of a word, or of its kind if it isn't known, and that of its beginning, 0 where it has none."""
    here, start, _ = _IDS.get(token) or _ids_of(token)
    return here, start


_Found = TypeVar("_Found")


def remembered(
    words: Sequence[str], met: dict[str, _Found], find: Callable[[list[str]], Iterable[_Found]], most: int
) -> list[_Found]:
    """Return what belongs to each word, found once: words come back.

    Args:
        words: as :func:`tokens` gives them.
        met: what was found before, and is now; cleared before there are more than ``most``.
        find: returns what belongs to words that weren't met yet.
        most: so many are kept.
    """
    known = [met.get(word) for word in words]
    missing = list(dict.fromkeys(word for word, one in zip(words, known, strict=True) if one is None))
    fresh: dict[str, _Found] = {}
    if missing:
        fresh = dict(zip(missing, find(missing), strict=True))
        if len(met) + len(fresh) > most:
            met.clear()
        met.update(fresh)
    # Another thread may have made room by now.
    return [fresh[word] if one is None else one for word, one in zip(words, known, strict=True)]


def is_known(here: int) -> bool:
    """Whether a hash is that of a word, not that of a kind of unknown words."""
    return here not in _UNKNOWN


def _sums(found: list[int]) -> tuple[int, int]:
    """Return the sums of the even bytes of numbers of eight bytes, and those of the odd ones, as lanes of sixteen bits each."""
    return sum([number & _EVEN for number in found]), sum([number >> 8 & _EVEN for number in found])


def byte_of(lane: int) -> tuple[int, int]:
    """Return in which of the two numbers of a feature, and in which of its bytes, the weight of a lane stands."""
    return lane // 8, 2 * (lane % 4) + lane // 4 % 2


def features(line: str) -> list[int]:
    """Return the hashed features of a line but for :func:`grams`: words, their beginnings, sequences of two and three, its length."""
    words = tokens(line)
    get = _IDS.get
    out, heres = [], []
    for word in words:
        here, stem, _ = get(word) or _ids_of(word)
        heres.append(here)
        out.append(here)
        if stem:
            out.append(stem)
    return out + _sequences(heres)


def _sequences(heres: list[int]) -> list[int]:
    before = before_2 = _START
    out = [_LENGTH + min(len(heres), 40) // 2]
    for here in heres:
        pair = before * _MIX ^ here << 3
        out += (pair & _WIDE_MASK, (before_2 * _MIX_2 ^ pair) & _WIDE_MASK)
        before_2, before = before, here
    pair = before * _MIX ^ _END << 3
    out += (pair & _WIDE_MASK, (before_2 * _MIX_2 ^ pair) & _WIDE_MASK)
    return out


@cache
def model() -> Wording:
    """Read the tables, once."""
    import json  # noqa: PLC0415  # only the model needs it

    _IDS.clear()
    _SAID.clear()
    data = MODEL.read_bytes()
    head, _, body = data.partition(b"\n")
    meta = json.loads(head)
    at = 1 << KNOWN_BITS - 3
    known = body[:at]
    tables = []
    for size in (8 << BITS, 8 << BITS, 8 << GRAM_BITS, 8 << GRAM_BITS):
        table = array("Q")
        table.frombytes(body[at : at + size])
        if sys.byteorder == "big":
            table.byteswap()
        tables.append(table)
        at += size
    return Wording(
        tuple(meta["scales"]),
        tuple(meta["biases"]),
        known,
        (tables[0], tables[1]),
        (tables[2], tables[3]),
        meta["category_scale"],
        tuple(meta["categories"]),
        tuple(meta["category_bias"]),
        body[at:],
    )


def log_odds(line: str) -> float:
    """Return how much a line sounds like cruft, as log-odds within -8..8."""
    return says(line)[0]


def says(line: str) -> tuple[float, ...]:
    """Return log-odds within -8..8: that a line is cruft, and what :data:`LANES` lists. Remembered, for lines come back."""
    said = _SAID.get(line)
    if said is None:
        said = _says(line)
        if len(_SAID) > MAX_LINES:
            _SAID.clear()
        _SAID[line] = said
    return said


def _says(line: str) -> tuple[float, ...]:
    known = model()
    get = _IDS.get
    found = [get(word) or _ids_of(word) for word in tokens(line)]
    sequences = [number & _MASK for number in _sequences([one[0] for one in found])]
    own = sum([one[2] for one in found])
    ground = 128 * (len(sequences) + (own >> _COUNT))
    between: list[int] = []
    for table in known.weights:
        between += _sums([table[number] for number in sequences])
    out = []
    for lane, (bias, scale) in enumerate(zip(known.biases, known.scales, strict=True)):
        said = bias + scale * ((own & _LOW) + (between[lane // 4] >> 16 * (lane % 4) & 0xFFFF) - ground)
        out.append(max(-8.0, min(8.0, said)))
        own >>= _LANE
    return tuple(out)


def category(line: str) -> str:
    """Return the category that a line of cruft sounds most like."""
    known = model()
    size = len(known.categories)
    table = known.category_weights
    places = [(number & _CATEGORY_MASK) * size for number in features(line)]
    sums = map(sum, zip(*[table[place : place + size] for place in places], strict=True))
    ground = 128 * len(places)
    values = [
        bias + known.category_scale * (total - ground) for bias, total in zip(known.category_bias, sums, strict=True)
    ]
    return known.categories[values.index(max(values))]
