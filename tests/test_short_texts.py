"""Short texts of which rules would take much: what the network, not told of it, is certain of stays, and furniture still goes."""

from __future__ import annotations

import pytest

import cleaner
from cleaner import surroundings

THREE_TASKS = "The keeper's tasks\nWatch: the tide\nRead: the glass\nListen: for the bell"
TASKS = f"{THREE_TASKS}\nWrite: the hour"
FERRY = (
    "The ferry will stay in port until Friday\n"
    "The harbour board said on Monday that the new engine had not arrived, and that the old one would not be trusted in a gale again.\n"
    "Islanders were told to use the mail boat, which takes six passengers and leaves when the post is sorted.\n"
)


@pytest.mark.parametrize("text", [TASKS, THREE_TASKS])
def test_a_list_that_is_the_article_stays(text: str) -> None:
    assert cleaner.clean(text) == text


def test_such_a_list_stays_since_the_network_is_not_told_what_rules_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "SURROUNDED", surroundings.ENOUGH)
    assert cleaner.clean(TASKS) != TASKS


def test_furniture_of_a_short_page_goes() -> None:
    assert cleaner.clean(f"{FERRY}Share this story\nFacebook\nWhatsApp\nCopy link") == FERRY


def test_the_byline_that_begins_a_text_without_a_title_goes() -> None:
    article = FERRY.split("\n", 1)[1]
    assert cleaner.clean(f"By Adaline Winstock\n{article}") == article
