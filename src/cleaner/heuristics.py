"""Heuristics: what no pattern over one block can say. Each is a named function, and ``HEURISTICS`` lists them all.

A heuristic carries a rule for its id, category, confidence and context; it supplies the blocks that the rule is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from cleaner import markdown
from cleaner.evidence import Evidence, ends_sentence
from cleaner.rule import Rule
from cleaner.tails import last_segment

TITLE_WORDS: Final = 4
SENTENCES: Final = 8
"""A block of fewer words may be a headline of two sentences."""

TITLE_STEMS: Final = 2
MAX_TITLES: Final = 60
"""A headline among so many blocks is likely to be the title if it has so many of the words of the first paragraphs."""

QUOTED_WORDS: Final = 3
SENTENCE_QUOTE: Final = 6
LINE_QUOTE: Final = 9
"""So many words make a pull quote: between quotation marks, as a sentence, and as a line that is neither."""

MAX_QUOTES: Final = 200
MAX_PROSE: Final = 100

STAMPS: Final = 3
STAMP_WORDS: Final = 3
GLOSSARY: Final = 4
SENTENCE_TERM: Final = 3
ITEM_WORDS: Final = 5
SENTENCE_WORDS: Final = 7
FURNITURE: Final = 3
"""So many different words for page furniture in an article's own prose make it an article about furniture."""

CAPTION_WORDS: Final = 60

_WORD: Final = r"[^\W_]+(?:['\-.][^\W_]+)*"
_SIGN: Final = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_SITE: Final = re.compile(
    r"\s+(?:[|\u00b7\u2022\u203a>]|-{1,2}|::)\s+|\s*\|\s*|(?<=[\u3040-\u9fff\d])[_-](?=[\u3040-\u9fff])"
)


_ATTRIBUTED: Final = re.compile(r"(.{3,}[\"'\u300d\u300f][.,]?) *(?:-|\u2014|\u2013) *[^\"']{2,80}$")
_SENTENCES: Final = re.compile(r"(?<=[.!?\u2026\u3002\uff01\uff1f])[\"']? +|(?<=[\u3002\uff01\uff1f])")
DAY_WORDS: Final = 4
_DAY: Final = re.compile(
    r"(?:[^\W\d_]{2,12}[.,]? )?\d{1,2}[.,]? ?[^\W\d_]{1,14}\.?(?: \d{4})?|[^\W\d_]{3,14} \d{1,2}(?:, \d{4})?"
)
_STAMP: Final = re.compile(
    r"\W{0,4}(?:\w{1,4}\.? )?(\d{1,2})[:.h](\d{2})(?:[:.]\d\d)?(?: ?(?:[^\W\d]\.?){1,6})?\W{0,3}"
)
_NUMERAL: Final = re.compile(r"[ivxlcIVXLC]{1,6}\.?|\d{1,3}\.?|\w")


class Heuristic(NamedTuple):
    """A rule whose blocks a function finds, and why it is right."""

    rule: Rule
    why: str
    find: Callable[[Evidence], Iterable[int]]


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation; a Chinese or Japanese sign is a word."""
    return _words(ascii_only=text.isascii()).findall(text.lower())


@cache
def _words(*, ascii_only: bool) -> re.Pattern[str]:
    # A class of far-away characters is slow to compile, and ASCII doesn't need it.
    return re.compile(_WORD if ascii_only else f"{_SIGN}|{_WORD}")


def find_title(evidence: Evidence) -> int | None:
    """Return the block that is the title: the first that stays in the head and isn't prose."""
    places = evidence.places()
    for number in range(min(len(evidence), 12)):
        if evidence.gone[number] is not None:
            continue
        if "head" not in places.of(number) or evidence.prose[number]:
            return None
        if evidence.words[number] >= TITLE_WORDS or (number == 0 and evidence.words[number] > 1):
            return number
    return None


def repeated_title(evidence: Evidence) -> Iterator[int]:
    """Find later copies of the title, and a first copy that carries the site's name beside a plain one."""
    head = [n for n in range(min(len(evidence), 12)) if evidence.gone[n] is None and not evidence.prose[n]]
    bare = {number: " ".join(words_of(evidence.text(number))) for number in head}
    parts = {number: _site_parts(evidence.text(number)) for number in head}
    sites: dict[str, list[int]] = {}
    for number in head:
        known = {bare[other] for other in head if other != number}
        part = next((part for part in parts[number] if part in known), None)
        if part is not None:
            sites.setdefault(part, []).append(number)
    for numbers in sites.values():
        if len(numbers) <= 2:  # who speaks stands before a dash, line by line
            yield from numbers
    title = find_title(evidence)
    if title is None or evidence.words[title] < TITLE_WORDS:
        return
    wanted = " ".join(words_of(evidence.text(title)))
    copies = []
    for number in range(title + 1, len(evidence)):
        line = evidence.lines[number]
        if line and evidence.gone[number] is None and len(line) <= 2 * len(wanted) + 20:
            found = " ".join(words_of(line))
            if found == wanted or wanted in _site_parts(evidence.text(number)):
                copies.append(number)
    if len(copies) <= 2:  # a line that comes back more often is a refrain
        yield from copies


