"""Verdicts to text: which spans stay, and how the gaps around what went close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter

from cleaner.model import Document, Removal, Result, Span, Verdict

_CLOSING = ".,;:!?)]\u3002\uff0c"
_BLANKS = " \t\u00a0\u2009\u200a\u202f\u3000"


def render(document: Document, verdicts: Sequence[Verdict]) -> Result:
    """Carry out verdicts: the kept and removed spans of the result partition the document's text.

    A gap that a removed run of blocks leaves shrinks to the wider of the gaps on its two sides; a block that lost its
    tail loses the blanks before it too; where anything went, no blank lines stay at the start or the end. The last line that
    stays keeps its own line end.
    """
    if not verdicts:
        return Result(document, (Span(0, len(document.text)),), ())
    whole, inside = _sort(document, verdicts)
    pieces: list[tuple[int, int, Verdict | None]] = []  # removed pieces; None: white space at an edge
    _remove_blocks(document, whole, pieces)
    for number, spans in inside.items():
        if number not in whole:
            _remove_spans(document, number, spans, pieces)
    return _partition(document, pieces)


def _sort(document: Document, verdicts: Iterable[Verdict]) -> tuple[dict[int, Verdict], dict[int, list[Verdict]]]:
    whole: dict[int, Verdict] = {}
    inside: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.span is None:
            whole.setdefault(verdict.block, verdict)
        else:
            inside.setdefault(verdict.block, []).append(verdict)
    for number, spans in inside.items():
        # A block of which only blanks and a lone punctuation mark would stay goes as a whole.
        block = document.blocks[number]
        text = document.text[block.start : block.end]
        rest, at = "", block.start
        for verdict in sorted(spans, key=lambda v: v.span or (0, 0)):
            assert verdict.span is not None
            if verdict.span.start > at:
                rest += text[at - block.start : verdict.span.start - block.start]
            at = max(at, verdict.span.end)
        rest += text[at - block.start :]
        if not any(char.isalnum() for char in rest) and any(char.isalnum() for char in text):
            whole.setdefault(number, spans[0]._replace(span=None))
    return whole, inside


def _remove_blocks(
    document: Document, whole: dict[int, Verdict], pieces: list[tuple[int, int, Verdict | None]]
) -> None:
    blocks, text = document.blocks, document.text
    last = len(blocks) - 1
    for first in sorted(whole):
        if first - 1 in whole:
            continue
        final = first
        while final + 1 in whole:
            final += 1
        before = blocks[first - 1].end if first else 0
        after = blocks[final + 1].start if final < last else len(text)
        if first == 0 and text[:1] == "\ufeff":
            before = 1
        keep_from, keep_to = _kept_gap(document, first, final, before, after)
        at = before
        for number in range(first, final + 1):
            end = blocks[number + 1].start if number < final else after
            for start, stop in ((at, min(end, keep_from)), (max(at, keep_to), end)):
                if start < stop:
                    pieces.append((start, stop, whole[number]))
            at = max(at, end)
    if blocks and 0 not in whole:
        lead = text[: blocks[0].start]
        cut = len(lead) if lead.strip("\ufeff") else 0
        if cut:
            pieces.append((1 if lead[0] == "\ufeff" else 0, cut, None))
    if blocks and last not in whole:
        tail = text[blocks[-1].end :]
        end_of_line = _first_line_end(tail)
        if len(tail) > end_of_line:
            pieces.append((blocks[-1].end + end_of_line, len(text), None))


def _kept_gap(document: Document, first: int, final: int, before: int, after: int) -> tuple[int, int]:
    """Return the span of white space that stays where the blocks ``first`` to ``final`` went."""
    blocks, text = document.blocks, document.text
    lead = (before, blocks[first].start)
    trail = (blocks[final].end, after)
    if first == 0:
        return (after, after)
    if final == len(blocks) - 1:
        return (before, before + _first_line_end(text[before : blocks[first].start]))
    wider_after = _line_ends(text[trail[0] : trail[1]]) > _line_ends(text[lead[0] : lead[1]])
    return trail if wider_after else lead


def _line_ends(gap: str) -> int:
    return len(gap.splitlines()) if gap else 0


def _first_line_end(gap: str) -> int:
    lines = gap.splitlines(keepends=True)
    return len(lines[0]) if lines else 0


def _remove_spans(
    document: Document, number: int, verdicts: list[Verdict], pieces: list[tuple[int, int, Verdict | None]]
) -> None:
    block, text = document.blocks[number], document.text
    at = block.start
    for verdict in sorted(verdicts, key=lambda v: v.span or (0, 0)):
        assert verdict.span is not None
        start, end = max(verdict.span.start, at), verdict.span.end
        if start >= end:
            continue
        while start > at and text[start - 1] in _BLANKS:
            start -= 1
        to_end = end
        while to_end < block.end and text[to_end] in _BLANKS:
            to_end += 1
        if to_end == block.end or start == block.start:
            end = to_end
        elif to_end == end and text[end] in _CLOSING:
            pass
        elif to_end > end and start < verdict.span.start:
            # Blanks on both sides: those before stay where a sentence goes on, those after go.
            start, end = verdict.span.start, to_end
        else:
            start = verdict.span.start
        pieces.append((start, end, verdict))
        at = end


def _partition(document: Document, pieces: list[tuple[int, int, Verdict | None]]) -> Result:
    text = document.text
    kept: list[Span] = []
    removed: list[Removal] = []
    at = 0
    for start, end, verdict in sorted(pieces, key=itemgetter(0, 1)):
        start = max(start, at)  # noqa: PLW2901
        if start >= end:
            continue
        if start > at:
            kept.append(Span(at, start))
        piece = text[start:end]
        if verdict is None:
            removed.append(Removal(start, end, piece, "whitespace", "any.whitespace.edge"))
        else:
            removed.append(Removal(start, end, piece, verdict.category, verdict.rule, verdict.confidence))
        at = end
    if at < len(text):
        kept.append(Span(at, len(text)))
    return Result(document, tuple(kept), tuple(removed))
