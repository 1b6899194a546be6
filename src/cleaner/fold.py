"""Folding: the plain form of a text in which rules look for their words, character by character at the same place.

Spaces of all kinds become a space, curly quotes straight ones, dashes a hyphen, full-width forms and the digits of other scripts their ASCII
counterparts, lone surrogates a replacement character. Every character maps to one character, so that offsets in the folded text are offsets in the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_PLAIN: Final = {
    "\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000\t": " ",
    "\\u2018\\u2019\\u201a\\u201b\\u2032\\u02bc\\u00b4`": "'",
    "\\u201c\\u201d\\u201e\\u201f\\u2033\\u00ab\\u00bb": '"',
    "\\u2010-\\u2015\\u2212": "-",
    "\\u2022\\u00b7\\u2219\\u30fb\\u25cf\\u25aa\\u2027": "\u00b7",
    "\\u203a\\u2192\\u00bb\\u276f\\u25b6\\u25b8\\u27a4\\u279c": "\u203a",
}
_NARROW: Final = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}

_DIGIT: Final = "[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]"
_DIGITS: Final = {start + digit: 48 + digit for start in (0x660, 0x6F0, 0x966) for digit in range(10)}

INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\u00ad\ufe0e\ufe0f"
"""Characters that nobody sees: zero-width, bidirectional marks, soft hyphens, variation selectors, byte-order marks."""

_INVISIBLE: Final = f"[{INVISIBLE}]"
_SURROGATE: Final = "[\ud800-\udfff]"
_FULL_WIDTH: Final = "[\uff01-\uff5e]"


@cache
def _pattern(written: str) -> re.Pattern[str]:
    # Compiled when a text needs it: classes of far-away characters are slow to compile, and ASCII needs none of them.
    return re.compile(written)


def fold(text: str) -> str:
    """Return the plain form of a text, of the same length."""
    if text.isascii():
        return text.replace("\t", " ").replace("`", "'")
    text = _pattern(_SURROGATE).sub("\ufffd", text)
    for chars, plain in _PLAIN.items():
        text = _pattern(f"[{chars}]").sub(plain, text)
    if _pattern(_FULL_WIDTH).search(text):
        text = text.translate(_NARROW)
    if _pattern(_DIGIT).search(text):
        text = text.translate(_DIGITS)
    return text


def lower(text: str) -> str:
    """Return the text in lower case, of the same length (``str.lower`` turns the one character "İ" into two)."""
    lowered = text.lower()
    if len(lowered) != len(text):
        text = text.replace("\u0130", "i")
        lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join([low if len(low := char.lower()) == 1 else char for char in text])
    return lowered


def visible(text: str) -> str:
    """Return the text without invisible characters and with each run of blanks squeezed to one space."""
    if not text.isascii():
        text = _pattern(_INVISIBLE).sub("", text)
    return " ".join(text.split())
