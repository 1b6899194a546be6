"""What Markdown says by its marks: images and lists of anchors are furniture, code and the only title are the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaner.evidence import Evidence

MIN_ANCHORS: Final = 2
MIN_CODE: Final = 2
_INDENT: Final = ("    ", "\t")
_CODE: Final = re.compile(r"[{}=;$<>\\]|^\s+[#$%>] |\w\(|\b\w+\.\w+\b[^.]|--?\w|/\w+/")
_COMMAND: Final = re.compile(r"\s+(?:\$|>>>|#) \S")
_FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
_ONE_IMAGE: Final = r"!\[[^\[\]\n]{0,400}\](?:\([^()\s]{0,600}(?: \"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,60}\])"
_IMAGE: Final = re.compile(
    rf"\s*(?:[-*+] )?(?:\[\s?{_ONE_IMAGE}[^\[\]\n]{{0,200}}\]\([^()\s]{{0,600}}(?: \"[^\"\n]{{0,200}}\")?\)|{_ONE_IMAGE})"
    r"(?:\s*[*_][^*_\n]{1,300}[*_])?\s*"
)
_EMPHASISED: Final = re.compile(r"\s*([*_])(?!\1)[^\n]{2,400}\1\s*")
_ANCHOR: Final = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)])?\s*\[[^\[\]\n]{1,200}\]\(#[^()\s]{0,200}\)\s*")
_TITLE: Final = re.compile(r"# [^#\n]+$")
_LABEL: Final = re.compile(r"\s*(?:#{1,6} |\*\*|__)?[^\n.!?]{2,40}\s*")


def code(evidence: Evidence) -> set[int]:
    """Return the blocks of code: between fences, the fences too, or indented line by line and written in code's signs."""
    fences = [number for number in range(len(evidence)) if _FENCE.match(evidence.raw(number))]
    out: set[int] = set()
    for first, last in zip(fences[::2], fences[1::2], strict=False):
        out.update(range(first, last + 1))
    number, count = 0, len(evidence)
    while number < count:
        first = number
        while number < count and evidence.raw(number).startswith(_INDENT):
            number += 1
        lines = range(first, number)
        written = sum(_CODE.search(evidence.raw(n)) is not None for n in lines)
        # Below a command stands what it prints.
        if len(lines) >= MIN_CODE and (2 * written >= len(lines) or _COMMAND.match(evidence.raw(first))):
            out.update(lines)
        number = max(number, first + 1)
    return out


def title(evidence: Evidence) -> set[int]:
    """Return the block of the only heading of the first level, or nothing: one that stands alone is the title."""
    found = [n for n in range(len(evidence)) if _TITLE.match(evidence.raw(n))]
    return set(found) if len(found) == 1 else set()


def images(evidence: Evidence) -> Iterator[int]:
    """Find lines that are an image and nothing else, and the emphasised line below one, its caption."""
    for number in range(len(evidence)):
        raw = evidence.raw(number)
        if "![" not in raw or not _IMAGE.fullmatch(raw):
            continue
        yield number
        below = number + 1
        if below < len(evidence) and _EMPHASISED.fullmatch(evidence.raw(below)) and evidence.words[below] <= 60:
            yield below


def anchors(evidence: Evidence) -> Iterator[int]:
    """Find lists of links to places on the same page, with the label above them."""
    number = 0
    while number < len(evidence):
        first = number
        while number < len(evidence) and _ANCHOR.fullmatch(evidence.raw(number)):
            number += 1
        if number - first >= MIN_ANCHORS:
            above = first - 1
            if above > 0 and _LABEL.fullmatch(evidence.raw(above)) and evidence.words[above] <= 6:
                yield above
            yield from range(first, number)
        number = max(number, first + 1)
