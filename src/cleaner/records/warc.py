"""WARC: the pages of response records in, records in JSON Lines out."""

from __future__ import annotations

import codecs
import pickle
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from cleaner.extras import load
from cleaner.records import compression as packed
from cleaner.records.chunk import SIZE, Chunk, Done, Rejects
from cleaner.records.document import Worker, removed_list
from cleaner.records.errors import RunError, Unusable
from cleaner.records.jsonl import TOO_LARGE, dumps
from cleaner.records.tally import Tally

_PAGES: Final = ("text/html", "application/xhtml+xml")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_SIZE_LINE: Final = re.compile(rb"\s*([0-9A-Fa-f]+)[^\r\n]*\r?\n")
_STATEFUL: Final = ("iso2022", "iso-2022", "utf-7", "utf7", "hz")
_MAX_MEMBERS: Final = 1000


class Response(NamedTuple):
    """A response record: its own fields, and the HTTP message in it."""

    id: str
    url: str
    date: str
    message: bytes
    problem: str


def read(file: BinaryIO, item: int, name: str, start: tuple[int, int], max_bytes: int) -> Iterator[Chunk]:
    """Cut a file into chunks of response records, from the record where a chunk ended."""
    warc = load("fastwarc.warc", "records", "WARC")
    done = start[0]
    number = 0
    records: list[Response] = []
    size = 0
    first = done + 1
    try:
        for record in warc.ArchiveIterator(file, record_types=warc.WarcRecordType.response, parse_http=False):
            number += 1
            if number <= done:
                continue
            response = _response(record, max_bytes)
            records.append(response)
            size += len(response.message)
            if size >= SIZE:
                yield Chunk(item, pickle.dumps(records), first, 0, (number, 0), _position(file))
                records, size, first = [], 0, number + 1
    except (OSError, ValueError) as problem:
        if records:
            yield Chunk(item, pickle.dumps(records), first, 0, (number, 0), _position(file))
        raise RunError(f"{name}: can't be read: record {number + 1}: {problem}") from None
    if records:
        yield Chunk(item, pickle.dumps(records), first, 0, (number, 0), _position(file))


def _response(record: Any, max_bytes: int) -> Response:
    headers = record.headers
    given = (headers.get("WARC-Record-ID") or "", headers.get("WARC-Target-URI") or "", headers.get("WARC-Date") or "")
    if record.content_length > max_bytes:
        return Response(*given, b"", TOO_LARGE)
    message = record.reader.read()
    if len(message) < record.content_length or not given[0]:
        return Response(*given, message, "the record ends too early")
    return Response(*given, message, "")


def _position(file: BinaryIO) -> int:
    try:
        return file.tell()
    except OSError:
        return 0


def work(chunk: Chunk, worker: Worker, source: str, compression: str) -> Done:
    """Clean the pages of a chunk."""
    worker.tally = tally = Tally()
    rejects = Rejects(source, tally)
    out: list[bytes] = []
    responses: list[Response] = pickle.loads(chunk.data)  # noqa: S301  # made by this run
    for number, response in enumerate(responses, chunk.first):
        try:
            line = _clean(response, worker)
        except Unusable as problem:
            message = None if problem.reason == TOO_LARGE else response.message
            rejects.add({"record_number": number}, problem.reason, problem.detail or response.url, message)
        else:
            if line is not None:
                out.append(line)
    return Done(packed.compress(b"".join(out), compression), rejects.written(), tally)


