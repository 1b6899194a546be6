"""Many lines at once are weighed as one by one, to the last bit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import wording
from cleaner.fold import fold
from cleaner.match import plain
from cleaner.wording_rows import FEW, remember

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    wording._SAID.clear()


def test_lines_of_every_language_are_weighed_alike() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*/*/source.txt"))]
    lines = list(dict.fromkeys(plain(fold(line))[:400] for text in texts for line in text.split("\n")))
    remember(lines)
    known = dict(wording._SAID)
    assert len(known) > FEW
    assert known == {line: wording._says(line) for line in known}


@given(st.lists(st.text(min_size=1, max_size=60), min_size=FEW + 1, max_size=40, unique=True))
def test_any_lines_are_weighed_alike(lines: list[str]) -> None:
    wording._SAID.clear()
    remember(lines)
    assert {line: wording._SAID[line] for line in lines} == {line: wording._says(line) for line in lines}


def test_few_lines_are_left_to_be_asked_one_by_one() -> None:
    remember(["Share this story", ""])
    assert not wording._SAID
