"""The rules that come with the package: where they are written, and the table they are loaded from.

The TOML files below ``rules/`` are the source. Reading a thousand rules with their examples takes longer than a command
may take to start, so ``python -m cleaner.catalog`` writes what is needed to clean into ``data/rules.json``; a test
fails when the table is not what the files say.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from cleaner.rule import Index, Rule

FOLDER: Final = Path(__file__).parent / "rules"
TABLE: Final = Path(__file__).parent / "data" / "rules.json"


@cache
def shipped_rules() -> tuple[tuple[Rule, ...], Index]:
    """Return the shipped rules and their index, from the table."""
    import json  # noqa: PLC0415  # the command's start doesn't need it

    data = json.loads(TABLE.read_text(encoding="utf-8"))
    names = Rule._fields
    rules = tuple(Rule(**{names[int(key)]: _frozen(value) for key, value in row.items()}) for row in data["rules"])
    exact: dict[str, tuple[int, ...]] = {}
    for number, rule in enumerate(rules):
        for line in rule.literals:
            exact[line] = (*exact.get(line, ()), number)
    for line, numbers in data["exact"].items():
        exact[line] = (*exact.get(line, ()), *numbers)
    prefix, needle = ({key: tuple(found) for key, found in data[name].items()} for name in ("prefix", "needle"))
    return rules, Index(exact, prefix, needle, tuple(data["blocks"]), tuple(data["inlines"]))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
