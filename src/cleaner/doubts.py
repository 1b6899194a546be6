"""Reasons not to believe a rule that matched: what makes its line part of the article after all.

None of them knows a language. A line that the article itself quotes is a specimen; a label that keeps coming back between
paragraphs is how an interview or a diary is built; a set phrase at the beginning of several sentences is a paragraph; and a
text without any paragraph, such as a poem or a table, has furniture only around it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

import ahocorasick_rs

from cleaner.evidence import Evidence, set_in_quotes
from cleaner.match import matches_whole
from cleaner.rule import Rule
from cleaner.template import bare

STRUCTURAL: Final = frozenset({"byline", "timestamp", "dateline"})
"""Categories whose lines also build articles: speakers, dates, places."""

COMES_BACK: Final = 3
DIFFERENT: Final = {"timestamp": 3, "dateline": 3, "byline": 2}
"""So many different lines build an article: a diary's days differ, and somebody answers; one date again and again is furniture."""

MAX_LABELS: Final = 2
MAX_LABEL: Final = 30
SPECIMENS: Final = 4
MAX_SPECIMENS: Final = 60
TEXT_WORDS: Final = 5
_MARKS: Final = "\u25b2\u25b3\u25bc\u25bd"
SHORT: Final = frozenset(
    {
        "related",
        "byline",
        "timestamp",
        "share",
        "tags",
        "counter",
        "interface",
        "navigation",
        "dateline",
        "embed",
        "credit",
    }
)
"""Categories whose lines are labels, buttons and headlines, never several sentences."""

NAME_WORDS: Final = 6
MUCH_TEXT: Final = 100_000
"""In so many characters of a text the words of its title come back, if they ever do."""

_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,}")

STRANGERS: Final = 2
FACTS: Final = SHORT | {"caption", "source-credit"}
"""Categories whose lines with a label also stand in fact boxes, if at least so many others beside them are unknown, and as many as are known."""
_LABELLED: Final = re.compile(r"(?!https?:)[^\W\d_][^:\n]{1,29}:(?=\s*\S)")

ECHO: Final = 5
ECHO_WIDE: Final = 4
MAX_ECHO: Final = 60
ECHOES: Final = 2
"""An article that quotes so many different lines of furniture is about furniture."""

SAYING: Final = frozenset({"biography", "byline", "caption", "comments", "related", "repeat"})
SAID_WORDS: Final = 2
"""Lines of other categories of so many words are specimens where they stand between quotation marks: of 16 such lines that rules took on 12,000 written pages 11 were the article's."""

OPENING_WORDS: Final = 4
"""So many words a paragraph begins with between quotation marks; fewer may be the name of an application."""

_OPENING_QUOTE: Final = re.compile(
    '["\u201c\u201e\u00ab\u00bb] ?([^"\u201c\u201d\u201e\u00ab\u00bb]{8,200})["\u201c\u201d\u00ab\u00bb](?=.{12})'
)
_QUOTATION: Final = re.compile(
    '(["\u201c\u201e\u00ab\u00bb\u300c\u300e])[^"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f]{8,300}(["\u201c\u201d\u00ab\u00bb\u300d\u300f])'
)
_SOMETHING: Final = r"\1x\2"
NAMING_BUTTONS: Final = (".home-screen", ".reader", ".speaker")
"""Rules for instructions, which set what to press or to say in quotation marks."""

_CLOCK: Final = re.compile(r"\d[:.]\d\d")
_ENTRY: Final = re.compile(
    r"(?:[01]?\d|2[0-4])[:.h][0-5]\d(?: ?[-\u2013] ?(?:[01]?\d|2[0-4])[:.h][0-5]\d)?(?: uhr)?(?::| ?[-\u2013\u2014|]| ) ?[^\W\d_]{3}(?!\w{0,2}$)"
)

_TOKEN: Final = re.compile(r"\w+")
_UNSPACED: Final = "\u0e00"
_OPENING: Final = "\"'\u300c\u300e("
_NEXT_SENTENCE: Final = re.compile(
    r"[^\W\d_]{2,}[.!?][\"')\]]? +[\"'(\[]?[^\W\d_]{2,}|[\u3002\uff01\uff1f\u0964\u06d4][^\s\"')\]\u300d\u300f]"
)


def weigh_doubts(evidence: Evidence) -> set[int]:
    """Forget the hints that are to be doubted, and return the blocks that the article itself quotes."""
    if not evidence.hints:
        return set()
    _several_sentences(evidence)
    _common_words(evidence)
    _coming_back(evidence)
    _speakers(evidence)
    _fact_box(evidence)
    _timetable(evidence)
    _without_prose(evidence)
    return _quoted(evidence) | _specimens(evidence) | _said(evidence) | _cited(evidence)


