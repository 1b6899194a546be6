"""HTML to a page: its visible text as blocks, where each stands in the tree, and what was cut or looked for elsewhere.

The page is read tag by tag, without a tree and without a parser: nesting costs no stack, nothing below some depth is
lost, no tag is looked at twice, and it takes less time than building a tree in C would. This is the only module that imports
lxml or bs4, and it does so only for trees of theirs and for bytes whose encoding has to be guessed.
"""

from __future__ import annotations

import codecs
import json
import re
from functools import cache
from html import unescape
from typing import Any, ClassVar, Final, NamedTuple

from cleaner.errors import HtmlError
from cleaner.model import Block, Document

MAX_LENGTH: Final = 64 << 20
"""Longer pages are cut after so many characters, with a warning. The largest of 1,497 pages of the WCXB data set has 8 MB."""

FALLBACK_WORDS: Final = 60
"""A page whose shown text has fewer words than this, or a third of what its ``<noscript>`` or its JSON-LD holds, is an
empty shell; then that text is read instead."""

SHELL_WORDS: Final = 30
"""A page that shows fewer words in prose is an empty shell, and an article is looked for in the data of its scripts,"""

SHELL_LENGTH: Final = 2000
"""if it shows fewer characters than these: a quick look that most pages end with."""

_INLINE, _BLOCK, _SKIP, _BREAK, _CELL, _CLOSE, _RAW, _VOID, _PLAIN = range(9)

_KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(
        (
            "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span "
            "strike strong sub sup time tt u var wbr img nobr math mi mo mn ms mtext mrow mfrac msup msub msubsup msqrt mroot "
            "mstyle semantics munder mover munderover mtable mtr mtd mpadded mspace mfenced slot picture source input image"
        ).split(),
        _INLINE,
    ),
    **dict.fromkeys(
        "template svg object embed canvas select option datalist audio video annotation annotation-xml applet map".split(),
        _SKIP,
    ),
    **dict.fromkeys("script style textarea title iframe noembed".split(), _RAW),
    **dict.fromkeys("area base basefont bgsound col frame hr keygen link meta param track".split(), _VOID),
    **dict.fromkeys("li tr dt dd caption summary".split(), _CLOSE),
    **dict.fromkeys(
        (
            "address article aside blockquote center details dialog div fieldset figcaption figure footer form header hgroup main "
            "nav p search section table"
        ).split(),
        _PLAIN,
    ),
    "br": _BREAK,
    "td": _CELL,
    "th": _CELL,
}  # fmt: skip
"""What an element does to the text around it; every other element starts and ends a paragraph."""

_PASSED: Final = (_SKIP, _RAW)
_CLOSES_P: Final = frozenset(
    (
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 "
        "h5 h6 header hgroup main menu nav ol p pre search section table ul xmp"
    ).split()
)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAMED: Final = ("class", "id", "itemprop", "role")
_QUOTED: Final = tuple(f' {name}="' for name in _NAMED)
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS: Final = re.compile(
    r"(?<![^\s_-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?)(?![^\s_-])", re.IGNORECASE
)
_SEPARATORS: Final = bytes(ord(chr(byte).lower()) if chr(byte).isalpha() else 32 for byte in range(128)) + b" " * 128
_MAX_NAMES: Final = 200


class Element(NamedTuple):
    """An element that holds blocks, or holds one that does.

    ``parent`` is the number of the one around it (-1: none), ``names`` are the words of its class, id, itemprop, role and
    similar attributes, and ``hidden`` says that it or one around it isn't shown.
    """

    parent: int
    tag: str
    names: tuple[str, ...]
    hidden: bool
    depth: int


