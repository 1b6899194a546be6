"""Fit the line model of ``cleaner.wording``: hashed words and word pairs, logistic regression, weights of one byte."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import numpy as np
from documents import Line
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from cleaner.fold import fold, lower
from cleaner.match import plain
from cleaner.wording import BITS, CATEGORY_BITS, features

C_LINE, C_CATEGORY = 1.0, 1.0


def prepared(line: str) -> str:
    """Return a line as the matcher gives it to the model."""
    return plain(lower(fold(line)))


def hashes(lines: list[Line]) -> list[list[int]]:
    return [features(prepared(line.text)) for line in lines]


def matrix(rows: list[list[int]], bits: int) -> Any:
    """Return hashed features as a sparse matrix of ones."""
    mask = (1 << bits) - 1
    indices: list[int] = []
    pointers = [0]
    for row in rows:
        indices += sorted({number & mask for number in row})
        pointers.append(len(indices))
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, pointers), shape=(len(rows), 1 << bits))


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


def train(lines: list[Line], rows: list[list[int]], *, with_categories: bool = True) -> bytes:
    """Fit both tables and return the file's bytes."""
    labels = np.array([line.category != "article" for line in lines])
    model = LogisticRegression(C=C_LINE, max_iter=200, tol=1e-3)
    model.fit(matrix(rows, BITS), labels, weights_of(lines))
    scale, table = quantised(model.coef_[0])
    if with_categories:
        pick = [n for n, line in enumerate(lines) if line.category != "article" and line.language != "web"]
        kinds = LogisticRegression(C=C_CATEGORY, max_iter=60, tol=1e-2)
        kinds.fit(matrix([rows[n] for n in pick], CATEGORY_BITS), [lines[n].category for n in pick])
        category_scale, category_table = quantised(kinds.coef_)
        names, biases = [str(name) for name in kinds.classes_], kinds.intercept_
    else:
        names, biases, category_scale = ["navigation"], [0.0], 1.0
        category_table = np.full((1, 1 << CATEGORY_BITS), 128, dtype=np.uint8)
    meta = {
        "scale": round(scale, 8),
        "bias": round(float(model.intercept_[0]), 6),
        "category_scale": round(category_scale, 8),
        "categories": names,
        "category_bias": [round(float(value), 6) for value in biases],
    }
    return json.dumps(meta, sort_keys=True).encode() + b"\n" + table.tobytes() + category_table.tobytes()


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
