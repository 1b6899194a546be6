"""What a worker needs to know, and what it does with a chunk."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.records.chunk import Chunk, Done
from cleaner.records.document import Worker
from cleaner.records.fields import Fields
from cleaner.records.find import Item


class Job(NamedTuple):
    """A run as its workers see it: the same for all of them, and small enough to be sent to each."""

    config: Config
    fields: Fields
    items: tuple[Item, ...]


class Hands:
    """A worker's own cleaner, compiled once, and what it does with the chunks it gets."""

    def __init__(self, job: Job) -> None:
        self._items = job.items
        cleaner = Cleaner(job.config)
        self._texts = Worker(cleaner, job.fields)
        # Pages are HTML, whatever the fields of other records are called.
        self._pages = Worker(cleaner, job.fields._replace(html=job.fields.html or "html"))

    def work(self, chunk: Chunk) -> Done:
        """Clean one chunk."""
        item = self._items[chunk.item]
        if item.format == "parquet":
            from cleaner.records import parquet  # noqa: PLC0415

            return parquet.work(chunk, self._texts, item.name)
        if item.format == "warc":
            from cleaner.records import warc  # noqa: PLC0415

            return warc.work(chunk, self._pages, item.name, item.packing)
        from cleaner.records import jsonl  # noqa: PLC0415

        return jsonl.work(chunk, self._texts, item.name, item.packing)
