"""The white space of the policy: what is left where something went."""

from __future__ import annotations

import pytest

import cleaner

A = "The first ferry in nine months left the quay at ten past seven with forty cars."
B = "Nobody on the island had expected the ramp to be ready before the autumn at all."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"{A}\nAdvertisement\n{B}\n", f"{A}\n{B}\n"),
        (f"{A}\n\nAdvertisement\n\n{B}\n", f"{A}\n\n{B}\n"),
        (f"{A}\nAdvertisement\n\n{B}\n", f"{A}\n\n{B}\n"),
        (f"{A}\n\n\nAdvertisement\n{B}\n", f"{A}\n\n\n{B}\n"),
        (f"{A}\r\n\r\nAdvertisement\r\n\r\n{B}\r\n", f"{A}\r\n\r\n{B}\r\n"),
        (f"{A}\n\nAdvertisement\n\nShare this article\n\n{B}\n", f"{A}\n\n{B}\n"),
        (f"Advertisement\n\n{A}\n{B}\n", f"{A}\n{B}\n"),
        (f"\n\n{A}\n{B}\n\nAdvertisement\n\n", f"{A}\n{B}\n"),
        (f"{A}\n{B}\n\nAdvertisement", f"{A}\n{B}\n"),
        (f"{A}\n{B} (More dam stories.)\n", f"{A}\n{B}\n"),
        (f"{A}\n{B}   (More dam stories.)", f"{A}\n{B}"),
        ("Advertisement\n", ""),
        (f"\n\n{A}\n\n\n{B}\n\n", f"\n\n{A}\n\n\n{B}\n\n"),
        (f"\ufeffAdvertisement\n{A}\n", f"\ufeff{A}\n"),
        (f"    {A}\nAdvertisement\n    {B}\n", f"    {A}\n    {B}\n"),
    ],
)
def test_gaps(source: str, expected: str) -> None:
    assert cleaner.clean(source) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ufeff", "\ud800", "a\x00b\n", "\u2028\n\u2028"])
def test_texts_with_nothing_to_remove_come_back_to_the_byte(text: str) -> None:
    assert cleaner.clean(text) == text
