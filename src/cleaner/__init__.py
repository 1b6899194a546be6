"""Clean article text out of dirty scraped text, with every removal explained.

>>> import cleaner
>>> cleaner.clean("Ferry returns to the strait\\n\\nThe ferry sailed at dawn with forty cars.\\n\\nGet our app\\nX")
'Ferry returns to the strait\\n\\nThe ferry sailed at dawn with forty cars.'
"""

from __future__ import annotations

from functools import cache

from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError, ConfigError, MissingExtraError, RuleError, RuleTimeoutError
from cleaner.model import CATEGORIES, Block, Document, Removal, Result, Span

__version__ = "0.1.0"

__all__ = [
    "CATEGORIES",
    "Block",
    "Cleaner",
    "CleanerError",
    "Config",
    "ConfigError",
    "Document",
    "MissingExtraError",
    "Removal",
    "Result",
    "RuleError",
    "RuleTimeoutError",
    "Span",
    "clean",
    "explain",
]


@cache
def _default() -> Cleaner:
    return Cleaner()


def clean(text: str) -> str:
    """Return the clean article text of a plain text, under the default configuration.

    Nothing is invented or moved: the result is the text with characters deleted, and clean text comes back unchanged.

    Raises:
        TypeError: ``text`` isn't a ``str``.
    """
    return _default().clean(text)


def explain(text: str) -> Result:
    """Clean a plain text and say what went, from where and by which rule, under the default configuration.

    Raises:
        TypeError: ``text`` isn't a ``str``.
    """
    return _default().explain(text)
