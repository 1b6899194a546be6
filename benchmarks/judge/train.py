"""Fit the models of the judge, the line model and the trees of both looks, and write the files that they ship as.

    python benchmarks/judge/train.py --text-dev DIR --out src/cleaner/data
    python benchmarks/judge/train.py --text-dev DIR --folds-out FOLDER      # models that haven't seen a fold

DIR holds the labelled renderings of WCXB (``lab2.wcxb-dev.*.jsonl.gz``, ``docs.wcxb-dev.jsonl.gz``). The rest is the project's own
material. Everything is fitted in folds: the trees only see what a line model says of lines that it hasn't learned from, the second
look only what a first look says of documents that it hasn't learned from. Needs numpy, scipy and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections import defaultdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

sys.path.insert(0, str(Path(__file__).parent))

from documents import (
    FOLDS,
    ROOT,
    Composer,
    Labelled,
    corpus,
    examples,
    gold,
    labelled_page,
    pools,
    renderings,
    wording_lines,
)
from wording_model import hashes, report, train

from cleaner import Cleaner, Config, context, wording
from cleaner.judge import by_rules
from cleaner.match import Views
from cleaner.read_text import read_text

DROPPED_RULES = 0.5
"""So many of the rules are left out for a composed document: its furniture is better known to them than that of other pages."""

_CLEANER: Any = None


def use_wording(path: Path) -> None:
    """Let the package use these tables."""
    wording.MODEL = path
    wording.model.cache_clear()


def rows_of(task: tuple[Labelled, int]) -> tuple[Any, Any, Any, Any]:
    """Return features, labels (1: cruft, 0: article, -1: unknown), whether rules removed it, and the layout of the blocks."""
    document, seed = task
    global _CLEANER
    if _CLEANER is None:
        _CLEANER = Cleaner(Config())
    read = read_text(document.text)
    views = Views(read)
    lines, matches = _CLEANER._matcher.match(views)
    settings, used = _CLEANER._used
    rng = random.Random(seed)
    if document.source.startswith(("composed", "pages")):
        numbers = sorted(used)
        share = rng.choice((0.2, 0.5, 0.8))
        used = frozenset(number for number in numbers if rng.random() > share)
    evidence, _ = by_rules(views, lines, [m for m in matches if m.rule in used], _CLEANER._matcher.rules, settings)
    starts = [0, *(at + 1 for at, char in enumerate(document.text) if char == "\n")]
    labels = []
    for block in read.blocks:
        label = document.labels[bisect_right(starts, block.start) - 1]
        labels.append({"k": 0, "m": 0, "d": 1}.get(label, -1))
    if not read.blocks:
        return np.zeros((0, len(context.FIRST)), np.float32), np.zeros(0, np.int8), np.zeros(0, bool), None
    table, layout = context.first_look(evidence)
    gone = np.array([known is not None for known in evidence.gone])
    return np.array(table, dtype=np.float32), np.array(labels, dtype=np.int8), gone, layout


def collect(documents: list[Labelled], jobs: int) -> dict[str, Any]:
    """Return the features of the blocks of documents, and what is known of each block and document."""
    tasks = [(document, number) for number, document in enumerate(documents)]
    with get_context("fork").Pool(jobs) as pool:
        found = pool.map(rows_of, tasks, chunksize=40)
    ids = np.repeat(np.arange(len(documents)), [len(row[1]) for row in found])
    weights = np.array([d.weight / max(8.0, (row[1] >= 0).sum()) ** 0.5 for d, row in zip(documents, found)])
    return {
        "x": np.concatenate([row[0] for row in found]),
        "y": np.concatenate([row[1] for row in found]),
        "gone": np.concatenate([row[2] for row in found]),
        "id": ids,
        "w": weights[ids],
        "layouts": [row[3] for row in found],
        "fold": np.array([d.fold for d in documents])[ids],
        "source": np.array([d.source for d in documents])[ids],
    }


def fit(x: Any, y: Any, w: Any, keep_weight: float, rounds: int) -> HistGradientBoostingClassifier:
    """Fit the trees; an article's block counts ``keep_weight`` times a block of cruft."""
    model = HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=0.08, max_leaf_nodes=16, min_samples_leaf=40, l2_regularization=5.0, random_state=0
    )
    model.fit(x, y, w * np.where(y == 1, 1.0, keep_weight))
    return model


