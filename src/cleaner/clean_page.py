"""A web page to its result: read, leave out what is no main content, clean the rest as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.engine import _carry, _compose
from cleaner.judge_page import judge_page
from cleaner.main_content import Model
from cleaner.metadata import Sources
from cleaner.model import Removal, Result, Span
from cleaner.read_html import read_html
from cleaner.render import render

if TYPE_CHECKING:
    from cleaner.engine import Cleaner


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
        title: see :func:`cleaner.judge_page.judge_page`.
    """
    for name, value in (("url", url), ("encoding", encoding)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"explain_html() takes a str or None as {name}, not {type(value).__name__}")
    page = read_html(html, encoding=encoding)
    document = page.document
    main = render(document, judge_page(page, cleaner.config, model, title=title))
    rest = cleaner.explain(main.text, url=url)
    kept: list[Span] = list(main.kept)
    removed: list[Removal] = list(main.removed)
    if rest.removed:
        _carry(kept, rest, document, removed)
        kept = _compose(kept, rest.kept)
    _end(kept, removed, document.text)
    warnings = page.warnings
    if not any(end > start for start, end in kept):
        warnings = (*warnings, _why_empty(document.text))
    sources = Sources(page.meta, page.data, page.title)
    kept = [span for span in kept if span.end > span.start]
    return Result(document, tuple(kept), tuple(sorted(removed)), warnings, sources)


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
