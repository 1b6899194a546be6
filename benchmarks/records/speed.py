"""How fast `cleaner run` is: by format, by number of processes, against the cleaning alone; and how much memory it takes.

    python benchmarks/records/speed.py [--documents 1500] [--folder FOLDER]

Texts are those of the golden cases, joined with paragraphs that differ from document to document, so that about a
third of the lines are cruft.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

import cleaner

ROOT = Path(__file__).parents[2]


def texts(number: int) -> list[str]:
    dice = random.Random(5)
    sources = sorted(ROOT.glob("corpus/en/*/source.txt"))
    whole = [path.read_text(encoding="utf-8") for path in sources]
    whole = [text for text in whole if len(text) > 1200]
    return [f"{dice.choice(whole).rstrip()}\n\nDocument {at} ends here, and nobody minds.\n" for at in range(number)]


def make(folder: Path, found: list[str]) -> dict[str, Path]:
    rows = [{"id": at, "url": f"https://site{at % 50}.example/{at}", "text": text} for at, text in enumerate(found)]
    lines = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    paths = {name: folder / f"in.{name}" for name in ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")}
    paths["jsonl"].write_bytes(lines)
    paths["jsonl.gz"].write_bytes(gzip.compress(lines))
    paths["jsonl.zst"].write_bytes(zstandard.compress(lines))
    pq.write_table(pa.Table.from_pylist(rows), paths["parquet"], compression="zstd", row_group_size=500)
    return paths


def memory(pid: int) -> int:
    """Return the resident bytes of a process and of those it started, shared pages counted once a process."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name == str(pid) or f"\nPPid:\t{pid}\n" in (entry / "status").read_text():
                total += int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            continue
    return total


def run(path: Path, jobs: int) -> tuple[float, float, list[int]]:
    """Return the seconds that a run takes, those of all its processors, and its memory, looked at twice a second."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = path.parent / "out" / path.name
    out.parent.mkdir(exist_ok=True)
    seen: list[int] = []
    command = [sys.executable, "-m", "cleaner", "run", str(path), "-o", str(out), "--jobs", str(jobs), "--quiet"]
    began = time.perf_counter()
    with subprocess.Popen(command) as process:
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.5):
                seen.append(memory(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        done.set()
        watcher.join()
    if code:
        sys.exit(f"exit code {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used, seen


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=1500)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp())
    found = texts(options.documents)
    size = sum(len(text.encode()) for text in found)
    paths = make(folder, found)
    clean = cleaner.Cleaner()
    clean.clean(found[0])
    began = time.process_time()
    for text in found:
        clean.explain(text)
    alone = time.process_time() - began
    print(
        f"{len(found)} documents, {size / 1e6:.1f} MB of text; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    print("| what | seconds | of processors | documents/s of one | MB/s of one | of which cleaning | memory |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    print(f"| `explain` alone | | {alone:.1f} | {len(found) / alone:.0f} | {size / alone / 1e6:.2f} | 100% | |")
    for name, path in paths.items():
        for jobs in (1, 2):
            seconds, used, seen = run(path, jobs)
            peak = max(seen, default=0) / 1e6
            print(
                f"| {name}, --jobs {jobs} | {seconds:.1f} | {used:.1f} | {len(found) / used:.0f} |"
                f" {size / used / 1e6:.2f} | {alone / used:.0%} | {peak:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