def _clean(response: Response, worker: Worker) -> bytes | None:
    """Return the record of a page, or ``None`` where there is no page or it is left out."""
    if response.problem:
        raise Unusable(response.problem)
    status, headers, body = http(response.message)
    if not status:
        raise Unusable("not an HTTP response")
    if not 200 <= status < 300:
        worker.tally.skip(f"status {status}")
        return None
    kind = headers.get("content-type", "")
    mime = kind.partition(";")[0].strip().lower()
    if not _is_page(mime, body):
        worker.tally.skip(mime if re.fullmatch(r"[\w.+-]{1,40}/[\w.+-]{1,60}", mime) else "no page")
        return None
    content = unpacked(body, headers, worker.fields.max_bytes)
    if len(content) > worker.fields.max_bytes:
        raise Unusable(TOO_LARGE, f"more than {worker.fields.max_bytes} bytes")
    result, stays = worker.clean(decoded(content, kind), response.url or None)
    if not stays:
        return None
    record: dict[str, Any] = {
        "id": response.id,
        "url": response.url,
        "date": response.date,
        worker.fields.output: result.text,
    }
    if worker.fields.removed is not None:
        record[worker.fields.removed] = removed_list(result)
    return dumps(record) + b"\n"


def _is_page(mime: str, body: bytes) -> bool:
    return mime in _PAGES or (not mime and body.lstrip()[:1] == b"<")


def page_of(message: bytes, limit: int) -> str | bytes | None:
    """Return the page of an HTTP response, or ``None`` where there is none."""
    status, headers, body = http(message)
    kind = headers.get("content-type", "")
    if not 200 <= status < 300 or not _is_page(kind.partition(";")[0].strip().lower(), body):
        return None
    return decoded(unpacked(body, headers, limit)[:limit], kind)


def http(message: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (the first of each name, in lower case) and body of an HTTP response; status 0: it is none."""
    head, gap, body = message.partition(b"\r\n\r\n")
    if not gap:
        head, gap, body = message.partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    words = lines[0].split(None, 2) if lines else []
    if len(words) < 2 or not words[0].upper().startswith("HTTP/") or not words[1].isdigit():
        return 0, {}, b""
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return int(words[1]), headers, body


def unpacked(body: bytes, headers: dict[str, str], limit: int) -> bytes:
    """Return a body without chunks and compression. Crawlers often keep the headers and store the body unpacked."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        name = coding.strip()
        if name in ("gzip", "x-gzip") and body.startswith(packed.GZIP_MAGIC):
            body = _inflated(body, 31, limit)
        elif name == "deflate":
            body = _inflated(body, 15, limit) or _inflated(body, -15, limit) or body
        elif name == "br":
            body = _unbrotli(body)
    return body


def _dechunked(body: bytes) -> bytes:
    out = []
    at = 0
    while line := _SIZE_LINE.match(body, at):
        size = int(line[1], 16)
        if not size:
            break
        out.append(body[line.end() : line.end() + size])
        at = line.end() + size
    return b"".join(out) if out else body


def _inflated(body: bytes, wbits: int, limit: int) -> bytes:
    """Return what can be unpacked: of a body that was cut off, its beginning."""
    out = []
    size = 0
    try:
        for _ in range(_MAX_MEMBERS):
            unpack = zlib.decompressobj(wbits)
            piece = unpack.decompress(body, limit + 1 - size)
            out.append(piece)
            size += len(piece)
            body = unpack.unused_data
            if size > limit or not body.startswith(packed.GZIP_MAGIC):
                break
    except zlib.error:
        pass
    return b"".join(out)


def _unbrotli(body: bytes) -> bytes:
    try:
        brotli = load("brotli", "records", "Brotli")
        unpacked_body: bytes = brotli.decompress(body)
    except Exception:  # noqa: BLE001  # its own error type; the body isn't Brotli, or was stored unpacked
        return body
    return unpacked_body


def decoded(content: bytes, kind: str) -> str | bytes:
    """Return a page as text where its encoding is certain, and as bytes, for its own declaration to say, where not.

    Headers are often wrong: what is UTF-8 to the last byte is taken for it whatever they say.
    """
    found = _CHARSET.search(kind)
    name = found[1].lower() if found else ""
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    if not name.startswith(_STATEFUL) and b"\x1b" not in content:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if name and name not in ("utf-8", "utf8"):
        try:
            return content.decode("cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii") else name)
        except (LookupError, UnicodeError):
            pass
    return content
