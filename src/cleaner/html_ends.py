"""Where an element ends whose content is passed over: the search for its end tag."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cleaner.html_elements import NESTING

_NESTED: Final = 40
"""So many tags of its name are looked at for the one that ends an element."""


@cache
def end_tag(tag: str) -> re.Pattern[str]:
    """Return what finds the end tags of an element."""
    return re.compile(rf"</{re.escape(tag)}(?=[\s/>])[^>]*+>?", re.IGNORECASE)


@cache
def _either(tag: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(tag)}(?=[\s/>])[^>]*+>?", re.IGNORECASE)


def matching_end(html: str, tag: str, at: int, *, strict: bool = False) -> tuple[int, int]:
    """Return where the end tag of an element starts and ends that began before ``at``.

    -1 where there is no end tag at all. Where nesting doesn't work out within a few tags, the first end tag counts, or -2
    with ``strict``.
    """
    depth, first = 1, (-1, -1)
    for count, found in enumerate(_either(tag).finditer(html, at)):
        if count > _NESTED:
            break
        if found.group(1):
            depth -= 1
            if first[0] < 0:
                first = found.span()
            if not depth:
                return found.span()
        elif found.group()[-2:] != "/>" or tag not in NESTING:
            depth += 1
    else:
        return first if not strict or first[0] < 0 else (-2, -2)
    return (-2, -2) if strict or first[0] < 0 else first
