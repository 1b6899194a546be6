"""A web page to its result: read, leave out what is no main content, clean the rest as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cleaner.engine import _carry, _compose
from cleaner.judge_page import judged
from cleaner.main_content import Model
from cleaner.metadata import Sources
from cleaner.model import TITLE_APART, Block, Document, Removal, Result, Span, Verdict
from cleaner.page import Page
from cleaner.read_html import read_html
from cleaner.render import render

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.engine import Cleaner
    from cleaner.walls import Wall

LONGEST_WALL: Final = 6000
"""Of a page of which more characters were kept, it isn't asked whether it holds an article."""


def clean_page(
    html: object,
    cleaner: Cleaner,
    *,
    url: str | None = None,
    encoding: str | None = None,
    model: Model | None = None,
    title: bool | None = True,
) -> Result:
    """Clean a page; see :meth:`cleaner.Cleaner.explain_html`.

    Args:
        html: the page.
        cleaner: cleans what main content leaves, as plain text, and supplies the settings.
        url: where the page is from.
        encoding: for bytes, what the server said.
        model: the model to ask instead of the shipped one.
        title: see :func:`cleaner.judge_page.judged`; what ``Config.title`` says comes after it.
    """
    for name, value in (("url", url), ("encoding", encoding)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"explain_html() takes a str or None as {name}, not {type(value).__name__}")
    page = read_html(html, encoding=encoding)
    document = page.document
    config = cleaner.config
    verdicts, headline = judged(page, config, model, title=title)
    main = render(document, verdicts)
    rest = cleaner.explain(main.text, url=url)
    kept: list[Span] = list(main.kept)
    removed: list[Removal] = list(main.removed)
    if rest.removed:
        _carry(kept, rest, document, removed)
        kept = _compose(kept, rest.kept)
    warnings = page.warnings
    wall = _wall(page, kept)
    if wall is not None:
        warnings = (*warnings, wall.warning)
        kept = _without_wall(kept, removed, document, wall, config)
    if headline >= 0 and not config.title and TITLE_APART not in config.disable:
        before = len(removed)
        kept = _without_title(kept, removed, document, headline)
        if len(removed) > before:
            # The words are weighed against a title that is gone: what is printed has to stay as it is when cleaned again.
            rest = cleaner.explain(_text(kept, document), url=url)
            _carry(kept, rest, document, removed)
            kept = _compose(kept, rest.kept)
    _end(kept, removed, document.text)
    if wall is None and not any(end > start for start, end in kept):
        warnings = (*warnings, _why_empty(document.text))
    sources = Sources(page.meta, page.data, page.title, page.html, url)
    kept = [span for span in kept if span.end > span.start]
    return Result(document, tuple(kept), tuple(sorted(removed)), warnings, sources)


def _wall(page: Page, kept: Sequence[Span]) -> Wall | None:
    """Return what the page shows instead of an article; most pages have kept so much that there is no need to look."""
    if sum(end - start for start, end in kept) > LONGEST_WALL:
        return None
    from cleaner.walls import find_wall  # noqa: PLC0415  # few pages are as short

    return find_wall(page, _kept_blocks(kept, page.document)[1])


def _without_wall(
    kept: list[Span], removed: list[Removal], document: Document, wall: Wall, config: Config
) -> list[Span]:
    """Let a wall go that is all of what was kept, and return what is kept then."""
    from cleaner.walls import CONFIDENCE  # noqa: PLC0415

    category = wall.kind.category
    if (
        not wall.whole
        or config.threshold > CONFIDENCE
        or not config.strips(category)
        or config.disable & {category, wall.rule}
    ):
        return kept
    rest, numbers = _kept_blocks(kept, document)
    result = render(rest, [Verdict(number, None, category, wall.rule, CONFIDENCE) for number in range(len(numbers))])
    _carry(kept, result, document, removed)
    return _compose(kept, result.kept)


def _without_title(kept: list[Span], removed: list[Removal], document: Document, headline: int) -> list[Span]:
    """Let the headline go, and return what is kept then.

    It goes last, so that second copies have been found by the first. Where another copy was the one that stayed, that goes.
    """
    text, blocks = document
    rest, numbers = _kept_blocks(kept, document)
    title = text[blocks[headline].start : blocks[headline].end].casefold()
    alike = (n for n in numbers if text[blocks[n].start : blocks[n].end].casefold() == title)
    at = headline if headline in numbers else next(alike, -1)
    if at < 0:
        return kept
    result = render(rest, [Verdict(numbers.index(at), None, "repeat", TITLE_APART, 1.0)])
    _carry(kept, result, document, removed)
    return _compose(kept, result.kept)


def _kept_blocks(kept: Sequence[Span], document: Document) -> tuple[Document, list[int]]:
    """Return what is kept as a document of its own, with the blocks that something is left of, and their numbers."""
    found: list[Block] = []
    numbers: list[int] = []
    offset = number = 0
    for start, end in kept:
        while number < len(document.blocks) and document.blocks[number].start < end:
            block = document.blocks[number]
            first, last = max(start, block.start), min(end, block.end)
            if first < last:
                span = (offset + first - start, offset + last - start)
                if numbers and numbers[-1] == number:
                    found[-1] = found[-1]._replace(end=span[1])
                else:
                    found.append(block._replace(start=span[0], end=span[1]))
                    numbers.append(number)
            if block.end > end:
                break
            number += 1
        offset += end - start
    return Document(_text(kept, document), tuple(found)), numbers


def _text(kept: Sequence[Span], document: Document) -> str:
    return "".join([document.text[start:end] for start, end in kept])


def _end(kept: list[Span], removed: list[Removal], text: str) -> None:
    """Let the kept text end with its last block: a line end that stood before what went goes with it."""
    while kept and kept[-1].end == kept[-1].start:
        kept.pop()
    if not kept or not text[kept[-1].end - 1].isspace():
        return
    start, end = kept[-1]
    stop = end - (end - start - len(text[start:end].rstrip()))
    for number, removal in enumerate(removed):
        if removal.start == end:
            removed[number] = removal._replace(start=stop, text=text[stop : removal.end])
            kept[-1] = Span(start, stop)
            return


def _why_empty(text: str) -> str:
    if not text:
        return "the page shows no text"
    return f"no article was found in the {len(text.split())} words that the page shows"
