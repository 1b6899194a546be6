"""Fit ``cleaner.meaning``: vectors of words that add up to what a large model says of lines, and the network that reads them."""

from __future__ import annotations

import math
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from documents import Line
from phrasing_model import COUNTS, labels_of
from teacher import sentence_vectors, vocabulary
from torch import nn
from wording_model import prepared

from cleaner import meaning
from cleaner.meaning import GLOSS, LIMIT, NONE, Meaning, look_up, read, says, seen_of, written
from cleaner.wording import PHRASED, plain_word, tokens, word_hash

TEACHES = frozenset({"en", "web"})
"""The languages of lines that the large model is asked about."""

MATERIAL = Path(__file__).parents[1] / "material"

FOREIGN = 3.0
"""A word that stands in so many times as many lines of another language, in proportion, isn't an English one."""


class Recipe(NamedTuple):
    """How the model is fitted.

    Attributes:
        width: of a word's vector.
        seen: of so many lines a word that the large model doesn't know as one gets a vector.
        rounds: how often every line is looked at while the words' vectors are fitted.
        hidden: of the two layers of the network.
        epochs: how often every line is looked at while it is fitted.
        dropout: of what it reads, and of its layers.
    """

    width: int = 128
    seen: int = 2
    rounds: int = 10
    hidden: tuple[int, int] = (256, 128)
    epochs: int = 10
    dropout: tuple[float, float, float] = (0.1, 0.4, 0.3)
    rate: float = 1e-3
    decay: float = 0.05


