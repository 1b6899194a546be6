"""Reasons not to believe a rule that matched: what makes its line part of the article after all.

None of them knows a language. A line that the article itself quotes is a specimen; a label that keeps coming back between
paragraphs is how an interview or a diary is built; a set phrase at the beginning of several sentences is a paragraph; and a
text without any paragraph, such as a poem or a table, has furniture only around it.
"""

from __future__ import annotations

import re
from typing import Any, Final

import ahocorasick_rs

from cleaner.evidence import Evidence
from cleaner.rule import Rule
from cleaner.template import bare

STRUCTURAL: Final = frozenset({"byline", "timestamp", "dateline"})
"""Categories whose lines also build articles: speakers, dates, places."""

COMES_BACK: Final = 3
SHORT: Final = frozenset(
    {"related", "byline", "timestamp", "share", "tags", "counter", "interface", "navigation", "dateline", "embed", "credit"}
)
"""Categories whose lines are labels, buttons and headlines, never several sentences."""

ECHO: Final = 5
ECHO_WIDE: Final = 4
MAX_ECHO: Final = 60
ECHOES: Final = 2
"""An article that quotes so many different lines of furniture is about furniture."""

_NEXT_SENTENCE: Final = re.compile(
    r"[^\W\d_]{2,}[.!?][\"')\]]? +[\"'(\[]?[^\W\d_]{2,}|[\u3002\uff01\uff1f\u0964\u06d4][^\s\"')\]\u300d\u300f]"
)


def weigh_doubts(evidence: Evidence) -> set[int]:
    """Forget the hints that are to be doubted, and return the blocks that the article itself quotes."""
    if not evidence.hints:
        return set()
    _several_sentences(evidence)
    _coming_back(evidence)
    _without_prose(evidence)
    return _quoted(evidence)


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


def _coming_back(evidence: Evidence) -> None:
    """Doubt a rule whose lines alternate with text of the article, so often that they are its structure."""
    found: dict[str, list[int]] = {}
    for number, hints in evidence.hints.items():
        for rule in hints:
            if rule.category in STRUCTURAL and not rule.user:
                found.setdefault(rule.category, []).append(number)
    for category, numbers in found.items():
        alternating = [
            number
            for number in sorted(set(numbers))
            if number + 1 < len(evidence) and not evidence.hints.get(number + 1) and evidence.words[number + 1] > 3
        ]
        inner = [number for number in alternating if number > 0 and not evidence.hints.get(number - 1)]
        if len(inner) < COMES_BACK:
            continue
        for number in inner:
            if number in evidence.hints:
                _forget(evidence, number, {rule.id for rule in evidence.hints[number] if rule.category == category})


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
                # A whole phrase, and set apart: between quotes, or as it stands on the button.
                if not (before.isalnum() and words[which].isascii()) and not (after.isalnum() and words[which].isascii()):
                    if " " in words[which] or before in "\"'\u300c\u300e(" and before or not words[which].isascii():
                        found.add(words[which])
    if len(found) >= ECHOES:
        evidence.about_furniture = True
    return {number for word in found for number in lines[word]}
