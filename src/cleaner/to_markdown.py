"""What was kept of a page as Markdown (CommonMark with GitHub's tables), from the kept spans and the page's own marks.

Only kept spans are read, so that nothing comes back that was removed. Where the marks of the page can't be written so that they
mean what they should, as emphasis that ends inside of a word, the text goes without them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from cleaner.html_attributes import parsed
from cleaner.model import Document, Result, Span
from cleaner.page import Element, Page
from cleaner.read_marks import CODE, EMPHASIS, STRONG, Mark, Marks, read_marks

MAX_DEPTH: Final = 12
"""Lists and quotes that are nested deeper are written at this depth; so the size stays linear in the page's."""

MAX_ADDRESS: Final = 2000
MAX_HEADING: Final = 400
"""A longer heading is one that the page forgot to end."""


_SPECIAL: Final = re.compile(
    r"[\\`*\[\]~]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?]|\Z)|&(?=#?[0-9A-Za-z]{1,32};)|\|", re.ASCII
)
_OPENING: Final = re.compile(r"#{1,6}(?=\s|\Z)|>|[-+](?=\s|\Z)|\d{1,9}(?=[.)](?:\s|\Z))|=+\s*\Z|[-:|][-:|\s]*\Z")
_CLOSING: Final = re.compile(r"(?:(?<=\s)|\A)#+\Z")
_TICKS: Final = re.compile("`+")
_ORDERED: Final = re.compile(r"\d{1,9}")
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_ADDRESS_SIGNS: Final = {
    **{ord(sign): f"%{ord(sign):02X}" for sign in ' ()<>\\"`|'},
    **dict.fromkeys((*range(32), 127)),
}
_LANGUAGE: Final = re.compile(r"(?:^|\s)(?:language|lang|highlight-source)-([A-Za-z0-9+#.]{1,30})(?=\s|$)")


def to_markdown(result: Result, *, links: bool = False) -> str:
    """Return what was kept of a page as Markdown; see :meth:`cleaner.Result.to_markdown`."""
    if result.sources is None:
        return result.text
    page, marks = read_marks(result.sources.html)
    if page.document != result.document or len(marks) != len(page.document.blocks):
        return result.text  # a result that somebody put together
    base = None
    if links:
        base = result.sources.url or result.metadata.url or ""
    return _Writer(page, marks, base).write(result.kept)


class Container(NamedTuple):
    """A block quote or an item of a list around a block.

    Attributes:
        element: its number.
        group: the number of the element around it, of an item its list's.
        item: whether it is an item.
    """

    element: int
    group: int
    item: bool


class Place(NamedTuple):
    """Where an element stands: in which containers, and in which ``<pre>``, table and heading, by number; 0: in none."""

    containers: tuple[Container, ...]
    pre: int
    table: int
    heading: int


class Piece(NamedTuple):
    """What was kept of one block: spans of the document, and how many line ends were kept in front of it."""

    number: int
    spans: list[Span]
    breaks: int


class Open(NamedTuple):
    """A container that is being written: what its lines begin with, and of an item its sign and its number."""

    container: Container
    indent: str
    sign: str = ""
    number: int = -1


class Run(NamedTuple):
    """A stretch of text, the marks of emphasis or code that belong around it, and where it links to."""

    text: str
    style: str
    link: str


def pieces(kept: Sequence[Span], document: Document) -> Iterator[Piece]:
    """Yield what was kept of each block."""
    text, blocks = document
    number, breaks = 0, 0
    current: Piece | None = None
    for start, end in kept:
        at = start
        while number < len(blocks) and blocks[number].start < end:
            first, last = max(start, blocks[number].start), min(end, blocks[number].end)
            if first < last:
                if at < first:
                    breaks += text.count("\n", at, first)
                at = last
                if current is not None and current.number == number:
                    current.spans.append(Span(first, last))
                else:
                    if current is not None:
                        yield current
                    current = Piece(number, [Span(first, last)], breaks)
                breaks = 0
            if blocks[number].end > end:
                break
            number += 1
        if at < end:
            breaks += text.count("\n", at, end)
    if current is not None:
        yield current