class Page(NamedTuple):
    """A page as it was read.

    Attributes:
        document: the flattened text and its blocks, with their hints.
        elements: the elements around the blocks; an element comes after its parent. The first stands for the page.
        holders: per block, the number of the element that holds it.
        names: per block, the class of the inline element that it begins with.
        title: the page's ``<title>``, squeezed.
        kinds: lower-case types that the page claims to be of: ``og:type`` and the ``@type`` values of its JSON-LD.
        meta: the tag and attributes, as written, of ``<html>``, ``<meta>`` and canonical ``<link>``.
        data: the texts of its JSON-LD.
        warnings: one sentence for everything that was cut, guessed or read from elsewhere than the shown text.
        html: the page as text, as it was read.
    """

    document: Document
    elements: tuple[Element, ...]
    holders: tuple[int, ...]
    names: tuple[str, ...]
    title: str
    kinds: frozenset[str]
    meta: tuple[tuple[str, str], ...]
    data: tuple[str, ...]
    warnings: tuple[str, ...]
    html: str = ""


def read_html(source: object, *, encoding: str | None = None) -> Page:
    """Read a page.

    Lines of the text are blocks: a paragraph, a heading, a list item with its marker, a row of a table with tabs
    between its cells, a line of code. Paragraphs are set apart by a blank line; items, rows and what ``<br>`` divides
    follow each other line by line. Reading the text again as plain text gives the same blocks.

    Args:
        source: ``str``, ``bytes``, an lxml element or tree, a ``BeautifulSoup`` or ``Tag``; a page or a fragment.
        encoding: for bytes, what the server said; a byte-order mark wins over it.

    Raises:
        TypeError: ``source`` is none of these.
        HtmlError: the bytes are compressed, not HTML.
    """
    warnings: list[str] = []
    html = _to_text(source, encoding, warnings)
    if len(html) > MAX_LENGTH:
        warnings.append(f"the page has {len(html)} characters; everything after the first {MAX_LENGTH} was cut")
        html = html[:MAX_LENGTH]
    reader = _read(html)
    return _page(reader, [*warnings, *reader.warnings], html)


# ------------------------------------------------------------------ bytes


def _to_text(source: object, encoding: str | None, warnings: list[str]) -> str:
    if isinstance(source, str):
        text = source
    elif isinstance(source, bytes | bytearray | memoryview):
        text = decode(bytes(source), encoding, warnings)
    else:
        text = _serialized(source)
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
    return text


def _serialized(source: object) -> str:
    """Return a tree of another library as HTML again; the tree itself is left alone."""
    module = type(source).__module__.partition(".")[0]
    if module == "bs4":
        from bs4 import Tag  # noqa: PLC0415  # never loaded unless it is already

        if isinstance(source, Tag):
            return str(source.decode(formatter="minimal"))
    if module == "lxml":
        from lxml import etree  # noqa: PLC0415  # never loaded unless it is already

        if isinstance(source, etree._Element | etree._ElementTree):  # noqa: SLF001  # the only names they have
            return etree.tostring(source, encoding="utf-8", method="html", with_tail=False).decode("utf-8", "replace")
    hint = "; is a field empty?" if source is None else ""
    if hasattr(source, "read"):
        hint = "; give what its read() returns"
    raise TypeError(f"HTML is a str, bytes, an lxml element or a BeautifulSoup, not {type(source).__name__}{hint}")


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})|<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_PRESCAN: Final = 16384
_WIDER: Final = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
"""Encodings that browsers read as their supersets (WHATWG Encoding Standard)."""

_SEVEN_BIT: Final = frozenset({"iso2022_jp", "hz", "utf-7", "iso2022_kr"})
_MAGIC: Final = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "Zstandard"), (b"%PDF-", "PDF"))


