"""Arrow record batches: the one function behind Parquet files and the engines that hand over batches."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from cleaner.extras import load
from cleaner.records.document import Worker, removed_list
from cleaner.records.errors import RunError, Unusable
from cleaner.records.fields import Fields

TOO_LARGE: Final = "over --max-bytes"


class Cleaned(NamedTuple):
    """A batch that was cleaned, and the rows that couldn't be used: which, why, and the detail."""

    batch: Any
    bad: tuple[tuple[int, str, str], ...]


def arrow() -> Any:
    """Return pyarrow."""
    return load("pyarrow", "arrow", "Arrow data")


def output_schema(schema: Any, fields: Fields) -> Any:
    """Return the schema that batches of a schema have when they are cleaned.

    Raises:
        RunError: a column isn't there, or isn't of text.
    """
    pa = arrow()
    for name, needed in ((fields.source, True), (fields.url, True), (fields.output, False)):
        if name is None or (not needed and name not in schema.names):
            continue
        if schema.names.count(name) != 1:
            there = ", ".join(map(repr, schema.names))
            what = "no column" if name not in schema.names else "several columns"
            raise RunError(f"{what} {name!r}; there are {there}")
        kind = schema.field(name).type
        if not _is_text(pa, kind) and not (name == fields.html and _is_binary(pa, kind)):
            raise RunError(f"column {name!r} is {kind}, not text")
    source = schema.field(fields.source).type
    added = False
    if fields.output not in schema.names:
        schema = schema.append(pa.field(fields.output, source if _is_text(pa, source) else pa.string()))
        added = True
    if fields.removed is not None:
        field = pa.field(fields.removed, removed_type())
        if fields.removed in schema.names:
            schema = schema.set(schema.names.index(fields.removed), field)
        else:
            schema = schema.append(field)
        added = True
    if added and schema.metadata and b"huggingface" in schema.metadata:
        # It lists the columns one by one, and datasets refuses a file that has others.
        kept = {key: value for key, value in schema.metadata.items() if key != b"huggingface"}
        schema = schema.with_metadata(kept or None)
    return schema


def removed_type() -> Any:
    """Return the type of the column that says what went."""
    pa = arrow()
    return pa.list_(
        pa.struct(
            [
                ("start", pa.int64()),
                ("end", pa.int64()),
                ("text", pa.string()),
                ("category", pa.string()),
                ("rule", pa.string()),
                ("confidence", pa.float64()),
            ]
        )
    )


def clean_batch(batch: Any, worker: Worker, schema: Any) -> Cleaned:
    """Clean a record batch; its other columns stay as they are, without a copy where no row goes.

    Args:
        batch: what was read. It isn't changed.
        worker: cleans and counts.
        schema: of the result, as :func:`output_schema` gives it.
    """
    pa = arrow()
    fields = worker.fields
    sources = values(batch.column(batch.schema.names.index(fields.source)))
    urls = [None] * batch.num_rows if fields.url is None else values(batch.column(batch.schema.names.index(fields.url)))
    texts: list[str | None] = []
    removed: list[list[dict[str, Any]]] = []
    keep: list[bool] = []
    bad: list[tuple[int, str, str]] = []
    changed = False
    for row, (value, url) in enumerate(zip(sources, urls, strict=True)):
        try:
            if value is not None and len(value) > fields.max_bytes:
                raise Unusable(TOO_LARGE, f"{len(value)} bytes")
            content: str | bytes = b"" if value is None else value
            if fields.html is None or isinstance(content, str):
                content = decoded(content)
            result, stays = worker.clean(content, None if url is None else _text(url))
        except Unusable as problem:
            bad.append((row, problem.reason, problem.detail))
            keep.append(False)
            texts.append(None)
            removed.append([])
            continue
        keep.append(stays)
        changed = changed or bool(result.removed)
        texts.append(None if value is None else result.text)
        removed.append(removed_list(result) if fields.removed is not None else [])
    columns = list(batch.columns)
    names = batch.schema.names
    if changed or fields.output != fields.source:
        _put(columns, names, fields.output, _array(pa, texts, schema.field(fields.output).type))
    if fields.removed is not None:
        _put(columns, names, fields.removed, pa.array(removed, schema.field(fields.removed).type))
    out = pa.RecordBatch.from_arrays(columns, schema=schema)
    if not all(keep):
        out = out.filter(pa.array(keep))
    return Cleaned(out, tuple(bad))


def _put(columns: list[Any], names: list[str], name: str, array: Any) -> None:
    if name in names:
        columns[names.index(name)] = array
    else:
        columns.append(array)


def decoded(value: str | bytes) -> str:
    """Return a text that is UTF-8.

    Raises:
        Unusable: it isn't.
    """
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError as problem:
        raise Unusable("invalid UTF-8", f"byte {value[problem.start]:#04x} at {problem.start}") from None


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def values(column: Any) -> list[Any]:
    """Return the values of a column of text as bytes: Arrow doesn't promise that they are valid UTF-8."""
    pa = arrow()
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_string(kind):
        column = column.view(pa.binary())
    elif pa.types.is_large_string(kind):
        column = column.view(pa.large_binary())
    elif str(kind) == "string_view":
        column = column.cast(pa.large_string()).view(pa.large_binary())
    found: list[Any] = column.to_pylist()
    return found


def _array(pa: Any, texts: list[str | None], kind: Any) -> Any:
    safe = [text if text is None or text.isascii() else _valid(text) for text in texts]
    if pa.types.is_dictionary(kind):
        return pa.array(safe, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(safe, kind)


def _valid(text: str) -> str:
    # HTML can name lone surrogates, which no UTF-8 can hold.
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _is_text(pa: Any, kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or str(kind) == "string_view"


def _is_binary(pa: Any, kind: Any) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
