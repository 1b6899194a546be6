"""Tails that no rule knows: the last sentence of a paragraph, when it speaks to the reader and the paragraph doesn't.

"(More ferry stories here.)", "Read: How the harbour froze". The line model says how the last segment of every paragraph sounds, a handful
of features how it hangs on, and a network of the kind that weighs blocks sees them in their sequence: in some articles every
paragraph ends with a word to the reader. ``benchmarks/judge/train.py`` fits it, on whole documents with and without tails.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from cleaner import wording
from cleaner.evidence import PROSE_WORDS, Evidence, count_words, ends_sentence
from cleaner.match import plain
from cleaner.shape import ADDRESS, NEXT_SENTENCE, QUOTATION_MARK

if TYPE_CHECKING:
    from cleaner.network import Network

MODEL: Final = Path(__file__).parent / "data" / "tails.bin"
WORDS: Final = 8
"""Shorter blocks have no tail: they are one."""

STEM: Final = 5
REST_WORDS: Final = 5
"""So many words have to be left: "Ask the editor. Copyright for small magazines" is a title."""

WINDOW: Final = 400
TOGETHER: Final = 100
"""Of so many paragraphs the models of lines are asked at once."""

MAX_WORDS: Final = 40
LIKELY: Final = 0.99
SURE: Final = 0.993
"""So sure the network has to be of a tail, and so sure in a text of which nothing else goes. On written pages of a fold that it hadn't learned from a
network says .99 of 1,899 of 2,158 tails and of 107 other last sentences, .97 of 1,945 and 153, .993 of 1,873 and 97: to lose one costs more."""

ALONE: Final = 0.998
FEW_BLOCKS: Final = 3
"""And so sure in a text of fewer blocks."""

IN_FRONT: Final = 0.993
DASHED: Final = 7
"""And so sure in front of the first paragraph of prose, and of so many words at least behind a dash."""

QUESTION: Final = 8
NAMING: Final = frozenset(
    {
        "byline",
        "caption",
        "counter",
        "credit",
        "dateline",
        "embed",
        "legal",
        "repeat",
        "source-credit",
        "tags",
        "timestamp",
    }
)
"""A question of so many words in front of a tail belongs to it, as 239 of 241 did on 27,000 written pages, unless a rule knows the tail as one of those."""

_CLOSING: Final = {")": "(", "]": "[", "\uff09": "\uff08", "\u3011": "\u3010", "\uff3d": "\uff3b"}
_OPENING: Final = "([{\uff08\u3010\uff3b\u3014<"
_BRACKETS: Final = "([{\uff08\u3010\uff3b )]}\uff09\u3011\uff3d."
_QUOTES: Final = "\"'\u201c\u201d\u201e\u00ab\u300c\u300e\u00bf\u00a1"
_PAIRS: Final = (
    ("\u201c", "\u201d"),
    ("\u00ab", "\u00bb"),
    ("\u201e", "\u201c"),
    ("\u300c", "\u300d"),
    ("\u300e", "\u300f"),
)
_ASKS: Final = frozenset("?\uff1f\u061f")
_SAYING: Final = frozenset("\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u201e\u300c\u300d")
_LABEL: Final = re.compile(r"[^\s:\uff1a][^:\uff1a]{0,40}[:\uff1a]")
_SHORT_WORD: Final = re.compile(r"(\S?)\s*(?<!\w)([^\W\d_]{1,4})$")
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_LINK: Final = re.compile(r"\]\([^()\s]{1,400}\)")
"""Where a link in Markdown leads to."""

_REFERENCE: Final = re.compile(r"doi\b|\b\d{4}[a-z]?\)|retrieved|isbn", re.IGNORECASE)


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
    for found in NEXT_SENTENCE.finditer(text, start):
        if not _abbreviation(text, found):
            last = found.end()
    return last


def _abbreviation(text: str, found: re.Match[str]) -> bool:
    """Whether a full stop that a word follows shortens the one before it: "p. 31", "No. 5", "Photo: V. Lindgren"."""
    if text[found.start()] != ".":
        return False
    word = _SHORT_WORD.search(text, max(0, found.start() - 24), found.start())
    if word is None:
        return False
    if text[found.end()].isdigit():
        return True
    before, letters = word[1], word[2]
    return (
        len(letters) == 1
        and not before.isdigit()
        and (letters.islower() or (letters.isupper() and not before.islower()))
    )


class Candidate(NamedTuple):
    """A paragraph that may end with a tail.

    Attributes:
        number: of the block.
        text: of the block, folded.
        at: where in it the last segment begins.
        before: whether the block before it went.
        after: whether the block after it went.
    """

    number: int
    text: str
    at: int
    before: bool
    after: bool


def candidates(texts: Sequence[str], words: Sequence[int], gone: Sequence[bool]) -> list[Candidate]:
    """Return the paragraphs that may end with a tail.

    Args:
        texts: of all blocks of a document, folded.
        words: how many each has.
        gone: whether it went.
    """
    out = []
    for number, text in enumerate(texts):
        if words[number] < WORDS or gone[number]:
            continue
        at = last_segment(text)
        if at is not None and text[:at].strip():
            after = number + 1 < len(gone) and gone[number + 1]
            out.append(Candidate(number, text, at, number > 0 and gone[number - 1], after))
    return out


FEATURES: Final = (
    "wording", *wording.LANES, "wording_rest", *(f"{lane}_rest" for lane in wording.LANES), "bracket", "label", "open", "sign", "address",
    "upper", "words", "words_rest", "few", "wording_bracket", "wording_label", "wording_long", "wording_plus", "unsure_label",
    "question", "rest_ends", "lower", "bare", "digit", "quote", "in_others", "in_rest", "last", "gone", "before", "after",
    "wording_previous", "question_previous", "words_previous", "only",
    *(f"{lane}_phrasing" for lane in wording.PHRASED), "phrasing_previous",
    *(f"{lane}_meaning" for lane in wording.MEANT), "meaning_previous",
)  # fmt: skip
"""What is known of a last segment, in the order in which :func:`features` gives it; "rest" is the paragraph without it,
"previous" the sentence in front of it: "Want closings by email? Here's the list to join." """


class _Pieces(NamedTuple):
    """A paragraph taken apart.

    Attributes:
        tail: its last segment.
        inner: that without brackets around it.
        rest: what stands before it.
        previous: the last sentence of the rest.
        start: where in the rest that begins, ``None`` if it is the whole.
        lines: as the models of lines read them, the tail, its inner part, the end of the rest and of the previous sentence.
    """

    tail: str
    inner: str
    rest: str
    previous: str
    start: int | None
    lines: tuple[str, str, str, str]


def _pieces(one: Candidate) -> _Pieces:
    tail, rest = one.text[one.at :].strip(), one.text[: one.at]
    inner = tail.strip(_BRACKETS) or tail
    start = last_segment(rest)
    previous = rest[start or 0 :].strip()
    lines = (plain(tail[:WINDOW]), plain(inner[:WINDOW]), plain(rest[-WINDOW:]), plain(previous[-WINDOW:]))
    return _Pieces(tail, inner, rest, previous, start, lines)


def features(found: Sequence[Candidate], gone: int) -> Iterator[list[float]]:
    """Yield what the network knows of the last segments of a document, of which so many blocks went."""
    from cleaner import meaning, phrasing  # noqa: PLC0415  # loads numpy
    from cleaner.wording_rows import remember  # noqa: PLC0415  # the same

    stems = [(_stems(one.text[one.at :]), _stems(one.text[: one.at])) for one in found]
    count: dict[str, int] = {}
    for of_tail, of_rest in stems:
        for stem in of_tail | of_rest:
            count[stem] = count.get(stem, 0) + 1
    for number, (one, (of_tail, of_rest)) in enumerate(zip(found, stems, strict=True)):
        if number % TOGETHER == 0:
            pieces = [_pieces(other) for other in found[number : number + TOGETHER]]
            remember(line for piece in pieces for line in piece.lines)
            phrased = phrasing.says([piece.lines[0] for piece in pieces]).tolist()
            phrased_previous = phrasing.says([piece.lines[3] for piece in pieces])[:, 0].tolist()
            meant = meaning.says([piece.lines[0] for piece in pieces]).tolist()
            meant_previous = meaning.says([piece.lines[3] for piece in pieces])[:, 0].tolist()
        tail, inner, rest, previous, start, lines = pieces[number % TOGETHER]
        of_whole, of_inner, of_end, of_previous = map(wording.says, lines)
        said = of_whole if inner == tail else [max(pair) for pair in zip(of_whole, of_inner, strict=True)]
        bracket = tail[0] in _OPENING
        label = _LABEL.match(inner) is not None
        words = count_words(tail)
        first = tail.split(maxsplit=1)[0]
        cruft = said[0]
        yield [
            *said,
            *of_end,
            float(bracket),
            float(label),
            float(not ends_sentence(tail)),
            float(not tail[0].isalnum() and not bracket and tail[0] not in _QUOTES),
            float(ADDRESS.search(tail) is not None),
            float(first.isupper() and len(first) > 2),
            min(words, 30) / 10,
            min(count_words(rest), 60) / 20,
            float(words <= 3),
            cruft * bracket,
            cruft * label,
            cruft * (words > 12),
            max(0.0, cruft),
            min(0.0, cruft) * label,
            float("?" in tail[-2:]),
            float(ends_sentence(rest.strip())),
            float(inner[0].islower()),
            float(inner[-1].isalnum()),
            float(_DIGIT.search(inner) is not None),
            float(QUOTATION_MARK.search(inner) is not None),
            sum([count[stem] > 1 for stem in of_tail]) / max(1, len(of_tail)),
            len(of_tail & of_rest) / max(1, len(of_tail)),
            float(number == len(found) - 1),
            math.log1p(gone),
            float(one.before),
            float(one.after),
            of_previous[0],
            float(previous[-1:] in _ASKS),
            min(count_words(previous), 30) / 10,
            float(start is None),
            *phrased[number % TOGETHER],
            phrased_previous[number % TOGETHER],
            *meant[number % TOGETHER],
            meant_previous[number % TOGETHER],
        ]  # fmt: skip


def with_question(text: str, at: int) -> int:
    """Return where a tail begins if the short question in front of it is a part of it, as of "New to kayaks? Here's our guide.".

    Args:
        text: of the block, folded.
        at: where the tail begins without.
    """
    rest = text[:at].rstrip()
    if rest[-1:] not in _ASKS:
        return at
    start = last_segment(rest)
    if start is None or count_words(rest[start:]) > QUESTION or count_words(rest[:start]) < REST_WORDS:
        return at
    return at if QUOTATION_MARK.search(rest, start) or spoken(rest, start) else start


def with_bracket(text: str, at: int, end: int) -> int | None:
    """Return where a tail begins that a bracket encloses together with the question in front of it, as "(New here? Read this first.)" does.

    Args:
        text: of the block, folded.
        at: where the tail begins without.
        end: where it ends.

    Returns:
        ``None`` if the bracket is a part of the sentence in front of it, or goes on behind the tail.
    """
    bracket = max(text.rfind(opening, 0, at) for opening in _CLOSING.values())
    if bracket < 0 or any(closing in text[bracket:at] for closing in _CLOSING):
        return at
    if not any(closing in text[at:] for closing in _CLOSING):
        return at
    closed = text[:end].rstrip().rstrip(".\u3002")[-1:] in _CLOSING
    return bracket if closed and ends_sentence(text[:bracket]) else None


def spoken(text: str, at: int) -> bool:
    """Whether a last segment belongs to what somebody says: it goes on with a quotation that was opened before, or is one."""
    before, tail = text[:at], text[at:].strip()
    for opening, closing in _PAIRS:
        if before.count(opening) > before.count(closing) and closing in tail:
            return True
    if before.count('"') % 2 and '"' in tail:
        return True
    return tail[0] in _SAYING and tail[-1] in _SAYING and not _LABEL.match(tail)


def _paragraph(rest: str) -> bool:
    """Whether what a tail leaves of a block is a paragraph of prose, which the block itself isn't if its tail ends without a stop."""
    rest = rest.rstrip()
    return ends_sentence(rest) and count_words(rest) >= PROSE_WORDS


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in _WORD.findall(text.lower())}


