"""Parquet: read in batches of rows, written back with the schema, the compression and the row groups of the input.

A Parquet file can't be continued where writing stopped. So what workers give back is kept as Arrow streams, and
put together when the last one is there.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from cleaner.errors import CleanerError
from cleaner.extras import load
from cleaner.records.arrow import TOO_LARGE, arrow, clean_batch, output_schema
from cleaner.records.chunk import SIZE, Chunk, Done, Rejects
from cleaner.records.document import Worker
from cleaner.records.errors import RunError
from cleaner.records.fields import Fields
from cleaner.records.tally import Tally

_HEAD: Final = struct.Struct("<IQ")
_MAX_ROWS: Final = 10_000


def parquet() -> Any:
    """Return pyarrow's module for Parquet."""
    return load("pyarrow.parquet", "records", "Parquet")


def open_file(file: BinaryIO, name: str) -> Any:
    """Open a Parquet file.

    Raises:
        RunError: it is none, or is damaged.
    """
    try:
        return parquet().ParquetFile(file)
    except (OSError, ValueError) as problem:
        raise RunError(f"{name}: can't be read: {_first_line(problem)}") from None


def check(file: BinaryIO, name: str, fields: Fields) -> None:
    """Say what is wrong with a file before anything is made of it.

    Raises:
        RunError: it is no Parquet file, or lacks a column.
    """
    schema = open_file(file, name).schema_arrow
    try:
        output_schema(schema, fields)
    except RunError as problem:
        raise RunError(f"{name}: {problem}") from None


def read(file: BinaryIO, item: int, name: str, start: tuple[int, int]) -> Iterator[Chunk]:
    """Cut a file into batches of rows, from the row of a row group where a chunk ended."""
    source = open_file(file, name)
    groups = source.metadata
    first = 1
    try:
        for group in range(groups.num_row_groups):
            described = groups.row_group(group)
            rows = described.num_rows
            if group >= start[0]:
                size = max(1, min(_MAX_ROWS, rows * SIZE // max(1, described.total_byte_size)))
                row = 0
                for batch in source.iter_batches(batch_size=size, row_groups=[group]):
                    after = (group, row + batch.num_rows)
                    if after > start:
                        yield Chunk(item, _stream(batch), first + row, group, after, _read(groups, group, row, rows))
                    row += batch.num_rows
            first += rows
    except (OSError, ValueError) as problem:
        raise RunError(f"{name}: can't be read: {_first_line(problem)}") from None


def _read(groups: Any, group: int, row: int, rows: int) -> int:
    described = groups.row_group(group)
    columns = [described.column(number) for number in range(described.num_columns)]
    begin = min((column.file_offset or column.data_page_offset for column in columns), default=0)
    size = sum(column.total_compressed_size for column in columns)
    return int(begin + size * row / max(1, rows))


def _stream(batch: Any, compression: str | None = None) -> bytes:
    pa = arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def work(chunk: Chunk, worker: Worker, source: str) -> Done:
    """Clean the rows of a chunk."""
    pa = arrow()
    worker.tally = tally = Tally()
    rejects = Rejects(source, tally)
    batch = pa.ipc.open_stream(chunk.data).read_next_batch()
    done = clean_batch(batch, worker, output_schema(batch.schema, worker.fields))
    for row, reason, detail in done.bad:
        record = None if reason == TOO_LARGE else _row(batch, row)
        rejects.add({"row": chunk.first + row, "row_group": chunk.where}, reason, detail, record)
    data = _stream(done.batch, "zstd") if done.batch.num_rows else b""
    return Done(_HEAD.pack(chunk.where, len(data)) + data if data else b"", rejects.written(), tally)


def _row(batch: Any, row: int) -> str:
    """Return a row as JSON; what isn't UTF-8 is written in base64."""
    pa = arrow()
    values: dict[str, Any] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        cell = column.slice(row, 1)
        try:
            values[name] = cell.to_pylist()[0]
        except UnicodeDecodeError:
            raw = cell.dictionary_decode() if pa.types.is_dictionary(cell.type) else cell
            raw = raw.view(pa.large_binary() if pa.types.is_large_string(raw.type) else pa.binary())
            values[name] = {"base64": base64.b64encode(raw.to_pylist()[0]).decode("ascii")}
    return json.dumps(values, default=_plain)


def _plain(value: object) -> object:
    return {"base64": base64.b64encode(value).decode("ascii")} if isinstance(value, bytes) else str(value)


def assemble(spool: BinaryIO, source: BinaryIO, name: str, sink: Any, fields: Fields) -> None:
    """Write the file that was cleaned, from the streams that workers gave back.

    Raises:
        OSError: it can't be written.
        CleanerError: the input can't be read any more.
    """
    pa = arrow()
    original = open_file(source, name)
    schema = output_schema(original.schema_arrow, fields)
    with parquet().ParquetWriter(sink, schema, **_settings(original, schema)) as writer:
        batches: list[Any] = []
        current = -1

        def flush() -> None:
            if batches:
                table = pa.Table.from_batches(batches, schema=schema)
                writer.write_table(table, row_group_size=max(1, table.num_rows))
                batches.clear()

        while head := spool.read(_HEAD.size):
            group, length = _HEAD.unpack(head)
            data = spool.read(length)
            if len(data) != length:
                raise CleanerError(f"{name}: what was kept of it is damaged")
            if group != current:
                flush()
                current = group
            batches += list(pa.ipc.open_stream(data))
        flush()


def _settings(original: Any, schema: Any) -> dict[str, Any]:
    """Return how the input was written, as far as a file says that."""
    metadata = original.metadata
    settings: dict[str, Any] = {"version": "1.0" if metadata.format_version == "1.0" else "2.6"}
    if b"ARROW:schema" not in (metadata.metadata or {}):
        settings["store_schema"] = False
    if not metadata.num_row_groups:
        return settings
    group = metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    codecs = {column.path_in_schema: column.compression for column in columns}
    common = max(sorted(set(codecs.values())), key=list(codecs.values()).count, default="SNAPPY")
    dictionary = [column.path_in_schema for column in columns if column.has_dictionary_page]
    if len(set(codecs.values())) == 1 and set(schema.names) == set(original.schema_arrow.names):
        settings["compression"] = _codec(common)
    else:
        paths = _paths(schema)
        settings["compression"] = {path: _codec(codecs.get(path, common)) for path in paths}
    settings["use_dictionary"] = True if len(dictionary) == len(columns) else dictionary
    settings["write_statistics"] = any(column.is_stats_set for column in columns)
    return settings


def _codec(name: str) -> str:
    return "NONE" if name == "UNCOMPRESSED" else name


def _paths(schema: Any) -> list[str]:
    """Return the addresses of all leaf columns as Parquet writes them."""
    pa = arrow()
    sink = pa.BufferOutputStream()
    with parquet().ParquetWriter(sink, schema) as writer:
        writer.write_table(schema.empty_table())
    found = parquet().ParquetFile(pa.BufferReader(sink.getvalue())).schema
    return [found.column(number).path for number in range(len(found))]


def _first_line(problem: Exception) -> str:
    return str(problem).partition("\n")[0].rstrip(". ") or type(problem).__name__