class _Writer:
    """Writes the blocks of one page, line by line."""

    def __init__(self, page: Page, marks: Sequence[Marks], base: str | None) -> None:
        self._page = page
        self._marks = marks
        self._base = base
        self._places = _places(page.elements)
        self._out: list[str] = []
        self._open: list[Open] = []
        self._active: set[int] = set()  # items whose marker was kept
        self._last = ""  # what was written last: "text", "item", or something that a blank line has to follow

    def write(self, kept: Sequence[Span]) -> str:
        rows: list[Piece] = []
        group: tuple[str, int, int] = ("", 0, 0)
        for piece in pieces(kept, self._page.document):
            kind = self._kind(piece.number)
            own = (kind, *self._container(piece.number, kind))
            if rows and own != group:
                self._write_group(group[0], rows)
                rows = []
            if kind:
                group = own
                rows.append(piece)
            else:
                self._write_text(piece)
        if rows:
            self._write_group(group[0], rows)
        return "\n".join(self._out)

    def _kind(self, number: int) -> str:
        place = self._places[self._page.holders[number]]
        if place.pre:
            return "code"
        if self._marks[number].cells:
            return "row"
        block = self._page.document.blocks[number]
        return "heading" if place.heading and block.end - block.start <= MAX_HEADING else ""

    def _container(self, number: int, kind: str) -> tuple[int, int]:
        """Return what blocks of a kind have in common that are written together."""
        holder = self._page.holders[number]
        place = self._places[holder]
        around = place.containers[-1].element if place.containers else 0
        if kind == "code":
            return place.pre, around
        return (place.table, around) if kind == "row" else (holder, around)

    def _write_group(self, kind: str, group: list[Piece]) -> None:
        if kind == "code":
            self._write_code(group)
        elif kind == "heading":
            self._write_heading(group)
        else:
            self._write_table(group)

    # -------------------------------------------------------------- blocks

    def _write_text(self, piece: Piece) -> None:
        number = piece.number
        block, marks = self._page.document.blocks[number], self._marks[number]
        start = block.start
        if marks.marker and piece.spans[0].start == start and piece.spans[0].end >= start + len(marks.marker):
            start += len(marks.marker)
            self._activate(number)
        line = self._inline(Span(start, block.end), piece.spans, marks.marks)
        if line:
            self._line(number, piece.breaks, _escaped_start(line), "text")

    def _write_heading(self, group: list[Piece]) -> None:
        lines = []
        number = group[0].number
        level = _HEADINGS[self._page.elements[self._places[self._page.holders[number]].heading].tag]
        for piece in group:
            block, marks = self._page.document.blocks[piece.number], self._marks[piece.number]
            start = block.start
            if marks.marker and piece.spans[0].start == start and piece.spans[0].end >= start + len(marks.marker):
                start += len(marks.marker)
                self._activate(piece.number)
            lines.append(self._inline(Span(start, block.end), piece.spans, marks.marks, strong=False))
        line = _CLOSING.sub(lambda found: "\\" + found[0], " ".join(filter(None, lines)))
        if line:
            self._line(number, 2, f"{'#' * level} {line}", "heading")

    def _write_code(self, group: list[Piece]) -> None:
        text, lines = self._page.document.text, []
        for at, piece in enumerate(group):
            if at:
                lines += [""] * (self._marks[piece.number].gap - 1)
            lines.append("".join([text[start:end] for start, end in piece.spans]))
        longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
        fence = "`" * max(3, longest + 1)
        number = group[0].number
        self._lines(number, [f"{fence}{self._language(number)}", *lines, fence], "code")

    def _language(self, number: int) -> str:
        found = _LANGUAGE.search(self._marks[number].code)
        if found:
            return found[1]
        names = self._page.elements[self._places[self._page.holders[number]].pre].names
        at = names.index("language") + 1 if "language" in names else len(names)
        return names[at] if at < len(names) else ""

    def _write_table(self, group: list[Piece]) -> None:
        rows = [self._cells(piece) for piece in group]
        width = max(map(len, rows))
        if width < 2:
            for piece in group:
                self._write_text(piece)
            return
        if self._marks[group[0].number].head:
            head, rows = rows[0], rows[1:]
        else:
            head = []
        head = [*head, *[""] * (width - len(head))]
        lines = [_row(head), _row(["---"] * width), *map(_row, rows)]
        self._lines(group[0].number, lines, "table")

    def _cells(self, piece: Piece) -> list[str]:
        number = piece.number
        block, marks = self._page.document.blocks[number], self._marks[number]
        start = block.start + len(marks.marker)
        if marks.marker and piece.spans[0].start == block.start:
            self._activate(number)
        out = [""] * marks.lead
        spans, own, base = [*piece.spans], list(marks.marks), start
        first = mark = 0
        for cell in self._page.document.text[start : block.end].split("\t"):
            end = start + len(cell)
            while first < len(spans) and spans[first].end <= start:
                first += 1
            last = first
            while last < len(spans) and spans[last].start < end:
                last += 1
            stop = mark
            while stop < len(own) and own[stop].at <= end - base:
                stop += 1
            inside = [one._replace(at=one.at - (start - base)) for one in own[mark:stop]]
            mark = stop
            out.append(self._inline(Span(start, end), spans[first:last], inside, cell=True))
            start = end + 1
        return out

    # -------------------------------------------------------------- lines

    def _activate(self, number: int) -> None:
        containers = self._places[self._page.holders[number]].containers
        for container in reversed(containers):
            if container.item:
                self._active.add(container.element)
                return

    def _line(self, number: int, breaks: int, line: str, kind: str) -> None:
        self._lines(number, [line], kind, breaks)

    def _lines(self, number: int, lines: list[str], kind: str, breaks: int = 2) -> None:
        """Write the lines of one block behind what its containers begin their lines with."""
        holder = self._page.holders[number]
        path = [one for one in self._places[holder].containers if not one.item or one.element in self._active]
        opened = self._open
        common = 0
        while common < min(len(path), len(opened)) and path[common] == opened[common].container:
            common += 1
        indent = "".join([one.indent for one in opened[:common]])
        new = path[common:]
        before = opened[common] if common < len(opened) else None
        del opened[common:]
        start = indent
        for depth, container in enumerate(new):
            if container.item:
                sign, at = self._sign(number, container, before if not depth else None)
                marker = f"{at}{sign} " if at >= 0 else f"{sign} "
                opened.append(Open(container, " " * len(marker), sign, at))
                start += marker
            else:
                opened.append(Open(container, "> "))
                start += "> "
        if self._out:
            tight = breaks == 1 and kind == "text" and self._last == "text"
            if tight and not new and before is None:
                self._out[-1] += "  "
            elif not (tight and len(new) == 1 and new[0].item and self._continues(new[0], before, common)):
                self._out.append(indent.rstrip())
        rest = "".join([one.indent for one in opened])
        self._out.append(start + lines[0])
        self._out += [(rest + line).rstrip() if not line else rest + line for line in lines[1:]]
        self._last = kind

    def _continues(self, item: Container, before: Open | None, depth: int) -> bool:
        """Whether an item may follow without a blank line: on one of its list, or as the first of a list in an item."""
        own = self._open[depth]
        if before is not None:
            return before.container.item and before.container.group == item.group and before.sign == own.sign
        inside = depth > 0 and self._open[depth - 1].container.item
        return inside and own.number in (-1, 1)

    def _sign(self, number: int, container: Container, before: Open | None) -> tuple[str, int]:
        """Return the sign of an item, and its number: another sign than the list's before it, which it would else go on."""
        marker = self._marks[number].marker
        found = _ORDERED.match(marker)
        at = int(found[0]) if found else -1
        signs = ".)" if found else "-*"
        if before is None or not before.container.item or (before.number < 0) != (at < 0):
            return signs[0], at
        goes_on = before.container.group == container.group and (at < 0 or at == before.number + 1)
        return before.sign if goes_on else signs[before.sign == signs[0]], at

    # -------------------------------------------------------------- inside of a line

    def _inline(
        self,
        span: Span,
        spans: Sequence[Span],
        marks: Sequence[Mark],
        *,
        strong: bool = True,
        cell: bool = False,
    ) -> str:
        """Return what was kept of a span as one line.

        Args:
            span: of the document; the places of marks count from its start.
            spans: what was kept of the document, near there.
            marks: the inline elements.
            strong: whether text may be strong.
            cell: whether it is a cell of a table.
        """
        text = self._page.document.text
        styles = self._styles(span, marks, strong=strong)
        runs: list[Run] = []
        at = 0
        for start, end in spans:
            first, last = max(start, span.start), min(end, span.end)
            while first < last:
                while styles[at][0] <= first:
                    at += 1
                stop = min(last, styles[at][0])
                runs.append(Run(text[first:stop], *styles[at][1:]))
                first = stop
        runs = [
            Run("".join([run.text for run in same]), *look)
            for look, same in groupby(runs, key=attrgetter("style", "link"))
        ]
        line = "".join([run.text for run in runs])
        escapes = {found.start() for found in _SPECIAL.finditer(line) if cell or found[0] != "|"}
        return _joined(runs, line, escapes, cell=cell).strip()

    def _styles(self, span: Span, marks: Sequence[Mark], *, strong: bool) -> list[tuple[int, str, str]]:
        """Return, for stretch after stretch of a span, where it ends, its style, and where it links to."""
        out: list[tuple[int, str, str]] = []
        depth = {"*": 0, "**": 0, "`": 0}
        link, style = "", ""
        for mark in marks:
            at = span.start + mark.at
            if at > span.start and (not out or at > out[-1][0]):
                out.append((at, style, link))
            bare = mark.tag.removeprefix("/")
            kind = "*" if bare in EMPHASIS else "**" if bare in STRONG else "`" if bare in CODE else ""
            if kind:
                depth[kind] = max(0, depth[kind] + (1 if bare == mark.tag else -1))
            elif self._base is not None:
                link = self._address(mark.attributes) if bare == mark.tag else ""
            style = "`" if depth["`"] else "**" * (strong and depth["**"] > 0) + "*" * (depth["*"] > 0)
        out.append((span.end, style, link))
        return out

    def _address(self, attributes: str) -> str:
        """Return the address of a link, or nothing where it leads nowhere else."""
        from urllib.parse import urljoin  # noqa: PLC0415  # only links need it

        address = parsed(attributes).get("href", "").strip()
        if not address or address.startswith("#") or len(address) > MAX_ADDRESS:
            return ""
        try:
            address = urljoin(self._base or "", address)
        except ValueError:
            return ""
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", address)
        if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
            return ""
        return address.translate(_ADDRESS_SIGNS)


