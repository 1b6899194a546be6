"""How often rules remove something from golden cases: folders ``<language>/<case>/`` with ``source.txt`` and ``case.toml``."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from cleaner.cli.files import InputError
from cleaner.cli.output import reason
from cleaner.cli.rule_page import Fired
from cleaner.engine import Cleaner

SOURCE: Final = "source.txt"


class Counts(NamedTuple):
    """What a cleaner removed from cases, by rule."""

    texts: int
    removals: dict[str, int]
    touched: dict[str, int]
    negative: dict[str, int]

    def of(self, identity: str) -> Fired:
        """Return the counts of one rule."""
        return Fired(
            self.removals.get(identity, 0), self.touched.get(identity, 0), self.texts, self.negative.get(identity, 0)
        )


def is_corpus(folder: Path) -> bool:
    """Whether golden cases lie in a folder."""
    return next(folder.glob(f"*/*/{SOURCE}"), None) is not None


@cache
def counts(folder: Path, language: str | None = None) -> Counts:
    """Clean the cases of a language, or of all, and count what each rule removed.

    Raises:
        InputError: a case that can't be read.
    """
    cleaner = Cleaner()
    texts = 0
    removals, touched, negative = Counter[str](), Counter[str](), Counter[str]()
    for source in sorted(folder.glob(f"{language or '*'}/*/{SOURCE}")):
        try:
            text = source.read_bytes().decode("utf-8")
            about = source.with_name("case.toml")
            case = tomllib.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
        except OSError as problem:
            raise InputError(f"{source}: can't be read: {reason(problem)}") from None
        except ValueError as problem:
            raise InputError(f"{source.parent}: can't be used: {problem}") from None
        texts += 1
        rules = [removal.rule for removal in cleaner.explain(text).removed]
        removals.update(rules)
        touched.update(set(rules))
        if case.get("group") == "negative":
            negative.update(rules)
    return Counts(texts, dict(removals), dict(touched), dict(negative))
