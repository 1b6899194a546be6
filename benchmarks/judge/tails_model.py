"""Fit the regression that knows tails: paragraphs with and without one, seen through a line model that hasn't learned from them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from documents import MATERIAL, Labelled, Pool, fold_of
from material.read import MARKED
from sklearn.linear_model import LogisticRegression

from cleaner import tails
from cleaner.evidence import count_words, ends_sentence
from cleaner.fold import fold

GOLD = 0.35
"""So much of the gold text is looked at, or it would outweigh all else."""


class Paragraph(NamedTuple):
    text: str
    tail: bool
    source: str
    fold: int
    weight: float


def paragraphs(pools: list[Pool], gold: list[Labelled]) -> list[Paragraph]:
    """Return paragraphs of the written pages and articles, and of gold text, and those with a tail put to them."""
    dice = random.Random(1)
    out = []
    for language in sorted({pool.language for pool in pools}):
        for path in sorted((MATERIAL / language).glob("pages*.txt")):
            for row in path.read_text(encoding="utf-8").splitlines():
                marks = list(MARKED.finditer(row))
                if not marks and not re.match(r"[a-z-]+\| |===", row):
                    out.append(Paragraph(row, tail=False, source="pages", fold=fold_of(row), weight=1.0))
                elif marks and MARKED.sub("", row).strip() and not row[marks[-1].end() :].strip():
                    out.append(
                        Paragraph(
                            MARKED.sub(lambda m: m[2], row), tail=True, source="pages", fold=fold_of(row), weight=3.0
                        )
                    )
    for pool in pools:
        mine = [part for text in pool.articles for part in text.split("\n")[2:] if count_words(part) >= tails.WORDS]
        out += [Paragraph(part, tail=False, source="articles", fold=pool.fold, weight=1.0) for part in mine]
        whole = [part for part in mine if ends_sentence(part)]
        if whole:
            out += [
                Paragraph(f"{dice.choice(whole)} {tail}", tail=True, source="tails", fold=pool.fold, weight=0.5)
                for tail in pool.tails
            ]
    for document in gold:
        if dice.random() < GOLD:
            out += [
                Paragraph(part, tail=False, source="gold", fold=document.fold, weight=0.3)
                for part in document.text.split("\n")
            ]
    return [part for part in out if count_words(part.text) >= tails.WORDS]


class Rows(NamedTuple):
    x: Any
    y: Any
    w: Any
    parts: list[Paragraph]


def rows_of(parts: list[Paragraph]) -> Rows:
    """Return features under the line model in use."""
    x, used = [], []
    for part in parts:
        text = fold(part.text)
        at = tails.last_segment(text)
        if at is not None and text[:at].strip():
            x.append(tails.features(text, at))
            used.append(part)
    return Rows(
        np.array(x), np.array([float(part.tail) for part in used]), np.array([part.weight for part in used]), used
    )


def fit(rows: list[Rows]) -> Any:
    x, y, w = (np.concatenate([part[at] for part in rows]) for at in range(3))
    return LogisticRegression(C=1.0, max_iter=3000).fit(x, y, sample_weight=w)


def write(model: Any, path: Path) -> None:
    data = {
        "bias": round(float(model.intercept_[0]), 4),
        "weights": [round(float(value), 4) for value in model.coef_[0]],
    }
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")


def report(model: Any, rows: Rows) -> None:
    """Print, by source, how many tails are found and how many paragraphs would lose their last sentence."""
    scores = model.predict_proba(rows.x)[:, 1]
    for source in ("pages", "tails", "articles", "gold"):
        cells = []
        for cut in (0.5, tails.LIKELY, 0.9, tails.SURE):
            of = [
                [s > cut for s, part in zip(scores, rows.parts) if part.source == source and part.tail == flag]
                for flag in (True, False)
            ]
            cells.append(f"{cut}: {sum(of[0])}/{len(of[0])} {sum(of[1])}/{len(of[1])}")
        print(f"tails {source:10}" + "   ".join(cells))