def decode(data: bytes, declared: str | None = None, warnings: list[str] | None = None) -> str:
    """Return the text of a page's bytes.

    A byte-order mark decides; then, bytes that are valid UTF-8 are UTF-8, whatever is declared (text of another encoding
    is hardly ever valid UTF-8 by chance); then what the server or the page declares, if it can be right; then detection.
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise HtmlError(f"these bytes are {name}, not HTML; decompress or convert them first")
    notes = [] if warnings is None else warnings
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    names = [_codec(declared)] if declared else []
    found = _DECLARED.search(data[:_PRESCAN])
    if found:
        names.append(_codec((found.group(1) or found.group(2)).decode("ascii", "replace")))
    known = [name for name in names if name]
    for name in known:
        if name in _SEVEN_BIT and data.isascii():
            return data.decode(name, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    for name in known:
        if name.startswith(("utf-16", "utf-32")):
            continue
        text = data.decode(name, "replace")
        if text.count("\ufffd") * 50 <= sum(map(len, re.findall(rb"[\x80-\xff]+", data))):
            return text
        notes.append(f"the page isn't in the encoding {name} that it declares")
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 <= sum(map(len, re.findall(rb"[\x80-\xff]+", data))):
        return text
    return _detect(data, notes)


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    try:
        b"".decode(known)
    except (LookupError, ValueError):
        return None
    return _WIDER.get(known, known)


def _wide(data: bytes) -> str | None:
    """Return the encoding of bytes in which every other one is a NUL, as in UTF-16 without a byte-order mark."""
    head = data[:512]
    if len(head) < 4:
        return None
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd * 10 >= half * 6 and even * 10 < half:
        return "utf-16-le"
    if even * 10 >= half * 6 and odd * 10 < half:
        return "utf-16-be"
    return None


def _detect(data: bytes, notes: list[str]) -> str:
    from bs4.dammit import UnicodeDammit  # noqa: PLC0415  # 160 ms to import, needed for few pages

    sample = data[: 1 << 16]
    found = UnicodeDammit(sample, is_html=True).original_encoding
    name = (_codec(found) if found else None) or "cp1252"
    notes.append(f"the page's encoding was guessed: {name}")
    return data.decode(name, "replace")


# ------------------------------------------------------------------ tokens

_TOKEN: Final = re.compile(
    r"<(?:(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)(?:>|\Z)"
    r"|!--(?:-?>|(?:[^-]++|-(?!->))*+(?:-->|(\Z)))"
    r"|[!?/][^>]*+(?:>|\Z)"
    r"|())"
    r"([^<]*+)"
)
"""A tag, a comment or a lone ``<``, and the text behind it. Every alternative ends at the page's end at the latest, so no
part of a page is read twice."""

_ATTRIBUTE: Final = re.compile(r"([^\s=/>\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_SCOPE: Final = frozenset(("table", "td", "th", "caption", "template", "html"))
_NEAR: Final = 8
_DEEP: Final = 64
_NESTED: Final = 40
_NESTING: Final = frozenset(("svg", "template", "object"))
_IMPLIED: Final = {
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

_KEPT_PROPERTIES: Final = 60


class _Reader:
    """Turns a page's tags and text into lines of text and the elements around them. Made for one page."""

    columns: ClassVar[tuple[str, ...]] = ("texts", "holders", "links", "inline")
    """The lists that have an item a block, besides ``gaps``."""

    __slots__ = (
        "_absent", "_anchor", "_buffer", "_cells", "_gap", "_link", "_marker", "_markers", "_name", "_open", "_pre", "_stack",
        "_top", "attributes", "data_scripts", "gaps", "holders", "inline", "kinds", "links", "marks", "meta", "parents", "tags",
        "texts", "title", "warnings",
    )  # fmt: skip

    def __init__(self) -> None:
        self.parents: list[int] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.texts: list[str] = []
        self.gaps: list[int] = []
        self.holders: list[int] = []
        self.links: list[int] = []
        self.inline: list[str] = []
        self.title = ""
        self.kinds: set[str] = set()
        self.data_scripts: list[str] = []
        self.meta: list[tuple[str, str]] = []  # attributes of <meta>, <link> and <html>
        self.warnings: list[str] = []
        self.marks: list[tuple[int, str, str]] | None = None  # of inline elements, where a reader wants them
        self._stack: list[int] = []
        self._open: dict[str, int] = {}
        self._absent: set[str] = set()
        self._buffer: list[str] = []
        self._cells: list[str] = []
        self._anchor = -1  # how many elements were open where the open link began; -1: none is open
        self._link = 0
        self._pre = 0
        self._gap = 0
        self._name = ""
        self._markers: list[int] = []  # per open list: the next number, or -1 for bullets
        self._marker = ""
        self._top = -1

    def read(self, html: str) -> None:
        """Read a page, or a piece of one."""
        at = 0
        while at >= 0:
            first = html.find("<", at)
            if first < 0:
                self._data(html[at:])
                break
            if first > at:
                self._data(html[at:first])
            at = self._run(html, first)
        self._flush()

    def _run(self, html: str, at: int) -> int:
        """Read from ``at`` on, up to an element that is passed over; return where to go on, or -1."""
        kinds, buffer, cells, start, end, flush = _KINDS, self._buffer, self._cells, self._start, self._end, self._flush
        parents, tags, stack, opened, written = self.parents, self.tags, self._stack, self._open, self.attributes
        marks = self.marks
        for found in _TOKEN.finditer(html, at):
            slash, tag, attributes, unclosed, lone, text = found.groups()
            if tag is not None:
                kind = kinds.get(tag, -1)
                if kind < 0:
                    tag = tag.lower()
                    kind = kinds.get(tag, _BLOCK)
                if kind == _INLINE:
                    if slash:
                        if tag == "a":
                            self._anchor = -1
                        if marks is not None:
                            marks.append((len(buffer), "/" + tag, ""))
                    else:
                        if attributes:
                            if not buffer and "class" in attributes:
                                self._name = attributes
                            if (
                                "hidden" in attributes or "none" in attributes or "sr-only" in attributes
                                or "screen-reader" in attributes
                            ) and _hides(parsed(attributes)):  # fmt: skip
                                to = self._past_hidden(html, tag, found.start(6))
                                if to >= 0:
                                    return to
                        if tag == "a":
                            self._anchor = len(self._stack)
                        if marks is not None:
                            marks.append((len(buffer), tag, attributes))
                elif kind == _PLAIN:  # most elements: what _start and _end would do for them
                    top = self._top
                    if not slash:
                        if buffer or cells:
                            flush()
                        if top >= 0 and tags[top] == "p":
                            self._close(1)
                            top = self._top
                        self._gap = 2
                        self._top = number = len(parents)
                        parents.append(top)
                        stack.append(number)
                        tags.append(tag)
                        written.append(attributes)
                        opened[tag] = opened.get(tag, 0) + 1
                    elif top >= 0 and tags[top] == tag:
                        if buffer or cells:
                            flush()
                        self._gap = 2
                        stack.pop()
                        opened[tag] -= 1
                        self._top = stack[-1] if stack else -1
                        if self._anchor > len(stack):
                            self._anchor = -1
                    else:
                        end(tag, kind)
                elif slash:
                    end(tag, kind)
                elif kind in _PASSED:
                    to = self._past(html, tag, attributes, found.start(6), raw=kind == _RAW)
                    if to >= 0:
                        return to
                else:
                    start(tag, kind, attributes)
            elif unclosed is not None:
                return self._unclosed(html, found.start())
            elif lone is not None:
                text = "<" + text
            if text and (buffer or self._pre or not text.isspace()):
                buffer.append(text)
                if self._anchor >= 0:
                    self._link += len(text)
        return -1

    def _unclosed(self, html: str, at: int) -> int:
        """Go on behind the start of a comment that has no end: the rest of a page is no comment."""
        note = "a comment has no end; it was taken to end at its first >"
        self.warnings.append(note)
        rest = html[at + 4 :].replace("<!--", "<!")
        end = rest.find(">")
        if end >= 0:
            self.read(rest[end + 1 :])
        return -1

    def _past(self, html: str, tag: str, attributes: str, at: int, *, raw: bool) -> int:
        """Return where an element ends that is no text, or -1 where it has no end."""
        if tag in self._absent or (not raw and attributes.endswith("/")):
            return -1
        if tag in _NESTING:
            to, after = _matching(html, tag, at)
        else:
            closing = _closing(tag).search(html, at)
            to, after = (closing.start(), closing.end()) if closing else (-1, -1)
        if to < 0:
            self._absent.add(tag)
            if tag in ("script", "style"):
                self.warnings.append(f"a <{tag}> has no end; what follows it was read as text")
            return -1
        if tag == "title":
            if not self.title:
                self.title = " ".join(unescape(html[at : min(to, at + 4000)]).split())
        elif tag == "script" and "ld+json" in attributes:
            self.data_scripts.append(html[at:to])
            self.kinds.update(kind.lower() for kind in _TYPE.findall(html[at : min(to, at + 20000)])[:40])
        return after

    def _past_hidden(self, html: str, tag: str, at: int) -> int:
        """Return where a hidden inline element ends; -1 where it seems not to be closed."""
        if tag in self._absent:
            return -1
        to, after = _matching(html, tag, at, strict=True)
        if to == -1:
            self._absent.add(tag)
        if to < 0:
            return -1
        inside = html[at:to]
        for name in ("p", "div", "li", "td"):
            if inside.count(f"</{name}") > inside.count(f"<{name}"):
                return -1
        return after

    def _data(self, text: str) -> None:
        if text and (self._buffer or self._pre or not text.isspace()):
            self._buffer.append(text)
            if self._anchor >= 0:
                self._link += len(text)

    def _start(self, tag: str, kind: int, attributes: str) -> None:
        if kind == _VOID:
            if tag == "meta":
                if len(self.meta) < _KEPT_PROPERTIES and "content" in attributes:
                    self.meta.append((tag, attributes))
            elif tag == "link":
                if "canonical" in attributes and len(self.meta) < _KEPT_PROPERTIES:
                    self.meta.append((tag, attributes))
            elif tag == "hr":
                self._break(2)
            return
        if kind == _BREAK:
            self._break(0)
            self._gap += 1
            return
        tags, stack = self.tags, self._stack
        if stack:
            top = tags[self._top]
            if (
                (kind == _BLOCK and top == "p" and tag in _CLOSES_P)
                or (top == "p" and tag == "li")
                or (top in _HEADINGS and tag in _HEADINGS)
            ):
                self._close(1)
            if tag in _IMPLIED:
                self._imply(*_IMPLIED[tag])
        if kind == _CELL and self._top >= 0 and tags[self._top] == "tr":
            if self._buffer:
                self._cell()
        else:
            if self._buffer or self._cells:
                self._flush()
            if kind == _BLOCK:
                self._gap = 2
                if tag == "ul" or tag == "ol":  # noqa: PLR1714
                    if self._markers:
                        self._gap = 1
                    self._markers.append(_first_number(attributes) if tag == "ol" else -1)
                elif tag == "pre":
                    self._pre += 1
                elif tag == "html":
                    if len(self.meta) < _KEPT_PROPERTIES:
                        self.meta.append((tag, attributes))
            else:
                self._gap = self._gap or 1
                if tag == "li":
                    self._mark(attributes)
        number = len(self.parents)
        self.parents.append(self._top)
        self._top = number
        stack.append(number)
        tags.append(tag)
        self.attributes.append(attributes)
        self._open[tag] = self._open.get(tag, 0) + 1

    def _imply(self, closed: tuple[str, ...], between: frozenset[str]) -> None:
        """Close what the start of an element closes, as far as it stands close above."""
        tags, stack = self.tags, self._stack
        for above in range(1, min(_NEAR, len(stack)) + 1):
            tag = tags[stack[-above]]
            if tag in closed:
                self._close(above)
                return
            if tag not in between:
                return

    def _end(self, tag: str, kind: int) -> None:
        if kind == _BREAK:
            self._break(1)
            return
        if kind in (_VOID, _SKIP, _RAW) or tag in ("body", "html"):
            return
        if not self._open.get(tag):
            if tag == "p":
                self._break(2)
            return
        tags, stack = self.tags, self._stack
        depth = len(stack)
        barred = tag not in _SCOPE
        above = 1
        while True:
            found = tags[stack[-above]]
            if found == tag:
                break
            if above <= _DEEP and barred and found in _SCOPE:
                return
            above += 1
            if above > depth:
                return
        self._close(above)

    def _close(self, count: int) -> None:
        """Close the innermost open elements."""
        tags, stack = self.tags, self._stack
        for _ in range(count):
            tag = tags[stack[-1]]
            kind = _KINDS.get(tag, _BLOCK)
            if kind == _CELL and len(stack) > 1 and tags[stack[-2]] == "tr":
                self._cell()
            else:
                if self._buffer or self._cells:
                    self._flush()
                if kind == _PLAIN:
                    self._gap = 2
                elif kind == _BLOCK:
                    if tag == "ul" or tag == "ol":  # noqa: PLR1714
                        if self._markers:
                            self._markers.pop()
                        self._gap = max(self._gap, 1 if self._markers else 2)
                    else:
                        self._gap = 2
                        if tag == "pre":
                            self._pre -= 1
                else:
                    self._gap = self._gap or 1
                    self._marker = ""
            stack.pop()
            self._open[tag] -= 1
            self._top = stack[-1] if stack else -1
        if self._anchor > len(stack):
            self._anchor = -1

    def _break(self, gap: int) -> None:
        if self._buffer or self._cells:
            self._flush()
        self._gap = max(self._gap, gap)

    def _mark(self, attributes: str) -> None:
        if not self._markers or self._markers[-1] < 0:
            self._marker = "- "
            return
        if "value" in attributes:
            value = parsed(attributes).get("value", "")
            if value.isascii() and value.isdigit() and len(value) < 6:
                self._markers[-1] = int(value)
        self._marker = f"{self._markers[-1]}. "
        self._markers[-1] += 1

    def _cell(self) -> None:
        if self._pre:
            self._flush()
            return
        self._cells.append(_squeezed("".join(self._buffer)) if self._buffer else "")
        self._buffer.clear()

    def _flush(self) -> None:
        buffer = self._buffer
        if not buffer and not self._cells:
            return
        text = "".join(buffer)
        buffer.clear()
        if self._pre:
            self._preformatted(unescape(text) if "&" in text else text)
            return
        text = _squeezed(text)
        if self._cells:
            cells = [*self._cells, text]
            self._cells.clear()
            while cells and not cells[-1]:
                cells.pop()
            while cells and not cells[0]:
                cells.pop(0)
            text = "\t".join(cells)
        if text:
            self._add(text)
        else:
            self._link = 0
            self._name = ""

    def _add(self, text: str) -> None:
        link = min(self._link, len(text))
        if self._marker:
            text = self._marker + text
            self._marker = ""
        self.texts.append(text)
        self.gaps.append(self._gap)
        self.holders.append(self._top)
        self.links.append(link)
        self.inline.append(self._name)
        self._gap = self._link = 0
        self._name = ""

    def _preformatted(self, text: str) -> None:
        link = self._link
        for line in text.replace("\ufeff", "").splitlines(keepends=True):
            bare = line.rstrip()
            if bare:
                self._gap = max(self._gap, 1)
                self._link = min(link, len(bare))
                self._name = ""
                self._marker = ""
                self._add(bare)
            if line[-1:] in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
                self._gap += 1
        self._link = 0


