"""What is left of the web pages of WCXB when their main content was found, of all seven page types, labelled block by block.

Lists of goods and of stories, threads and manuals look like page furniture to a network that has seen articles alone: without
these pages it took 8 points of word F1 from listings.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parents[1] / "html"))

from html_pages import FOLDS, sample
from wcxb import pages

from cleaner.config import Config
from cleaner.errors import HtmlError
from cleaner.judge_page import judge_page
from cleaner.main_content import load

KEPT, GONE = 0.7, 0.3
"""A block of which such a share is content, or no more than such a share, is labelled."""

HEADLINES = frozenset({"h1", "h2"})
_BREAK = re.compile(r"\s*\n\s*\n\s*")


class MainContent(NamedTuple):
    """The text of a page, a label a line (``k``, ``d``, ``?``, ``-`` for blank lines), its host and its page type."""

    text: str
    labels: str
    host: str
    kind: str


def main_contents(data: Path, folds: Path) -> Iterator[MainContent]:
    """Read the pages, each with the page model that hasn't seen its site.

    Args:
        data: the folder of the data set.
        folds: the models, as ``benchmarks/html/train.py --folds-out`` writes them.
    """
    models = [load((folds / f"{fold}.json").read_text(encoding="ascii")) for fold in range(FOLDS)]
    config = Config()
    for source in pages(data):
        try:
            found = sample(source)
        except HtmlError:
            continue
        text, blocks = found.page.document
        gone = {verdict.block for verdict in judge_page(found.page, config, models[found.fold]) if verdict.span is None}
        rows: list[str] = []
        labels: list[str] = []
        end = None
        for number, block in enumerate(blocks):
            if number in gone:
                continue
            if end is not None and _BREAK.search(text[end : block.start] or "\n\n"):
                rows.append("")
                labels.append("-")
            end = block.end
            share = found.y[number]
            label = "k" if share >= KEPT else "?" if share > GONE or block.tag in HEADLINES else "d"
            for line in text[block.start : block.end].split("\n"):
                rows.append(line)
                labels.append(label if line.strip() else "-")
        if rows:
            yield MainContent(
                "\n".join(rows) + "\n", "".join(labels), urlsplit(source.url).hostname or source.id, source.kind
            )
