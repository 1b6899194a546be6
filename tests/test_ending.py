"""A line below the article that begins with its author's name says who the author is."""

from __future__ import annotations

import pytest

import cleaner

BODY = {
    "en": "The ferry to Holm will run through the winter again, the harbour board decided on Monday. It had stopped in October for ten years.\n\n"
    "Two of the three boats have new engines, which can break thin ice. The third is being sold to a firm in the south.\n\n"
    "Islanders had collected nine hundred signatures. A crossing will cost four pounds, as it does in summer.\n\n"
    "The first boat of the year leaves at seven on the second of January. The board will look at the figures again in May.",
    "de": "Die Fähre nach Holm fährt auch im Winter wieder, das hat der Hafenrat am Montag beschlossen. Zehn Jahre lang lag sie ab Oktober fest.\n\n"
    "Zwei der drei Boote haben neue Motoren und brechen dünnes Eis. Das dritte wird an einen Betrieb im Süden verkauft.\n\n"
    "Auf der Insel waren neunhundert Unterschriften gesammelt worden. Die Überfahrt kostet vier Euro wie im Sommer.\n\n"
    "Das erste Boot des Jahres legt am zweiten Januar um sieben Uhr ab. Im Mai will der Rat die Zahlen noch einmal prüfen.",
    "ru": "Паром на Хольм снова будет ходить и зимой, решил в понедельник совет порта. Десять лет его ставили на прикол в октябре.\n\n"
    "На двух катерах из трёх новые двигатели, они ломают тонкий лёд. Третий продают фирме на юге.\n\n"
    "Островитяне собрали девятьсот подписей. Билет будет стоить столько же, сколько летом.\n\n"
    "Первый катер отойдёт второго января в семь утра. В мае совет ещё раз посмотрит на цифры.",
    "ja": "島へ渡る船が、この冬から再び通年で運航される。港の委員会が月曜日に決めた。十年の間、十月から春までは休んでいた。\n\n"
    "三隻のうち二隻は新しいエンジンを積み、薄い氷なら割って進める。残る一隻は南の会社に売られる。\n\n"
    "島では九百人の署名が集まった。料金は夏と同じ四百円に据え置かれる。\n\n"
    "最初の便は一月二日の朝七時に出る。委員会は五月に改めて利用者の数を確かめる。",
}
SIGNED = {
    "en": (
        "By Adaline Winstock",
        "Adaline Winstock keeps bees above Thirle and has been late for every ferry since 1998.",
    ),
    "de": (
        "Von Adalbert Winzenried",
        "Adalbert Winzenried hält Bienen am Deich und hat seit 1998 noch jede Fähre verpasst.",
    ),
    "ru": (
        "Автор: Аделина Винокурцева",
        "Аделина Винокурцева держит пчёл за дамбой и с 1998 года опаздывает на каждый паром.",
    ),
    "ja": ("記者・三田村雪路", "三田村雪路 堤防の上で蜂を飼い、一九九八年から船に遅れ続けている。"),
}


@pytest.mark.parametrize("language", BODY)
def test_a_line_below_that_begins_with_the_name_from_the_byline_goes(language: str) -> None:
    byline, biography = SIGNED[language]
    result = cleaner.explain(f"{byline}\n\n{BODY[language]}\n\n{biography}\n")
    assert result.text == f"{BODY[language]}\n"
    assert {removal.category for removal in result.removed} == {"byline", "biography"}


@pytest.mark.parametrize("language", BODY)
def test_an_article_that_ends_with_what_somebody_else_did_stays(language: str) -> None:
    byline, _ = SIGNED[language]
    assert cleaner.clean(f"{byline}\n\n{BODY[language]}\n") == f"{BODY[language]}\n"


def test_the_name_inside_the_last_paragraph_proves_nothing() -> None:
    byline, _ = SIGNED["en"]
    last = (
        "The captain of the first boat will be Marian Holt, who has crossed the sound for thirty years and remembers the winter of 1987, "
        "when a reporter called Adaline Winstock had to walk home over the ice."
    )
    assert cleaner.clean(f"{byline}\n\n{BODY['en']}\n\n{last}\n") == f"{BODY['en']}\n\n{last}\n"


def test_a_line_of_signs_of_code_is_code() -> None:
    text = (
        "The loop stops when the channel is closed, and the worker goes home.\n\nfor job := range jobs {\n\thandle(job)\n}\n\n"
        "Without the close it waits for ever, which is the most common mistake of all that readers send us.\n\n}\n\n"
        "A lone brace like the one above is what the compiler complains about when an editor has eaten the rest of the file.\n"
    )
    assert cleaner.clean(text) == text
