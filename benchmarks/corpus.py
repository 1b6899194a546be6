"""Say how many golden cases pass, by language and group; with ``--mark``, note in ``case.toml`` which dirty ones don't.

    python benchmarks/corpus.py [--mark] [FOLDER]

A negative case is never marked: an article that loses text is a defect, not a known gap.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter
from pathlib import Path

import cleaner

CORPUS = Path(__file__).parents[1] / "corpus"
FAILS = re.compile(r"^fails = .*\n", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--mark", action="store_true")
    options = parser.parse_args()
    passed: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for path in sorted(options.folder.glob("*/*/case.toml")):
        if not (path.parent / "source.txt").exists():  # a page
            continue
        written = path.read_text(encoding="utf-8")
        case = tomllib.loads(written)
        key = (case["language"], case["group"])
        source = (path.parent / "source.txt").read_bytes().decode("utf-8")
        expected = (path.parent / "expected.txt").read_bytes().decode("utf-8")
        holds = cleaner.clean(source) == expected
        total[key] += 1
        passed[key] += holds
        if options.mark and case["group"] != "negative":
            bare = FAILS.sub("", written)
            marked = bare if holds else bare.rstrip("\n") + '\nfails = "leaves cruft, or takes a line too many"\n'
            if marked != written:
                path.write_text(marked, encoding="utf-8")
        elif not holds:
            print(f"fails: {path.parent}")
    for language, group in sorted(total):
        print(f"{language:4}{group:12}{passed[language, group]:>4} of {total[language, group]}")


if __name__ == "__main__":
    main()
