"""The WCXB data set (Foley 2026, arXiv 2605.21097, CC-BY-4.0) as labelled pages, and its metric.

``BENCH_WCXB`` names its folder: ``dev/html/ID.html.gz``, ``dev/ground-truth/ID.json``, ``metadata.json``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TYPES = ("article", "documentation", "service", "forum", "collection", "listing", "product")
_TOKEN = re.compile(r"\w+")


class Labelled(NamedTuple):
    """A page of the data set: ``gold`` is its main content, ``kind`` its page type, ``domain`` its site."""

    id: str
    kind: str
    domain: str
    url: str
    title: str
    gold: str
    html: bytes


def folder() -> Path:
    """Return the data set's folder."""
    found = os.environ.get("BENCH_WCXB", "")
    if not (Path(found) / "dev" / "ground-truth").is_dir():
        raise SystemExit("BENCH_WCXB: name the folder of the WCXB data set (with dev/html and dev/ground-truth)")
    return Path(found)


def pages(root: Path) -> list[Labelled]:
    """Return all pages, in a fixed order."""
    meta = json.loads((root / "metadata.json").read_text(encoding="utf-8"))["files"]
    out = []
    for path in sorted((root / "dev" / "ground-truth").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        truth = data.get("ground_truth")
        if not isinstance(truth, dict):
            continue
        kind = data.get("_internal", {}).get("page_type", {}).get("primary", "article")
        html = gzip.decompress((root / "dev" / "html" / f"{path.stem}.html.gz").read_bytes())
        domain = meta.get(path.stem, {}).get("domain") or path.stem
        out.append(
            Labelled(
                path.stem, "collection" if kind == "category" else kind, domain.removeprefix("www."), data.get("url", ""),
                truth.get("title") or "", truth.get("main_content") or "", html,
            )
        )  # fmt: skip
    return out


def fold_of(domain: str, folds: int) -> int:
    """Return the fold that all pages of a site are in."""
    return int(hashlib.sha1(domain.encode()).hexdigest(), 16) % folds


def tokens(text: str) -> list[str]:
    """Return the words that the metric counts."""
    return _TOKEN.findall(text.lower())


def word_f1(found: Sequence[str], gold: Sequence[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of two bags of words, as WCXB defines them."""
    if not gold:
        return (1.0, 1.0, 1.0) if not found else (0.0, 0.0, 0.0)
    if not found:
        return (0.0, 0.0, 0.0)
    same = sum((Counter(found) & Counter(gold)).values())
    precision, recall = same / len(found), same / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall) if same else 0.0


def labels(blocks: Sequence[Sequence[str]], gold: str) -> list[float]:
    """Return, per block, the share of its words that the gold text has as it stands.

    Longest blocks take their words out of the gold text first, so that of two copies one is left over. A block counts
    where it stands in the gold text as a run of words, or half of its word 4-grams do.
    """
    words = tokens(gold)
    run = " " + " ".join(words) + " "
    grams = {tuple(words[at : at + 4]) for at in range(len(words) - 3)}
    left = Counter(words)
    out = [0.0] * len(blocks)
    for number in sorted(range(len(blocks)), key=lambda n: -len(blocks[n])):
        block = blocks[number]
        if not block:
            continue
        bag = Counter(block)
        share = sum((bag & left).values()) / len(block)
        if share <= 0.5:
            continue
        if " " + " ".join(block) + " " not in run:
            own = [tuple(block[at : at + 4]) for at in range(len(block) - 3)]
            if len(block) < 6 or sum(gram in grams for gram in own) < 0.5 * len(own):
                continue
        out[number] = share
        left -= bag & left
    return out
