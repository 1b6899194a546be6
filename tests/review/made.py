"""Documents for pages, made without cleaning, so that a thousand of them cost nothing."""

from __future__ import annotations

import random

from cleaner.model import Document, Removal, Result, Span
from cleaner.review import Reviewed

PROSE = (
    "The ferry sailed at dawn with forty cars on its deck, and nobody on the quay waved to it.",
    "A second boat is being built in the yard, and it will carry sixty cars when it is done.",
    "The harbour master counted the passengers twice, and came to the same number both times.",
    "Islanders had waited nine months for the boat, and some of them had bought a boat of their own.",
)
CRUFT = (
    ("Share this article", "share", "en.share.this"),
    ("Advertisement", "advertising", "en.advertising.label"),
    ("By Ana Prieto", "byline", "en.byline.by-name"),
    ("Posted Mar 5, 2025", "timestamp", "en.timestamp.labelled"),
    ("READ MORE: What the new ramp cost", "related", "en.related.label-link"),
    ("Facebook", "share", "en.share.network"),
)


def result(*parts: str | tuple[str, str, str]) -> Result:
    """Return the result in which strings stay and triples of text, category and rule go."""
    text = "".join(part if isinstance(part, str) else part[0] for part in parts)
    kept, removed = [], []
    at = 0
    for part in parts:
        if isinstance(part, str):
            kept.append(Span(at, at + len(part)))
            at += len(part)
        else:
            removed.append(Removal(at, at + len(part[0]), *part, 0.9))
            at += len(part[0])
    return Result(Document(text, ()), tuple(kept), tuple(removed))


def documents(count: int, paragraphs: int = 20) -> list[Reviewed]:
    chance = random.Random(7)
    made = []
    for number in range(count):
        parts: list[str | tuple[str, str, str]] = [f"Story {number}\n\n"]
        for _ in range(paragraphs):
            parts.append(f"{' '.join(chance.choices(PROSE, k=3))}\n\n")
            if chance.random() < 0.4:
                text, category, rule = chance.choice(CRUFT)
                parts.append((f"{text}\n\n", category, rule))
        made.append(Reviewed(f"stories/{number:04}.txt", result(*parts)))
    return made
