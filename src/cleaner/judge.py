"""Evidence to verdicts: first each block by itself, then in context.

What needs no context goes first. Then hints are weighed against their surroundings, in sweeps down and up the document
until nothing changes, so that a call to install carries off the steps and the lone "X" below it, and a share bar of
one word a line goes as a bar, while a numbered how-to has nothing beside it that could carry it off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from cleaner import context, wording
from cleaner.config import Config
from cleaner.doubts import weigh_doubts
from cleaner.evidence import Evidence, Gone, Places, ends_sentence
from cleaner.heuristics import (
    BOX,
    HEURISTICS,
    Heuristic,
    about_furniture,
    common_stems,
    glossary_headings,
    headlike,
    headline_list,
    sheltered,
)
from cleaner.markdown import code
from cleaner.match import Views, plain
from cleaner.model import Match, Span, Verdict
from cleaner.rule import Rule
from cleaner.tails import LIKELY as LIKELY_TAIL
from cleaner.tails import last_segment, learned_tails

MAX_SWEEPS: Final = 8
LABEL_WORDS: Final = 3
LONG_ITEM: Final = 8
ANCHORS: Final = 1
SURE: Final = 0.97
"""Where fewer than ``ANCHORS`` blocks are known to go, or are this likely to, the network has to be as sure as this of every other:
in a clean text, short lines are its own."""

FORM: Final = 3
STRONG: Final = 0.8
"""So many different lines in a row that rules of one category know are a form, if one of the rules is this sure."""

LIKELY: Final = 0.7
"""So sure the network has to be of items of lists, rows of tables and what the article quotes."""

TITLE_STEMS: Final = 2
MAX_TITLES: Final = 60
CERTAIN: Final = 0.97
PARAGRAPH: Final = 0.8
PARAGRAPH_OF_FEW: Final = 0.97
PARAGRAPHS: Final = 4
PARAGRAPH_OF_ONE: Final = 0.995
MAX_BODY: Final = 60
PROSE: Final = 0.8
SENTENCE: Final = 6
"""So sure the network has to be of a paragraph of prose, of one where few others would be left, of one where most others are a single
sentence as captions are, and of a sentence of so many words: to lose one costs more than to leave one."""

NEVER: Final = 0.05
NEVER_OUTSPOKEN: Final = 0.001
OUTSPOKEN: Final = frozenset({"app-prompt", "counter", "related"})
PROMPTS: Final = frozenset({"app-prompt"})
SPOKEN_OF: Final = 2
LINES: Final = 4
CLEAN: Final = 0.5
FEW: Final = 30
ENOUGH: Final = 10
"""A block of which the network says less than ``NEVER`` takes a rule's word back, in texts of enough blocks of which few went. Of a call to
install something, a label of links and a count of views it has to say the smaller number: those can stand in the middle of anything. Where it says
less than ``CLEAN`` of every block, nothing goes: 98 of 100 written look-alikes stay whole by it, 91 without. Calls to install something
are only taken back where paragraphs speak of them, with so many of their words, or where so many other short lines stand."""

SURROUNDED: Final = 3
"""In a text of fewer blocks nothing surrounds a line."""

MOST: Final = 0.5
EVEN: Final = 0.45
"""The network is fitted with articles weighing twice; of 600 held-out written pages as many come out exactly at .6."""

OUT_OF_CONTEXT: Final = 0.5
"""What is left of a rule's confidence where the context it asks for isn't found."""


def judge(
    views: Views,
    lines: Sequence[str],
    matches: Iterable[Match],
    rules: Sequence[Rule],
    config: Config,
    protected: Collection[Span] = (),
) -> list[Verdict]:
    """Return what goes, in no particular order.

    Args:
        views: the document.
        lines: per block its plain line, as the matcher gives it.
        matches: what the rules said; rules that are switched off are left out already.
        rules: the rules that the matches index.
        config: supplies the threshold.
        protected: spans of the document; a block that one of them touches loses nothing.
    """
    evidence, inline = by_rules(views, lines, matches, rules, config, protected)
    clean = _think_again(evidence, inline, rules, config)
    if clean:
        inline = [(match, rule) for match, rule in inline if rule.user]
    in_surroundings(evidence, config)
    verdicts = [
        Verdict(number, None, gone.category, gone.rule, gone.confidence)
        for number, gone in enumerate(evidence.gone)
        if gone is not None
    ]
    places = evidence.places()
    for match, rule in inline:
        if (
            match.block in evidence.protected
            or match.block in evidence.quoted
            or evidence.gone[match.block] is not None
        ):
            continue
        if rule.about and evidence.is_about(rule.about, match.block):
            continue
        if rule.confidence >= config.threshold and _in_place(rule, places, match.block):
            verdicts.append(Verdict(match.block, match.span, rule.category, rule.id, rule.confidence))
    if clean:
        return verdicts
    return verdicts + _tails(evidence, verdicts, config)


def _tails(evidence: Evidence, verdicts: Sequence[Verdict], config: Config) -> list[Verdict]:
    """Return the tails of paragraphs that no rule knows, as verdicts; a paragraph that loses a piece already waits for the next pass."""
    out = []
    inside = {verdict.block for verdict in verdicts}
    for number, at, likely in learned_tails(evidence, anchored=bool(verdicts)):
        block = evidence.document.blocks[number]
        category = wording.category(plain(evidence.views.folded[block.start + at : block.end]))
        rule = f"any.{category}.tail"
        confidence = _tail_confidence(likely)
        if number in inside or confidence < config.threshold:
            continue
        if config.strips(category) and not config.disable & {rule, category}:
            out.append(Verdict(number, Span(block.start + at, block.end), category, rule, confidence))
    return out


def _tail_confidence(likely: float) -> float:
    """Return the regression's probability as a confidence: what it is likely to find is at the threshold of the standard mode."""
    return round(max(0.5, 0.5 + 0.5 * (likely - LIKELY_TAIL) / (1 - LIKELY_TAIL)), 4)


