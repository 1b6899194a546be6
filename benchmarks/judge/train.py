"""Fit the models of the judge, the line model and the trees of both looks, and write the files that they ship as.

    python benchmarks/judge/train.py --text-dev DIR --out src/cleaner/data
    python benchmarks/judge/train.py --text-dev DIR --folds-out FOLDER      # models that haven't seen a fold

DIR holds the labelled renderings of WCXB (``lab2.wcxb-dev.*.jsonl.gz``, ``docs.wcxb-dev.jsonl.gz``). The rest is the project's own
material. Everything is fitted in folds: the trees only see what a line model says of lines that it hasn't learned from, the second
look only what a first look says of documents that it hasn't learned from. Needs numpy, scipy, scikit-learn and lightgbm.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from bisect import bisect_right
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zlib import crc32

import lightgbm as lgb
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import tails_model
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
from wording_model import prepared, report, train, use

from cleaner import Cleaner, Config, context, wording
from cleaner.judge import by_rules
from cleaner.match import Views
from cleaner.read_text import read_text

_CLEANER: Any = None


def rows_of(task: tuple[Labelled, int]) -> tuple[Any, Any, Any, Any]:
    """Return features, labels (1: cruft, 0: article, -1: unknown), the score of what isn't weighed, and the layout of the blocks."""
    document, seed = task
    global _CLEANER  # noqa: PLW0603  # one a worker
    if _CLEANER is None:
        _CLEANER = Cleaner(Config())
    read = read_text(document.text)
    views = Views(read)
    lines, matches = _CLEANER._matcher.match(views)
    settings, used = _CLEANER._used
    rng = random.Random(seed)
    if document.source.startswith(("composed", "pages")):
        numbers = sorted(used)
        share = rng.choice((0.2, 0.5, 0.8, 1.0))
        used = frozenset(number for number in numbers if rng.random() > share)
    evidence, _ = by_rules(views, lines, [m for m in matches if m.rule in used], _CLEANER._matcher.rules, settings)
    starts = [0, *(at + 1 for at, char in enumerate(document.text) if char == "\n")]
    labels = []
    for block in read.blocks:
        label = document.labels[bisect_right(starts, block.start) - 1]
        labels.append({"k": 0, "m": 0, "d": 1}.get(label, -1))
    if not read.blocks:
        return np.zeros((0, len(context.FIRST)), np.float32), np.zeros(0, np.int8), np.zeros(0), None
    table, layout = context.first_look(evidence)
    fixed = np.array([np.nan if score is None else score for score in layout.fixed])
    width = len(context.FIRST)
    return (
        np.array([row or [0.0] * width for row in table], dtype=np.float32),
        np.array(labels, dtype=np.int8),
        fixed,
        layout,
    )


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
        "gone": ~np.isnan(np.concatenate([row[2] for row in found])),
        "fixed": np.nan_to_num(np.concatenate([row[2] for row in found])),
        "id": ids,
        "w": weights[ids],
        "layouts": [row[3] for row in found],
        "fold": np.array([d.fold for d in documents])[ids],
        "source": np.array([d.source for d in documents])[ids],
    }


class Boosted:
    """Gradient-boosted trees (lightgbm); an article's block counts ``keep_weight`` times a block of cruft."""

    def __init__(self, x: Any, y: Any, w: Any, keep_weight: float, rounds: int) -> None:
        data = lgb.Dataset(x, label=y, weight=w * np.where(y == 1, 1.0, keep_weight), free_raw_data=True)
        settings = {
            "objective": "binary", "learning_rate": 0.12, "num_leaves": 24, "min_data_in_leaf": 60, "lambda_l2": 5.0,
            "feature_fraction": 0.6, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 127, "num_threads": 2,
            "deterministic": True, "force_row_wise": True, "seed": 0, "verbose": -1,
        }  # fmt: skip
        self.model = lgb.train(settings, data, num_boost_round=rounds)

    def __call__(self, x: Any) -> Any:
        return self.model.predict(x)

    def trees(self) -> list[dict[str, Any]]:
        return [tree["tree_structure"] for tree in self.model.dump_model()["tree_info"]]


