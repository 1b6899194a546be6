"""Pages that hold no article: what stands there instead. What they say is data, in ``data/walls.toml``.

An article about such a page says the same things, so that its own paragraphs decide: a page is a wall where what was kept of it is
mostly what walls say, or where its title or heading says so and no paragraph was kept beside.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick_rs

from cleaner.evidence import PROSE_WORDS, count_words
from cleaner.page import Page

FILE: Final = Path(__file__).parent / "data" / "walls.toml"
NOTHING: Final[frozenset[str]] = frozenset()
RULE: Final = "wall"
CONFIDENCE: Final = 0.8

MAX_KEPT: Final = 700
"""A page of which more words were kept isn't looked at; the longest consent dialogs have some five hundred."""

MAX_SHOWN: Final = 400
"""Of a page that shows more words, and of which none were kept, not every button says what it is."""

FEW: Final = 20
"""So few words beside what walls say are no article: a greeting, the name of the site, a list of buttons."""

TEASER: Final = 150
"""An article that is cut off at a wall shows fewer words."""

_MOSTLY: Final = 1.5
_LOOKED_AT: Final = 400
_LINE_CHARS: Final = 80
_QUOTED: Final = 60
_NOSCRIPTS: Final = 20
_NOSCRIPT_CHARS: Final = 2000
_HEADINGS: Final = ("h1", "h2")
_WORD: Final = re.compile(r"[^\W_]+")
_PARTS: Final = re.compile(r"\s[|\u2013\u2014\u00b7:-]\s|\s?[|\u00bb]\s?")
_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_SHELL: Final = re.compile(
    r"\bid\s?=\s?[\"']?(?:root|app|__next|__nuxt|___gatsby|svelte|main-app)[\"'\s>]", re.IGNORECASE
)


class Kind(NamedTuple):
    """A kind of wall: what it is called, what it goes as, and what it says; see the file."""

    key: str
    name: str
    category: str
    lines: frozenset[str]
    phrases: frozenset[str]
    cuts: frozenset[str]


class Wall(NamedTuple):
    """What a page shows instead of an article.

    Attributes:
        kind: what it is.
        warning: a sentence that says so.
        whole: whether nothing of the page is article; otherwise the wall stands under the start of one.
    """

    kind: Kind
    warning: str
    whole: bool

    @property
    def rule(self) -> str:
        """By which rule what was kept goes."""
        return f"any.{self.kind.category}.{RULE}"


class _Said(NamedTuple):
    """What a page says of one kind of wall.

    ``words`` counts those kept in blocks that say it, ``rest`` those kept in others, ``prose`` those of them that stand
    in paragraphs. ``strong`` says that title or heading do, and ``sure`` that it isn't one phrase alone.
    """

    words: int
    rest: int
    prose: int
    strong: bool
    sure: bool
    quote: str


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of walls; of two that a page may be, the first."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Kind(
            key,
            table["name"],
            table["category"],
            frozenset(map(_plain, table["lines"])),
            frozenset(map(_plain, (*table["phrases"], *table.get("cuts", ())))),
            frozenset(map(_plain, table.get("cuts", ()))),
        )
        for key, table in data.items()
    )


@cache
def _finder() -> tuple[ahocorasick_rs.AhoCorasick, list[str]]:
    """Return what finds the phrases of all kinds in one pass: as alternations of a pattern they take forty times as long."""
    phrases = sorted({phrase for kind in kinds() for phrase in kind.phrases})
    return ahocorasick_rs.AhoCorasick(phrases), phrases


def _phrases(line: str) -> frozenset[str]:
    finder, phrases = _finder()
    return frozenset(phrases[match[0]] for match in finder.find_matches_as_indexes(line, overlapping=True))


