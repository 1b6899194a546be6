"""Main content of a page: which of its blocks are the article, judged by shape, place and names, block by block.

Two looks, as in jusText: the first at a block by itself and where it stands in the tree, the second at what the first
said of its neighbours, of the elements around it and of its like. Each is a sum of small decision trees. What is kept is
the set of blocks with the best expected word F1 for this page: where the trees are sure, that asks a block for almost
even odds; where all is doubtful, for less. ``benchmarks/html/train.py`` makes the data file; trees are walked in plain Python.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.evidence import count_words, ends_sentence
from cleaner.page import Page

MODEL: Final = Path(__file__).parent / "data" / "main_content.json"

PROSE: Final = 10
"""Blocks of so many words, at most a third of them in links, count as prose when shares of containers are taken."""

LARGE: Final = 0.3
"""An element with this share of the page's words is large: its names say less, and other things, than a small one's."""

CLIP: Final = 4.0

SHORT: Final = 12
FURNITURE: Final = -4.0
"""Blocks of fewer words than ``SHORT``, headings aside, are not looked at where the names around them say so much against
them. In WCXB they hold under 1 % of the content."""

GONE: Final = 0.01
"""The score of a block that isn't looked at."""

SURE: Final = 0.08
"""Blocks that the first look gives less keep that score."""

LOOKED_AT: Final = 72
""" So many characters of a line are looked at for telling words."""

_STOPS: Final = frozenset(".!?\u3002")

_LANDMARKS: Final = (
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "article",
    "main",
    "figure",
    "table",
    "figcaption",
    "pre",
    "section",
)
_BITS: Final = {tag: 1 << number for number, tag in enumerate(_LANDMARKS)}
_ROLES: Final = {
    "navigation": "nav", "banner": "header", "contentinfo": "footer", "complementary": "aside", "search": "form",
    "dialog": "dialog", "alertdialog": "dialog", "main": "main", "article": "article",
}  # fmt: skip
_TAGS: Final = (
    "p",
    "li",
    "tr",
    "div",
    "td",
    "pre",
    "dd",
    "dt",
    "blockquote",
    "figcaption",
    "button",
    "section",
    "article",
    "a",
)
_TAG: Final = {tag: float(number + 1) for number, tag in enumerate(_TAGS)}
_HEADINGS: Final = {f"h{number}": number for number in range(1, 7)}


class Tables(NamedTuple):
    """Log-odds of words: of elements' names (small, large), of headings, of blocks and of inline elements' names."""

    small: dict[str, float]
    large: dict[str, float]
    heading: dict[str, float]
    word: dict[str, float]
    inline: dict[str, float]


FIRST: Final = (
    "words", "sentence", "link", "commas", "mark", "chars_a_word", "tag", "depth", *(f"in_{tag}" for tag in _LANDMARKS), "hidden",
    "word_mean", "word_max", "inline", "name_own", "name_parent", "name_grand", "name_min", "name_max", "name_sum",
    "large_own", "large_min", "large_sum",
    "holder_words", "parent_words", "grand_words", "holder_prose", "parent_prose", "grand_prose", "grand_link",
    "parent_children", "like_siblings", "like_words", "like_prose", "from_main", "branch_words", "branch_prose", "branch_link", "branch_like",
    "branch_name", "branch_blocks", "head_odds", "head_level", "head_gap",
    "position", "word_position", "since_prose", "to_prose", "prose_before", "prose_after",
    "near_words", "near_link", "far_words", "far_link", "prev_word", "next_word", "prev_name", "next_name",
    "copies", "later_copy", "title", "gap_h1",
    "blocks", "page_words", "page_prose", "page_link", "articles", "says_article", "says_product", "says_forum", "heads", "items",
)  # fmt: skip
"""What the first look knows of a block, in the order of :func:`first_look`."""

SECOND: Final = (
    "score", "score_prev", "score_next", "score_prev2", "score_next2", "score_near", "score_far", "score_parent", "score_grand", "score_like",
    "score_branch", "score_section", "score_head", "score_page", "mass_before", "mass_after", "since_kept", "to_kept", "kept_share",
    "from_core", "core_share", "best_share", "score_large",
)  # fmt: skip
"""What the second look knows besides, in the order of :func:`second_look`."""


