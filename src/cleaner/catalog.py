"""The shipped rules as they are written: with reasons and examples, read from the files below ``rules/``.

``python -m cleaner.catalog`` writes the table that :mod:`cleaner.shipped` loads.
"""

from __future__ import annotations

import json
import sys

from cleaner.errors import RuleError
from cleaner.rule import SHARED, Entry, Rule, build_index, read_rules
from cleaner.shipped import FOLDER, TABLE


def shipped_entries() -> tuple[Entry, ...]:
    """Read the shipped rule files, with reasons and examples, in the order of their addresses.

    Raises:
        RuleError: a file can't be used, or two files use the same id.
    """
    entries: list[Entry] = []
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*/*.toml")):
        if path.name == SHARED:
            continue
        for entry in read_rules(path, shipped=True).entries:
            if entry.rule.id in seen:
                raise RuleError(str(path), entry.rule.id, "id", f"also used in {seen[entry.rule.id]}")
            seen[entry.rule.id] = str(path)
            entries.append(entry)
    return tuple(entries)


def render_table() -> str:
    """Return the text that the table must have: what differs from a rule's defaults, and the index."""
    rules = tuple(entry.rule for entry in shipped_entries())
    index = build_index(rules)
    known = {(line, number) for number, rule in enumerate(rules) for line in rule.literals}
    exact = {
        line: left
        for line, numbers in index.exact.items()
        if (left := [number for number in numbers if (line, number) not in known])
    }
    rows = [
        {
            str(at): value
            for at, (name, value) in enumerate(rule._asdict().items())
            if value != Rule._field_defaults.get(name)
        }
        for rule in rules
    ]
    parts = {
        "exact": exact,
        "prefix": index.prefix,
        "needle": index.needle,
        "blocks": index.blocks,
        "inlines": index.inlines,
    }
    lines = [_json(row) for row in rows]
    tables = [f"{_json(name)}:{_json(part)}" for name, part in parts.items()]
    return '{"rules":[\n' + ",\n".join(lines) + "\n],\n" + ",\n".join(tables) + "}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    try:
        TABLE.write_text(render_table(), encoding="utf-8")
    except RuleError as problem:
        sys.exit(f"error: {problem}")
