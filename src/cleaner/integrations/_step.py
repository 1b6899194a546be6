"""What the steps share: settings that travel, and a cleaner made from them where the work is."""

from __future__ import annotations

from typing import Any

from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.model import Result
from cleaner.records.document import Worker
from cleaner.records.errors import Unusable
from cleaner.records.fields import MAX_BYTES, Fields
from cleaner.records.fingerprint import fingerprint


class Step:
    """Cleans documents. Pickled as its settings, with a fingerprint of what its output depends on.

    Args:
        text: the field with plain text.
        html: the field with HTML, to be read instead.
        output: the field that gets the clean text; the field of the text by default, ``text`` for HTML.
        removed: the field that gets what went: a list of spans with category and rule.
        url: the field with the document's address, for rules of sites.
        drop_empty: leave out documents of which nothing is left.
        min_words: leave out documents with fewer words.
        config: of the cleaner.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        html: str | None = None,
        output: str | None = None,
        removed: str | None = None,
        url: str | None = None,
        drop_empty: bool = False,
        min_words: int = 0,
        config: Config | None = None,
    ) -> None:
        self.config = Config() if config is None else config
        self.fields = Fields(
            text=text,
            html=html,
            output=output or (text if html is None else "text"),
            removed=removed,
            url=url,
            drop_empty=drop_empty,
            min_words=min_words,
            max_bytes=MAX_BYTES,
        )
        self.fingerprint = fingerprint(self.config)
        self._worker: Worker | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.config, tuple(self.fields), self.fingerprint)

    @property
    def worker(self) -> Worker:
        """The cleaner of this process."""
        if self._worker is None:
            self._worker = Worker(Cleaner(self.config), self.fields)
        return self._worker

    def clean(self, value: object, url: object = None) -> tuple[Result, bool]:
        """Clean one document, and say whether it stays. Nothing stays nothing.

        Raises:
            CleanerError: it is no text.
        """
        if value is None:
            value = ""
        if not isinstance(value, str) and not (isinstance(value, bytes) and self.fields.html is not None):
            raise CleanerError(f"{self.fields.source}: expected text, not {type(value).__name__}")
        try:
            return self.worker.clean(value, url if isinstance(url, str) else None)
        except Unusable as problem:
            detail = f": {problem.detail}" if problem.detail else ""
            raise CleanerError(f"{self.fields.source}: {problem.reason}{detail}") from None


def _restored(kind: type[Step], config: Config, fields: tuple[Any, ...], known: str) -> Step:
    del known  # in the pickle only so that it differs where the output would
    step = kind(config=config)
    step.fields = Fields(*fields)
    return step