class Layout(NamedTuple):
    """What the first look leaves for the second."""

    words: list[int]
    like: list[int]
    branch: list[int]
    head: list[int]


def first_look(page: Page, tables: Tables) -> tuple[list[list[float] | None], Layout]:
    """Return, per block, the features that :data:`FIRST` lists, or ``None`` where a look isn't worth it."""
    text, blocks = page.document
    elements, holders = page.elements, page.holders
    count, size = len(blocks), len(elements)
    small_odds, large_odds, head_odds, word_odds, inline_odds = tables
    e_parents = [max(0, element.parent) for element in elements]
    e_depths = [element.depth for element in elements]
    e_hidden = [element.hidden for element in elements]

    # Blocks by themselves.
    lines = [text[block.start : block.end] for block in blocks]
    words: list[int] = []
    links: list[float] = []
    prose: list[bool] = []
    said: list[tuple[float, float]] = []
    copies: dict[str, int] = {}
    for line, block in zip(lines, blocks, strict=True):
        number = len(line.split()) if line.isascii() else count_words(line)
        link = block.link_chars / len(line)
        words.append(number)
        links.append(link)
        prose.append(number >= PROSE and link < 0.34)
        copies[line] = copies.get(line, 0) + 1
        high, total, known = 0.0, 0.0, 1
        for word in line_words(line):
            if word in word_odds:
                odds = word_odds[word]
                total += odds
                known += 1
                if odds > high:  # noqa: PLR1730  # a third of a call
                    high = odds
        said.append((total / known, high))

    # Elements: sums from the inside out, names and landmarks from the outside in.
    e_words, e_prose, e_link, e_blocks = [0] * size, [0] * size, [0.0] * size, [0] * size
    children = [0] * size
    for number in range(count):
        holder = holders[number]
        e_words[holder] += words[number]
        e_link[holder] += words[number] * links[number]
        e_blocks[holder] += 1
        if prose[number]:
            e_prose[holder] += words[number]
    for at in range(size - 1, 0, -1):
        parent = elements[at].parent
        e_words[parent] += e_words[at]
        e_prose[parent] += e_prose[at]
        e_link[parent] += e_link[at]
        e_blocks[parent] += e_blocks[at]
        children[parent] += 1
    all_words, all_prose = e_words[0] or 1, e_prose[0] or 1
    own, least, most, summed = [0.0] * size, [0.0] * size, [0.0] * size, [0.0] * size
    l_own, l_least, l_sum = [0.0] * size, [0.0] * size, [0.0] * size
    marks = [0] * size
    branch, from_main = [0] * size, [0] * size
    groups: dict[tuple[int, str, tuple[str, ...]], int] = {}
    e_like, group_words, group_prose = [0] * size, [0], [0]
    group_size = [0]
    large_words = LARGE * all_words
    large_said: dict[tuple[str, ...], tuple[float, int]] = {}
    small_said: dict[tuple[str, ...], tuple[float, int]] = {}
    half = 0.5 * all_prose if e_prose[0] else 0.5
    articles = 0
    for at in range(1, size):
        parent, tag, names, _, _ = elements[at]
        mark = marks[parent] | _BITS.get(tag, 0)
        if e_words[at] >= large_words:
            odds, role = large_said.get(names) or _names_say(names, large_odds, large_said)
            mark |= role
            l_own[at] = odds
            l_least[at] = min(l_least[parent], odds)
            l_sum[at] = l_sum[parent] + odds
            own[at], least[at], most[at], summed[at] = 0.0, least[parent], most[parent], summed[parent]
        else:
            odds, role = small_said.get(names) or _names_say(names, small_odds, small_said)
            mark |= role
            own[at] = odds
            least[at] = min(least[parent], odds)
            most[at] = max(most[parent], odds)
            summed[at] = summed[parent] * 0.8 + odds
            l_own[at], l_least[at], l_sum[at] = l_own[parent], l_least[parent], l_sum[parent]
        marks[at] = mark
        articles += tag == "article"
        if e_prose[at] >= half:
            branch[at] = at
        else:
            from_main[at] = from_main[parent] + 1
            branch[at] = branch[parent] if from_main[parent] else at
        key = (parent, tag, names[:3])
        group = groups.get(key)
        if group is None:
            group = groups[key] = len(group_words)
            group_words.append(0)
            group_prose.append(0)
            group_size.append(0)
        e_like[at] = group
        group_words[group] += e_words[at]
        group_prose[group] += e_prose[at]
        group_size[group] += 1

    # Sequences.
    since, to = _distances(prose), _distances(prose[::-1])[::-1]
    word_sums, link_sums, prose_sums = [0], [0.0], [0]
    for number in range(count):
        word_sums.append(word_sums[-1] + words[number])
        link_sums.append(link_sums[-1] + words[number] * links[number])
        prose_sums.append(prose_sums[-1] + (words[number] if prose[number] else 0))
    title = {word for word in page.title.lower().split() if len(word) > 2}
    kinds = page.kinds
    says_article = float(any("article" in kind or "posting" in kind for kind in kinds))
    says_product = float("product" in kinds)
    says_forum = float(any("forum" in kind or "qapage" in kind or "question" in kind for kind in kinds))
    heads = sum(block.tag in _HEADINGS for block in blocks)
    items = sum(block.tag == "li" for block in blocks)
    page_row = [
        count, all_words, e_prose[0] / all_words, e_link[0] / all_words, articles,
        says_article, says_product, says_forum, heads / (count or 1), items / (count or 1),
    ]  # fmt: skip

    rows: list[list[float] | None] = []
    like: list[int] = []
    branches: list[int] = []
    heading: list[int] = []
    head, h1, head_level = -1, -1, 0
    head_said = 0.0
    seen: set[str] = set()
    names = page.names
    after_all = prose_sums[-1]
    for number, block in enumerate(blocks):
        holder = holders[number]
        parent = e_parents[holder]
        like_at = e_like[holder]
        if group_size[like_at] < 2 and group_size[e_like[parent]] > 1:
            like_at = e_like[parent]
        side = branch[holder]
        like.append(like_at)
        branches.append(side)
        heading.append(head)
        n = words[number]
        line = lines[number]
        later = 0
        if copies[line] > 1:
            later = line in seen
            seen.add(line)
        tag = block.tag
        level = _HEADINGS.get(tag, 0)
        if n < SHORT and summed[holder] < FURNITURE and not level:
            rows.append(None)
            continue
        grand = e_parents[parent]
        last_char = line[-1]
        before, after = number - 1, number + 1
        near_a, near_b = max(0, number - 3), min(count, number + 4)
        far_a, far_b = max(0, number - 12), min(count, number + 13)
        near = word_sums[near_b] - word_sums[near_a]
        far = word_sums[far_b] - word_sums[far_a]
        mark = marks[holder]
        inline = 0.0
        if names[number]:
            for word in inline_words(names[number]):
                inline += inline_odds.get(word, 0.0)
        mean, high = said[number]
        rows.append([
            n, last_char in _STOPS or ends_sentence(line[-8:]), links[number], line.count(",") / n if n else 0.0,
            2 if "\u00a9" in line else 1 if "|" in line or "\u00b7" in line else 3 if "@" in line or "http" in line else 4 if "\t" in line else 0,
            len(line) / n if n else 0.0, _TAG.get(tag, level and level + 20), e_depths[holder],
            mark & 1, mark & 2, mark & 4, mark & 8, mark & 16, mark & 32, mark & 64, mark & 128, mark & 256, mark & 512, mark & 1024, mark & 2048,
            e_hidden[holder],
            mean, high, inline, own[holder], own[parent], own[grand], least[holder], most[holder], summed[holder],
            l_own[holder], l_least[holder], l_sum[holder],
            e_words[holder] / all_words, e_words[parent] / all_words, e_words[grand] / all_words,
            e_prose[holder] / all_prose, e_prose[parent] / all_prose, e_prose[grand] / all_prose,
            e_link[grand] / (e_words[grand] or 1),
            children[parent], group_size[like_at], group_words[like_at] / (group_size[like_at] or 1),
            group_prose[like_at] / all_prose,
            from_main[holder], e_words[side] / all_words, e_prose[side] / all_prose, e_link[side] / (e_words[side] or 1),
            group_size[e_like[side]], own[side], e_blocks[side],
            head_said, head_level, number - head if head >= 0 else 999,
            number / count, word_sums[number] / all_words, since[number], to[number],
            prose_sums[number] / all_prose, (after_all - prose_sums[after]) / all_prose,
            near / (near_b - near_a), (link_sums[near_b] - link_sums[near_a]) / (near or 1),
            far / (far_b - far_a), (link_sums[far_b] - link_sums[far_a]) / (far or 1),
            said[before][0] if number else 0.0, said[after][0] if after < count else 0.0,
            least[holders[before]] if number else 0.0, least[holders[after]] if after < count else 0.0,
            copies[line], later,
            _shared(line, title) if n <= 30 and title else 0.0, number - h1 if h1 >= 0 else -1,
            *page_row,
        ])  # fmt: skip
        if level:
            head, head_level = number, level
            if level == 1 and h1 < 0:
                h1 = number
            total = 0.0
            for word in line_words(line):
                total += head_odds.get(word, 0.0)
            head_said = max(-CLIP, min(CLIP, total))
    return rows, Layout(words, like, branches, heading)


