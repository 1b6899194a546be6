"""What a page is given as, bytes or a tree of another library, to its text.

This is the only module that imports lxml or bs4, and it does so only for trees of theirs and for bytes whose encoding has to
be guessed.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from cleaner.errors import HtmlError

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
"""In so many bytes a declaration is looked for."""

_WIDER: Final = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
"""Encodings that browsers read as their supersets (WHATWG Encoding Standard)."""

_SEVEN_BIT: Final = frozenset({"iso2022_jp", "hz", "utf-7", "iso2022_kr"})
_MAGIC: Final = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "Zstandard"), (b"%PDF-", "PDF"))


def source_text(source: object, encoding: str | None, warnings: list[str]) -> str:
    """Return the text of a page, without what can't be written as UTF-8; what was guessed is added to the warnings."""
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