def _site_parts(text: str) -> list[str]:
    """Return the title that a line may hold beside a site's name: "Title | Site", "Site: Title" and the like."""
    parts = _SITE.split(text)
    if len(parts) < 2:
        return []
    return [" ".join(words_of(part)) for part in (parts[0], parts[-1], " ".join(parts[:-1])) if part.strip()]


def photo_title(evidence: Evidence) -> Iterator[int]:
    """Find variants of the title that head a caption: they begin with the same words."""
    title = find_title(evidence)
    if title is None:
        return
    wanted = words_of(evidence.text(title))
    for number in range(title + 1, len(evidence) - 1):
        if evidence.gone[number] is not None or evidence.prose[number]:
            continue
        following = evidence.gone[number + 1]
        if following is None or following.category not in ("caption", "credit"):
            continue
        words = words_of(evidence.lines[number])
        if len(words) < TITLE_WORDS or ends_sentence(evidence.raw(number)):
            continue
        same = len(set(words) & set(wanted))
        if words[:3] == wanted[:3] or same >= 0.6 * len(set(words)):
            yield number


def caption_above_credit(evidence: Evidence) -> Iterator[int]:
    """Find the caption right above a photo credit.

    Where paragraphs are set apart by blank lines, a line that is not set apart from the credit below it belongs to it.
    """
    title = find_title(evidence)
    for number in range(len(evidence) - 1):
        following = evidence.gone[number + 1]
        if following is None or following.category != "credit" or evidence.gone[number] is not None:
            continue
        if evidence.listed(number) or number == title:
            continue
        if evidence.spaced and evidence.gaps[number + 1] == 1 and 3 <= evidence.words[number] <= CAPTION_WORDS:
            if number == 0 or evidence.gaps[number] > 1 or evidence.gone[number - 1] is not None:
                yield number


def pull_quote(evidence: Evidence) -> Iterator[int]:
    """Find blocks whose words all stand, in the same order, inside a longer paragraph of prose: in one piece, or sentence by sentence.

    Linear: at most ``MAX_QUOTES`` blocks are looked for, and only in paragraphs that have their first word.
    """
    title = find_title(evidence)
    first = next((n for n in range(len(evidence)) if evidence.prose[n] and evidence.gone[n] is None), None)
    if first is None:
        return
    wanted: dict[str, list[tuple[int, list[str], int]]] = {}
    count = 0
    for number in range(first + 1, len(evidence)):
        if (
            evidence.gone[number] is None
            and evidence.lines[number]
            and number != title
            and evidence.words[number] <= 60
        ):
            parts = _quotation(evidence, number)
            if parts:
                size = sum([len(part) for part in parts])
                pieces = [f" {' '.join(part)} " for part in parts]
                wanted.setdefault(parts[0][0], []).append((number, pieces, size))
                count += 1
                if count > MAX_QUOTES:
                    return
    found: set[int] = set()
    for number in range(len(evidence)) if wanted else ():
        if not evidence.prose[number] or evidence.gone[number] is not None:
            continue
        words = words_of(evidence.text(number))
        openings = wanted.keys() & set(words)
        if not openings:
            continue
        joined = f" {' '.join(words)} "
        for opening in openings:
            for quote, pieces, size in wanted[opening]:
                if quote != number and len(words) >= size + 4 and _in_order(pieces, joined):
                    found.add(quote)
    yield from sorted(found)


def live_stamps(evidence: Evidence) -> Iterator[int]:
    """Find the clock stamps that head the entries of a live blog: lines that are a time and no more, the latest first.

    In a timeline, a diary or a programme, where times are the article's own, they run the other way.
    """
    stamps: list[tuple[int, int, int]] = []
    days = 0
    for number, line in enumerate(evidence.lines):
        if evidence.words[number] <= STAMP_WORDS and (found := _STAMP.fullmatch(line)) and int(found[1]) < 25:
            stamps.append((number, int(found[1]) * 60 + int(found[2]), days))
        elif evidence.words[number] <= DAY_WORDS and _DAY.fullmatch(line):
            days += 1  # of a diary, which begin at an earlier time
    back = sum(before > after and day == same for (_, before, day), (_, after, same) in pairwise(stamps))
    if len(stamps) >= STAMPS and back >= 2 and 3 * back >= 2 * (len(stamps) - 1):
        yield from (number for number, _, _ in stamps)


