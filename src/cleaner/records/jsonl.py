"""JSON Lines: a record a line. Only the fields that are written change; the rest of a line stays as it is, to the byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from cleaner.errors import ConfigError
from cleaner.extras import load
from cleaner.records import compression as packed
from cleaner.records.chunk import SIZE, Chunk, Done, Rejects
from cleaner.records.document import Worker, removed_list, shortened
from cleaner.records.errors import Unusable
from cleaner.records.tally import Tally

TOO_LARGE: Final = "over --max-bytes"
_MARK: Final = b"\xef\xbb\xbf"
_BLANK: Final = b" \t\r\n"

_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_KEY: Final = re.compile(rb'\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:\s*', re.DOTALL)
_NESTED: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^,}\]\s]+")
_NEXT: Final = re.compile(rb"\s*([,}])")


def read(
    file: BinaryIO, item: int, name: str, compression: str, start: tuple[int, int], max_bytes: int
) -> Iterator[Chunk]:
    """Cut a stream into chunks of whole lines, from a place where a chunk ended.

    A line of more than ``max_bytes`` is passed over without being held in memory.
    """
    line, offset = start[0] + 1, start[1]  # lines are counted from 1
    if start[1] and not compression:
        file.seek(offset)
    limit = max(max_bytes, SIZE)
    to_skip = offset if compression else 0
    buffer = bytearray()
    overlong = 0
    for block in packed.blocks(file, compression, name):
        data = block
        if to_skip:
            data, to_skip = data[to_skip:], max(0, to_skip - len(data))
        if overlong:
            cut = data.find(b"\n") + 1
            overlong += cut or len(data)
            if not cut:
                continue
            yield _too_large(item, line, offset, overlong, file)
            line, offset, overlong, data = line + 1, offset + overlong, 0, data[cut:]
        buffer += data
        while len(buffer) >= SIZE:
            cut = buffer.rfind(b"\n", 0, SIZE) + 1 or buffer.find(b"\n", SIZE) + 1
            if not cut:
                if len(buffer) > limit:
                    overlong = len(buffer)
                    buffer.clear()
                break
            piece = bytes(buffer[:cut])
            del buffer[:cut]
            lines = piece.count(b"\n")
            after = (line + lines - 1, offset + cut)
            yield Chunk(item, piece, line, offset, after, _position(file))
            line, offset = line + lines, offset + cut
    if overlong:
        yield _too_large(item, line, offset, overlong, file)
    elif buffer:
        after = (line + buffer.count(b"\n"), offset + len(buffer))
        yield Chunk(item, bytes(buffer), line, offset, after, _position(file))


def _too_large(item: int, line: int, offset: int, size: int, file: BinaryIO) -> Chunk:
    return Chunk(item, b"", line, offset, (line, offset + size), _position(file), problem=f"{size} bytes")


def _position(file: BinaryIO) -> int:
    try:
        return file.tell()
    except OSError:
        return 0


def work(chunk: Chunk, worker: Worker, source: str, compression: str) -> Done:
    """Clean the records of a chunk."""
    worker.tally = tally = Tally()
    rejects = Rejects(source, tally)
    if chunk.problem:
        rejects.add({"line": chunk.first, "byte": chunk.where}, TOO_LARGE, chunk.problem, None)
        return Done(b"", rejects.written(), tally)
    out: list[bytes] = []
    number, offset = chunk.first, chunk.where
    for line in chunk.data.splitlines(keepends=True) if b"\r" not in chunk.data else _lines(chunk.data):
        if line.strip(_BLANK):
            try:
                done = clean_line(line, worker, first=offset == 0)
            except Unusable as problem:
                place = {"line": number, "byte": offset}
                record = None if problem.reason == TOO_LARGE else line.rstrip(b"\r\n")
                rejects.add(place, problem.reason, problem.detail, record)
            else:
                if done is not None:
                    out.append(done)
        number += 1
        offset += len(line)
    return Done(packed.compress(b"".join(out), compression), rejects.written(), tally)


def _lines(data: bytes) -> list[bytes]:
    # bytes.splitlines takes a carriage return by itself for a line end.
    pieces = data.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def clean_line(line: bytes, worker: Worker, *, first: bool = False) -> bytes | None:
    """Return one line with its record cleaned, or ``None`` if the record is left out.

    Raises:
        Unusable: it is no record, or has no text.
    """
    fields = worker.fields
    if len(line) > fields.max_bytes:
        raise Unusable(TOO_LARGE, f"{len(line)} bytes")
    mark = _MARK if first and line.startswith(_MARK) else b""
    body = line[len(mark) :]
    record = parse(body)
    value = record.get(fields.source, _MISSING)
    if value is _MISSING:
        raise Unusable(f"no field {fields.source!r}")
    if value is not None and not isinstance(value, str):
        raise Unusable(f"field {fields.source!r} is no string", shortened(value))
    url = record.get(fields.url) if fields.url is not None else None
    result, stays = worker.clean(value or "", url if isinstance(url, str) else None)
    if not stays:
        return None
    changes: dict[str, bytes] = {}
    text = result.text
    if fields.output != fields.source or (value is not None and text != value):
        changes[fields.output] = b"null" if value is None else dumps(text)
    if fields.removed is not None:
        changes[fields.removed] = dumps(removed_list(result))
    return mark + replace(body, changes) if changes else line


_MISSING: Final = object()


def parse(line: bytes) -> dict[str, Any]:
    """Return the record of a line.

    Raises:
        Unusable: it is none.
    """
    orjson = load("orjson", "records", "JSON Lines")
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = _parse_slowly(line)
    if not isinstance(record, dict):
        raise Unusable("not a JSON object", shortened(record))
    return record


def _parse_slowly(line: bytes) -> Any:
    """Parse what the standard library takes as well (lone surrogates, NaN), or say what is wrong."""
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError as problem:
        raise Unusable("invalid UTF-8", f"byte {line[problem.start]:#04x} at {problem.start}") from None
    except json.JSONDecodeError as problem:
        raise Unusable("broken JSON", f"{problem.msg} at character {problem.pos}") from None
    except RecursionError:
        raise Unusable("broken JSON", "nested too deeply") from None


def dumps(value: Any) -> bytes:
    """Return a value as JSON in UTF-8; lone surrogates are escaped."""
    orjson = load("orjson", "records", "JSON Lines")
    try:
        written: bytes = orjson.dumps(value)
    except TypeError:  # lone surrogates
        written = json.dumps(value).encode("ascii")
    return written


def replace(line: bytes, changes: dict[str, bytes]) -> bytes:
    """Return a line with the values of some fields changed, or added at the end; all else stays to the byte."""
    spans, end = members(line)
    spaced = bool(spans) and line[min(start for start, _ in spans.values()) - 1 :][:1] == b" "
    edits = sorted((spans[name], value) for name, value in changes.items() if name in spans)
    out = []
    at = 0
    for (start, stop), value in edits:
        out += [line[at:start], value]
        at = stop
    body = line[at:end]
    new = [(name, value) for name, value in changes.items() if name not in spans]
    if new:
        kept = body.rstrip(_BLANK)
        colon, comma = (b": ", b", ") if spaced else (b":", b",")
        out.append(kept)
        for number, (name, value) in enumerate(new):
            out += [comma if spans or number else b"", dumps(name), colon, value]
        body = body[len(kept) :]
    return b"".join([*out, body, line[end:]])


def members(line: bytes) -> tuple[dict[str, tuple[int, int]], int]:
    """Return where the values of an object stand, by name, and where its closing brace is. The line has to be JSON."""
    spans: dict[str, tuple[int, int]] = {}
    at = line.index(b"{") + 1
    while key := _KEY.match(line, at):
        start = key.end()
        end = _end_of_value(line, start)
        spans[json.loads(key[1])] = (start, end)
        after = _NEXT.match(line, end)
        if after is None:
            raise ConfigError("not JSON")
        at = after.end()
        if after[1] == b"}":
            return spans, at - 1
    return spans, line.index(b"}", at)


def _end_of_value(line: bytes, start: int) -> int:
    opening = line[start : start + 1]
    if opening == b'"':
        found = _STRING.match(line, start)
        return found.end() if found else start
    if opening in (b"{", b"["):
        depth = 0
        for token in _NESTED.finditer(line, start):
            sign = token[0]
            if sign in (b"{", b"["):
                depth += 1
            elif sign in (b"}", b"]"):
                depth -= 1
                if not depth:
                    return token.end()
    scalar = _SCALAR.match(line, start)
    return scalar.end() if scalar else start