@cache
def shipped() -> Network:
    """Read the shipped weights, once."""
    from cleaner.network import read  # noqa: PLC0415  # loads numpy, for which texts without paragraphs have no use

    return read(MODEL.read_bytes())


def probabilities(found: Sequence[Candidate], gone: int) -> list[float]:
    """Return how likely each last segment is a tail."""
    from cleaner.network import blank, fill, log_odds  # noqa: PLC0415

    scores = log_odds(fill(blank(len(found), len(FEATURES)), features(found, gone)), shipped())
    return [round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4) for score in scores]


def learned_tails(evidence: Evidence, *, anchored: bool) -> Iterator[tuple[int, int, float]]:
    """Find the tails of the paragraphs that stay.

    Args:
        evidence: of the document.
        anchored: whether something of the document is known to go.

    Yields:
        The block, where in it the tail begins, and how likely it is one.
    """
    wanted = ALONE if len(evidence) < FEW_BLOCKS else LIKELY if anchored else SURE
    blocks, folded = evidence.document.blocks, evidence.views.folded
    gone = [known is not None for known in evidence.gone]
    found = candidates([folded[block.start : block.end] for block in blocks], evidence.words, gone)
    if evidence.about_furniture or not found:
        return
    # Two sentences in front of the first paragraph are a title or a standfirst.
    first = next((n for n, flag in enumerate(evidence.prose) if flag and not gone[n]), 0)
    first = min(first, next((one.number for one in found if _paragraph(one.text[: one.at])), first))
    for (number, text, at, _, _), likely in zip(found, probabilities(found, sum(gone)), strict=True):
        if (number < first and likely < IN_FRONT) or number in evidence.protected or number in evidence.quoted:
            continue
        tail = text[at:]
        words = count_words(tail)
        if likely < wanted or spoken(text, at):
            continue
        # Behind a dash stands who said it, in a few words.
        if (
            words > MAX_WORDS
            or (tail.startswith("-") and (words < DASHED or likely < IN_FRONT))
            or _REFERENCE.search(_LINK.sub("[", tail))
        ):
            continue
        if text[-1:] not in ":\uff1a" and count_words(text[:at]) >= REST_WORDS:
            yield number, at, likely
