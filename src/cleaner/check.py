"""Checks of rules by their own examples: what a rule strips must go, its near misses must survive all rules together.

``python -m cleaner.check [LANGUAGE...]`` holds the shipped rule files, as they stand on disk, to their examples.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from cleaner.config import nearest
from cleaner.engine import Cleaner
from cleaner.errors import RuleError
from cleaner.rule import SHARED, Entry, build_index, read_rules
from cleaner.shipped import FOLDER


class Failure(NamedTuple):
    """An example that doesn't hold: which rule, which list, which text, and what happened instead."""

    rule: str
    key: str
    example: str
    problem: str


def check_entry(entry: Entry, cleaner: Cleaner) -> Iterator[Failure]:
    """Hold a rule to its examples under a cleaner that has it.

    A ``strips`` example of one line must go as a whole (for an inline rule, in part); in one of several lines, a line
    that the rule matches must go. A ``keeps`` example must come back unchanged, and must be near: at least one of its
    lines is one that the rule is tried on.
    """
    rule = entry.rule
    for example in entry.strips:
        touched = cleaner.touched(example, rule.id)
        if not touched.matched:
            yield Failure(rule.id, "strips", example, "the pattern matches nothing in it")
        elif not touched.gone:
            yield Failure(rule.id, "strips", example, "the pattern matches, but nothing that it matches goes")
        elif not rule.inline and len(example.splitlines()) == 1 and cleaner.clean(example):
            yield Failure(rule.id, "strips", example, f"leaves {cleaner.clean(example)!r}")
    for example in entry.keeps:
        result = cleaner.explain(example)
        if result.removed:
            by = ", ".join(sorted({removal.rule for removal in result.removed}))
            yield Failure(rule.id, "keeps", example, f"becomes {result.text!r} by {by}")
        if not cleaner.touched(example, rule.id).tried:
            yield Failure(rule.id, "keeps", example, "is no near miss: the rule isn't even tried on it")


def main(languages: list[str]) -> int:
    """Check the rule files of some languages, or of all, and print what doesn't hold."""
    known = sorted({path.parent.name for path in FOLDER.glob("*/*.toml")})
    for language in languages:
        if language not in known:
            sys.stdout.write(f"no language {language!r}{nearest(language, known)}; there are {', '.join(known)}\n")
            return 2
    entries: list[Entry] = []
    asked: list[Entry] = []
    failed = 0
    for path in sorted(FOLDER.glob("*/*.toml")):
        if path.name == SHARED:
            continue
        wanted = not languages or path.parent.name in languages
        try:
            found = read_rules(path, shipped=True).entries
        except RuleError as problem:
            if wanted:
                failed += 1
                sys.stdout.write(f"{problem}\n")
            continue
        entries += found
        asked += found if wanted else ()
    rules = tuple(entry.rule for entry in entries)
    cleaner = Cleaner(_shipped=(rules, build_index(rules)))
    for entry in asked:
        for failure in check_entry(entry, cleaner):
            failed += 1
            sys.stdout.write(f"{failure.rule}: {failure.key}: {failure.example!r}: {failure.problem}\n")
    sys.stdout.write(f"{len(asked)} rules checked, {failed} failure{'' if failed == 1 else 's'}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
