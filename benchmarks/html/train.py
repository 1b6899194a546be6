"""Fit the trees and word tables of ``cleaner.main_content`` on WCXB, and write the file that they ship as.

    BENCH_WCXB=DIR python benchmarks/html/train.py --out src/cleaner/data/main_content.json
    BENCH_WCXB=DIR python benchmarks/html/train.py --folds-out FOLDER    # models that haven't seen a fold's sites

Needs numpy and lightgbm; running needs neither.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm as lgb
import numpy as np
from html_pages import FOLDS, Sample, read_samples

from cleaner.main_content import FIRST, GONE, LARGE, SECOND, Tables, first_look, inline_words, line_words, second_look

ROUNDS = (80, 100)
LEAVES = 16
MIN_SITES = 4
SHRINK = 3.0


class Counts(NamedTuple):
    """Per kind of table and word, the sites of a fold on which it stands on content, and on the rest."""

    kept: tuple[dict[str, float], ...]
    gone: tuple[dict[str, float], ...]


def count(samples: list[Sample]) -> Counts:
    """Count words per site: each site says once how much of a word is content."""
    sites: dict[str, tuple[list[dict[str, list[float]]]]] = {}
    for sample in samples:
        tables = sites.setdefault(sample.domain, tuple(defaultdict(lambda: [0.0, 0.0]) for _ in range(5)))  # type: ignore[arg-type,misc]
        _count_page(sample, tables)
    kept: tuple[dict[str, float], ...] = tuple(defaultdict(float) for _ in range(5))
    gone: tuple[dict[str, float], ...] = tuple(defaultdict(float) for _ in range(5))
    for tables in sites.values():
        for number, table in enumerate(tables):
            for word, (good, bad) in table.items():
                kept[number][word] += good / (good + bad)
                gone[number][word] += bad / (good + bad)
    return Counts(kept, gone)


def _count_page(sample: Sample, tables: Any) -> None:
    page, y = sample.page, sample.y
    text, blocks = page.document
    elements, holders = page.elements, page.holders
    size = len(elements)
    good, bad, n_words = [0.0] * size, [0.0] * size, [0] * size
    head: list[str] = []
    for number, block in enumerate(blocks):
        line = text[block.start : block.end]
        n = len(sample.tokens[number]) + 1
        good[holders[number]] += n * y[number]
        bad[holders[number]] += n * (1 - y[number])
        n_words[holders[number]] += n
        share = y[number]
        for word in head:
            tables[2][word][0] += n * share
            tables[2][word][1] += n * (1 - share)
        for word in set(line_words(line)):
            tables[3][word][0] += share
            tables[3][word][1] += 1 - share
        if page.names[number]:
            for word in inline_words(page.names[number]):
                tables[4][word][0] += share
                tables[4][word][1] += 1 - share
        if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            head = line_words(line)
    for at in range(size - 1, 0, -1):
        parent = elements[at].parent
        good[parent] += good[at]
        bad[parent] += bad[at]
        n_words[parent] += n_words[at]
    total = n_words[0] or 1
    for at in range(1, size):
        table = tables[1] if n_words[at] >= LARGE * total else tables[0]
        for name in set(elements[at].names):
            table[name][0] += good[at]
            table[name][1] += bad[at]


def tables_of(counts: list[Counts]) -> Tables:
    """Return log-odds of the words that enough sites have, shrunk towards none."""
    out = []
    for number in range(5):
        kept: dict[str, float] = defaultdict(float)
        gone: dict[str, float] = defaultdict(float)
        for part in counts:
            for word, value in part.kept[number].items():
                kept[word] += value
            for word, value in part.gone[number].items():
                gone[word] += value
        all_kept, all_gone = sum(kept.values()), sum(gone.values())
        rate = math.log(all_kept / all_gone)
        found = {}
        for word in sorted(kept.keys() | gone.keys()):
            good, bad = kept[word], gone[word]
            if good + bad < MIN_SITES * (2 if number == 3 else 1) - 0.001 or len(word) < 2:
                continue
            base = all_kept / (all_kept + all_gone)
            odds = math.log((good + SHRINK * base) / (bad + SHRINK * (1 - base))) - rate
            if abs(odds) > (0.5 if number == 3 else 0.3):
                found[word] = round(odds, 1)
        out.append(found)
    return Tables(*out)


class Look(NamedTuple):
    """What a look sees on a page: a row for each of the blocks that it looks at, and their numbers."""

    rows: np.ndarray
    live: np.ndarray


def table(rows: list[Any], width: int) -> Look:
    """Return rows as an array, without the blocks that have none."""
    live = [number for number, row in enumerate(rows) if row is not None]
    found = np.array([rows[number] for number in live], dtype=np.float32).reshape(len(live), width)
    return Look(found, np.array(live, dtype=np.int64))


def looks(samples: list[Sample], tables: list[Tables]) -> tuple[list[Any], list[Look]]:
    """Return what the first look sees on each page, under the tables that belong to its fold."""
    layouts, found = [], []
    for sample in samples:
        rows, layout = first_look(sample.page, tables[sample.fold])
        layouts.append(layout)
        found.append(table(rows, len(FIRST)))
    return layouts, found


def predict(look: lgb.Booster, seen: Look, blocks: int, before: np.ndarray | None = None) -> np.ndarray:
    """Return a score for every block of a page."""
    out = np.full(blocks, GONE) if before is None else before.copy()
    if len(seen.live):
        out[seen.live] = look.predict(seen.rows)
    return out


def fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray, rounds: int, seed: int = 0) -> lgb.Booster:
    """Fit trees to soft labels."""
    data = lgb.Dataset(x, label=y, weight=weights, free_raw_data=True)
    return lgb.train(
        {"objective": "cross_entropy", "learning_rate": 0.1, "num_leaves": LEAVES, "min_data_in_leaf": 200,
         "lambda_l2": 20.0, "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63,
         "verbose": -1, "num_threads": 2, "seed": seed, "deterministic": True, "force_row_wise": True},
        data, rounds,
    )  # fmt: skip


class Fitted(NamedTuple):
    """Both looks' trees and the tables that they ship with."""

    tables: Tables
    first: lgb.Booster
    second: lgb.Booster


