"""What was kept of a page, as Markdown."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Result, Span
from cleaner.metadata import Sources
from cleaner.model import Block, Document
from cleaner.read_html import read_html
from cleaner.to_markdown import MAX_DEPTH, pieces
from tests.test_html_properties import pages

BODY = (
    "<p>The first ferry in nine months left the upper quay at ten past seven with forty cars and a brass band on board.</p>"
    "<p>Nobody on the island had expected the ramp to be ready before the autumn, and the harbour master had said so.</p>"
)


def whole(html: str) -> Result:
    """A result that kept everything."""
    document = read_html(html).document
    return Result(document, (Span(0, len(document.text)),), (), (), Sources(html=html))


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<h2>The <b>crossing</b> #</h2>", "## The crossing \\#"),
        ("<h3>A heading<br>of two lines</h3>", "### A heading of two lines"),
        (
            "<ul><li>forty cars<li>a band<ul><li>four horns</ul><li>a dog</ul>",
            "- forty cars\n- a band\n  - four horns\n- a dog",
        ),
        ("<ol start=3><li>cars</li><li>bands</li></ol>", "3. cars\n4. bands"),
        ("<ul><li>cars<ol start=4><li>horns</ol></ul>", "- cars\n\n  4. horns"),
        ("<ul><li><p>cars</p><p>and vans</p></li></ul>", "- cars\n\n  and vans"),
        ("<ol><li>cars</ol><ol><li>bands</ol>", "1. cars\n\n1) bands"),
        ("<ol><li>cars<li value=7>bands</ol>", "1. cars\n\n7) bands"),
        (
            "<blockquote><p>The ramp is ready.</p><p>It was not before.</p></blockquote>",
            "> The ramp is ready.\n>\n> It was not before.",
        ),
        ("<blockquote>One said.</blockquote><blockquote>The other said.</blockquote>", "> One said.\n\n> The other said."),
        ("<p>the tide has turned,<br>and still I row</p>", "the tide has turned,  \nand still I row"),
        (
            '<pre><code class="language-sh">ls *\n\n  echo `date`</code></pre>',
            "```sh\nls *\n\n  echo `date`\n```",
        ),
        ("<pre>a\n```\nb = c(d)</pre>", "````\na\n```\nb = c(d)\n````"),
        (
            "<table><tr><th>Day<th>Cars</tr><tr><td>Mon | Tue<td><code>4|0</code></tr><tr><td><td>7</tr></table>",
            "| Day | Cars |\n| --- | --- |\n| Mon \\| Tue | `4\\|0` |\n|  | 7 |",
        ),
        ("<table><tr><td>Mon<td>40</tr></table>", "|  |  |\n| --- | --- |\n| Mon | 40 |"),
        ("<p>It <em>was</em> <strong>so <i>very</i> late</strong>, <code>`</code> said.</p>", "It *was* **so** ***very*** **late**, `` ` `` said."),
        ("<p>In<em>cred</em>ible, <b>(so)</b>they say</p>", "In*cred*ible, (so)they say"),
        ("<p><i>both</i><b>touch</b> here</p>", "*both*touch here"),
        ("<p>1986. A year it was.</p>", "1986\\. A year it was."),
        ("<p>- What was it?</p>", "\\- What was it?"),
        ("<p># no heading, 5 < 6, a_b _c_ * &amp;lt; &lt;b> [1] ~x~ C:\\</p>", "\\# no heading, 5 < 6, a_b \\_c\\_ \\* \\&lt; \\<b> \\[1\\] \\~x\\~ C:\\\\"),
    ],
)  # fmt: skip
def test_elements(html: str, wanted: str) -> None:
    assert whole(html).markdown == wanted


def test_links() -> None:
    html = '<p>See <a href="/log?a=(1) b"><b>the log</b> </a>now!<a href="x">It</a> <a href="javascript:x()">or</a> <a href="#n">not</a> <a>at</a> all.</p>'
    assert whole(html).markdown == "See **the log** now!It or not at all."
    assert whole(html).to_markdown(links=True) == "See [**the log**](/log?a=%281%29%20b) now\\![It](x) or not at all."
    page = f"<article><h1>Ferry</h1>{BODY}<p>More of it stands in <a href=log>the log of the harbour</a> as well.</p></article>"
    result = cleaner.explain_html(page, "https://harbour-echo.example/2025/ferry")
    assert "[the log of the harbour](https://harbour-echo.example/2025/log)" in result.to_markdown(links=True)


def test_what_was_removed_does_not_come_back() -> None:
    page = (
        f"<title>Ferry</title><nav><ul><li><a href=/>Home</a></ul></nav><article><h1>Ferry</h1><p class=byline>By <b>Ines Okafor</b></p>{BODY}"
        "<p>The tide turned at nine. <b>READ MORE: <a href=/x>Ten boats to watch</a></b></p></article><footer>\u00a9 2025 Echo</footer>"
    )
    result = cleaner.explain_html(page)
    written = result.to_markdown(links=True)
    for gone in ("Home", "Okafor", "Ten boats", "2025"):
        assert gone not in written
    assert written.startswith("# Ferry\n\nThe first ferry")


def test_plain_text_and_results_of_others_are_as_they_are() -> None:
    assert cleaner.explain("# *Ferry*\n\nThe tide turned.").markdown == "# *Ferry*\n\nThe tide turned."
    result = cleaner.explain_html(f"<h1>Ferry</h1>{BODY}")
    assert pickle.loads(pickle.dumps(result)).markdown == result.markdown
    other = Result(Document("a", (Block(0, 1),)), (Span(0, 1),), (), (), result.sources)
    assert other.markdown == "a"


def test_text_from_elsewhere_than_the_shown_text() -> None:
    body = "The first ferry in nine months left the upper quay with forty cars. " * 12
    for page in (
        f"<div>Loading</div><noscript><h1>Ferry</h1><p><b>Quay:</b> {body}</p></noscript>",
        f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script><h1>Ferry</h1>',
    ):
        result = cleaner.explain_html(page)
        assert squeezed(result.markdown) == squeezed(result.text)
        assert "forty cars" in result.markdown


def test_deep_nesting_stays_linear() -> None:
    page = f"<article>{'<ul><li>' * 3000}{'<blockquote>' * 3000}{BODY}</article>"
    assert max(map(len, cleaner.explain_html(page).markdown.splitlines())) < 200 + 4 * MAX_DEPTH


def test_pieces() -> None:
    document = Document("ab\n\ncd\nef", (Block(0, 2), Block(4, 6), Block(7, 9)))
    assert list(pieces([Span(0, 1), Span(2, 3), Span(5, 8)], document)) == [
        (0, [Span(0, 1)], 0),
        (1, [Span(5, 6)], 1),
        (2, [Span(7, 8)], 1),
    ]


def squeezed(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def unfenced(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip("> -*0123456789.)").startswith("```"))


@given(pages)
@settings(max_examples=200)
def test_letters_are_those_of_the_text_in_order(html: str) -> None:
    result = cleaner.explain_html(html)
    assert squeezed(unfenced(result.markdown)) == squeezed(unfenced(result.text))


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


inline = st.lists(
    st.one_of(
        st.sampled_from(
            ("ferry ", "*", "_", "`", "``", "[", "](x)", "!", "\\", "&lt;", "&amp;amp;", "~", "#", "- ", "1. ", "|", "> ", "=", "---", "\u4e2d", "x", " ")
        ),
        st.sampled_from(("<b>", "</b>", "<em>", "</em>", "<code>", "</code>", "<a href=/x>", "</a>", "<br>", "<p>", "<li>", "<ul>", "</ul>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<h2>", "</h2>", "<ol start=4>", "</ol>", "<table><tr><td>", "<td>", "<tr><td>", "</table>")),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(inline)
@settings(max_examples=300)
def test_a_reader_of_markdown_reads_the_text(html: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    result = whole(f"<h1>Ferry</h1>{BODY}{html}")
    reader = Words()
    reader.feed(markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(result.markdown))
    read = "".join("".join(reader.found).split())
    wanted = "".join(result.text.split())
    assert unlisted(read) == unlisted(wanted), result.markdown


def unlisted(text: str) -> str:
    """Without the signs that stand for items, which a reader draws and doesn't read."""
    return text.translate({ord(char): None for char in "-.0123456789"})
