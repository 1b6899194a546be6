"""Tails of paragraphs that no rule knows: where the last segment begins, what is known of it, and that it goes and nothing else."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import cleaner
from cleaner.evidence import count_words
from cleaner.tails import FEATURES, candidates, features, last_segment, shipped, with_bracket, with_question

ARTICLE = (
    "Harbour pilots keep their boat\n\n"
    "The port authority has withdrawn a plan to sell the pilot launch and to share one with the neighbouring port. The board voted on Monday.{tail}\n\n"
    "Pilots had argued that a shared launch could not reach the outer roads in a northerly gale. Two masters wrote in their support.\n\n"
    "The launch was built in 1998 and needs a new engine, which will cost about 90,000 crowns. The money comes from the dredging reserve.\n"
)
DIRTY = "Home › Shipping\nBy Runa Falk\nPosted 4 hours ago\n" + ARTICLE + "\nShare this article\nFacebook\nCopy link\n"


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("He paid in full and left. Read our guide to fines", "Read our guide to fines"),
        ("He paid in full and left. (More harbour stories.)", "(More harbour stories.)"),
        ("The board met on Friday. Photo: V. Lindgren", "Photo: V. Lindgren"),
        ("The rest is in the annual. See also our guide, p. 31.", "See also our guide, p. 31."),
        ("Il pane è finito. Vedi anche il n. 38.", "Vedi anche il n. 38."),
        ("They are short of vitamin C. Read more", "Read more"),
        ("Der Fluss stieg um 2 m. Mehr dazu hier", "Mehr dazu hier"),
        ("会議は終わった。続きはこちら", "続きはこちら"),
    ],
)
def test_the_last_segment(text: str, segment: str) -> None:
    at = last_segment(text)
    assert at is not None
    assert text[at:] == segment


@pytest.mark.parametrize("text", ["", "One sentence only.", "(All of it.)", "No. 5", "p. 31"])
def test_a_single_sentence_has_no_last_segment(text: str) -> None:
    assert last_segment(text) is None


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        (
            "Probe the ice with a pole every two steps. New to poles? Start with our guide.",
            "New to poles? Start with our guide.",
        ),
        (
            "Die Klage kostet nichts, sagt die Beraterin am Mittwoch. Ärger mit der Bank? Schreiben Sie uns.",
            "Ärger mit der Bank? Schreiben Sie uns.",
        ),
        # Asked at length, in quotation marks, or with too little in front of it, a question is the article's own.
        (
            "The board met on Friday in the old hall. Who is to pay for nine kilometres of dyke that nobody wants? Read the plan.",
            "Read the plan.",
        ),
        ('The chairman rose and turned to the hall. "Who pays?" Read the plan.', "Read the plan."),
        ("It rained. Who pays? Read the plan.", "Read the plan."),
        ("The board met on Friday in the old hall. Nobody paid. Read the plan.", "Read the plan."),
    ],
)
def test_a_short_question_belongs_to_the_tail_that_answers_it(text: str, tail: str) -> None:
    at = last_segment(text)
    assert at is not None
    assert text[with_question(text, at) :] == tail


def test_a_question_goes_with_the_tail_of_a_rule() -> None:
    tail = " New to pilotage? Read our guide to harbour pilots here."
    assert cleaner.clean(DIRTY.format(tail=tail)) == ARTICLE.format(tail="")


def test_a_rule_of_a_user_takes_what_it_says_and_no_more(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text(
        """
[[rule]]
id = "my.related.index"
why = "Our own index."
inline = true
pattern = '(?<=\\?) qv index z9\\.$'
strips = ["The boat left the harbour again at noon. Who keeps the books? Qv index Z9."]
keeps = ["Qv index Z9 is a shelf."]
""",
        encoding="utf-8",
    )
    found = cleaner.Cleaner(cleaner.Config(rules=[rules])).explain(
        DIRTY.format(tail=" Who keeps the books? Qv index Z9.")
    )
    assert [one.text.strip() for one in found.removed if one.rule == "my.related.index"] == ["Qv index Z9."]


def test_features_are_as_many_as_named_and_finite() -> None:
    texts = [line for line in DIRTY.format(tail=" Read: A gale at the outer roads").splitlines() if line.strip()]
    found = candidates(texts, [count_words(text) for text in texts], [False] * len(texts))
    assert [one.number for one in found] == [4, 5, 6]
    rows = list(features(found, 5))
    assert {len(row) for row in rows} == {len(FEATURES)} == {len(shipped().means)}
    assert all(math.isfinite(value) for row in rows for value in row)
    assert candidates(texts, [count_words(text) for text in texts], [True] * len(texts)) == []
    assert not list(features([], 0))


@pytest.mark.parametrize(
    "tail",
    [
        " Want the tide tables on your phone? Get our harbour app.",
        " Sign up for our weekly shipping letter here.",
        " You can read our report on the last auction here.",
        " [See also: The launch that nobody wanted]",
    ],
)
def test_a_word_to_the_reader_goes_and_nothing_else(tail: str) -> None:
    assert cleaner.clean(DIRTY.format(tail=tail)) == ARTICLE.format(tail="")


@pytest.mark.parametrize(
    "tail",
    [
        " They had asked the members to write to the board.",
        ' "Read the report before you vote," the chairman told them.',
        " (The harbour master abstained.)",
        " Was it the gale of 2019 that decided it?",
        " More than forty people came to listen.",
    ],
)
def test_the_articles_own_last_sentences_stay(tail: str) -> None:
    assert cleaner.clean(DIRTY.format(tail=tail)) == ARTICLE.format(tail=tail)


@pytest.mark.parametrize(
    "said",
    [
        ' The sign in the window reads "Closed until further notice. Click here for details." Nobody knows where to click.',
        " Der Zettel am Boot sagt: „Symbolbild, ohne Boot. Foto: privat“ und sonst nichts.",
        ' "Sorry to see you go. Sign up to our newsletter again." That was the answer the board got.',
        " Le panneau dit : « Le quai est fermé. Lire la suite sur notre site. » Personne ne l'a lue.",
    ],
)
def test_what_stands_in_a_quotation_is_no_tail(said: str) -> None:
    assert cleaner.clean(DIRTY.format(tail=said)) == ARTICLE.format(tail=said)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("They rowed home. (Want the full list? See how we test oars.)", "(Want the full list? See how we test oars.)"),
        ("They rowed home. (It rained.) See how we test oars.", "See how we test oars."),
        ("They rowed home :( See how we test oars.", "See how we test oars."),
        # A bracket within a sentence, or one that goes on, holds no tail.
        ("They rowed home (so they said; see how we test oars.)", None),
        ("They rowed home. (Want more? See how we test oars. Or don't.)", None),
    ],
)
def test_a_tail_in_a_bracket_goes_with_it_or_not_at_all(text: str, start: str | None) -> None:
    at = text.lower().index("see how")
    end = text.index("oars.") + len("oars.")
    found = with_bracket(text, at, end + text[end:].startswith(")"))
    assert (None if found is None else text[found:]) == start