def second_rows(data: dict[str, Any], scores: Any, which: Any) -> Any:
    """Return the features of the second look for the documents of which some blocks are in ``which``."""
    ids = data["id"]
    bounds = np.flatnonzero(np.diff(ids, prepend=-1))
    ends = [*bounds[1:], len(ids)]
    out = np.zeros((len(ids), len(context.FIRST) + len(context.SECOND)), dtype=np.float32)
    for start, end in zip(bounds, ends):
        if which[start]:
            rows = context.second_look(data["x"][start:end].tolist(), scores[start:end].tolist(), data["layouts"][ids[start]])
            out[start:end] = rows
    return out


def exported(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return the trees as :func:`cleaner.context.read_looks` reads them."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        trees.append([
            [-1 if node["is_leaf"] else int(node["feature_idx"]) for node in nodes],
            [round(float(node["value"] if node["is_leaf"] else node["num_threshold"]), 5) for node in nodes],
            [int(node["left"]) for node in nodes],
            [int(node["right"]) for node in nodes],
        ])  # fmt: skip
    return {"bias": round(float(model._baseline_prediction.ravel()[0]), 5), "trees": trees}


def write_looks(first: Any, second: Any, path: Path) -> None:
    path.write_text(json.dumps({"names": [*context.FIRST, *context.SECOND], "first": exported(first), "second": exported(second)},
                               separators=(",", ":")) + "\n", encoding="utf-8")  # fmt: skip