def find_wall(page: Page, kept: Sequence[int]) -> Wall | None:
    """Return what a page shows instead of an article, or ``None`` where it seems to show one, or nothing is known.

    Args:
        page: the page.
        kept: the numbers of the blocks that were kept.
    """
    text, blocks = page.document
    words: dict[int, int] = {}
    total = 0
    for number in kept:
        words[number] = count_words(text[blocks[number].start : blocks[number].end])
        total += words[number]
        if total > MAX_KEPT:
            return None
    numbers = sorted({*range(min(len(blocks), _LOOKED_AT)), *words})
    lines = {number: _plain(text[blocks[number].start : blocks[number].end]) for number in numbers}
    phrases = {number: own for number, line in lines.items() if (own := _phrases(line))}
    unshown = list(_noscripts(page.html)) if total < FEW else []
    titles = [_plain(part) for part in (page.title, *_PARTS.split(page.title))] if page.title else []
    walls: list[tuple[_Said, Kind]] = []
    for kind in kinds():
        said = _said(kind, page, lines, phrases, words, titles, unshown)
        if said is not None and _is_wall(said, page, total):
            walls.append((said, kind))
    if walls:
        said, kind = max(walls, key=lambda wall: (wall[0].strong, wall[0].words))
        return Wall(kind, f"the page looks like {kind.name}, not like an article: it says {said.quote!r}", whole=True)
    if not total and _is_shell(page):
        kind = next(kind for kind in kinds() if kind.key == "script")
        return Wall(kind, f"the page looks like {kind.name}; scripts are not run", whole=True)
    return _cut_off(page, phrases, min(words)) if words and total < TEASER else None


def _said(
    kind: Kind,
    page: Page,
    lines: dict[int, str],
    found: dict[int, frozenset[str]],
    words: dict[int, int],
    titles: Sequence[str],
    unshown: Sequence[str],
) -> _Said | None:
    """Return what a page says of a kind of wall, or ``None`` where it says nothing of it."""
    text, blocks = page.document
    strong = any(title in kind.lines for title in titles)
    quote = page.title[:_QUOTED] if strong else ""
    phrases: set[str] = set()
    labels = hit = rest = prose = 0
    for number, line in lines.items():
        block = blocks[number]
        said = len(line) <= _LINE_CHARS and line in kind.lines
        if said:
            labels += 1
            if block.tag in _HEADINGS:
                strong, quote = True, text[block.start : block.end][:_QUOTED]
        own = found[number] & kind.phrases if number in found else NOTHING
        phrases |= own
        if (said or own) and not quote:
            quote = text[block.start : block.end][:_QUOTED]
        count = words.get(number, 0)
        if said or own:
            hit += count
        else:
            rest += count
            prose += count if count >= PROSE_WORDS else 0
    hidden = [one for one in unshown if _phrases(_plain(one)) & kind.phrases]
    if not (strong or phrases or labels or hidden):
        return None
    # Noscript text is shown to those without scripts, as we are; one phrase there says all.
    sure = (
        strong
        or len(phrases) > 1
        or (bool(phrases) and labels > 0)
        or labels > 1
        or (kind.key == "script" and bool(phrases or hidden))
    )
    return _Said(hit, rest, prose, strong, sure, quote or hidden[0][:_QUOTED])


def _is_wall(said: _Said, page: Page, total: int) -> bool:
    if not said.sure:
        return False
    if not total:
        return said.strong or count_words(page.document.text) <= MAX_SHOWN
    if said.strong and said.prose < FEW:
        return True
    return said.words > 0 and (said.rest < FEW or said.words >= _MOSTLY * said.rest)


def _cut_off(page: Page, phrases: dict[int, frozenset[str]], first: int) -> Wall | None:
    """Return the wall under an article of which little is shown, and which starts at the block ``first``; menus may say the same."""
    text, blocks = page.document
    for kind in kinds():
        for number, own in phrases.items():
            if number > first and blocks[number].tag != "li" and own & kind.cuts:
                said = text[blocks[number].start : blocks[number].end][:_QUOTED]
                return Wall(
                    kind,
                    f"the page seems to show only the start of its article, under {kind.name}: it says {said!r}",
                    whole=False,
                )
    return None


def _is_shell(page: Page) -> bool:
    """Whether a page that shows next to nothing is made by scripts."""
    if "<script" not in page.html:
        return False
    shown = count_words(page.document.text)
    return not shown or (shown < FEW and _SHELL.search(page.html) is not None)


def _noscripts(html: str) -> Iterator[str]:
    """Yield the first texts for those without scripts."""
    at = 0
    for _ in range(_NOSCRIPTS):
        start = html.find("<noscript", at)
        if start < 0:
            return
        end = html.find("</noscript", start)
        if end < 0:
            end = start + _NOSCRIPT_CHARS
        inside = html[start : min(end, start + _NOSCRIPT_CHARS)]
        said = " ".join(unescape(_TAG.sub(" ", inside[inside.find(">") + 1 :])).split())
        if said:
            yield said
        at = end


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text[:5000].casefold()))