def by_rules(
    views: Views,
    lines: Sequence[str],
    matches: Iterable[Match],
    rules: Sequence[Rule],
    config: Config,
    protected: Collection[Span] = (),
) -> tuple[Evidence, list[tuple[Match, Rule]]]:
    """Return what rules and heuristics know of the blocks, and the matches inside blocks; see :func:`judge`."""
    evidence = Evidence(views, lines)
    inline: list[tuple[Match, Rule]] = []
    for match in matches:
        rule = rules[match.rule]
        if rule.protects:
            evidence.protected.add(match.block)
        elif match.span is not None:
            inline.append((match, rule))
        else:
            evidence.hints.setdefault(match.block, []).append(rule)
    _protect(evidence, protected)
    evidence.protected.update(glossary_headings(evidence))
    evidence.protected.update(code(evidence))
    for number in evidence.protected:
        evidence.hints.pop(number, None)

    _drop_structure(evidence)
    evidence.quoted = weigh_doubts(evidence)
    evidence.about_furniture = evidence.about_furniture or about_furniture(evidence)
    evidence.sheltered = sheltered(evidence)
    certain(evidence, config)
    for heuristic in HEURISTICS:
        if switched_on(heuristic.rule, config):
            _apply(heuristic, evidence, config)
    in_context(evidence, config)
    if switched_on(BOX.rule, config):
        _apply(BOX, evidence, config)
        in_context(evidence, config)
    return evidence, inline


def _think_again(
    evidence: Evidence, inline: Sequence[tuple[Match, Rule]], rules: Sequence[Rule], config: Config
) -> bool:
    """Take back what rules removed where the network, not told of it, is as good as certain that the block is article.

    A set phrase on a line of its own is furniture, but for the one article in which it is a verse, a specimen or an answer:
    there, all that surrounds it says so.

    Returns:
        Whether the network finds nothing in the whole document that could be cruft: then what rules know is the article's own.
    """
    removed = [number for number, gone in enumerate(evidence.gone) if gone is not None]
    if len(evidence) < ENOUGH or len(removed) > FEW or not (removed or inline):
        return False
    users = {rule.id for rule in rules if rule.user}
    fresh, _ = by_rules(evidence.views, evidence.lines, (), rules, config)
    scores, _ = context.scores(fresh)
    prompts = {n for n in removed if (known := evidence.gone[n]) is not None and known.category in PROMPTS}
    short = sum(gone is None and not flag for gone, flag in zip(evidence.gone, evidence.prose, strict=True))
    spoken_of = short >= LINES or sum(common_stems(evidence, n) for n in prompts if not evidence.prose[n]) >= SPOKEN_OF
    clean = max(scores) < CLEAN and (spoken_of or not prompts)
    run: list[int] = []
    for number in [*removed, len(evidence) + 1]:
        if run and number != run[-1] + 1:
            # What stands in company goes or stays in company.
            outspoken = any((known := evidence.gone[n]) is not None and known.category in OUTSPOKEN for n in run)
            limit = NEVER_OUTSPOKEN if outspoken else NEVER
            if clean or (
                (spoken_of or prompts.isdisjoint(run)) and all(scores[n] < limit and fresh.gone[n] is None for n in run)
            ):
                for n in run:
                    evidence.take_back(n)
            run = []
        gone = evidence.gone[number] if number < len(evidence) else None
        run = [*run, number] if gone is not None and gone.rule not in users else []
    return clean


