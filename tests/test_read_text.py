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
