"""Labelled documents to fit and test the models of the judge on.

* the material beside (``benchmarks/material``): furniture of pages and clean articles in 21 languages, from which whole pages are composed;
* dirty renderings of WCXB's articles (Foley 2026, arXiv 2605.21097, CC-BY-4.0), labelled line by line, and their gold text;
* the near misses of the shipped rules.

Every document and every line belongs to a fold: what is fitted on the other folds is used on it.
"""

from __future__ import annotations

import difflib
import gzip
import json
import random
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

# In front, for other packages are called material; and not for long, for ``html`` beside it is the standard library's.
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from material.read import HERE as MATERIAL
from material.read import Block, Page, languages, read_articles, read_blocks, read_pages
from roles import kinds_of, marks_of
from variants import longer, variant

sys.path.pop(0)

from cleaner.errors import RuleError
from cleaner.evidence import count_words, ends_sentence
from cleaner.rule import SHARED, Entry, read_rules
from cleaner.shipped import FOLDER

ROOT = Path(__file__).parents[2]
WORDING = Path(__file__).parents[1] / "wording"
FOLDS = 3


class Labelled(NamedTuple):
    """A text, a label a line (``d`` drop, ``k`` keep, anything else: not used), where it is from, its fold, its weight."""

    text: str
    labels: str
    source: str
    fold: int
    weight: float
    kinds: tuple[str, ...] = ()


