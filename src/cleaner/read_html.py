"""HTML to a page: its visible text as blocks, where each stands in the tree, and what was cut or looked for elsewhere.

The page is parsed as a stream of events, without a tree: nesting costs no stack, nothing below some depth is lost, and
the caller's tree is never changed. This is the only module that imports lxml or bs4.
"""

from __future__ import annotations

import codecs
import json
import re
from html import unescape
from typing import Any, Final, NamedTuple

from cleaner.errors import HtmlError
from cleaner.model import Block, Document

MAX_BYTES: Final = 64 << 20
"""Longer pages are cut here, with a warning. The largest of 1,497 pages of the WCXB data set has 8 MB."""

FALLBACK_WORDS: Final = 60
"""A page whose shown text has fewer words than this, or a third of what its ``<noscript>`` or its JSON-LD holds, is an
empty shell; then that text is read instead."""

_INLINE, _BLOCK, _SKIP, _BREAK, _CELL, _CLOSE = range(6)

_KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(
        [
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "ins",
            "kbd",
            "label",
            "mark",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
            "sup",
            "time",
            "tt",
            "u",
            "var",
            "wbr",
            "img",
            "nobr",
            "math",
            "mi",
            "mo",
            "mn",
            "ms",
            "mtext",
            "mrow",
            "mfrac",
            "msup",
            "msub",
            "msubsup",
            "msqrt",
            "mroot",
            "mstyle",
            "semantics",
            "munder",
            "mover",
            "munderover",
            "mtable",
            "mtr",
            "mtd",
            "mpadded",
            "mspace",
            "mfenced",
            "slot",
            "picture",
            "source",
        ],
        _INLINE,
    ),
    **dict.fromkeys(
        [
            "script",
            "style",
            "template",
            "svg",
            "iframe",
            "object",
            "embed",
            "canvas",
            "select",
            "textarea",
            "option",
            "datalist",
            "audio",
            "video",
            "annotation",
            "annotation-xml",
            "applet",
            "title",
            "map",
        ],
        _SKIP,
    ),
    **dict.fromkeys(["li", "tr", "dt", "dd", "caption", "summary"], _CLOSE),
    "br": _BREAK,
    "td": _CELL,
    "th": _CELL,
}
"""What an element does to the text around it; every other element starts and ends a paragraph."""

