"""How a line is put: a small convolution over its words, which says the same of it as :mod:`cleaner.wording` and errs elsewhere.

The linear model adds up what words and pairs of words say. A line is more than their sum: "The mayor opens the bridge on Friday" may stand
below a picture, the same words in the past may not. Here a word is a vector, made of those of the word, its beginning and the pieces
it consists of (as of Bojanowski et al., arXiv 1607.04606); a residual layer looks at each word with its neighbours, and what is left
is averaged over the line, next to the largest. (A second layer made it worse.) Both models see a line alone, and the network of blocks weighs what both say.
``benchmarks/judge/train.py`` fits it; it ships as tables of small integers and is evaluated with numpy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner import wording
from cleaner.network import Array, beside, normal, product

MODEL: Final = Path(__file__).parent / "data" / "phrasing.bin"
LANES: Final = wording.PHRASED
"""What the model says of a line."""

LIMIT: Final = 8.0
CAPITALS: Final = 3
"""Words are told apart by their capitals: none, the first letter, all."""

EDGES: Final = 2
"""A vector stands before the first word, another behind the last."""

TOGETHER: Final = 1500
"""So many words, edges among them, are looked at in one go: tables of them stay in the processor's cache."""

MAX_REMEMBERED: Final = 16_384


class Phrasing(NamedTuple):
    """The weights, as read from a file. They belong to the tables of :mod:`cleaner.wording` that know the same words.

    Attributes:
        words: (slots, width), the first one of words that aren't known.
        starts: (slots, width), of the beginnings of words, the first one of words without.
        pieces: (slots, width), of the pieces that words consist of.
        scales: by what numbers of the three tables are multiplied.
        layers: how many look at the neighbours.
        weights: vectors and matrices by name, (1, 1, ...) as those of a :class:`cleaner.network.Network`.
        met: the vectors of words that were met, as bytes: words come back.
    """

    words: npt.NDArray[np.int8]
    starts: npt.NDArray[np.int8]
    pieces: npt.NDArray[np.int8]
    scales: tuple[float, float, float]
    layers: int
    weights: dict[str, Array]
    met: dict[str, bytes]


def read(data: bytes) -> Phrasing:
    """Read weights as :func:`written` gives them."""
    head, _, body = data.partition(b"\n")
    meta = json.loads(head)
    width = meta["width"]
    tables = []
    at = 0
    for slots in meta["slots"]:
        tables.append(np.frombuffer(body, dtype=np.int8, count=slots * width, offset=at).reshape(slots, width))
        at += slots * width
    values = np.frombuffer(body, dtype="<f2", offset=at).astype(np.float32)
    weights, at = {}, 0
    for name, shape in meta["shapes"]:
        size = int(np.prod(shape))
        weights[name] = values[at : at + size].reshape(shape)
        at += size
    words, starts, pieces = tables
    first, second, third = meta["scales"]
    return Phrasing(words, starts, pieces, (first, second, third), meta["layers"], weights, {})


def written(model: Phrasing) -> bytes:
    """Return weights as the bytes of a file: a line of JSON, the tables, a byte a number, and the rest in half precision."""
    tables = (model.words, model.starts, model.pieces)
    head = {
        "width": model.words.shape[1],
        "slots": [len(table) for table in tables],
        "scales": [round(scale, 9) for scale in model.scales],
        "layers": model.layers,
        "shapes": [[name, list(array.shape)] for name, array in model.weights.items()],
    }
    rest = [np.ascontiguousarray(array, dtype="<f2").tobytes() for array in model.weights.values()]
    return b"".join([json.dumps(head).encode(), b"\n", *[np.ascontiguousarray(one).tobytes() for one in tables], *rest])


@cache
def shipped() -> Phrasing:
    """Read the shipped weights, once."""
    return read(MODEL.read_bytes())


def capitals_of(token: str) -> int:
    """Return which of ``CAPITALS`` a token is of."""
    return 2 if len(token) > 1 and token.isupper() else int(token[0].isupper())


def slots_of(token: str, sizes: tuple[int, int, int]) -> tuple[int, int, list[int]]:
    """Return where the vectors of a token stand: of its word, of its beginning and of its pieces.

    Args:
        token: as :func:`cleaner.wording.tokens` gives it.
        sizes: how many slots the three tables have.
    """
    words, starts, pieces = sizes
    here, start = wording.ids_of(token)
    return (
        1 + here % (words - 1) if wording.is_known(here) else 0,
        1 + start % (starts - 1) if start else 0,
        [number % pieces for number in wording.grams(wording.plain_word(token))],
    )


