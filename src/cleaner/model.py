"""The values that flow from one stage to the next: all frozen, all small, no behaviour beyond reading."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from cleaner.metadata import Metadata, Sources

CATEGORIES: Final = {
    "advertising": "advertisement and sponsor labels, affiliate notes, shop buttons, 'story continues below'",
    "app-prompt": "install, open-in-app, add-to-home-screen, QR code and push-notification prompts",
    "biography": "author biographies, 'about the author' and company boilerplate",
    "byline": "bylines, role lines, 'reviewed by', closing reporting and editing credits",
    "caption": "captions of photos and videos, image descriptions, image counters and file data",
    "comments": "comment counts, teasers, forms, reader comments, rating prompts",
    "consent": "cookie and privacy notices and their buttons",
    "contact": "contact and tip lines, media-contact blocks",
    "counter": "view, like and share counts, reading times",
    "credit": "photo, picture, illustration and graphics credits",
    "custom": "whatever a user's own rules strip and no other category names",
    "dateline": "a place, date or agency alone on its line",
    "donation": "appeals for donations and support",
    "embed": "empty widgets of social networks",
    "interface": "residue of buttons and players: X, Close, Loading, Play video, Copy link",
    "legal": "copyright, licence and rights lines, site disclaimers",
    "navigation": "kickers, breadcrumbs, menus, skip links, contents lists, footers",
    "newsletter": "newsletter and subscription forms with their small print",
    "paywall": "paywall and meter notes, log-in and account prompts",
    "related": "related links, 'read more', most read, next and previous, inside the body as well as after it",
    "repeat": "a repeated title, a pull quote that repeats the body",
    "share": "share bars and follow-us lines",
    "source-credit": "'originally published in', republishing and print-edition notes, news-provider lines",
    "tags": "tags, topics, 'filed under' and hashtag lines",
    "timestamp": "publication, update and relative times",
    "whitespace": "blank lines at the edges of a text from which something was removed",
}
"""Every category of cruft and what belongs to it."""

TITLE_APART: Final = "any.repeat.title-apart"
"""The rule by which a page's headline goes where ``Config.title`` is off."""

WALLS: Final = ("any.consent.wall", "any.interface.wall", "any.paywall.wall")
"""The rules by which a page goes that shows something else instead of an article."""


class Span(NamedTuple):
    """A half-open range of characters, ``text[start:end]``."""

    start: int
    end: int


class Block(NamedTuple):
    """One paragraph, heading, list item or bare line of a document.

    ``start`` and ``end`` index the document's text and cover the block's lines without the last line end.
    The hints come from HTML and are empty for plain text: ``tag`` is the block's element, ``context`` the tag, class
    and id words of its ancestors, ``link_chars`` how many of its characters stand inside links.
    """

    start: int
    end: int
    tag: str = ""
    context: frozenset[str] = frozenset()
    link_chars: int = 0


class Document(NamedTuple):
    """The text that was read and its blocks, in order and without overlap.

    For plain text ``text`` is the input itself; for HTML it is the flattened visible text.
    """

    text: str
    blocks: tuple[Block, ...]


class Match(NamedTuple):
    """A rule or heuristic that speaks about a block or about a span inside it.

    ``rule`` indexes the rules of the cleaner. ``span`` is ``None`` when the whole block is meant.
    """

    block: int
    rule: int
    span: Span | None


class Verdict(NamedTuple):
    """What the judge decided to remove: a whole block (``span`` is ``None``) or a span of the document."""

    block: int
    span: Span | None
    category: str
    rule: str
    confidence: float


class Removal(NamedTuple):
    """A piece of the document that went: ``text == document.text[start:end]``, why, and by which rule.

    ``text`` holds the blanks and line ends that went along, so that kept and removed spans partition the document.
    ``confidence`` lies in 0..1; the mode of the cleaner is a threshold on it.
    """

    start: int
    end: int
    text: str
    category: str
    rule: str
    confidence: float = 1.0


class Result:
    """What a cleaner gives back: the text, and everything that went, from where and why.

    Attributes:
        document: the document whose text the spans index.
        kept: the spans that make up ``text``, in order.
        removed: the pieces that went, in order. Kept and removed spans partition ``document.text`` exactly.
        warnings: for a page, one sentence for everything that was cut, guessed, or read from elsewhere than its shown
            text; what the page looks like where it shows something else instead of an article (a consent wall, an
            error, a check for robots); and why nothing is left where nothing is. Empty for plain text.
        sources: for a page, where its metadata and its Markdown are read from.
    """

    __slots__ = ("__dict__", "document", "kept", "removed", "sources", "warnings")

    document: Document
    kept: tuple[Span, ...]
    removed: tuple[Removal, ...]
    warnings: tuple[str, ...]
    sources: Sources | None

    def __init__(
        self,
        document: Document,
        kept: tuple[Span, ...],
        removed: tuple[Removal, ...],
        warnings: tuple[str, ...] = (),
        sources: Sources | None = None,
    ) -> None:
        object.__setattr__(self, "document", document)
        object.__setattr__(self, "kept", kept)
        object.__setattr__(self, "removed", removed)
        object.__setattr__(self, "warnings", warnings)
        object.__setattr__(self, "sources", sources)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Result is immutable: {name!r} can't be set")

    @cached_property
    def text(self) -> str:
        """The clean text: the kept spans, joined."""
        source = self.document.text
        if len(self.kept) == 1 and not self.removed:
            return source
        return "".join([source[start:end] for start, end in self.kept])

    @cached_property
    def metadata(self) -> Metadata:
        """What the page says of itself: title, author, times, language, site, address. All ``None`` for plain text."""
        from cleaner.metadata import Metadata, read_metadata  # noqa: PLC0415  # plain text has none

        return Metadata() if self.sources is None else read_metadata(self.sources)

    @cached_property
    def markdown(self) -> str:
        """What was kept of a page, as Markdown without links; see :meth:`to_markdown`. Plain text as it is."""
        return self.to_markdown()

    def to_markdown(self, *, links: bool = False) -> str:
        """Return what was kept of a page as Markdown; plain text as it is.

        Headings, paragraphs, lists, block quotes, code, tables and emphasis are those of the page; the text is escaped
        so that it means itself. Nothing is read that was removed. The page is read again for it, when it is asked for.

        Args:
            links: whether the page's links are kept: addresses of the web and of mail, completed by the page's own.
        """
        if self.sources is None:
            return self.text
        from cleaner.to_markdown import to_markdown  # noqa: PLC0415  # few ask for it

        return to_markdown(self, links=links)

    def __reduce__(self) -> tuple[type[Result], tuple[object, ...]]:
        return type(self), (self.document, self.kept, self.removed, self.warnings, self.sources)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash((self.document.text, self.kept, self.removed))

    def __repr__(self) -> str:
        return f"<Result: {len(self.text)} of {len(self.document.text)} characters kept, {len(self.removed)} removals>"
