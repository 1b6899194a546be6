"""Every shipped rule by its own examples, and the table that they are loaded from."""

from __future__ import annotations

import re
from functools import cache

import pytest
import regex

from cleaner import Cleaner, match
from cleaner.catalog import render_table, shipped_entries
from cleaner.check import check_entry
from cleaner.languages import impossible
from cleaner.match import Matcher, Views
from cleaner.model import Document
from cleaner.pattern import for_re
from cleaner.read_text import read_text
from cleaner.rule import Entry
from cleaner.shipped import TABLE, shipped_rules
from cleaner.template import bare

ENTRIES = shipped_entries()


@cache
def tool() -> Cleaner:
    return Cleaner()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.rule.id)
def test_examples_hold(entry: Entry) -> None:
    assert list(check_entry(entry, tool())) == []


def test_the_table_is_what_the_files_say() -> None:
    assert TABLE.read_text(encoding="utf-8") == render_table(), "run `python -m cleaner.catalog`"


def test_ids_are_unique() -> None:
    ids = [entry.rule.id for entry in ENTRIES]
    assert len(ids) == len(set(ids))


def test_the_index_finds_what_a_loop_over_all_rules_finds() -> None:
    rules, index = shipped_rules()
    matcher = Matcher(rules, index, timeout=1)
    for entry in ENTRIES:
        for example in (*entry.strips, *entry.keeps):
            document = read_text(example)
            views = Views(document)
            _, found = matcher.match(views)
            assert {(m.block, m.rule) for m in found} == _slowly(document, views)


def _slowly(document: Document, views: Views) -> set[tuple[int, int]]:
    rules, _ = shipped_rules()
    foreign = impossible(views.low)
    found = set()
    for number, block in enumerate(document.blocks):
        for which, rule in enumerate(rules):
            if rule.language in foreign:
                continue
            pattern = compiled(rule.pattern)
            if rule.inline or rule.protects:
                text = (views.folded if rule.case else views.low)[block.start : block.end]
                if any(m.end() > m.start() for m in pattern.finditer(text)):
                    found.add((number, which))
            elif len(document.text[block.start : block.end]) <= 400:
                line = views.line(block, case=rule.case)
                line = bare(line) if rule.bare else line
                if line in rule.literals or pattern.fullmatch(line):
                    found.add((number, which))
    return found


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(for_re(pattern))


HOSTILE = (
    "a",
    "a ",
    " ",
    "A ",
    "Ab ",
    "the app ",
    "1",
    "1 ",
    "(",
    "[",
    "((",
    ". ",
    "- ",
    "share ",
    "By Ab ",
    "Ab/Cd ",
    "| ",
    "photo: ",
    "read more: ",
    "https://a.b ",
)


def hangs(pattern: regex.Pattern[str], text: str, *, whole: bool) -> bool:
    # A guard against a hang, four orders of magnitude above what a match takes.
    try:
        if whole:
            pattern.fullmatch(text, timeout=20)
        else:
            list(pattern.finditer(text, timeout=20))
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.rule.id)
def test_no_pattern_explodes(entry: Entry) -> None:
    rule = entry.rule
    pattern = regex.compile(for_re(rule.pattern))
    whole = not (rule.inline or rule.protects)
    seeds = {*HOSTILE, *(example.split("\n")[-1][:40] for example in (*entry.strips, *entry.keeps))}
    for seed in sorted({*seeds, *(seed.lower() for seed in seeds)}):
        text = (seed * 400)[:399] + "\0" if whole else seed * (20_000 // len(seed))
        assert not hangs(pattern, text, whole=whole), seed


def test_a_large_text_is_searched_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "Share this article\n\nThe ferry sails at nine, said the harbour master, and nobody was late.\n\nTap to install our app\n\n"
        * 40
    )
    matcher = Cleaner()._matcher
    whole = matcher.match(Views(read_text(text)))
    assert whole[1]
    for size in (61, 97, 1000):
        monkeypatch.setattr(match, "PIECE", size)
        matcher._tables.clear()
        assert matcher.match(Views(read_text(text))) == whole
