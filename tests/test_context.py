"""What a block and its document say of it: the features that the network sees."""

from __future__ import annotations

import pytest

from cleaner.config import Config
from cleaner.context import FEATURES, _twins, features
from cleaner.engine import Cleaner
from cleaner.evidence import Evidence
from cleaner.judge import by_rules
from cleaner.match import Views
from cleaner.read_text import read_text

TEXT = """Library reopens after the flood

By Adaline Winstock

The town library opened again on Monday, eleven months after the flood. Colleen Moss and the oldest reader cut the ribbon at noon.

Public works director Colleen Moss.

The repair cost two million pounds, half of which came from the county, and took four months longer than the council had hoped.

Volunteers had carried the books upstairs in the night of the flood, one by one, until there was no more room on the stairs.

3 comments

Bob: well done all

Adaline Winstock writes."""


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, float]]:
    cleaner = Cleaner(Config())
    views = Views(read_text(TEXT))
    lines, matches = cleaner._matcher.match(views)
    evidence: Evidence = by_rules(views, lines, matches, cleaner._matcher.rules, Config())[0]
    rows, _ = features(evidence)
    assert rows.shape == (len(evidence), len(FEATURES))
    return {evidence.raw(n)[:16]: dict(zip(FEATURES, row.tolist(), strict=True)) for n, row in enumerate(rows)}


def test_a_name_that_a_paragraph_has_as_well(seen: dict[str, dict[str, float]]) -> None:
    caption = seen["Public works dir"]
    assert (caption["names"], caption["names_before"], caption["names_after"]) == (1, 1, 0)
    assert seen["The town library"]["names_before"] == 0


def test_the_name_from_the_byline(seen: dict[str, dict[str, float]]) -> None:
    assert seen["Adaline Winstock"]["names_gone"] == 1
    assert seen["By Adaline Winst"]["names_gone"] == 0
    assert seen["Public works dir"]["names_gone"] == 0


def test_what_stands_below_the_heading_of_the_comments(seen: dict[str, dict[str, float]]) -> None:
    assert seen["Bob: well done a"]["below_comments"] == 1
    assert seen["Volunteers had c"]["below_comments"] == 0


def test_how_much_of_what_follows_is_known_to_go(seen: dict[str, dict[str, float]]) -> None:
    assert seen["Adaline Winstock"]["gone_after"] == 0
    assert seen["Volunteers had c"]["gone_after"] > seen["Library reopens "]["gone_after"] > 0


def test_a_line_that_begins_with_the_name_from_the_byline(seen: dict[str, dict[str, float]]) -> None:
    biography = seen["Adaline Winstock"]
    assert (biography["name_first"], biography["first_known"], biography["first_signed"]) == (1, 1, 1)
    assert biography["signed"] > 0
    caption = seen["Public works dir"]
    assert (caption["first_known"], caption["first_signed"]) == (0, 0)


def test_sentences_and_quotations_are_counted(seen: dict[str, dict[str, float]]) -> None:
    opening = seen["The town library"]
    assert (opening["sentences"], opening["quoted"], opening["said"]) == (2, 0, 0)
    assert seen["The repair cost "]["sentences"] == 1
    assert opening["single_share"] == pytest.approx(2 / 3)


def test_rows_of_short_lines(seen: dict[str, dict[str, float]]) -> None:
    assert (seen["Library reopens "]["row_size"], seen["Library reopens "]["row_at"]) == (2, 0)
    assert (seen["By Adaline Winst"]["row_size"], seen["By Adaline Winst"]["row_at"]) == (2, 1)
    assert seen["The town library"]["row_size"] == 0


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("abcdeXabcYab", [3, 3, 3, 0, 0, 0, 3, 3, 3, 0, 2, 2]),
        ("aXaYa", [0, 0, 0, 0, 0]),
        ("", []),
        ("ab" * 8, [6] * 16),
    ],
)
def test_lines_that_stand_twice_in_the_same_order(lines: str, found: list[int]) -> None:
    assert list(_twins(list(lines))) == found