def _squeezed(text: str) -> str:
    """Return text as it is shown: references resolved, white space squeezed."""
    if "&" in text:
        text = unescape(text)
    text = " ".join(text.split())
    if "\ufeff" in text:
        text = " ".join(text.replace("\ufeff", "").split())
    return text


@cache
def _closing(tag: str) -> re.Pattern[str]:
    return re.compile(rf"</{re.escape(tag)}(?=[\s/>])[^>]*+>?", re.IGNORECASE)


@cache
def _either(tag: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(tag)}(?=[\s/>])[^>]*+>?", re.IGNORECASE)


def _matching(html: str, tag: str, at: int, *, strict: bool = False) -> tuple[int, int]:
    """Return where the end tag of an element starts and ends that began before ``at``.

    -1 where there is no end tag at all. Where nesting doesn't work out within a few tags, the first end tag counts, or -2
    with ``strict``.
    """
    depth, first = 1, (-1, -1)
    for count, found in enumerate(_either(tag).finditer(html, at)):
        if count > _NESTED:
            break
        if found.group(1):
            depth -= 1
            if first[0] < 0:
                first = found.span()
            if not depth:
                return found.span()
        elif found.group()[-2:] != "/>" or tag not in _NESTING:
            depth += 1
    else:
        return first if not strict or first[0] < 0 else (-2, -2)
    return (-2, -2) if strict or first[0] < 0 else first


