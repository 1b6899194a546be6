"""What can be read off a pattern before it runs: whether it may explode, and which text it can possibly match.

Shipped patterns are written in the syntax that the standard ``re`` and ``regex`` share, plus ``\\p{Lu}``, ``\\p{Ll}`` and
``\\p{L}``. ``re`` runs them: it compiles and matches two to three times faster. ``regex`` runs patterns of users, since
it can be stopped when its time is up.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]  # the only public door to a parsed pattern is private
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, Final

PREFIX_LENGTH: Final = 4
MAX_PREFIXES: Final = 800
MAX_CLASS: Final = 40
MIN_NEEDLE: Final = 3
MAX_BOUND: Final = 400

_PROPERTY: Final = re.compile(r"\\p\{(\w+)\}")
_CALL: Final = re.compile(r"\(\?&([a-z_]+)\)")


NEVER: Final = "(?!)"
"""The pattern that matches nothing, of rules that only know whole lines."""


class PatternError(ValueError):
    """A pattern that can't be used; the message says why."""


def expand(pattern: str, let: dict[str, str]) -> str:
    """Replace every ``(?&name)`` by the pattern that ``let`` has under that name.

    Raises:
        PatternError: a name that ``let`` doesn't have, or definitions that call each other in a circle.
    """
    for _ in range(8):
        missing = [name for name in _CALL.findall(pattern) if name not in let]
        if missing:
            raise PatternError(f"(?&{missing[0]}) is not defined in [let]")
        if not _CALL.search(pattern):
            return pattern
        pattern = _CALL.sub(lambda call: f"(?:{let[call[1]]})", pattern)
    raise PatternError("definitions in [let] call each other in a circle")


def calls(pattern: str) -> list[str]:
    """Return the names that a pattern calls by ``(?&name)``, in order."""
    return _CALL.findall(pattern)


@cache
def _ranges(name: str) -> str:
    """Return the inside of a character class with the letters of a general category below U+0590."""
    wanted = {"Lu": ("Lu", "Lt"), "Ll": ("Ll",), "L": ("Lu", "Lt", "Ll", "Lm", "Lo")}.get(name)
    if wanted is None:
        raise PatternError(f"\\p{{{name}}} is not known here; use \\p{{Lu}}, \\p{{Ll}} or \\p{{L}}")
    points = [point for point in range(0x590) if unicodedata.category(chr(point)) in wanted]
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in ranges)


def for_re(pattern: str) -> str:
    """Rewrite ``\\p{..}`` into character classes, which is all that ``re`` lacks."""
    if "\\p{" not in pattern:
        return pattern
    out, inside, i = [], False, 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\\":
            found = _PROPERTY.match(pattern, i)
            if found:
                ranges = _ranges(found[1])
                out.append(ranges if inside else f"[{ranges}]")
                i = found.end()
                continue
            out.append(pattern[i : i + 2])
            i += 2
            continue
        if char == "[" and not inside:
            inside = True
        elif char == "]" and inside:
            inside = False
        out.append(char)
        i += 1
    return "".join(out)


def parse(pattern: str) -> Any:
    """Parse a pattern into the tree that the other functions read.

    Raises:
        PatternError: the pattern isn't one that ``re`` can read.
    """
    try:
        return sre_parser.parse(for_re(pattern))
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(f"not a pattern: {error}") from None


def danger(tree: Any, *, searched: bool) -> str | None:
    """Say why a pattern may take more than linear time, or return ``None``.

    Args:
        tree: a parsed pattern.
        searched: whether it is searched for in blocks of any length. A pattern for whole blocks only ever sees
            blocks up to ``match.MAX_BLOCK`` characters, so that a plain ``+`` is bounded there; a repeat inside a
            repeat is not.
    """
    return _danger(tree, searched=searched, inside=False)


def _danger(tree: Any, *, searched: bool, inside: bool) -> str | None:
    for op, value in tree:
        problem: str | None = None
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _low, high, body = value
            unbounded = high is sre.MAXREPEAT or high > MAX_BOUND
            if unbounded and inside:
                return "a repeat without a bound inside another can take forever: bound one ({0,9}) or make it possessive (++)"
            if unbounded and searched:
                return "an unbounded repeat in an inline pattern takes quadratic time: bound it ({0,80}) or make it possessive (++)"
            problem = _danger(body, searched=searched, inside=inside or unbounded)
        elif op is sre.POSSESSIVE_REPEAT:
            problem = _danger(value[2], searched=searched, inside=True)
        elif op is sre.SUBPATTERN:
            problem = _danger(value[-1], searched=searched, inside=inside)
        elif op is sre.ATOMIC_GROUP:
            problem = _danger(value, searched=searched, inside=inside)
        elif op is sre.BRANCH:
            problem = next(filter(None, (_danger(b, searched=searched, inside=inside) for b in value[1])), None)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            problem = _danger(value[1], searched=searched, inside=inside)
        if problem:
            return problem
    return None


def branches(tree: Any) -> list[Any]:
    """Return the alternatives that a pattern is made of as a whole; a pattern without any is its only one."""
    items = list(tree)
    if len(items) == 1 and items[0][0] is sre.BRANCH:
        return [list(branch) for branch in items[0][1][1]]
    return [items]


ENDS: Final = frozenset(".!?:_*\u2026\"')]\u3002\u0964\u06d4\u061f\u300d\u300f\u300b\u3011")
"""What stands at the end of a sentence or a label, or closes what was set apart."""


