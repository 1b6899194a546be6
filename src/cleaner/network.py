"""The network that weighs the lines of a document in their surroundings: features of every block in, log-odds that it is cruft out.

A small convolution over the sequence of blocks, in residual layers of growing reach (dilated, as of Yu and Koltun, arXiv 1511.07122; by
channel and then across them, as of Chollet, arXiv 1610.02357), with the mean over the document added in the middle and, after some of the
layers, what the blocks that are like a block or near it say (attention, as of Vaswani et al., arXiv 1706.03762, by likeness and distance,
as of Press et al., arXiv 2108.12409): what stands around a line says more of it than its own words. Several networks, fitted alike from other beginnings, are evaluated side by side, and their
log-odds averaged.
``benchmarks/judge/train.py`` fits it and writes the file; it is evaluated with numpy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

MODEL: Final = Path(__file__).parent / "data" / "surroundings.bin"
WINDOW: Final = 400
"""A document is weighed in windows of so many blocks (and as many around as a layer reaches), so that memory stays small. In
training it is cut in the same way."""

LIMIT: Final = 4.0
"""A feature counts up to so many standard deviations from its mean."""

EPSILON: Final = 1e-5
ROWS: Final = 16
"""So many rows are multiplied at a time, fewer where matrices are larger than 128 x 128."""

SMALL: Final = 1 << 18
"""Up to so many multiplications OpenBLAS stays in the calling thread. Beyond, it wakes the others, and to wait for
them on a busy machine takes far longer than the product (``benchmarks/RESULTS.md``)."""


class Network(NamedTuple):
    """The weights.

    Attributes:
        logs: 1 where a feature is taken as the logarithm of one more than its size, by feature.
        means: by feature.
        deviations: by feature.
        dilations: by layer, how far apart the blocks are that it compares.
        pool_after: the number of layers after which the mean over the window is added.
        attend_after: the numbers of layers after which blocks look at each other.
        weights: the matrices and vectors by name, (networks, 1, ...): one for each of the networks that are averaged.
    """

    logs: npt.NDArray[np.bool_]
    means: Array
    deviations: Array
    dilations: tuple[int, ...]
    pool_after: int
    attend_after: tuple[int, ...]
    weights: dict[str, Array]

    @property
    def reach(self) -> int:
        """How many blocks on each side of a block its score depends on, but for what the whole window says."""
        return sum(self.dilations)


def read(data: bytes) -> Network:
    """Read weights as :func:`written` gives them."""
    head, _, body = data.partition(b"\n")
    meta = json.loads(head)
    values = np.frombuffer(body, dtype="<f2").astype(np.float32)
    weights = {}
    at = 0
    for name, shape in meta["shapes"]:
        size = int(np.prod(shape))
        weights[name] = values[at : at + size].reshape(shape)
        at += size
    return Network(
        np.array(meta["logs"], dtype=bool),
        np.array(meta["means"], dtype=np.float32),
        np.array(meta["deviations"], dtype=np.float32),
        tuple(meta["dilations"]),
        meta["pool_after"],
        tuple(meta["attend_after"]),
        weights,
    )


def written(network: Network) -> bytes:
    """Return weights as the bytes of a file: a line of JSON, then all numbers in half precision."""
    head: dict[str, Any] = {
        "logs": [int(one) for one in network.logs],
        "means": [round(float(one), 5) for one in network.means],
        "deviations": [round(float(one), 5) for one in network.deviations],
        "dilations": network.dilations,
        "pool_after": network.pool_after,
        "attend_after": network.attend_after,
        "shapes": [[name, list(array.shape)] for name, array in network.weights.items()],
    }
    body = b"".join(np.ascontiguousarray(array, dtype="<f2").tobytes() for array in network.weights.values())
    return json.dumps(head).encode() + b"\n" + body


@cache
def shipped() -> Network:
    """Read the shipped weights, once."""
    return read(MODEL.read_bytes())


def blank(rows: int, columns: int) -> Array:
    """Return a table to be filled."""
    return np.zeros((rows, columns), dtype=np.float32)


def fill(table: Array, rows: Iterable[Sequence[float]], first: int = 0) -> Array:
    """Fill columns of a table, from ``first`` on, and return it: of a large text only a few rows are held as numbers of Python's, which take eight times the memory."""
    source = iter(rows)
    at = 0
    while some := list(islice(source, WINDOW)):
        table[at : at + len(some), first : first + len(some[0])] = some
        at += len(some)
    return table


def prepared(network: Network, rows: Sequence[Sequence[float]] | Array) -> Array:
    """Return features of blocks, (blocks, features), as the input of the network, of the same shape."""
    table = np.array(rows, dtype=np.float32).reshape(len(rows), len(network.means))
    logs = network.logs
    table[:, logs] = np.sign(table[:, logs]) * np.log1p(np.abs(table[:, logs]))
    return np.asarray(np.clip((table - network.means) / network.deviations, -LIMIT, LIMIT), dtype=np.float32)


def log_odds(rows: Sequence[Sequence[float]] | Array, network: Network | None = None) -> list[float]:
    """Return, per block, the log-odds that it is cruft, of features as :func:`cleaner.context.features` gives them."""
    known = shipped() if network is None else network
    count = len(rows)
    out: list[float] = []
    for start in range(0, count, WINDOW):
        first, last = max(0, start - known.reach), min(count, start + WINDOW + known.reach)
        found = forward(known, prepared(known, rows[first:last]))
        out += found[start - first : start - first + WINDOW].tolist()
    return out


