"""Documents to look at, out of text files, web pages and records, all of them or a sample."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

from cleaner.cli import files as io
from cleaner.cli.files import InputError, Source
from cleaner.engine import Cleaner
from cleaner.errors import MissingExtraError
from cleaner.model import Result

RECORDS: Final = (".jsonl", ".ndjson", ".jsonlines")
PAGES: Final = (".html", ".htm", ".xhtml")
COLUMNS: Final = (".parquet", ".pq")
CASE: Final = "case.toml"
"""What marks a folder as a golden case, of which only the source is a document."""

NAMES: Final = ("id", "url", "name", "title")
"""Fields of a record that can name it, best first."""


class Raw(NamedTuple):
    """A document as it was read: its name, its text or its page, and where it is from, if that is known."""

    name: str
    text: str | bytes
    page: bool = False
    url: str | None = None


class Reading(NamedTuple):
    """How documents are read.

    Attributes:
        text: the field of a record that holds plain text.
        html: the field that holds a page, which is read instead of ``text``.
        encoding: of text files.
        errors: what becomes of bytes that aren't in it.
    """

    text: str = "text"
    html: str | None = None
    encoding: str = "utf-8"
    errors: str = "strict"


def documents(names: Iterable[str], reading: Reading) -> Iterator[Raw]:
    """Yield the documents of files, in order; what a file is, its name says.

    Raises:
        InputError: a file, or a line of one, that can't be read.
        MissingExtraError: Parquet without pyarrow.
    """
    for name in names:
        kind = name.lower()
        if kind.removesuffix(".gz").endswith(RECORDS):
            yield from _lines(_unpacked(name), reading)
        elif kind.endswith(COLUMNS):
            yield from _columns(name, reading)
        elif kind.endswith(PAGES):
            # A page says its encoding itself, so its bytes are handed on.
            source = io.read(name, "latin-1", "strict")
            yield Raw(source.shown, source.data, page=True)
        else:
            source = io.read(name, reading.encoding, reading.errors)
            yield Raw(source.shown, source.text)


def _unpacked(name: str) -> Source:
    if not name.lower().endswith(".gz"):
        return io.read(name, "utf-8", "strict")
    import gzip  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    packed = io.read(name, "latin-1", "strict").data
    try:
        data = gzip.decompress(packed)
        return Source(name, name, packed, data.decode("utf-8"), "utf-8", "strict")
    except (OSError, EOFError, zlib.error) as problem:
        raise InputError(f"{name}: can't be unpacked: {problem}") from None
    except UnicodeDecodeError as problem:
        raise InputError(f"{name}: isn't UTF-8: bad byte at offset {problem.start}") from None


def _lines(source: Source, reading: Reading) -> Iterator[Raw]:
    import json  # noqa: PLC0415  # only records need it

    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{source.shown}: line {number}"
        try:
            record = json.loads(line.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as problem:
            raise InputError(f"{where}: isn't JSON: {problem}") from None
        if not isinstance(record, dict):
            raise InputError(f'{where}: expected an object, such as {{"text": ...}}')
        yield _record(record, f"{source.shown}:{number}", where, reading)


def _columns(name: str, reading: Reading) -> Iterator[Raw]:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise MissingExtraError(f"{name}: Parquet needs pyarrow; install it with: pip install pyarrow") from None
    try:
        with parquet.ParquetFile(name) as file:
            wanted = {reading.html or reading.text, *NAMES}
            columns = [column for column in file.schema_arrow.names if column in wanted]
            number = 0
            for batch in file.iter_batches(batch_size=256, columns=columns):
                for record in batch.to_pylist():
                    number += 1
                    yield _record(record, f"{name}:{number}", f"{name}: row {number}", reading)
    except (OSError, arrow.ArrowException) as problem:
        raise InputError(f"{name}: can't be read as Parquet: {problem}") from None


def _record(record: dict[str, Any], fallback: str, where: str, reading: Reading) -> Raw:
    field = reading.html or reading.text
    text = record.get(field)
    if not isinstance(text, str):
        from cleaner.config import nearest  # noqa: PLC0415  # only a mistake needs it

        option = "--html-field" if reading.html else "--field"
        problem = f"no field {field!r}{nearest(field, record)}" if field not in record else f"{field!r} is no text"
        raise InputError(f"{where}: {problem}; name the field with {option}")
    name = next((str(record[key]) for key in NAMES if record.get(key)), fallback)
    url = record.get("url")
    return Raw(name, text, reading.html is not None, url if isinstance(url, str) else None)


def sample(found: Iterable[Raw], count: int, seed: int) -> list[Raw]:
    """Return so many documents, each as likely as any other, in their order; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # a sample, no secret
    chosen: list[tuple[int, Raw]] = []
    for number, raw in enumerate(found):
        if len(chosen) < count:
            chosen.append((number, raw))
        elif (place := int(chance.random() * (number + 1))) < count:
            chosen[place] = (number, raw)
    return [raw for _, raw in sorted(chosen, key=lambda item: item[0])]


def explain(cleaner: Cleaner, raw: Raw) -> Result:
    """Clean a document as what it is.

    Raises:
        InputError: a web page, where this version cleans text alone.
    """
    if isinstance(raw.text, str) and not raw.page:
        return cleaner.explain(raw.text, url=raw.url)
    explain_html = getattr(cleaner, "explain_html", None)
    if explain_html is None:
        raise InputError(f"{raw.name}: is a web page, and this version cleans plain text alone")
    result: Result = explain_html(raw.text, raw.url)
    return result


def is_page(text: str) -> bool:
    """Whether a text begins as web pages do."""
    head = text[:4096].lstrip("\ufeff \t\r\n\f").lower()
    return head.startswith(("<!doctype html", "<html", "<head", "<body")) or (
        head.startswith(("<?xml", "<!--")) and "<html" in head
    )


def names_of(paths: Sequence[str]) -> list[str]:
    """Return the files that paths name; of a folder, those below it, in order."""
    import os  # noqa: PLC0415

    found: list[str] = []
    for path in paths:
        if path != io.STDIN and os.path.isdir(path):  # noqa: PTH112
            for folder, inner, names in os.walk(path):
                inner.sort()
                if CASE in names:
                    names = [name for name in names if name.startswith("source.")]  # noqa: PLW2901
                found += [os.path.join(folder, name) for name in sorted(names) if not name.startswith(".")]  # noqa: PTH118
        else:
            found.append(path)
    return found