def parsed(attributes: str) -> dict[str, str]:
    """Return attributes by their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(attributes):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


_TYPE: Final = re.compile(r'"@type"\s{0,20}:\s{0,20}\[?\s{0,20}"([A-Za-z]{1,40})')


def _hides(attributes: dict[str, str]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"]) is not None)
        or ("class" in attributes and _HIDDEN_CLASS.search(attributes["class"]) is not None)
    )


def _first_number(attributes: str) -> int:
    if "start" not in attributes:
        return 1
    value = parsed(attributes).get("start", "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.read(html)
    return reader


# ------------------------------------------------------------------ page


def _page(reader: _Reader, warnings: list[str], html: str) -> Page:
    holders = reader.holders
    if "noscript" in reader.tags:
        scripts = _inside(reader, "noscript")
        scripted = [number for number, holder in enumerate(holders) if holder >= 0 and scripts[holder]]
        inside = set(scripted)
        shown = [n for n in range(len(holders)) if n not in inside]
        shown_words, other = _count(reader, shown), _count(reader, scripted)
        if other > FALLBACK_WORDS and shown_words < max(FALLBACK_WORDS, other / 3):
            warnings.append("the page shows its text only without scripts; the text of its <noscript> was read")
        else:
            _pick(reader, shown)
    found = False
    if reader.data_scripts and any("articleBody" in script for script in reader.data_scripts):
        found = _article_body(reader, warnings)
    if not found and sum(map(len, reader.texts)) < SHELL_LENGTH and "<script" in html:
        _hydrated(reader, warnings, html)
    return _assemble(reader, warnings)._replace(html=html)


def _inside(reader: _Reader, tag: str) -> list[bool]:
    """Return, per element, whether it or an element around it has the tag."""
    found: list[bool] = []
    for parent, own in zip(reader.parents, reader.tags, strict=True):
        found.append(own == tag or (parent >= 0 and found[parent]))
    return found


def _count(reader: _Reader, numbers: list[int]) -> int:
    """Count words of blocks that are text rather than links."""
    return sum(len(reader.texts[n].split()) for n in numbers if reader.links[n] * 2 < len(reader.texts[n]))


def _pick(reader: _Reader, numbers: list[int]) -> None:
    gap = 0
    wanted = set(numbers)
    gaps = []
    for number, found in enumerate(reader.gaps):
        gap = max(gap, found)
        if number in wanted:
            gaps.append(gap)
            gap = 0
    reader.gaps = gaps
    for name in reader.columns:
        column = getattr(reader, name)
        setattr(reader, name, [column[number] for number in numbers])


def _article_body(reader: _Reader, warnings: list[str]) -> bool:
    """Add the text of JSON-LD ``articleBody`` where the shown text lacks it, and say whether it does."""
    bodies: list[str] = []
    for script in reader.data_scripts:
        if "articleBody" in script:
            bodies += _bodies(script)
    if not bodies:
        return False
    body = max(bodies, key=len)
    words = len(body.split())
    shown = _count(reader, [n for n, text in enumerate(reader.texts) if len(text.split()) >= 8])
    if words < FALLBACK_WORDS or shown > max(FALLBACK_WORDS, words / 3):
        return False
    lines = _read(body).texts if "<" in body else [" ".join(line.split()) for line in unescape(body).splitlines()]
    _append(reader, lines)
    warnings.append("the page doesn't show its article; the articleBody of its JSON-LD was read")
    return True


def _hydrated(reader: _Reader, warnings: list[str], html: str) -> None:
    """Add the article in the data of scripts, where hardly anything is shown."""
    from cleaner.evidence import count_words  # noqa: PLC0415  # few pages are shells
    from cleaner.hydration import hydrated  # noqa: PLC0415

    shown = 0
    for text, link in zip(reader.texts, reader.links, strict=True):
        words = count_words(text)
        # Teasers of a list are links as a whole, and prose; so are no headlines.
        shown += words if words >= (8 if 2 * link < len(text) else 12) else 0
    if shown >= SHELL_WORDS:
        return
    body = hydrated(html, reader.title)
    if body:
        _append(reader, _read(body).texts)
        warnings.append("the page doesn't show its article; text in the data of its scripts was read")


def _append(reader: _Reader, lines: list[str]) -> None:
    """Add lines that the page doesn't show, as an article."""
    number = len(reader.parents)
    reader.parents.append(-1)
    reader.tags.append("article")
    reader.attributes.append(' itemprop="articleBody"')
    for line in lines:
        if line:
            reader.texts.append(line)
            reader.gaps.append(2)
            reader.holders.append(number)
            reader.links.append(0)
            reader.inline.append("")
            for name in reader.columns[4:]:
                getattr(reader, name).append(None)


