"""The article in the data that a page's scripts would show it from, for pages that show next to nothing without them.

Frameworks write the data of a page into it: as JSON in a ``<script>``, or as the value of a variable. An article in it is one long string,
plain or HTML, or a list of paragraphs, each with its pieces. What else is long there (texts of dialogs, other articles)
stands under names that say so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final

from cleaner.evidence import count_words

LEAST: Final = 60
"""An article has so many words, and"""

SENTENCES: Final = 3
"""so many sentences."""

MAX_SCRIPTS: Final = 100
MAX_NODES: Final = 300_000
"""So many values are looked at, those of lists each time that a list around them is."""

_SCRIPT: Final = re.compile(r"<script\b([^>]*+)>", re.IGNORECASE)
_JSON: Final = ("application/json", "__NEXT_DATA__", "__NUXT_DATA__")
_STATE: Final = re.compile(r"(?:window|self|globalThis)(?:\.|\[[\"'])__?\w{3,40}(?:[\"']\])?\s{0,5}=\s{0,5}(?=[{\[])")
_ELSEWHERE: Final = re.compile(
    r"consent|cookie|privacy|gdpr|terms|legal|disclaimer|translat|i18n|locale|messages|intl|seo|css|style|footer|header|nav|menu|comment"
    r"|related|recommend|trending|popular|latest|sidebar|newsletter|author|bio$|error|modal|dialog|caption|image|video|script",
    re.IGNORECASE,
)
_TEXTS: Final = (
    "text",
    "content",
    "html",
    "value",
    "body",
    "children",
    "paragraph",
    "paragraphs",
    "items",
    "data",
    "model",
    "blocks",
    "cooked",
)
_TITLES: Final = ("title", "headline", "seoTitle", "slug")
_KIND: Final = ("type", "_type", "kind", "nodeType", "name", "__typename", "component", "tag", "tagName")
_BLOCK: Final = re.compile(r"para|head|list|item|quote|block|text$|^(?:p|h[1-6]|li|ul|ol|div)$", re.IGNORECASE)
_NO_TEXT: Final = re.compile(
    r"image|img|photo|picture|figure|video|audio|embed|advert|^ads?$|promo|related|newsletter|script|style|gallery|caption",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    "[.!?\u2026\u3002\uff01\uff1f\u0964\u061f\u06d4][\"'\u201d\u2019\u00bb)\u300d]*(?:\\s|<|\\\\n|$|(?<=[\u3002\uff01\uff1f]))"
)
_MARKUP: Final = re.compile(r"</[a-z]|<(?:br|p)\b", re.IGNORECASE)


def hydrated(html: str, title: str = "") -> str:
    """Return the article in the data of a page's scripts as HTML, or nothing where none is found.

    It is the longest text there; one that stands under a title that is the page's goes before others.

    Args:
        html: the page.
        title: its ``<title>``.
    """
    best, most = "", (False, LEAST - 1)
    budget = [MAX_NODES]
    for data in _data(html):
        for own, found in _candidates(data, title.casefold(), budget):
            size = (own, count_words(found))
            if size > most and size[1] >= LEAST and len(_SENTENCE.findall(found)) >= SENTENCES:
                best, most = found, size
    return best


def _data(html: str) -> Iterator[Any]:
    """Yield the values that scripts are given."""
    at = 0
    for _ in range(MAX_SCRIPTS):
        found = _SCRIPT.search(html, at)
        if not found:
            return
        at = html.find("</script", found.end())
        if at < 0:
            return
        if any(name in found[1] for name in _JSON):
            written, start = html[found.end() : at].strip(), 0
        elif "src=" not in found[1] and "ld+json" not in found[1] and (state := _STATE.search(html, found.end(), at)):
            written, start = html[found.end() : at], state.end() - found.end()
        else:
            continue
        try:
            yield json.JSONDecoder(strict=False).raw_decode(written, start)[0]
        except (ValueError, RecursionError):
            continue


def _candidates(data: Any, title: str, budget: list[int]) -> Iterator[tuple[bool, str]]:
    """Yield the texts in a value that may be its article, as HTML, and whether they stand under the page's title."""
    todo: list[tuple[bool, Any]] = [(False, data)]
    while todo and budget[0] > 0:
        budget[0] -= 1
        own, value = todo.pop()
        if isinstance(value, str):
            if len(value) >= LEAST * 2 and value.lstrip()[:1] not in ("{", "["):
                yield own, _as_html(value.split("\n"))
        elif isinstance(value, dict):
            names = [named for key in _TITLES if isinstance(named := value.get(key), str)]
            if names:
                own = any(len(name) > 8 and name.casefold() in title for name in names)
            todo += [(own, inner) for key, inner in value.items() if not _ELSEWHERE.search(key)]
        elif isinstance(value, list):
            # Paragraphs are of one type; a list of all sorts is a table of values that others refer to.
            if len({type(item) for item in value}) == 1 and any(_is_piece(item) for item in value[:5]):
                yield own, _as_html("".join(_written(value, budget)).split("\n"))
            todo += [(own, inner) for inner in value]


def _is_piece(item: Any) -> bool:
    """Whether an item of a list may be a paragraph, and not another article with a title of its own."""
    if isinstance(item, str):
        return len(item.split()) > 1
    return isinstance(item, dict) and any(key in item for key in _TEXTS) and not any(key in item for key in _TITLES)


def _written(pieces: list[Any], budget: list[int]) -> Iterator[str]:
    """Yield the texts of a list of paragraphs, with line ends around what is a block."""
    todo: list[Any] = list(reversed([part for piece in pieces for part in ("\n", piece, "\n")]))
    while todo and budget[0] > 0:
        budget[0] -= 1
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            todo += reversed(item)
        elif isinstance(item, dict):
            kind = next((value for key in _KIND if isinstance(value := item.get(key), str)), "")
            if _NO_TEXT.search(kind):
                continue
            inner: list[Any] = [item[key] for key in _TEXTS if isinstance(item.get(key), str | list | dict)]
            if _BLOCK.search(kind) and kind.lower() != "text":
                inner = ["\n", *inner, "\n"]
            todo += reversed(inner)


def _as_html(lines: list[str]) -> str:
    """Return lines as paragraphs; those that are HTML already as they are."""
    out = []
    for line in lines:
        if line.strip():
            out.append(line if _MARKUP.search(line) else f"<p>{escape(line, quote=False)}</p>")
    return "\n".join(out).encode("utf-8", "replace").decode()
