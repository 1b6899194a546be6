"""HTML to a page: its visible text as blocks, where each stands in the tree, and what was cut or looked for elsewhere.

Each step has its module, and this one puts them together:

- :mod:`cleaner.html_source`: bytes, or a tree of another library, to text;
- :mod:`cleaner.html_walk`: over the tags: which elements are open, and what is passed over;
- :mod:`cleaner.html_elements`: what each element does to the text, and which others it ends;
- :mod:`cleaner.html_attributes`: the names of an element, and whether it is hidden;
- :mod:`cleaner.html_ends`: where an element ends that is passed over;
- :mod:`cleaner.html_lines`: pieces of text to lines: items, rows, code;
- :mod:`cleaner.html_shells`: text from elsewhere, for pages that don't show their article;
- :mod:`cleaner.page`: what comes out.
"""

from __future__ import annotations

from typing import Final

from cleaner.html_attributes import classes, names_and_hidden, parsed
from cleaner.html_shells import fill_shell
from cleaner.html_source import source_text
from cleaner.html_walk import Reader, read_tags
from cleaner.model import Block, Document
from cleaner.page import Element, Page

MAX_LENGTH: Final = 64 << 20
"""Longer pages are cut after so many characters, with a warning. The largest of 1,497 pages of the WCXB data set has 8 MB."""


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
    html = source_text(source, encoding, warnings)
    if len(html) > MAX_LENGTH:
        warnings.append(f"the page has {len(html)} characters; everything after the first {MAX_LENGTH} was cut")
        html = html[:MAX_LENGTH]
    reader = read_tags(html)
    return page_of(reader, [*warnings, *reader.warnings], html)


def page_of(reader: Reader, warnings: list[str], html: str) -> Page:
    """Return what was read as a page, with the text that it doesn't show where it shows none."""
    fill_shell(reader, warnings, html)
    return _assemble(reader, warnings)._replace(html=html)


def _assemble(reader: Reader, warnings: list[str]) -> Page:
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
        classes(reader.inline),
        reader.title,
        frozenset(reader.kinds),
        tuple(reader.meta),
        tuple(reader.data_scripts),
        tuple(dict.fromkeys(warnings)),
    )


def _elements(reader: Reader) -> tuple[tuple[Element, ...], dict[int, int]]:
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
            said = known[attributes] = names_and_hidden(attributes)
        _, _, _, hidden, depth = elements[parent]
        numbers[at] = len(elements)
        elements.append(Element(parent, tags[at], said[0], hidden or said[1], depth + 1))
    return tuple(elements), numbers
