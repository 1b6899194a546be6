"""Train the line model of ``cleaner.wording`` and write the tables that it ships as.

    python benchmarks/wording/train.py --out src/cleaner/data/wording.bin
    python benchmarks/wording/train.py --evaluate

The lines stand beside this script, a folder a language: a file for each category of cruft, and ``article.txt``.
They were written for this purpose. Nothing else is needed. Needs numpy, scipy and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold

from cleaner.fold import fold, lower
from cleaner.match import plain
from cleaner.wording import BITS, CATEGORY_BITS, features

HERE = Path(__file__).parent
C_LINE, C_CATEGORY = 1.0, 1.0


def read_lines(folder: Path = HERE) -> list[tuple[str, str, str]]:
    """Return (language, category, line) of every line; the category of an article's line is ``article``."""
    rows = []
    for path in sorted(folder.glob("*/*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                rows.append((path.parent.name, path.stem, line.strip()))
    return rows


def prepared(line: str) -> str:
    """Return a line as the matcher gives it to the model."""
    return plain(lower(fold(line)))


def matrix(lines: list[str], bits: int) -> Any:
    """Return the hashed features of lines as a sparse matrix of ones."""
    mask = (1 << bits) - 1
    indices, pointers = [], [0]
    for line in lines:
        found = sorted({number & mask for number in features(prepared(line))})
        indices += found
        pointers.append(len(indices))
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, pointers), shape=(len(lines), 1 << bits))


def quantised(weights: Any) -> tuple[float, Any]:
    """Return the scale and the weights as bytes around 128."""
    scale = float(np.abs(weights).max()) / 127 or 1.0
    return scale, (np.round(weights / scale) + 128).astype(np.uint8)


def weights_of(rows: list[tuple[str, str, str]]) -> Any:
    """Return a weight a row: each language counts alike within the root of its size, articles as much as cruft."""
    per: dict[tuple[str, bool], int] = {}
    for language, kind, _ in rows:
        per[language, kind == "article"] = per.get((language, kind == "article"), 0) + 1
    return np.array([per[language, kind == "article"] ** -0.3 for language, kind, _ in rows])


def train(rows: list[tuple[str, str, str]]) -> bytes:
    """Fit both tables and return the file's bytes."""
    lines = [line for _, _, line in rows]
    labels = np.array([kind != "article" for _, kind, _ in rows])
    weights = weights_of(rows)
    line_model = LogisticRegression(C=C_LINE, max_iter=400)
    line_model.fit(matrix(lines, BITS), labels, weights / weights.mean())
    scale, table = quantised(line_model.coef_[0])
    cruft = [(kind, line) for _, kind, line in rows if kind != "article"]
    kinds = LogisticRegression(C=C_CATEGORY, max_iter=200)
    kinds.fit(matrix([line for _, line in cruft], CATEGORY_BITS), [kind for kind, _ in cruft])
    category_scale, category_table = quantised(kinds.coef_)
    meta = {
        "scale": round(scale, 8),
        "bias": round(float(line_model.intercept_[0]), 6),
        "category_scale": round(category_scale, 8),
        "categories": [str(name) for name in kinds.classes_],
        "category_bias": [round(float(value), 6) for value in kinds.intercept_],
    }
    return json.dumps(meta, sort_keys=True).encode() + b"\n" + table.tobytes() + category_table.tobytes()


def evaluate(rows: list[tuple[str, str, str]]) -> None:
    """Print, from five-fold cross-validation, what the model finds at few false alarms, by language."""
    lines = [line for _, _, line in rows]
    labels = np.array([kind != "article" for _, kind, _ in rows])
    weights = weights_of(rows)
    found = np.zeros(len(rows))
    x = matrix(lines, BITS)
    for fit, held in StratifiedKFold(5, shuffle=True, random_state=0).split(lines, labels):
        model = LogisticRegression(C=C_LINE, max_iter=400)
        model.fit(x[fit], labels[fit], weights[fit] / weights[fit].mean())
        found[held] = model.predict_proba(x[held])[:, 1]
    languages = sorted({language for language, _, _ in rows})
    print(
        f"{'':8}{'lines':>7}{'AP':>7}{'p>.5: recall':>14}{'false':>7}{'p>.8: recall':>14}{'false':>7}{'p>.95: recall':>14}{'false':>7}"
    )
    for language in [*languages, "all"]:
        pick = np.array([language in ("all", known) for known, _, _ in rows])
        y, p = labels[pick], found[pick]
        if len(set(y)) < 2:
            continue
        row = f"{language:8}{len(y):>7}{average_precision_score(y, p):>7.3f}"
        for cut in (0.5, 0.8, 0.95):
            row += f"{(p[y] > cut).mean():>14.3f}{(p[~y] > cut).mean():>7.3f}"
        print(row)
    kinds = sorted({kind for _, kind, _ in rows} - {"article"})
    print("recall at .8 by category: " + ", ".join(
        f"{kind} {(found[[known == kind for _, known, _ in rows]] > .8).mean():.2f}" for kind in kinds))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--evaluate", action="store_true")
    args = parser.parse_args()
    rows = read_lines()
    if args.evaluate:
        evaluate(rows)
    if args.out:
        args.out.write_bytes(train(rows))
        print(f"{args.out}: {args.out.stat().st_size} bytes from {len(rows)} lines")


if __name__ == "__main__":
    main()