def _names_say(
    names: tuple[str, ...], table: dict[str, float], known: dict[tuple[str, ...], tuple[float, int]]
) -> tuple[float, int]:
    """Return what an element's names say of it: their log-odds, and the landmarks among them as bits."""
    odds, role = 0.0, 0
    for name in names:
        odds += table.get(name, 0.0)
        if name in _ROLES:
            role |= _BITS.get(_ROLES[name], 0)
    known[names] = found = (max(-CLIP, min(CLIP, odds)), role)
    return found


def line_words(line: str) -> list[str]:
    """Return the first words of a line, in lower case."""
    return line[:LOOKED_AT].lower().split()


def inline_words(names: str) -> list[str]:
    """Return the words of an inline element's class."""
    return names[:80].lower().replace("-", " ").replace("_", " ").split()


def _shared(line: str, title: set[str]) -> float:
    found = {word for word in line.lower().split() if len(word) > 2}
    return len(found & title) / len(found) if found and title else 0.0


def _distances(flags: list[bool]) -> list[int]:
    out, distance = [], 41
    for flag in flags:
        out.append(distance)
        distance = 1 if flag else min(distance + 1, 41)
    return out


def second_look(page: Page, layout: Layout, scores: list[float]) -> list[list[float] | None]:
    """Return, per block, the features that :data:`SECOND` lists, or ``None`` where the first look was sure enough.

    Args:
        page: the page.
        layout: what the first look left.
        scores: per block, the probability in 0..1 that the first look gave it.
    """
    elements, holders = page.elements, page.holders
    words, like, branch, heads = layout
    count, size = len(scores), len(elements)
    e_mass, e_words = [0.0] * size, [0.0] * size
    l_mass: dict[int, float] = {}
    l_words: dict[int, float] = {}
    s_mass: dict[int, float] = {}
    s_words: dict[int, float] = {}
    sums, word_sums, kept = [0.0], [0.0], []
    for number in range(count):
        weight = words[number] + 1.0
        mass = scores[number] * weight
        e_mass[holders[number]] += mass
        e_words[holders[number]] += weight
        l_mass[like[number]] = l_mass.get(like[number], 0.0) + mass
        l_words[like[number]] = l_words.get(like[number], 0.0) + weight
        head = heads[number]
        s_mass[head] = s_mass.get(head, 0.0) + mass
        s_words[head] = s_words.get(head, 0.0) + weight
        sums.append(sums[-1] + mass)
        word_sums.append(word_sums[-1] + weight)
        kept.append(scores[number] > 0.5 and words[number] >= PROSE)
    for at in range(size - 1, 0, -1):
        parent = elements[at].parent
        e_mass[parent] += e_mass[at]
        e_words[parent] += e_words[at]
    total = sums[-1] or 1.0
    # The core: the smallest element with most of what the first look would keep.
    from_core = [0] * size
    core = 0
    best, best_gain = 0, -1.0e9
    for at in range(size):
        parent = elements[at].parent
        if e_mass[at] >= 0.7 * total:
            core = at
        else:
            from_core[at] = from_core[parent] + 1 if parent >= 0 else 0
        gain = 2 * e_mass[at] / (e_words[at] + total)
        if gain >= best_gain:
            best, best_gain = at, gain
    in_best = [False] * size
    for at in range(size):
        parent = elements[at].parent
        in_best[at] = at == best or (parent >= 0 and in_best[parent])
    since, to = _distances(kept), _distances(kept[::-1])[::-1]
    page_score = sums[-1] / (word_sums[-1] or 1.0)
    core_share = e_mass[core] / (e_words[core] or 1.0)
    share = sum(kept) / (count or 1)
    rows: list[list[float] | None] = []
    for number in range(count):
        score = scores[number]
        if score < SURE:
            rows.append(None)
            continue
        holder = holders[number]
        parent = max(0, elements[holder].parent)
        grand = max(0, elements[parent].parent)
        side = branch[number]
        head = heads[number]
        a, b = max(0, number - 3), min(count, number + 4)
        c, d = max(0, number - 10), min(count, number + 11)
        weight = words[number] + 1.0
        mass = score * weight
        rows.append([
            score, scores[number - 1] if number else 0.0, scores[number + 1] if number + 1 < count else 0.0,
            scores[number - 2] if number > 1 else 0.0, scores[number + 2] if number + 2 < count else 0.0,
            (sums[b] - sums[a] - mass) / (word_sums[b] - word_sums[a] - weight + 1.0),
            (sums[d] - sums[c] - mass) / (word_sums[d] - word_sums[c] - weight + 1.0),
            e_mass[parent] / e_words[parent], e_mass[grand] / e_words[grand], l_mass[like[number]] / l_words[like[number]],
            e_mass[side] / (e_words[side] or 1.0), s_mass[head] / s_words[head], scores[head] if head >= 0 else 0.5, page_score,
            sums[number] / total, (sums[-1] - sums[number + 1]) / total, since[number], to[number], share,
            from_core[holder], core_share, best_gain if in_best[holder] else -best_gain,
            e_mass[holder] / e_words[holder],
        ])  # fmt: skip
    return rows


