"""What the learned network says of the blocks, and what has to hold before it is believed.

The network gives every block a score (:mod:`cleaner.context`). Here it takes away what no rule knows, gives back what rules took for furniture and
the whole document says is the article's own, and the tails of paragraphs go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from cleaner import context, wording
from cleaner.config import Config
from cleaner.evidence import Evidence, Gone, ends_sentence, set_in_quotes
from cleaner.match import plain
from cleaner.model import Match, Span, Verdict
from cleaner.rule import Rule
from cleaner.shape import ADDRESS, shape_of
from cleaner.tails import LIKELY as LIKELY_TAIL
from cleaner.tails import NAMING, last_segment, learned_tails, with_question
from cleaner.titles import MAX_TITLES, TITLE_STEMS, common_stems, headlike

ANCHORS: Final = 1
SURE: Final = 0.95
SURE_OF_ONE: Final = 0.97
"""Where fewer than ``ANCHORS`` blocks are known to go, or are this likely to, the network has to be as sure as this of every other:
in a clean text, short lines are its own, a word alone most of all."""

LIKELY: Final = 0.6
SOUND: Final = 0.9
"""So sure the network has to be of items of lists, rows of tables and what the article quotes; and of what a transcript puts in brackets."""

_BRACKETED: Final = re.compile(r"[\[(\uff08\u3010][^\[\](){}:\n]{2,40}[\])\uff09\u3011]")

_AT_END: Final = re.compile(r"\s{0,8}\Z")
"""What is left of a block behind a tail. (To look at all that stands behind each piece of a block would take quadratic time.)"""

_CODE: Final = re.compile(r"[\s{}()\[\];,]*[{}();][\s{}()\[\];,]*")
"""A line of nothing but signs of code is the end of a piece of code."""

SIGNS: Final = 4
OLD_WORDS: Final = 8
_OLD: Final = re.compile(r"\d{1,2}\S{0,2} [^\W\d_]{3,12}\.? (?:1[0-8]\d\d|19[0-8]\d)\.?$")
"""A day before there was a web is no day of publication."""

MAYBE: Final = 0.3
"""Of copies of a few words each may be cruft if none is less likely to be."""

CERTAIN: Final = 0.8
TITLE: Final = 0.6
"""What looks like the title stays, unless the network is as sure as this that it isn't; the first line of the head that speaks of what the
prose speaks of, unless it is as sure as ``CERTAIN``."""

PARAGRAPH: Final = 0.6
PARAGRAPH_OF_ONE: Final = 0.995
AMONG_ONES: Final = 0.99
MAX_BODY: Final = 60
PROSE: Final = 0.5
SENTENCE: Final = 6
"""So sure the network has to be of a paragraph of prose, of a single sentence as captions are where most others are one, too, and of one of several among
those, and of a sentence of so many words: to lose one costs more than to leave one."""

NEVER: Final = 0.05
NEVER_OUTSPOKEN: Final = 0.001
OUTSPOKEN: Final = frozenset({"app-prompt", "counter", "related"})
PROMPTS: Final = frozenset({"app-prompt", "consent", "donation", "legal", "newsletter", "paywall"})
LABELS: Final = frozenset({"advertising", "byline", "comments", "counter", "interface", "share", "timestamp"})
NEVER_SIGNED: Final = 0.0018
SIGNED: Final = frozenset({"byline", "dateline", "timestamp"})
LABEL_WORDS: Final = 4
SPOKEN_OF: Final = 2
LINES: Final = 4
CLEAN: Final = 0.85
CLEAN_SHORT: Final = 0.5
FEW: Final = 30
ENOUGH: Final = 10
MUCH: Final = 1 / 3
"""A block of which the network says less than ``NEVER`` takes a rule's word back, in texts of enough blocks of which few went, and in shorter ones, of ``SURROUNDED`` at least, if the first went
(as what stands above an article without a title, ``SIGNED``: where it says less than ``NEVER_SIGNED``) or more
than ``MUCH`` of all: a short text of names, times or facts has nothing else that would protect it. Of a call to
install something, a label of links and a count of views it has to say the smaller number: those can stand in the middle of anything. Where it says
less than ``CLEAN`` of every block (``CLEAN_SHORT`` in shorter texts; see :func:`_clean`), nothing goes. Calls to install something,
and labels of a few words, are only taken back where paragraphs speak of them, with so many of their words, or where so many other short lines stand."""

HEADING_WORDS: Final = 3
ADDRESS_WORDS: Final = 1
"""A line of so few words may be a heading if its wording alone is calm, unless it has a number or is a name; or an address."""

QUOTATION_WORDS: Final = 8
QUOTATION: Final = 0.96
"""Of 289 quotations of no more words above a paragraph, none of which the article says again, 269 on 27,000 written pages were the article's. Surer
of one than ``QUOTATION`` the network is believed: without that limit one of 467 dirty pages more came out wrong."""

INTRODUCTION: Final = 8
"""Of so many words is a sentence that introduces a list."""

STAMP_WORDS: Final = 4
SERIES: Final = 3
"""So many lines of so few words that differ in numbers and names alone are a series, which stays whole if most of it stays: better on 9, worse on 3 of 8,410 written pages."""

_VERSION: Final = re.compile(r"[vV]?\d+\.\d+\.\d+(?:[.-]\w+)*")
NUMERALS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")

SURROUNDED: Final = 3
"""In a text of fewer blocks nothing surrounds a line."""

HARDLY_ANY: Final = 0.03
UNSURE: Final = 0.95
PARAGRAPHS: Final = 8
TOO_MANY: Final = 0.6
MANY: Final = 15
A_LOT: Final = 0.2
"""Where rules know no more than ``HARDLY_ANY`` of the blocks, the network isn't believed with a mean confidence below ``UNSURE`` if it would take more than ``TOO_MANY`` of so
many paragraphs, or more than ``A_LOT`` of so many blocks that stay. The first brought words lost in 479 articles of the web from 128 to 31 in 10,000. The second is for lists and
catalogues: it brought the main content of 1,358 web pages from .869 to .873, the damage to 112 whole pages from .017 and .027 to .010 and .023, and left more on them (.109 and
.116 to .137 and .125); at .1 and a confidence of .97 it leaves .153 and .172 and gains .001."""

MOST: Final = 0.5
EVEN: Final = 0.45
"""The network is fitted with articles weighing twice. This and what it has to be sure of above were chosen on 8,410 written pages (``AMONG_ONES`` on 9,448) and 709 articles of the
web, each seen by networks that haven't learned from it."""


