"""Every command's help has two examples or more, and each does what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.cli import parser_of
from cleaner.cli.parser import COMMANDS
from tests.command import DIRTY, write

if sys.platform == "win32":
    pytest.skip("the examples are written for a POSIX shell", allow_module_level=True)

HELPS = ["", *COMMANDS, "rules show", "rules test"]
RECORDS = {"run", "stats", "learn"}
RULES = r"""
[[rule]]
id = "my.advertising.fair"
why = "The fair's banner stands in every page of this site."
pattern = 'visit the harbour fair, \d{1,2} to \d{1,2} \w{3,9}!'
strips = ["Visit the Harbour Fair, 3 to 9 June!"]
keeps = ["Visit the harbour fair with a child, she said."]
"""


def examples(name: str) -> list[str]:
    help_text = parser_of(name).format_help()
    found = re.search(r"^examples:\n((?:  .*\n)+)", help_text, re.MULTILINE)
    return [line.strip() for line in found[1].splitlines()] if found else []


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder in which everything is that the examples speak of."""
    write(tmp_path / "dirty.txt")
    write(
        tmp_path / "page.html",
        "<!doctype html><title>Ferry</title><h1>Ferry</h1><p>It sailed at dawn with forty cars.</p>",
    )
    write(tmp_path / "my-rules.toml", RULES)
    for folder in ("articles", "corpus/en/one", "old-rules/en", "new-rules/en", "crawl", "day1", "home"):
        (tmp_path / folder).mkdir(parents=True)
    write(tmp_path / "articles" / "a.txt")
    write(tmp_path / "articles" / "b.txt", "The tide turned.\n")
    write(tmp_path / "corpus/en/one/source.txt")
    shipped = Path(__file__).parents[1] / "src" / "cleaner" / "rules" / "en"
    for name in ("share.toml", "let.toml"):
        shutil.copy(shipped / name, tmp_path / "old-rules" / "en")
        shutil.copy(shipped / name, tmp_path / "new-rules" / "en")
    lines = [{"id": n, "text": DIRTY, "body": DIRTY, "url": f"https://a.example/{n}"} for n in range(8)]
    data = "".join(json.dumps(line) + "\n" for line in lines)
    for path in ("crawl.jsonl", "crawl/a.jsonl", "day1/a.jsonl", "news.jsonl"):
        write(tmp_path / path, data)
    results = [{"source": "a", "text": DIRTY, "removed": []}]
    for path in ("old.jsonl", "new.jsonl"):
        write(tmp_path / path, json.dumps(results[0]) + "\n")
    for folder in (".local/share/bash-completion/completions", ".config/fish/completions"):
        (tmp_path / "home" / folder).mkdir(parents=True)
    if all(map(find_spec, ("fastwarc", "orjson", "pyarrow", "zstandard"))):
        _packed(tmp_path, lines, data)
    return tmp_path


def _packed(place: Path, lines: list[dict[str, object]], data: str) -> None:
    import gzip

    import pyarrow as pa
    import pyarrow.parquet as pq
    import zstandard

    (place / "news.jsonl.zst").write_bytes(zstandard.compress(data.encode()))
    (place / "news.jsonl.gz").write_bytes(gzip.compress(data.encode()))
    pq.write_table(pa.Table.from_pylist(lines), place / "part-1.parquet")
    page = f"<!doctype html><title>T</title><p>{DIRTY}</p>".encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nWARC-Date: 2025-03-05T17:23:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    (place / "pages.warc.gz").write_bytes(gzip.compress(head.encode() + http + b"\r\n\r\n"))


@pytest.mark.parametrize("name", HELPS, ids=lambda name: name or "clean")
def test_examples(name: str, place: Path) -> None:
    found = examples(name)
    assert len(found) >= 2
    if name in RECORDS and not all(map(find_spec, ("fastwarc", "orjson", "pyarrow", "zstandard"))):
        pytest.skip("records need their extra")
    for example in found:
        run(example, place)


def run(example: str, place: Path) -> None:
    if example.startswith("curl"):  # it takes a page from a site
        return
    if ".warc" in example and not hasattr(Cleaner, "explain_html"):
        return
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(place / "home")}
    process = subprocess.Popen(
        ["bash", "-euc", f"exec {example}" if "playground" in example else example],
        cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        if "playground" in example:
            assert process.stdout is not None
            assert process.stderr is not None
            said = process.stdout.readline()
            if not said and "address already in use" in process.stderr.read():
                return
            assert said.startswith("http://127.0.0.1:")
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    # Looking for changes ends with 1 where there are some.
    assert process.returncode in ((0, 1) if "--check" in example else (0,)), (example, err)
    assert "Traceback" not in out + err
    assert "error" not in err.lower(), (example, err)
