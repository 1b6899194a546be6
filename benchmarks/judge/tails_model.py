"""Fit the network that knows tails: whole documents with and without them, seen through models of lines that haven't learned from them."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from documents import Labelled, Pool
from material.read import Page
from network_model import Recipe, Sequence, Shape, fit

from cleaner import network, tails
from cleaner.evidence import count_words, ends_sentence
from cleaner.match import Views
from cleaner.read_text import read_text

GOLD = 0.35
"""So much of the gold text is looked at, or it would outweigh all else."""

SHAPE = Shape(128, (1, 2, 4), 2, ())
RECIPE = Recipe(epochs=20, batch=1500, rate=2e-3, decay=0.01, noise=0.1, dropout=0.3)
"""Wider layers, other dropout (.1, .5), more noise and fewer epochs find as many tails at as many false ones, or fewer."""

WEIGHT = {"pages": 1.0, "articles": 1.0, "tails": 0.5, "gold": 0.3}
TAIL = 3.0
"""So much a tail that was written at the end of its paragraph counts against a paragraph without one."""

NEXT_TO = 0.15
"""Of the paragraphs of a dirty page about so many stand next to cruft."""


class Part(NamedTuple):
    """A block that stays: its text, whether it ends with a tail (1, 0, or -1: not known), whether its neighbours go."""

    text: str
    tail: int
    before: bool
    after: bool


class Whole(NamedTuple):
    """What stays of a document, and how many blocks go."""

    parts: list[Part]
    gone: int
    source: str
    fold: int
    keep: bool


def _page(page: Page, fold: int) -> list[Whole]:
    """Return a written page; and, where a tail has two sentences, what is left of it when the last of them is gone."""
    text = "\n".join(line for line, _, _ in page.lines)
    starts = [0, *accumulate(len(line) + 1 for line, _, _ in page.lines)]
    document = read_text(text)
    pieces = [(starts[piece.line] + piece.start, starts[piece.line] + piece.end) for piece in page.inline]
    folded = Views(document).folded
    labels = [page.lines[bisect_right(starts, block.start) - 1][1] for block in document.blocks]
    parts, cut = [], []
    for number, block in enumerate(document.blocks):
        if labels[number] == "d":
            continue
        before = number > 0 and labels[number - 1] == "d"
        after = number + 1 < len(labels) and labels[number + 1] == "d"
        whole = folded[block.start : block.end]
        piece = next(
            (one for one in pieces if one[0] < block.end and one[1] >= block.start + len(whole.rstrip())), None
        )
        at = tails.last_segment(whole)
        tail = int(piece is not None)
        if piece is not None and at is not None and block.start + at < piece[0] - 1:
            tail = -1
        parts.append(Part(whole, tail, before, after))
        rest = whole[:at].rstrip() if at is not None else whole
        cut.append(
            Part(rest, 1, before, after) if tail > 0 and piece and piece[0] < block.start + len(rest) else parts[-1]
        )
    gone = labels.count("d")
    keep = page.style.startswith("keep-")
    out = [Whole(parts, gone, "pages", fold, keep)]
    return out if cut == parts else [*out, Whole(cut, gone, "pages", fold, keep)]


def _article(text: str) -> list[Part]:
    document = read_text(text)
    folded = Views(document).folded
    return [Part(folded[start:end], 0, before=False, after=False) for start, end, *_ in document.blocks]


def wholes(pools: Iterable[Pool], gold: Iterable[Labelled]) -> list[Whole]:
    """Return the written pages and articles, gold text, and articles with tails put to one or two of their paragraphs."""
    dice = random.Random(1)
    out: list[Whole] = []
    for pool in pools:
        for page in pool.pages:
            out += _page(page, pool.fold)
        counts = [sum(label == "d" for _, label, _ in page.lines) for page in pool.pages] or [0]
        for text in pool.articles:
            parts = _article(text)
            out.append(Whole(parts, 0, "articles", pool.fold, keep=True))
            fit_for = [
                n
                for n, part in enumerate(parts[2:], 2)
                if count_words(part.text) >= tails.WORDS and ends_sentence(part.text)
            ]
            if not pool.tails or not fit_for:
                continue
            gone = dice.choice((0, dice.choice(counts)))
            chosen = set(dice.sample(fit_for, min(len(fit_for), dice.randint(1, 2))))
            dirty = [
                Part(
                    f"{part.text} {dice.choice(pool.tails)}" if n in chosen else part.text,
                    int(n in chosen),
                    before=gone > 0 and dice.random() < NEXT_TO,
                    after=gone > 0 and dice.random() < NEXT_TO,
                )
                for n, part in enumerate(parts)
            ]
            out.append(Whole(dirty, gone, "tails", pool.fold, keep=False))
    out += [Whole(_article(one.text), 0, "gold", one.fold, keep=True) for one in gold if dice.random() < GOLD]
    return out


def rows_of(documents: list[Whole]) -> list[Sequence]:
    """Return the features of the last segments of documents, under the models of lines in use."""
    out = []
    for document in documents:
        parts = document.parts
        texts = [part.text for part in parts]
        found = tails.candidates(texts, [count_words(text) for text in texts], [False] * len(texts))
        found = [one._replace(before=parts[one.number].before, after=parts[one.number].after) for one in found]
        labels = np.array([parts[one.number].tail for one in found], dtype=np.int8)
        weights = np.full(len(found), WEIGHT[document.source], dtype=np.float32)
        if document.source == "tails":
            weights[labels == 0] = 0
        elif document.source == "pages":
            weights[labels == 1] = TAIL
        rows = network.fill(network.blank(len(found), len(tails.FEATURES)), tails.features(found, document.gone))
        out.append(Sequence(rows, labels, weights))
    return out


def fit_tails(rows: list[Sequence], name: str, seed: int) -> network.Network:
    return fit([one for one in rows if len(one.rows)], 1.0, seed=seed, name=name, shape=SHAPE, recipe=RECIPE)


def report(known: network.Network, documents: list[Whole], rows: list[Sequence]) -> None:
    """Print, by source, how many tails are found and how many paragraphs would lose their last sentence."""
    found: dict[str, list[tuple[Any, Any]]] = {}
    for document, one in zip(documents, rows, strict=True):
        if len(one.rows):
            scores = 1 / (1 + np.exp(-np.array(network.log_odds(one.rows.tolist(), known))))
            source = "keep pages" if document.source == "pages" and document.keep else document.source
            found.setdefault(source, []).append((one.labels, scores))
    for source, pairs in sorted(found.items()):
        labels, scores = (np.concatenate([pair[at] for pair in pairs]) for at in range(2))
        cells = [
            f"{cut}: {(scores[labels == 1] > cut).sum()}/{(labels == 1).sum()} {(scores[labels == 0] > cut).sum()}/{(labels == 0).sum()}"
            for cut in (0.5, 0.7, 0.9, 0.95, 0.98)
        ]
        print(f"tails {source:11}" + "   ".join(cells))