def think_again(
    evidence: Evidence, inline: Sequence[tuple[Match, Rule]], users: Collection[str], untold: Callable[[], Evidence]
) -> bool:
    """Take back what rules removed where the network, not told of it, is as good as certain that the block is article.

    A set phrase on a line of its own is furniture, but for the one article in which it is a verse, a specimen or an answer:
    there, all that surrounds it says so.

    Args:
        evidence: of the document, by all rules.
        inline: what rules found inside blocks.
        users: the ids of rules that are a user's own: theirs is the last word.
        untold: returns the evidence that heuristics have without the rules.

    Returns:
        Whether the network finds nothing in the whole document that could be cruft: then what rules know is the article's own.
    """
    removed = [number for number, gone in enumerate(evidence.gone) if gone is not None]
    if len(evidence) < SURROUNDED or len(removed) > FEW or not (removed or inline):
        return False
    enough = len(evidence) >= ENOUGH
    whole = enough or len(removed) > MUCH * len(evidence)
    first = evidence.gone[0]
    if not whole and first is None:
        return False
    never = NEVER_SIGNED if not whole and first is not None and first.category in SIGNED else NEVER
    fresh = untold()
    scores, _ = context.scores(fresh)
    prompts = {n for n in removed if _prompts(evidence, n)}
    short = sum(gone is None and not flag for gone, flag in zip(evidence.gone, evidence.prose, strict=True))
    stems = max((common_stems(evidence, n) for n in prompts if not evidence.prose[n]), default=0)
    spoken_of = short >= LINES or stems >= SPOKEN_OF
    clean = whole and _clean(evidence, fresh, scores, CLEAN if enough else CLEAN_SHORT) and (spoken_of or not prompts)
    run: list[int] = []
    for number in [*removed, len(evidence) + 1]:
        if run and number != run[-1] + 1:
            # What stands in company goes or stays in company.
            outspoken = any((known := evidence.gone[n]) is not None and known.category in OUTSPOKEN for n in run)
            limit = NEVER_OUTSPOKEN if outspoken else never
            if clean or (
                (spoken_of or prompts.isdisjoint(run)) and all(scores[n] < limit and fresh.gone[n] is None for n in run)
            ):
                for n in run:
                    evidence.take_back(n)
            run = []
        gone = evidence.gone[number] if number < len(evidence) else None
        run = [*run, number] if gone is not None and gone.rule not in users else []
    return clean


