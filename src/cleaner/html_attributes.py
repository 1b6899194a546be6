"""What the attributes of a tag say: their values, the words of its names, and whether it is hidden."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_ATTRIBUTE: Final = re.compile(r"([^\s=/>\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_NAMED: Final = ("class", "id", "itemprop", "role")
"""The attributes whose words are an element's names."""

_QUOTED: Final = tuple(f' {name}="' for name in _NAMED)
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS: Final = re.compile(
    r"(?<![^\s_-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?)(?![^\s_-])", re.IGNORECASE
)
_SEPARATORS: Final = bytes(ord(chr(byte).lower()) if chr(byte).isalpha() else 32 for byte in range(128)) + b" " * 128
"""Lower case for ASCII letters, a space for every other byte."""

_MAX_NAMES: Final = 200
"""So many characters of an element's names are looked at."""


def parsed(attributes: str) -> dict[str, str]:
    """Return attributes by their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(attributes):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def hides(attributes: dict[str, str]) -> bool:
    """Return whether an element with these attributes isn't shown."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"]) is not None)
        or ("class" in attributes and _HIDDEN_CLASS.search(attributes["class"]) is not None)
    )


def names_and_hidden(attributes: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of an element's names, and whether it is hidden."""
    # A look at the text first, as most elements have none of these and need not be parsed for it; html_walk does the same.
    maybe = "hidden" in attributes or "none" in attributes or "sr-only" in attributes or "screen-reader" in attributes
    if not maybe and attributes.count("=") == attributes.count('="'):
        joined = ""
        for name in _QUOTED:
            at = attributes.find(name)
            if at >= 0:
                at += len(name)
                joined += " " + attributes[at : attributes.find('"', at)]
        return (name_words(joined) if joined else ()), False
    found = parsed(attributes)
    joined = ""
    for name in _NAMED:
        if name in found:
            joined += " " + found[name]
    return name_words(joined), maybe and hides(found)


def name_words(names: str) -> tuple[str, ...]:
    """Return the lower-case ASCII words of class names and the like: ``"post__body main-col"`` has four."""
    return tuple(names[:_MAX_NAMES].encode("ascii", "ignore").translate(_SEPARATORS).decode().split())


def classes(attributes: list[str]) -> tuple[str, ...]:
    """Return the class of each piece of attributes."""
    known = {"": ""}
    for written in attributes:
        if written not in known:
            known[written] = parsed(written).get("class", "")[:_MAX_NAMES]
    return tuple([known[written] for written in attributes])
