"""Clean article text out of dirty scraped text, with every removal explained.

>>> import cleaner
>>> cleaner.clean("Ferry returns to the strait\\n\\nThe ferry sailed at dawn with forty cars.\\n\\nGet our app\\nX")
'Ferry returns to the strait\\n\\nThe ferry sailed at dawn with forty cars.'
"""

from __future__ import annotations

from functools import cache

from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError, ConfigError, HtmlError, MissingExtraError, RuleError, RuleTimeoutError
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
    "HtmlError",
    "MissingExtraError",
    "Removal",
    "Result",
    "RuleError",
    "RuleTimeoutError",
    "Span",
    "clean",
    "clean_html",
    "explain",
    "explain_html",
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


def clean_html(html: object, *, encoding: str | None = None) -> str:
    """Return the clean article text of a web page, under the default configuration.

    Args:
        html: ``str``, ``bytes``, an lxml element or tree, a ``BeautifulSoup`` or ``Tag``; it isn't changed.
        encoding: for bytes, what the server said.

    Raises:
        TypeError: ``html`` is none of these.
        HtmlError: the bytes are compressed, or a PDF.
    """
    return _default().clean_html(html, encoding=encoding)


def explain_html(html: object, url: str | None = None, *, encoding: str | None = None) -> Result:
    """Clean a web page and say what went, from where and why, under the default configuration.

    See :meth:`Cleaner.explain_html`. ``result.warnings`` says what was cut, guessed or read from elsewhere.
    """
    return _default().explain_html(html, url, encoding=encoding)
