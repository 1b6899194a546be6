"""Templates: set phrases as a native speaker writes them down, with slots, turned into patterns.

``(a|b)`` is a choice, ``[a]`` may be missing, ``{slot}`` stands for what varies (see :data:`SLOTS`), a backslash makes the next
character literal. Phrases are compared in lower case and folded, and without what only dresses a line: bullets,
arrows, emoji, wrapping brackets, closing punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from cleaner.fold import fold, lower, visible

SLOTS: Final = {
    "text": r"[^\n]{1,160}",
    "words": r"\S{1,30}(?: \S{1,30}){0,5}",
    "name": r"[^\s.,:;!?|()\[\]\d][^\s,:;!?|()\[\]\d]{0,24}(?: [^\s,:;!?|()\[\]\d]{1,24}){0,4}",
    "place": r"\S{1,30}(?: \S{1,30}){0,3}",
    "date": r"[^\n\d]{0,40}\d[^\n]{0,45}",
    "n": r"\d[\d.,' ]{0,9}(?: ?(?:k|m|mio|mln|tys|mil|rb|jt|тыс|млн|тис|हज़ार|लाख|ألف|万|萬|만|億|亿|천)\.?)?",
}
"""What a slot stands for. In a tail, ``{text}`` doesn't reach beyond a sentence."""

_ONE_SENTENCE: Final = r"(?:(?![.!?\u3002\u0964\u06d4\u061f] |\u3002[^\s\u300d\u300f\u3011)\]])[^\n]){1,160}"
_ENDED: Final = r"(?<=[.!?\u2026\"')\]\u3002\u0964\u06d4\u061f\u300d\u300f\u300b\u3011])"
_BEHIND: Final = rf"(?:{_ENDED}\s{{0,4}}|^\s{{0,4}})"
_OPEN: Final = (
    r"[(\[*_\u3010\u300a>\u203a\u25b6\ufe0f|\u00b7\u2190-\u23ff\u2500-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff-]{0,4} ?"
)
_CLOSE: Final = r"[)\]*_\u3011\u300b.!\u2026\u203a\u3002\u0964\u06d4\u061f?> ]{0,4}"

DRESS: Final = "".join([
    " \t.,:;!?\"'()[]{}<>|*_~^`-=+/\\",
    "".join(map(chr, (*range(0x2010, 0x2028), *range(0x2030, 0x205F)))),
    "".join(map(chr, (*range(0x2190, 0x2400), *range(0x2500, 0x27C0), *range(0x2900, 0x2980), *range(0x2B00, 0x2C00)))),
    "".join(map(chr, (*range(0x3001, 0x3004), *range(0x3008, 0x3020), 0x30FB, 0xFE0E, 0xFE0F))),
    "".join(map(chr, range(0x1F000, 0x1FB00))),
    "\u00b7\u00a1\u00bf\u00ab\u00bb\u060c\u061b\u061f\u0640\u06d4\u0964\u0965\u05be\u200b\u200d",
])  # fmt: skip
"""What may stand around a phrase without being part of it."""


class TemplateError(ValueError):
    """A template that can't be used; the message says why."""


def bare(line: str) -> str:
    """Return a folded line without what only dresses it; a line of nothing else stays as it is."""
    return line.strip(DRESS) or line


def _translate(template: str, slots: dict[str, str]) -> str:
    out: list[str] = []
    depth: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char == "\\" and at + 1 < len(template):
            out.append(re.escape(template[at + 1]))
            at += 2
            continue
        if char in "([":
            depth.append(char)
            out.append("(?:")
        elif char in ")]":
            if not depth or {"(": ")", "[": "]"}[depth.pop()] != char:
                raise TemplateError(f"{char!r} closes nothing; write \\{char} for the sign itself")
            out.append(")?" if char == "]" else ")")
        elif char == "|" and depth:
            out.append("|")
        elif char == "{":
            end = template.find("}", at)
            name = template[at + 1 : end] if end > 0 else ""
            if name not in slots:
                raise TemplateError(f"no slot {{{name}}}; there are {', '.join(f'{{{slot}}}' for slot in slots)}")
            out.append(slots[name])
            at = end
        elif char == " ":
            out.append(" ")
        elif char == ".":
            out.append(r"\.?")  # the line may have lost it at its end, and pages are careless with it
        else:
            out.append(re.escape(char))
        at += 1
    if depth:
        raise TemplateError(f"{depth[-1]!r} is never closed; write \\{depth[-1]} for the sign itself")
    return "".join(out)


def _prepared(template: str) -> str:
    if not template.strip():
        raise TemplateError("is empty")
    return visible(lower(fold(template)))


def line_pattern(template: str) -> str:
    """Return the pattern that a whole bare line has to match.

    Raises:
        TemplateError: a bracket that doesn't close, or a slot that there isn't.
    """
    prepared = _prepared(template)
    # The line is compared without what dresses it, so the template has to lose the same.
    inner = prepared.rstrip(" .,:;!?\"'\u2026\u203a\u3002-") if prepared.strip(DRESS) else prepared
    inner = inner.lstrip(" .,:;!?\"'\u2026\u203a\u3002-") or prepared
    inner = inner.removesuffix("\\")
    while inner.startswith("\\"):
        inner = inner[2:].lstrip()
    if inner.endswith(("\\)", "\\]")):
        inner = inner[:-2].rstrip()
    pattern = _translate(inner, SLOTS)
    # Words that may be missing leave the blanks around them.
    return _blanks(pattern)


def _blanks(pattern: str) -> str:
    """Make the blank beside an optional piece optional with it."""
    pattern = re.sub(r"(?<=\)\?) ", " ?", pattern)
    return re.sub(r" (?=\(\?:(?:[^()]|\(\?:[^()]*\)\??)*\)\?)", " ?", pattern)


def tail_pattern(*written: str) -> str:
    """Return the pattern of a piece that hangs at the end of a paragraph, with its brackets, of one template or several; see :func:`line_pattern`."""
    return rf"{_BEHIND}{_OPEN}(?:{_hanging(written)}){_CLOSE}$"


def insert_pattern(*written: str) -> str:
    """Return the pattern, over text in its own case, of a piece that stands between two sentences; see :func:`tail_pattern`."""
    return rf"{_BEHIND}{_OPEN}(?=[^\p{{Ll}}])(?i:{_hanging(written)}){_CLOSE}(?=\s{{1,4}}[^\p{{Ll}}\s]|\s{{0,4}}$)"


_JOINERS: Final = str.maketrans({"\u200c": "\ue000", "\u200d": "\ue000"})
_JOINER: Final = "[\u200c\u200d]?"
"""Whole lines are compared without the invisible signs of Persian and Hindi words; inside a paragraph they are there or forgotten."""


def _hanging(written: tuple[str, ...]) -> str:
    slots = {**SLOTS, "text": _ONE_SENTENCE}
    prepared = [_prepared(template.translate(_JOINERS)).strip(" .!?\u2026\u203a\u3002") for template in written]
    return "|".join([_blanks(_translate(template, slots)).replace("\ue000", _JOINER) for template in prepared])


MAKERS: Final[dict[str, Callable[..., str]]] = {
    "lines": line_pattern,
    "tails": tail_pattern,
    "inserts": insert_pattern,
}
"""What makes a pattern of a template, by the key that the template stands under; of several at once but for ``lines``."""