def _bodies(script: str) -> list[str]:
    try:
        value = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    todo: list[Any] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            body = item.get("articleBody")
            if isinstance(body, str):
                found.append(body.encode("utf-8", "replace").decode())
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
    return found


def _assemble(reader: _Reader, warnings: list[str]) -> Page:
    elements, numbers = _elements(reader)
    pieces: list[str] = []
    blocks: list[Block] = []
    holders = [numbers[holder] for holder in reader.holders]
    empty: frozenset[str] = frozenset()
    at = 0
    for _, attributes in reader.meta:
        if "og:type" in attributes:
            reader.kinds.add(parsed(attributes).get("content", "")[:60].lower())
    for text, gap, holder, link in zip(reader.texts, reader.gaps, holders, reader.links, strict=True):
        if blocks:
            space = "\n\n" if gap > 1 else "\n"
            pieces.append(space)
            at += len(space)
        end = at + len(text)
        blocks.append(Block(at, end, elements[holder].tag, empty, link))
        pieces.append(text)
        at = end
    return Page(
        Document("".join(pieces), tuple(blocks)),
        elements,
        tuple(holders),
        _classes(reader.inline),
        reader.title,
        frozenset(reader.kinds),
        tuple(reader.meta),
        tuple(reader.data_scripts),
        tuple(dict.fromkeys(warnings)),
    )


