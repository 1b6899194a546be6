"""Lists of contents go where a label stands above them; agendas, refrains and lists without a label stay."""

import pytest

from cleaner import explain

BODY = """
Why the chimney smokes

A cold flue holds a plug of heavy air above the hearth, and the first smoke of the evening finds no way through it and turns back into the room.

What you need

Two sheets of newspaper, a match and an open window are enough to warm the first metre of the flue before the fire itself is lit at all.

When to call a sweep

If the smoke still comes back after a week of dry wood, the nest of a jackdaw is the likeliest reason, and no newspaper will help against that.
"""

ENTRIES = "Why the chimney smokes\nWhat you need\nWhen to call a sweep\n"


def _gone(text: str) -> list[str]:
    return [removal.rule for removal in explain(text).removed]


@pytest.mark.parametrize(
    "label", ["In these pages", "Chapters", "Quickly to", "In dieser Anleitung", "Sommaire de la fiche"]
)
def test_a_list_of_contents_goes_with_its_label(label: str) -> None:
    text = f"The fire that smokes\n\n{label}\n{ENTRIES}{BODY}"
    result = explain(text)
    assert result.text == f"The fire that smokes\n{BODY}"
    assert "any.navigation.contents" in _gone(text)


def test_numbered_entries_are_those_of_headings_without_numbers() -> None:
    entries = "".join(f"{number}. {line}\n" for number, line in enumerate(ENTRIES.splitlines(), 1))
    assert explain(f"The fire that smokes\n\nChapters\n{entries}{BODY}").text == f"The fire that smokes\n{BODY}"


@pytest.mark.parametrize(
    "head",
    [
        f"There are three things to know before the first cold evening of the year:\n{ENTRIES}",
        "Chapters\nWhy the chimney smokes\nWhat you need\nWhat the neighbours say\n",
        "Chapters\nWhat you need\nWhy the chimney smokes\nWhen to call a sweep\n",
    ],
)
def test_a_list_that_is_no_list_of_contents_is_not_taken_for_one(head: str) -> None:
    assert "any.navigation.contents" not in _gone(f"The fire that smokes\n\n{head}{BODY}")


def test_a_refrain_is_no_list_of_contents() -> None:
    refrain = "Blow, bellows, blow\nDown in the coal\nBlow, bellows, blow low\n"
    song = f"The smith's song\n\nChorus\n{refrain}\nThe iron is white and the evening is long\n\n{refrain}\nThe hammer is heavy and so is the song\n\n{refrain}"
    assert explain(song).text == song
