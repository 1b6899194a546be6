"""The words of a text, by which it is told that one line says the same as another."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_WORD: Final = r"[^\W_]+(?:['\-.][^\W_]+)*"
_SIGN: Final = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation; a Chinese or Japanese sign is a word."""
    return _words(ascii_only=text.isascii()).findall(text.lower())


@cache
def _words(*, ascii_only: bool) -> re.Pattern[str]:
    # A class of far-away characters is slow to compile, and ASCII doesn't need it.
    return re.compile(_WORD if ascii_only else f"{_SIGN}|{_WORD}")
