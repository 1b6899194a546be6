"""Rules of sites: each is used only for documents that come from its site.

A file of them is TOML: ``[[site]]`` tables with a ``host`` and, below it, what an ordinary rule file has:
``[[site.rule]]``, ``[[site.keep]]``, ``site.let``. The host ``"*"`` stands for all documents. A site's rules hold for
the hosts below it, too, unless those have rules of their own; ``www.`` doesn't count.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cleaner.errors import RuleError
from cleaner.rule import Entry, Rule, parse_rules, read_toml

ANY: Final = "*"


def host_of(url: str | None) -> str | None:
    """Return the host of an address in lower case, without ``www.`` and port; ``None`` where it has none."""
    if not url:
        return None
    before, slashes, rest = url.strip().partition("//")
    if not slashes:
        rest = before
    for sign in "/?#\\":
        rest = rest.partition(sign)[0]
    host = rest.rpartition("@")[2].lower()
    host = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return host.removeprefix("www.").rstrip(".") or None


def read_sites(path: str | Path) -> dict[str, tuple[Entry, ...]]:
    """Read a file with rules of sites.

    Raises:
        RuleError: it can't be read or used; the message names file, rule, key and what was expected.
    """
    source = str(path)
    data = read_toml(Path(path))
    tables = data.pop("site", [])
    for key in data:
        raise RuleError(source, None, key, "unknown key; expected site, written [[site]]")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleError(source, None, "site", "expected tables, written [[site]]")
    found: dict[str, tuple[Entry, ...]] = {}
    for number, table in enumerate(tables, 1):
        rest = dict(table)
        host = rest.pop("host", None)
        if not isinstance(host, str) or (host != ANY and host_of(host) != host):
            raise RuleError(source, None, f"[[site]] {number}: host", "expected a host, such as harbour.example")
        for count in ("documents",):
            rest.pop(count, None)
        read = parse_rules(rest, f"{source}: {host}")
        if read.disable:
            raise RuleError(source, None, f"[[site]] {number}: disable", "a site can't switch rules off")
        found[host] = (*found.get(host, ()), *read.entries)
    return found


def rules_by_host(paths: Iterable[str]) -> dict[str, tuple[Rule, ...]]:
    """Return the rules of several files by host.

    Raises:
        RuleError: see :func:`read_sites`.
    """
    rules: dict[str, tuple[Rule, ...]] = {}
    for path in paths:
        for host, entries in read_sites(path).items():
            rules[host] = (*rules.get(host, ()), *(entry.rule for entry in entries))
    return rules


def rules_for(rules: dict[str, tuple[Rule, ...]], url: str | None) -> tuple[str, tuple[Rule, ...]]:
    """Return the site that an address belongs to (``""`` for none) and the rules that hold there."""
    common = rules.get(ANY, ())
    host = host_of(url) or ""
    while host:
        own = rules.get(host)
        if own is not None and host != ANY:
            return host, (*common, *own)
        host = host.partition(".")[2]
    return "", common