def second_rows(data: dict[str, Any], scores: Any, which: Any) -> Any:
    """Return the features of the second look for the documents of which some blocks are in ``which``."""
    ids = data["id"]
    bounds = np.flatnonzero(np.diff(ids, prepend=-1))
    ends = [*bounds[1:], len(ids)]
    out = np.zeros((len(ids), len(context.FIRST) + len(context.SECOND)), dtype=np.float32)
    for start, end in zip(bounds, ends):
        if which[start]:
            rows = context.second_look(
                data["x"][start:end].tolist(), scores[start:end].tolist(), data["layouts"][ids[start]]
            )
            for at, row in enumerate(rows, start):
                if row:
                    out[at] = row
    return out


def function_of(name: str, model: Boosted, names: tuple[str, ...]) -> list[str]:
    """Return the source of a function that evaluates the trees by comparisons."""
    lines = [f"def {name}(row: Sequence[float]) -> float:", f"    {', '.join(names)} = row", "    t = 0.0"]

    def write(node: dict[str, Any], depth: int) -> None:
        pad = "    " + " " * depth
        if "leaf_value" in node:
            lines.append(f"{pad}t += {round(float(node['leaf_value']), 4)}")
            return
        assert node["decision_type"] == "<="
        lines.append(f"{pad}if {names[int(node['split_feature'])]} <= {float(node['threshold']):.4g}:")
        write(node["left_child"], depth + 1)
        lines.append(f"{pad}else:")
        write(node["right_child"], depth + 1)

    for tree in model.trees():
        write(tree, 0)
    return [*lines, "    return t", ""]


