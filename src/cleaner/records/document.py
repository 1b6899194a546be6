"""One document of a record: cleaned, counted, or found unusable."""

from __future__ import annotations

from typing import Any, Final

from cleaner.engine import Cleaner
from cleaner.errors import CleanerError, RuleTimeoutError
from cleaner.model import Result
from cleaner.records.errors import RunError, Unusable
from cleaner.records.fields import Fields
from cleaner.records.tally import Tally
from cleaner.site import host_of

REMOVED_KEYS: Final = ("start", "end", "text", "category", "rule", "confidence")
_REPORTED: Final = 60


class Worker:
    """Cleans the documents of records and counts them. Not shared between processes; each makes its own."""

    def __init__(self, cleaner: Cleaner, fields: Fields) -> None:
        self.cleaner = cleaner
        self.fields = fields
        self.tally = Tally()

    def clean(self, value: str | bytes, url: str | None) -> tuple[Result, bool]:
        """Clean one document.

        Returns:
            The result, and whether the document stays.

        Raises:
            Unusable: a pattern of a user's takes too long on it, or it is no HTML.
            RunError: HTML can't be read at all by this version.
        """
        try:
            result = self._explain(value, url)
        except RuleTimeoutError as problem:
            raise Unusable("a pattern takes too long", str(problem)) from None
        except RunError:
            raise
        except CleanerError as problem:
            raise Unusable("not HTML", str(problem)) from None
        text = result.text
        words = len(text.split())
        stays = not self.fields.drops(text, words)
        self.tally.add(value, result, words, host_of(url), stays=stays)
        return result, stays

    def _explain(self, value: str | bytes, url: str | None) -> Result:
        if self.fields.html is None:
            text = value if isinstance(value, str) else value.decode()
            return self.cleaner.explain(text, url=url)
        explain: Any = getattr(self.cleaner, "explain_html", None)
        if explain is None:
            raise RunError("HTML can't be read by this version of cleaner; give it text (--field)")
        result: Result = explain(value, url=url)
        return result


def removed_list(result: Result) -> list[dict[str, Any]]:
    """Return what went as plain values: spans of the document's text, with category and rule."""
    return [
        {
            "start": one.start,
            "end": one.end,
            "text": one.text,
            "category": one.category,
            "rule": one.rule,
            "confidence": one.confidence,
        }
        for one in result.removed
    ]


def shortened(value: object) -> str:
    """Return a value as it is named in a message."""
    shown = repr(value)
    return shown if len(shown) <= _REPORTED else shown[:_REPORTED] + "..."
