"""What holds for every page."""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Result
from cleaner.read_html import read_html
from cleaner.read_text import read_text
from tests.strategies import PARAGRAPHS, TITLES, configs

TAGS = [
    "a",
    "b",
    "article",
    "aside",
    "body",
    "br",
    "button",
    "div",
    "dl",
    "dt",
    "dd",
    "em",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "li",
    "main",
    "nav",
    "noscript",
    "ol",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "span",
    "style",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "video",
    "x-widget",
]
NAMES = ("comment", "post-body", "newsletter", "sr-only", "related", "main", "hidden", "share-bar")

texts = st.one_of(
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(TITLES),
    st.sampled_from(
        (
            "Share",
            "By Ana Prieto",
            "12 comments",
            "Home",
            "&amp; &lt;p&gt; &#0;",
            "5 < 6",
            "\u4e2d\u6587",
            "\u202e\ufeff",
        )
    ),
    st.text(max_size=20),
)
attributes = st.one_of(
    st.just(""),
    st.sampled_from(NAMES).map(lambda name: f' class="{name}"'),
    st.sampled_from(
        (" hidden", " style='display:none'", " aria-hidden=true", " id=x", ' title="a>b', " start=3", " role=main")
    ),
)
opening = st.builds(lambda tag, more: f"<{tag}{more}>", st.sampled_from(TAGS), attributes)
closing = st.sampled_from(TAGS).map(lambda tag: f"</{tag}>")
odd = st.sampled_from(
    ("<!--", "-->", "<!doctype html>", "<![CDATA[x]]>", "<", "</", "<?", "\0", "<p", "'", '"', "\ud800", "\r\n")
)
soup = st.lists(st.one_of(texts, opening, closing, odd), max_size=40).map("".join)
pages = st.one_of(
    soup, st.text(alphabet=string.printable, max_size=200), soup.map(lambda s: f"<html><body>{s}</body></html>")
)


def assert_partition(result: Result) -> None:
    text = result.document.text
    pieces = sorted([*result.kept, *[(removal.start, removal.end) for removal in result.removed]])
    at = 0
    for start, end in pieces:
        assert start == at
        assert end > start
        at = end
    assert at == len(text)
    for removal in result.removed:
        assert removal.text == text[removal.start : removal.end]
        assert removal.rule
        assert removal.category in cleaner.CATEGORIES
    assert result.text == "".join(text[start:end] for start, end in result.kept)


@given(pages)
def test_any_page_gives_a_result_that_partitions_its_text(html: str) -> None:
    result = cleaner.explain_html(html)
    assert_partition(result)
    assert cleaner.explain_html(html) == result


@given(
    st.one_of(st.binary(max_size=300), pages.map(lambda s: s.encode("utf-8", "replace"))),
    st.sampled_from((None, "latin-1", "utf-16", "x")),
)
def test_any_bytes_give_a_result(data: bytes, encoding: str | None) -> None:
    try:
        assert_partition(cleaner.explain_html(data, encoding=encoding))
    except cleaner.HtmlError:
        assert data[:2] in (b"\x1f\x8b", b"\x28\xb5", b"%P")


@given(pages, configs)
@settings(max_examples=40)
def test_any_settings_give_a_partition(html: str, config: cleaner.Config) -> None:
    assert_partition(Cleaner(config).explain_html(html))


@given(pages)
def test_clean_text_of_a_page_is_clean_text(html: str) -> None:
    text = cleaner.clean_html(html)
    assert cleaner.clean(text) == text


@given(pages)
def test_text_and_html_agree_on_blocks(html: str) -> None:
    document = read_html(html).document
    assert [(block.start, block.end) for block in document.blocks] == [
        (block.start, block.end) for block in read_text(document.text).blocks
    ]


@given(pages)
@settings(max_examples=40)
def test_a_buffer_is_not_changed(html: str) -> None:
    data = bytearray(html.encode("utf-8", "replace"))
    before = bytes(data)
    try:
        cleaner.clean_html(data)
    except cleaner.HtmlError:
        return
    assert data == before


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=3, max_size=6, unique=True), st.integers(0, 5), st.integers(0, 3))
@settings(max_examples=40)
def test_wrappers_attributes_comments_and_scripts_change_nothing(body: list[str], wraps: int, noise: int) -> None:
    plain = f"<h1>{TITLES[0]}</h1>" + "".join(f"<p>{text}</p>" for text in body)
    dressed = f"<h1 data-x='1'>{TITLES[0]}</h1>" + "".join(
        f"<p lang=en>{text}</p>" + "<!-- c --><script>var p = '<p>';</script>" * noise for text in body
    )
    wanted = cleaner.clean_html(f"<body>{plain}</body>")
    assert wanted == "\n\n".join([TITLES[0], *body])
    assert cleaner.clean_html(f"<body>{'<div>' * wraps}{dressed}{'</div>' * wraps}</body>") == wanted


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=4, max_size=6, unique=True), st.sampled_from(range(4)))
@settings(max_examples=40)
def test_planted_page_furniture_goes_and_takes_nothing_along(body: list[str], which: int) -> None:
    furniture = (
        "<nav class=menu><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li><li><a href=/s>Sport</a></li></ul></nav>",
        "<div class=share-buttons><a href=#>Facebook</a><a href=#>WhatsApp</a><a href=#>Copy link</a></div>",
        "<footer class=site-footer><a href=/p>Privacy</a><a href=/i>Imprint</a><p>\u00a9 2025 Coast Media Ltd</p></footer>",
        "<div class=newsletter-signup><p>Sign up for our free daily newsletter</p><form><input><button>Subscribe</button></form></div>",
    )[which]
    article = f"<article><h1>{TITLES[1]}</h1>" + "".join(f"<p>{text}</p>" for text in body) + "</article>"
    page = f"<html><head><title>{TITLES[1]}</title></head><body>" + (
        furniture + article if which == 0 else article + furniture
    )
    assert cleaner.clean_html(page) == "\n\n".join([TITLES[1], *body])