def _prompts(evidence: Evidence, number: int) -> bool:
    """Whether a block that a rule removed calls to install something, or is a label that can stand in the middle of anything."""
    gone = evidence.gone[number]
    if gone is None:
        return False
    return gone.category in PROMPTS or (gone.category in LABELS and evidence.words[number] <= LABEL_WORDS)


def _clean(evidence: Evidence, fresh: Evidence, scores: Sequence[float], limit: float) -> bool:
    """Whether nothing in a document could be cruft.

    A quotation that stands twice doesn't count, nor does one line that the network isn't sure of and no rule knows.
    """
    if any(gone is not None and gone.category != "repeat" for gone in fresh.gone):
        return False
    loud = [n for n, score in enumerate(scores) if score >= limit and fresh.gone[n] is None]
    return not loud or (len(loud) == 1 and scores[loud[0]] < SURE and evidence.gone[loud[0]] is None)


def in_surroundings(evidence: Evidence, config: Config) -> None:
    """Weigh the wording of every block that is left, and its surroundings, by the learned network."""
    if len(evidence) < SURROUNDED or not any(gone is None for gone in evidence.gone):
        return
    found: dict[int, Gone] = {}
    scores, title = context.scores(evidence)
    scores = _together(evidence, scores)
    gone = evidence.gone
    sure = [SURE if words > 1 else SURE_OF_ONE for words in evidence.words]
    anchors = sum(
        [known is not None or score >= wanted for known, score, wanted in zip(gone, scores, sure, strict=True)]
    )
    body = [n for n, score in enumerate(scores) if evidence.prose[n] and score < MOST]
    single = sum(last_segment(evidence.raw(n)) is None for n in body[:MAX_BODY])
    terse = single > MOST * len(body[:MAX_BODY])
    for number, score in enumerate(scores):
        confidence = _confidence(score)
        if confidence < config.threshold or gone[number] is not None or number in evidence.protected:
            continue
        if number in evidence.noted or (score < sure[number] and anchors < ANCHORS):
            continue
        if evidence.prose[number] and score < PARAGRAPH:
            continue
        if terse and evidence.prose[number]:
            alone = last_segment(evidence.raw(number)) is None
            if score < (PARAGRAPH_OF_ONE if alone else AMONG_ONES):
                continue
        if score < PROSE and evidence.words[number] >= SENTENCE and ends_sentence(evidence.raw(number)):
            continue
        if score < LIKELY and (number in evidence.sheltered or number in evidence.quoted or _tabular(evidence, number)):
            continue
        if evidence.words[number] <= SIGNS and _CODE.fullmatch(evidence.raw(number)):
            continue
        if evidence.words[number] <= OLD_WORDS and _OLD.search(evidence.raw(number)):
            continue
        if score < SOUND and _BRACKETED.fullmatch(evidence.raw(number).strip()):
            continue
        category = wording.category(evidence.written(number))
        rule = f"any.{category}.wording"
        if config.strips(category) and not config.disable & {rule, category}:
            found[number] = Gone(category, rule, confidence)
    if title is not None and scores[title] < TITLE:
        found.pop(title, None)
    if (
        not any(evidence.prose)
        and len(found) > MOST * sum([known is None for known in gone])
        and _unsure([gone.confidence for gone in found.values()])
    ):
        return  # a list, a table, a poem: nothing in it says what the rest would be furniture of
    if _at_a_loss(evidence, found):
        return
    _spare_title(evidence, found)
    _spare_introduced(evidence, found)
    _spare_headings(evidence, found)
    _spare_quotations(evidence, found)
    _spare_addresses(evidence, found)
    _spare_series(evidence, found)
    _spare_numerals(evidence, found)
    for number, verdict in found.items():
        evidence.remove(number, verdict)


