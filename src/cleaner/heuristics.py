"""Heuristics: what no pattern over one block can say. ``ALL`` lists them, in the order in which they are asked.

A heuristic carries a rule for its id, category, confidence and context; a named function, in the module of its subject,
supplies the blocks that the rule is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from cleaner import boxes, captions, contents, ending, live_blogs, markdown, pull_quotes, rights, titles
from cleaner.evidence import Evidence
from cleaner.rule import Rule


class Heuristic(NamedTuple):
    """A rule whose blocks a function finds, and why it is right."""

    rule: Rule
    why: str
    find: Callable[[Evidence], Iterable[int]]


def _rule(identity: str, confidence: float = 0.7) -> Rule:
    return Rule(identity, identity.split(".")[1], "", confidence=confidence)


HEURISTICS: Final = (
    Heuristic(_rule("any.caption.markdown-image", 0.9), "An image and its alternative text are no text of the article.", markdown.images),
    Heuristic(_rule("any.navigation.anchors", 0.9), "A list of links to places on the same page repeats its headings.", markdown.anchors),
    Heuristic(_rule("any.navigation.contents", 0.8), "Lines in a row that stand again below, each over a part of its own, are a list of contents.", contents.contents),
    Heuristic(_rule("any.repeat.title"), "A page prints its headline again in its title bar, crumbs and image.", titles.repeated_title),
    Heuristic(_rule("any.caption.above-credit"), "The line right above a photo credit is the photo's caption.", captions.caption_above_credit),
    Heuristic(_rule("any.caption.photo-title"), "A gallery heads a photo with a variant of the headline.", captions.photo_title),
    Heuristic(_rule("any.navigation.kicker"), "A word or two in capitals above the headline name its section.", titles.kicker),
    Heuristic(_rule("any.timestamp.live", 0.8), "Times that run backwards down the page head the entries of a live blog.", live_blogs.live_stamps),
    Heuristic(_rule("any.byline.between", 0.6), "A short line between the byline and the date belongs to them.", titles.in_head),
    Heuristic(_rule("any.repeat.pull-quote"), "A pull quote repeats words of the body; the sentence in the body stays.", pull_quotes.pull_quote),
)  # fmt: skip
"""The heuristics that are asked before the context is weighed, in this order."""

NOTE: Final = Heuristic(
    _rule("any.legal.rights-note", 0.9),
    "Who owns a text stands behind its last sentence; the paragraph stays.",
    rights.rights_notes,
)
"""The heuristic that finds pieces of blocks, before all others."""

BOX: Final = Heuristic(
    _rule("any.interface.box", 0.6),
    "A line inside a box of which the other lines are known belongs to the box.",
    boxes.box,
)
"""The heuristic that is asked when the context has been weighed."""

BIOGRAPHY: Final = Heuristic(
    _rule("any.biography.signed"),
    "A line at the end that begins with the name from the byline says who the author is.",
    ending.signed_biographies,
)
"""The heuristic that is asked last: when it is known what rules take for the byline, and once more when it is known what the network does."""

ALL: Final = (NOTE, *HEURISTICS, BOX, BIOGRAPHY)
