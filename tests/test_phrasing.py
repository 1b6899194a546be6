"""The convolution over the words of a line: what it says depends on the line alone, and its file is read as it was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import phrasing, wording
from cleaner.fold import fold
from cleaner.match import plain
from cleaner.network import EPSILON
from cleaner.phrasing import LANES, LIMIT, TOGETHER, Phrasing, read, says, shipped, written

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*/*/source.txt"))]
    return list(dict.fromkeys(plain(fold(line))[:400] for text in texts for line in text.split("\n")))


def small(seed: int = 1) -> Phrasing:
    """Return a model of random weights."""
    dice = np.random.default_rng(seed)
    width = 5

    def some(*shape: int) -> npt.NDArray[np.float32]:
        return np.asarray(dice.normal(size=(1, 1, *shape)), dtype=np.float32)

    tables = [dice.integers(-127, 128, (slots, width)).astype(np.int8) for slots in (40, 20, 30)]
    weights = {"capitals": some(3, width), "edge": some(2, width), "0.scale": some(width), "0.shift": some(width)}
    weights |= {"0.conv.w": some(3, width), "0.mix.w": some(width, width), "0.mix.b": some(width)}
    weights |= {
        "out.scale": some(width),
        "out.shift": some(width),
        "out.means": some(width, width),
        "out.largest": some(width, width),
        "out.count": some(1, width),
        "out.1.b": some(width),
    }
    weights |= {"out.2.w": some(width, len(LANES)), "out.2.b": some(len(LANES))}
    words, starts, pieces = tables
    return Phrasing(words, starts, pieces, (0.01, 0.02, 0.03), 1, weights, {})


def slowly(model: Phrasing, line: str) -> npt.NDArray[np.float64]:
    """Return what a model says of a line, word by word."""
    get = {name: array[0, 0].astype(np.float64) for name, array in model.weights.items()}
    vectors = [get["edge"][0]]
    for token in wording.tokens(line):
        word, start, pieces = phrasing.slots_of(token, (len(model.words), len(model.starts), len(model.pieces)))
        vector = model.words[word] * model.scales[0] + model.starts[start] * model.scales[1]
        vector = vector + get["capitals"][phrasing.capitals_of(token)]
        if pieces:
            vector = vector + np.mean([model.pieces[piece] for piece in pieces], axis=0) * model.scales[2]
        vectors.append(vector)
    z = np.array([*vectors, get["edge"][1]])

    def normal(rows: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
        out = (rows - rows.mean(1)[:, None]) / np.sqrt(rows.var(1)[:, None] + EPSILON)
        return np.asarray(out * get[f"{name}.scale"] + get[f"{name}.shift"])

    q = np.concatenate([np.zeros((1, 5)), normal(z, "0"), np.zeros((1, 5))])
    beside = sum(q[at : at + len(z)] * get["0.conv.w"][at] for at in range(3))
    z = normal(z + np.maximum(beside @ get["0.mix.w"] + get["0.mix.b"], 0), "out")
    seen = z.mean(0) @ get["out.means"] + z.max(0) @ get["out.largest"] + np.log1p(len(z) - 2) * get["out.count"][0]
    found = np.maximum(seen + get["out.1.b"], 0) @ get["out.2.w"] + get["out.2.b"]
    return np.asarray(np.clip(found, -LIMIT, LIMIT))


def test_it_computes_what_it_should(lines: list[str]) -> None:
    model = small()
    some = ["", "____", *lines[::90], "Read MORE, now!", "____"]
    assert np.abs(says(some, model) - [slowly(model, line) for line in some]).max() < 1e-3


def test_a_line_says_the_same_alone_and_among_others(lines: list[str]) -> None:
    together = says(lines)
    assert together.shape == (len(lines), len(LANES))
    assert sum(len(wording.tokens(line)) for line in lines) > 3 * TOGETHER
    for number in range(0, len(lines), 37):
        assert (says([lines[number]])[0] == together[number]).all()
    assert (says(lines[::-1])[::-1] == together).all()


@pytest.mark.parametrize("lines", [[""], ["____"], ["", ""], [" ".join(["word"] * 70)] * 40 + ["", "____"]])
def test_lines_without_words(lines: list[str]) -> None:
    found = says(lines)
    assert found.shape == (len(lines), len(LANES))
    assert np.isfinite(found).all()


def test_words_that_were_met_say_the_same(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    some = lines[:300]
    met = shipped().met
    met.clear()
    expected = says(some)
    assert met
    count = len(met)
    assert (says(some) == expected).all()
    assert len(met) == count
    monkeypatch.setattr(phrasing, "MAX_REMEMBERED", TOGETHER)
    met.clear()
    for _ in range(2):
        assert (says(some) == expected).all()
        assert len(met) <= TOGETHER


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_lines(lines: list[str]) -> None:
    found = says(lines)
    assert found.shape == (len(lines), len(LANES))
    assert (np.abs(found) <= LIMIT).all()
    assert all((says([line])[0] == row).all() for line, row in zip(lines, found, strict=True))


def test_words_in_capitals_and_words_nobody_knows() -> None:
    rows = says(["Read more", "READ MORE", "Zxqv wqxz", "zxqv wqxz", "\udcff", ""])
    assert (rows[0] != rows[1]).any()
    assert (rows[2] != rows[3]).any()
    assert np.isfinite(rows).all()


def test_it_hears_who_speaks() -> None:
    article, cruft = says(
        [
            "The council voted for the bridge after two hours of debate.",
            "Sign up for our daily newsletter and never miss a story.",
        ]
    )[:, 0]
    assert article < 0 < cruft


def test_the_file_is_read_as_it_was_written() -> None:
    model = shipped()
    again = read(written(model))
    assert written(model) == phrasing.MODEL.read_bytes()
    assert again.layers == model.layers
    assert (again.words == model.words).all()
    assert (again.starts == model.starts).all()
    assert (again.pieces == model.pieces).all()
    assert again.weights.keys() == model.weights.keys()
    assert all((again.weights[name] == array).all() for name, array in model.weights.items())
