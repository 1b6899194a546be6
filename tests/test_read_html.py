"""The reader: blocks of their kind, whatever the page does."""

from __future__ import annotations

import time

import pytest

import cleaner
from cleaner.html_attributes import name_words
from cleaner.html_source import decode
from cleaner.read_html import read_html


def lines(html: object) -> list[str]:
    return read_html(html).document.text.split("\n")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<p>a <b>bo</b>ld word</p>", "a bold word"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<h1>T</h1>text", "T\n\ntext"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "- a\n- b\n- c\n- d"),
        ("<ol start=3><li>c<li>d<li value=9>i</ol>", "3. c\n4. d\n9. i"),
        ("<table><tr><td>a<td>b<tr><th>c<td></td><td>d</table>", "a\tb\nc\t\td"),
        ("<table><tr><td>a</td> <td>b</td></tr></table>", "a\tb"),
        ("<pre>if x:\n    y &lt; z\n\n  w</pre>", "if x:\n    y < z\n\n  w"),
        ("<dl><dt>t<dd>d</dl>", "t\nd"),
        ("<p>a&nbsp;b &amp; c &#8211; d</p>", "a b & c \u2013 d"),
        ("<p>5 < 6 and 7 > 3</p>", "5 < 6 and 7 > 3"),
        ("<p>a<!-- b --><!-->c<!--->d</p>", "acd"),
        ("a<script>if (a<b) '</p>'</script>b<style>p{}</style>c", "abc"),
        ("<p title=\"x>y\" class='a'>t</p>", "t"),
        ("<p>a<svg><title>t</title><text>u</text></svg>b", "ab"),
        ("<p>a<template><p>b</template>c", "ac"),
        ("<p>a <span hidden>b</span><i aria-hidden='true'>c</i>d", "a d"),
        ("<p>a<span style='display: none'>b</span><em class='sr-only'>c</em>d", "ad"),
        ("<p>x <img alt='alternative'> y</p>", "x y"),
        ("<body>a</body></html>b", "ab"),
        ("<P>A<DIV>B</DIV>", "A\n\nB"),
        ("<p>one</div></span>two", "onetwo"),
        ("<div><p>a</div>b", "a\n\nb"),
        ("<a><b>un<wbr>split</a>", "unsplit"),
        ("<p>\u4e2d\u6587<b>\u5b57</b>\u7b26</p>", "\u4e2d\u6587\u5b57\u7b26"),
        ("plain text\nof two lines", "plain text of two lines"),
        ("", ""),
        ("<", "<"),
        ("<a", ""),
        ("<plaintext>a", "a"),
        ("<frameset><frame src=x></frameset><noframes>text</noframes>", "text"),
        ('<?xml version="1.0" encoding="x"?><html><body><p>a</p></body></html>', "a"),
    ],
)
def test_blocks(html: str, text: str) -> None:
    assert read_html(html).document.text == text


def test_hints() -> None:
    page = read_html('<div class="Post-body main_col" id=x><h2>Head</h2><p>See <a href=#>this</a>.</p></div>')
    heading, paragraph = page.document.blocks
    assert (heading.tag, paragraph.tag, paragraph.link_chars) == ("h2", "p", 4)
    element = page.elements[page.elements[page.holders[1]].parent]
    assert element.tag == "div"
    assert element.names == ("post", "body", "main", "col", "x")
    assert name_words("  ") == ()


def test_title_and_kinds() -> None:
    page = read_html(
        "<title> A &amp;\n B </title><meta property=og:type content=Article>"
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script><svg><title>no</title></svg>'
    )
    assert page.title == "A & B"
    assert page.kinds == {"article", "newsarticle"}


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("<p>h\u00e9".encode(), None, "h\u00e9"),
        ("<p>h\u00e9".encode("utf-8-sig"), "latin-1", "h\u00e9"),
        ("<p>h\u00e9".encode("utf-16"), None, "h\u00e9"),
        ("<p>h\u00e9llo there, this is wide".encode("utf-16-le"), None, "h\u00e9llo there, this is wide"),
        ("<p>h\u00e9".encode("utf-32"), None, "h\u00e9"),
        ("<p>h\u00e9".encode("cp1252"), "iso-8859-1", "h\u00e9"),
        ("<meta charset=windows-1251><p>\u043f\u0440\u0438\u0432\u0435\u0442".encode("cp1251"), None, "\u043f\u0440\u0438\u0432\u0435\u0442"),
        ("<meta charset=iso-8859-1><p>\u201cq\u201d".encode("cp1252"), None, "\u201cq\u201d"),
        ("<meta charset=utf-16><p>h\u00e9".encode(), None, "h\u00e9"),
        ("<meta charset=latin-1><p>h\u00e9".encode(), None, "h\u00e9"),
        ("<meta charset=shift_jis><p>\u6a4b\u3092\u6e21\u308b".encode("shift_jis"), None, "\u6a4b\u3092\u6e21\u308b"),
        ("<meta charset=gb2312><p>\u8001\u8336\u9986".encode("gbk"), None, "\u8001\u8336\u9986"),
        (b"<meta charset=nonsense><p>plain", "more-nonsense", "plain"),
        (b"<p>a\0b", None, "ab"),
    ],
)  # fmt: skip
def test_encodings(data: bytes, encoding: str | None, text: str) -> None:
    assert read_html(data, encoding=encoding).document.text == text