def _elements(reader: _Reader) -> tuple[tuple[Element, ...], dict[int, int]]:
    """Return the elements that hold blocks and those around them, and their numbers by the reader's."""
    parents, tags = reader.parents, reader.tags
    wanted: set[int] = set()
    for holder in set(reader.holders):
        at = holder
        while at >= 0 and at not in wanted:
            wanted.add(at)
            at = parents[at]
    numbers = {-1: 0}
    elements = [Element(-1, "", (), hidden=False, depth=0)]
    known: dict[str, tuple[tuple[str, ...], bool]] = {"": ((), False)}
    for at in sorted(wanted):
        attributes = reader.attributes[at]
        parent = numbers[parents[at]]
        said = known.get(attributes)
        if said is None:
            said = known[attributes] = _said(attributes)
        _, _, _, hidden, depth = elements[parent]
        numbers[at] = len(elements)
        elements.append(Element(parent, tags[at], said[0], hidden or said[1], depth + 1))
    return tuple(elements), numbers


def _classes(attributes: list[str]) -> tuple[str, ...]:
    """Return the class of each piece of attributes."""
    known = {"": ""}
    for written in attributes:
        if written not in known:
            known[written] = parsed(written).get("class", "")[:_MAX_NAMES]
    return tuple([known[written] for written in attributes])


def _said(attributes: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of an element's names, and whether it is hidden."""
    maybe = "hidden" in attributes or "none" in attributes or "sr-only" in attributes or "screen-reader" in attributes
    if not maybe and attributes.count("=") == attributes.count('="'):
        joined = ""
        for name in _QUOTED:
            at = attributes.find(name)
            if at >= 0:
                at += len(name)
                joined += " " + attributes[at : attributes.find('"', at)]
        return (name_words(joined) if joined else ()), False
    found = parsed(attributes)
    joined = ""
    for name in _NAMED:
        if name in found:
            joined += " " + found[name]
    return name_words(joined), maybe and _hides(found)


def name_words(names: str) -> tuple[str, ...]:
    """Return the lower-case ASCII words of class names and the like: ``"post__body main-col"`` has four."""
    return tuple(names[:_MAX_NAMES].encode("ascii", "ignore").translate(_SEPARATORS).decode().split())
