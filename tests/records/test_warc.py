"""Pages of WARC files: chunked, compressed, wrongly declared, cut off."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from pathlib import Path

import brotli
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

import cleaner
from cleaner import Cleaner, Config, Result
from cleaner.model import Document, Span
from cleaner.records import warc
from cleaner.records.document import Worker
from cleaner.records.fields import Fields
from cleaner.records.tally import Tally
from tests.command import Command
from tests.records.made import http, read_jsonl, warc_record, write_warc

TEXT = "Die Fähre fährt wieder über den Sund, sagte der Kapitän am Kai."
PAGE = f"<html><head><title>Fähre</title></head><body><article><h1>Fähre</h1><p>{TEXT}</p></article></body></html>"


class Echo(Cleaner):
    """Gives back a page as it was handed over, so that the tests see what the reader makes of it."""

    __slots__ = ()

    def explain_html(self, html: object, url: str | None = None, *, encoding: str | None = None) -> Result:
        assert encoding is None
        text = html if isinstance(html, str) else f"bytes: {html!r}"
        text += f" @{url}"
        return Result(Document(text, ()), (Span(0, len(text)),), ())


def pages(data: bytes, *, max_bytes: int = 1 << 20) -> tuple[list[str], list[str], Tally]:
    """Read a WARC file and return what comes out, and the reasons of what doesn't."""
    worker = Worker(Echo(Config()), Fields(html="html", max_bytes=max_bytes))
    texts: list[str] = []
    reasons: list[str] = []
    tally = Tally()
    for chunk in warc.read(io.BytesIO(data), 0, "a.warc", (0, 0), max_bytes):
        done = warc.work(chunk, worker, "a.warc", "")
        texts += [json.loads(line)["text"].rpartition(" @")[0] for line in done.data.splitlines()]
        reasons += [json.loads(line)["reason"] for line in done.rejects.splitlines()]
        tally.merge(done.tally)
    return texts, reasons, tally


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%X;name=value\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def deflated(body: bytes, wbits: int) -> bytes:
    pack = zlib.compressobj(wbits=wbits)
    return pack.compress(body) + pack.flush()


UTF8 = PAGE.encode()


@pytest.mark.parametrize(
    "message",
    [
        http(UTF8),
        http(UTF8, "text/html; charset=utf-8"),
        http(UTF8, "text/html; charset=iso-8859-1"),
        http(UTF8, "text/html; charset=no-such-thing"),
        http(UTF8, "application/xhtml+xml"),
        http(UTF8, ""),
        http(PAGE.encode("cp1252"), 'text/html; charset="ISO-8859-1"'),
        http(chunked(UTF8), Transfer_Encoding="chunked"),
        http(UTF8, Transfer_Encoding="chunked"),
        http(gzip.compress(UTF8), Content_Encoding="gzip"),
        http(UTF8, Content_Encoding="gzip"),
        http(gzip.compress(UTF8[:99]) + gzip.compress(UTF8[99:]), Content_Encoding="x-gzip"),
        http(chunked(gzip.compress(UTF8)), Transfer_Encoding="chunked", Content_Encoding="gzip"),
        http(deflated(UTF8, 15), Content_Encoding="deflate"),
        http(deflated(UTF8, -15), Content_Encoding="deflate"),
        http(UTF8, Content_Encoding="deflate"),
        http(brotli.compress(UTF8), Content_Encoding="br"),
        http(UTF8, Content_Encoding="br"),
        http(UTF8).replace(b"\r\n", b"\n"),
    ],
)
def test_the_same_page_in_many_forms(message: bytes) -> None:
    texts, reasons, _ = pages(warc_record(1, message))
    assert (texts, reasons) == ([PAGE], [])


