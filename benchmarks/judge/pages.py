"""Clean the written pages of ``benchmarks/material`` and compare with what their authors marked.

    python benchmarks/judge/pages.py [--folds FOLDS] [--only pages-2.txt] [--show N] [LANGUAGE...]

Prints, by language, how many dirty pages come out exactly right and how many pages without cruft come out untouched (white space
squeezed, blank lines aside), the share of the article's words that went and of cruft's words that stayed. With ``--folds`` every page
is cleaned with the models that haven't seen it (see ``train.py``); without, the shipped models have learned from most of them.
``--only held-out.txt`` takes the pages that nothing has learned from. ``--show`` prints lines that were left or lost, by category.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from documents import FOLDS, MATERIAL, fold_of
from held_out import use
from material.read import MARKED, Page, languages, read_pages

from cleaner import Cleaner
from cleaner.evidence import count_words


class Seen(NamedTuple):
    language: str
    style: str
    dirty: bool
    exact: bool
    words: tuple[int, int, int, int]
    left: list[tuple[str, str]]
    lost: list[tuple[str, str, str]]


def written(language: str, only: str) -> list[tuple[Page, str, str]]:
    """Return pages with their source and what is expected of it."""
    out = []
    for path in sorted((MATERIAL / language).glob(only or "pages*.txt")):
        pages = read_pages(path, [])
        parts = [
            part
            for part in re.split(r"^===.*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
            if part.strip()
        ]
        for page, part in zip(pages, parts, strict=True):
            source = "\n".join(line for line, _, _ in page.lines) + "\n"
            expected = []
            rows = part.strip("\n").split("\n")
            for (line, label, _), row in zip(page.lines, rows, strict=False):
                if label == "k":
                    expected.append(line)
                elif label == "m":
                    expected.append(MARKED.sub("", row))
            out.append((page, source, "\n".join(expected)))
    return out


def squeezed(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


_CLEANER = Cleaner()


def one(task: tuple[Page, str, str]) -> Seen:
    page, source, expected = task
    result = _CLEANER.explain(source)
    got, wanted = squeezed(result.text), squeezed(expected)
    rules = {}
    for removal in result.removed:
        for line in removal.text.splitlines():
            rules[" ".join(line.split())] = removal.rule
    missing = Counter(wanted) - Counter(got)
    extra = Counter(got) - Counter(wanted)
    category = {" ".join(line.split()): name for line, label, name in page.lines if label == "d"}
    left = [(category.get(line, "(inline)"), line) for line in extra.elements()]
    lost = [(rules.get(line, "?"), line, "") for line in missing.elements()]
    cruft = sum(count_words(line) for line, label, _ in page.lines if label == "d")
    words = (
        sum(map(count_words, wanted)),
        sum(count_words(line) for _, line, _ in lost),
        cruft,
        sum(count_words(line) for _, line in left),
    )
    return Seen(page.language, page.style, source.split() != expected.split(), got == wanted, words, left, lost)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("languages", nargs="*")
    args = parser.parse_args()
    tasks: dict[int, list[Any]] = defaultdict(list)
    for language in args.languages or languages():
        for task in written(language, args.only):
            tasks[fold_of(task[0].lines[0][0]) if args.folds else 0].append(task)
    seen: list[Seen] = []
    for fold in range(FOLDS):
        if not tasks[fold]:
            continue
        if args.folds:
            use(args.folds / f"fold-{fold}")
        with get_context("fork").Pool(args.jobs) as pool:
            seen += pool.map(one, tasks[fold], chunksize=4)
    groups: dict[str, list[Seen]] = defaultdict(list)
    for page in seen:
        groups[page.language].append(page)
    for name, found in [*sorted(groups.items()), ("all", seen)]:
        dirty = [page for page in found if page.dirty]
        clean = [page for page in found if not page.dirty]
        article, lost, cruft, left = (sum(page.words[at] for page in found) for at in range(4))
        near = sum(len(page.left) + len(page.lost) <= 1 for page in dirty)
        print(
            f"{name:4} dirty {sum(page.exact for page in dirty):>4} of {len(dirty):<4} (all but one line {near})"
            f"  untouched {sum(page.exact for page in clean):>3} of {len(clean):<3}"
            f"  lost {1000 * lost / max(1, article):5.1f} of 1,000  left {100 * left / max(1, cruft):5.1f} %"
        )
    if args.show:
        by: dict[str, list[str]] = defaultdict(list)
        for page in seen:
            for category, line in page.left:
                by[f"left {category}"].append(f"{page.language}/{page.style}: {line}")
            for rule, line, _ in page.lost:
                by[f"lost {rule}"].append(f"{page.language}/{page.style}: {line}")
        for name, rows in sorted(by.items(), key=lambda item: -len(item[1])):
            print(f"\n{name}: {len(rows)}")
            for row in rows[: args.show]:
                print("   ", row[:170])


if __name__ == "__main__":
    main()
