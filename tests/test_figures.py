"""Figures below each other are a time table or results, whatever a rule of some language makes of a single one."""

from __future__ import annotations

import pytest

import cleaner

TABLES = [
    "The ferry leaves the north pier at these times:\n06:20\n09:45\n13:05\n17:30",
    "Результаты заплыва, в минутах\n12,50\n13,20\n14,80",
    "Паром ходит всю зиму, если позволяет погода, и команда просит пассажиров приходить на причал за десять минут.\n"
    "Будни\n06:20\n09:45\n13:05\nВоскресенье\n10:00\n16:00",
    "שעות המעבורת מן המזח הצפוני\n06:20\n09:45\n13:05",
    "नाव उत्तरी घाट से इन समयों पर छूटती है\n06:20\n09:45\n13:05",
    "Giờ đò qua sông, bến phía bắc\n05:15\n08:40\n12:05\n16:30",
    "Tiefster Pegel des Jahres am Wehr, in Zentimetern\n1987 112\n1996 87\n2009 64\n2021 41",
    "北岸码头开船时间\n06:20\n09:45\n13:05",
    "Preços da lota, em euros\n4.5\n3.2\n8.1",
]


@pytest.mark.parametrize("text", TABLES)
def test_columns_of_figures_stay(text: str) -> None:
    assert cleaner.clean(text) == text


def test_figures_beside_buttons_go() -> None:
    article = (
        "The ferry will stay in port until Friday\n"
        "The harbour board said on Monday that the new engine had not arrived, and that the old one would not be trusted in a gale again.\n"
        "Islanders were told to use the mail boat, which takes six passengers and leaves when the post is sorted."
    )
    assert cleaner.clean(f"{article}\nShare\n12\nTweet\n45\nPrint") == article + "\n"
