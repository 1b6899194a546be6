"""Records of web pages through `cleaner run` and through a pool of trafilatura; records of text beside datatrove's C4 filter.

    BENCH_WCXB=DIR python benchmarks/records/peers.py [--pages 300] [--documents 1500]

Every job reads a file and writes one, with two processes. Each pair is run twice, in turn; the sooner of both counts. Needs
trafilatura and datatrove besides the extras.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "html"))
sys.path.insert(0, str(Path(__file__).parent))

from speed import make, texts
from wcxb import folder, pages


def by_trafilatura(line: bytes) -> bytes:
    import orjson
    import trafilatura

    row = orjson.loads(line)
    row["text"] = trafilatura.extract(row.pop("html"), include_comments=False) or ""
    return orjson.dumps(row) + b"\n"


@cache
def c4() -> Any:
    from datatrove.pipeline.filters import C4QualityFilter

    # Its sentence splitter is another library's, and takes most of the time.
    return C4QualityFilter(split_paragraph=True, min_num_sentences=-1)


def by_c4(line: bytes) -> bytes:
    import orjson
    from datatrove.data import Document

    row = orjson.loads(line)
    document = Document(text=row["text"], id=str(row["id"]))
    c4().filter(document)
    row["text"] = document.text
    return orjson.dumps(row) + b"\n"


def pooled(one: Callable[[bytes], bytes], source: Path, target: Path) -> None:
    with get_context("spawn").Pool(2) as pool, source.open("rb") as lines, target.open("wb") as out:
        for row in pool.imap(one, lines, chunksize=20):
            out.write(row)


def command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cleaner", "run", "--jobs", "2", "--quiet", *arguments], check=True)


def warc(path: Path, rows: list[tuple[str, bytes]]) -> None:
    from io import BytesIO

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, html in rows:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
            writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(html), http_headers=headers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--documents", type=int, default=1500)
    args = parser.parse_args()
    where = Path(tempfile.mkdtemp())
    found = random.Random(7).sample(pages(folder()), args.pages)
    rows = [(page.url or f"https://page{at}.example/", page.html) for at, page in enumerate(found)]
    source = where / "pages.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for at, (url, html) in enumerate(rows):
            file.write(json.dumps({"id": at, "url": url, "html": html.decode("utf-8", "replace")}) + "\n")
    warc(where / "pages.warc.gz", rows)
    plain = make(where, texts(args.documents))["jsonl"]
    size = sum(len(html) for _, html in rows)
    size_of_text = plain.stat().st_size
    jobs: dict[str, tuple[int, int, Callable[[], object]]] = {
        "pages, JSONL: cleaner run --html-field": (
            args.pages,
            size,
            lambda: command("--html-field", "html", str(source), "-o", str(where / "a.jsonl")),
        ),
        "pages, WARC: cleaner run": (
            args.pages,
            size,
            lambda: command(str(where / "pages.warc.gz"), "-o", str(where / "b.jsonl")),
        ),
        "pages, JSONL: trafilatura in a pool": (
            args.pages,
            size,
            lambda: pooled(by_trafilatura, source, where / "c.jsonl"),
        ),
        "texts, JSONL: cleaner run": (
            args.documents,
            size_of_text,
            lambda: command(str(plain), "-o", str(where / "d.jsonl")),
        ),
        "texts, JSONL: datatrove's C4 filter in a pool": (
            args.documents,
            size_of_text,
            lambda: pooled(by_c4, plain, where / "e.jsonl"),
        ),
    }
    best = dict.fromkeys(jobs, 1e9)
    for _ in range(2):
        for name, (_, _, job) in jobs.items():
            began = time.perf_counter()
            job()
            best[name] = min(best[name], time.perf_counter() - began)
    print(f"two processes on {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("| job | documents | seconds | documents/s | MB/s |")
    print("|---|--:|--:|--:|--:|")
    for name, (count, bytes_in, _) in jobs.items():
        print(f"| {name} | {count} | {best[name]:.1f} | {count / best[name]:.0f} | {bytes_in / best[name] / 1e6:.2f} |")


if __name__ == "__main__":
    main()
