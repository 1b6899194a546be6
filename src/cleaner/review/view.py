"""Results as the data of a page: small, in the order of the text, and without a second copy of anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from cleaner import compare
from cleaner.model import CATEGORIES, Removal, Result

FORMAT: Final = 1
HUES: Final = 32
"""Degrees from a category's colour to the next one's: chosen so that categories that stand together in pages look apart."""


class Reviewed(NamedTuple):
    """A document of a page.

    Attributes:
        name: what it is called.
        result: what a cleaner gave, or the newer one of two.
        before: what the older one gave, where two are compared.
    """

    name: str
    result: Result
    before: Result | None = None


class About(NamedTuple):
    """What is said of a rule.

    Attributes:
        why: the reason, as written.
        context: whether it asks for surroundings.
        path: the name of the file it is written in, if it is.
    """

    why: str
    context: bool = False
    path: str = ""


def view_of(
    documents: Iterable[Reviewed], *, title: str, about: Callable[[str], About] | None = None
) -> dict[str, Any]:
    """Return what a page shows of documents.

    A document is a list of pieces that make up its text: a string stays, a list ``[text, rule, confidence]`` went, where
    ``rule`` is a number in ``rules``; a fourth item says that it is ``new`` or ``old``, where two results are compared.
    Pieces instead of offsets, since a browser counts characters in another way.

    Args:
        documents: what to show, in order.
        title: the heading.
        about: says why a rule is there; by default what the shipped rules say.
    """
    about = shipped_about if about is None else about
    numbers: dict[tuple[str, str], int] = {}
    shown = []
    compared = False
    for name, result, before in documents:
        compared = compared or before is not None
        pieces = _pieces(result, numbers) if before is None else _both(result, before, numbers)
        shown.append({"name": name, "language": _language(result.removed), "pieces": pieces})
    rules = []
    for identity, category in numbers:
        known = about(identity)
        why = known.why or CATEGORIES.get(category, "")
        rules.append({"id": identity, "category": category, "why": why, "context": known.context, "path": known.path})
    categories = {
        name: {"what": CATEGORIES.get(name, ""), "hue": hue(name)} for name in sorted({name for _, name in numbers})
    }
    return {
        "format": FORMAT,
        "title": title,
        "compared": compared,
        "categories": categories,
        "rules": rules,
        "documents": shown,
    }


def hue(category: str) -> int:
    """Return a category's place on the wheel of colours, which is always the same."""
    number = list(CATEGORIES).index(category) if category in CATEGORIES else len(CATEGORIES)
    return number * HUES % 360


def _pieces(result: Result, numbers: dict[tuple[str, str], int]) -> list[Any]:
    text = result.document.text
    out: list[Any] = []
    at = 0
    for removal in result.removed:
        if removal.start > at:
            out.append(text[at : removal.start])
        out.append([removal.text, _number(removal, numbers), round(removal.confidence, 2)])
        at = removal.end
    if at < len(text):
        out.append(text[at:])
    return out


def _number(removal: Removal, numbers: dict[tuple[str, str], int]) -> int:
    return numbers.setdefault((removal.rule, removal.category), len(numbers))


def _both(result: Result, before: Result, numbers: dict[tuple[str, str], int]) -> list[Any]:
    """Return the pieces of two results over one text, cut wherever one of them is."""
    text = result.document.text
    out: list[Any] = []
    at = 0
    for start, end, removal, change in compare.pieces(result, before):
        if start > at:
            out.append(text[at:start])
        out.append([text[start:end], _number(removal, numbers), round(removal.confidence, 2), *filter(None, [change])])
        at = end
    if at < len(text):
        out.append(text[at:])
    return out


def _language(removed: Iterable[Removal]) -> str:
    """Return the language whose rules took most, as the likeliest one of the document."""
    from cleaner.shipped import FOLDER  # noqa: PLC0415

    counts = Counter(removal.rule.partition(".")[0] for removal in removed)
    known = [(count, code) for code, count in counts.items() if code != "any" and (FOLDER / code).is_dir()]
    return max(known)[1] if known else "en"


def shipped_about(identity: str) -> About:
    """Say why a shipped rule is there; of one that isn't shipped, nothing."""
    from cleaner.cli.reasons import find  # noqa: PLC0415  # reading rule files is no part of cleaning

    known = find(identity)
    if known is None:
        return About("")
    path = "" if known.path is None else f"rules/{known.path.parent.name}/{known.path.name}"
    return About(known.why, _asks_for_context().get(identity, False), path)


def about_of(files: Sequence[str]) -> Callable[[str], About]:
    """Return what says why a rule is there, for the shipped rules and for a user's files.

    Raises:
        RuleError: a file that can't be used.
    """
    from cleaner.rule import read_rules  # noqa: PLC0415

    own = {
        entry.rule.id: About(entry.why, entry.rule.needs_context, str(path))
        for path in files
        for entry in read_rules(path).entries
    }
    return lambda identity: own.get(identity) or shipped_about(identity)


@cache
def _asks_for_context() -> dict[str, bool]:
    from cleaner.shipped import shipped_rules  # noqa: PLC0415

    return {rule.id: rule.needs_context for rule in shipped_rules()[0]}