def _together(evidence: Evidence, scores: Sequence[float]) -> list[float]:
    """Return the scores, those of a few words that stand more than twice as the mean of them all if each may be cruft.

    A button below each entry of a live blog is the same everywhere, though what stands around it is not; copies that went count 1.
    """
    out = list(scores)
    copies: dict[str, list[int]] = {}
    for number, words in enumerate(evidence.words):
        if words <= LABEL_WORDS:
            copies.setdefault(evidence.lines[number], []).append(number)
    for numbers in copies.values():
        known = [1.0 if evidence.gone[number] else scores[number] for number in numbers]
        if len(known) >= SERIES and min(known) >= MAYBE:
            for number in numbers:
                out[number] = sum(known) / len(known)
    return out


def _at_a_loss(evidence: Evidence, found: dict[int, Gone]) -> bool:
    """Whether the network would take much of a text in which rules know next to nothing, and isn't sure of it: a list of products, a catalogue."""
    known = sum(gone is not None for gone in evidence.gone)
    if known > HARDLY_ANY * len(evidence):
        return False
    rest = len(evidence) - known
    if rest >= MANY and len(found) > A_LOT * rest and _unsure([gone.confidence for gone in found.values()]):
        return True
    prose = [number for number, flag in enumerate(evidence.prose) if flag and evidence.gone[number] is None]
    taken = [found[number].confidence for number in prose if number in found]
    return len(prose) >= PARAGRAPHS and len(taken) > TOO_MANY * len(prose) and _unsure(taken)


def _unsure(confidences: Sequence[float]) -> bool:
    return sum(confidences) < UNSURE * len(confidences)


def _confidence(score: float) -> float:
    """Return the network's score as a confidence, so that ``EVEN`` is the threshold of the standard mode."""
    return round(0.5 * score / EVEN if score < EVEN else 0.5 + 0.5 * (score - EVEN) / (1 - EVEN), 4)


def _tabular(evidence: Evidence, number: int) -> bool:
    """Whether a block is a row of a table or an item of a list: short by nature, and no sign of cruft."""
    return evidence.listed(number) or "\t" in evidence.raw(number).strip()


