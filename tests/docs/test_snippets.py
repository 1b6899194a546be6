"""Every example of the documentation does what it says."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.command import DIRTY
from tests.docs.snippets import PAGES, ROOT, outcomes


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="the examples are written for bash")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page: Path, tmp_path: Path) -> None:
    assert problems(page, tmp_path) == []


@pytest.mark.skipif(not all(map(find_spec, ("orjson", "pyarrow", "zstandard"))), reason="records need their extra")
def test_records(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    lines = [{"text": DIRTY, "url": f"https://{host}.example/{n}"} for host in ("a", "b") for n in range(30)]
    (tmp_path / "crawl" / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert problems(ROOT / "docs" / "records.md", tmp_path) == []
    assert (tmp_path / "clean" / "a.jsonl").exists()


def problems(page: Path, folder: Path) -> list[str]:
    return [f"line {one.line}: {one.problem}" for one in outcomes(page, folder) if one.problem]


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="the examples are written for bash")
def test_there_are_examples(tmp_path: Path) -> None:
    tutorial = ROOT / "docs" / "tutorial.md"
    assert sum(bool(one.output) for one in outcomes(tutorial, tmp_path)) >= 4
