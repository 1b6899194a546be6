"""Languages that a text isn't in."""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner
from cleaner.languages import KNOWN, impossible

CORPUS = Path(__file__).parents[1] / "corpus"
CASES = sorted(CORPUS.glob("*/*/source.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_a_text_is_possibly_in_its_own_language(path: Path) -> None:
    assert path.parts[-3] not in impossible(path.read_text(encoding="utf-8").lower())


def test_a_long_text_rules_others_out() -> None:
    german = (
        "Der Deich hielt, und die Leute auf der Insel schliefen in der Nacht nicht, weil sie es nicht glaubten. " * 3
    )
    assert {"fr", "pl", "vi", "zh", "ru"} <= impossible(german.lower())
    assert "en" not in impossible(german.lower())


def test_a_short_text_rules_nothing_out_in_its_script() -> None:
    assert not {"de", "fr", "es", "nl"} & impossible("foto: dpa")
    assert impossible("") <= KNOWN


def test_a_rule_of_one_language_leaves_a_text_of_another() -> None:
    text = (
        "The actors of the fish market\n"
        "The play has three parts, and the first of them is the one that the town has come to see tonight.\n"
        "ROY: One. [laughter]\nMaria (sings)\n"
        "It was written in the winter by the people who sell the fish, and it is as long as a tide.\n"
    )
    assert cleaner.clean(text) == text
