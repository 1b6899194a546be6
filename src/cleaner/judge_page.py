"""A page to verdicts: what main content leaves out goes, as what the names around it and its place say.

Text rules come after this, over what stays. Main content only says *that* a block is none of the article's; what it is
instead is read off the nearest element that tells: its class and id words, its tag, its place.
"""

from __future__ import annotations

from typing import Final

from cleaner import main_content
from cleaner.config import Config
from cleaner.main_content import Model
from cleaner.model import Verdict
from cleaner.read_html import Element, Page

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


def judge_page(page: Page, config: Config, model: Model | None = None) -> list[Verdict]:
    """Return what goes because it isn't the page's main content.

    Args:
        page: the page.
        config: supplies the mode and the categories that may go.
        model: the model to ask instead of the shipped one.
    """
    blocks = page.document.blocks
    if not blocks:
        return []
    found, words = main_content.scores(page, model or main_content.model())
    least = min(0.99, main_content.cut(found, words) * CUTS[config.mode])
    stays = [score >= least for score in found]
    title = find_title(page, stays)
    if title >= 0:
        stays[title] = True
    known: dict[int, str] = {}
    verdicts = []
    for number, stay in enumerate(stays):
        if stay:
            continue
        holder = page.holders[number]
        category = known.get(holder)
        if category is None:
            category = known[holder] = _category(page.elements, holder)
        rule = f"any.{category}.{RULE}"
        if config.strips(category) and category not in config.disable and rule not in config.disable:
            verdicts.append(Verdict(number, None, category, rule, round(1.0 - found[number], 3)))
    return verdicts


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
    heading of another level has to share nearly all of its own.
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
        tag = block.tag
        if tag not in ("h1", "h2", "h3") or block.end - block.start > 400:
            continue
        own = text[block.start : block.end].lower().split()
        share = sum(word in wanted for word in own) / len(own)
        if tag == "h1":
            share += 0.35
        elif share < 0.75 or len(own) < 3:
            continue
        if share > best_share and (share >= 0.75 or not best_share):
            best, best_share = number, share
    return best
