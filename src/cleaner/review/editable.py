"""A shipped rule as a rule file of one's own: the same rule under another name, and the shipped one switched off."""

from __future__ import annotations

import json
from typing import Any, Final

from cleaner.cli.reasons import find
from cleaner.errors import ConfigError
from cleaner.pattern import calls
from cleaner.rule import SHARED, read_toml

OWN: Final = "my"
"""What stands in the place of the language in the id of a copy."""


def editable(identity: str) -> str:
    """Return the TOML of a rule file in which a copy of a shipped rule stands, to change.

    Raises:
        ConfigError: there is no such rule, or no file says it.
        RuleError: its file can't be read.
    """
    known = find(identity)
    if known is None:
        raise ConfigError(f"{identity}: is no shipped rule; a rule of your own is edited where it stands")
    if known.path is None:
        raise ConfigError(f"{identity}: is found by code, not by a pattern; it can be switched off, not edited")
    data = read_toml(known.path)
    kind, table = next(
        (kind, table) for kind in ("rule", "keep") for table in data.get(kind, ()) if table["id"] == identity
    )
    common = known.path.with_name(SHARED)
    let = {**(read_toml(common).get("let", {}) if common.exists() else {}), **data.get("let", {})}
    needed = _needed(table.get("pattern", ""), let)
    out = f"disable = [{_value(identity)}]\n"
    if needed:
        out += "\n[let]\n" + "".join(f"{name} = {_value(value)}\n" for name, value in needed.items())
    out += f"\n[[{kind}]]\n"
    for key, value in {**table, "id": f"{OWN}.{identity.partition('.')[2]}"}.items():
        out += f"{key} = {_value(value)}\n"
    return out


def _needed(pattern: str, let: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = calls(pattern)
    while wanted:
        name = wanted.pop(0)
        if name not in found and name in let:
            found[name] = let[name]
            wanted += calls(let[name])
    return found


def _value(value: Any) -> str:
    if isinstance(value, list):
        if sum(map(len, map(str, value))) < 60:
            return "[" + ", ".join(map(_value, value)) + "]"
        return "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if "'" not in value and value.isprintable():
        return f"'{value}'"
    if "'''" not in value and not value.endswith("'") and value.isprintable():
        return f"'''{value}'''"
    # A string of JSON is one of TOML but for DEL and what lies beyond 16 bits, which stands as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
