"""Templates as patterns."""

from __future__ import annotations

import re

import pytest

from cleaner.fold import fold, lower
from cleaner.pattern import for_re
from cleaner.template import TemplateError, bare, insert_pattern, line_pattern, tail_pattern


def matches(template: str, line: str) -> bool:
    return re.fullmatch(for_re(line_pattern(template)), bare(lower(fold(line)))) is not None


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("Artikel teilen", "» Artikel teilen:"),
        ("Auf (Facebook|X) teilen", "Auf X teilen"),
        ("[Jetzt] abonnieren", "Jetzt abonnieren!"),
        ("[Jetzt] abonnieren", "abonnieren"),
        ("Teilen[ Sie diesen Artikel]", "Teilen Sie diesen Artikel"),
        ("Mehr [dazu] lesen", "Mehr lesen"),
        ("Foto: {text}", "[Foto: Lena Brandt/Uferbild]"),
        ("Lesezeit: {n} (Min.|Minuten)", "Lesezeit: 3 Min."),
        ("{text} \\(Foto: {name}\\)", "Der Deich hielt (Foto: Lena Brandt)"),
        ("写真：{text}", "写真:山田"),
    ],
)
def test_a_template_matches_its_line(template: str, line: str) -> None:
    assert matches(template, line)


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("Artikel teilen", "Artikel teilen sich in bestimmte und unbestimmte."),
        ("Von {name}", "Von Haus zu Haus ging er, und niemand öffnete."),
        ("Lesezeit: {n} Min.", "Lesezeit: keine Min."),
    ],
)
def test_a_template_leaves_other_lines(template: str, line: str) -> None:
    assert not matches(template, line)


def test_a_tail_ends_a_paragraph_and_takes_its_brackets() -> None:
    pattern = re.compile(for_re(tail_pattern("Lesen Sie auch: {text}")))
    text = lower("Der Deich hielt. (Lesen Sie auch: Warum er hielt)")
    found = pattern.search(text)
    assert found is not None
    assert text[: found.start()] == "der deich hielt."
    assert pattern.search(lower("Der Deich hielt. Lesen Sie auch: so hieß der Band. Er war dünn.")) is None


@pytest.mark.parametrize("word", ["می\u200cخوانید", "میخوانید"])
def test_a_tail_is_found_with_its_joiners_and_without(word: str) -> None:
    pattern = re.compile(for_re(tail_pattern("شما چه می\u200cخوانید")))
    assert pattern.search(f"سد خالی است. شما چه {word}؟") is not None


def test_tails_of_several_templates_are_one_pattern() -> None:
    pattern = re.compile(for_re(tail_pattern("Lesen Sie auch: {text}", "Mehr zum Thema")))
    assert [found.start() for found in pattern.finditer("der deich hielt. mehr zum thema")] == [16]
    assert pattern.search("der deich hielt. lesen sie auch: warum er hielt") is not None


def test_an_insert_stands_between_sentences() -> None:
    pattern = re.compile(for_re(insert_pattern("Anzeige")))
    text = "Der Deich hielt. Anzeige Dann kam der Regen."
    found = pattern.search(text)
    assert found is not None
    assert text[: found.start()] + text[found.end() :] == "Der Deich hielt. Dann kam der Regen."
    assert pattern.search("Der Deich hielt. Anzeige erstattete niemand.") is None


@pytest.mark.parametrize("template", ["Teilen (jetzt", "Teilen)", "{nobody}", "  "])
def test_a_wrong_template_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        line_pattern(template)
