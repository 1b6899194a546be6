"""Fit the trees of ``cleaner.context`` and write the file that they ship as.

    python benchmarks/judge/train.py --text-dev DIR --out src/cleaner/data/context.json
    python benchmarks/judge/train.py --text-dev DIR --evaluate

DIR holds the labelled renderings of WCXB (``lab2.wcxb-dev.*.jsonl.gz``, ``docs.wcxb-dev.jsonl.gz``). The other documents
are the project's own. Needs numpy, scipy and scikit-learn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

sys.path.insert(0, str(Path(__file__).parents[1]))

from judge.documents import ROOT, Labelled, corpus, examples, gold, planted, renderings
from wording.train import read_lines
from wording.train import train as train_wording

from cleaner import Cleaner, Config, context, wording
from cleaner.judge import by_rules
from cleaner.match import Views
from cleaner.read_text import read_text


def use_wording(data: bytes, folder: Path) -> None:
    """Let the package use these tables."""
    path = folder / "wording.bin"
    path.write_bytes(data)
    wording.MODEL = path
    wording.model.cache_clear()


def rows_of(document: Labelled, cleaner: Cleaner) -> tuple[list[list[float]], list[int]]:
    """Return features and labels (1: cruft) of the labelled blocks that rules leave to the trees."""
    read = read_text(document.text)
    views = Views(read)
    lines, matches = cleaner._matcher.match(views)
    settings, used = cleaner._used
    evidence, _ = by_rules(views, lines, [m for m in matches if m.rule in used], cleaner._matcher.rules, settings)
    starts = [0, *(at + 1 for at, char in enumerate(document.text) if char == "\n")]
    table = context.features(evidence)
    out, labels = [], []
    for n, block in enumerate(read.blocks):
        label = document.labels[bisect_right(starts, block.start) - 1]
        if evidence.gone[n] is None and label in "kd":
            out.append(table[n])
            labels.append(int(label == "d"))
    return out, labels


def collect(documents: list[Labelled], cleaner: Cleaner) -> dict[str, Any]:
    """Return the features, labels, weights, groups and sources of the blocks of documents."""
    x, y, w, groups, sources, ids = [], [], [], [], [], []
    for number, document in enumerate(documents):
        found, labels = rows_of(document, cleaner)
        x += found
        y += labels
        weight = document.weight / max(1.0, len(labels)) ** 0.5
        w += [weight] * len(labels)
        groups += [document.group] * len(labels)
        sources += [document.source] * len(labels)
        ids += [number] * len(labels)
    return {"x": np.array(x, dtype=np.float32), "y": np.array(y), "w": np.array(w), "group": np.array(groups),
            "source": np.array(sources), "id": np.array(ids)}  # fmt: skip


def fit(data: dict[str, Any], pick: Any, keep_weight: float) -> HistGradientBoostingClassifier:
    """Fit the trees on the picked rows; an article's block counts ``keep_weight`` times a block of cruft."""
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.1, max_leaf_nodes=16, min_samples_leaf=30, l2_regularization=5.0, random_state=0
    )
    weights = data["w"] * np.where(data["y"] == 1, 1.0, keep_weight)
    model.fit(data["x"][pick], data["y"][pick], weights[pick])
    return model


def exported(model: HistGradientBoostingClassifier) -> str:
    """Return the trees as the JSON that :func:`cleaner.context.read_trees` reads."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        trees.append([
            [-1 if node["is_leaf"] else int(node["feature_idx"]) for node in nodes],
            [round(float(node["value"] if node["is_leaf"] else node["num_threshold"]), 5) for node in nodes],
            [int(node["left"]) for node in nodes],
            [int(node["right"]) for node in nodes],
        ])  # fmt: skip
    return (
        json.dumps(
            {"bias": round(float(model._baseline_prediction.ravel()[0]), 5), "names": context.NAMES, "trees": trees},
            separators=(",", ":"),
        )
        + "\n"
    )


def fold_of(group: str, folds: int = 4) -> int:
    return int(hashlib.sha1(group.encode()).hexdigest(), 16) % folds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text-dev", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--planted", type=int, default=1500)
    parser.add_argument("--keep-weight", type=float, default=2.0)
    parser.add_argument("--folds-out", type=Path, help="also write trees that haven't seen a fold, fold-N.json")
    parser.add_argument("--test", type=Path, help="a folder of golden cases to report on, never fitted on")
    args = parser.parse_args()
    cleaner = Cleaner(Config())
    cases = corpus(ROOT / "corpus")
    web = renderings(args.text_dev) + gold(args.text_dev) if args.text_dev else []
    lines = read_lines()
    articles = [d for d in web if d.source == "gold"]
    articles += [
        Labelled("\n".join(p for p, c in zip(d.text.splitlines(), d.labels) if c in "k-m"), "", d.group, d.source, 1.0)
        for d in cases
    ]
    with tempfile.TemporaryDirectory() as folder:
        use_wording(train_wording(lines), Path(folder))
        parts = [collect(cases + examples() + web, cleaner)]
        for half in (0, 1):
            mine = [row for n, row in enumerate(lines) if n % 2 == half]
            use_wording(train_wording([row for n, row in enumerate(lines) if n % 2 != half]), Path(folder))
            for language in sorted({row[0] for row in lines}):
                cruft = defaultdict(list)
                for known, kind, line in mine:
                    if known == language and kind != "article":
                        cruft[kind].append(line)
                kept = [line for known, kind, line in mine if known == language and kind == "article"]
                base = [
                    d
                    for d in articles
                    if (d.source == "gold" and language == "en") or d.source.startswith(f"corpus-{language}-")
                ]
                if not base or not cruft:
                    continue
                share = args.planted // 2 if language == "en" else args.planted // 20
                parts.append(collect(list(planted(base, cruft, kept, share, seed=half)), cleaner))
        data = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        print(f"{len(data['y'])} blocks, {data['y'].mean():.3f} cruft")
        if args.evaluate or args.folds_out:
            folds = np.array([fold_of(group) for group in data["group"]])
            scores = np.zeros(len(folds))
            for fold in range(4):
                model = fit(data, folds != fold, args.keep_weight)
                scores[folds == fold] = model.predict_proba(data["x"][folds == fold])[:, 1]
                if args.folds_out:
                    (args.folds_out / f"fold-{fold}.json").write_text(exported(model), encoding="utf-8")
            for source in sorted(set(data["source"])):
                pick = data["source"] == source
                y, p = data["y"][pick], scores[pick]
                row = f"{source:24}{len(y):>7}"
                for cut in (0.3, 0.5, 0.7, 0.85):
                    row += (
                        f"  >{cut}: {(p[y == 1] > cut).mean() if y.any() else 0:.3f} / {(p[y == 0] > cut).mean():.4f}"
                    )
                print(row)
        everything = np.ones(len(data["y"]), dtype=bool)
        model = fit(data, everything, args.keep_weight)
        if args.test:
            use_wording(train_wording(lines), Path(folder))
            held = collect(corpus(args.test), cleaner)
            p = model.predict_proba(held["x"])[:, 1]
            for source in sorted(set(held["source"])):
                pick = held["source"] == source
                y, q = held["y"][pick], p[pick]
                print(
                    f"test {source:20}{len(y):>6}"
                    + "".join(
                        f"  >{cut}: {(q[y == 1] > cut).mean() if y.any() else 0:.3f} / {(q[y == 0] > cut).mean():.4f}"
                        for cut in (0.3, 0.5, 0.7, 0.85)
                    )
                )
        if args.out:
            args.out.write_text(exported(model), encoding="utf-8")
            print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