@pytest.mark.parametrize(
    "content",
    [PAGE.encode("utf-16"), b"\xef\xbb\xbf" + UTF8, PAGE.encode("cp1252"), "<p>日本語</p>".encode("iso2022_jp")],
)
def test_what_headers_do_not_say_is_left_to_the_page(content: bytes) -> None:
    texts, _, _ = pages(warc_record(1, http(content)))
    assert texts == [f"bytes: {content!r}"]


def test_encodings_with_states_are_believed() -> None:
    text = "<p>日本語の記事</p>"
    message = http(text.encode("iso2022_jp"), "text/html; charset=iso-2022-jp")
    assert pages(warc_record(1, message))[0] == [text]


def test_of_a_body_that_was_cut_off_the_beginning_is_read() -> None:
    whole = gzip.compress(UTF8 + bytes(range(256)) * 20)
    texts, _, _ = pages(warc_record(1, http(whole[:-40], Content_Encoding="gzip")))
    assert len(texts) == 1
    assert "Fähre" in texts[0] or "F\\xc3\\xa4hre" in texts[0]
    texts, _, _ = pages(warc_record(1, http(chunked(UTF8)[:-60], Transfer_Encoding="chunked")))
    assert PAGE.startswith(texts[0])
    assert texts[0]


def test_what_is_no_page_is_passed_over_and_counted() -> None:
    data = b"".join(
        [
            warc_record(0, b"GET / HTTP/1.1\r\n\r\n", "request"),
            warc_record(1, http(b"%PDF", "application/pdf")),
            warc_record(2, http(UTF8, status="404 Not Found")),
            warc_record(3, http(UTF8)),
            warc_record(4, b"no http at all"),
            warc_record(5, http(b"x" * 3000)),
            warc_record(6, http(gzip.compress(b"x" * 500_000), Content_Encoding="gzip")),
            warc_record(7, http(UTF8)),
        ]
    )
    texts, reasons, tally = pages(data, max_bytes=2000)
    assert texts == [PAGE, PAGE]
    assert reasons == ["not an HTTP response", "over --max-bytes", "over --max-bytes"]
    assert tally.skips == {"application/pdf": 1, "status 404": 1}


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_file_that_ends_too_early(cut: int) -> None:
    data = warc_record(1, http(UTF8)) + warc_record(2, http(UTF8 * 3))
    texts, reasons, _ = pages(data[: -4 - cut])
    assert (texts, reasons) == ([PAGE], ["the record ends too early"])


def test_files_of_fastwarc_are_read() -> None:
    out = io.BytesIO()
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response)
    record.set_bytes_content(http(UTF8))
    record.write(out)
    assert pages(out.getvalue())[0] == [PAGE]
    assert pages(gzip.compress(out.getvalue()))[0] == [PAGE]


def test_reading_goes_on_where_a_chunk_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "SIZE", 500)
    data = b"".join(warc_record(number, http(UTF8)) for number in range(9))
    chunks = list(warc.read(io.BytesIO(data), 0, "a.warc", (0, 0), 1 << 20))
    assert len(chunks) == 3
    for number, chunk in enumerate(chunks):
        rest = list(warc.read(io.BytesIO(data), 0, "a.warc", chunk.after, 1 << 20))
        assert [one._replace(read=0) for one in rest] == [one._replace(read=0) for one in chunks[number + 1 :]]


def test_the_command(command: Command, tmp_path: Path) -> None:
    path = write_warc(tmp_path / "pages.warc.gz", [http(UTF8), http(b"no", status="500 Oh"), http(UTF8)])
    done = command("run", path, "-o", f"{tmp_path}/out/")
    if not hasattr(cleaner.Cleaner, "explain_html"):
        assert done.code == 2
        assert "HTML can't be read by this version" in done.err
        return
    assert done.code == 0, done.err
    found = read_jsonl(tmp_path / "out" / "pages.jsonl.gz")
    assert [list(one) for one in found] == [["id", "url", "date", "text"]] * 2
    assert TEXT in found[0]["text"]
    assert found[1]["url"] == "https://site2.example/2"
