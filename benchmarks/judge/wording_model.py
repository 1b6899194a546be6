"""Fit the line model of ``cleaner.wording``: hashed words and word pairs, logistic regression, weights of one byte."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from documents import Line
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from cleaner import wording
from cleaner.evidence import count_words
from cleaner.fold import fold
from cleaner.match import plain
from cleaner.wording import (
    BITS,
    CATEGORY_BITS,
    GRAM_BITS,
    GROUPS,
    KNOWN_BITS,
    LANES,
    SHORT,
    byte_of,
    features,
    grams,
    plain_word,
    tokens,
    word_hash,
)

C_LINE, C_CATEGORY = 1.0, 1.0


WORD_VALUE, GRAM_VALUE = 0.5, 0.15
"""The pieces of words are many, so each says less; chosen on held-out lines among six pairs."""

MIN_LINES = 3
"""A word is known that stands in so many lines of one language, half as many weighing half."""


def prepared(line: str) -> str:
    """Return a line as the matcher gives it to the model."""
    return plain(fold(line))[:400]


def known_words(lines: list[Line]) -> bytes:
    """Return the set of words that the model knows, a bit each."""
    counts: dict[tuple[str, str], float] = defaultdict(float)
    for line in lines:
        for word in {plain_word(token) for token in tokens(prepared(line.text))}:
            counts[line.language, word] += line.weight if line.language != "web" else line.weight / 4
    table = bytearray(1 << KNOWN_BITS - 3)
    for (_, word), count in counts.items():
        if count >= MIN_LINES:
            bit = word_hash(word) & ((1 << KNOWN_BITS) - 1)
            table[bit >> 3] |= 1 << (bit & 7)
    return bytes(table)


def use(data: bytes, path: Path) -> None:
    """Let the package use a model."""
    path.write_bytes(data)
    wording.MODEL = path
    wording.model.cache_clear()
    wording._IDS.clear()
    wording._SAID.clear()


def hashes(lines: list[Line]) -> list[list[int]]:
    """Return the features of lines under the model in use."""
    return [features(prepared(line.text)) for line in lines]


def pieces(lines: list[Line]) -> list[list[int]]:
    """Return the hashes of the pieces of the words of lines."""
    return [[number for token in tokens(prepared(line.text)) for number in grams(plain_word(token))] for line in lines]


def matrix(rows: list[list[int]], bits: int, value: float = 1.0) -> Any:
    """Return hashed features as a sparse matrix: ``value`` for each time that a line has a feature."""
    mask = (1 << bits) - 1
    indices: list[int] = []
    pointers = [0]
    for row in rows:
        indices += [number & mask for number in row]
        pointers.append(len(indices))
    shape = (len(rows), 1 << bits)
    out = csr_matrix((np.full(len(indices), value, dtype=np.float32), indices, pointers), shape=shape)
    out.sum_duplicates()
    return out


def quantised(weights: Any) -> tuple[float, Any]:
    """Return the scale and the weights as bytes around 128; the few largest weights are cut."""
    scale = float(np.quantile(np.abs(weights[weights != 0]), 0.9995)) / 127 or 1.0
    return scale, (np.clip(np.round(weights / scale), -127, 127) + 128).astype(np.uint8)


def weights_of(lines: list[Line]) -> Any:
    """Return a weight a line: within a language articles count as much as cruft, and large languages a little more."""
    total: dict[tuple[str, bool], float] = defaultdict(float)
    for line in lines:
        total[line.language, line.category == "article"] += line.weight
    out = np.array([line.weight * total[line.language, line.category == "article"] ** -0.35 for line in lines])
    return out / out.mean()


def write(known: bytes, meta: dict[str, Any], table: bytes, categories: bytes) -> bytes:
    return json.dumps(meta, sort_keys=True).encode() + b"\n" + known + table + categories


def train(lines: list[Line], path: Path, *, with_categories: bool = True) -> bytes:
    """Fit the tables, let the package use them, and return the file's bytes."""
    known = known_words(lines)
    lanes = 1 + len(LANES)
    empty = {
        "scales": [1.0] * lanes,
        "biases": [0.0] * lanes,
        "category_scale": 1.0,
        "categories": ["navigation"],
        "category_bias": [0.0],
    }
    size = 1 << BITS
    blank = np.full((size + (1 << GRAM_BITS), 2, 8), 128, dtype=np.uint8)
    use(write(known, empty, planes(blank), bytes([128]) * (1 << CATEGORY_BITS)), path)
    rows = hashes(lines)
    weights = weights_of(lines)
    table = blank.copy()
    scales, biases = [], []
    x = hstack([matrix(rows, BITS, WORD_VALUE), matrix(pieces(lines), GRAM_BITS, GRAM_VALUE)]).tocsr()
    values = np.concatenate([np.full(size, WORD_VALUE), np.full(1 << GRAM_BITS, GRAM_VALUE)])
    article = np.array([line.category == "article" for line in lines])
    web = np.array([line.language == "web" for line in lines])
    short = np.array([count_words(line.text) <= SHORT for line in lines])
    # Of furniture of the web only that it is furniture is known; the first group is about written lines alone.
    tasks = [(np.ones(len(lines), dtype=bool), ~article)]
    for number, group in enumerate(GROUPS):
        tasks.append((~web | (article & (number > 0)), np.array([line.category in group for line in lines])))
    tasks += [(~web & short, ~article), (~web & ~short, ~article)]
    for lane, (pick, labels) in enumerate(tasks):
        model = LogisticRegression(C=C_LINE, max_iter=200, tol=1e-3)
        model.fit(x[pick], labels[pick], weights[pick])
        plane, byte = byte_of(lane)
        scale, table[:, plane, byte] = quantised(model.coef_[0] * values)
        scales.append(round(scale, 8))
        biases.append(round(float(model.intercept_[0]), 6))
    meta = {**empty, "scales": scales, "biases": biases}
    category_table = np.full((1, 1 << CATEGORY_BITS), 128, dtype=np.uint8)
    if with_categories:
        pick = [n for n, line in enumerate(lines) if line.category != "article" and line.language != "web"]
        kinds = LogisticRegression(C=C_CATEGORY, max_iter=60, tol=1e-2)
        kinds.fit(matrix([rows[n] for n in pick], CATEGORY_BITS), [lines[n].category for n in pick])
        category_scale, category_table = quantised(kinds.coef_)
        meta |= {
            "category_scale": round(category_scale, 8),
            "categories": [str(name) for name in kinds.classes_],
            "category_bias": [round(float(value), 6) for value in kinds.intercept_],
        }
    data = write(known, meta, planes(table), np.ascontiguousarray(category_table.T).tobytes())
    use(data, path)
    return data


def planes(table: Any) -> bytes:
    """Return weights, (features, 2, 8), in the order of the file: words by plane, then pieces by plane."""
    size = 1 << BITS
    parts = (table[:size, 0], table[:size, 1], table[size:, 0], table[size:, 1])
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def report(lines: list[Line], said: Any) -> None:
    """Print what log-odds from held-out folds find at few false alarms, by language."""
    labels = np.array([line.category != "article" for line in lines])
    print(f"{'':6}{'lines':>7}{'AP':>7}   recall/false at 0, 1.5, 3")
    for language in [*sorted({line.language for line in lines}), "all"]:
        pick = np.array([language in ("all", line.language) and line.weight >= 0.5 for line in lines])
        y, p = labels[pick], said[pick]
        if len(set(y)) < 2:
            continue
        cells = "  ".join(f"{(p[y] > cut).mean():.3f}/{(p[~y] > cut).mean():.3f}" for cut in (0, 1.5, 3))
        print(f"{language:6}{len(y):>7}{average_precision_score(y, p):>7.3f}   {cells}")
