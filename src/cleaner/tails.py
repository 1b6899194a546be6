"""Tails that no rule knows: the last sentence of a paragraph, when it speaks to the reader and the paragraph doesn't.

"(More ferry stories here.)", "Read: How the harbour froze". The line model says how the last segment sounds by itself, a handful of
features how it hangs on, and a logistic regression weighs them. ``benchmarks/judge/train.py`` fits it, on paragraphs of
articles with and without a tail.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from cleaner import wording
from cleaner.evidence import Evidence, count_words, ends_sentence
from cleaner.match import plain

MODEL: Final = Path(__file__).parent / "data" / "tails.json"
WORDS: Final = 8
"""Shorter blocks have no tail: they are one."""

REST_WORDS: Final = 5
"""So many words have to be left: "Ask the editor. Copyright for small magazines" is a title."""

WINDOW: Final = 400
MAX_WORDS: Final = 40
LIKELY: Final = 0.7
SURE: Final = 0.95
"""So sure the regression has to be in a text of which nothing else goes."""

FEW_WORDS: Final = 2
FEW_LIKELY: Final = 0.9
"""A word or two in brackets may be the author's, or an agency's letters."""

_NEXT: Final = re.compile(
    r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]{0,2}\s+(?=\S)|[\u3002\uff01\uff1f\u0964\u06d4\u061f][\"\u201d\u300d\u300f\uff09)\u300b\u3011]{0,2}\s?(?=\S)"
)
_CLOSING: Final = {")": "(", "]": "[", "\uff09": "\uff08", "\u3011": "\u3010", "\uff3d": "\uff3b"}
_OPENING: Final = "([{\uff08\u3010\uff3b\u3014<"
_BRACKETS: Final = "([{\uff08\u3010\uff3b )]}\uff09\u3011\uff3d."
_QUOTES: Final = "\"'\u201c\u201d\u201e\u00ab\u300c\u300e\u00bf\u00a1"
_LABEL: Final = re.compile(r"[^\s:\uff1a][^:\uff1a]{0,40}[:\uff1a]")
_ADDRESS: Final = re.compile(r"@|https?:|www\.|\.(?:com|org|net)\b")
_REFERENCE: Final = re.compile(r"doi\b|\b\d{4}[a-z]?\)|retrieved|isbn|https?:", re.IGNORECASE)


def last_segment(text: str) -> int | None:
    """Return where the last sentence of a text, or the bracket that closes it, begins; ``None`` if it is all there is."""
    text = text.rstrip()
    close = text[-1:] if text[-1:] in _CLOSING else text[-2:-1] if text[-1:] in (".", "\u3002") else ""
    if close in _CLOSING and close:
        at = text.rfind(_CLOSING[close])
        if at > 0 and ends_sentence(text[:at]):
            return at
    start = max(0, len(text) - WINDOW)
    last = None
    for found in _NEXT.finditer(text, start):
        last = found.end()
    return last


def features(text: str, at: int) -> list[float]:
    """Return what the regression knows of a paragraph, folded, that may end with a tail from ``at`` on."""
    tail, rest = text[at:].strip(), text[:at]
    inner = tail.strip(_BRACKETS) or tail
    said = wording.log_odds(plain(tail))
    if inner != tail:
        said = max(said, wording.log_odds(plain(inner)))
    bracket = tail[0] in _OPENING
    label = _LABEL.match(inner) is not None
    words = count_words(tail)
    first = tail.split(maxsplit=1)[0]
    return [
        said,
        wording.log_odds(plain(text[:WINDOW])),
        float(bracket),
        float(label),
        float(not ends_sentence(tail)),
        float(not tail[0].isalnum() and not bracket and tail[0] not in _QUOTES),
        float(_ADDRESS.search(tail) is not None),
        float(first.isupper() and len(first) > 2),
        min(words, 30) / 10,
        min(count_words(rest), 60) / 20,
        said * bracket,
        said * label,
        float(words <= 3),
        said * (words > 12),
    ]


@cache
def model() -> tuple[float, tuple[float, ...]]:
    """Return the bias and the weights of the regression."""
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    return data["bias"], tuple(data["weights"])


def probability(text: str, at: int) -> float:
    """Return how likely the last segment of a paragraph, folded, is a tail."""
    bias, weights = model()
    total = bias + sum([weight * value for weight, value in zip(weights, features(text, at), strict=True)])
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 4)


def learned_tails(evidence: Evidence, *, anchored: bool) -> Iterator[tuple[int, int, float]]:
    """Find the tails of the paragraphs that stay.

    Args:
        evidence: of the document.
        anchored: whether something of the document is known to go.

    Yields:
        The block, where in it the tail begins, and how likely it is one.
    """
    wanted = LIKELY if anchored else SURE
    # Two sentences in front of the first paragraph are a title or a standfirst.
    first = next((n for n, flag in enumerate(evidence.prose) if flag and evidence.gone[n] is None), 0)
    for number in range(first, len(evidence)):
        if evidence.words[number] < WORDS or evidence.gone[number] is not None:
            continue
        if number in evidence.protected or number in evidence.quoted or evidence.about_furniture:
            continue
        block = evidence.document.blocks[number]
        text = evidence.views.folded[block.start : block.end]
        at = last_segment(text)
        if at is None or text[-1:] in ":\uff1a" or count_words(text[:at]) < REST_WORDS:
            continue
        tail = text[at:]
        # Behind a dash stands who said it.
        if count_words(tail) > MAX_WORDS or tail.startswith("-") or _REFERENCE.search(tail):
            continue
        likely = probability(text, at)
        if likely >= (wanted if count_words(tail) > FEW_WORDS else max(wanted, FEW_LIKELY)):
            yield number, at, likely
