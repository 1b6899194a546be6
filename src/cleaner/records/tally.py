"""What a run did, in numbers: counted in each worker, added up in the order of the input.

Everything here adds up to the same numbers however the input is cut into chunks, and takes bounded memory: a table by
host holds the first ``MAX_HOSTS`` of them and one entry for all others, samples of removals are those with
the smallest hashes.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from cleaner.model import Result

MAX_HOSTS: Final = 50_000
OTHER_HOSTS: Final = "(other hosts)"
SAMPLES: Final = 5
SAMPLE_CHARS: Final = 160
MAX_REASONS: Final = 100

COUNTS: Final = (
    "documents",
    "kept",
    "dropped",
    "emptied",
    "changed",
    "rejected",
    "skipped",
    "words_in",
    "words_out",
    "bytes_in",
    "bytes_out",
    "removals",
)
"""``documents`` were cleaned and are ``kept`` or ``dropped``; of ``emptied`` ones nothing is left; ``rejected`` records
couldn't be used, ``skipped`` ones hold no document (a request in a WARC file, a picture)."""

_SCRIPTS: Final = (
    (0x0000, "Latin"),
    (0x0370, "Greek"),
    (0x0400, "Cyrillic"),
    (0x0530, "Armenian"),
    (0x0590, "Hebrew"),
    (0x0600, "Arabic"),
    (0x0780, "other"),
    (0x0900, "Devanagari"),
    (0x0980, "Bengali"),
    (0x0A00, "other"),
    (0x0B80, "Tamil"),
    (0x0C00, "other"),
    (0x0E00, "Thai"),
    (0x0E80, "other"),
    (0x10A0, "Georgian"),
    (0x1100, "Hangul"),
    (0x1200, "Ethiopic"),
    (0x1380, "other"),
    (0x1E00, "Latin"),
    (0x1F00, "Greek"),
    (0x2000, "other"),
    (0x3040, "Kana"),
    (0x3100, "other"),
    (0x3400, "Han"),
    (0xA000, "other"),
    (0xAC00, "Hangul"),
    (0xD800, "other"),
    (0xF900, "Han"),
    (0xFB00, "other"),
    (0x20000, "Han"),
    (0x32000, "other"),
)
_STARTS: Final = [start for start, _ in _SCRIPTS]
_LOOKED_AT: Final = 400


def script_of(text: str) -> str:
    """Return the script that most letters at the beginning of a text belong to, or ``"none"``."""
    if text.isascii():
        return "Latin" if any(map(str.isalpha, text)) else "none"
    counts: dict[str, int] = {}
    seen = 0
    for char in text:
        if char.isalpha():
            script = _SCRIPTS[bisect_right(_STARTS, ord(char)) - 1][1]
            counts[script] = counts.get(script, 0) + 1
            seen += 1
            if seen == _LOOKED_AT:
                break
    if counts.get("Kana"):
        counts["Kana"] += counts.pop("Han", 0)
    return max(sorted(counts), key=counts.__getitem__) if counts else "none"


