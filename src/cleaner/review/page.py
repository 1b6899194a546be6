"""One file that shows everything: page, style, script and data, with a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from cleaner.review.view import About, Reviewed, view_of

ASSETS: Final = Path(__file__).parent / "assets"
REVIEW: Final = ("view.js", "export.js", "review.js")
PLAYGROUND: Final = ("view.js", "export.js", "playground.js")

_UNSAFE: Final = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def review_page(
    documents: Iterable[Reviewed], *, title: str = "Review", about: Callable[[str], About] | None = None
) -> str:
    """Return a page that shows what went from documents, where and why.

    The page is one file: it loads nothing, sends nothing, and no text of a document can become a part of it.

    Args:
        documents: results with the names of their documents.
        title: the heading.
        about: says why a rule is there; by default what the shipped rules say.
    """
    return page_of(view_of(documents, title=title, about=about))


def page_of(view: dict[str, Any]) -> str:
    """Return the page that shows the data of :func:`cleaner.review.view.view_of`."""
    return assemble("review.html", REVIEW, view["title"], view)


def assemble(page: str, scripts: Sequence[str], title: str, data: object, *, connect: str = "'none'") -> str:
    """Return a page with its style, its scripts and its data in it, and a policy that names them by their hashes."""
    style = read("style.css")
    script = '"use strict";\n(() => {\n' + "\n".join(map(read, scripts)) + "\n})();\n"
    parts = {
        "policy": policy(style, script, connect=connect),
        "title": html.escape(title.encode("utf-8", "replace").decode()),
        "style": style,
        "body": read("view.html"),
        "data": embedded(data),
        "script": script,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], read(page))


def policy(style: str, script: str, *, connect: str = "'none'") -> str:
    """Return a Content-Security-Policy under which only these two run, and nothing is loaded, sent or framed."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; connect-src {connect};"
        " base-uri 'none'; form-action 'none'"
    )


def embedded(data: object) -> str:
    """Return JSON that can stand in a script element: no character of it ends the element or opens a comment."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def read(name: str) -> str:
    """Return one of the files that pages are made of."""
    return (ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