def _places(elements: Sequence[Element]) -> list[Place]:
    """Return where each element stands; an element comes after its parent."""
    out = [Place((), 0, 0, 0)]
    for number, (parent, tag, _, _, _) in enumerate(elements[1:], 1):
        containers, pre, table, heading = out[parent]
        if len(containers) < MAX_DEPTH and tag in ("blockquote", "li"):
            containers = (*containers, Container(number, parent, tag == "li"))
        if tag in ("blockquote", "li", "p", "ul", "ol", "table"):
            heading = 0
        if tag in _HEADINGS:
            heading = number
        elif heading and elements[parent].tag not in _HEADINGS:
            heading = 0  # as deep in a heading as this, it is one that has no end
        if tag == "pre":
            pre = number
        elif tag == "table":
            table = number
        out.append(
            out[parent] if out[parent] == (containers, pre, table, heading) else Place(containers, pre, table, heading)
        )
    return out


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped_start(line: str) -> str:
    """Return a line that doesn't begin as a heading, a quote, an item, a rule or a table does."""
    found = _OPENING.match(line)
    if not found:
        return line
    at = found.end() if found[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def _joined(runs: Sequence[Run], line: str, escapes: set[int], *, cell: bool) -> str:
    """Return runs of text as Markdown.

    Args:
        runs: in order.
        line: the text of all.
        escapes: where a backslash has to stand in it.
        cell: whether it is a cell of a table.
    """
    out: list[str] = []
    at = 0
    for link, group in groupby(runs, key=attrgetter("link")):
        own = list(group)
        written = _styled(own, line, at, escapes, cell=cell)
        at += sum(len(run.text) for run in own)
        bare = written.strip()
        if link and bare:
            start = written.index(bare)
            if not start and out and out[-1].endswith("!"):
                out[-1] = out[-1][:-1] + "\\!"  # or it were an image
            written = f"{written[:start]}[{bare}]({link}){written[start + len(bare) :]}"
        out.append(written)
    return "".join(out)


def _styled(runs: Sequence[Run], line: str, at: int, escapes: set[int], *, cell: bool) -> str:
    """Return runs that link to the same place; the first begins at ``at``."""
    out: list[str] = []
    touches = False  # whether marks of emphasis are the last that was written; more of them would run into these
    for text, style, _ in runs:
        bare = text.strip()
        start = at + (text.index(bare) if bare else len(text))
        end, stop = start + len(bare), at + len(text)
        touches = touches and start == at
        marked = bool(bare and style) and not touches and (style == "`" or _flanks(line, start, end))
        out.append(line[at:start])
        if marked and style == "`":
            out.append(_code(bare, cell=cell))
        elif marked:
            out.append(f"{style}{_escaped(line, start, end, escapes)}{style}")
        else:
            out.append(_escaped(line, start, end, escapes))
        out.append(line[end:stop])
        touches = (marked or (touches and not text)) and end == stop
        at = stop
    return "".join(out)


def _escaped(line: str, start: int, end: int, escapes: set[int]) -> str:
    return "".join(["\\" + line[at] if at in escapes else line[at] for at in range(start, end)])


def _code(text: str, *, cell: bool) -> str:
    ticks = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    if cell:
        text = text.replace("|", "\\|")
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _flanks(line: str, start: int, end: int) -> bool:
    """Whether marks of emphasis around a piece of a line would be taken for such."""
    before, after = line[start - 1] if start else " ", line[end] if end < len(line) else " "
    if _sign(line[start]) and not (before.isspace() or _sign(before)):
        return False
    return not _sign(line[end - 1]) or after.isspace() or _sign(after)


def _sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
