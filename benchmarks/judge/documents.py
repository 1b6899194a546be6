"""Labelled documents to fit and test the trees of ``cleaner.context`` on.

Three sources, each a list of :class:`Labelled`: the golden cases of ``corpus/``, dirty renderings of WCXB's articles
(Foley 2026, arXiv 2605.21097, CC-BY-4.0) labelled line by line, and articles into which lines of
``benchmarks/wording`` were planted.
"""

from __future__ import annotations

import difflib
import gzip
import json
import random
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cleaner.catalog import shipped_entries

ROOT = Path(__file__).parents[2]
HEAD = (
    "byline",
    "timestamp",
    "share",
    "caption",
    "credit",
    "navigation",
    "counter",
    "interface",
    "advertising",
    "app-prompt",
    "consent",
    "comments",
    "paywall",
)
BODY = (
    "caption",
    "credit",
    "related",
    "advertising",
    "newsletter",
    "app-prompt",
    "share",
    "embed",
    "donation",
    "interface",
    "paywall",
    "comments",
)
TAIL = ("biography", "tags", "related", "comments", "newsletter", "share", "legal", "contact", "source-credit", "app-prompt",
        "donation", "navigation", "advertising", "counter", "byline", "paywall", "consent", "interface")  # fmt: skip


class Labelled(NamedTuple):
    """A text, a label a line (``d`` drop, ``k`` keep, anything else: not used), the group it is held out with, a weight."""

    text: str
    labels: str
    group: str
    source: str
    weight: float


def label_lines(source: str, expected: str) -> str:
    """Label the lines of a source by what is left of them in the expected text."""
    a, b = source.split("\n"), expected.split("\n")
    labels = ["d"] * len(a)
    for op, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            labels[a0:a1] = "k" * (a1 - a0)
        elif op == "replace":
            for n in range(a0, a1):
                if any(b[m] and a[n].startswith(b[m][:30]) for m in range(b0, b1)):
                    labels[n] = "m"
    return "".join("-" if not line.strip() else label for line, label in zip(a, labels, strict=True))


def corpus(folder: Path, weight: float = 6.0) -> list[Labelled]:
    """Read golden cases."""
    out = []
    for path in sorted(folder.glob("*/*/case.toml")):
        case = tomllib.loads(path.read_text(encoding="utf-8"))
        source = (path.parent / "source.txt").read_bytes().decode()
        expected = (path.parent / "expected.txt").read_bytes().decode()
        kind = "keep" if source == expected else "dirty"
        out.append(
            Labelled(
                source, label_lines(source, expected), path.parent.name, f"corpus-{case['language']}-{kind}", weight
            )
        )
    return out


def examples(weight: float = 2.0) -> list[Labelled]:
    """Read the near misses of the shipped rules: each is a small document of which nothing goes."""
    out = []
    for entry in shipped_entries():
        for text in entry.keeps:
            labels = "".join("k" if line.strip() else "-" for line in text.split("\n"))
            out.append(Labelled(text, labels, entry.rule.id, "examples", weight))
    return out


def renderings(
    folder: Path, names: Iterable[str] = ("trafilatura", "readability", "bs4", "inscriptis")
) -> list[Labelled]:
    """Read WCXB's dirty renderings; the group is the site's domain."""
    hosts = {}
    for line in gzip.open(folder / "docs.wcxb-dev.jsonl.gz", "rt", encoding="utf-8"):
        row = json.loads(line)
        hosts[row["id"]] = urlsplit(row["url"]).hostname or row["id"]
    out = []
    for name in names:
        for line in gzip.open(folder / f"lab2.wcxb-dev.{name}.jsonl.gz", "rt", encoding="utf-8"):
            row = json.loads(line)
            if row["cov"] < 0.8 or sum(map(len, row["tok"])) > 30000:
                continue
            out.append(Labelled("\n".join(row["lines"]), "".join(row["lab"]), hosts[row["id"]], name, 1.0))
    return out


def gold(folder: Path) -> list[Labelled]:
    """Read WCXB's gold text of the same articles: all of it is article."""
    out = []
    for line in gzip.open(folder / "docs.wcxb-dev.jsonl.gz", "rt", encoding="utf-8"):
        row = json.loads(line)
        host = urlsplit(row["url"]).hostname or row["id"]
        labels = "".join("k" if part.strip() else "-" for part in row["gold"].split("\n"))
        out.append(Labelled(row["gold"], labels, host, "gold", 1.0))
    return out


def planted(
    articles: list[Labelled], cruft: dict[str, list[str]], lines: list[str], count: int, seed: int
) -> Iterator[Labelled]:
    """Plant cruft, and lines of other articles, into articles.

    Args:
        articles: clean documents (every line is kept).
        cruft: lines of cruft by category.
        lines: short lines that are article: headings, items, verses.
        count: how many documents to make.
        seed: of the random choices.
    """
    rng = random.Random(seed)
    titles = [text.splitlines()[0] for text, *_ in articles if text.splitlines() and len(text.splitlines()[0]) < 110]
    for _ in range(count):
        base = rng.choice(articles)
        body = [line for line in base.text.splitlines() if line.strip()][:60]
        if len(body) < 4:
            continue
        gap = rng.choice(("\n", "\n\n", "\n\n"))
        box_gap = rng.choice(("\n", gap))
        parts: list[tuple[str, str, str]] = [(body[0], "k", gap)]
        heavy = rng.random()
        if rng.random() < 0.5 and cruft.get("navigation"):
            before = [
                (rng.choice(cruft["navigation"]), "d", box_gap) for _ in range(rng.randint(1, 3 if heavy < 0.6 else 8))
            ]
            parts = before + parts

        def box(names: tuple[str, ...]) -> list[tuple[str, str, str]]:
            name = rng.choice([name for name in names if cruft.get(name)])
            size = {"caption": 1, "credit": 1, "byline": 1, "timestamp": 1, "biography": 1, "legal": 1}.get(
                name, rng.randint(1, 4)
            )
            made = [(rng.choice(cruft[name]), "d", box_gap) for _ in range(size)]
            if name == "related" and titles and rng.random() < 0.7:
                made += [(rng.choice(titles), "d", box_gap) for _ in range(rng.randint(1, 5))]
            if name == "caption" and rng.random() < 0.4 and cruft.get("credit"):
                made.append((rng.choice(cruft["credit"]), "d", box_gap))
            if name == "byline" and rng.random() < 0.6 and cruft.get("timestamp"):
                made.append((rng.choice(cruft["timestamp"]), "d", box_gap))
            text, label, _ = made[-1]
            return [*made[:-1], (text, label, gap)]

        for _ in range(rng.randint(0, 4)):
            parts += box(HEAD)
        for line in body[1:]:
            if rng.random() < 0.10 * heavy * 2:
                parts += box(BODY)
            elif rng.random() < 0.10 and lines:
                parts.append((rng.choice(lines), "k", gap))
            parts.append((line, "k", gap))
        for _ in range(rng.randint(0, 3 if heavy < 0.5 else 8)):
            parts += box(TAIL)
        text, labels = "", ""
        for line, label, after in parts:
            text += line + after
            labels += label + "-" * (after.count("\n") - 1)
        yield Labelled(text, labels, base.group, "planted", 0.5)
