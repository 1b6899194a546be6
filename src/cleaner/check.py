"""Checks of rules by their own examples: what a rule strips must go, its near misses must survive all rules together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cleaner.engine import Cleaner
from cleaner.rule import Entry


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