def _spare_introduced(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave several lines that a sentence with a colon at its end introduces: they are what it speaks of."""
    for number in [n for n in found if n - 1 not in found]:
        before = number - 1
        if number == 0 or evidence.gone[before] is not None or evidence.words[before] < INTRODUCTION:
            continue
        if not evidence.raw(before).rstrip().endswith((":", "\uff1a")):
            continue
        last = number
        while last in found:
            last += 1
        if last - number > 1 and (last == len(evidence) or evidence.gone[last] is None):
            for n in range(number, last):
                del found[n]


def _spare_title(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave the title: some line in front of the first prose has to be it, and the first that speaks of what the prose speaks of is likely to."""
    looked = 0
    for number in range(len(evidence)):
        if evidence.prose[number] and evidence.gone[number] is None and number not in found:
            break
        looked += headlike(evidence, number)
        if looked > MAX_TITLES:
            break
        if headlike(evidence, number) and common_stems(evidence, number) >= TITLE_STEMS:
            if number in found and found[number].confidence < CERTAIN:
                del found[number]
            break
    head: list[int] = []
    for number in range(len(evidence)):
        if evidence.gone[number] is not None:
            continue
        if evidence.prose[number] and number not in found:
            break
        head.append(number)
    else:
        return
    if head and all(number in found for number in head):
        likely = [n for n in head if not evidence.prose[n]] or head
        found.pop(min(likely, key=lambda n: (found[n].confidence, n)))


def _spare_headings(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave a heading of a few words between two paragraphs of which only one block of cruft parts it: a promotion that a page puts below any heading."""
    last = len(evidence) - 2
    for number in list(found):
        if (
            0 < number < last
            and evidence.words[number] <= HEADING_WORDS
            and _paragraph(evidence, found, number - 1)
            and evidence.gone[number + 1] is not None
            and _paragraph(evidence, found, number + 2)
            and wording.says(evidence.written(number))[0] < context.CALM
            and not any(map(str.isdigit, evidence.lines[number]))
            and not shape_of(evidence, number).words.names
        ):
            del found[number]


def _spare_quotations(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave a short quotation above a paragraph: a heading. Longer ones that the article says again are pull quotes, and gone before."""
    for number in list(found):
        if (
            0 < number < len(evidence) - 1
            and evidence.words[number] <= QUOTATION_WORDS
            and found[number].confidence < QUOTATION
            and _paragraph(evidence, found, number + 1)
            and set_in_quotes(evidence.raw(number).strip())
        ):
            del found[number]


def _spare_addresses(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave an address on a line of its own between two paragraphs, one of which says what it is for, and a sentence that goes on below it."""
    for number in sorted(found, reverse=True):
        if not 0 < number < len(evidence) - 1:
            continue
        if _address(evidence, number):
            spared = _paragraph(evidence, found, number + 1) and (
                _paragraph(evidence, found, number - 1) or evidence.raw(number + 1)[:1].islower()
            )
        else:
            spared = (
                _address(evidence, number + 1)
                and evidence.staying(number + 1)
                and number + 1 not in found
                and not ends_sentence(evidence.raw(number))
            )
        if spared:
            del found[number]


def _address(evidence: Evidence, number: int) -> bool:
    return evidence.words[number] <= ADDRESS_WORDS and ADDRESS.search(evidence.raw(number)) is not None


def _paragraph(evidence: Evidence, found: dict[int, Gone], number: int) -> bool:
    return evidence.prose[number] and evidence.staying(number) and number not in found


def _spare_series(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave the versions that head the log of a release, and the dates and times of which most of their like stay: a chronicle."""
    series: dict[str, list[int]] = {}
    versions: dict[str, int] = {}
    for number, gone in enumerate(evidence.gone):
        if gone is None and evidence.words[number] <= STAMP_WORDS:
            line = evidence.raw(number).strip()
            if any(map(str.isdigit, line)):
                series.setdefault(_LETTERS.sub("a", _DIGITS.sub("0", line)), []).append(number)
            if _VERSION.fullmatch(line):
                versions[line] = number
    if len(versions) > 1:
        for number in versions.values():
            found.pop(number, None)
    for numbers in series.values():
        if len(numbers) >= SERIES and sum(number in found for number in numbers) < MOST * len(numbers):
            for number in numbers:
                found.pop(number, None)


def _spare_numerals(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave the numerals that head the sections of an article, from I on in their order; a lone X is none."""
    sections: list[int] = []
    for number in range(len(evidence)):
        if len(sections) == len(NUMERALS):
            break
        line = evidence.raw(number).strip() if evidence.words[number] == 1 else ""
        if line.rstrip(".") == NUMERALS[len(sections)] and evidence.staying(number):
            sections.append(number)
    if len(sections) > 1:
        for number in sections:
            found.pop(number, None)


def tail_verdicts(evidence: Evidence, verdicts: Sequence[Verdict], config: Config) -> list[Verdict]:
    """Return the tails of paragraphs that no rule knows, as verdicts; a paragraph that loses a piece already waits for the next pass."""
    out = []
    inside = {verdict.block for verdict in verdicts}
    for number, at, likely in learned_tails(evidence, anchored=bool(verdicts)):
        block = evidence.document.blocks[number]
        category = wording.category(plain(evidence.views.folded[block.start + at : block.end]))
        rule = f"any.{category}.tail"
        confidence = _tail_confidence(likely)
        if number in inside or confidence < config.threshold:
            continue
        if config.strips(category) and not config.disable & {rule, category}:
            out.append(Verdict(number, Span(block.start + at, block.end), category, rule, confidence))
    return out


def with_questions(evidence: Evidence, verdicts: Sequence[Verdict], users: Collection[str]) -> list[Verdict]:
    """Return verdicts of which those that take the end of a block take the question in front of it, too, if it was asked for the tail's sake.

    Those of users' rules, whose ids are ``users``, take what they say and no more.
    """
    out = []
    blocks, folded = evidence.document.blocks, evidence.views.folded
    for verdict in verdicts:
        span, block = verdict.span, blocks[verdict.block]
        learned = verdict.rule == f"any.{verdict.category}.tail"
        if (
            span is not None
            and (learned or verdict.category not in NAMING)
            and verdict.rule not in users
            and _AT_END.match(folded, span.end, block.end)
        ):
            start = block.start + with_question(folded[block.start : block.end], span.start - block.start)
            out.append(verdict._replace(span=Span(start, span.end)) if start < span.start else verdict)
        else:
            out.append(verdict)
    return out


def _tail_confidence(likely: float) -> float:
    """Return a probability of the network's as a confidence: what it is likely to find is at the threshold of the standard mode."""
    return round(max(0.5, 0.5 + 0.5 * (likely - LIKELY_TAIL) / (1 - LIKELY_TAIL)), 4)
