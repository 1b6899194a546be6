"""A page to verdicts: what main content leaves out goes, as what the names around it and its place say.

Text rules come after this, over what stays. Main content only says *that* a block is none of the article's; what it is
instead is read off the nearest element that tells: its class and id words, its tag, its place.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from cleaner import main_content
from cleaner.config import Config
from cleaner.main_content import Model
from cleaner.model import Verdict
from cleaner.page import Element, Page

CUTS: Final = {"conservative": 0.6, "standard": 1.0, "aggressive": 1.4}
"""By how much a mode moves the score that a block needs to stay."""

RULE: Final = "main-content"

_NAMES: Final = {
    **dict.fromkeys(("comment", "comments", "commentlist", "disqus", "respond", "reply", "replies", "rating"), "comments"),
    **dict.fromkeys(("share", "sharing", "social", "sharedaddy", "addtoany", "follow"), "share"),
    **dict.fromkeys(("newsletter", "subscribe", "subscription", "signup", "optin", "mailchimp"), "newsletter"),
    **dict.fromkeys(("cookie", "cookies", "consent", "gdpr", "onetrust", "cmp"), "consent"),
    **dict.fromkeys(
        ("related", "recommended", "recommendations", "popular", "trending", "recirc", "readmore", "latest"), "related"
    ),
    **dict.fromkeys(("bio", "biography", "authorbox"), "biography"),
    **dict.fromkeys(("byline", "author", "authors"), "byline"),
    **dict.fromkeys(
        ("ad", "ads", "advert", "advertisement", "promo", "promotion", "promoted", "sponsor", "sponsored", "affiliate"),
        "advertising",
    ),
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    **dict.fromkeys(("credit", "credits"), "credit"),
    **dict.fromkeys(("tag", "tags", "taglist", "topics", "hashtags"), "tags"),
    **dict.fromkeys(("date", "dateline", "timestamp", "published", "updated", "datetime"), "timestamp"),
    **dict.fromkeys(("paywall", "login", "signin", "register"), "paywall"),
    **dict.fromkeys(("contact", "contacts"), "contact"),
    **dict.fromkeys(("copyright", "legal", "disclaimer", "imprint"), "legal"),
    **dict.fromkeys(("donate", "donation", "donations"), "donation"),
    **dict.fromkeys(("button", "buttons", "btn", "toolbar", "player", "search", "modal", "popup"), "interface"),
    **dict.fromkeys(("nav", "menu", "navbar", "navigation", "breadcrumb", "breadcrumbs", "footer", "sidebar"), "navigation"),
}  # fmt: skip
"""What a word among an element's names says that a block is which isn't article."""

_TAGS: Final = {
    "nav": "navigation", "footer": "navigation", "form": "interface", "button": "interface", "figcaption": "caption",
    "figure": "caption", "dialog": "interface", "time": "timestamp", "address": "contact",
}  # fmt: skip

NAMED: Final = "named"
NAMED_CONFIDENCE: Final = 0.8

_LABELS: Final = {
    **dict.fromkeys(
        ("byline", "author", "authors", "autor", "autore", "auteur", "signature", "writer", "creator", "postprofile"), "byline"
    ),
    **dict.fromkeys(("date", "datetime", "dateline", "timestamp", "published", "datum", "fecha"), "timestamp"),
}  # fmt: skip
"""What a short block is whose own element is named so."""

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_DOUBT: Final = 0.6
"""A heading stays with what it heads if its own score is at least this part of what a block needs."""

_KICKER_WORDS: Final = 6
_STANDFIRSTS: Final = frozenset(
    (
        "standfirst",
        "subtitle",
        "subhead",
        "subheading",
        "dek",
        "deck",
        "lede",
        "teaser",
        "chapo",
        "ingress",
        "sommario",
        "entradilla",
    )
)
_STANDFIRST_WORDS: Final = 5
_LABEL_WORDS: Final = 12
_LABEL_CHARS: Final = 80
_NEVER_LABELS: Final = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "li", "dt", "pre", "blockquote")
)


class Judged(NamedTuple):
    """What of a page goes because it isn't its main content, and which block is its headline, or -1."""

    verdicts: list[Verdict]
    headline: int


def judge_page(page: Page, config: Config, model: Model | None = None, *, title: bool | None = True) -> list[Verdict]:
    """Return what goes because it isn't the page's main content; see :func:`judged`."""
    return judged(page, config, model, title=title).verdicts


