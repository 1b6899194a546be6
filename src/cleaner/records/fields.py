"""Which fields of a record are read and written, and which records stay."""

from __future__ import annotations

from typing import Final, NamedTuple

MAX_BYTES: Final = 64 << 20


class Fields(NamedTuple):
    """What a run does with each record.

    Attributes:
        text: the field with plain text.
        html: the field with HTML, which is read instead of ``text``.
        output: the field that gets the clean text.
        removed: the field that gets what went, a list of spans with category and rule.
        url: the field with the document's address, for site rules and for the statistics by host.
        drop_empty: whether documents of which nothing is left are left out.
        min_words: how many words a document needs to be kept.
        max_bytes: how large a record may be.
    """

    text: str = "text"
    html: str | None = None
    output: str = "text"
    removed: str | None = None
    url: str | None = None
    drop_empty: bool = False
    min_words: int = 0
    max_bytes: int = MAX_BYTES

    @property
    def source(self) -> str:
        """The field that is read."""
        return self.text if self.html is None else self.html

    def drops(self, text: str, words: int) -> bool:
        """Whether a document with this clean text is left out."""
        return words < self.min_words or (self.drop_empty and not text.strip())