def write_looks(first: Any, second: Any, path: Path) -> None:
    """Write the trees as the module that :func:`cleaner.context.looks` loads."""
    lines = [
        '"""Generated by ``benchmarks/judge/train.py``; don\'t edit."""',
        "",
        "from collections.abc import Sequence",
        "",
        "",
    ]
    lines += [*function_of("first", first, context.FIRST), ""]
    lines += function_of("second", second, (*context.FIRST, *context.SECOND))
    path.write_text("\n".join(lines), encoding="utf-8")


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
    parser.add_argument("--pages", type=int, default=0, help="pages to compose, a language and fold")
    parser.add_argument("--keep-weight", type=float, default=2.0)
    parser.add_argument(
        "--clean-weight", type=float, default=8.0, help="of a clean article, a page that was composed counts 1"
    )
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--corpus", action="store_true", help="learn from the golden cases as well")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--languages", nargs="*")
    parser.add_argument("--test", type=Path, help="a folder of other cases to report on, never fitted on")
    args = parser.parse_args()
    began = time.time()

    def say(what: str) -> None:
        print(f"[{time.time() - began:.0f} s] {what}", flush=True)

    all_pools = pools(args.languages)
    lines = wording_lines(all_pools, args.text_dev)
    say(f"{len(lines)} lines")
    folder = Path(tempfile.mkdtemp())
    line_folds = np.array([line.fold for line in lines])
    said = np.zeros(len(lines))
    line_models = []
    for fold in range(FOLDS):
        mine = [line for line in lines if line.fold != fold]
        line_models.append(train(mine, folder / f"wording-{fold}.bin", with_categories=args.folds_out is not None))
        for n in np.flatnonzero(line_folds == fold):
            said[n] = wording.log_odds(prepared(lines[n].text))
    report(lines, said)
    full = train(lines, folder / "wording.bin")
    say("line models fitted")

    parts_of_text = tails_model.paragraphs(all_pools, list(gold(args.text_dev)) if args.text_dev else [])
    tail_rows = []
    for fold in range(FOLDS):
        use(line_models[fold], folder / f"wording-{fold}.bin")
        tail_rows.append(tails_model.rows_of([part for part in parts_of_text if part.fold == fold]))
    tail_models = []
    for fold in range(FOLDS):
        tail_models.append(tails_model.fit([rows for n, rows in enumerate(tail_rows) if n != fold]))
        tails_model.report(tail_models[fold], tail_rows[fold])
    say("tails fitted")

    documents: list[Labelled] = []
    gold_texts = {fold: [] for fold in range(FOLDS)}
    if args.text_dev:
        # Three in five of the long ones, or they would outweigh all else.
        documents += [
            document
            for document in renderings(args.text_dev)
            if document.source not in ("bs4", "inscriptis")
            or crc32(document.text[:300].encode("utf-8", "replace")) % 5 < 3
        ]
        for document in gold(args.text_dev):
            documents.append(document)
            if 5 < document.text.count("\n") < 80:
                gold_texts[document.fold].append(document.text)
    documents += examples(0.3)
    documents += corpus(ROOT / "corpus") if args.corpus else []
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
            documents.append(Labelled(text, labels, f"clean-{pool.language}", pool.fold, args.clean_weight))
            tight = "\n".join(row for row in text.split("\n") if row.strip())
            documents.append(
                Labelled(tight, "k" * (tight.count("\n") + 1), f"clean-{pool.language}", pool.fold, args.clean_weight)
            )
    say(f"{len(documents)} documents")
    parts = []
    for fold in range(FOLDS):
        use(line_models[fold], folder / f"wording-{fold}.bin")
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
        scores = data["fixed"].copy()
        pick = which & ~data["gone"]
        scores[pick] = model(data["x"][pick])
        return scores

    # A first look that hasn't seen the fold, for the second look to learn from.
    held_first = data["fixed"].copy()
    firsts = []
    for fold in range(FOLDS):
        model = Boosted(*(data[key][usable & (data["fold"] != fold)] for key in "xyw"), args.keep_weight, args.rounds)
        firsts.append(model)
        mine = data["fold"] == fold
        held_first[mine] = first_scores(model, mine)[mine]
    say("first looks fitted")
    everything = np.ones(len(data["y"]), dtype=bool)
    x2 = second_rows(data, held_first, everything)
    held = data["fixed"].copy()
    for fold in range(FOLDS):
        pick = usable & (data["fold"] != fold)
        model = Boosted(x2[pick], data["y"][pick], data["w"][pick], args.keep_weight, args.rounds)
        mine = (data["fold"] == fold) & ~data["gone"]
        held[mine] = model(x2[mine])
        if args.folds_out:
            target = args.folds_out / f"fold-{fold}"
            target.mkdir(parents=True, exist_ok=True)
            write_looks(firsts[fold], model, target / "_looks.py")
            (target / "wording.bin").write_bytes(line_models[fold])
            tails_model.write(tail_models[fold], target / "tails.json")
    say("second looks fitted; first look, then both, on held-out folds: cruft found / article taken")
    show(data, held_first, everything)
    print()
    show(data, held, everything)
    first = Boosted(data["x"][usable], data["y"][usable], data["w"][usable], args.keep_weight, args.rounds)
    second = Boosted(x2[usable], data["y"][usable], data["w"][usable], args.keep_weight, args.rounds)
    if args.test:
        use(full, folder / "wording.bin")
        test = collect(corpus(args.test), args.jobs)
        scores = test["fixed"].copy()
        left = ~test["gone"]
        scores[left] = first(test["x"][left])
        x = second_rows(test, scores, np.ones(len(scores), dtype=bool))
        scores[left] = second(x[left])
        print()
        show(test, scores, np.ones(len(scores), dtype=bool))
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "wording.bin").write_bytes(full)
        tails_model.write(tails_model.fit(tail_rows), args.out / "tails.json")
        write_looks(first, second, args.out.parent / "_looks.py")
        for path in (args.out / "wording.bin", args.out.parent / "_looks.py"):
            print(f"{path}: {path.stat().st_size} bytes")
    say("done")


if __name__ == "__main__":
    main()
