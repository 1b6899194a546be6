"""Records to clean, and files of them in every format."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.strategies import CRUFT, PARAGRAPHS, PROMPTS, TITLES

Record = dict[str, Any]


def article(number: int, *, paragraphs: int = 3) -> str:
    """Return a dirty text, always the same for the same number."""
    dice = random.Random(number)
    lines = [dice.choice(TITLES)]
    for paragraph in dice.sample(PARAGRAPHS, paragraphs):
        lines.append(paragraph)
        if dice.random() < 0.5:
            lines += dice.choice([(dice.choice(CRUFT),), dice.choice(PROMPTS)])
    return "\n\n".join(lines) + "\n"


def records(count: int, *, paragraphs: int = 3) -> list[Record]:
    return [
        {
            "id": number,
            "url": f"https://www.site{number % 3}.example/news/{number}",
            "text": article(number, paragraphs=paragraphs),
            "score": number / 4,
            "tags": ["ferry", {"n": number}],
        }
        for number in range(count)
    ]


def lines_of(found: Iterable[Record]) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in found)


def write_jsonl(path: Path, found: Iterable[Record]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = lines_of(found)
    if path.suffix == ".gz":
        data = gzip.compress(data)
    elif path.suffix == ".zst":
        data = zstandard.compress(data)
    path.write_bytes(data)
    return path


def unpack(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        with path.open("rb") as file:
            data: bytes = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
            return data
    return path.read_bytes()


def read_jsonl(path: Path) -> list[Record]:
    return [json.loads(line) for line in unpack(path).splitlines()]


def write_parquet(path: Path, found: Sequence[Record], **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table(
        {
            "id": pa.array([record["id"] for record in found], pa.int32()),
            "url": pa.array([record["url"] for record in found]).dictionary_encode(),
            "text": pa.array([record["text"] for record in found], pa.large_string()),
            "score": pa.array([record["score"] for record in found], pa.float32()),
        }
    ).replace_schema_metadata({"made by": "a test"})
    pq.write_table(table, path, **{"row_group_size": 40, "compression": "zstd", **options})
    return path


def http(body: bytes, kind: str = "text/html", status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc_record(number: int, message: bytes, kind: str = "response") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:0000-{number}>\r\n"
        f"WARC-Date: 2025-03-05T17:23:00Z\r\nWARC-Target-URI: https://site{number % 3}.example/{number}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(message)}\r\n\r\n"
    )
    return head.encode() + message + b"\r\n\r\n"


def write_warc(path: Path, messages: Sequence[bytes]) -> Path:
    found = [warc_record(number, message) for number, message in enumerate(messages)]
    path.write_bytes(b"".join(map(gzip.compress, found)) if path.suffix == ".gz" else b"".join(found))
    return path