def in_surroundings(evidence: Evidence, config: Config) -> None:
    """Weigh the wording of every block that is left, and its surroundings, by the learned network."""
    if len(evidence) < SURROUNDED or not any(gone is None for gone in evidence.gone):
        return
    found: dict[int, Gone] = {}
    scores, title = context.scores(evidence)
    gone = evidence.gone
    anchors = sum([known is not None or score >= SURE for known, score in zip(gone, scores, strict=True)])
    body = [n for n, score in enumerate(scores) if evidence.prose[n] and score < MOST]
    paragraph = PARAGRAPH if len(body) >= PARAGRAPHS else PARAGRAPH_OF_FEW
    if sum(last_segment(evidence.raw(n)) is None for n in body[:MAX_BODY]) > MOST * len(body[:MAX_BODY]):
        paragraph = PARAGRAPH_OF_ONE
    for number, score in enumerate(scores):
        confidence = _confidence(score)
        if confidence < config.threshold or gone[number] is not None or number in evidence.protected:
            continue
        if score < SURE and anchors < ANCHORS:
            continue
        if score < paragraph and evidence.prose[number]:
            continue
        if score < PROSE and evidence.words[number] >= SENTENCE and ends_sentence(evidence.raw(number)):
            continue
        if score < LIKELY and (number in evidence.sheltered or number in evidence.quoted or _tabular(evidence, number)):
            continue
        category = wording.category(evidence.written(number))
        rule = f"any.{category}.wording"
        if config.strips(category) and not config.disable & {rule, category}:
            found[number] = Gone(category, rule, confidence)
    if title is not None:
        found.pop(title, None)
    if not any(evidence.prose) and len(found) > MOST * sum([known is None for known in gone]):
        return  # a list, a table, a poem: nothing in it says what the rest would be furniture of
    _spare_title(evidence, found)
    for number, verdict in found.items():
        evidence.remove(number, verdict)


def _confidence(score: float) -> float:
    """Return the network's score as a confidence, so that ``EVEN`` is the threshold of the standard mode."""
    return round(0.5 * score / EVEN if score < EVEN else 0.5 + 0.5 * (score - EVEN) / (1 - EVEN), 4)


def _tabular(evidence: Evidence, number: int) -> bool:
    """Whether a block is a row of a table or an item of a list: short by nature, and no sign of cruft."""
    return evidence.listed(number) or "\t" in evidence.raw(number).strip()


def _spare_title(evidence: Evidence, found: dict[int, Gone]) -> None:
    """Leave the title: some line in front of the first prose has to be it, and the first that speaks of what the prose speaks of is likely to."""
    looked = 0
    for number in range(len(evidence)):
        if evidence.prose[number] and evidence.gone[number] is None and number not in found:
            break
        looked += headlike(evidence, number)
        if looked > MAX_TITLES:
            break
        if headlike(evidence, number) and common_stems(evidence, number) >= TITLE_STEMS:
            if number in found and found[number].confidence < CERTAIN:
                del found[number]
            break
    head: list[int] = []
    for number in range(len(evidence)):
        if evidence.gone[number] is not None:
            continue
        if evidence.prose[number] and number not in found:
            break
        head.append(number)
    else:
        return
    if head and all(number in found for number in head):
        likely = [n for n in head if not evidence.prose[n]] or head
        found.pop(min(likely, key=lambda n: (found[n].confidence, n)))


