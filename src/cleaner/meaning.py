"""What a line is about: the third model of lines, which knows words that the others were never shown.

The other two know what they learned from labelled lines. Here a word's vector comes from elsewhere: the vectors of English words were
fitted so that their mean over a line is close to what a large model says of the whole line (all-MiniLM-L6-v2; see
``benchmarks/judge/teacher.py``), which knows that a ferry is a ship and a raffle much like a prize draw. Some 5,000 words each of
18 other languages have the vectors of their English gloss (``benchmarks/material/*/glossary.tsv``). A small
network reads the mean and the largest of a line and says the same of it as :mod:`cleaner.phrasing`; of lines of which it knows too few
words it says nothing.

Of 40,203 English lines that none of the three had learned from, their mean tells cruft from article with an area under the curve of .944
(.940 without this one), of 54,021 in other languages with Latin letters .936 (.932), of 17,724 from right to left .925 (.917). As a part
of the second model the same vectors made it worse (.929 instead of .937 on English lines).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner import wording
from cleaner.network import Array, product

MODEL: Final = Path(__file__).parent / "data" / "meaning.bin"
LANES: Final = wording.MEANT
"""What the model says of a line; last which share of its words it knows, 0 if too few."""

KNOWN: Final = 0.5
"""Of lines of which a smaller share of words is known nothing is said."""

LIMIT: Final = 8.0
SHAPE: Final = 4
GLOSS: Final = 3
"""A gloss has so many words at most."""

NONE: Final = 0xFFFF
ENGLISH: Final = 1.0
"""What stands behind the vectors of English words."""

STOPS: Final = frozenset('.!?…"”')
MAX_REMEMBERED: Final = 16_384


class Meaning(NamedTuple):
    """The weights, as read from a file.

    Attributes:
        keys: the hashes of the words that are known, in order.
        english: (words,), whether each is an English one.
        glosses: (words, 3), where the vectors stand whose mean is that of each: its own, or those of its English gloss; ``NONE`` is none.
        vectors: (English words, width).
        scale: by what they are multiplied.
        weights: matrices and vectors by name, (1, 1, ...).
        met: the vectors of words that were met, as bytes, none of unknown ones: words come back.
    """

    keys: npt.NDArray[np.uint32]
    english: npt.NDArray[np.bool_]
    glosses: npt.NDArray[np.uint16]
    vectors: npt.NDArray[np.int8]
    scale: float
    weights: dict[str, Array]
    met: dict[str, bytes]


def read(data: bytes) -> Meaning:
    """Read weights as :func:`written` gives them."""
    head, _, body = data.partition(b"\n")
    meta = json.loads(head)
    words, (rows, width) = meta["words"], meta["vectors"]
    at = 0

    def take(kind: str, *shape: int) -> npt.NDArray[Any]:
        nonlocal at
        found: npt.NDArray[Any] = np.frombuffer(body, dtype=kind, count=math.prod(shape), offset=at)
        at += found.nbytes
        return found.reshape(shape)

    keys = take("<u4", words).astype(np.uint32)
    english = take("u1", words).astype(bool)
    glosses = take("<u2", words, GLOSS).astype(np.uint16)
    vectors = take("i1", rows, width)
    weights = {name: take("<f2", *shape).astype(np.float32) for name, shape in meta["shapes"]}
    return Meaning(keys, english, glosses, vectors, meta["scale"], weights, {})


def written(model: Meaning) -> bytes:
    """Return weights as the bytes of a file: a line of JSON, the words, a byte a number of the vectors, the rest in half precision."""
    head = {
        "words": len(model.keys),
        "vectors": list(model.vectors.shape),
        "scale": model.scale,
        "shapes": [[name, list(array.shape)] for name, array in model.weights.items()],
    }
    tables: list[tuple[npt.NDArray[Any], str]] = [
        (model.keys, "<u4"),
        (model.english, "u1"),
        (model.glosses, "<u2"),
        (model.vectors, "i1"),
    ]
    tables += [(array, "<f2") for array in model.weights.values()]
    return b"".join(
        [json.dumps(head).encode(), b"\n", *(np.asarray(array).astype(kind).tobytes() for array, kind in tables)]
    )


@cache
def shipped() -> Meaning:
    """Read the shipped weights, once."""
    return read(MODEL.read_bytes())


Line = tuple[list[bytes], tuple[float, float, float, float]]
"""The vectors of a line's known words, and what else the network reads of it."""