_NAMED: Final = ("id", "itemprop", "role", "aria-label", "data-testid")
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS: Final = re.compile(
    r"(?<![^ _-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?|offscreen)(?![^ _-])", re.IGNORECASE
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
        warnings: one sentence for everything that was cut, guessed or read from elsewhere than the shown text.
    """

    document: Document
    elements: tuple[Element, ...]
    holders: tuple[int, ...]
    names: tuple[str, ...]
    title: str
    kinds: frozenset[str]
    warnings: tuple[str, ...]


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
    data = _to_utf8(source, encoding, warnings)
    if len(data) > MAX_BYTES:
        warnings.append(f"the page has {len(data)} bytes; everything after the first {MAX_BYTES} was cut")
        data = data[:MAX_BYTES]
    reader = _parse(data)
    return _page(reader, warnings)


# ------------------------------------------------------------------ bytes


def _to_utf8(source: object, encoding: str | None, warnings: list[str]) -> bytes:
    if isinstance(source, str):
        return _encode(source)
    if isinstance(source, bytes | bytearray | memoryview):
        return _encode(decode(bytes(source), encoding, warnings))
    module = type(source).__module__.partition(".")[0]
    if module == "bs4" and hasattr(source, "decode"):
        return _encode(str(source.decode(formatter="minimal")))
    if module == "lxml":
        from lxml import etree  # noqa: PLC0415  # plain text never loads it

        if isinstance(source, etree._Element | etree._ElementTree):
            found = etree.tostring(source, encoding="utf-8", method="html", with_tail=False)
            return bytes(found).replace(b"\0", b"")
    hint = "; is a field empty?" if source is None else ""
    raise TypeError(f"HTML is a str, bytes, an lxml element or a BeautifulSoup, not {type(source).__name__}{hint}")


def _encode(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return data.replace(b"\0", b"")


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


# ------------------------------------------------------------------ events


class _Reader:
    """The target of the parser: turns its events into lines of text. Made for one page."""

    __slots__ = (
        "_anchors", "_buffer", "_capture", "_capturing", "_cells", "_gap", "_link", "_marker", "_markers", "_name", "_pre",
        "_skip", "_stack", "_top", "attributes", "data_scripts", "gaps", "holders", "inline", "kinds", "links", "parents",
        "tags", "texts", "title",
    )  # fmt: skip

    def __init__(self) -> None:
        self.parents: list[int] = []
        self.tags: list[str] = []
        self.attributes: list[dict[str, str]] = []
        self.texts: list[str] = []
        self.gaps: list[int] = []
        self.holders: list[int] = []
        self.links: list[int] = []
        self.inline: list[str] = []
        self.title = ""
        self.kinds: set[str] = set()
        self.data_scripts: list[str] = []
        self._stack: list[int] = []
        self._buffer: list[str] = []
        self._cells: list[str] = []
        self._skip = 0
        self._capture: list[str] | None = None
        self._capturing = ""
        self._anchors = 0
        self._link = 0
        self._pre = 0
        self._gap = 0
        self._name = ""
        self._markers: list[int] = []  # per open list: the next number, or -1 for bullets
        self._marker = ""
        self._top = -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skip:
            self._skip += 1
            return
        kind = _KINDS.get(tag, _BLOCK)
        if kind == _INLINE:
            if attributes:
                if "class" in attributes:
                    names = attributes["class"]
                    if not self._buffer:
                        self._name = names
                    if _hidden_class(names):
                        self._skip = 1
                        return
                if (
                    ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"]))
                    or "hidden" in attributes
                    or attributes.get("aria-hidden") == "true"
                ):
                    self._skip = 1
                    return
            if tag == "a":
                self._anchors += 1
            return
        if kind == _SKIP:
            self._skip = 1
            if tag == "title":
                if not self.title:
                    self._capture, self._capturing = [], tag
            elif tag == "script" and attributes and "ld+json" in attributes.get("type", ""):
                self._capture, self._capturing = [], tag
            return
        if kind == _CELL and self._top >= 0 and self.tags[self._top] == "tr":
            self._cell()
        else:
            if self._buffer or self._cells:
                self._flush()
            if kind == _BLOCK:
                if tag == "meta":
                    if attributes.get("property") == "og:type":
                        self.kinds.add(attributes.get("content", "")[:60].lower())
                    return
                self._gap = 2
                if tag == "ul" or tag == "ol":  # noqa: PLR1714  # a third faster than a set
                    self._list(tag, attributes)
                elif tag == "pre":
                    self._pre += 1
            elif kind == _BREAK:
                self._gap += 1
                return
            else:
                self._gap = self._gap or 1
                if tag == "li":
                    self._mark(attributes)
        parents = self.parents
        top = len(parents)
        parents.append(self._top)
        self._top = top
        self._stack.append(top)
        self.tags.append(tag)
        self.attributes.append(attributes)

    def end(self, tag: str) -> None:
        if self._skip:
            self._skip -= 1
            if not self._skip and self._capture is not None:
                self._captured()
            return
        kind = _KINDS.get(tag, _BLOCK)
        if kind == _INLINE:
            if tag == "a" and self._anchors:
                self._anchors -= 1
            return
        if kind == _BREAK or kind == _SKIP or tag == "meta":  # noqa: PLR1714
            return
        stack = self._stack
        if kind == _CELL and len(stack) > 1 and self.tags[stack[-2]] == "tr":
            self._cell()
        else:
            if self._buffer or self._cells:
                self._flush()
            if kind == _BLOCK:
                if tag == "ul" or tag == "ol":  # noqa: PLR1714
                    if self._markers:
                        self._markers.pop()
                    self._gap = max(self._gap, 1 if self._markers else 2)
                else:
                    self._gap = 2
                    if tag == "pre" and self._pre:
                        self._pre -= 1
            else:
                self._gap = self._gap or 1
                self._marker = ""
        if stack:
            stack.pop()
            self._top = stack[-1] if stack else -1

    def _list(self, tag: str, attributes: dict[str, str]) -> None:
        if self._markers:
            self._gap = 1
        self._markers.append(_first_number(attributes) if tag == "ol" else -1)

    def data(self, text: str) -> None:
        if self._skip:
            if self._capture is not None and self._skip == 1:
                self._capture.append(text)
            return
        if self._buffer or self._pre or not text.isspace():
            self._buffer.append(text)
            if self._anchors:
                self._link += len(text)

    def comment(self, text: str) -> None:
        """Comments are not text."""

    def close(self) -> None:
        self._flush()

    def _captured(self) -> None:
        text = "".join(self._capture or ())
        self._capture = None
        if self._capturing == "title":
            self.title = " ".join(text.split())
            return
        self.data_scripts.append(text)
        self.kinds.update(kind.lower() for kind in _TYPE.findall(text[:20000])[:40])

    def _mark(self, attributes: dict[str, str]) -> None:
        if not self._markers or self._markers[-1] < 0:
            self._marker = "- "
            return
        value = attributes.get("value", "") if attributes else ""
        if value.isascii() and value.isdigit() and len(value) < 6:
            self._markers[-1] = int(value)
        self._marker = f"{self._markers[-1]}. "
        self._markers[-1] += 1

    def _cell(self) -> None:
        if self._pre:
            self._flush()
            return
        if self._buffer or self._cells:
            self._cells.append(" ".join("".join(self._buffer).split()))
            self._buffer.clear()

    def _flush(self) -> None:
        buffer = self._buffer
        if not buffer and not self._cells:
            return
        text = "".join(buffer)
        buffer.clear()
        if self._pre:
            self._preformatted(text)
            return
        text = " ".join(text.split())
        if self._cells:
            cells = [*self._cells, text]
            self._cells.clear()
            while cells and not cells[-1]:
                cells.pop()
            while cells and not cells[0]:
                cells.pop(0)
            text = "\t".join(cells)
        if "\ufeff" in text:
            text = " ".join(text.replace("\ufeff", "").split(" ")).strip()
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


_TYPE: Final = re.compile(r'"@type"\s{0,20}:\s{0,20}\[?\s{0,20}"([A-Za-z]{1,40})')


def _hidden_class(names: str) -> bool:
    return (
        "hidden" in names or "sr-only" in names or "reader" in names or "offscreen" in names
    ) and _HIDDEN_CLASS.search(names) is not None


def _hides(attributes: dict[str, str]) -> bool:
    return (
        ("class" in attributes and _hidden_class(attributes["class"]))
        or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"]) is not None)
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
    )


def _first_number(attributes: dict[str, str]) -> int:
    value = attributes.get("start", "1") if attributes else "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _parse(data: bytes) -> _Reader:
    from lxml import etree  # noqa: PLC0415  # plain text never loads it

    reader = _Reader()
    if not data.strip():
        return reader
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True)
    parser.feed(data)
    parser.close()
    return reader


# ------------------------------------------------------------------ page


def _page(reader: _Reader, warnings: list[str]) -> Page:
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
    if reader.data_scripts and any("articleBody" in script for script in reader.data_scripts):
        _article_body(reader, warnings)
    return _assemble(reader, warnings)


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
    for name in ("texts", "holders", "links", "inline"):
        column = getattr(reader, name)
        setattr(reader, name, [column[number] for number in numbers])


def _article_body(reader: _Reader, warnings: list[str]) -> None:
    """Add the text of JSON-LD ``articleBody`` where the shown text lacks it."""
    bodies: list[str] = []
    for script in reader.data_scripts:
        if "articleBody" in script:
            bodies += _bodies(script)
    if not bodies:
        return
    body = max(bodies, key=len)
    words = len(body.split())
    shown = _count(reader, [n for n, text in enumerate(reader.texts) if len(text.split()) >= 8])
    if words < FALLBACK_WORDS or shown > max(FALLBACK_WORDS, words / 3):
        return
    if "<" in body:
        inner = _parse(_encode(body))
        lines = inner.texts
    else:
        lines = [" ".join(line.split()) for line in unescape(body).splitlines()]
    number = len(reader.parents)
    reader.parents.append(-1)
    reader.tags.append("article")
    reader.attributes.append({"itemprop": "articleBody"})
    for line in lines:
        if line:
            reader.texts.append(line)
            reader.gaps.append(2)
            reader.holders.append(number)
            reader.links.append(0)
            reader.inline.append("")
    warnings.append("the page doesn't show its article; the articleBody of its JSON-LD was read")


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
        tuple(reader.inline),
        reader.title,
        frozenset(reader.kinds),
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
    elements = [Element(-1, "", (), False, 0)]
    known: dict[str, tuple[str, ...]] = {}
    for at in sorted(wanted):
        attributes = reader.attributes[at]
        parent = numbers[parents[at]]
        _, _, _, hidden, depth = elements[parent]
        names: tuple[str, ...] = ()
        if attributes:
            joined = attributes.get("class", "")
            for name in _NAMED:
                if name in attributes:
                    joined += " " + attributes[name]
            if joined:
                found = known.get(joined)
                if found is None:
                    found = known[joined] = name_words(joined)
                names = found
            hidden = hidden or _hides(attributes)
        numbers[at] = len(elements)
        elements.append(Element(parent, tags[at], names, hidden, depth + 1))
    return tuple(elements), numbers


def name_words(names: str) -> tuple[str, ...]:
    """Return the lower-case ASCII words of class names and the like: ``"post__body main-col"`` has four."""
    return tuple(names[:_MAX_NAMES].encode("ascii", "ignore").translate(_SEPARATORS).decode().split())