def _drop_structure(evidence: Evidence) -> None:
    """Forget the hints of rules that ask to be single and match inside the article as well as at their place."""
    single: dict[str, list[tuple[int, Rule]]] = {}
    for number, hints in evidence.hints.items():
        for rule in hints:
            if rule.single:
                single.setdefault(rule.id, []).append((number, rule))
    if not single:
        return
    places = evidence.places()
    for found in single.values():
        if all(_in_place(rule, places, number) for number, rule in found):
            continue
        for number, rule in found:
            evidence.hints[number] = [other for other in evidence.hints[number] if other.id != rule.id]


def switched_on(rule: Rule, config: Config) -> bool:
    """Whether a rule's id, category and language are in use."""
    if rule.id in config.disable or rule.category in config.disable:
        return False
    if config.languages is not None and not rule.user and rule.language not in config.languages | {"any"}:
        return False
    return rule.protects or config.strips(rule.category)


def _protect(evidence: Evidence, spans: Collection[Span]) -> None:
    if not spans:
        return
    ordered = sorted(spans)
    at = 0
    for number, block in enumerate(evidence.document.blocks):
        while at < len(ordered) and ordered[at].end <= block.start:
            at += 1
        if at < len(ordered) and ordered[at].start < block.end:
            evidence.protected.add(number)


def _in_place(rule: Rule, places: Places, number: int) -> bool:
    return not rule.place or any(place in rule.place for place in places.of(number))


def certain(evidence: Evidence, config: Config) -> None:
    """Remove the blocks that a rule knows by their words alone, then those that it knows at their place."""
    for placed in (False, True):
        places = evidence.places() if placed else None
        for number, hints in evidence.hints.items():
            for rule in hints:
                if rule.needs_context or bool(rule.place) != placed or rule.confidence < config.threshold:
                    continue
                if _doubtful(rule, evidence, number):
                    continue
                if places is None or _in_place(rule, places, number):
                    _remove(evidence, number, rule, rule.confidence)


def _doubtful(rule: Rule, evidence: Evidence, number: int) -> bool:
    """Whether a match alone proves nothing: the article speaks of it, or the block is an item of a list in its body."""
    if rule.about and evidence.is_about(rule.about, number):
        return True
    if number in evidence.quoted:
        return True
    if evidence.about_furniture and (rule.run or rule.edge or evidence.words[number] <= LABEL_WORDS):
        return True
    if number in evidence.sheltered and (rule.run or rule.edge) and not rule.opens:
        return True
    return evidence.listed(number) and (evidence.words[number] > LONG_ITEM or "body" in evidence.places().of(number))


def _remove(evidence: Evidence, number: int, rule: Rule, confidence: float) -> None:
    known = evidence.gone[number]
    if known is None or known.confidence < confidence:
        evidence.remove(number, Gone(rule.category, rule.id, confidence))


def _apply(heuristic: Heuristic, evidence: Evidence, config: Config) -> None:
    rule = heuristic.rule
    for number in list(heuristic.find(evidence)):
        if number in evidence.protected or evidence.gone[number] is not None:
            continue
        if rule.needs_context:
            evidence.hints.setdefault(number, []).append(rule)
        elif rule.confidence >= config.threshold:
            _remove(evidence, number, rule, rule.confidence)


def in_context(evidence: Evidence, config: Config) -> None:
    """Weigh the hints against their surroundings until nothing changes, then say what is left of those without."""
    runs = _runs(evidence)
    opened = _lists(evidence, config)
    for _ in range(MAX_SWEEPS):
        places = evidence.places()
        changed = False
        pending = sorted(number for number in evidence.hints if evidence.gone[number] is None)
        head = _edge(evidence, 1)
        tail = _edge(evidence, -1)
        for step, order in ((1, pending), (-1, pending[::-1])):
            for number in order:
                if evidence.gone[number] is not None:
                    continue
                for rule in evidence.hints[number]:
                    at_edge = number == (head if step == 1 else tail)
                    if rule.confidence < config.threshold:
                        continue
                    if not _in_place(rule, places, number):
                        continue
                    if _doubtful(rule, evidence, number):
                        if not _beside(rule, evidence, number, (rule.category,)):
                            continue
                    elif not rule.needs_context:
                        pass
                    elif not (
                        (rule.edge and at_edge and not (step == 1 and _titles(evidence, number)))
                        or (number, rule.category) in runs
                        or (rule.opens and number in opened)
                        or _beside(rule, evidence, number)
                    ):
                        continue
                    _remove(evidence, number, rule, rule.confidence)
                    changed = True
                    break
                if step == 1 and number == head and evidence.gone[number] is not None:
                    head = _edge(evidence, 1, head)
                if step == -1 and number == tail and evidence.gone[number] is not None:
                    tail = _edge(evidence, -1, tail)
        changed = _take_lists(evidence, config, opened) or changed
        if not changed:
            break
    if config.threshold > OUT_OF_CONTEXT:
        return
    places = evidence.places()
    for number, hints in evidence.hints.items():
        for rule in hints:
            confidence = rule.confidence * OUT_OF_CONTEXT
            if confidence >= config.threshold and evidence.gone[number] is None and _in_place(rule, places, number):
                _remove(evidence, number, rule, confidence)