def sample_key(rule: str, text: str) -> str:
    """Return the hash by which samples are drawn: the same text of the same rule always has the same."""
    return blake2b(f"{rule}\0{text}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


class Tally:
    """Counts that add up: of one chunk, or of a run so far."""

    __slots__ = ("_others", "categories", "counts", "hosts", "reasons", "rules", "samples", "scripts", "skips")

    def __init__(self) -> None:
        self.counts: dict[str, int] = dict.fromkeys(COUNTS, 0)
        self.categories: dict[str, list[int]] = {}
        self.rules: dict[str, list[int]] = {}
        self.scripts: dict[str, list[int]] = {}
        self.hosts: dict[str, list[int]] = {}
        self.reasons: dict[str, int] = {}
        self.skips: dict[str, int] = {}
        self.samples: dict[str, list[tuple[str, str]]] = {}

    def add(self, value: str | bytes, result: Result, words: int, host: str | None, *, stays: bool) -> None:
        """Count one document that was cleaned."""
        counts = self.counts
        text, source = result.text, result.document.text
        size = _size(text)
        words_in = words if not result.removed else len(source.split())
        counts["documents"] += 1
        counts["kept" if stays else "dropped"] += 1
        counts["words_in"] += words_in
        counts["words_out"] += words
        counts["bytes_in"] += len(value) if isinstance(value, bytes) else size if value is text else _size(value)
        counts["bytes_out"] += size
        counts["removals"] += len(result.removed)
        counts["changed"] += bool(result.removed)
        counts["emptied"] += bool(source.strip()) and not text.strip()
        row = (1, len(result.removed), words_in, words)
        _plus(self.scripts, script_of(source), row)
        if host is not None:
            _plus(self.hosts, host, row)
        for one in result.removed:
            went = (1, len(one.text.split()))
            _plus(self.categories, one.category, went)
            _plus(self.rules, one.rule, went)
            self._sample(one.rule, " ".join(one.text.split())[:SAMPLE_CHARS])

    def reject(self, reason: str) -> None:
        """Count a record that couldn't be used."""
        self.counts["rejected"] += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def skip(self, why: str) -> None:
        """Count a record that holds no document."""
        self.counts["skipped"] += 1
        self.skips[why] = self.skips.get(why, 0) + 1

    def _sample(self, rule: str, text: str) -> None:
        if text:
            entry = (sample_key(rule, text), text)
            kept = self.samples.setdefault(rule, [])
            if entry not in kept:
                kept.append(entry)
                if len(kept) > 4 * SAMPLES:
                    self.samples[rule] = heapq.nsmallest(SAMPLES, kept)

    def merge(self, other: Tally) -> None:
        """Add what another tally, of what comes next in the input, has counted."""
        for name, number in other.counts.items():
            self.counts[name] += number
        for mine, more in (
            (self.categories, other.categories),
            (self.rules, other.rules),
            (self.scripts, other.scripts),
        ):
            for name, row in more.items():
                _plus(mine, name, row)
        for host, row in other.hosts.items():
            _plus(self.hosts, host if host in self.hosts or len(self.hosts) < MAX_HOSTS else OTHER_HOSTS, row)
        for reason, number in other.reasons.items():
            known = reason in self.reasons or len(self.reasons) < MAX_REASONS
            name = reason if known else "(other reasons)"
            self.reasons[name] = self.reasons.get(name, 0) + number
        for why, number in other.skips.items():
            self.skips[why] = self.skips.get(why, 0) + number
        for rule, entries in other.samples.items():
            mine_too = self.samples.get(rule, [])
            self.samples[rule] = heapq.nsmallest(SAMPLES, {*mine_too, *entries})

    def state(self) -> dict[str, Any]:
        """Return everything as plain values; :meth:`restore` reads it back."""
        return {
            "counts": self.counts,
            "categories": self.categories,
            "rules": self.rules,
            "scripts": self.scripts,
            "hosts": self.hosts,
            "reasons": self.reasons,
            "skips": self.skips,
            "samples": self.samples,
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Tally:
        """Return the tally whose :meth:`state` this is."""
        tally = cls()
        for name in ("counts", "categories", "rules", "scripts", "hosts", "reasons", "skips"):
            setattr(tally, name, dict(state[name]))
        tally.samples = {rule: [(key, text) for key, text in found] for rule, found in state["samples"].items()}
        return tally

    def report(self) -> dict[str, Any]:
        """Return the numbers of a run as they are written for people and programs to read."""
        return {
            **self.counts,
            "categories": _table(self.categories, ("removals", "words")),
            "rules": [
                {**row, "samples": [text for _, text in heapq.nsmallest(SAMPLES, self.samples.get(row["name"], []))]}
                for row in _table(self.rules, ("removals", "words"))
            ],
            "scripts": _table(self.scripts, ("documents", "removals", "words_in", "words_out")),
            "hosts": _table(self.hosts, ("documents", "removals", "words_in", "words_out")),
            "rejects": dict(sorted(self.reasons.items())),
            "skips": dict(sorted(self.skips.items())),
        }


def _table(rows: Mapping[str, list[int]], names: Iterable[str]) -> list[dict[str, Any]]:
    ordered = sorted(rows.items(), key=lambda item: (-item[1][0], item[0]))
    return [{"name": name, **dict(zip(names, row, strict=True))} for name, row in ordered]


def _plus(table: dict[str, list[int]], name: str, row: Iterable[int]) -> None:
    known = table.get(name)
    table[name] = list(row) if known is None else [a + b for a, b in zip(known, row, strict=True)]


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
