"""Plain text to blocks: lines, and paragraphs that were wrapped."""

from __future__ import annotations

from cleaner.read_text import read_text

WRAPPED = """\
The first ferry in nine months left the port at ten past seven on
Wednesday with forty cars on board, and the quay was full of people
who had come to see it go, some of them with flags that had been in
drawers since the last time.

The captain said that he had slept badly, and that the engine had
not; it had been running since four, and it would run until the
evening if the weather held, which the forecast said that it would
not do for long.
"""


def test_wrapped_lines_are_one_block_a_paragraph() -> None:
    document = read_text(WRAPPED)
    assert len(document.blocks) == 2
    assert document.text == WRAPPED


def test_paragraphs_of_one_line_stay_apart() -> None:
    lines = [
        f"The weir has {number} gates, and each of them takes two men and a winch when the river is up."
        for number in range(8)
    ]
    assert len(read_text("\n".join(lines)).blocks) == len(lines)


def test_a_script_without_blanks_is_not_wrapped() -> None:
    line = "\u6e21\u8f2a\u5728\u6e05\u6668\u4e03\u9ede\u5341\u5206\u96e2\u6e2f" * 4 + "\u3002"
    assert len(read_text("\n".join([line] * 8)).blocks) == 8


BY_HAND = """\
Landing stage reopens
By Ines Okafor
The landing stage at the old quay was opened again on Monday after
three years of repairs, and the first boat came in at noon
with the mayor on board.
The works had cost more than planned because the piles, which
the drawings gave as oak, turned out to be larch, and had
to be drawn one by one.
A boat ties up at the new stage on Monday.
From June there will be four boats a day. The timetable
hangs at the quay and can be had at the town hall.
"""


def test_lines_that_were_broken_by_hand_are_one_block_a_paragraph() -> None:
    document = read_text(BY_HAND)
    blocks = [BY_HAND[start:end].split("\n") for start, end, *_ in document.blocks]
    assert [len(block) for block in blocks] == [1, 1, 3, 3, 1, 2]


def test_lines_of_verse_and_lists_of_headlines_stay_apart() -> None:
    verse = "\n".join(
        f"The river took the {thing} from the yard and carried it down to the sea"
        for thing in ("ladder", "barrow", "bucket", "gatepost", "trough", "wheel")
    )
    assert len(read_text(verse).blocks) == 6
    headlines = "\n".join(
        f"Council of {place} votes to keep its swimming pool open until autumn"
        for place in ("Aldby", "Borrow", "Carse", "Dunmere", "Ely Moor", "Farrow")
    )
    assert len(read_text(headlines).blocks) == 6
