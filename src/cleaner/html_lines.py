"""Pieces of a page's text to lines: white space, markers of lists, cells of tables, code, and the gaps between lines."""

from __future__ import annotations

from html import unescape
from typing import ClassVar

from cleaner.html_attributes import parsed


class Lines:
    """Collects the text of a page as lines, each with what is known of it.

    The walk over the tags is made of it (:class:`cleaner.html_walk.Reader`), and says where a line, a cell or an item ends and
    which element holds it.
    """

    columns: ClassVar[tuple[str, ...]] = ("texts", "holders", "links", "inline")
    """The lists that have an item a block, besides ``gaps``."""

    __slots__ = (
        "_anchor", "_buffer", "_cells", "_gap", "_link", "_marker", "_markers", "_name", "_pre", "_top", "gaps", "holders",
        "inline", "links", "texts",
    )  # fmt: skip

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.gaps: list[int] = []
        self.holders: list[int] = []
        self.links: list[int] = []
        self.inline: list[str] = []
        self._buffer: list[str] = []
        self._cells: list[str] = []
        self._anchor = -1  # how many elements were open where the open link began; -1: none is open
        self._link = 0
        self._pre = 0
        self._gap = 0
        self._name = ""
        self._markers: list[int] = []  # per open list: the next number, or -1 for bullets
        self._marker = ""
        self._top = -1  # the innermost open element

    def _data(self, text: str) -> None:
        if text and (self._buffer or self._pre or not text.isspace()):
            self._buffer.append(text)
            if self._anchor >= 0:
                self._link += len(text)

    def _break(self, gap: int) -> None:
        """End the line; the next one stands at least so many line ends behind it."""
        if self._buffer or self._cells:
            self._flush()
        self._gap = max(self._gap, gap)

    def _mark(self, attributes: str) -> None:
        """Give the next line the marker of an item with these attributes."""
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
        """End a cell; its row goes on."""
        if self._pre:
            self._flush()
            return
        self._cells.append(_squeezed("".join(self._buffer)) if self._buffer else "")
        self._buffer.clear()

    def _flush(self) -> None:
        """End the line, or the row."""
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


def first_number(attributes: str) -> int:
    """Return the number that a numbered list with these attributes begins with."""
    if "start" not in attributes:
        return 1
    value = parsed(attributes).get("start", "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