def _said(evidence: Evidence) -> set[int]:
    """Find lines that are a quotation from end to end, and paragraphs that begin with one.

    Page furniture speaks for itself, and an article about it sets it in quotation marks.
    """
    found = set()
    for number, hints in evidence.hints.items():
        if evidence.words[number] < SAID_WORDS or any(rule.user or rule.category in SAYING for rule in hints):
            continue
        text = evidence.raw(number).strip()
        opening = _OPENING_QUOTE.match(text) if evidence.prose[number] else None
        if set_in_quotes(text) or (opening and len(opening[1].split()) >= OPENING_WORDS):
            found.add(number)
    return found


def _cited(evidence: Evidence) -> set[int]:
    """Find paragraphs of which rules know only what stands in them between quotation marks.

    Of 25 such paragraphs that rules took on the written pages 24 were the article's; of those that tell what to press none of 7 was.
    """
    found = set()
    for number, hints in evidence.hints.items():
        if not evidence.prose[number] or any(rule.user or rule.id.endswith(NAMING_BUTTONS) for rule in hints):
            continue
        text = evidence.raw(number)
        without, count = _QUOTATION.subn(_SOMETHING, text)
        if count and not any(matches_whole(rule, without) for rule in hints):
            found.add(number)
    return found


def _forget(evidence: Evidence, number: int, rules: set[str]) -> None:
    left = [rule for rule in evidence.hints[number] if rule.id not in rules]
    if left:
        evidence.hints[number] = left
    else:
        del evidence.hints[number]


def _several_sentences(evidence: Evidence) -> None:
    for number in list(evidence.hints):
        if evidence.prose[number] and _NEXT_SENTENCE.search(evidence.raw(number)):
            wrong = {rule.id for rule in evidence.hints[number] if rule.bare and rule.category in SHORT}
            if wrong:
                _forget(evidence, number, wrong)


def _common_words(evidence: Evidence) -> None:
    """Doubt that words are somebody's name which the text writes without capitals elsewhere: "Rhubarb Buckle", above the rhubarb and what a buckle is.

    Of 21 such lines of written pages that a rule took for the author's name 9 were the article's, most of them its title; of 1,400 others 45.
    """
    common: set[str] | None = None
    for number in list(evidence.hints):
        wrong = {
            rule.id for rule in evidence.hints[number] if rule.category == "byline" and rule.needs_context and rule.case
        }
        if not wrong or evidence.words[number] > NAME_WORDS:
            continue
        words = _LONG_WORD.findall(evidence.raw(number))
        if common is None:
            text = evidence.document.text
            common = {found[0] for found in _LONG_WORD.finditer(text, 0, MUCH_TEXT) if found[0].islower()}
        if len(words) > 1 and all(word.lower() in common for word in words):
            _forget(evidence, number, wrong)


def _coming_back(evidence: Evidence) -> None:
    """Doubt a rule whose lines alternate with text of the article, so often that they are its structure."""
    found: dict[str, set[int]] = {}
    for number, hints in evidence.hints.items():
        for rule in hints:
            if rule.user:
                continue
            marked = rule.category == "caption" and evidence.raw(number).lstrip()[:1] in _MARKS
            if rule.category in STRUCTURAL or marked:
                found.setdefault(rule.category, set()).add(number)
    for category, numbers in found.items():
        runs = [run for run in _runs(sorted(numbers)) if _between_texts(evidence, run)]
        different = {evidence.lines[number] for run in runs for number in run}
        if len(runs) < COMES_BACK or len(different) < DIFFERENT.get(category, 1):
            continue
        for run in runs:
            for number in run:
                if number in evidence.hints:
                    _forget(evidence, number, {rule.id for rule in evidence.hints[number] if rule.category == category})


def _speakers(evidence: Evidence) -> None:
    """Doubt bylines whose label, up to the colon, stands in front of many lines: somebody speaks there."""
    labels: dict[str, list[int]] = {}
    for number, line in enumerate(evidence.lines):
        label, colon, _ = line.partition(":")
        if colon and len(label) <= MAX_LABEL:
            labels.setdefault(label, []).append(number)
    for numbers in labels.values():
        if len(numbers) >= COMES_BACK:
            for number in numbers:
                wrong = {rule.id for rule in evidence.hints.get(number, ()) if rule.category == "byline"}
                if wrong:
                    _forget(evidence, number, wrong)


def _fact_box(evidence: Evidence) -> None:
    """Doubt what is said of a line with a label among others with labels that no rule knows: a fact box, a crew, a programme."""
    labelled = [_LABELLED.match(line) is not None for line in evidence.lines]
    for run in _runs([number for number, flag in enumerate(labelled) if flag]):
        known = [number for number in run if number in evidence.hints]
        if known and len(run) - len(known) >= max(STRANGERS, len(known)):
            for number in known:
                wrong = {rule.id for rule in evidence.hints[number] if rule.category in FACTS and not rule.user}
                if wrong:
                    _forget(evidence, number, wrong)


