"""Site profiles, learned: lines that recur across the documents of a site and that no rule knows become rules of that site.

Two steps. A **sketch** holds, for each host, a sample of its documents: those whose addresses have the smallest
hashes. That is a fair sample, the same in whatever order documents come, and two sketches joined are the sketch of
both inputs. Where a host has no more documents than the sample takes, counts are exact; otherwise a share ``p`` of
documents is known to within ``2 * sqrt(p * (1 - p) / PER_HOST)``, 19 times of 20: 20 % ± 7 points.

From a sketch, lines are **judged**. That a line recurs proves little: quotes, wire copy, refrains and standing
headlines recur as well. So documents count as one when they carry the same article, and a line must stand where a
page's furniture stands: in a chain of recurring lines from the document's edge, or be worded like furniture, too.
"""

from __future__ import annotations

import base64
import gzip
import heapq
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

from cleaner import wording
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.fold import fold, lower
from cleaner.match import MAX_BLOCK, plain
from cleaner.site import ANY, host_of

PER_HOST: Final = 128
"""How many documents of a host are looked at."""

FEWEST: Final = 16
"""To how many the sample may shrink when there are so many hosts that memory runs out."""

MEMORY: Final = 256 << 20
"""How many bytes of compressed documents a sketch may hold. Beyond it samples shrink; then hosts are left out, those
with the largest hashes."""

MAX_TEXT: Final = 1 << 16

_VERSION: Final = 1
_LEVEL: Final = 6


class LearnError(CleanerError):
    """A sketch that can't be read or joined."""


class Sample:
    """The documents of one host that are looked at, by the hashes of their addresses, and how many there are in all."""

    __slots__ = ("documents", "heap", "texts")

    def __init__(self) -> None:
        self.documents = 0
        self.texts: dict[int, bytes] = {}
        self.heap: list[int] = []  # negated, so that the largest hash comes out first


