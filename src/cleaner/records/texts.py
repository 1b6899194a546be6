"""The documents of record files with their addresses, one after the other, for what only looks at them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.cli.output import reason
from cleaner.records.errors import RunError, Unusable
from cleaner.records.fields import Fields
from cleaner.records.find import Item


class Found(NamedTuple):
    """A document: its address, its text or HTML, and how far its file has been read."""

    url: str
    value: str | bytes
    read: int


def documents(items: Sequence[Item], fields: Fields, *, skipped: list[int] | None = None) -> Iterator[Found]:
    """Give the documents of files that have an address and a text. ``skipped[0]`` counts the others.

    Raises:
        RunError: a file can't be read, or hasn't the fields.
    """
    missed = [0] if skipped is None else skipped
    for item in items:
        try:
            with Path(item.path).open("rb") as file:
                for url, value, read in _of_file(file, item, fields):
                    if isinstance(url, str) and url and isinstance(value, str | bytes) and value:
                        yield Found(url, value, read)
                    else:
                        missed[0] += 1
        except OSError as problem:
            raise RunError(f"{item.name}: can't be read: {reason(problem)}") from None


def _of_file(file: BinaryIO, item: Item, fields: Fields) -> Iterator[tuple[Any, Any, int]]:
    if item.format == "parquet":
        yield from _parquet(file, item, fields)
    elif item.format == "warc":
        yield from _warc(file, item, fields)
    else:
        yield from _jsonl(file, item, fields)


def _jsonl(file: BinaryIO, item: Item, fields: Fields) -> Iterator[tuple[Any, Any, int]]:
    from cleaner.records import jsonl  # noqa: PLC0415

    for chunk in jsonl.read(file, 0, item.name, item.compression, (0, 0), fields.max_bytes):
        for line in chunk.data.split(b"\n"):
            if line.strip():
                try:
                    record = jsonl.parse(line.removeprefix(b"\xef\xbb\xbf"))
                except Unusable:
                    yield None, None, chunk.read
                else:
                    yield record.get(fields.url or "url"), record.get(fields.source), chunk.read


def _parquet(file: BinaryIO, item: Item, fields: Fields) -> Iterator[tuple[Any, Any, int]]:
    from cleaner.records import parquet  # noqa: PLC0415
    from cleaner.records.arrow import arrow, decoded, values  # noqa: PLC0415

    parquet.check(file, item.name, fields)
    for chunk in parquet.read(file, 0, item.name, (0, 0)):
        batch = arrow().ipc.open_stream(chunk.data).read_next_batch()
        columns = [values(batch.column(batch.schema.names.index(name))) for name in (fields.url, fields.source)]
        for url, value in zip(*columns, strict=True):
            try:
                text = value if fields.html is not None or value is None else decoded(value)
                yield None if url is None else decoded(url), text, chunk.read
            except Unusable:
                yield None, None, chunk.read


def _warc(file: BinaryIO, item: Item, fields: Fields) -> Iterator[tuple[Any, Any, int]]:
    from cleaner.records import warc  # noqa: PLC0415

    for chunk in warc.read(file, 0, item.name, (0, 0), fields.max_bytes):
        for response in pickle.loads(chunk.data):  # noqa: S301  # made by the line above
            page = None if response.problem else warc.page_of(response.message, fields.max_bytes)
            if page is not None:
                yield response.url, page, chunk.read
