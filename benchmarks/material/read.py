"""Read the material that the models are fitted on, and say what is in it.

    python benchmarks/material/read.py [LANGUAGE...]

A folder a language: ``cruft.txt`` (blocks of page furniture, each below a line ``# category places``), ``articles.txt`` (clean
articles, set apart by lines ``=== genre``), ``pages.txt`` (whole dirty pages, the cruft marked line by line).
All of it was written for this purpose; outlets and people are invented.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from cleaner.model import CATEGORIES

HERE = Path(__file__).parent
PLACES = ("head", "body", "tail", "inline", "insert")
MARKED = re.compile(r"\{\{([a-z-]+)\|(.*?)\}\}")
PREFIX = re.compile(r"([a-z-]+)\| ?")


class Block(NamedTuple):
    """Lines of furniture as they stand together, each with its category."""

    language: str
    category: str
    places: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


class Inline(NamedTuple):
    """A piece of cruft inside a line of a page."""

    line: int
    start: int
    end: int
    category: str


class Page(NamedTuple):
    """A whole page: per line its text, its label (k, d, m) and category; and the pieces of cruft inside lines."""

    language: str
    style: str
    lines: tuple[tuple[str, str, str], ...]
    inline: tuple[Inline, ...]


def _category(name: str, where: str, problems: list[str]) -> bool:
    if name not in CATEGORIES:
        problems.append(f"{where}: no category {name!r}")
        return False
    return True


def read_blocks(path: Path, problems: list[str]) -> list[Block]:
    """Read the blocks of one file; what is wrong with it is added to ``problems``."""
    out: list[Block] = []
    category, places = "", ()
    lines: list[tuple[str, str]] = []
    language = path.parent.name

    def close() -> None:
        if category and lines:
            out.append(Block(language, category, places, tuple(lines)))
        lines.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        head = re.fullmatch(r"# ([a-z-]+) ([a-z, ]+)", line.strip())
        if head:
            close()
            category = head[1]
            places = tuple(place.strip() for place in head[2].replace(" ", ",").split(",") if place.strip())
            _category(category, f"{path}:{number}", problems)
            for place in places:
                if place not in PLACES:
                    problems.append(f"{path}:{number}: no place {place!r}")
        elif not line.strip():
            continue
        elif not category:
            problems.append(f"{path}:{number}: no header above it")
        else:
            mark = PREFIX.match(line)
            if mark and mark[1] in CATEGORIES:
                lines.append((line[mark.end() :].strip(), mark[1]))
            else:
                lines.append((line.strip(), category))
    close()
    return out


def read_articles(path: Path) -> list[tuple[str, str]]:
    """Return (genre, text) of the articles of one file."""
    out: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("==="):
            out.append((line.strip("= "), []))
        elif out:
            out[-1][1].append(line)
    return [(genre, "\n".join(lines).strip("\n") + "\n") for genre, lines in out if any(lines)]


def read_pages(path: Path, problems: list[str]) -> list[Page]:
    """Read the pages of one file; what is wrong with it is added to ``problems``."""
    out: list[Page] = []
    style, lines, inline = "", [], []
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "==="], 1):
        if line.startswith("==="):
            first = 0
            while first < len(lines) and not lines[first][0]:
                first += 1
            while lines and not lines[-1][0]:
                lines.pop()
            if lines[first:]:
                pieces = tuple(piece._replace(line=piece.line - first) for piece in inline)
                out.append(Page(path.parent.name, style, tuple(lines[first:]), pieces))
            style, lines, inline = line.strip("= "), [], []
            continue
        mark = PREFIX.match(line)
        if mark and mark[1] in CATEGORIES:
            lines.append((line[mark.end() :], "d", mark[1]))
        elif MARKED.search(line):
            for found in MARKED.finditer(line):
                _category(found[1], f"{path}:{number}", problems)
            whole = MARKED.sub("", line).strip() == ""
            if not whole:
                inline += _pieces(line, len(lines))
            lines.append((MARKED.sub(lambda m: m[2], line), "d" if whole else "m", MARKED.search(line)[1]))
        else:
            if mark and not line.startswith("http") and mark[1] in ("ad", "apps", "nav", "push", "cookie", "social"):
                problems.append(f"{path}:{number}: no category {mark[1]!r}")
            lines.append((line, "k" if line.strip() else "-", ""))
    return out


def _pieces(line: str, number: int) -> list[Inline]:
    """Return where the marked pieces of a line stand in it once the marks are gone."""
    out, marks = [], 0
    for found in MARKED.finditer(line):
        start = found.start() - marks
        out.append(Inline(number, start, start + len(found[2]), found[1]))
        marks += len(found[0]) - len(found[2])
    return out


def clean_of(path: Path) -> list[tuple[str, str]]:
    """Return (source, expected) of the pages of one file, white space not yet settled."""
    out = []
    for part in re.split(r"^===.*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        source, expected = [], []
        for line in part.strip("\n").split("\n"):
            mark = PREFIX.match(line)
            if mark and mark[1] in CATEGORIES:
                source.append(line[mark.end() :])
                continue
            source.append(MARKED.sub(lambda m: m[2], line))
            bare = re.sub(r"  +", " ", MARKED.sub("", line)).strip()
            if bare or not line.strip():
                expected.append(bare)
        out.append(("\n".join(source) + "\n", "\n".join(expected) + "\n"))
    return out


def languages() -> list[str]:
    return sorted(path.name for path in HERE.iterdir() if path.is_dir() and (path / "cruft.txt").exists())


def main() -> None:
    problems: list[str] = []
    for language in sys.argv[1:] or languages():
        folder = HERE / language
        blocks = read_blocks(folder / "cruft.txt", problems) if (folder / "cruft.txt").exists() else []
        articles = read_articles(folder / "articles.txt") if (folder / "articles.txt").exists() else []
        pages = read_pages(folder / "pages.txt", problems) if (folder / "pages.txt").exists() else []
        inline = sum(len(b.lines) for b in blocks if b.places[:1] in (("inline",), ("insert",)))
        print(
            f"{language}: {len(blocks)} blocks, {sum(len(b.lines) for b in blocks)} lines ({inline} inline),"
            f" {len(articles)} articles, {len(pages)} pages"
        )
        kinds = Counter(block.category for block in blocks)
        print("   " + ", ".join(f"{name} {count}" for name, count in sorted(kinds.items())))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
