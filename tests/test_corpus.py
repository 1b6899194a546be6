"""Every golden case: what comes in, what has to come out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import CATEGORIES

CORPUS = Path(__file__).parent.parent / "corpus"
CASES = sorted(path.parent for path in CORPUS.glob("*/*/source.txt"))
GROUPS = {"wild", "synthetic", "negative"}
KEYS = {"group", "language", "categories", "note", "fails"}


def load(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))


def parameters() -> list[Any]:
    out: list[Any] = []
    for folder in CASES:
        reason = load(folder).get("fails")
        marks = [pytest.mark.xfail(reason=str(reason), strict=True, raises=AssertionError)] if reason else []
        out.append(pytest.param(folder, id=f"{folder.parent.name}/{folder.name}", marks=marks))
    return out


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("folder", parameters())
def test_case(folder: Path) -> None:
    assert cleaner.clean(read(folder / "source.txt")) == read(folder / "expected.txt")


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_what_should_come_out_is_clean(folder: Path) -> None:
    if load(folder).get("fails"):
        return
    expected = read(folder / "expected.txt")
    assert cleaner.clean(expected) == expected


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_case_is_well_formed(folder: Path) -> None:
    case = load(folder)
    assert set(case) <= KEYS
    assert case["group"] in GROUPS
    assert case["language"] == folder.parent.name
    assert case["note"]
    categories = case["categories"]
    assert isinstance(categories, list)
    assert set(categories) <= set(CATEGORIES)
    source, expected = read(folder / "source.txt"), read(folder / "expected.txt")
    assert (source == expected) == (case["group"] == "negative")
    rest = iter(source)
    assert all(char in rest for char in expected)


def test_there_are_enough_cases() -> None:
    english = [load(folder) for folder in CASES if folder.parent.name == "en"]
    assert len(english) >= 80
    assert sum(case["group"] == "negative" for case in english) >= 30
    covered = {name for case in english if case["group"] != "negative" for name in case["categories"]}  # type: ignore[attr-defined]
    assert covered >= set(CATEGORIES) - {"custom", "whitespace"}
