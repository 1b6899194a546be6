# ruff: noqa: SLF001  # the other half of the same model
"""What the line model says of many lines at once: the same sums as :mod:`cleaner.wording` adds up for one, by numpy."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleaner import wording

FEW: Final = 6
"""So few lines are faster one by one."""

_PLANES: Final = 8
LANES_AND_COUNT: Final = 2 * _PLANES + 1
ORDER: Final = [_PLANES * plane + byte for plane, byte in map(wording.byte_of, range(2 * _PLANES))]
"""In which column of the tables a lane stands."""


def _bytes(weights: Any) -> npt.NDArray[np.uint8]:
    """Return the weights of sequences, (features, lanes), as they stand in one of the tables."""
    array: npt.NDArray[Any] = np.frombuffer(weights, dtype=np.uint64)
    return (array if sys.byteorder == "little" else array.byteswap()).view(np.uint8).reshape(-1, _PLANES)


def remember(lines: Iterable[str]) -> None:
    """Ask the model about lines, so that :func:`cleaner.wording.says` knows the answer."""
    fresh = [line for line in dict.fromkeys(lines) if line and line not in wording._SAID]
    if len(fresh) > FEW:
        _remember(fresh)


def _remember(lines: list[str]) -> None:
    known = wording.model()
    get, look = wording._IDS.get, wording._ids_of
    heres: list[int] = []
    owns: list[bytes] = []
    counts: list[int] = []
    start, end = wording._START, wording._END
    for line in lines:
        found = [get(word) or look(word) for word in wording.tokens(line)]
        heres += (start, start)
        heres += [one[0] for one in found]
        heres.append(end)
        owns.append(sum([one[2] for one in found]).to_bytes(4 * LANES_AND_COUNT, "little"))
        counts.append(len(found))
    flat = np.array(heres, dtype=np.int64)
    sizes = np.array(counts, dtype=np.int64)
    pairs = flat[1:-1] * wording._MIX ^ flat[2:] << 3
    triples = flat[:-2] * wording._MIX_2 ^ pairs
    firsts = np.cumsum(sizes + 3) - (sizes + 3)
    # Of each line stand 3 signs more than words in a row, and sequences end at all but the first two.
    ends = np.ones(len(flat), dtype=bool)
    ends[firsts] = ends[firsts + 1] = False
    ends = ends[2:]
    places = np.stack([pairs[ends], triples[ends]], axis=1).reshape(-1) & wording._MASK
    offsets = 2 * (np.cumsum(sizes + 1) - (sizes + 1))
    length = (wording._LENGTH + np.minimum(sizes, 40) // 2) & wording._MASK
    sums = []
    for weights in known.weights:
        table = _bytes(weights)
        sums.append(np.add.reduceat(table[places], offsets, axis=0, dtype=np.int64) + table[length])
    between = np.concatenate(sums, axis=1)[:, ORDER]
    own = np.frombuffer(b"".join(owns), dtype="<u4").reshape(len(lines), LANES_AND_COUNT).astype(np.int64)
    ground = 128 * (2 * (sizes + 1) + 1 + own[:, -1])
    said = np.array(known.biases) + np.array(known.scales) * (own[:, :-1] + between - ground[:, None])
    said = np.maximum(-8.0, np.minimum(8.0, said))
    if len(wording._SAID) > wording.MAX_LINES:
        wording._SAID.clear()
    wording._SAID.update(zip(lines, map(tuple, said.tolist()), strict=True))
