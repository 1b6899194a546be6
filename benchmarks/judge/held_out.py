"""Score the cleaner on dirty renderings of WCXB, every document with the models that haven't seen its site.

    python benchmarks/judge/train.py --text-dev DIR --corpus --folds-out FOLDS
    python benchmarks/judge/held_out.py --text-dev DIR --folds FOLDS [--limit N]

Prints, by renderer, averages per document: *damage*, the share of the article's words that went; *residue*, the share of cruft's words that
stayed; word *F1*; *exact*, the share of documents with neither. For the gold text as input: documents that lose a word, and words lost
per 10,000. Rules are the same for all folds.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import re
import statistics
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from documents import FOLDS, RENDERERS, fold_of, hosts

from cleaner import Cleaner, meaning, network, phrasing, tails, wording

WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


def use(folder: Path) -> None:
    """Let the package use the models of a fold."""
    wording.MODEL = folder / "wording.bin"
    wording.model.cache_clear()
    wording._IDS.clear()
    wording._SAID.clear()
    phrasing.MODEL = folder / "phrasing.bin"
    phrasing.shipped.cache_clear()
    meaning.MODEL = folder / "meaning.bin"
    meaning.shipped.cache_clear()
    tails.MODEL = folder / "tails.bin"
    tails.shipped.cache_clear()
    network.MODEL = folder / "surroundings.bin"
    network.shipped.cache_clear()


def kept(lines: list[str], out: str) -> list[int]:
    """Return, per line, how many of its words are in the output: all, or those of the part that is left."""
    after = out.split("\n")
    counts = [0] * len(lines)
    matcher = difflib.SequenceMatcher(
        None, [line.strip() for line in lines], [line.strip() for line in after], autojunk=False
    )
    for op, a0, a1, b0, b1 in matcher.get_opcodes():
        if op == "equal":
            for n in range(a0, a1):
                counts[n] = len(WORD.findall(lines[n]))
        elif op == "replace":
            left = list(range(b0, b1))
            for n in range(a0, a1):
                for m in left:
                    if after[m].strip() and (
                        after[m].strip() in lines[n] or lines[n].strip().startswith(after[m].strip()[:30])
                    ):
                        counts[n] = len(WORD.findall(after[m]))
                        left.remove(m)
                        break
    return counts


def one(row: dict[str, Any]) -> tuple[float, ...]:
    lines = row["lines"]
    out = _CLEANER.clean("\n".join(lines))
    article = article_kept = cruft = cruft_kept = 0
    for line, label, count in zip(lines, row["lab"], kept(lines, out), strict=True):
        words = len(WORD.findall(line))
        if label in "km":
            article += words
            article_kept += min(words, count)
        elif label == "d":
            cruft += words
            cruft_kept += min(words, count)
    return article, article_kept, cruft, cruft_kept


_CLEANER = Cleaner()


def report(name: str, found: list[tuple[float, ...]]) -> None:
    damage = [1 - row[1] / row[0] for row in found if row[0]]
    residue = [row[3] / row[2] for row in found if row[2]]
    f1 = []
    for article, article_kept, _, cruft_kept in found:
        precision, recall = article_kept / max(1, article_kept + cruft_kept), article_kept / max(1, article)
        f1.append(2 * precision * recall / max(1e-9, precision + recall))
    exact = [row[0] == row[1] and row[3] == 0 for row in found]
    print(f"{name:12}{len(found):>5} documents  damage {statistics.mean(damage):.3f}  residue {statistics.mean(residue) if residue else 0:.3f}"
          f"  F1 {statistics.mean(f1):.3f}  exact {statistics.mean(exact):.3f}", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text-dev", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="documents a renderer and fold")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    known = hosts(args.text_dev)
    results: dict[str, list[tuple[float, ...]]] = {}
    for fold in range(FOLDS):
        use(args.folds / f"fold-{fold}")
        for name in (*RENDERERS, "gold"):
            rows = []
            path = "docs.wcxb-dev" if name == "gold" else f"lab2.wcxb-dev.{name}"
            for line in gzip.open(args.text_dev / f"{path}.jsonl.gz", "rt", encoding="utf-8"):
                row = json.loads(line)
                if fold_of(known[row["id"]]) != fold:
                    continue
                if name == "gold":
                    lines = row["gold"].split("\n")
                    row = {"lines": lines, "lab": "k" * len(lines)}
                elif row["cov"] < 0.5 or sum(map(len, row["tok"])) > 30000:
                    continue
                rows.append(row)
            if args.limit:
                rows = rows[: args.limit]
            with get_context("fork").Pool(args.jobs) as pool:
                results.setdefault(name, []).extend(pool.map(one, rows, chunksize=4))
    for name, found in results.items():
        if name != "gold":
            report(name, found)
    gold = results["gold"]
    lost = sum(row[0] - row[1] for row in gold)
    print(f"gold text as input: {sum(row[0] != row[1] for row in gold) / len(gold):.3f} of {len(gold)} documents lose a word,"
          f" {1e4 * lost / sum(row[0] for row in gold):.1f} words lost per 10,000")  # fmt: skip


if __name__ == "__main__":
    main()
