"""Every example of the documentation does what it says."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.snippets import PAGES, ROOT, outcomes


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="the examples are written for bash")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page: Path, tmp_path: Path) -> None:
    wrong = [f"line {one.line}: {one.problem}" for one in outcomes(page, tmp_path) if one.problem]
    assert wrong == []


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="the examples are written for bash")
def test_there_are_examples(tmp_path: Path) -> None:
    tutorial = ROOT / "docs" / "tutorial.md"
    assert sum(bool(one.output) for one in outcomes(tutorial, tmp_path)) >= 4
