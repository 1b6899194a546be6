"""A page's headline, left out of the text on request."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Config
from cleaner.model import TITLE_APART
from tests.strategies import PARAGRAPHS, TITLES
from tests.test_html_properties import assert_partition

BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The first ferry in nine months left the upper quay at ten past seven with forty cars and a brass band on board.",
        "Nobody on the island had expected the ramp to be ready before the autumn, and the harbour master had said as much.",
        "In the evening the band played on the way back, too, and the passengers stood along the rail until the light was gone.",
    )
)
HEAD = "<title>Ferry returns to the strait | Harbour Echo</title><nav><a href=/>Home</a></nav>"
PAGE = f"{HEAD}<article><h1>Ferry returns to the strait</h1>{BODY}</article>"
APART = Cleaner(Config(title=False))


def test_the_headline_goes_with_a_rule_of_its_own() -> None:
    result = APART.explain_html(PAGE)
    assert result.text.startswith("The first ferry")
    assert result.text == cleaner.clean_html(PAGE).removeprefix("Ferry returns to the strait\n\n")
    assert result.metadata.title == "Ferry returns to the strait | Harbour Echo"
    (removal,) = [one for one in result.removed if one.rule == TITLE_APART]
    assert removal.text.strip() == "Ferry returns to the strait"
    assert removal.category == "repeat"
    assert_partition(result)


@pytest.mark.parametrize("more", [{"keep": {"repeat"}}, {"strip": {"share"}}, {"mode": "conservative"}])
def test_other_settings_do_not_bring_it_back(more: dict[str, object]) -> None:
    assert "Ferry returns" not in Cleaner(Config(title=False, **more)).clean_html(f"<h1>Ferry returns</h1>{BODY}")  # type: ignore[arg-type]


def test_the_rule_can_be_switched_off() -> None:
    assert Cleaner(Config(title=False, disable={TITLE_APART})).clean_html(PAGE) == cleaner.clean_html(PAGE)


def test_copies_go_as_well() -> None:
    page = f"{HEAD}<h1>Ferry returns to the strait</h1><article><h2>Ferry returns to the strait</h2>{BODY}</article>"
    assert "Ferry returns" not in APART.clean_html(page)


def test_a_refrain_like_the_title_stays() -> None:
    lines = "<br>".join(
        ["The harbour lamp is lit,", "and still I row,", "the tide has turned on it,", "and still I row."] * 2
    )
    page = f"<title>And still I row</title><article><h1>And still I row</h1><p>{lines}</p>{BODY}</article>"
    assert APART.clean_html(page).count("and still I row") == 4


def test_pages_without_a_headline_and_texts_lose_nothing() -> None:
    page = f"<article>{BODY}</article>"
    assert APART.clean_html(page) == cleaner.clean_html(page)
    text = "Ferry returns to the strait\n\nThe ferry sailed at dawn with forty cars on its deck, and nobody waved."
    assert APART.clean(text) == text


def test_a_page_that_is_a_headline_only() -> None:
    result = APART.explain_html("<title>Ferry</title><h1>Ferry</h1>")
    assert result.text == ""
    assert result.warnings
    assert_partition(result)


@given(st.sampled_from(TITLES), st.lists(st.sampled_from(PARAGRAPHS), min_size=3, max_size=6, unique=True))
@settings(max_examples=40)
def test_only_the_headline_goes(title: str, body: list[str]) -> None:
    page = f"<title>{title}</title><article><h1>{title}</h1>{''.join(f'<p>{text}</p>' for text in body)}</article>"
    assert APART.clean_html(page) == "\n\n".join(body)
