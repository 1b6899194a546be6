"""Pages whose article stands in the data of their scripts."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.hydration import hydrated
from tests.test_html_properties import assert_partition

BODY = [
    "The first ferry in nine months left the upper quay at ten past seven with forty cars and a brass band on board.",
    "Nobody on the island had expected the ramp to be ready before the autumn, and the harbour master had said as much.",
    "In the evening the band played on the way back, too, and the passengers stood along the rail until the light was gone.",
    "On Monday the crossing is to run by the old timetable again, with six boats a day and one more on market days.",
]
TITLE = "Ferry returns to the strait"
NOTICE = (
    "We and our partners store information on a device. You can withdraw your consent. Your choices hold here. " * 12
)
OTHER = "The council of Ostermouth voted on the ramp. It was a long night. Nobody left before two. " * 12


def shell(data: Any, before: str = "", shown: str = "<div id=__next></div>") -> str:
    written = json.dumps(data).replace("</", "<\\/")
    kind = "" if before else " id=__NEXT_DATA__ type='application/json'"
    return f"<html><head><title>{TITLE} | Harbour Echo</title></head><body>{shown}<script{kind}>{before}{written}</script></body></html>"


HTML = "".join(f"<p>{text}</p>" for text in BODY)
PIECES = [{"type": "paragraph", "children": [{"text": text[:20]}, {"text": text[20:], "bold": True}]} for text in BODY]
DATA = {
    "html": {"props": {"pageProps": {"article": {"title": TITLE, "body": HTML}}}},
    "text": {"post": {"headline": TITLE, "content": "\n\n".join(BODY)}},
    "strings": {"story": {"paragraphs": BODY}},
    "pieces": {"story": {"content": PIECES}},
    "a document": {"doc": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in BODY]}},
    "with images": {"story": {"blocks": [{"type": "p", "html": BODY[0]}, {"type": "image", "text": "A boat"}, *({"type": "p", "html": text} for text in BODY[1:])]}},
    "beside a notice": {"consent": {"text": NOTICE}, "i18n": {"long": NOTICE}, "story": {"body": HTML}},
    "beside others": {"posts": [{"title": "Council votes", "body": OTHER}, {"title": TITLE, "body": HTML}]},
    "flat": [{"props": 1}, "Reactive", "\n\n".join(BODY), 7],
}  # fmt: skip


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("before", ["", "window.__INITIAL_STATE__ = "])
def test_the_article_is_found(name: str, before: str) -> None:
    result = cleaner.explain_html(shell(DATA[name], before))
    assert result.text.split("\n\n") == BODY
    assert result.warnings == ("the page doesn't show its article; text in the data of its scripts was read",)
    assert result.markdown.replace("*", "") == result.text
    assert_partition(result)


def test_what_is_shown_goes_first() -> None:
    page = shell(DATA["html"], shown=f"<article><h1>Another</h1><p>{OTHER}</p></article>")
    result = cleaner.explain_html(page)
    assert "forty cars" not in result.document.text
    assert result.warnings == ()


def test_a_list_of_teasers_is_no_shell() -> None:
    teasers = "".join(f"<li><a href=/{number}>{text}</a></li>" for number, text in enumerate(BODY[:2]))
    assert (
        "council"
        not in cleaner.explain_html(shell({"story": {"body": OTHER}}, shown=f"<ul>{teasers}</ul>")).document.text
    )


def test_the_body_of_json_ld_goes_first() -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": " ".join(BODY)})
    page = shell({"story": {"body": OTHER}}).replace(
        "<body>", f'<body><script type="application/ld+json">{data}</script>'
    )
    assert "council" not in cleaner.clean_html(page)


@pytest.mark.parametrize(
    "data",
    [
        {"story": {"body": "The ferry sailed at dawn."}},
        {"consent": {"text": NOTICE}},
        {"messages": {"en": {"a": NOTICE}}},
        {"theme": {"tokens": "a1 b2 " * 200}},
        {"config": {"inner": json.dumps({"text": NOTICE})}},
        [],
        7,
    ],
)
def test_what_is_no_article_is_left(data: Any) -> None:
    result = cleaner.explain_html(shell(data))
    assert result.text == ""
    assert "JavaScript" in result.warnings[0]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from([*BODY, HTML, " ".join(BODY)]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("text", "type", "title", "content", "children", "body", "x")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(values, st.sampled_from(("", "window.__STATE__=", "window.a = [", "self.b={")))
@settings(max_examples=100)
def test_any_data_gives_a_result(data: Any, before: str) -> None:
    assert_partition(cleaner.explain_html(shell(data, before)))


@pytest.mark.parametrize(
    "html",
    [
        "<script type=application/json>" + "[" * 100_000,
        "<script type=application/json>" * 50_000,
        "<script>window.a = {</script>" * 20_000,
        "<script>" + "window.a = " * 50_000 + "</script>",
        shell({"a": ["x y"] * 300_000}),
        shell([[[[[[[["a b", ["c d"] * 50_000]]]]]]]]),
    ],
)
def test_hostile_data_takes_linear_time(html: str) -> None:
    started = time.perf_counter()
    hydrated(html)
    assert time.perf_counter() - started < 5