def judged(page: Page, config: Config, model: Model | None = None, *, title: bool | None = True) -> Judged:
    """Return what goes because it isn't the page's main content, and which block is the headline.

    Args:
        page: the page.
        config: supplies the mode and the categories that may go.
        model: the model to ask instead of the shipped one.
        title: whether the headline is looked for, and stays; otherwise it is left to its score, as other blocks.
    """
    blocks = page.document.blocks
    if not blocks:
        return Judged([], -1)
    found, words = main_content.scores(page, model or main_content.model())
    least = min(0.99, main_content.cut(found, words) * CUTS[config.mode])
    stays = [score >= least for score in found]
    _keep_together(page, stays, found, least)
    headline = find_title(page, stays) if title else -1
    if headline >= 0:
        stays[headline] = True
        _keep_standfirst(page, stays, headline, words)
        for number in range(headline):
            stays[number] = stays[number] and (words[number] > _KICKER_WORDS or blocks[number].tag in _HEADINGS)
    known: dict[int, str] = {}
    sure = config.threshold <= NAMED_CONFIDENCE
    verdicts = []
    for number, stay in enumerate(stays):
        if stay:
            named = _named(page, number, words[number]) if sure and number != headline else ""
            rule = f"any.{named}.{NAMED}"
            if named and config.strips(named) and named not in config.disable and rule not in config.disable:
                verdicts.append(Verdict(number, None, named, rule, NAMED_CONFIDENCE))
            continue
        holder = page.holders[number]
        category = known.get(holder)
        if category is None:
            category = known[holder] = _category(page.elements, holder)
        rule = f"any.{category}.{RULE}"
        if config.strips(category) and category not in config.disable and rule not in config.disable:
            verdicts.append(Verdict(number, None, category, rule, round(1.0 - found[number], 3)))
    return Judged(verdicts, headline)


def _keep_together(page: Page, stays: list[bool], found: list[float], least: float) -> None:
    """Keep the rows of a table, and the items of a list, of which half stays; and a heading of what stays under it."""
    elements, holders, blocks = page.elements, page.holders, page.document.blocks
    groups: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.tag in ("tr", "li"):
            groups.setdefault(elements[holders[number]].parent, []).append(number)
    for group in groups.values():
        if 2 * sum(stays[number] for number in group) >= len(group) > 1:
            for number in group:
                stays[number] = True
    for number in range(len(blocks) - 1):
        if (
            not stays[number]
            and found[number] >= _DOUBT * least
            and blocks[number].tag in _HEADINGS
            and all(stays[number + 1 : number + 3])
            and blocks[number + 1].tag not in _HEADINGS
        ):
            stays[number] = True


def _keep_standfirst(page: Page, stays: list[bool], headline: int, words: list[int]) -> None:
    """Let the sentence under the headline stay that is named as its standfirst."""
    for number in range(headline + 1, min(headline + 4, len(stays))):
        names = page.elements[page.holders[number]].names
        if words[number] >= _STANDFIRST_WORDS and not _STANDFIRSTS.isdisjoint(names):
            stays[number] = True


def _named(page: Page, number: int, words: int) -> str:
    """Return what a short block is by its own element's names: a byline, a time, or nothing of these.

    Sites name these two alike all over the world, whatever language they are written in.
    """
    block = page.document.blocks[number]
    if words > _LABEL_WORDS or block.tag in _NEVER_LABELS or block.end - block.start > _LABEL_CHARS:
        return ""
    elements = page.elements
    at = page.holders[number]
    if page.document.text[block.end - 1] in ".!?:\u3002\uff01\uff1f":
        return ""
    for _ in range(2):
        element = elements[at]
        for name in element.names:
            if name in _LABELS:
                return _LABELS[name]
        if element.tag == "time":
            return "timestamp"
        at = element.parent
        if at <= 0:
            break
    return ""


def _category(elements: tuple[Element, ...], at: int) -> str:
    for _ in range(12):
        if at <= 0:
            break
        element = elements[at]
        for name in element.names:
            if name in _NAMES:
                return _NAMES[name]
        if element.tag in _TAGS:
            return _TAGS[element.tag]
        at = element.parent
    return "navigation"


def find_title(page: Page, stays: list[bool]) -> int:
    """Return the number of the block that is the article's headline, or -1.

    It is the first-level heading in front of most of what stays that shares most words with the page's ``<title>``; a
    heading of another level has to share nearly all of its own, what is no heading all, and half of the title's.
    """
    kept = [number for number, stay in enumerate(stays) if stay]
    if not kept:
        return -1
    text, blocks = page.document
    wanted = set(page.title.lower().split())
    last = kept[len(kept) // 3]
    best, best_share = -1, 0.0
    for number, block in enumerate(blocks):
        if number > last:
            break
        if block.end - block.start > 400:
            continue
        tag = block.tag
        if tag not in _HEADINGS and number >= kept[0]:
            continue
        own = text[block.start : block.end].lower().split()
        share = sum(word in wanted for word in own) / len(own)
        if tag == "h1":
            share += 0.35
        elif len(own) < 3 or share < (0.75 if tag in _HEADINGS else 1.0) or 2 * len(own) < len(wanted):
            continue
        if share > best_share and (share >= 0.75 or not best_share):
            best, best_share = number, share
    return best
