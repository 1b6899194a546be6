"""The walk over a page's tags: which elements are open, what is passed over, and where a line of text ends.

The page is read tag by tag, without a tree and without a parser: nesting costs no stack, nothing below some depth is
lost, no tag is looked at twice, and it takes less time than building a tree in C would.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from cleaner.html_attributes import hides, parsed
from cleaner.html_elements import (
    BLOCK,
    BREAK,
    CELL,
    CLOSES_P,
    HEADINGS,
    IMPLIED,
    INLINE,
    KINDS,
    NESTING,
    PASSED,
    PLAIN,
    RAW,
    SCOPE,
    SKIP,
    VOID,
)
from cleaner.html_ends import end_tag, matching_end
from cleaner.html_lines import Lines, first_number

_TOKEN: Final = re.compile(
    r"<(?:(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)(?:>|\Z)"
    r"|!--(?:-?>|(?:[^-]++|-(?!->))*+(?:-->|(\Z)))"
    r"|[!?/][^>]*+(?:>|\Z)"
    r"|())"
    r"([^<]*+)"
)
"""A tag, a comment or a lone ``<``, and the text behind it. Every alternative ends at the page's end at the latest, so no
part of a page is read twice."""

_TYPE: Final = re.compile(r'"@type"\s{0,20}:\s{0,20}\[?\s{0,20}"([A-Za-z]{1,40})')

_NEAR: Final = 8
"""A start tag closes what stands open at most so many elements above."""

_DEEP: Final = 64
"""So many elements above, an end tag is barred by a table around it; deeper ones are closed in any case."""

_KEPT_PROPERTIES: Final = 60
"""So many tags are kept of what a page says of itself."""


def read_tags(html: str) -> Reader:
    """Return a reader that has read a page, or a piece of one."""
    reader = Reader()
    reader.read(html)
    return reader


class Reader(Lines):
    """Turns a page's tags and text into lines of text and the elements around them. Made for one page."""

    __slots__ = (
        "_absent", "_open", "_stack", "attributes", "data_scripts", "kinds", "marks", "meta", "parents", "tags", "title", "warnings",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.parents: list[int] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.title = ""
        self.kinds: set[str] = set()
        self.data_scripts: list[str] = []
        self.meta: list[tuple[str, str]] = []  # attributes of <meta>, <link> and <html>
        self.warnings: list[str] = []
        self.marks: list[tuple[int, str, str]] | None = None  # of inline elements, where a reader wants them
        self._stack: list[int] = []
        self._open: dict[str, int] = {}
        self._absent: set[str] = set()

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
        kinds, buffer, cells, start, end, flush = KINDS, self._buffer, self._cells, self._start, self._end, self._flush
        parents, tags, stack, opened, written = self.parents, self.tags, self._stack, self._open, self.attributes
        marks = self.marks
        for found in _TOKEN.finditer(html, at):
            slash, tag, attributes, unclosed, lone, text = found.groups()
            if tag is not None:
                kind = kinds.get(tag, -1)
                if kind < 0:
                    tag = tag.lower()
                    kind = kinds.get(tag, BLOCK)
                if kind == INLINE:
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
                            ) and hides(parsed(attributes)):  # fmt: skip
                                to = self._past_hidden(html, tag, found.start(6))
                                if to >= 0:
                                    return to
                        if tag == "a":
                            self._anchor = len(self._stack)
                        if marks is not None:
                            marks.append((len(buffer), tag, attributes))
                elif kind == PLAIN:  # most elements: what _start and _end would do for them
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
                elif kind in PASSED:
                    to = self._past(html, tag, attributes, found.start(6), raw=kind == RAW)
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
        if tag in NESTING:
            to, after = matching_end(html, tag, at)
        else:
            closing = end_tag(tag).search(html, at)
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
        to, after = matching_end(html, tag, at, strict=True)
        if to == -1:
            self._absent.add(tag)
        if to < 0:
            return -1
        inside = html[at:to]
        for name in ("p", "div", "li", "td"):
            if inside.count(f"</{name}") > inside.count(f"<{name}"):
                return -1
        return after

    def _start(self, tag: str, kind: int, attributes: str) -> None:
        if kind == VOID:
            if tag == "meta":
                if len(self.meta) < _KEPT_PROPERTIES and "content" in attributes:
                    self.meta.append((tag, attributes))
            elif tag == "link":
                if "canonical" in attributes and len(self.meta) < _KEPT_PROPERTIES:
                    self.meta.append((tag, attributes))
            elif tag == "hr":
                self._break(2)
            return
        if kind == BREAK:
            self._break(0)
            self._gap += 1
            return
        tags, stack = self.tags, self._stack
        if stack:
            top = tags[self._top]
            if (
                (kind == BLOCK and top == "p" and tag in CLOSES_P)
                or (top == "p" and tag == "li")
                or (top in HEADINGS and tag in HEADINGS)
            ):
                self._close(1)
            if tag in IMPLIED:
                self._imply(*IMPLIED[tag])
        if kind == CELL and self._top >= 0 and tags[self._top] == "tr":
            if self._buffer:
                self._cell()
        else:
            if self._buffer or self._cells:
                self._flush()
            if kind == BLOCK:
                self._gap = 2
                if tag == "ul" or tag == "ol":  # noqa: PLR1714
                    if self._markers:
                        self._gap = 1
                    self._markers.append(first_number(attributes) if tag == "ol" else -1)
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
        if kind == BREAK:
            self._break(1)
            return
        if kind in (VOID, SKIP, RAW) or tag in ("body", "html"):
            return
        if not self._open.get(tag):
            if tag == "p":
                self._break(2)
            return
        tags, stack = self.tags, self._stack
        depth = len(stack)
        barred = tag not in SCOPE
        above = 1
        while True:
            found = tags[stack[-above]]
            if found == tag:
                break
            if above <= _DEEP and barred and found in SCOPE:
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
            kind = KINDS.get(tag, BLOCK)
            if kind == CELL and len(stack) > 1 and tags[stack[-2]] == "tr":
                self._cell()
            else:
                if self._buffer or self._cells:
                    self._flush()
                if kind == PLAIN:
                    self._gap = 2
                elif kind == BLOCK:
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