def test_a_false_declaration_is_survived_and_told() -> None:
    data = (
        b"<meta charset=utf-8><p>"
        + "Le caf\u00e9 \u00e9tait ferm\u00e9, \u00e0 la fa\u00e7on de No\u00ebl.".encode("cp1252") * 3
    )
    page = read_html(data)
    assert "ferm\u00e9" in page.document.text
    assert any("utf-8" in warning for warning in page.warnings)


@pytest.mark.parametrize(("data", "name"), [(b"\x1f\x8b\x08\0", "gzip"), (b"%PDF-1.7", "PDF")])
def test_compressed_bytes_are_refused(data: bytes, name: str) -> None:
    with pytest.raises(cleaner.HtmlError, match=name):
        decode(data)


@pytest.mark.parametrize("value", [None, 3, ["<p>"], object()])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="str, bytes, an lxml element or a BeautifulSoup"):
        cleaner.clean_html(value)


def test_an_open_file_is_refused_with_advice(tmp_path: object) -> None:
    with open(__file__, encoding="utf-8") as file, pytest.raises(TypeError, match="read"):  # noqa: PTH123
        cleaner.clean_html(file)


def test_trees_are_taken_and_left_alone() -> None:
    bs4 = pytest.importorskip("bs4")
    etree = pytest.importorskip("lxml.etree")
    lxml_html = pytest.importorskip("lxml.html")
    html = "<html><body><h1>Title</h1><p>One <b>two</b>.</p>tail</body></html>"
    text = "Title\n\nOne two.\n\ntail"
    soup = bs4.BeautifulSoup(html, "html.parser")
    root = lxml_html.fromstring(html)
    before = str(soup), lxml_html.tostring(root)
    for source in (soup, soup.body, root, root.getroottree(), bytearray(html.encode()), memoryview(html.encode())):
        assert read_html(source).document.text == text
    assert (str(soup), lxml_html.tostring(root)) == before
    assert read_html(root.find(".//p")).document.text == "One two."
    assert read_html(etree.fromstring("<p>x</p>")).document.text == "x"


NOSCRIPT = "<p>" + "A thread that only stands here, for readers without scripts. " * 10


def test_noscript_is_read_where_nothing_else_is_shown() -> None:
    page = read_html(f"<div>Loading</div><noscript>{NOSCRIPT}</noscript>")
    assert "only stands here" in page.document.text
    assert page.warnings
    shown = "<p>" + "An article that is shown to everybody who looks at the page. " * 20
    page = read_html(f"{shown}<noscript><p>Enable scripts, please.</noscript>")
    assert "Enable" not in page.document.text
    assert not page.warnings


def test_article_body_of_structured_data() -> None:
    body = "The text stands only in the data. " * 20
    page = read_html(f'<script type="application/ld+json">{{"@graph": [{{"articleBody": "{body}"}}]}}</script><p>Hi')
    assert page.document.text.startswith("Hi\n\nThe text stands")
    assert page.warnings
    assert (
        read_html(f'<p>{body * 3}<script type=\'application/ld+json\'>{{"articleBody": "{body}"}}</script>').warnings
        == ()
    )
    assert read_html('<script type="application/ld+json">{"articleBody": "x" * </script><p>t').document.text == "t"


HOSTILE = {
    "nested div": "<div>" * 100_000 + "here",
    "nested b": "<b>" * 300_000 + "here",
    "nested lists": "<ul><li>" * 100_000 + "here",
    "items in deep divs": "<ul>" + "<div>" * 50_000 + "<li>here</li>" * 50_000,
    "ends beyond a cell": "<div><table><td>" + "<section>" * 50_000 + "here</div>" * 50_000,
    "ends without starts": "</div></p></b>" * 100_000 + "here",
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">here",
    "quotes": "<a b=\"x' c='" * 50_000 + "><p>here",
    "comments without end": "here<!--" * 100_000,
    "tags without end": "here" + "<a " * 200_000,
    "lone signs": "here" + "<" * 500_000,
    "scripts without end": "<script>" * 50_000 + "here",
    "pictures without end": "<svg>" * 50_000 + "here",
    "hidden without end": "here" + "<i hidden></div>" * 20_000 + "</i>",
    "references": "here" + "&amp;&#xd800;&#0;" * 200_000,
    "tables in tables": "<table><tr><td>" * 30_000 + "here",
    "one paragraph": "<p>here" + " word" * 2_000_000,
    "many paragraphs": "<p>here</p>" * 50_000,
    "surrogates": "<p>here\ud800" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_read_in_linear_time(name: str) -> None:
    begin = time.process_time()
    page = read_html(HOSTILE[name])
    assert "here" in page.document.text
    assert time.process_time() - begin < 12  # under a second each on a quiet machine; quadratic ones take minutes


def test_what_is_cut_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.read_html.MAX_LENGTH", 10)
    page = read_html("<p>12345678901234567890")
    assert page.document.text == "1234567"
    assert "cut" in page.warnings[0]
