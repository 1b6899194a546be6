"""What has to hold before the network of blocks is believed."""

from __future__ import annotations

import pytest

from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.judge import by_rules
from cleaner.match import Views
from cleaner.read_text import read_text
from cleaner.surroundings import MAYBE, _together

ENTRIES = """The ferry came in at ten and stays until the wind turns.
Reply
Two trees lie across the coast road.
Reply
The bakers of the lower town have opened all the same.
Reply"""


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.9, 0.3, 0.9], [0.7, 0.7, 0.7]),
        ([0.9, MAYBE - 0.01, 0.9], [0.9, MAYBE - 0.01, 0.9]),  # one of them may be the article's
    ],
)
def test_a_few_words_that_come_back_go_together(scores: list[float], expected: list[float]) -> None:
    cleaner = Cleaner(Config())
    views = Views(read_text(ENTRIES))
    lines, _ = cleaner._matcher.match(views)
    evidence = by_rules(views, lines, (), cleaner._matcher.rules, Config())[0]
    assert not any(evidence.gone)
    given = [0.1, scores[0], 0.2, scores[1], 0.1, scores[2]]
    wanted = [0.1, expected[0], 0.2, expected[1], 0.1, expected[2]]
    assert _together(evidence, given) == pytest.approx(wanted)


def test_two_copies_are_left_to_themselves() -> None:
    cleaner = Cleaner(Config())
    views = Views(read_text("\n".join(ENTRIES.split("\n")[:4])))
    lines, _ = cleaner._matcher.match(views)
    evidence = by_rules(views, lines, (), cleaner._matcher.rules, Config())[0]
    assert _together(evidence, [0.1, 0.9, 0.1, 0.4]) == [0.1, 0.9, 0.1, 0.4]
