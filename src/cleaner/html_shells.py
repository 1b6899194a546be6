"""Pages that don't show their article: its text from ``<noscript>``, JSON-LD or the data of scripts instead."""

from __future__ import annotations

import json
from html import unescape
from typing import Any, Final

from cleaner.html_walk import Reader, read_tags

FALLBACK_WORDS: Final = 60
"""A page whose shown text has fewer words than this, or a third of what its ``<noscript>`` or its JSON-LD holds, is an
empty shell; then that text is read instead."""

SHELL_WORDS: Final = 30
"""A page that shows fewer words in prose is an empty shell, and an article is looked for in the data of its scripts,"""

SHELL_LENGTH: Final = 2000
"""if it shows fewer characters than these: a quick look that most pages end with."""


def fill_shell(reader: Reader, warnings: list[str], html: str) -> None:
    """Read the text from elsewhere where the page is an empty shell, and warn of it."""
    holders = reader.holders
    if "noscript" in reader.tags:
        scripts = _inside(reader, "noscript")
        scripted = [number for number, holder in enumerate(holders) if holder >= 0 and scripts[holder]]
        inside = set(scripted)
        shown = [n for n in range(len(holders)) if n not in inside]
        shown_words, other = _count(reader, shown), _count(reader, scripted)
        if other > FALLBACK_WORDS and shown_words < max(FALLBACK_WORDS, other / 3):
            warnings.append("the page shows its text only without scripts; the text of its <noscript> was read")
        else:
            _pick(reader, shown)
    found = False
    if reader.data_scripts and any("articleBody" in script for script in reader.data_scripts):
        found = _article_body(reader, warnings)
    if not found and sum(map(len, reader.texts)) < SHELL_LENGTH and "<script" in html:
        _hydrated(reader, warnings, html)


def _inside(reader: Reader, tag: str) -> list[bool]:
    """Return, per element, whether it or an element around it has the tag."""
    found: list[bool] = []
    for parent, own in zip(reader.parents, reader.tags, strict=True):
        found.append(own == tag or (parent >= 0 and found[parent]))
    return found


def _count(reader: Reader, numbers: list[int]) -> int:
    """Count words of blocks that are text rather than links."""
    return sum(len(reader.texts[n].split()) for n in numbers if reader.links[n] * 2 < len(reader.texts[n]))


def _pick(reader: Reader, numbers: list[int]) -> None:
    gap = 0
    wanted = set(numbers)
    gaps = []
    for number, found in enumerate(reader.gaps):
        gap = max(gap, found)
        if number in wanted:
            gaps.append(gap)
            gap = 0
    reader.gaps = gaps
    for name in reader.columns:
        column = getattr(reader, name)
        setattr(reader, name, [column[number] for number in numbers])


def _article_body(reader: Reader, warnings: list[str]) -> bool:
    """Add the text of JSON-LD ``articleBody`` where the shown text lacks it, and say whether it does."""
    bodies: list[str] = []
    for script in reader.data_scripts:
        if "articleBody" in script:
            bodies += _bodies(script)
    if not bodies:
        return False
    body = max(bodies, key=len)
    words = len(body.split())
    shown = _count(reader, [n for n, text in enumerate(reader.texts) if len(text.split()) >= 8])
    if words < FALLBACK_WORDS or shown > max(FALLBACK_WORDS, words / 3):
        return False
    lines = read_tags(body).texts if "<" in body else [" ".join(line.split()) for line in unescape(body).splitlines()]
    _append(reader, lines)
    warnings.append("the page doesn't show its article; the articleBody of its JSON-LD was read")
    return True


def _hydrated(reader: Reader, warnings: list[str], html: str) -> None:
    """Add the article in the data of scripts, where hardly anything is shown."""
    from cleaner.evidence import count_words  # noqa: PLC0415  # few pages are shells
    from cleaner.hydration import hydrated  # noqa: PLC0415

    shown = 0
    for text, link in zip(reader.texts, reader.links, strict=True):
        words = count_words(text)
        # Teasers of a list are links as a whole, and prose; so are no headlines.
        shown += words if words >= (8 if 2 * link < len(text) else 12) else 0
    if shown >= SHELL_WORDS:
        return
    body = hydrated(html, reader.title)
    if body:
        _append(reader, read_tags(body).texts)
        warnings.append("the page doesn't show its article; text in the data of its scripts was read")


def _append(reader: Reader, lines: list[str]) -> None:
    """Add lines that the page doesn't show, as an article."""
    number = len(reader.parents)
    reader.parents.append(-1)
    reader.tags.append("article")
    reader.attributes.append(' itemprop="articleBody"')
    for line in lines:
        if line:
            reader.texts.append(line)
            reader.gaps.append(2)
            reader.holders.append(number)
            reader.links.append(0)
            reader.inline.append("")
            for name in reader.columns[4:]:
                getattr(reader, name).append(None)


def _bodies(script: str) -> list[str]:
    try:
        value = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    todo: list[Any] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            body = item.get("articleBody")
            if isinstance(body, str):
                found.append(body.encode("utf-8", "replace").decode())
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
    return found
