"""The model of what lines are about: what it says depends on the line alone, of lines it doesn't know it says nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import meaning, wording
from cleaner.fold import fold
from cleaner.match import plain
from cleaner.meaning import GLOSS, KNOWN, LANES, LIMIT, NONE, SHAPE, STOPS, Meaning, read, says, shipped, written

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*/*/source.txt"))]
    return list(dict.fromkeys(plain(fold(line))[:400] for text in texts for line in text.split("\n")))


def small(words: list[str], seed: int = 1) -> Meaning:
    """Return a model of random weights that knows some words."""
    dice = np.random.default_rng(seed)
    keys = np.unique(np.array([wording.word_hash(word) for word in words], dtype=np.uint32))
    glosses = dice.integers(0, 30, (len(keys), GLOSS)).astype(np.uint16)
    glosses[::2, 1:] = NONE
    glosses[1::4, 2:] = NONE
    sizes = (2 * 6 + SHAPE, 7, 6, len(LANES) - 1)
    weights = {}
    for number, (before, after) in enumerate(zip(sizes, sizes[1:], strict=False), 1):
        weights[f"{number}.w"] = dice.normal(size=(1, 1, before, after)).astype(np.float32)
        weights[f"{number}.b"] = dice.normal(size=(1, 1, after)).astype(np.float32)
    vectors = dice.integers(-127, 128, (30, 5)).astype(np.int8)
    return Meaning(keys, np.arange(len(keys)) % 2 == 0, glosses, vectors, 0.01, weights, {})


def slowly(model: Meaning, line: str) -> npt.NDArray[np.float64]:
    """Return what a model says of a line, word by word."""
    tokens = wording.tokens(line)
    keys = model.keys.tolist()
    hashes = [wording.word_hash(wording.plain_word(token)) for token in tokens]
    rows = []
    for one in hashes:
        if one in keys:
            at = keys.index(one)
            mean = np.round(np.mean([model.vectors[place] for place in model.glosses[at] if place != NONE], axis=0))
            rows.append(np.append(mean, 100.0 * model.english[at]))
    letters = [one in keys for token, one in zip(tokens, hashes, strict=True) if token[0].isalpha()]
    if not any(letters) or sum(letters) < KNOWN * len(letters):
        return np.zeros(len(LANES))
    vectors = np.array(rows) * model.scale
    capitals = sum(token[0].isupper() for token in tokens) / len(tokens)
    share = sum(letters) / len(letters)
    shape = [np.log(1 + len(tokens)), capitals, share, float(tokens[-1] in STOPS)]
    z = np.concatenate([vectors.mean(0), vectors.max(0), shape])
    for number in (1, 2):
        z = np.maximum(z @ model.weights[f"{number}.w"][0, 0] + model.weights[f"{number}.b"][0, 0], 0)
    return np.append(np.clip(z @ model.weights["3.w"][0, 0] + model.weights["3.b"][0, 0], -LIMIT, LIMIT), share)


def test_it_computes_what_it_should(lines: list[str]) -> None:
    some = ["", "____", "12", *lines[::90], "Read MORE, now!", "more zxqv", "more zxqv wqxz"]
    words = [wording.plain_word(token) for line in some for token in wording.tokens(line)[::2]]
    model = small([*words, "read", "more"])
    expected = [slowly(model, line) for line in some]
    assert np.abs(says(some, model) - expected).max() < 1e-3
    known = [row[-1] > 0 for row in expected]
    assert any(known)
    assert not all(known)


def test_a_line_says_the_same_alone_and_among_others(lines: list[str]) -> None:
    together = says(lines)
    assert together.shape == (len(lines), len(LANES))
    for number in range(0, len(lines), 37):
        assert (says([lines[number]])[0] == together[number]).all()
    assert (says(lines[::-1])[::-1] == together).all()


@pytest.mark.parametrize("lines", [[], [""], ["____"], ["12", "—"], ["Zxqv wqxz"], ["", "\udcff"]])
def test_it_says_nothing_of_lines_it_does_not_know(lines: list[str]) -> None:
    found = says(lines)
    assert found.shape == (len(lines), len(LANES))
    assert not found.any()


def test_words_that_were_met_say_the_same(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    some = lines[:300]
    met = shipped().met
    met.clear()
    expected = says(some)
    assert met
    count = len(met)
    assert (says(some) == expected).all()
    assert len(met) == count
    monkeypatch.setattr(meaning, "MAX_REMEMBERED", 100)
    met.clear()
    for _ in range(2):
        assert (says(some) == expected).all()


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_lines(lines: list[str]) -> None:
    found = says(lines)
    assert (np.abs(found) <= LIMIT).all()
    assert all((says([line])[0] == row).all() for line, row in zip(lines, found, strict=True))


def test_it_hears_who_speaks() -> None:
    article, cruft = says(
        [
            "The council voted for the bridge after two hours of debate.",
            "Sign up for our daily newsletter and never miss a story.",
        ]
    )[:, 0]
    assert article < 0 < cruft


def test_words_of_like_meaning_are_close() -> None:
    model = shipped()

    def vector(word: str) -> npt.NDArray[np.float64]:
        found = meaning.vectors_of([word], model)[0]
        assert found
        return np.frombuffer(found, dtype=np.int8)[:-1].astype(np.float64)

    def likeness(first: str, second: str) -> float:
        a, b = vector(first), vector(second)
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    assert likeness("ship", "ferry") > likeness("ship", "recipe")
    assert likeness("photograph", "picture") > likeness("photograph", "budget")
    assert likeness("Zeitung", "newspaper") > 0.99


def test_the_file_is_read_as_it_was_written() -> None:
    model = shipped()
    again = read(written(model))
    assert written(model) == meaning.MODEL.read_bytes()
    assert (again.keys == model.keys).all()
    assert (again.english == model.english).all()
    assert (again.glosses == model.glosses).all()
    assert (again.vectors == model.vectors).all()
    assert again.weights.keys() == model.weights.keys()
    assert all((again.weights[name] == array).all() for name, array in model.weights.items())