def word_vectors(
    said: list[list[str]], taught: Any, known: list[str], of_known: Any, recipe: Recipe, seed: int
) -> tuple[list[str], Any]:
    """Return words and their vectors, (words, width), whose means over lines are as close as can be to the lines' own.

    Args:
        said: the plain words of every line.
        taught: (lines, any width), what the large model says of each.
        known: words that it knows.
        of_known: what it says of each by itself.
        recipe: how.
        seed: of the order of lines.
    """
    torch.manual_seed(seed)
    taught = taught.astype(np.float32)
    ground = taught.mean(0)
    _, axes = np.linalg.eigh(np.cov((taught - ground).T))
    axes = axes[:, ::-1][:, : recipe.width].astype(np.float32)
    targets = (taught - ground) @ axes
    size = float(targets.std())
    targets = targets / size
    alone = (of_known.astype(np.float32) - of_known.astype(np.float32).mean(0)) @ axes / size
    places = {word: number for number, word in enumerate(known)}
    for word, count in Counter(word for line in said for word in line).items():
        if count >= recipe.seen and word not in places:
            places[word] = len(places)
    start = np.zeros((len(places), recipe.width), dtype=np.float32)
    start[: len(known)] = alone * 0.5
    table = nn.EmbeddingBag(len(places), recipe.width, mode="mean")
    table.weight.data.copy_(torch.from_numpy(start))
    turn = nn.Linear(recipe.width, recipe.width)
    nn.init.eye_(turn.weight)
    nn.init.zeros_(turn.bias)
    rows = [[places[word] for word in line if word in places] for line in said]
    numbers = np.array([number for number, row in enumerate(rows) if row])
    optimiser = torch.optim.Adam([*table.parameters(), *turn.parameters()], 2e-3)
    dice = np.random.default_rng(seed)
    for _ in range(recipe.rounds):
        for batch in np.array_split(dice.permutation(numbers), max(1, len(numbers) // 256)):
            firsts = np.cumsum([0, *(len(rows[number]) for number in batch[:-1])])
            flat = torch.tensor([place for number in batch for place in rows[number]])
            found = turn(table(flat, torch.from_numpy(firsts)))
            loss = ((found - torch.from_numpy(targets[batch])) ** 2).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        for group in optimiser.param_groups:
            group["lr"] *= 0.8
    vectors = table.weight.detach().numpy()
    return list(places), vectors / vectors.std()


def glossaries() -> dict[str, dict[str, str]]:
    """Return, by language, the English glosses of words."""
    found = {}
    for path in sorted(MATERIAL.glob("*/glossary.tsv")):
        rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines()]
        found[path.parent.name] = {word: gloss for word, gloss in rows}  # noqa: C416  # a row that is none is an error
    return found


def _shares(lines: list[Line]) -> dict[str, Counter[str]]:
    """Return, by language, in which share of its lines each word stands."""
    counts: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for line in lines:
        language = "en" if line.language in TEACHES else line.language
        totals[language] += 1
        counts.setdefault(language, Counter()).update({plain_word(token) for token in tokens(prepared(line.text))})
    for language, found in counts.items():
        for word in found:
            found[word] /= totals[language]
    return counts


def _everywhere(lines: list[Line], places: dict[str, int]) -> dict[str, tuple[bool, list[int]]]:
    """Return, for words of all languages, whether each is an English one, and where the vectors stand whose mean is its own.

    A word of another language has those of its gloss in the language that has it most often. A word that stands in far more lines of
    another language than of English ones ("die", "pour") doesn't have the English meaning.

    Args:
        lines: of all languages.
        places: where the vector of each English word stands.
    """
    shares = _shares(lines)
    of_english = shares.pop("en")
    shares.pop("any", None)
    most: Counter[str] = Counter()
    for found in shares.values():
        for word, share in found.items():
            most[word] = max(most[word], share)
    out = {
        word: (True, [place])
        for word, place in places.items()
        if not word[0].isalpha() or of_english[word] >= most[word] / FOREIGN
    }
    best: dict[str, float] = {}
    for language, glossary in glossaries().items():
        for word, gloss in glossary.items():
            known = [places[one] for one in map(plain_word, tokens(gloss)) if one in places][:GLOSS]
            share = shares.get(language, Counter())[word]
            if known and (word not in out or share > best.get(word, math.inf)):
                out[word], best[word] = (False, known), share
    return out


def fit_meaning(
    lines: list[Line],
    teacher: Path,
    *,
    remembered: Path | None = None,
    name: str = "",
    seed: int = 0,
    recipe: Recipe | None = None,
) -> bytes:
    """Fit the model to lines and return the file's bytes.

    Args:
        lines: of all languages; the words are learned from the English ones.
        teacher: the folder of the large model.
        remembered: see :func:`teacher.sentence_vectors`.
        name: for messages.
        seed: of everything.
        recipe: how.
    """
    recipe = Recipe() if recipe is None else recipe
    torch.set_num_threads(1)
    began = time.time()
    taught = list(dict.fromkeys(line.text for line in lines if line.language in TEACHES))
    known = vocabulary(teacher)
    vectors = sentence_vectors([*taught, *known], teacher, remembered)
    said = [[plain_word(token) for token in tokens(prepared(text))] for text in taught]
    words, table = word_vectors(said, vectors[: len(taught)], known, vectors[len(taught) :], recipe, seed)
    print(f"[{name} {time.time() - began:.0f} s] {len(words)} words", flush=True)
    scale = float(np.quantile(np.abs(table), 0.9999)) / 127
    small = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    everywhere = _everywhere(lines, {word: place for place, word in enumerate(words)})
    print(f"[{name} {time.time() - began:.0f} s] {len(everywhere)} words of all languages", flush=True)
    by_hash = {word_hash(word): one for word, one in everywhere.items()}
    keys = sorted(by_hash)
    glosses = np.full((len(keys), GLOSS), NONE, dtype=np.uint16)
    for number, key in enumerate(keys):
        places = by_hash[key][1]
        glosses[number, : len(places)] = places
    english = np.array([by_hash[key][0] for key in keys])
    model = Meaning(np.array(keys, dtype=np.uint32), english, glosses, small, scale, {}, {})
    return written(model._replace(weights=_fit_network(lines, model, recipe, name, seed)))


def rows_of(lines: list[str], model: Meaning) -> tuple[Any, Any]:
    """Return which lines the model says something of, and what the network reads of each."""
    found = look_up(lines, model)
    asked = [number for number, one in enumerate(found) if one is not None]
    return np.array(asked), seen_of([one for one in found if one is not None], model)


def _fit_network(lines: list[Line], model: Meaning, recipe: Recipe, name: str, seed: int) -> dict[str, Any]:
    torch.manual_seed(seed)
    labels, counts = labels_of(lines)
    asked, rows = rows_of([prepared(line.text) for line in lines], model)
    inputs, truth, counted = torch.from_numpy(rows), torch.from_numpy(labels[asked]), torch.from_numpy(counts[asked])
    of_input, first, second = recipe.dropout
    sizes = (rows.shape[1], *recipe.hidden, len(PHRASED))
    layers = [nn.Linear(before, after) for before, after in zip(sizes, sizes[1:], strict=False)]
    net = nn.Sequential(
        nn.Dropout(of_input),
        layers[0],
        nn.ReLU(),
        nn.Dropout(first),
        layers[1],
        nn.ReLU(),
        nn.Dropout(second),
        layers[2],
    )
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * (len(rows) // 256 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3 * recipe.rate, total_steps=steps, pct_start=0.15)
    dice = np.random.default_rng(seed)
    began = time.time()
    net.train()
    for epoch in range(recipe.epochs):
        total = 0.0
        batches = np.array_split(dice.permutation(len(rows)), max(1, len(rows) // 256))
        for batch in batches:
            losses = nn.functional.binary_cross_entropy_with_logits(net(inputs[batch]), truth[batch], reduction="none")
            by_lane = (losses * counted[batch]).sum(0) / (counted[batch].sum(0) + 1e-6)
            loss = (by_lane * COUNTS).sum() + by_lane[0]
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(
            f"[{name} {time.time() - began:.0f} s] epoch {epoch + 1}, {len(rows)} lines, loss {total / len(batches):.4f}",
            flush=True,
        )
    weights = {}
    for number, layer in enumerate(layers, 1):
        weights |= {f"{number}.w": layer.weight.T, f"{number}.b": layer.bias}
    arrays = {key: one.detach().numpy()[None, None] for key, one in weights.items()}
    net.eval()
    sample = asked[:300]
    with torch.no_grad():
        there = net(inputs[: len(sample)]).numpy().clip(-LIMIT, LIMIT)
    here = says([prepared(lines[number].text) for number in sample], read(written(model._replace(weights=arrays))))[
        :, :-1
    ]
    assert np.abs(there - here).max() < 0.3, np.abs(there - here).max()  # noqa: PLR2004
    return arrays


def use_meaning(data: bytes, path: Path) -> None:
    """Let the package use a model."""
    path.write_bytes(data)
    meaning.MODEL = path
    meaning.shipped.cache_clear()
