"""What the lines of a labelled page are in its article, and where they stand: more for the models to learn than whether they are cruft."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.evidence import count_words, ends_sentence
from cleaner.tails import last_segment
from cleaner.wording import PLACES


def marks_of(rows: list[tuple[str, str]]) -> list[tuple[str, frozenset[str]]]:
    """Return, of every line of a page, its role and places as ``cleaner.phrasing`` names them; labels are k, d or m."""
    there = [n for n, (line, _) in enumerate(rows) if line.strip()]
    kinds = []
    for n in there:
        line, label = rows[n]
        words = count_words(line)
        if label == "d":
            kinds.append("cruft")
        elif ends_sentence(line.rstrip()) and words >= 4:
            kinds.append("paragraph" if last_segment(line) is not None or words >= 25 else "sentence")
        else:
            kinds.append("short")
    out = [("", frozenset[str]()) for _ in rows]
    first = next((n for n, kind in enumerate(kinds) if kind == "paragraph"), len(kinds))
    title = next((n for n, kind in enumerate(kinds) if kind != "cruft"), None)
    for at, n in enumerate(there):
        role = kinds[at]
        before, after = kinds[at - 1] if at else "", kinds[at + 1] if at + 1 < len(kinds) else ""
        holds = {
            "after_cruft": before == "cruft",
            "before_cruft": after == "cruft",
            "after_paragraph": before == "paragraph",
            "before_paragraph": after == "paragraph",
            "early": at < len(there) / 5,
            "late": at >= len(there) * 4 / 5,
        }
        places = frozenset(name for name in PLACES if holds[name])
        words = count_words(rows[n][0])
        if at == title and role == "short" and at < first:
            role = "title"
        elif title is not None and title < at < min(first, title + 4) and words >= 8 and role in ("sentence", "short"):
            role = "standfirst"
        elif role == "short" and after in ("paragraph", "sentence") and words <= 12 and at > (title or 0):
            role = "crosshead"
        out[n] = (role, places)
    return out


def kinds_of(lines: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Return of every line of a page its category or its role in the article."""
    rows = list(lines)
    marks = marks_of([(line, label) for line, label, _ in rows])
    return tuple(
        category if label == "d" else role for (_, label, category), (role, _) in zip(rows, marks, strict=True)
    )