def look_up(lines: Sequence[str], model: Meaning) -> list[Line | None]:
    """Return, of each line, the vectors of its known words, and the rest of what the network reads of it.

    That is its length, which share of it has capitals and is known, and how it ends. ``None`` if too few of its words are known.
    """
    said = [wording.tokens(line) for line in lines]
    every = iter(vectors_of([token for tokens in said for token in tokens], model))
    return [_line(tokens, list(islice(every, len(tokens)))) for tokens in said]


def _line(tokens: list[str], vectors: list[bytes]) -> Line | None:
    letters = [bool(vector) for token, vector in zip(tokens, vectors, strict=True) if token[0].isalpha()]
    known = sum(letters)
    if not known or known < KNOWN * len(letters):
        return None
    count = len(tokens)
    capitals = sum([token[0].isupper() for token in tokens])
    shape = (math.log1p(count), capitals / count, known / len(letters), float(tokens[-1] in STOPS))
    return list(filter(None, vectors)), shape


def says(lines: Sequence[str], model: Meaning | None = None) -> Array:
    """Return log-odds within -8..8, (lines, lanes): that each line is what :data:`LANES` lists; zeros of lines it doesn't know.

    Args:
        lines: as the matcher reads them, see :func:`cleaner.match.plain`.
        model: the weights, those that ship if ``None``.
    """
    model = shipped() if model is None else model
    out = np.zeros((len(lines), len(LANES)), dtype=np.float32)
    found = look_up(lines, model)
    asked = [number for number, one in enumerate(found) if one is not None]
    if asked:
        known = [one for one in found if one is not None]
        out[asked, :-1] = forward(model, seen_of(known, model))
        out[asked, -1] = [shape[2] for _, shape in known]
    return out


def seen_of(lines: Sequence[Line], model: Meaning) -> Array:
    """Return what the network reads of lines: mean and largest of the vectors of their words, and the rest."""
    words = b"".join([vector for vectors, _ in lines for vector in vectors])
    table = np.frombuffer(words, dtype=np.int8).reshape(-1, model.vectors.shape[1] + 1).astype(np.float32)
    counts = np.array([len(vectors) for vectors, _ in lines])
    firsts = np.cumsum(counts) - counts
    scale = np.float32(model.scale)
    means = np.add.reduceat(table, firsts, axis=0) * (scale / counts.astype(np.float32)[:, None])
    largest = np.maximum.reduceat(table, firsts, axis=0) * scale
    return np.concatenate([means, largest, np.array([shape for _, shape in lines], dtype=np.float32)], axis=1)


def forward(model: Meaning, seen: Array) -> Array:
    """Return log-odds, (lines, lanes but the last), of what :func:`seen_of` gives."""
    weights = model.weights
    line = seen[None]
    for number in (1, 2):
        line = np.maximum(product(line, weights[f"{number}.w"]) + weights[f"{number}.b"], 0)
    found = product(line, weights["3.w"]) + weights["3.b"]
    return np.asarray(np.clip(found[0], -LIMIT, LIMIT), dtype=np.float32)


def vectors_of(tokens: list[str], model: Meaning) -> list[bytes]:
    """Return the vectors of tokens, a byte a number, and whether each is an English word; none of unknown ones."""
    return wording.remembered(tokens, model.met, lambda missing: _fresh(missing, model), MAX_REMEMBERED)


def _fresh(tokens: list[str], model: Meaning) -> list[bytes]:
    """Return the vectors of tokens that weren't met yet."""
    hashes = np.array([wording.word_hash(wording.plain_word(token)) for token in tokens], dtype=np.uint32)
    places = np.minimum(np.searchsorted(model.keys, hashes), len(model.keys) - 1)
    glosses = model.glosses[places]
    there = glosses != NONE
    vectors = model.vectors[np.where(there, glosses, 0)].astype(np.float32) * there[:, :, None]
    means = np.round(vectors.sum(1) / there.sum(1)[:, None])
    flags = model.english[places] * np.round(ENGLISH / model.scale)
    rows = np.concatenate([means, flags[:, None]], axis=1).astype(np.int8)
    return [row.tobytes() if known else b"" for row, known in zip(rows, model.keys[places] == hashes, strict=True)]