def fold_of(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass")) % FOLDS


class Pool(NamedTuple):
    """The material of one language and fold."""

    language: str
    fold: int
    blocks: dict[str, list[Block]]
    tails: list[str]
    inserts: list[str]
    articles: list[str]
    pages: list[Page]


PLACES_OF = {
    "head": "byline timestamp share caption credit navigation counter interface advertising app-prompt consent comments paywall dateline",
    "body": "caption credit related advertising newsletter app-prompt share embed donation interface paywall comments",
    "tail": "biography tags related comments newsletter share legal contact source-credit app-prompt donation navigation advertising"
    " counter byline paywall consent interface",
}  # fmt: skip


def one_liners(language: str) -> list[Block]:
    """Return the lines of ``benchmarks/wording`` as blocks of one line."""
    out = []
    for path in sorted((WORDING / language).glob("*.txt")):
        if path.stem == "article":
            continue
        places = tuple(place for place, names in PLACES_OF.items() if path.stem in names.split())
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and places:
                out.append(Block(language, path.stem, places, ((line.strip(), path.stem),)))
    return out


def pools(only: Iterable[str] | None = None) -> list[Pool]:
    """Read all material, by language and fold."""
    out = []
    problems: list[str] = []
    for language in only or languages():
        folder = MATERIAL / language
        blocks = read_blocks(folder / "cruft.txt", problems) + one_liners(language)
        articles = (
            [text for _, text in read_articles(folder / "articles.txt")] if (folder / "articles.txt").exists() else []
        )
        pages = [page for path in sorted(folder.glob("pages*.txt")) for page in read_pages(path, problems)]
        for fold in range(FOLDS):
            by_place: dict[str, list[Block]] = defaultdict(list)
            tails, inserts = [], []
            for block in blocks:
                for place in block.places:
                    if place in ("inline", "insert"):
                        for line, _ in block.lines:
                            if fold_of(line) == fold:
                                (tails if place == "inline" else inserts).append(line)
                    elif fold_of(block.lines[0][0]) == fold:
                        by_place[place].append(block)
            mine = [text for text in articles if fold_of(text) == fold]
            out.append(Pool(language, fold, dict(by_place), tails, inserts, mine,
                            [page for page in pages if fold_of(page.lines[0][0]) == fold]))  # fmt: skip
    if problems:
        print("\n".join(problems[:20]), file=sys.stderr)
    return out


BEFORE_TITLE = frozenset({"navigation", "consent", "app-prompt", "advertising", "newsletter", "paywall", "donation"})
SENTENCE = re.compile(r"(?<=[.!?。！？।۔؟])[\"'»”]? +(?=\S)")


class Composer:
    """Makes pages of the material of one pool: articles into which furniture was put where it stands on pages."""

    def __init__(self, pool: Pool, extra: list[str], seed: int) -> None:
        self.pool = pool
        self.rng = random.Random(f"{pool.language} {pool.fold} {seed}")
        self.articles = pool.articles + extra
        self.titles = [text.split("\n", 1)[0] for text in self.articles]
        self.by_category: dict[str, dict[str, list[Block]]] = {}
        for place, blocks in pool.blocks.items():
            table: dict[str, list[Block]] = defaultdict(list)
            for block in blocks:
                table[block.category].append(block)
            self.by_category[place] = dict(table)

    def block(self, place: str, among: frozenset[str] | None = None) -> Block | None:
        table = self.by_category.get(place, {})
        names = [name for name in table if among is None or name in among]
        if not names:
            return None
        # By the root of how many there are: frequent kinds are frequent, rare ones are not forgotten.
        weights = [min(12.0, len(table[name]) ** 0.5) for name in names]
        blocks = table[self.rng.choices(names, weights)[0]]
        long = [block for block in blocks if len(block.lines) > 1]
        return self.rng.choice(long if long and self.rng.random() < 0.4 else blocks)

    def lines(self, block: Block) -> list[str]:
        rng = self.rng
        lines = [line for line, _ in block.lines]
        if block.category == "related" and len(lines) > 1 and rng.random() < 0.35:
            more = [rng.choice(self.titles) for _ in range(rng.randint(1, 3))]
            if all(len(title) < 120 for title in more):
                lines += more
        if len(lines) > 3 and rng.random() < 0.2:
            lines = lines[: rng.randint(2, len(lines))]
        return lines

    def page(self, text: str | None = None) -> Labelled:
        """Compose one page."""
        rng = self.rng
        source = text or rng.choice(self.articles)
        rows = source.rstrip("\n").split("\n")
        if len(rows) > 90:
            rows = rows[:90]
        style = rng.random()
        if style < 0.22:
            rows = [row for row in rows if row.strip()]
        elif style < 0.4 and not any(not row.strip() for row in rows):
            rows = [part for row in rows for part in (row, "")][:-1]
        spaced = sum(not row.strip() for row in rows) * 3 > len(rows)
        # Between cruft lines and around cruft blocks: nothing, or a blank line.
        inner = spaced and rng.random() < 0.3
        outer = spaced and rng.random() < 0.85
        level = rng.random()
        if level < 0.12:
            sizes = (0, 0, 0, 0)
        elif level < 0.5:
            sizes = (rng.randint(0, 1), rng.randint(0, 2), rng.randint(0, 2), rng.randint(0, 2))
        elif level < 0.75:
            sizes = (rng.randint(0, 3), rng.randint(0, 4), rng.randint(0, 4), rng.randint(1, 5))
        else:
            sizes = (rng.randint(2, 9), rng.randint(1, 6), rng.randint(1, 7), rng.randint(3, 12))
        kept: list[tuple[str, str]] = [(row, "k" if row.strip() else "-") for row in rows]
        self._inline(kept, level)
        title = kept[0][0]
        out: list[tuple[str, str]] = []

        def put(lines: list[str]) -> list[tuple[str, str]]:
            put_lines: list[tuple[str, str]] = []
            for at, line in enumerate(lines):
                if at and inner:
                    put_lines.append(("", "-"))
                put_lines.append((line, "d"))
            return put_lines

        def add(target: list[tuple[str, str]], lines: list[str]) -> None:
            if outer and target and target[-1][0].strip():
                target.append(("", "-"))
            target += put(lines)

        for _ in range(sizes[0]):
            block = self.block("head", BEFORE_TITLE)
            if block is not None:
                add(out, self.lines(block))
        if level > 0.3 and rng.random() < 0.12:
            add(out, [rng.choice([f"{title} | {self.site()}", f"{title} - {self.site()}", f"{self.site()} | {title}"])])
        if out and outer:
            out.append(("", "-"))
        standfirst = len(kept) > 3 and (8 <= count_words(kept[2 if not kept[1][0].strip() else 1][0]) <= 45)
        cut = 1
        if standfirst and rng.random() < 0.6:
            cut = 3 if not kept[1][0].strip() else 2
        first, rest = kept[:cut], kept[cut:]
        while rest and not rest[0][0].strip():
            rest = rest[1:]
        out += first
        for _ in range(sizes[1]):
            among = frozenset(self.by_category.get("head", {})) - (BEFORE_TITLE if rng.random() < 0.85 else frozenset())
            block = self.block("head", among)
            if block is not None:
                add(out, self.lines(block))
        if level > 0.5 and rng.random() < 0.08 and len(title) < 120:
            add(out, [title])
            out[-1] = (title, "e")
        if spaced or (kept[1:2] and not kept[1][0].strip()):
            out.append(("", "-"))
        # Positions between two lines that stand apart from each other.
        gaps = [n for n in range(1, len(rest)) if not (spaced and rest[n - 1][0].strip())]
        slots = sorted(rng.sample(gaps, min(sizes[2], len(gaps))), reverse=True)
        for slot in slots:
            block = self.block("body")
            if block is None:
                continue
            piece = put(self.lines(block))
            if spaced:
                after = outer or rng.random() < 0.5
                piece = [*piece, ("", "-")] if after else piece
            rest[slot:slot] = piece
        out += rest
        for _ in range(sizes[3]):
            block = self.block("tail")
            if block is not None:
                add(out, self.lines(block))
        body = "\n".join(line for line, _ in out) + "\n"
        labels = "".join(label if line.strip() else "-" for line, label in out)
        return Labelled(body, labels, f"composed-{self.pool.language}", self.pool.fold, 1.0)

    def site(self) -> str:
        """Return a name for a site: two words of some title."""
        words = [word for word in self.rng.choice(self.titles).split() if len(word) > 3][:2]
        return " ".join(words) or "Echo"

    def _inline(self, kept: list[tuple[str, str]], level: float) -> None:
        rng = self.rng
        if level < 0.12 or rng.random() < 0.5:
            return
        prose = [n for n, (row, _) in enumerate(kept) if count_words(row) >= 12 and ends_sentence(row)]
        for n in rng.sample(prose, min(len(prose), rng.randint(1, 3))):
            row = kept[n][0]
            if self.pool.inserts and rng.random() < 0.3:
                parts = SENTENCE.split(row)
                if len(parts) > 1:
                    at = rng.randrange(1, len(parts))
                    kept[n] = (" ".join([*parts[:at], rng.choice(self.pool.inserts), *parts[at:]]), "m")
                    continue
            if self.pool.tails:
                kept[n] = (f"{row} {rng.choice(self.pool.tails)}", "m")


WRITTEN, FULL, FULL_WORDS = 12.0, 2.5, 110
"""So much weighs a written page, and so many times as much one whose article has so many words: few have, and most of what people copy does."""

MORE = (1, 2, 3)
"""From so many other pages a longer variant takes paragraphs."""


def labelled_page(page: Page, fold: int) -> Labelled:
    """Return a written page as a labelled document."""
    words = sum(count_words(line) for line, label, _ in page.lines if label != "d")
    kinds = kinds_of(page.lines)
    text = "\n".join(line for line, _, _ in page.lines) + "\n"
    return Labelled(text, "".join(label if line.strip() else "-" for line, label, _ in page.lines),
                    f"pages-{page.language}", fold, WRITTEN * (FULL if words >= FULL_WORDS else 1.0), kinds)  # fmt: skip


def variants(page: Page, among: list[Page], fold: int, shortened: int, lengthened: int) -> Iterator[Labelled]:
    """Return written pages with less on them, and with more of others' articles; a line of an article that loses nothing counts twice."""
    for number in range(shortened + lengthened):
        dice = random.Random(f"{page.language} {page.style} {page.lines[0][0]} {number}")
        if number < shortened:
            name, rows = "variants", variant(page.lines, dice)
        else:
            others = dice.sample(among, min(len(among), dice.choice(MORE)))
            name, rows = "longer", longer(page.lines, [other.lines for other in others], dice)
        if rows is not None:
            labels = "".join(label if line.strip() else "-" for line, label, _ in rows)
            text = "\n".join(line for line, _, _ in rows) + "\n"
            yield Labelled(
                text, labels, f"{name}-{page.language}", fold, 6.0 if "d" in labels else 12.0, kinds_of(rows)
            )


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


def corpus(folder: Path, weight: float = 9.0) -> list[Labelled]:
    """Read golden cases."""
    out = []
    for path in sorted(folder.glob("*/*/case.toml")):
        if not (path.parent / "source.txt").exists():
            continue
        case = tomllib.loads(path.read_text(encoding="utf-8"))
        source = (path.parent / "source.txt").read_bytes().decode()
        expected = (path.parent / "expected.txt").read_bytes().decode()
        kind = "keep" if source == expected else "dirty"
        language = "en" if case["language"] == "en" else "other"
        out.append(Labelled(source, label_lines(source, expected), f"corpus-{language}-{kind}",
                            fold_of(path.parent.name), weight))  # fmt: skip
    return out


def readable_entries() -> Iterator[Entry]:
    for path in sorted(FOLDER.glob("*/*.toml")):
        if path.name != SHARED:
            try:
                yield from read_rules(path, shipped=True).entries
            except RuleError as problem:
                print(problem, file=sys.stderr)


def examples(weight: float = 1.0) -> list[Labelled]:
    """Read the near misses of the shipped rules: each is a small document of which nothing goes."""
    out = []
    # Rule files that can't be read are for the tests to report.
    for entry in readable_entries():
        for text in entry.keeps:
            labels = "".join("k" if line.strip() else "-" for line in text.split("\n"))
            out.append(Labelled(text, labels, "examples", fold_of(entry.rule.id), weight))
    return out


EXTRACTORS = ("trafilatura", "readability")
EXTRACTED, GOLD, RENDERED, MAIN = 12.0, 24.0, 5.0, 6.0
"""So much weighs what extractors leave, gold text, other renderings, and the main content of web pages: in text that is nearly clean a lost sentence is the likelier error, and
the longer a network learns from written pages, the more it forgets how the web's articles look if they count less."""

RENDERERS = (*EXTRACTORS, "bs4", "inscriptis")


def hosts(folder: Path) -> dict[str, str]:
    """Return the site of every document."""
    out = {}
    for line in gzip.open(folder / "docs.wcxb-dev.jsonl.gz", "rt", encoding="utf-8"):
        row = json.loads(line)
        out[row["id"]] = urlsplit(row["url"]).hostname or row["id"]
    return out


def renderings(folder: Path, names: Iterable[str] = RENDERERS) -> Iterator[Labelled]:
    """Read WCXB's dirty renderings; the fold is that of the site."""
    known = hosts(folder)
    for name in names:
        for line in gzip.open(folder / f"lab2.wcxb-dev.{name}.jsonl.gz", "rt", encoding="utf-8"):
            row = json.loads(line)
            if row["cov"] < 0.8 or sum(map(len, row["tok"])) > 30000:
                continue
            weight = EXTRACTED if name in EXTRACTORS else RENDERED
            yield Labelled("\n".join(row["lines"]), "".join(row["lab"]), name, fold_of(known[row["id"]]), weight)


def gold(folder: Path) -> Iterator[Labelled]:
    """Read WCXB's gold text of the same articles: all of it is article."""
    for line in gzip.open(folder / "docs.wcxb-dev.jsonl.gz", "rt", encoding="utf-8"):
        row = json.loads(line)
        host = urlsplit(row["url"]).hostname or row["id"]
        labels = "".join("k" if part.strip() else "-" for part in row["gold"].split("\n"))
        yield Labelled(row["gold"], labels, "gold", fold_of(host), GOLD)


def main_content(data: Path, folds: Path) -> Iterator[Labelled]:
    """Return the main content of WCXB's pages; the fold is that of the site."""
    from web_pages import main_contents  # reads HTML, for which most runs have no use

    for found in main_contents(data, folds):
        yield Labelled(found.text, found.labels, f"main-{found.kind}", fold_of(found.host), MAIN)


class Line(NamedTuple):
    """A line for the wording model: its language, its category (``article`` or one of cruft), its fold, its weight."""

    text: str
    language: str
    category: str
    fold: int
    weight: float
    role: str = ""
    places: frozenset[str] | None = None


def wording_lines(all_pools: list[Pool], text_dev: Path | None) -> list[Line]:
    """Return the lines that the wording model learns from."""
    out: list[Line] = []
    for pool in all_pools:
        language, fold = pool.language, pool.fold
        seen = set()
        for blocks in pool.blocks.values():
            for block in blocks:
                for line, category in block.lines:
                    if line not in seen:
                        seen.add(line)
                        out.append(Line(line, language, category, fold, 1.0))
        for line in {*pool.tails, *pool.inserts}:
            out.append(Line(line, language, "related", fold, 0.7))
        for page in pool.pages:
            marks = marks_of([(line, label) for line, label, _ in page.lines])
            for (line, label, category), (role, places) in zip(page.lines, marks, strict=True):
                if label == "d":
                    out.append(Line(line, language, category, fold, 1.0, "cruft", places))
                elif label == "k":
                    out.append(Line(line, language, "article", fold, 1.0, role, places))
                    parts = SENTENCE.split(line)
                    if len(parts) > 1:
                        out.append(Line(parts[-1], language, "article", fold, 0.3))
            for piece in page.inline:
                line = page.lines[piece.line][0]
                out.append(Line(line[piece.start : piece.end], language, piece.category, fold, 1.0))
        for text in pool.articles:
            rows = text.split("\n")
            for row, (role, places) in zip(rows, marks_of([(row, "k") for row in rows]), strict=True):
                if not row.strip():
                    continue
                out.append(Line(row, language, "article", fold, 1.0, role))
                parts = SENTENCE.split(row)
                if len(parts) > 1:
                    out += [Line(part, language, "article", fold, 0.3) for part in parts]
    for path in sorted(WORDING.glob("*/article.txt")):
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            out.append(Line(line.strip(), path.parent.name, "article", fold_of(line.strip()), 1.0))
    for document in examples():
        for line in filter(str.strip, document.text.split("\n")):
            out.append(Line(line, "any", "article", document.fold, 0.7))
    if text_dev is not None:
        seen = set()
        for document in renderings(text_dev, ("bs4", "trafilatura")):
            for line, label in zip(document.text.split("\n"), document.labels, strict=True):
                key = (line, document.fold, label)
                # Half of them: enough to say how shops and firms write, and no more than all other lines together.
                if label in "dk" and key not in seen and line.strip() and crc32(line.encode("utf-8", "replace")) & 64:
                    seen.add(key)
                    out.append(Line(line[:400], "web", "navigation" if label == "d" else "article", document.fold, 0.5))
    return out
