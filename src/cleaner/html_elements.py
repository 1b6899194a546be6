"""What HTML says of its elements: what each does to the text around it, and which others its tags start or end."""

from __future__ import annotations

from typing import Final

INLINE, BLOCK, SKIP, BREAK, CELL, CLOSE, RAW, VOID, PLAIN = range(9)
"""What an element is to the text: a part of its line; a paragraph; passed over; a line end; a cell of a table; a line of its own;
passed over, and no tag in it is one; without content; or a paragraph of which nothing else has to be known."""

KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(
        (
            "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span "
            "strike strong sub sup time tt u var wbr img nobr math mi mo mn ms mtext mrow mfrac msup msub msubsup msqrt mroot "
            "mstyle semantics munder mover munderover mtable mtr mtd mpadded mspace mfenced slot picture source input image"
        ).split(),
        INLINE,
    ),
    **dict.fromkeys(
        "template svg object embed canvas select option datalist audio video annotation annotation-xml applet map".split(),
        SKIP,
    ),
    **dict.fromkeys("script style textarea title iframe noembed".split(), RAW),
    **dict.fromkeys("area base basefont bgsound col frame hr keygen link meta param track".split(), VOID),
    **dict.fromkeys("li tr dt dd caption summary".split(), CLOSE),
    **dict.fromkeys(
        (
            "address article aside blockquote center details dialog div fieldset figcaption figure footer form header hgroup main "
            "nav p search section table"
        ).split(),
        PLAIN,
    ),
    "br": BREAK,
    "td": CELL,
    "th": CELL,
}  # fmt: skip
"""What an element does to the text around it; every other one is a ``BLOCK``."""

PASSED: Final = (SKIP, RAW)
"""Kinds whose content is no text of the page."""

CLOSES_P: Final = frozenset(
    (
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 "
        "h5 h6 header hgroup main menu nav ol p pre search section table ul xmp"
    ).split()
)
"""What ends an open paragraph by starting."""

HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SCOPE: Final = frozenset(("table", "td", "th", "caption", "template", "html"))
"""What an end tag within doesn't reach beyond, unless it is that of such an element itself."""

NESTING: Final = frozenset(("svg", "template", "object"))
"""Elements that are passed over, and may hold others of their name."""

IMPLIED: Final = {
    "li": (("li",), frozenset(("p", "div", "li"))),
    "dt": (("dt", "dd"), frozenset(("p", "div", "dt", "dd"))),
    "dd": (("dt", "dd"), frozenset(("p", "div", "dt", "dd"))),
    "tr": (("tr",), frozenset(("p", "div", "td", "th", "tr"))),
    "td": (("td", "th"), frozenset(("p", "div", "td", "th"))),
    "th": (("td", "th"), frozenset(("p", "div", "td", "th"))),
    "tbody": (("tbody", "thead", "tfoot"), frozenset(("p", "div", "td", "th", "tr", "tbody", "thead", "tfoot"))),
    "thead": (("tbody", "thead", "tfoot"), frozenset(("p", "div", "td", "th", "tr", "tbody", "thead", "tfoot"))),
    "tfoot": (("tbody", "thead", "tfoot"), frozenset(("p", "div", "td", "th", "tr", "tbody", "thead", "tfoot"))),
    "body": (("head",), frozenset(("head", "p", "div", "noscript", "link", "meta"))),
}  # fmt: skip
"""Which open elements an element's start tag closes, and what may stand open inside those."""
