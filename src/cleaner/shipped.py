"""The rules that come with the package: where they are written, and the table they are loaded from.

The TOML files below ``rules/`` are the source. Reading a thousand rules with their examples takes longer than a command
may take to start, so ``python -m cleaner.catalog`` writes what is needed to clean into ``_table.py``; a test
fails when the table is not what the files say.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from cleaner.rule import Index, Rule

FOLDER: Final = Path(__file__).parent / "rules"
TABLE: Final = Path(__file__).parent / "_table.py"


@cache
def shipped_rules() -> tuple[tuple[Rule, ...], Index]:
    """Return the shipped rules and their index, from the table."""
    from cleaner import _table  # noqa: PLC0415  # generated; must not be needed to generate it

    return tuple(Rule(*row) for row in _table.RULES), Index(*_table.INDEX)