def forward(network: Network, table: Array) -> Array:
    """Return the log-odds of the rows of one window, averaged over the networks."""
    weights = network.weights
    z = np.maximum(product(table[None], weights["in.w"]) + weights["in.b"], 0)
    for number, dilation in enumerate(network.dilations):
        q = normal(z, weights[f"{number}.scale"], weights[f"{number}.shift"])
        q = beside(q, dilation, weights[f"{number}.conv.w"]) + weights[f"{number}.conv.b"]
        q = np.maximum(product(q, weights[f"{number}.mix.w"]) + weights[f"{number}.mix.b"], 0)
        z = z + (product(q, weights[f"{number}.out.w"]) + weights[f"{number}.out.b"])
        if number + 1 == network.pool_after:
            mean = z.sum(axis=1, keepdims=True) / np.float32(len(table))
            z = z + ((mean[:, None] @ weights["pool.w"])[:, 0] + weights["pool.b"])
        if number + 1 in network.attend_after:
            z = z + _attended(z, weights, f"{number}.attend")
    z = normal(z, weights["out.scale"], weights["out.shift"])
    z = np.maximum(product(z, weights["out.1.w"]) + weights["out.1.b"], 0)
    found = product(z, weights["out.2.w"]) + weights["out.2.b"]
    return np.asarray(found[:, :, 0].mean(axis=0), dtype=np.float32)


def _attended(z: Array, weights: dict[str, Array], name: str) -> Array:
    """Return what each row hears from all rows of the window, those that are like what it looks for or near it above all.

    Args:
        z: (networks, rows, width).
        weights: by name.
        name: what the weights' names begin with.
    """
    members, count, _ = z.shape
    near, own = weights[f"{name}.near"], weights[f"{name}.own"]  # (networks, 1, heads)
    heads = near.shape[2]
    q = normal(z, weights[f"{name}.scale"], weights[f"{name}.shift"])
    asked, *told = (
        (product(q, weights[f"{name}.{part}.w"]) + weights[f"{name}.{part}.b"]).reshape(members, count, heads, -1)
        for part in ("query", "key", "value")
    )
    keys, values = (one.transpose(0, 2, 1, 3) for one in told)
    away = np.abs(np.arange(1 - count, count, dtype=np.float32))
    bias = -near[:, 0, :, None] * np.log1p(away) - own[:, 0, :, None] * (away == 0)
    # Row n of the bias of n and m, which their distance decides, is a stretch of it.
    biases = np.lib.stride_tricks.sliding_window_view(bias, count, axis=2)[:, :, ::-1]
    scale = np.float32(asked.shape[3] ** -0.5)
    out = np.empty(asked.shape, dtype=np.float32)
    for start in range(0, count, ROWS):  # so few, for the reason that product gives
        rows = asked[:, start : start + ROWS].transpose(0, 2, 1, 3)
        found = rows @ keys.transpose(0, 1, 3, 2) * scale + biases[:, :, start : start + ROWS]
        found = np.exp(found - found.max(axis=3, keepdims=True))
        found /= found.sum(axis=3, keepdims=True)
        out[:, start : start + ROWS] = (found @ values).transpose(0, 2, 1, 3)
    flat = out.reshape(members, count, -1)
    return product(flat, weights[f"{name}.out.w"]) + weights[f"{name}.out.b"]


def product(z: Array, weights: Array) -> Array:
    """Return the product of each network's matrices, a few rows at a time: so small ones no library of linear algebra spreads over threads.

    Args:
        z: (networks or 1, rows, width).
        weights: (networks, 1, width, columns).
    """
    members, count, width = z.shape
    rows = rows_of(width, weights.shape[3])
    short = -count % rows
    if short:
        z = np.concatenate([z, np.zeros((members, short, width), dtype=np.float32)], axis=1)
    found = z.reshape(members, -1, rows, width) @ weights
    return np.asarray(found.reshape(len(weights), -1, weights.shape[3])[:, :count], dtype=np.float32)


def rows_of(width: int, columns: int) -> int:
    """Return how many rows are multiplied at a time with a matrix of that size."""
    return max(1, min(ROWS, SMALL // (width * columns)))


def normal(z: Array, scale: Array, shift: Array) -> Array:
    """Return each row, (networks, rows, width), with mean 0 and deviation 1, and then scaled and shifted."""
    width = np.float32(z.shape[2])
    centred = z - z.sum(axis=2, keepdims=True) / width
    spread = np.einsum("kij,kij->ki", centred, centred) / width
    return np.asarray(
        centred * (1 / np.sqrt(spread + np.float32(EPSILON)))[:, :, None] * scale + shift, dtype=np.float32
    )


def beside(z: Array, dilation: int, kernel: Array) -> Array:
    """Return each row with the rows so far before and after it, weighed by channel; beyond the edges stands nothing.

    Args:
        z: (networks, rows, width).
        dilation: how far apart the rows are.
        kernel: (networks, 1, 3, width).
    """
    out = z * kernel[:, :, 1]
    if dilation < z.shape[1]:
        out[:, dilation:] += z[:, :-dilation] * kernel[:, :, 0]
        out[:, :-dilation] += z[:, dilation:] * kernel[:, :, 2]
    return np.asarray(out, dtype=np.float32)