class Sketch:
    """Samples of documents by host. Order doesn't matter, memory is bounded, and sketches can be joined."""

    def __init__(self, per_host: int = PER_HOST, memory: int = MEMORY) -> None:
        self.per_host = per_host
        self.hosts: dict[str, Sample] = {}
        self.left_out = 1 << 64
        self._memory = memory
        self._size = 0

    def wants(self, url: str) -> bool:
        """Whether a document would be looked at. It is counted in any case."""
        host = host_of(url)
        if host is None or _hash(host) >= self.left_out:
            return False
        sample = self.hosts.setdefault(host, Sample())
        sample.documents += 1
        key = _hash(url)
        return len(sample.texts) < self.per_host or key <= -sample.heap[0]

    def add(self, url: str, text: str) -> None:
        """Put a document, that is wanted, into the sample of its host."""
        host = host_of(url)
        if host is not None and host in self.hosts:
            packed = zlib.compress(text[:MAX_TEXT].encode("utf-8", "surrogatepass"), _LEVEL)
            self._put(self.hosts[host], _hash(url), packed)
            self._shrink()

    def _put(self, sample: Sample, key: int, packed: bytes) -> None:
        known = sample.texts.get(key)
        if known is not None:
            # The same address twice: always the same one of the two stays.
            if packed < known:
                sample.texts[key] = packed
                self._size += len(packed) - len(known)
            return
        sample.texts[key] = packed
        heapq.heappush(sample.heap, -key)
        self._size += len(packed)
        if len(sample.texts) > self.per_host:
            self._drop(sample)

    def _drop(self, sample: Sample) -> None:
        self._size -= len(sample.texts.pop(-heapq.heappop(sample.heap)))

    def _shrink(self) -> None:
        while self._size > self._memory and self.per_host > FEWEST:
            self.per_host = max(FEWEST, self.per_host // 2)
            for sample in self.hosts.values():
                while len(sample.texts) > self.per_host:
                    self._drop(sample)
        while self._size > self._memory and len(self.hosts) > 1:
            hashes = sorted(_hash(host) for host in self.hosts)
            self._leave_out(hashes[len(hashes) // 2])

    def _leave_out(self, limit: int) -> None:
        self.left_out = min(self.left_out, limit)
        for host in [host for host in self.hosts if _hash(host) >= self.left_out]:
            self._size -= sum(map(len, self.hosts.pop(host).texts.values()))

    def merge(self, other: Sketch) -> None:
        """Add what another sketch has seen. Joined sketches are the sketch of both inputs."""
        self.per_host = min(self.per_host, other.per_host)
        for sample in self.hosts.values():
            while len(sample.texts) > self.per_host:
                self._drop(sample)
        self._leave_out(other.left_out)
        for host, sample in other.hosts.items():
            if _hash(host) < self.left_out:
                mine = self.hosts.setdefault(host, Sample())
                mine.documents += sample.documents
                for key, packed in sample.texts.items():
                    self._put(mine, key, packed)
        self._shrink()

    def documents(self, host: str) -> list[str]:
        """Return the documents of a host that are looked at, in the order of the hashes of their addresses."""
        texts = self.hosts[host].texts
        return [zlib.decompress(texts[key]).decode("utf-8", "surrogatepass") for key in sorted(texts)]

    def dump(self) -> bytes:
        """Return the sketch as bytes: the same for the same documents."""
        head = {"sketch": _VERSION, "per_host": self.per_host, "left_out": self.left_out}
        lines = [json.dumps(head)]
        for host in sorted(self.hosts):
            sample = self.hosts[host]
            texts = [(key, base64.b64encode(sample.texts[key]).decode("ascii")) for key in sorted(sample.texts)]
            lines.append(json.dumps({"host": host, "documents": sample.documents, "texts": texts}))
        return gzip.compress("\n".join(lines).encode("ascii") + b"\n", compresslevel=1, mtime=0)

    @classmethod
    def load(cls, path: str) -> Sketch:
        """Read a sketch that was written.

        Raises:
            LearnError: the file can't be read, or is none.
        """
        try:
            with gzip.open(Path(path), "rt", encoding="ascii") as file:
                head = json.loads(next(file))
                if head["sketch"] != _VERSION:
                    raise LearnError(f"{path}: was written by another version of cleaner; learn it again")
                sketch = cls(head["per_host"])
                sketch.left_out = head["left_out"]
                for line in file:
                    row = json.loads(line)
                    sample = sketch.hosts.setdefault(row["host"], Sample())
                    sample.documents += row["documents"]
                    for key, packed in row["texts"]:
                        sketch._put(sample, key, base64.b64decode(packed))
        except OSError as problem:
            raise LearnError(f"{path}: can't be read: {(problem.strerror or str(problem)).lower()}") from None
        except (ValueError, KeyError, TypeError, EOFError, StopIteration, zlib.error):
            raise LearnError(f"{path}: is no sketch of cleaner learn --sketch") from None
        return sketch


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


# Judging

MIN_DOCUMENTS: Final = 5
"""Of a host with fewer different articles nothing is learned."""

OWN: Final = 0.5
"""How many of a host's documents need a line of their own."""

MIN_COUNT: Final = 4
KNOWN: Final = 0.9
"""What the rules take in so many of the articles isn't learned; what they take only here and there, in good company, is."""

RECURRING: Final = 0.1
"""From this share of documents on a line recurs."""

LABEL_SHARE: Final = 0.15
SENTENCE_SHARE: Final = 0.25
BODY_SHARE: Final = 0.3
CALL_SHARE: Final = 0.5
"""A long line that is no sentence and stands inside so many articles calls for something; headings are shorter."""

EVERYWHERE: Final = 0.8
"""A sentence at the edge of so many of a site's documents needs no wording to prove it."""

FRAMED: Final = 0.8
SOUNDS: Final = 0.0
SOUNDS_SURE: Final = 1.0
CATEGORY: Final = "custom"
"""Of what is learned: that a line is furniture is known, what kind isn't. Rules that look for company of some kind mustn't be
led on by a guess."""

HOSTS: Final = 5
"""A line that is learned on so many hosts, and on a tenth of all, is learned for all sites."""

_SENTENCE_WORDS: Final = 6
_PARAGRAPH: Final = 80
_QUOTES: Final = ('"', "'", "\u00ab", "\u201e")
_DIGITS: Final = re.compile(r"\d+")
_SPECIAL: Final = re.compile(r"([\\.^$*+?{}\[\]|()#])")


class Line(NamedTuple):
    """A line of a document as it is counted (``key``, digits masked) and as it stands there."""

    key: str
    text: str
    known: bool


class Learned(NamedTuple):
    """A line that recurs as furniture does.

    Attributes:
        key: the line in its plain form, digits masked.
        example: one way it is written.
        articles, documents: in how many of how many different articles it stands.
        framed: the share of them in which nothing of the article is between it and an edge of the document.
        confidence: of the rule.
        hosts: on how many hosts, for a rule of all sites.
    """

    key: str
    example: str
    articles: int
    documents: int
    framed: float
    confidence: float
    hosts: int = 1


def read_lines(text: str, cleaner: Cleaner) -> list[Line]:
    """Return the lines of a document, and of each whether the rules take it already."""
    result = cleaner.explain(text)
    folded = fold(text)
    low = lower(folded)
    gone = [(one.start, one.end) for one in result.removed]
    out = []
    at = 0
    for block in result.document.blocks:
        while at < len(gone) and gone[at][1] <= block.start:
            at += 1
        known = at < len(gone) and gone[at][0] <= block.start and block.end <= gone[at][1]
        written = text[block.start : block.end].strip()
        key = plain(low[block.start : block.end]) if block.end - block.start <= MAX_BLOCK else written
        out.append(Line(_DIGITS.sub("0", key), written, known))
    return out


def judge_host(texts: Sequence[str], cleaner: Cleaner) -> list[Learned]:
    """Return the lines of a host's documents that are to be learned, those that stand in most of them first."""
    pages = [lines for lines in (read_lines(text, cleaner) for text in texts) if lines]
    raw: dict[str, int] = {}
    for lines in pages:
        for key in {line.key for line in lines}:
            raw[key] = raw.get(key, 0) + 1
    # Documents with the same article, at several addresses or on several sites, count once.
    articles: dict[str, list[Line]] = {}
    for lines in pages:
        articles.setdefault(_article(lines, raw), lines)
    total = len(articles)
    if total < MIN_DOCUMENTS:
        return []
    counts: dict[str, int] = {}
    known: dict[str, int] = {}
    for lines in articles.values():
        for key in {line.key for line in lines}:
            counts[key] = counts.get(key, 0) + 1
        for key in {line.key for line in lines if line.known}:
            known[key] = known.get(key, 0) + 1
    recurring = {key for key, count in counts.items() if count >= max(3, RECURRING * total)}
    own = sum(any(line.key not in recurring and not line.known for line in lines) for lines in articles.values())
    if own < MIN_DOCUMENTS or own < OWN * total:
        return []  # pages without articles of their own: everything recurs, and nothing tells what is furniture
    framed, beside, titled, examples = _places(articles.values(), recurring)
    found = []
    for key in sorted(recurring):
        count = counts[key]
        if known.get(key, 0) >= KNOWN * count:
            continue  # the rules take it already, nearly always
        if count < MIN_COUNT or not any(map(str.isalpha, key)) or len(key) > MAX_BLOCK:
            continue
        one = Learned(
            key,
            examples[key],
            count,
            total,
            framed.get(key, 0) / count,
            0.0,
        )
        if _is_furniture(one, beside.get(key, 0) / count, titled.get(key, 0) / count):
            found.append(one._replace(confidence=_confidence(one)))
    return sorted(found, key=lambda one: (-one.articles, one.key))


def _article(lines: Sequence[Line], counts: dict[str, int]) -> str:
    """Return the line that tells a document's article from others: the longest of those that stand in fewest."""
    return min(lines, key=lambda line: (counts[line.key], -len(line.key), line.key)).key


def _places(
    pages: Iterable[Sequence[Line]], recurring: set[str]
) -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, str]]:
    """Count where recurring lines stand: framed, beside others of their kind, and as a title; and give an example of each."""
    framed: dict[str, int] = {}
    beside: dict[str, int] = {}
    titled: dict[str, int] = {}
    examples: dict[str, str] = {}
    for lines in pages:
        shared = [line.known or line.key in recurring for line in lines]
        head = next((number for number, one in enumerate(shared) if not one), len(lines))
        tail = len(lines) - next((number for number, one in enumerate(reversed(shared)) if not one), len(lines))
        seen: set[str] = set()
        for number, line in enumerate(lines):
            if line.key not in recurring or line.key in seen:
                continue
            seen.add(line.key)
            examples[line.key] = min(examples.get(line.key, line.text), line.text)
            framed[line.key] = framed.get(line.key, 0) + (number < head or number >= tail)
            near = [shared[other] for other in (number - 1, number + 1) if 0 <= other < len(lines)]
            beside[line.key] = beside.get(line.key, 0) + any(near)
            # What heads the article's first paragraph may be its headline, however often it is used.
            titled[line.key] = titled.get(line.key, 0) + (
                number + 1 == head < len(lines) and len(lines[head].text) >= _PARAGRAPH
            )
    return framed, beside, titled, examples


def _is_furniture(one: Learned, beside: float, titled: float) -> bool:
    low, _ = bounds(one.articles, one.documents)
    share = one.articles / one.documents
    sounds = wording.log_odds(one.key)
    if titled > 0.5 and sounds < SOUNDS_SURE:
        return False
    if one.framed >= FRAMED:
        if not is_sentence(one.key):
            return share >= LABEL_SHARE and low >= LABEL_SHARE / 2
        return (share >= SENTENCE_SHARE and sounds > SOUNDS) or low >= EVERYWHERE
    if is_sentence(one.key):
        return share >= BODY_SHARE and beside >= FRAMED and sounds > SOUNDS_SURE
    if share >= CALL_SHARE and len(one.key.split()) >= _SENTENCE_WORDS:
        return True
    return share >= BODY_SHARE and sounds > (SOUNDS if beside >= FRAMED else SOUNDS_SURE)


def is_sentence(line: str) -> bool:
    """Whether a line may be one of an article: it is quoted, or long and closed as a sentence is."""
    if line.startswith(_QUOTES):
        return True
    return len(line.split()) >= _SENTENCE_WORDS and line.rstrip("\"')\u00bb").endswith(
        (".", "!", "?", "\u2026", "\u3002")
    )


def bounds(count: int, total: int) -> tuple[float, float]:
    """Return the bounds of a share at 95 %, by Wilson's score."""
    if not total:
        return 0.0, 1.0
    z = 1.96
    share = count / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _confidence(one: Learned) -> float:
    """Return how sure a rule is: in the head and tail of most documents 0.95, rarely or inside the body 0.6."""
    low, _ = bounds(one.articles, one.documents)
    return round(0.6 + 0.35 * min(1.0, low / 0.5) * one.framed, 2)


def across(by_host: dict[str, list[Learned]]) -> dict[str, list[Learned]]:
    """Return the same with lines that are learned on many hosts as rules of all sites (``*``)."""
    hosts: dict[str, list[Learned]] = {}
    for found in by_host.values():
        for one in found:
            hosts.setdefault(one.key, []).append(one)
    needed = max(HOSTS, math.ceil(len(by_host) / 10))
    common: list[Learned] = []
    for key, found in hosts.items():
        if len(found) >= needed:
            count, documents = (sum(getattr(one, name) for one in found) for name in ("articles", "documents"))
            framed = sum(one.framed * one.articles for one in found) / count
            example = min(one.example for one in found)
            common.append(
                Learned(key, example, count, documents, framed, max(one.confidence for one in found), len(found))
            )
    keys = {one.key for one in common}
    out = {ANY: sorted(common, key=lambda one: (-one.articles, one.key))} if common else {}
    for host in sorted(by_host):
        rest = [one for one in by_host[host] if one.key not in keys]
        if rest:
            out[host] = rest
    return out


# Writing


def to_toml(sites: dict[str, list[Learned]], documents: dict[str, int]) -> str:
    """Return what was learned as a file of rules, for a person to read and edit.

    Args:
        sites: what was learned, by host.
        documents: how many documents each host has in all.
    """
    out = [
        "# Lines that recur on these sites and that no other rule knows. Read them, delete what belongs to the articles,",
        "# and use the rest: cleaner run --sites FILE --url-field url",
    ]
    for host, found in sites.items():
        out += ["", "[[site]]", f"host = {_quoted(host)}"]
        if host in documents:
            out.append(f"documents = {documents[host]}")
        for one in found:
            on = f" on {one.hosts} sites" if one.hosts > 1 else ""
            why = (
                f"Stands in {one.articles} of {one.documents} articles{on} ({one.articles / one.documents:.0%}), in"
                f" {one.framed:.0%} of them with nothing of the article between it and the edge."
            )
            out += [
                "",
                "[[site.rule]]",
                f"id = {_quoted(rule_id(host, one))}",
                f"why = {_quoted(why)}",
                f"pattern = {_literal(pattern_of(one.key))}",
                f"confidence = {one.confidence}",
                f"strips = [{_quoted(one.example)}]",
            ]
    return "\n".join(out) + "\n"


def rule_id(host: str, one: Learned) -> str:
    """Return the id of a rule: the site, the first words and a short hash."""
    site = "sites" if host == ANY else re.sub(r"[^a-z0-9-]", "-", host)
    words = "-".join(re.findall(r"[a-z0-9]+", one.key)[:3])[:32]
    return f"{site}.{CATEGORY}.{'-'.join(filter(None, (words, f'{_hash(one.key):016x}'[:6])))}"


def pattern_of(key: str) -> str:
    """Return the pattern of a plain line: its words, with numbers for numbers."""
    return _SPECIAL.sub(r"\\\1", key).replace("0", r"\d+")


def _literal(text: str) -> str:
    return _quoted(text) if "'" in text or not text.isprintable() else f"'{text}'"


def _quoted(text: str) -> str:
    safe = text.encode("utf-8", "replace").decode()
    return json.dumps(safe, ensure_ascii=False).replace("\x7f", "\\u007f")


def learn(sketch: Sketch, cleaner: Cleaner, judged: Iterator[tuple[str, list[Learned]]] | None = None) -> str:
    """Return the file of rules that a sketch teaches; the same for the same sketch."""
    results = judged or ((host, judge_host(sketch.documents(host), cleaner)) for host in sorted(sketch.hosts))
    by_host = dict(results)
    return to_toml(across(by_host), {host: sketch.hosts[host].documents for host in by_host})