def fit_both(samples: list[Sample], counts: list[Counts], without: int = -1) -> Fitted:
    """Fit on all folds but one. Tables and first scores that a page is learned from never saw its fold."""
    folds = [fold for fold in range(FOLDS) if fold != without]
    chosen = [sample for sample in samples if sample.fold != without]
    tables = [tables_of([counts[other] for other in folds if other != fold]) for fold in range(FOLDS)]
    layouts, seen = looks(chosen, tables)
    y = [np.array(sample.y) for sample in chosen]
    weights = [np.array(sample.weights) for sample in chosen]

    def fit_on(numbers: list[int], source: list[Look], rounds: int) -> lgb.Booster:
        return fit(
            np.concatenate([source[n].rows for n in numbers]),
            np.concatenate([y[n][source[n].live] for n in numbers]),
            np.concatenate([weights[n][source[n].live] for n in numbers]),
            rounds,
        )

    every = list(range(len(chosen)))
    scores: list[np.ndarray] = [np.zeros(0)] * len(chosen)
    for part in (folds[: len(folds) // 2], folds[len(folds) // 2 :]):
        look = fit_on([n for n in every if chosen[n].fold not in part], seen, ROUNDS[0])
        for n in every:
            if chosen[n].fold in part:
                scores[n] = predict(look, seen[n], len(y[n]))
    first = fit_on(every, seen, ROUNDS[0])
    again = [second_rows(chosen[n], layouts[n], seen[n], scores[n]) for n in every]
    return Fitted(tables_of([counts[fold] for fold in folds]), first, fit_on(every, again, ROUNDS[1]))


def second_rows(sample: Sample, layout: Any, seen: Look, scores: np.ndarray) -> Look:
    """Return what the second look sees: its own features behind those of the first."""
    more = table(second_look(sample.page, layout, [float(score) for score in scores]), len(SECOND))
    here, of_more, of_seen = np.intersect1d(more.live, seen.live, return_indices=True)
    return Look(np.concatenate([seen.rows[of_seen], more.rows[of_more]], axis=1), here)


def written(fitted: Fitted) -> str:
    """Return the data file's text."""
    data = {
        "tables": [dict(table) for table in fitted.tables],
        "first": trees(fitted.first),
        "second": trees(fitted.second),
    }
    return json.dumps(data, separators=(",", ":"), ensure_ascii=True) + "\n"


def trees(look: lgb.Booster) -> list[Any]:
    """Return trees as nested ``[feature, threshold, left, right]``, leaves as numbers."""

    def nested(node: dict[str, Any]) -> Any:
        if "leaf_value" in node:
            return round(node["leaf_value"], 4)
        left, right = nested(node["left_child"]), nested(node["right_child"])
        return [node["split_feature"], float(f"{node['threshold']:.6g}"), left, right]

    return [nested(tree["tree_structure"]) for tree in look.dump_model()["tree_info"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="fit on all pages and write the shipped file")
    parser.add_argument("--folds-out", type=Path, help="write a model a fold, fitted on the pages of all other folds")
    options = parser.parse_args()
    samples = read_samples()
    print(f"{len(samples)} pages, {sum(len(sample.y) for sample in samples)} blocks", flush=True)
    counts = [count([sample for sample in samples if sample.fold == fold]) for fold in range(FOLDS)]
    if options.folds_out:
        options.folds_out.mkdir(parents=True, exist_ok=True)
        for fold in range(FOLDS):
            text = written(fit_both(samples, counts, fold))
            (options.folds_out / f"{fold}.json").write_text(text, encoding="ascii")
            print(f"fold {fold}: {len(text)} bytes", flush=True)
    if options.out:
        options.out.write_text(written(fit_both(samples, counts)), encoding="ascii")


if __name__ == "__main__":
    main()