def _in_order(pieces: list[str], joined: str) -> bool:
    at = 0
    for piece in pieces:
        at = joined.find(piece, at)
        if at < 0:
            return False
        at += len(piece) - 1
    return True


def _quotation(evidence: Evidence, number: int) -> list[list[str]]:
    """Return the words of what may be a pull quote, a list a sentence; nothing for what is too short to tell.

    Between quotation marks a few words are enough; who said it may stand behind a dash. Else it takes a sentence or a long line.
    """
    if evidence.listed(number):
        return []
    text = evidence.written(number)
    if text[-1:] in "?:\uff1f\uff1a":
        return []  # a heading asks what the text below it answers in the same words
    said = _ATTRIBUTED.match(text)
    core = said[1] if said else text
    parts = [words for part in _SENTENCES.split(core) if (words := words_of(part))]
    size = sum([len(part) for part in parts])
    quoted = core[:1] in "\"'\u300c\u300e" and core.rstrip(" .,!?")[-1:] in "\"'\u300d\u300f"
    wide = not core.isascii() and core[len(core) // 2] >= "\u0e00"
    least = QUOTED_WORDS if quoted else SENTENCE_QUOTE if ends_sentence(core) else LINE_QUOTE
    return parts if size >= (2 * least if wide else least) else []


def glossary_headings(evidence: Evidence) -> Iterator[int]:
    """Find the headings of a glossary, a guide or a questionnaire, whatever they say: a short line, a text, and so on.

    At least ``GLOSSARY`` different short lines in a row, each followed by one block that reads as sentences, are how an
    article is built. Page furniture doesn't keep step with the paragraphs.
    """
    number, count = 0, len(evidence)
    while number + 1 < count:
        run = []
        while number + 1 < count and _term(evidence, number) and _definition(evidence, number + 1):
            run.append(number)
            number += 2
        if len({evidence.lines[n] for n in run}) >= GLOSSARY and not _all_furniture(evidence, run):
            yield from run
        if not run:
            number += 1


def _all_furniture(evidence: Evidence, run: list[int]) -> bool:
    """Whether rules know every line of a run, one of them longer than a glossary's word: "Share this article"."""
    return all(n in evidence.hints for n in run) and any(evidence.words[n] >= SENTENCE_TERM for n in run)


def _term(evidence: Evidence, number: int) -> bool:
    return evidence.words[number] <= TITLE_WORDS and not ends_sentence(evidence.raw(number))


def _definition(evidence: Evidence, number: int) -> bool:
    return evidence.words[number] > 1 and ends_sentence(evidence.raw(number))


def about_furniture(evidence: Evidence) -> bool:
    """Whether the article's own sentences speak of page furniture, in several words for it."""
    blocks, low = evidence.document.blocks, evidence.views.low
    found: set[str] = set()
    for number, block in enumerate(blocks):
        if evidence.gone[number] is None and number not in evidence.hints and evidence.words[number] >= SENTENCE_WORDS:
            if ends_sentence(evidence.raw(number)):
                found.update(_FURNITURE.findall(low, block.start, block.end))
    return len(found) >= FURNITURE


def sheltered(evidence: Evidence) -> frozenset[int]:
    """Find blocks that only a rule which needs no context, or a neighbour of its own kind, may remove.

    They are the headings of lists, the longer items of lists, and everything in an article about page furniture.
    """
    count = len(evidence)
    if evidence.about_furniture:
        return frozenset(range(count))
    listed = [evidence.listed(n) for n in range(count)]
    found = {n for n in range(count) if listed[n] and evidence.words[n] > ITEM_WORDS}
    found.update(n for n in range(count - 1) if listed[n + 1] and not listed[n] and evidence.gaps[n + 1] == 1)
    return frozenset(found)


_FURNITURE: Final = re.compile(
    r"\b(headline|label|caption|byline|banner|button|pop-up|paywall|cookie|newsletter|prompt|home screen|notification|subscrib|"
    r"advertis|classified|alt text|hashtag|comment section|footer|sidebar|scroll|click|app store|inbox|unsubscribe|consent)"
)


def headline_list(evidence: Evidence, heading: int) -> list[int]:
    """Return the headlines that stand as a list below a heading such as "Related stories".

    The list ends at the first block that isn't a headline and where the gap widens. A short last line before prose is
    left: it may be the next heading of the article.
    """
    items: list[int] = []
    number = heading + 1
    gap = None
    title = _title_below(evidence, heading)
    while number < len(evidence) and len(items) < 40:
        known = evidence.gone[number] is not None
        if (not known and not evidence.headline(number)) or number in evidence.protected or number == title:
            break
        if not known and _sentences(evidence, number):
            break
        if gap is not None and evidence.gaps[number] > gap:
            break
        if items and (gap is None or evidence.gaps[number] < gap):
            gap = evidence.gaps[number]
        items.append(number)
        number += 1
    if number < len(evidence) and evidence.prose[number] and items and evidence.gone[items[-1]] is None:
        apart = evidence.gaps[number] > evidence.gaps[items[-1]]
        if not apart and evidence.words[items[-1]] < 6:
            items.pop()
    return items


def _sentences(evidence: Evidence, number: int) -> bool:
    """Whether a block is a paragraph of two sentences or more, and no headline."""
    text = evidence.raw(number)
    return evidence.words[number] >= SENTENCES and ends_sentence(text) and last_segment(text) is not None


def _title_below(evidence: Evidence, heading: int) -> int | None:
    """Return the title that stands below a heading of the head, such as "Latest news": the first headline that speaks of what the prose speaks of."""
    if heading >= MAX_TITLES:
        return None
    for number in range(min(len(evidence), MAX_TITLES)):
        if evidence.prose[number] and evidence.gone[number] is None:
            return None
        if headlike(evidence, number) and common_stems(evidence, number) >= TITLE_STEMS:
            return number if number > heading else None
    return None


def kicker(evidence: Evidence) -> Iterator[int]:
    """Find the section label above the headline: one to three words, then a headline of more, then a standfirst.

    A short headline above its standfirst looks the same but for what follows; so either the label is in capitals, which
    the headline isn't, or a third line, a sentence, stands before the body.
    """
    title = next((n for n in range(min(len(evidence), 12)) if headlike(evidence, n)), None)
    if title is None or title == 0:
        return
    above = [n for n in range(title) if evidence.gone[n] is None]
    if len(above) > 2 or any(evidence.words[n] > 3 or ends_sentence(evidence.raw(n)) for n in above):
        return
    # A text that is full of capitals, a script for instance, says nothing by them.
    loud = sum(evidence.raw(n).isupper() and evidence.gone[n] is None for n in range(title + 1, len(evidence)))
    shouting = not evidence.raw(title).isupper() and loud < FURNITURE
    known = any(evidence.gone[n] is not None for n in range(title))
    standfirst = title + 1 < len(evidence) and evidence.gone[title + 1] is None and (
        8 <= evidence.words[title + 1] <= 40 and not headlike(evidence, title + 1)
    ) and title + 2 < len(evidence) and evidence.gone[title + 2] is not None  # fmt: skip
    for number in above:
        if _NUMERAL.fullmatch(evidence.raw(number).strip()):
            continue
        if (shouting and evidence.raw(number).isupper()) or known or standfirst:
            yield number


def headlike(evidence: Evidence, number: int) -> bool:
    """Whether a block that stays reads like the headline: four words or more, no sentence's end."""
    return evidence.gone[number] is None and not evidence.prose[number] and (
        TITLE_WORDS <= evidence.words[number] <= 25 and not ends_sentence(evidence.raw(number))
    )  # fmt: skip


def in_head(evidence: Evidence) -> Iterator[int]:
    """Find short lines between two lines of the head that go, below the title: a role, an outlet, a section."""
    title = find_title(evidence)
    if title is None:
        return
    for number in range(title + 1, min(len(evidence) - 1, title + 12)):
        if evidence.prose[number] and evidence.gone[number] is None:
            return
        above, below = evidence.gone[number - 1], evidence.gone[number + 1]
        if evidence.gone[number] is None and above is not None and below is not None and evidence.words[number] <= 6:
            if not common_stems(evidence, number):
                yield number


def common_stems(evidence: Evidence, number: int) -> int:
    """Return how many of a block's longer words the article's first paragraphs have: many of a title's, few of a role's or an outlet's."""
    low, blocks = evidence.views.low, evidence.document.blocks
    stems = {word[:6] for word in words_of(evidence.lines[number]) if len(word) > 3 or word[0] >= "\u0e00"}
    prose = [block for block, flag in zip(blocks, evidence.prose, strict=True) if flag][:MAX_PROSE]
    return sum(any(low.find(stem, block.start, block.end) >= 0 for block in prose) for stem in stems)


BOXES: Final = frozenset(
    {"app-prompt", "newsletter", "consent", "share", "related", "comments", "donation", "paywall", "biography",
     "contact", "legal", "navigation", "tags", "source-credit"}
)  # fmt: skip
"""Categories that come as boxes of several lines. A caption or an advertisement's label stands alone."""

BOX_WORDS: Final = 10
LABEL_WORDS: Final = 4
"""A longer sentence between two known lines may be the article's."""

MAX_GAP: Final = 3
MAX_TAIL: Final = 2


def box(evidence: Evidence) -> Iterator[int]:
    """Find the lines of a box of which others are known: between two known lines, or tied to one by its spacing.

    A box is a run of blocks that aren't prose. Between two of its known lines up to ``MAX_GAP`` unknown ones go, at
    the end of the document up to ``MAX_TAIL`` behind the last known one. Where paragraphs are set apart by blank lines,
    a line that is not set apart from a known one, but is from what stays, goes too. The line right before prose
    may be a heading of the article and stays unless it is tied to the known one.
    """
    gone = evidence.gone
    title = find_title(evidence)
    number, count = 0, len(evidence)
    while number < count:
        if evidence.prose[number] and gone[number] is None:
            number += 1
            continue
        first = number
        while number < count and not (evidence.prose[number] and gone[number] is None):
            number += 1
        yield from _complete(evidence, first, number, title)


def _complete(evidence: Evidence, first: int, stop: int, title: int | None) -> Iterator[int]:
    gone, count = evidence.gone, len(evidence)
    known = [n for n in range(first, stop) if (found := gone[n]) is not None and found.category in BOXES]
    if not known:
        return
    for left, right in zip(known, known[1:], strict=False):
        if title is not None and left < title < right:
            continue
        unknown = [n for n in range(left + 1, right) if gone[n] is None]
        if len(unknown) <= MAX_GAP:
            yield from (n for n in unknown if _may_go(evidence, n, title))
    last = known[-1]
    after = [n for n in range(last + 1, stop) if gone[n] is None]
    if stop == count and len(after) <= MAX_TAIL and len(known) > 1:
        yield from (n for n in after if _may_go(evidence, n, title))
    if not evidence.spaced:
        return
    for n in after[:MAX_GAP]:
        if evidence.gaps[n] != 1 or not _may_go(evidence, n, title):
            break
        yield n
    before = known[0] - 1
    if before > first and evidence.gaps[before + 1] == 1 and evidence.gaps[before] > 1 and gone[before] is None:
        if _may_go(evidence, before, title):
            yield before


def _may_go(evidence: Evidence, number: int, title: int | None) -> bool:
    if number == title or evidence.prose[number] or number in evidence.protected or number in evidence.sheltered:
        return False
    text = evidence.raw(number).rstrip()
    if text.endswith((":", "\uff1a")):
        return False
    if evidence.places().of(number) != ("tail",):
        return evidence.words[number] <= LABEL_WORDS
    return evidence.words[number] <= BOX_WORDS and not (evidence.words[number] > LABEL_WORDS and ends_sentence(text))


def _rule(identity: str, confidence: float = 0.7) -> Rule:
    return Rule(identity, identity.split(".")[1], "", confidence=confidence)


HEURISTICS: Final = (
    Heuristic(_rule("any.caption.markdown-image", 0.9), "An image and its alternative text are no text of the article.", markdown.images),
    Heuristic(_rule("any.navigation.anchors", 0.9), "A list of links to places on the same page repeats its headings.", markdown.anchors),
    Heuristic(_rule("any.repeat.title"), "A page prints its headline again in its title bar, crumbs and image.", repeated_title),
    Heuristic(_rule("any.caption.above-credit"), "The line right above a photo credit is the photo's caption.", caption_above_credit),
    Heuristic(_rule("any.caption.photo-title"), "A gallery heads a photo with a variant of the headline.", photo_title),
    Heuristic(_rule("any.navigation.kicker"), "A word or two in capitals above the headline name its section.", kicker),
    Heuristic(_rule("any.timestamp.live", 0.8), "Times that run backwards down the page head the entries of a live blog.", live_stamps),
    Heuristic(_rule("any.byline.between", 0.6), "A short line between the byline and the date belongs to them.", in_head),
    Heuristic(_rule("any.repeat.pull-quote"), "A pull quote repeats words of the body; the sentence in the body stays.", pull_quote),
)  # fmt: skip
"""The heuristics that are asked before the context is weighed, in this order."""

BOX: Final = Heuristic(
    _rule("any.interface.box", 0.6), "A line inside a box of which the other lines are known belongs to the box.", box
)
"""The heuristic that is asked when the context has been weighed."""
