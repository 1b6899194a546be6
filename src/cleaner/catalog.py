"""The shipped rules as they are written: with reasons and examples, read from the files below ``rules/``.

``python -m cleaner.catalog`` writes the table that :mod:`cleaner.shipped` loads.
"""

from __future__ import annotations

import sys

from cleaner.errors import RuleError
from cleaner.rule import SHARED, Entry, build_index, read_rules
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
    """Return the text that ``_table.py`` must have."""
    rules = tuple(entry.rule for entry in shipped_entries())
    index = build_index(rules)
    lines = ['"""Generated from the rule files by ``python -m cleaner.catalog``; don\'t edit."""', "", "RULES = ("]
    lines += [f"    {tuple(rule)!r}," for rule in rules]
    lines += [")", "", "INDEX = ("]
    for part in index:
        if isinstance(part, dict):
            lines += ["    {", *(f"        {key!r}: {numbers!r}," for key, numbers in part.items()), "    },"]
        else:
            lines.append(f"    {part!r},")
    lines += [")", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        TABLE.write_text(render_table(), encoding="utf-8")
    except RuleError as problem:
        sys.exit(f"error: {problem}")
