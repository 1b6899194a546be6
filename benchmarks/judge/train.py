"""Fit the models of the judge, the three of lines, the network of tails and that of blocks, and write the files that they ship as.

    python benchmarks/judge/train.py --teacher MODEL --text-dev DIR --wcxb WCXB --html-folds FOLDS --corpus --pages 16 --out src/cleaner/data
    python benchmarks/judge/train.py --teacher MODEL --text-dev DIR --folds-out FOLDER      # models that haven't seen a fold

DIR holds the labelled renderings of WCXB (``lab2.wcxb-dev.*.jsonl.gz``, ``docs.wcxb-dev.jsonl.gz``). The rest is the project's own
material. Everything is fitted in folds: the network only sees what models of lines say of lines that they haven't learned from (though the
models of the lines of the other folds have learned from the fold that a network is tried on, as in all stacking).
MODEL is the folder of the large model of English that the meanings of words are learned from, see teacher.py.
Needs numpy, scipy, scikit-learn, torch, tokenizers and safetensors.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

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
    main_content,
    pools,
    renderings,
    variants,
    wording_lines,
)
from meaning_model import TEACHES, Axes, axes_of, fit_meaning, use_meaning
from network_model import KINDS, Recipe, Sequence, fit, together
from phrasing_model import fit_phrasing, use_phrasing
from teacher import sentence_vectors, vocabulary
from wording_model import prepared, report, train, use

from cleaner import Cleaner, Config, context, meaning, network, phrasing, wording
from cleaner.judge import by_rules
from cleaner.match import Views
from cleaner.read_text import read_text

_CLEANER: Any = None


def rows_of(task: tuple[Labelled, int]) -> Sequence:
    """Return the features of the blocks of a document, labels (1: cruft, 0: article, -1: unknown, or known to a rule), and weights."""
    document, seed = task
    global _CLEANER  # noqa: PLW0603  # one a worker
    if _CLEANER is None:
        _CLEANER = Cleaner(Config())
    read = read_text(document.text)
    views = Views(read)
    lines, matches = _CLEANER._matcher.match(views)
    settings, used = _CLEANER._used
    rng = random.Random(seed)
    if document.source.startswith(("composed", "pages", "variants", "longer")):
        # The furniture of this material is better known to the rules than that of other pages.
        numbers = sorted(used)
        share = rng.choice((0.2, 0.5, 0.8, 1.0))
        used = frozenset(number for number in numbers if rng.random() > share)
    evidence, _ = by_rules(views, lines, [m for m in matches if m.rule in used], _CLEANER._matcher.rules, settings)
    starts = [0, *(at + 1 for at, char in enumerate(document.text) if char == "\n")]
    labels, kinds = [], []
    for number, block in enumerate(read.blocks):
        line = bisect_right(starts, block.start) - 1
        label = document.labels[line]
        kinds.append(KINDS.get(document.kinds[line], -1) if document.kinds else -1)
        labels.append({"k": 0, "m": 0, "d": 1}.get(label, -1) if evidence.gone[number] is None else -1)
    rows, _ = context.features(evidence)
    weight = document.weight / max(8.0, len(labels)) ** 0.5
    return Sequence(
        np.array(rows, dtype=np.float32).reshape(len(labels), len(context.FEATURES)),
        np.array(labels, dtype=np.int8),
        np.full(len(labels), weight, dtype=np.float32),
        np.array(kinds, dtype=np.int8),
    )


def collect(documents: list[Labelled], jobs: int) -> list[Sequence]:
    """Return what the network learns from, by document."""
    tasks = [(document, number) for number, document in enumerate(documents)]
    with get_context("fork").Pool(jobs) as pool:
        return pool.map(rows_of, tasks, chunksize=40)


class LineModels(NamedTuple):
    """The models of single lines, as the bytes of their files."""

    wording: bytes
    phrasing: bytes
    meaning: bytes

    def use(self, folder: Path) -> None:
        """Let the package use them."""
        use(self.wording, folder / "wording.bin")
        use_phrasing(self.phrasing, folder / "phrasing.bin")
        use_meaning(self.meaning, folder / "meaning.bin")

    def write(self, folder: Path) -> None:
        (folder / "wording.bin").write_bytes(self.wording)
        (folder / "phrasing.bin").write_bytes(self.phrasing)
        (folder / "meaning.bin").write_bytes(self.meaning)


def line_models(task: tuple[list[Any], Path, str, bool, Path, Axes]) -> LineModels:
    """Fit the three models of lines; the second knows the words that the first knows."""
    lines, folder, name, with_categories, teacher, axes = task
    by_words = train(lines, folder / f"{name}.bin", with_categories=with_categories)
    by_phrasing = fit_phrasing(lines, name=f"phrasing, {name}")
    by_meaning = fit_meaning(lines, teacher, axes, remembered=folder, name=f"meaning, {name}")
    return LineModels(by_words, by_phrasing, by_meaning)


def network_of(sequences: list[Sequence], name: str, seed: int, *, keep_weight: float, epochs: int) -> network.Network:
    return fit(sequences, keep_weight, name=name, seed=seed, recipe=Recipe(epochs=epochs))


def fitted(wanted: list[tuple[Callable[..., network.Network], list[Sequence], str, int]], jobs: int) -> list[bytes]:
    """Return, for every (how to fit, documents, name, number of seeds), networks of so many seeds, to be averaged."""
    tasks = [(how, rows, f"{name}, {seed}", seed) for how, rows, name, seeds in wanted for seed in range(seeds)]
    with get_context("fork").Pool(jobs) as pool:
        found = iter(pool.starmap(_fitted, tasks, chunksize=1))
    return [together([next(found) for _ in range(seeds)]) for *_, seeds in wanted]


def _fitted(how: Callable[..., network.Network], rows: list[Sequence], name: str, seed: int) -> network.Network:
    return how(rows, name, seed)


def show(documents: list[Labelled], sequences: list[Sequence], models: list[bytes]) -> None:
    """Print, by source, how much cruft networks that haven't seen a document find in it, and how much article they take."""
    known = [network.read(data) for data in models]
    found: dict[str, list[Any]] = {}
    for document, sequence in zip(documents, sequences, strict=True):
        if len(sequence.rows):
            scores = np.array(network.log_odds(sequence.rows.tolist(), known[document.fold]))
            pick = sequence.labels >= 0
            found.setdefault(document.source, []).append((sequence.labels[pick], scores[pick]))
    sources = {one: [one] for one in found}
    for kind in ("pages", "variants", "longer", "main"):
        sources[kind] = [source for source in found if source.startswith(kind)]
    for name, among in sorted(sources.items()):
        if not among:
            continue
        y = np.concatenate([one[0] for source in among for one in found[source]])
        p = 1 / (1 + np.exp(-np.concatenate([one[1] for source in among for one in found[source]])))
        if not len(y):
            continue
        cells = "".join(
            f"  >{cut}: {(p[y == 1] > cut).mean() if (y == 1).any() else 0:.3f}/{(p[y == 0] > cut).mean():.4f}"
            for cut in (0.3, 0.5, 0.7, 0.9)
        )
        if (y == 1).sum() > 50 and (y == 0).sum() > 50:  # noqa: PLR2004
            cuts = np.quantile(p[y == 0], [0.99, 0.98, 0.95])
            cells += "   at 1, 2, 5 %: " + " ".join(f"{(p[y == 1] > cut).mean():.3f}" for cut in cuts)
        print(f"{name:24}{len(y):>7}{cells}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", type=Path, required=True, help="folder of a model, see teacher.py")
    parser.add_argument("--text-dev", type=Path)
    parser.add_argument(
        "--wcxb", type=Path, help="WCXB's folder, to learn from the main content of all its page types as well"
    )
    parser.add_argument("--html-folds", type=Path, help="with --wcxb: what benchmarks/html/train.py --folds-out wrote")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds-out", type=Path, help="also write the models that haven't seen a fold: fold-N/")
    parser.add_argument("--pages", type=int, default=0, help="pages to compose, a language and fold")
    parser.add_argument(
        "--variants", type=int, default=1, help="shortened copies of every written page, see variants.py"
    )
    parser.add_argument(
        "--longer", type=int, default=1, help="copies of every written page with longer articles, see variants.py"
    )
    parser.add_argument("--keep-weight", type=float, default=2.0)
    parser.add_argument(
        "--clean-weight", type=float, default=8.0, help="of a clean article, a page that was composed counts 1"
    )
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--seeds", type=int, default=3, help="networks to fit, which are averaged")
    parser.add_argument("--fold-seeds", type=int, default=1, help="the same, of those that haven't seen a fold")
    parser.add_argument("--corpus", action="store_true", help="learn from the golden cases as well")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--languages", nargs="*")
    args = parser.parse_args()
    if args.wcxb and not args.html_folds:
        parser.error("--wcxb: needs --html-folds")
    began = time.time()

    def say(what: str) -> None:
        print(f"[{time.time() - began:.0f} s] {what}", flush=True)

    all_pools = pools(args.languages)
    lines = wording_lines(all_pools, args.text_dev)
    say(f"{len(lines)} lines")
    folder = Path(tempfile.mkdtemp())
    taught = dict.fromkeys(line.text for line in lines if line.language in TEACHES)
    axes = axes_of(sentence_vectors([*taught, *vocabulary(args.teacher)], args.teacher, folder)[: len(taught)])
    say("sentence vectors found")
    line_folds = np.array([line.fold for line in lines])
    said = np.zeros((3, len(lines)))
    line_tasks = [
        (
            [line for line in lines if line.fold != fold],
            folder,
            f"fold {fold}",
            args.folds_out is not None,
            args.teacher,
            axes,
        )
        for fold in range(FOLDS)
    ]
    with get_context("fork").Pool(args.jobs) as pool:
        *by_fold, full = pool.map(
            line_models, [*line_tasks, (lines, folder, "all", True, args.teacher, axes)], chunksize=1
        )
    for fold in range(FOLDS):
        by_fold[fold].use(folder)
        numbers = np.flatnonzero(line_folds == fold)
        texts = [prepared(lines[n].text) for n in numbers]
        said[0, numbers] = [wording.log_odds(text) for text in texts]
        said[1, numbers] = phrasing.says(texts)[:, 0]
        said[2, numbers] = meaning.says(texts)[:, 0]
    for name, model in (("words", said[0]), ("phrasing", said[1]), ("meaning", said[2]), ("all", said.mean(axis=0))):
        print(name)
        report(lines, model)
    full.use(folder)
    say("line models fitted")

    with_tails = tails_model.wholes(all_pools, list(gold(args.text_dev)) if args.text_dev else [])
    with_tails.sort(key=lambda document: document.fold)
    tail_rows: list[list[Sequence]] = []
    for fold in range(FOLDS):
        by_fold[fold].use(folder)
        tail_rows.append(tails_model.rows_of([document for document in with_tails if document.fold == fold]))
    everything = [one for rows in tail_rows for one in rows]
    fits: list[tuple[str, list[Sequence], int]] = [("tails", everything, args.seeds)] if args.out else []
    for fold in range(FOLDS):
        others = [one for number, rows in enumerate(tail_rows) if number != fold for one in rows]
        fits.append((f"tails, fold {fold}", others, args.fold_seeds))
    tail_models = fitted([(tails_model.fit_tails, rows, name, seeds) for name, rows, seeds in fits], args.jobs)
    shipped_tails = tail_models.pop(0) if args.out else b""
    for fold in range(FOLDS):
        here = [document for document in with_tails if document.fold == fold]
        tails_model.report(network.read(tail_models[fold]), here, tail_rows[fold])
    say("tails fitted")

    documents: list[Labelled] = []
    gold_texts = {fold: [] for fold in range(FOLDS)}
    if args.text_dev:
        # Two in five of the long ones, or they would outweigh all else.
        documents += [
            document
            for document in renderings(args.text_dev)
            if document.source not in ("bs4", "inscriptis")
            or crc32(document.text[:300].encode("utf-8", "replace")) % 5 < 2
        ]
        for document in gold(args.text_dev):
            documents.append(document)
            if 5 < document.text.count("\n") < 80:
                gold_texts[document.fold].append(document.text)
    if args.wcxb:
        documents += main_content(args.wcxb, args.html_folds)
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
        documents += [
            one for page in pool.pages for one in variants(page, pool.pages, pool.fold, args.variants, args.longer)
        ]
        for text in pool.articles:
            labels = "".join("k" if row.strip() else "-" for row in text.split("\n"))
            documents.append(Labelled(text, labels, f"clean-{pool.language}", pool.fold, args.clean_weight))
            tight = "\n".join(row for row in text.split("\n") if row.strip())
            documents.append(
                Labelled(tight, "k" * (tight.count("\n") + 1), f"clean-{pool.language}", pool.fold, args.clean_weight)
            )
    say(f"{len(documents)} documents")
    documents.sort(key=lambda document: document.fold)
    sequences: list[Sequence] = []
    for fold in range(FOLDS):
        by_fold[fold].use(folder)
        sequences += collect([document for document in documents if document.fold == fold], args.jobs)
    say(f"{sum(len(sequence.rows) for sequence in sequences)} blocks")
    learned = [
        (document, sequence) for document, sequence in zip(documents, sequences, strict=True) if len(sequence.rows)
    ]
    fit_blocks = partial(network_of, keep_weight=args.keep_weight, epochs=args.epochs)
    wanted = [(fit_blocks, [sequence for _, sequence in learned], "all", args.seeds)] if args.out else []
    for fold in range(FOLDS) if args.folds_out else ():
        rest = [sequence for document, sequence in learned if document.fold != fold]
        wanted.append((fit_blocks, rest, f"fold {fold}", args.fold_seeds))
    networks = fitted(wanted, args.jobs)
    shipped = networks.pop(0) if args.out else b""
    for fold in range(FOLDS) if args.folds_out else ():
        target = args.folds_out / f"fold-{fold}"
        target.mkdir(parents=True, exist_ok=True)
        (target / "surroundings.bin").write_bytes(networks[fold])
        by_fold[fold].write(target)
        (target / "tails.bin").write_bytes(tail_models[fold])
    if args.folds_out:
        say("networks fitted; on held-out folds: cruft found / article taken")
        show(documents, sequences, networks)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        full.write(args.out)
        (args.out / "surroundings.bin").write_bytes(shipped)
        (args.out / "tails.bin").write_bytes(shipped_tails)
        for path in sorted(args.out.glob("*.bin")):
            print(f"{path}: {path.stat().st_size} bytes")
    say("done")


if __name__ == "__main__":
    main()