def _edge(evidence: Evidence, step: int, start: int | None = None) -> int:
    """Return the first block from an edge on that stays."""
    number = start if start is not None else (0 if step == 1 else len(evidence) - 1)
    while 0 <= number < len(evidence) and evidence.gone[number] is not None:
        number += step
    return number


def _titles(evidence: Evidence, number: int) -> bool:
    """Whether no headline follows a block of the head, so that the block itself may be the title."""
    following = number + 1
    while following < len(evidence) and (
        evidence.gone[following] is not None or any(rule.edge for rule in evidence.hints.get(following, ()))
    ):
        following += 1
    return following >= len(evidence) or not headlike(evidence, following)


def _beside(rule: Rule, evidence: Evidence, number: int, also: tuple[str, ...] = ()) -> bool:
    gone = evidence.gone
    previous = gone[number - 1] if number else None
    following = gone[number + 1] if number + 1 < len(gone) else None
    if previous is not None and previous.category in (*rule.near, *rule.after, *also):
        return True
    return following is not None and following.category in (*rule.near, *rule.before, *also)


def _runs(evidence: Evidence) -> frozenset[tuple[int, str]]:
    """Return the blocks, with the category, that stand in a run long enough for the rules that ask for one.

    Different lines count, not repetitions, and a run that a kept line introduces with a colon is a list of the
    article.
    """
    found: set[tuple[int, str]] = set()
    places = evidence.places()
    by_category: dict[str, dict[int, int]] = {}
    for number, hints in evidence.hints.items():
        for rule in hints:
            length = by_category.setdefault(rule.category, {}).get(number, 0)
            if rule.run and (not length or rule.run < length):
                by_category[rule.category][number] = rule.run
            else:
                by_category[rule.category].setdefault(number, length)
    for category, wanted in by_category.items():
        numbers = sorted(wanted)
        start = 0
        for at in range(1, len(numbers) + 1):
            if at < len(numbers) and numbers[at] == numbers[at - 1] + 1:
                continue
            run = numbers[start:at]
            start = at
            introduced = run[0] > 0 and evidence.gone[run[0] - 1] is None and evidence.raw(run[0] - 1).rstrip().endswith(
                (":", "\uff1a")
            )  # fmt: skip
            if introduced:
                continue
            different = len({evidence.lines[number] for number in run})
            found.update((number, category) for number in run if wanted[number] and different >= wanted[number])
            strong = any(
                rule.category == category and rule.confidence >= STRONG and _in_place(rule, places, n)
                for n in run
                for rule in evidence.hints[n]
            )
            if strong and different >= FORM:
                found.update((number, category) for number in run)
    return frozenset(found)


def _lists(evidence: Evidence, config: Config) -> dict[int, tuple[Rule, list[int]]]:
    """Return the lists of headlines below the headings that open one, by the heading's number."""
    opened: dict[int, tuple[Rule, list[int]]] = {}
    for number, hints in evidence.hints.items():
        for rule in hints:
            if rule.opens and rule.confidence >= config.threshold and number not in opened:
                items = headline_list(evidence, number)
                if items:
                    opened[number] = (rule, items)
    return opened


def _take_lists(evidence: Evidence, config: Config, opened: dict[int, tuple[Rule, list[int]]]) -> bool:
    changed = False
    for number, (rule, items) in opened.items():
        gone = evidence.gone[number]
        if gone is None or gone.category != rule.category:
            continue
        for item in items:
            if evidence.gone[item] is None and item not in evidence.protected:
                _remove(evidence, item, rule, min(rule.confidence, 0.7))
                changed = True
    return changed if config.threshold <= 0.7 else False
