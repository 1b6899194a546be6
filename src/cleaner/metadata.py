"""What a page says of itself: title, author, times, language, site, address. What was found, never guessed."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple


class Metadata(NamedTuple):
    """What a page's ``<meta>`` tags, its JSON-LD and its ``<title>`` say of it; ``None`` where they say nothing.

    ``published`` and ``modified`` are ISO 8601, as precise as the page is; a time that isn't written so is left out.
    """

    title: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    site: str | None = None
    url: str | None = None


class Sources(NamedTuple):
    """Where metadata and Markdown are read from, when they are asked for.

    Tags with their attributes as written, the texts of JSON-LD, the ``<title>``, the page, and where it is from.
    """

    tags: tuple[tuple[str, str], ...] = ()
    data: tuple[str, ...] = ()
    title: str = ""
    html: str = ""
    url: str | None = None


_META: Final = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "author": ("author", "article:author", "dc.creator", "citation_author", "parsely-author"),
    "published": ("article:published_time", "datepublished", "dc.date", "citation_publication_date", "parsely-pub-date", "date"),
    "modified": ("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    "language": ("og:locale", "content-language", "language"),
    "site": ("og:site_name", "application-name"),
    "url": ("og:url",),
}  # fmt: skip
_DATA: Final = {
    "title": ("headline", "name"), "author": ("author", "creator"), "published": ("datePublished",), "modified": ("dateModified",),
    "language": ("inLanguage",), "site": ("publisher",), "url": ("mainEntityOfPage", "url"),
}  # fmt: skip
_ARTICLES: Final = re.compile(r"article|posting|report|recipe|review|webpage|product|question|qapage", re.IGNORECASE)
_ISO: Final = re.compile(
    r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:?\d\d)?)?"
)
_LONGEST: Final = 500


def read_metadata(sources: Sources) -> Metadata:
    """Return what the sources say: ``<meta>`` tags first, then JSON-LD, then ``<title>`` and ``<html lang>``."""
    from cleaner.html_attributes import parsed  # noqa: PLC0415  # only pages have sources

    said: dict[str, str] = {}
    found: dict[str, str | None] = {}
    for tag, written in sources.tags:
        attributes = parsed(written)
        if tag == "html":
            said.setdefault("html lang", attributes.get("lang") or attributes.get("xml:lang") or "")
        elif tag == "link":
            said.setdefault("canonical", attributes.get("href", ""))
        else:
            for key in ("property", "name", "itemprop", "http-equiv"):
                if key in attributes:
                    said.setdefault(attributes[key].lower(), attributes.get("content", ""))
    for field, names in _META.items():
        found[field] = next((value for value in (_usable(field, said.get(name)) for name in names) if value), None)
    found["url"] = _usable("url", said.get("canonical")) or found["url"]
    found["language"] = _usable("language", said.get("html lang")) or found["language"]
    if sources.data and not all(found.values()):
        for item in _items(sources.data):
            for field, names in _DATA.items():
                if found[field] is None:
                    found[field] = next(
                        (value for value in (_usable(field, _text(item.get(n))) for n in names) if value), None
                    )
    found["title"] = found["title"] or _usable("title", sources.title)
    return Metadata(**found)


def _usable(field: str, value: str | None) -> str | None:
    if not value:
        return None
    value = " ".join(value.split())[:_LONGEST]
    if field in ("published", "modified"):
        match = _ISO.match(value)
        if match is None:
            return None
        day, clock, zone = match.groups()
        return f"{day}T{clock}{zone or ''}" if clock else day
    if field == "language":
        value = value.replace("_", "-")
        return value if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", value) else None
    if field == "url" or (field == "author" and "://" in value):
        return value if field == "url" and value.startswith(("http://", "https://")) else None
    return value or None


def _text(value: Any) -> str | None:
    """Return what a value of JSON-LD says: a string, or the name of a thing, or of several."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@id"))
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(item) for item in value[:20] if not isinstance(item, list)))) or None
    return None


def _items(data: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the things of JSON-LD that may be the page's article, in order."""
    found: list[dict[str, Any]] = []
    for written in data:
        try:
            todo: list[Any] = [json.loads(written, strict=False)]
        except (ValueError, RecursionError):
            continue
        while todo:
            item = todo.pop(0)
            if isinstance(item, list):
                todo = [*item[:50], *todo]
            elif isinstance(item, dict):
                kind = item.get("@type")
                if _ARTICLES.search(" ".join(map(str, kind)) if isinstance(kind, list) else str(kind)):
                    found.append(item)
                if isinstance(item.get("@graph"), list):
                    todo = [*item["@graph"][:50], *todo]
            if len(found) >= 20 or len(todo) > 2000:
                break
    return found
