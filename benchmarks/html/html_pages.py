"""The pages of WCXB as the package reads them, with a label for each block."""

from __future__ import annotations

from typing import NamedTuple

from wcxb import Labelled, fold_of, folder, labels, pages, tokens

from cleaner.page import Page
from cleaner.read_html import read_html

FOLDS = 5


class Sample(NamedTuple):
    """A page as read, the words of each block, its labels (share that is content), weights, and its fold."""

    id: str
    kind: str
    domain: str
    fold: int
    title: str
    gold: list[str]
    page: Page
    tokens: list[list[str]]
    y: list[float]
    weights: list[float]


def sample(source: Labelled) -> Sample:
    """Read and label one page."""
    page = read_html(source.html)
    text, blocks = page.document
    words = [tokens(text[block.start : block.end]) for block in blocks]
    y = labels(words, source.gold)
    gold = tokens(source.gold)
    # What a wrong verdict on a block costs in F1: its words over those of the page's content; bounded for tiny golds.
    weights = [100 * min(1.0, (len(found) + 0.5) / (len(gold) + 80)) for found in words]
    total = sum(weights)
    if total > 300:
        weights = [weight * 300 / total for weight in weights]
    return Sample(
        source.id,
        source.kind,
        source.domain,
        fold_of(source.domain, FOLDS),
        source.title,
        gold,
        page,
        words,
        y,
        weights,
    )


def read_samples() -> list[Sample]:
    """Read and label all pages."""
    return [sample(source) for source in pages(folder())]
