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
from cleaner.meaning import (
    GLOSS,
    KNOWN,
    LANES,
    LIMIT,
    LONGEST,
    NONE,
    REACH,
    SHAPE,
    STOPS,
    Meaning,
    read,
    says,
    shipped,
    written,
)
from cleaner.network import EPSILON
from cleaner.phrasing import CAPITALS

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
    width, hidden, senses = 6, 7, len(wording.SENSES)
    lanes = len(LANES) - 1 - senses
    shapes: dict[str, tuple[int, ...]] = {"marks": (3 * CAPITALS, width)}
    for number in range(2):
        shapes |= {f"{number}.{name}": (width,) for name in ("scale", "shift", "conv.b", "mix.b")}
        shapes |= {f"{number}.conv.{place}": (width, width) for place in range(REACH)}
        shapes[f"{number}.mix.w"] = (width, width)
    shapes |= {"out.scale": (width,), "out.shift": (width,), "out.1.b": (hidden,), "out.2.b": (lanes,)}
    shapes |= {"out.means": (width, hidden), "out.largest": (width, hidden), "out.shapes": (SHAPE, hidden)}
    shapes |= {"out.2.w": (hidden, lanes), "told.means": (width, senses), "told.largest": (width, senses)}
    shapes["told.b"] = (senses,)
    weights = {name: dice.normal(size=(1, 1, *shape)).astype(np.float32) for name, shape in shapes.items()}
    vectors = dice.integers(-127, 128, (30, width)).astype(np.int8)
    return Meaning(keys, np.arange(len(keys)) % 2 == 0, glosses, vectors, 0.01, 2, weights, {})


def slowly(model: Meaning, line: str) -> npt.NDArray[np.float64]:
    """Return what a model says of a line, word by word."""
    tokens = wording.tokens(line)
    keys = model.keys.tolist()
    hashes = [wording.word_hash(wording.plain_word(token)) for token in tokens]
    weights = {name: array[0, 0].astype(np.float64) for name, array in model.weights.items()}
    letters = [one in keys for token, one in zip(tokens, hashes, strict=True) if token[0].isalpha()]
    if not any(letters) or sum(letters) < KNOWN * len(letters):
        return np.zeros(len(LANES))
    rows = []
    for token, one in zip(tokens, hashes, strict=True):
        row, mark = np.zeros(model.vectors.shape[1]), 0
        if one in keys:
            at = keys.index(one)
            row = np.mean([model.vectors[place] * model.scale for place in model.glosses[at] if place != NONE], axis=0)
            mark = 1 if model.english[at] else 2
        capital = 2 if len(token) > 1 and token.isupper() else int(token[0].isupper())
        rows.append(row + weights["marks"][mark * CAPITALS + capital])
    z = np.array(rows[:LONGEST])

    def normal(name: str) -> npt.NDArray[np.float64]:
        centred = z - z.mean(1, keepdims=True)
        even = centred / np.sqrt((centred**2).mean(1, keepdims=True) + EPSILON)
        return np.asarray(even * weights[f"{name}.scale"] + weights[f"{name}.shift"])

    for number in range(model.layers):
        q = np.pad(normal(str(number)), ((1, 1), (0, 0)))
        seen = sum(q[place : place + len(z)] @ weights[f"{number}.conv.{place}"] for place in range(REACH))
        hidden = np.maximum(seen + weights[f"{number}.conv.b"], 0)
        z = z + hidden @ weights[f"{number}.mix.w"] + weights[f"{number}.mix.b"]
    z = normal("out")
    share = sum(letters) / len(letters)
    capitals = sum(token[0].isupper() for token in tokens) / len(tokens)
    shape = np.array([np.log(1 + len(tokens)), capitals, share, float(tokens[-1] in STOPS)])
    told = z.mean(0) @ weights["told.means"] + z.max(0) @ weights["told.largest"] + weights["told.b"]
    last = z.mean(0) @ weights["out.means"] + z.max(0) @ weights["out.largest"] + shape @ weights["out.shapes"]
    found = np.maximum(last + weights["out.1.b"], 0) @ weights["out.2.w"] + weights["out.2.b"]
    return np.append(np.clip([*found, *told], -LIMIT, LIMIT), share)


def test_it_computes_what_it_should(lines: list[str]) -> None:
    long = " ".join(["read", "more", "zxqv"] * 40)
    some = ["", "____", "12", *lines[::90], "Read MORE, now!", "more zxqv", "more zxqv wqxz", "more", long]
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
        places, known = meaning.find([word], model)
        assert known
        own = [place for place in model.glosses[places[0]] if place != NONE]
        return np.asarray(model.vectors[own].astype(np.float64).mean(0))

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