def hangs(tree: Any) -> bool:
    """Whether every match stands at the beginning of the text or behind one of :data:`ENDS`: few places have to be tried."""
    items = list(tree)
    if not items:
        return False
    op, value = items[0]
    if op is sre.AT:
        return value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
    if op is sre.SUBPATTERN:
        return hangs(value[-1])
    if op is sre.BRANCH:
        return all(hangs(branch) for branch in value[1])
    if op is sre.ASSERT and value[0] < 0:
        chars = [
            _class(more) if kind is sre.IN else {chr(more)} if kind is sre.LITERAL else None for kind, more in value[1]
        ]
        return bool(chars) and chars[-1] is not None and chars[-1] <= ENDS
    return False


def prefixes(tree: Any) -> frozenset[str] | None:
    """Return strings of which every match starts with one, each up to ``PREFIX_LENGTH`` long; ``None`` if too many."""
    found = {head for head, _open in _heads(list(tree))}
    return None if "" in found else frozenset(found)


_ANYTHING: Final = frozenset({("", True)})


def _heads(items: list[Any]) -> frozenset[tuple[str, bool]]:
    """Return the possible beginnings, each with whether anything at all may follow it."""
    heads: frozenset[tuple[str, bool]] = frozenset({("", False)})
    for item in items:
        finished = frozenset(head for head in heads if head[1])
        growing = heads - finished
        if not growing:
            break
        tails = _item_heads(item)
        grown = set()
        for head, _open in growing:
            for tail, is_open in tails:
                longer = head + tail
                grown.add((longer[:PREFIX_LENGTH], is_open or len(longer) >= PREFIX_LENGTH))
        heads = finished | grown
        if len(heads) > MAX_PREFIXES:
            return _ANYTHING
    return heads


def _item_heads(item: Any) -> frozenset[tuple[str, bool]]:
    op, value = item
    if op is sre.LITERAL:
        return frozenset({(chr(value), False)})
    if op is sre.IN:
        chars = _class(value)
        return _ANYTHING if chars is None else frozenset((char, False) for char in chars)
    if op is sre.SUBPATTERN:
        return _heads(list(value[-1]))
    if op is sre.ATOMIC_GROUP:
        return _heads(list(value))
    if op is sre.BRANCH:
        return frozenset().union(*(_heads(list(branch)) for branch in value[1]))
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, high, body = value
        heads = _heads(list(body))
        if high != 1:
            heads = frozenset((head, True) for head, _open in heads)
        return heads | {("", False)} if low == 0 else heads
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return frozenset({("", False)})
    return _ANYTHING


def _class(items: list[Any]) -> set[str] | None:
    chars: set[str] = set()
    for op, value in items:
        if op is sre.LITERAL:
            chars.add(chr(value))
        elif op is sre.RANGE:
            low, high = value
            if high - low > MAX_CLASS:
                return None
            chars |= {chr(point) for point in range(low, high + 1)}
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            chars |= set("0123456789")
        else:
            return None
    return chars if len(chars) <= MAX_CLASS else None


def needles(tree: Any) -> frozenset[str] | None:
    """Return strings of which every match contains one; ``None`` if there are none long enough to be worth a search."""
    found = _needles(list(tree))
    if not found or len(found) > MAX_PREFIXES or any(_length(n) < MIN_NEEDLE - 0.5 for n in found):
        return None
    return frozenset(found)


def _needles(items: list[Any]) -> set[str] | None:
    best: set[str] | None = None
    run = ""

    def better(candidate: set[str] | None) -> None:
        nonlocal best
        if candidate and (best is None or _worth(candidate) > _worth(best)):
            best = candidate

    for op, value in items:
        if op is sre.LITERAL:
            run += chr(value)
            continue
        if run:
            better({run})
        run = ""
        if op is sre.SUBPATTERN:
            better(_needles(list(value[-1])))
        elif op is sre.IN:
            chars = _class(value)
            if chars and not any(char.isalnum() or char.isspace() for char in chars):
                better(chars)
        elif op is sre.ATOMIC_GROUP:
            better(_needles(list(value)))
        elif op is sre.BRANCH:
            union: set[str] | None = set()
            for branch in value[1]:
                found = _needles(list(branch))
                if not found:
                    union = None
                    break
                assert union is not None
                union |= found
            better(union)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and value[0] > 0:
            better(_needles(list(value[2])))
    if run:
        better({run})
    return best


def _worth(needles_: set[str]) -> float:
    return min(map(_length, needles_)) - len(needles_) / 50


def _length(needle: str) -> float:
    # A rare sign is worth as much as a short word; a lone letter or a blank is worth nothing.
    bare = needle.strip()
    return len(needle) if len(bare) > 1 or not bare else (2.5 if not bare.isalnum() else len(needle) - 3)


def literals(tree: Any, limit: int = 200) -> frozenset[str] | None:
    """Return every string that the whole pattern matches when they are few and finite, else ``None``."""
    found = _strings(list(tree), limit)
    return None if found is None else frozenset(found)


def _strings(items: list[Any], limit: int) -> set[str] | None:
    out = {""}
    for op, value in items:
        more: set[str] | None = None
        if op is sre.LITERAL:
            more = {chr(value)}
        elif op is sre.IN:
            more = _class(value)
        elif op is sre.SUBPATTERN:
            more = _strings(list(value[-1]), limit)
        elif op is sre.BRANCH:
            more = set()
            for branch in value[1]:
                found = _strings(list(branch), limit)
                if found is None:
                    return None
                more |= found
        elif op is sre.MAX_REPEAT and value[1] == 1:
            more = _strings(list(value[2]), limit)
            if more is not None and value[0] == 0:
                more |= {""}
        if more is None:
            return None
        out = {head + tail for head in out for tail in more}
        if len(out) > limit:
            return None
    return out