# ------------------------------------------------------------------ the model


class Model(NamedTuple):
    """The shipped model: word tables and the two looks' trees, each a function from a block's features to log-odds."""

    tables: Tables
    first: Callable[..., float]
    second: Callable[..., float]


@cache
def model() -> Model:
    """Return the model that the package ships."""
    return load(MODEL.read_text(encoding="utf-8"))


def load(written: str) -> Model:
    """Return a model from its data file's text."""
    data = json.loads(written)
    return Model(Tables(*data["tables"]), *[compiled(data[name], size) for name, size in _SIZES])


def compiled(trees: Sequence[Any], size: int) -> Callable[..., float]:
    """Return a function that sums trees, made of nested ``[feature, threshold, left, right]``, over ``size`` features.

    Written as an expression, a tree of four levels takes four comparisons of locals: a third of walking it.
    """
    names = ", ".join(f"f{number}" for number in range(size))
    lines = [f"def look({names}):", " s = 0.0", *(f" s += {_expression(tree)}" for tree in trees), " return s"]
    scope: dict[str, Callable[..., float]] = {}
    exec(compile("\n".join(lines), "<main content>", "exec"), {"__builtins__": {}}, scope)  # noqa: S102  # numbers only
    return scope["look"]


def _expression(tree: Any) -> str:
    if isinstance(tree, int | float):
        return repr(float(tree))
    feature, threshold, left, right = tree
    return f"({_expression(left)} if f{int(feature)} <= {float(threshold)!r} else {_expression(right)})"


def scores(page: Page, trees: Model) -> tuple[list[float], list[int]]:
    """Return, per block, the share of it that is likely article, in 0..1, and its number of words."""
    rows, layout = first_look(page, trees.tables)
    look = trees.first
    found = [GONE if row is None else _probability(look(*row)) for row in rows]
    look = trees.second
    for number, more in enumerate(second_look(page, layout, found)):
        row = rows[number]
        if more is not None and row is not None:
            found[number] = _probability(look(*row, *more))
    return found, layout.words


def _probability(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds)) if odds > -60.0 else 0.0


def cut(found: Sequence[float], words: Sequence[int]) -> float:
    """Return the score from which on keeping blocks gives the best expected word F1 on this page."""
    order = sorted(range(len(found)), key=lambda number: -found[number])
    total = sum(score * (count + 0.3) for score, count in zip(found, words, strict=True))
    good = size = best = 0.0
    least = 1.0
    for number in order:
        weight = words[number] + 0.3
        good += found[number] * weight
        size += weight
        value = good / (size + total)
        if value >= best:
            best, least = value, found[number]
    return least


_SIZES: Final = (("first", len(FIRST)), ("second", len(FIRST) + len(SECOND)))