def show(data: dict[str, Any], scores: Any, pick_rows: Any) -> None:
    """Print, by source, how much cruft the trees find and how much article they take."""
    for source in sorted(set(data["source"][pick_rows])):
        pick = pick_rows & (data["source"] == source) & ~data["gone"] & (data["y"] >= 0)
        y, p = data["y"][pick], scores[pick]
        if not len(y):
            continue
        cells = "".join(
            f"  >{cut}: {(p[y == 1] > cut).mean() if (y == 1).any() else 0:.3f}/{(p[y == 0] > cut).mean():.4f}"
            for cut in (0.3, 0.5, 0.7, 0.85)
        )
        print(f"{source:24}{len(y):>7}{cells}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text-dev", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds-out", type=Path, help="also write the models that haven't seen a fold: fold-N/")
    parser.add_argument("--pages", type=int, default=120, help="pages to compose, a language and fold")
    parser.add_argument("--keep-weight", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--languages", nargs="*")
    parser.add_argument("--test", type=Path, default=ROOT / "corpus", help="a folder of golden cases to report on, never fitted on")
    args = parser.parse_args()
    began = time.time()

    def say(what: str) -> None:
        print(f"[{time.time() - began:.0f} s] {what}", flush=True)

    all_pools = pools(args.languages)
    lines = wording_lines(all_pools, args.text_dev)
    rows = hashes(lines)
    say(f"{len(lines)} lines")
    folder = Path(tempfile.mkdtemp())
    line_folds = np.array([line.fold for line in lines])
    said = np.zeros(len(lines))
    for fold in range(FOLDS):
        mine = np.flatnonzero(line_folds != fold)
        path = folder / f"wording-{fold}.bin"
        path.write_bytes(train([lines[n] for n in mine], [rows[n] for n in mine], with_categories=args.folds_out is not None))
        use_wording(path)
        for n in np.flatnonzero(line_folds == fold):
            said[n] = wording.log_odds_of(rows[n])
    report(lines, said)
    full = train(lines, rows)
    (folder / "wording.bin").write_bytes(full)
    say("line models fitted")

    documents: list[Labelled] = []
    gold_texts = {fold: [] for fold in range(FOLDS)}
    if args.text_dev:
        documents += renderings(args.text_dev)
        for document in gold(args.text_dev):
            documents.append(document)
            if 5 < document.text.count("\n") < 80:
                gold_texts[document.fold].append(document.text)
    documents += examples()
    for pool in all_pools:
        english = pool.language == "en"
        extra = gold_texts[pool.fold][:60] if english else []
        composer = Composer(pool, extra, seed=1)
        if not composer.articles:
            continue
        documents += [composer.page() for _ in range(args.pages * (4 if english else 1))]
        documents += [labelled_page(page, pool.fold) for page in pool.pages]
        for text in pool.articles:
            labels = "".join("k" if row.strip() else "-" for row in text.split("\n"))
            documents.append(Labelled(text, labels, f"clean-{pool.language}", pool.fold, 2.0))
            tight = "\n".join(row for row in text.split("\n") if row.strip())
            documents.append(Labelled(tight, "k" * (tight.count("\n") + 1), f"clean-{pool.language}", pool.fold, 2.0))
    say(f"{len(documents)} documents")
    parts = []
    for fold in range(FOLDS):
        use_wording(folder / f"wording-{fold}.bin")
        parts.append(collect([d for d in documents if d.fold == fold], args.jobs))
    offset = 0
    for part in parts:
        part["id"] = part["id"] + offset
        offset += len(part["layouts"])
    data = {key: np.concatenate([part[key] for part in parts]) for key in parts[0] if key != "layouts"}
    data["layouts"] = [layout for part in parts for layout in part["layouts"]]
    say(f"{len(data['y'])} blocks")
    usable = (data["y"] >= 0) & ~data["gone"]

    def first_scores(model: Any, which: Any) -> Any:
        scores = np.ones(len(data["y"]))
        pick = which & ~data["gone"]
        scores[pick] = model.predict_proba(data["x"][pick])[:, 1]
        return scores

    # A first look that hasn't seen the fold, for the second look to learn from.
    held_first = np.ones(len(data["y"]))
    firsts = []
    for fold in range(FOLDS):
        model = fit(*(data[key][usable & (data["fold"] != fold)] for key in "xyw"), args.keep_weight, args.rounds)
        firsts.append(model)
        mine = data["fold"] == fold
        held_first[mine] = first_scores(model, mine)[mine]
    say("first looks fitted")
    everything = np.ones(len(data["y"]), dtype=bool)
    x2 = second_rows(data, held_first, everything)
    held = np.ones(len(data["y"]))
    for fold in range(FOLDS):
        pick = usable & (data["fold"] != fold)
        model = fit(x2[pick], data["y"][pick], data["w"][pick], args.keep_weight, args.rounds)
        mine = (data["fold"] == fold) & ~data["gone"]
        held[mine] = model.predict_proba(x2[mine])[:, 1]
        if args.folds_out:
            target = args.folds_out / f"fold-{fold}"
            target.mkdir(parents=True, exist_ok=True)
            write_looks(firsts[fold], model, target / "context.json")
            (target / "wording.bin").write_bytes((folder / f"wording-{fold}.bin").read_bytes())
    say("second looks fitted; first look, then both, on held-out folds: cruft found / article taken")
    show(data, held_first, everything)
    print()
    show(data, held, everything)
    first = fit(data["x"][usable], data["y"][usable], data["w"][usable], args.keep_weight, args.rounds)
    second = fit(x2[usable], data["y"][usable], data["w"][usable], args.keep_weight, args.rounds)
    if args.test:
        use_wording(folder / "wording.bin")
        test = collect(corpus(args.test), args.jobs)
        scores = np.ones(len(test["y"]))
        left = ~test["gone"]
        scores[left] = first.predict_proba(test["x"][left])[:, 1]
        x = second_rows(test, scores, np.ones(len(scores), dtype=bool))
        scores[left] = second.predict_proba(x[left])[:, 1]
        print()
        show(test, scores, np.ones(len(scores), dtype=bool))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "wording.bin").write_bytes(full)
        write_looks(first, second, args.out / "context.json")
        for name in ("wording.bin", "context.json"):
            print(f"{args.out / name}: {(args.out / name).stat().st_size} bytes")
    say("done")


if __name__ == "__main__":
    main()
