"""What the command says of a result: as an explanation, as a diff, as JSON."""

from __future__ import annotations

import json
import shutil
from typing import Final

from cleaner.model import Result

_COLOURS: Final = ("31", "32", "33", "34", "35", "36", "91", "92", "93", "94", "95", "96")
_NARROWEST: Final = 60


def json_line(source: str, result: Result) -> str:
    """Return a result as one line of JSON: source, text, and every removal with offsets in characters."""
    removed = [
        {
            "start": removal.start,
            "end": removal.end,
            "text": removal.text,
            "category": removal.category,
            "rule": removal.rule,
            "confidence": removal.confidence,
        }
        for removal in result.removed
    ]
    return json.dumps({"source": source, "text": result.text, "removed": removed}, ensure_ascii=True) + "\n"


def explanation(source: str, result: Result, *, colour: bool, several: bool) -> str:
    """Return what went and why, a line a removal, with the number of the line it stood on."""
    if not result.removed:
        return f"{source}: nothing to remove\n"
    width = max(_NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, 120))
    text = result.document.text
    lines = [f"{source}:"] if several else []
    at, number = 0, 1
    categories: dict[str, int] = {}
    for removal in result.removed:
        lead = len(removal.text) - len(removal.text.lstrip())
        number += text.count("\n", at, removal.start + lead)
        at = removal.start + lead
        categories[removal.category] = categories.get(removal.category, 0) + 1
        shown = " ".join(removal.text.split()) or "(blank lines)"
        label = removal.category
        room = width - 6 - 15 - 2
        shown = shown if len(shown) <= room else shown[: room - 1] + "\u2026"
        painted = (
            f"\033[{_COLOURS[sum(label.encode()) % len(_COLOURS)]}m{label:<15}\033[0m" if colour else f"{label:<15}"
        )
        lines.append(f"{number:>5} {painted} {_printable(shown)}")
        lines.append(f"{'':6}{removal.rule} ({removal.confidence:.2f})")
    share = 1 - len(result.text) / len(text)
    counts = ", ".join(
        f"{count} {name}" for name, count in sorted(categories.items(), key=lambda item: (-item[1], item[0]))
    )
    lines.append(f"{len(result.removed)} removals, {share:.0%} of the characters: {counts}")
    return "\n".join(lines) + "\n"


def _printable(text: str) -> str:
    """Return the text without characters that would move a terminal's cursor or that it can't encode."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def diff(source: str, result: Result) -> str:
    """Return a unified diff from the input to the clean text; empty when nothing goes."""
    if not result.removed:
        return ""
    import difflib  # noqa: PLC0415  # only here

    before = result.document.text.splitlines(keepends=True)
    after = result.text.splitlines(keepends=True)
    out = []
    for line in difflib.unified_diff(before, after, source, f"{source} (clean)", n=2):
        out.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(out)
