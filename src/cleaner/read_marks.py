"""A page read again for what its text alone doesn't say: markers of lists, cells of tables, emphasis, code and links.

The reading is that of :mod:`cleaner.read_html`, so that the blocks are the same; it is only done where somebody asks.
"""

from __future__ import annotations

from html import unescape
from typing import ClassVar, Final, NamedTuple

from cleaner.html_attributes import parsed
from cleaner.html_walk import Reader
from cleaner.page import Page
from cleaner.read_html import MAX_LENGTH, page_of

EMPHASIS: Final = frozenset(("em", "i", "dfn"))
STRONG: Final = frozenset(("strong", "b"))
CODE: Final = frozenset(("code", "kbd", "samp", "tt"))
_WANTED: Final = frozenset(
    (slash + tag for tag in (*EMPHASIS, *STRONG, *CODE, "a") for slash in ("", "/")),
)


class Mark(NamedTuple):
    """Where an inline element starts, or ends (its tag then begins with ``/``): a place in its block's text."""

    at: int
    tag: str
    attributes: str


class Marks(NamedTuple):
    """What is known of one block.

    Attributes:
        marker: the marker of a list that its text begins with.
        marks: its inline elements, in order; places count from behind the marker.
        lead: of a table's row, how many empty cells stood in front of the text.
        cells: whether it is a table's row, with tabs between its cells.
        head: whether all of these cells are headings.
        gap: how many line ends stood in front of it, of lines of code.
        code: the class of the ``<code>`` that it is in, as a line of code.
    """

    marker: str = ""
    marks: tuple[Mark, ...] = ()
    lead: int = 0
    cells: bool = False
    head: bool = False
    gap: int = 0
    code: str = ""


def read_marks(html: str) -> tuple[Page, list[Marks]]:
    """Read a page that :func:`cleaner.read_html.read_html` has read, and return it with the marks of each block.

    Args:
        html: ``page.html`` of the first reading.
    """
    reader = _Marking()
    reader.read(html[:MAX_LENGTH])
    page = page_of(reader, [], html)
    return page, [found or Marks() for found in reader.rich]


class _Marking(Reader):
    """The reader, taking note of inline elements. Made for one page."""

    columns: ClassVar[tuple[str, ...]] = (*Reader.columns, "rich")
    __slots__ = ("_cell_marks", "_code", "rich")

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[int, str, str]] = []
        self.rich: list[Marks | None] = []
        self._cell_marks: list[tuple[list[Mark], bool]] = []
        self._code = ""

    def _cell(self) -> None:
        if self._pre:
            super()._cell()
            return
        found, size = self._take()
        head = self._top >= 0 and self.tags[self._top] == "th"
        super()._cell()
        self._cell_marks.append((found if size == len(self._cells[-1]) else [], head))

    def _flush(self) -> None:
        if not self._buffer and not self._cells:
            return
        if self._pre:
            self._flush_code()
            return
        found, size = self._take()
        cells, cell_marks = [*self._cells], [*self._cell_marks]
        self._cell_marks.clear()
        marker, before = self._marker, len(self.texts)
        super()._flush()
        if len(self.texts) == before:
            return
        text = self.texts[-1][len(marker) :]
        if not cells:
            self.rich.append(Marks(marker, tuple(found) if size == len(text) else ()))
            return
        lead = 0
        while lead < len(cells) and not cells[lead]:
            lead += 1
        at, marks = 0, []
        for cell, (own, _) in zip(cells[lead:], cell_marks[lead:], strict=True):
            marks += [mark._replace(at=mark.at + at) for mark in own]
            at += len(cell) + 1
        head = all(is_head for _, is_head in cell_marks)
        self.rich.append(Marks(marker, tuple(marks), lead=lead, cells=True, head=head))

    def _flush_code(self) -> None:
        for _, tag, attributes in self.marks:
            if tag == "code":
                self._code = parsed(attributes).get("class", "")
            elif tag == "/code":
                break
        self.marks.clear()
        before = len(self.texts)
        super()._flush()
        self._cell_marks.clear()
        gaps = self.gaps[before:]
        self.rich += [Marks(gap=gap, code=self._code) for gap in gaps]
        self._code = ""

    def _take(self) -> tuple[list[Mark], int]:
        """Return the marks of what the buffer holds, at their places in its squeezed text, and the length of that."""
        buffer, found = self._buffer, []
        size, space, at = 0, False, 0
        for index, tag, attributes in (*self.marks, (len(buffer), "", "")):
            piece = "".join(buffer[at:index])
            at = index
            if "&" in piece:
                piece = unescape(piece)
            if "\ufeff" in piece:
                piece = piece.replace("\ufeff", "")
            words = piece.split()
            if words:
                if size and (space or piece[0].isspace()):
                    size += 1
                size += sum(map(len, words)) + len(words) - 1
                space = piece[-1].isspace()
            elif piece:
                space = True
            if tag in _WANTED:
                found.append(Mark(size, tag, attributes))
        self.marks.clear()
        return found, size