def says(lines: Sequence[str], model: Phrasing | None = None) -> Array:
    """Return log-odds within -8..8, (lines, lanes): that each line is what :data:`LANES` lists.

    Args:
        lines: as the matcher reads them, see :func:`cleaner.match.plain`.
        model: the weights, those that ship if ``None``.
    """
    known = shipped() if model is None else model
    found = np.zeros((len(lines), len(LANES)), dtype=np.float32)
    first, count = 0, 0
    waiting: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        waiting.append(wording.tokens(line))
        count += len(waiting[-1]) + EDGES + 1
        if count >= TOGETHER or number == len(lines):
            found[first:number] = _says(waiting, known)
            first, count = number, 0
            waiting.clear()
    return found


def _says(lines: list[list[str]], model: Phrasing) -> Array:
    sizes = np.array([len(line) for line in lines])
    # Each line is a row of words between its edges, and an empty place behind parts it from the next.
    lengths = sizes + EDGES + 1
    firsts = np.cumsum(lengths) - lengths
    lasts = firsts + sizes + 1
    edge = model.weights["edge"][0, 0]
    z = np.zeros((int(lengths.sum()), edge.shape[1]), dtype=np.float32)
    inner = np.ones(len(z), dtype=bool)
    inner[firsts] = inner[lasts] = inner[lasts + 1] = False
    z[inner] = _vectors([token for line in lines for token in line], model)
    z[firsts], z[lasts] = edge
    return forward(model, z, firsts, sizes)


def forward(model: Phrasing, z: Array, firsts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> Array:
    """Return log-odds, (lines, lanes).

    Args:
        model: the weights.
        z: (places, width), vectors of the words of all lines, each between its edges and with an empty place behind it.
        firsts: where each line begins.
        sizes: how many words it has.
    """
    weights = model.weights
    empty = firsts + sizes + EDGES
    z = z[None]  # one network
    for number in range(model.layers):
        q = normal(z, weights[f"{number}.scale"], weights[f"{number}.shift"])
        q[:, empty] = 0
        q = beside(q, 1, weights[f"{number}.conv.w"])
        z = z + np.maximum(product(q, weights[f"{number}.mix.w"]) + weights[f"{number}.mix.b"], 0)
    z = normal(z, weights["out.scale"], weights["out.shift"])
    z[:, empty] = 0
    counts = sizes.astype(np.float32)[:, None]
    means = np.asarray(np.add.reduceat(z, firsts, axis=1) / (counts + EDGES), dtype=np.float32)
    z[:, empty] = -np.inf
    largest = np.maximum.reduceat(z, firsts, axis=1)
    line = product(means, weights["out.means"]) + product(largest, weights["out.largest"])
    line += np.log1p(counts) * weights["out.count"][0, 0]
    line = np.maximum(line + weights["out.1.b"], 0)
    found = product(line, weights["out.2.w"]) + weights["out.2.b"]
    return np.asarray(np.clip(found[0], -LIMIT, LIMIT), dtype=np.float32)


def _vectors(tokens: list[str], model: Phrasing) -> Array:
    """Return the vectors of tokens, (tokens, width)."""

    def find(missing: list[str]) -> list[bytes]:
        return [row.tobytes() for row in _fresh(missing, model)]

    found: list[bytes] = wording.remembered(tokens, model.met, find, MAX_REMEMBERED)
    return np.frombuffer(b"".join(found), dtype=np.float32).reshape(len(tokens), model.words.shape[1])


def _fresh(tokens: list[str], model: Phrasing) -> Array:
    """Return the vectors of tokens that weren't met yet."""
    sizes = (len(model.words), len(model.starts), len(model.pieces))
    slots = [slots_of(token, sizes) for token in tokens]
    by_word, by_start, by_piece = model.scales
    out = model.words[[word for word, _, _ in slots]] * np.float32(by_word)
    out += model.starts[[start for _, start, _ in slots]] * np.float32(by_start)
    out += model.weights["capitals"][0, 0][[capitals_of(token) for token in tokens]]
    with_pieces = [n for n, slot in enumerate(slots) if slot[2]]
    if with_pieces:
        counts = np.array([len(slots[n][2]) for n in with_pieces], dtype=np.int32)
        pieces = model.pieces[[number for n in with_pieces for number in slots[n][2]]].astype(np.float32)
        sums = np.add.reduceat(pieces, np.cumsum(counts) - counts, axis=0)
        out[with_pieces] += sums * (np.float32(by_piece) / counts.astype(np.float32)[:, None])
    return np.asarray(out, dtype=np.float32)