def _timetable(evidence: Evidence) -> None:
    """Doubt days and times that head, or stand among, lines which begin with a time of the day: "9:00 - opening", "11:30 - dances"."""
    entries = [_ENTRY.match(line) is not None for line in evidence.lines]
    for number in range(len(entries) - 1):
        if entries[number] and entries[number + 1]:
            above = (number - 1,) if number and not _CLOCK.search(evidence.lines[number - 1]) else ()
            for other in (*above, number, number + 1):
                wrong = {rule.id for rule in evidence.hints.get(other, ()) if rule.category in STRUCTURAL}
                if wrong:
                    _forget(evidence, other, wrong)


def _runs(numbers: list[int]) -> list[list[int]]:
    out: list[list[int]] = []
    for number in numbers:
        if out and out[-1][-1] == number - 1:
            out[-1].append(number)
        else:
            out.append([number])
    return out


def _between_texts(evidence: Evidence, run: list[int]) -> bool:
    """Whether text of the article stands on both sides of a short run of lines."""
    before, after = run[0] - 1, run[-1] + 1
    return len(run) <= MAX_LABELS and all(
        0 <= number < len(evidence) and (evidence.prose[number] or evidence.words[number] >= TEXT_WORDS)
        for number in (before, after)
    )


def _without_prose(evidence: Evidence) -> None:
    """In a text without a paragraph, believe only what stands at the edges, one hinted line beside the next."""
    if any(evidence.prose) or len(evidence) < COMES_BACK:
        return
    first, last = 0, len(evidence) - 1
    while first <= last and first in evidence.hints:
        first += 1
    # The title may stand between the head's furniture and more of it.
    if first + 1 in evidence.hints:
        first += 1
        while first <= last and first in evidence.hints:
            first += 1
    while last >= first and last in evidence.hints:
        last -= 1
    for number in [number for number in evidence.hints if first <= number <= last]:
        kept = [rule for rule in evidence.hints[number] if rule.user or _sure(rule)]
        if kept:
            evidence.hints[number] = kept
        else:
            del evidence.hints[number]


def _sure(rule: Rule) -> bool:
    """Whether a rule's lines carry their own proof: a photographer's name, an address."""
    return rule.category in ("caption", "credit") and not rule.needs_context


def _specimens(evidence: Evidence) -> set[int]:
    """Find lists of labels in capitals, if the article's paragraphs discuss several labels of one: "BREAKING lasts one hour"."""
    count = len(evidence)
    loud = [evidence.words[n] <= MAX_LABELS and evidence.raw(n).strip().isupper() for n in range(count)]
    if sum(loud) < SPECIMENS:
        return set()
    spoken = _in_capitals(evidence)
    found: set[int] = set()
    discussed = False
    start = 0
    while start < count:
        stop = start + 1
        while loud[start] and stop < count and loud[stop] and evidence.gaps[stop] == 1:
            stop += 1
        if SPECIMENS <= stop - start <= MAX_SPECIMENS:
            seen = sum(" ".join(_TOKEN.findall(evidence.raw(n))) in spoken for n in range(start, stop))
            discussed = discussed or seen >= COMES_BACK
            found.update(range(start, stop))
        start = stop
    return found if discussed else set()


def _in_capitals(evidence: Evidence) -> set[str]:
    """Return the words in capitals, and pairs of them, that stand in the article's paragraphs."""
    found: set[str] = set()
    for number, is_prose in enumerate(evidence.prose):
        if is_prose:
            for word, following in pairwise([*_TOKEN.findall(evidence.raw(number)), ""]):
                if word.isupper():
                    found.add(word)
                    if following.isupper():
                        found.add(f"{word} {following}")
    return found


def _quoted(evidence: Evidence) -> set[int]:
    lines: dict[str, list[int]] = {}
    for number in evidence.hints:
        line = bare(evidence.lines[number])
        shortest = ECHO if line.isascii() else ECHO_WIDE
        if shortest <= len(line) <= MAX_ECHO and not evidence.prose[number]:
            lines.setdefault(line, []).append(number)
    if not lines or not any(evidence.prose):
        return set()
    words = list(lines)
    automaton: Any = ahocorasick_rs.AhoCorasick(words)
    found: set[str] = set()
    low, blocks = evidence.views.low, evidence.document.blocks
    for number, is_prose in enumerate(evidence.prose):
        if is_prose and number not in evidence.hints:
            text = low[blocks[number].start : blocks[number].end]
            for which, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
                before, after = text[start - 1 : start], text[end : end + 1]
                # A whole phrase of several words, or one between quotes.
                unspaced = words[which][0] >= _UNSPACED
                if not unspaced and (before.isalnum() or after.isalnum()):
                    continue
                if " " in words[which] or unspaced or (before and before in _OPENING):
                    found.add(words[which])
    if len(found) >= ECHOES:
        evidence.about_furniture = True
    return {number for word in found for number in lines[word]}
