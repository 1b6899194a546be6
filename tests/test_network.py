"""The network: its layers by hand-made weights, windows, the file's bytes."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner import meaning, network, phrasing, tails
from cleaner.context import FEATURES
from cleaner.network import (
    ROWS,
    SMALL,
    Network,
    forward,
    log_odds,
    prepared,
    product,
    read,
    rows_of,
    shipped,
    written,
)

WIDTH = 4


def small(
    *, seed: int = 1, features: int = 3, dilations: tuple[int, ...] = (1, 2), attend_after: tuple[int, ...] = ()
) -> Network:
    dice = np.random.default_rng(seed)

    def some(*shape: int) -> network.Array:
        return dice.normal(size=shape).astype(np.float16).astype(np.float32)

    weights = {"in.w": some(features, WIDTH), "in.b": some(WIDTH)}
    for number in range(len(dilations)):
        weights |= {
            f"{number}.scale": some(WIDTH), f"{number}.shift": some(WIDTH),
            f"{number}.conv.w": some(3, WIDTH), f"{number}.conv.b": some(WIDTH),
            f"{number}.mix.w": some(WIDTH, WIDTH), f"{number}.mix.b": some(WIDTH),
            f"{number}.out.w": some(WIDTH, WIDTH), f"{number}.out.b": some(WIDTH),
        }  # fmt: skip
    for number in attend_after:
        name = f"{number - 1}.attend"
        weights |= {f"{name}.scale": some(WIDTH), f"{name}.shift": some(WIDTH)}
        weights |= {f"{name}.near": np.abs(some(2)), f"{name}.own": some(2)}
        for part in ("query", "key", "value"):
            weights |= {f"{name}.{part}.w": some(WIDTH, 6), f"{name}.{part}.b": some(6)}
        weights |= {f"{name}.out.w": some(6, WIDTH), f"{name}.out.b": some(WIDTH)}
    weights |= {"pool.w": some(WIDTH, WIDTH), "pool.b": some(WIDTH), "out.scale": some(WIDTH), "out.shift": some(WIDTH)}
    weights |= {"out.1.w": some(WIDTH, 2), "out.1.b": some(2), "out.2.w": some(2, 1), "out.2.b": some(1)}
    weights = {name: np.stack([array, array / 2])[:, None] for name, array in weights.items()}
    ones = np.ones(features, dtype=np.float32)
    return Network(np.array([True] + [False] * (features - 1)), 0 * ones, ones, dilations, 9, attend_after, weights)


def test_a_file_gives_back_the_weights() -> None:
    known = small(attend_after=(2,))
    again = read(written(known))
    assert again.dilations == known.dilations
    assert again.pool_after == known.pool_after
    assert again.attend_after == known.attend_after
    assert (again.logs == known.logs).all()
    assert all((again.weights[name] == array).all() for name, array in known.weights.items())


def test_features_are_scaled_and_bounded() -> None:
    known = small()._replace(means=np.array([0, 1, 0], np.float32), deviations=np.array([1, 2, 1], np.float32))
    table = prepared(known, [(np.e - 1, 5.0, 99.0), (1 - np.e, 1.0, -99.0)])
    assert np.allclose(table, [[1, 2, 4], [-1, 0, -4]])


def test_a_block_is_seen_from_as_far_as_the_layers_reach() -> None:
    known = small(dilations=(1, 2))
    assert known.reach == 3
    rows = np.zeros((12, 3), dtype=np.float32)
    plain = forward(known, rows)
    rows[6] = 3
    changed = np.flatnonzero(np.abs(forward(known, rows) - plain) > 1e-6)
    assert changed.min() >= 3
    assert changed.max() <= 9
    assert 6 in changed


def test_the_mean_of_the_window_reaches_every_block() -> None:
    known = small(dilations=(1,))._replace(pool_after=1)
    rows = np.zeros((12, 3), dtype=np.float32)
    plain = forward(known, rows)
    rows[0] = 3
    assert (np.abs(forward(known, rows) - plain) > 1e-6).all()


def test_blocks_look_at_all_blocks_of_the_window() -> None:
    known = small(dilations=(1,), attend_after=(1,))
    rows = np.random.default_rng(3).normal(size=(40, 3)).astype(np.float32)
    plain = forward(known, rows)
    rows[0] += 2
    assert (np.abs(forward(known, rows) - plain) > 1e-6).all()


def test_what_a_block_hears_is_weighed_by_likeness_and_distance() -> None:
    known = small(dilations=(1,), attend_after=(1,))
    z = np.random.default_rng(4).normal(size=(2, 21, WIDTH)).astype(np.float32)
    told = network._attended(z, known.weights, "0.attend")
    for member in range(2):
        get = {key: array[member, 0] for key, array in known.weights.items() if key.startswith("0.attend")}
        q = network.normal(z[member : member + 1], get["0.attend.scale"], get["0.attend.shift"])[0]
        parts = {part: q @ get[f"0.attend.{part}.w"] + get[f"0.attend.{part}.b"] for part in ("query", "key", "value")}
        query, key, value = (parts[part].reshape(21, 2, 3) for part in ("query", "key", "value"))
        for number in (0, 7, 20):
            heard = []
            for head in range(2):
                away = np.abs(np.arange(21) - number)
                weight = key[:, head] @ query[number, head] / 3**0.5
                weight -= get["0.attend.near"][head] * np.log1p(away) + get["0.attend.own"][head] * (away == 0)
                share = np.exp(weight) / np.exp(weight).sum()
                heard += list(share @ value[:, head])
            wanted = np.array(heard) @ get["0.attend.out.w"] + get["0.attend.out.b"]
            assert np.allclose(told[member, number], wanted, atol=1e-4)


def test_networks_are_averaged() -> None:
    both = small()
    one, two = (both._replace(weights={name: array[k : k + 1] for name, array in both.weights.items()}) for k in (0, 1))
    rows = np.random.default_rng(3).normal(size=(20, 3)).astype(np.float32)
    assert np.allclose(forward(both, rows), (forward(one, rows) + forward(two, rows)) / 2, atol=1e-5)
    assert not np.allclose(forward(one, rows), forward(two, rows), atol=1e-3)


def test_windows_change_nothing_that_is_in_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    known = small()
    rows = np.random.default_rng(3).normal(size=(50, 3)).tolist()
    whole = log_odds(rows, known)
    monkeypatch.setattr(network, "WINDOW", 7)
    assert np.allclose(log_odds(rows, known), whole, atol=1e-5)
    assert log_odds([], known) == []


def test_products_stay_small() -> None:
    models = (shipped().weights, tails.shipped().weights, phrasing.shipped().weights, meaning.shipped().weights)
    matrices = [weights for model in models for name, weights in model.items() if weights.ndim == 4]
    assert len(matrices) > 20
    for weights in matrices:
        _, _, width, columns = weights.shape
        rows = rows_of(width, columns)
        assert 4 <= rows <= ROWS
        assert rows * width * columns <= SMALL
    dice = np.random.default_rng(1)
    for width, columns in ((3, 5), (128, 128), (160, 128), (600, 500)):
        z = dice.normal(size=(1, 37, width)).astype(np.float32)
        weights = dice.normal(size=(2, 1, width, columns)).astype(np.float32)
        found = product(z, weights)
        assert np.allclose(found, z @ weights[:, 0], atol=1e-3)
        assert (product(z[:, :5], weights) == found[:, :5]).all()


def test_what_ships_takes_the_features_there_are() -> None:
    assert len(shipped().means) == len(FEATURES)
    assert len(log_odds([[0.0] * len(FEATURES)] * 2)) == 2
