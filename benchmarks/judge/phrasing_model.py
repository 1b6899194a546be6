"""Fit the convolution of ``cleaner.phrasing``: the same layers in torch, and its weights as the package reads them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from documents import Line
from torch import nn
from wording_model import prepared, weights_of

from cleaner import phrasing
from cleaner.phrasing import CAPITALS, EDGES, LANES, LIMIT, Phrasing, capitals_of, read, says, slots_of, written
from cleaner.wording import FINE, GROUPS, PLACES, ROLES, tokens

COUNTS = torch.tensor([0.3 if lane in PLACES else 0.5 if lane in (*FINE, *ROLES) else 1.0 for lane in LANES])
"""What each lane counts; that a line is cruft counts once more."""


class Recipe(NamedTuple):
    """How the model is fitted.

    Attributes:
        width: of a word's vector. Area under the curve, of English lines of a fold, others with Latin letters, Slavic, from right to left, Chinese,
            Japanese and Korean, of the web: .9398, .9221, .9161, .9075, .9197, .8126 with 96 numbers; .9424, .9254, .9195, .9122, .9241, .8190 with
            192; with 128 and four times as many slots of words (twice of the others) .9402, .9224, .9153, .9112, .9211, .8129.
        slots: of words, of their beginnings, of their pieces.
        layers: how many look at the neighbours.
        epochs: how often every line is looked at; after more, single lines are learned by heart.
        batch: how many words, with the empty places behind shorter lines, are looked at in one step.
        rate: the highest learning rate of a cycle (Smith and Topin, arXiv 1708.07120).
        decay: of the vectors and of the other weights (Loshchilov and Hutter, arXiv 1711.05101).
        unknown: of so many words the model is told only that they are unknown.
        dropout: of the vectors of words and edges, and of what is known of the line.
    """

    width: int = 192
    slots: tuple[int, int, int] = (1 << 14, 1 << 13, 1 << 14)
    layers: int = 1
    epochs: int = 6
    batch: int = 8000
    rate: float = 4e-3
    decay: tuple[float, float] = (0.5, 0.05)
    unknown: float = 0.15
    dropout: tuple[float, float] = (0.2, 0.35)


class _Words(NamedTuple):
    """What is known of each token of a vocabulary, whole numbers.

    Attributes:
        words: (tokens,), its slot.
        starts: (tokens,), that of its beginning.
        capitals: (tokens,), which of ``CAPITALS`` it is of.
        pieces: the slots of the pieces of all tokens in a row.
        places: (tokens + 1,), where among them those of each token begin, and the end.
    """

    words: Any
    starts: Any
    capitals: Any
    pieces: Any
    places: Any


def _words(vocabulary: list[str], slots: tuple[int, int, int]) -> _Words:
    found = [slots_of(token, slots) for token in vocabulary]
    return _Words(
        np.array([word for word, _, _ in found], dtype=np.int64),
        np.array([start for _, start, _ in found], dtype=np.int64),
        np.array([capitals_of(token) for token in vocabulary], dtype=np.int64),
        np.array([number for _, _, pieces in found for number in pieces], dtype=np.int64),
        np.cumsum([0, *(len(pieces) for _, _, pieces in found)]),
    )


class _Net(nn.Module):
    def __init__(self, recipe: Recipe, words: _Words) -> None:
        super().__init__()
        self.recipe, self.known = recipe, words
        width = recipe.width
        of_words, of_starts, of_pieces = recipe.slots
        self.words = nn.Embedding(of_words, width)
        self.starts = nn.Embedding(of_starts, width)
        self.pieces = nn.EmbeddingBag(of_pieces, width, mode="mean")
        self.capitals = nn.Embedding(CAPITALS, width)
        for table in self.tables():
            nn.init.normal_(table, 0, 0.1)
        nn.init.normal_(self.capitals.weight, 0, 0.1)
        self.edge = nn.Parameter(torch.randn(EDGES, width) * 0.1)
        self.kernels = nn.ParameterList([nn.Parameter(torch.randn(3, width) * 0.5) for _ in range(recipe.layers)])
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(recipe.layers)])
        self.mixes = nn.ModuleList([nn.Linear(width, width) for _ in range(recipe.layers)])
        self.norm = nn.LayerNorm(width)
        self.out_1 = nn.Linear(2 * width + 1, width)
        self.out_2 = nn.Linear(width, len(LANES))

    def tables(self) -> list[Any]:
        return [self.words.weight, self.starts.weight, self.pieces.weight]

    def vectors(self, numbers: Any) -> Any:
        """Return the vectors of the tokens of those numbers."""
        known = self.known
        words, starts = torch.from_numpy(known.words[numbers]), torch.from_numpy(known.starts[numbers])
        if self.training:
            words = torch.where(torch.rand(len(words)) < self.recipe.unknown, 0, words)
        firsts = known.places[numbers]
        counts = known.places[numbers + 1] - firsts
        ends = np.cumsum(counts)
        pieces = known.pieces[np.repeat(firsts - ends + counts, counts) + np.arange(ends[-1])]
        of_pieces = self.pieces(torch.from_numpy(pieces), torch.from_numpy(ends - counts))
        return (
            self.words(words)
            + self.starts(starts)
            + of_pieces
            + self.capitals(torch.from_numpy(known.capitals[numbers]))
        )

    def forward(self, table: Any, sizes: Any) -> Any:
        """Return log-odds, (lines, lanes), of a table of numbers of tokens, (lines, longest)."""
        numbers, places = np.unique(table, return_inverse=True)
        z = self.vectors(numbers)[torch.from_numpy(places.reshape(table.shape))]
        count, longest, width = z.shape
        length = torch.from_numpy(sizes)
        every = torch.arange(count)
        inner = (torch.arange(longest)[None] < length[:, None]).float()[:, :, None]
        one, none = torch.ones(count, 1, 1), torch.zeros(count, 1, width)
        z = torch.cat([self.edge[0].expand(count, 1, width), z * inner, none], 1)
        z[every, length + 1] = self.edge[1]
        mask = torch.cat([one, inner, none[:, :, :1]], 1)
        mask[every, length + 1] = 1
        if self.training:
            z = nn.functional.dropout(z, self.recipe.dropout[0])
        for kernel, norm, mix in zip(self.kernels, self.norms, self.mixes, strict=True):
            q = norm(z) * mask
            beside = q * kernel[1]
            beside = beside + nn.functional.pad(q[:, :-1] * kernel[0], (0, 0, 1, 0))
            beside = beside + nn.functional.pad(q[:, 1:] * kernel[2], (0, 0, 0, 1))
            z = z + torch.relu(mix(beside))
        z = self.norm(z)
        means, largest = (z * mask).sum(1) / mask.sum(1), (z + (mask - 1) * 1e4).max(1)[0]
        line = torch.cat([means, largest, torch.log1p(length.float())[:, None]], 1)
        if self.training:
            line = nn.functional.dropout(line, self.recipe.dropout[1])
        return self.out_2(torch.relu(self.out_1(line)))

    def fitted(self) -> Phrasing:
        """Return what ships."""
        tables, scales = [], []
        for table in self.tables():
            values = table.detach().numpy()
            scale = float(np.quantile(np.abs(values), 0.9999)) / 127
            tables.append(np.clip(np.round(values / scale), -127, 127).astype(np.int8))
            scales.append(scale)
        weights = {"capitals": self.capitals.weight, "edge": self.edge}
        for number, (kernel, norm, mix) in enumerate(zip(self.kernels, self.norms, self.mixes, strict=True)):
            weights |= {f"{number}.scale": norm.weight, f"{number}.shift": norm.bias, f"{number}.conv.w": kernel}
            weights |= {f"{number}.mix.w": mix.weight.T, f"{number}.mix.b": mix.bias}
        weights |= {"out.scale": self.norm.weight, "out.shift": self.norm.bias}
        width = self.recipe.width
        of_means, of_largest, of_count = self.out_1.weight.T.split([width, width, 1])
        weights |= {"out.means": of_means, "out.largest": of_largest, "out.count": of_count}
        weights |= {"out.1.b": self.out_1.bias, "out.2.w": self.out_2.weight.T, "out.2.b": self.out_2.bias}
        arrays = {name: one.detach().numpy()[None, None] for name, one in weights.items()}
        words, starts, pieces = tables
        first, second, third = scales
        return Phrasing(words, starts, pieces, (first, second, third), self.recipe.layers, arrays, {})


def labels_of(lines: list[Line]) -> tuple[Any, Any]:
    """Return labels and what each counts, (lines, lanes): of furniture of the web only that it is furniture is known."""
    article = np.array([line.category == "article" for line in lines])
    web = np.array([line.language == "web" for line in lines])
    labels, counts = [~article], [np.ones(len(lines), dtype=bool)]
    for number, group in enumerate(GROUPS):
        labels.append(np.array([line.category in group for line in lines]))
        counts.append(~web | (article & (number > 0)))
    for name in FINE:
        labels.append(np.array([line.category == name for line in lines]))
        counts.append(~web | article)
    with_role = np.array([line.role != "" for line in lines])
    for name in ROLES:
        labels.append(np.array([line.role == name for line in lines]))
        counts.append(with_role | ~(article | web))
    placed = np.array([line.places is not None for line in lines])
    for name in PLACES:
        labels.append(np.array([line.places is not None and name in line.places for line in lines]))
        counts.append(placed)
    return np.stack(labels, 1).astype(np.float32), np.stack(counts, 1) * weights_of(lines)[:, None].astype(np.float32)


def loss_of(found: Any, truth: Any, counted: Any) -> Any:
    """Return the loss of log-odds, (lines, lanes), by what each line counts in each lane and by ``COUNTS``."""
    losses = nn.functional.binary_cross_entropy_with_logits(found, truth, reduction="none") * counted
    by_lane = losses.sum(0) / (counted.sum(0) + 1e-6)
    return (by_lane * COUNTS).sum() + by_lane[0]


def batches_of(sizes: Any, size: int, dice: Any) -> list[Any]:
    """Return numbers of lines of like length together, in any order."""
    order = np.argsort(sizes + dice.random(len(sizes)) * 3, kind="stable")
    out = []
    at = 0
    while at < len(order):
        some = sizes[order[at : at + size]]
        places = np.arange(1, len(some) + 1) * (np.maximum.accumulate(some) + EDGES)
        count = max(1, int((places <= size).sum()))
        out.append(order[at : at + count])
        at += count
    random.Random(int(dice.integers(1 << 30))).shuffle(out)
    return out


def _tables(batches: list[Any], flat: Any, firsts: Any, sizes: Any) -> Iterator[tuple[Any, Any, Any]]:
    for batch in batches:
        columns = np.arange(max(1, sizes[batch].max()))[None]
        inner = columns < sizes[batch][:, None]
        yield batch, np.where(inner, flat[np.minimum(firsts[batch][:, None] + columns, len(flat) - 1)], 0), sizes[batch]


def fit_phrasing(lines: list[Line], *, name: str = "", seed: int = 0, recipe: Recipe | None = None) -> bytes:
    """Fit the model to lines, with the words that the line model in use knows, and return the file's bytes."""
    recipe = Recipe() if recipe is None else recipe
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    dice = np.random.default_rng(seed)
    said = [tokens(prepared(line.text)) for line in lines]
    sizes = np.array([len(one) for one in said], dtype=np.int64)
    numbers: dict[str, int] = {}
    flat = np.array([numbers.setdefault(token, len(numbers)) for one in said for token in one], dtype=np.int64)
    firsts = np.cumsum(sizes) - sizes
    labels, counts = labels_of(lines)
    net = _Net(recipe, _words(list(numbers), recipe.slots))
    tables = set(map(id, net.tables()))
    of_words, of_others = recipe.decay
    optimiser = torch.optim.AdamW(
        [
            {"params": net.tables(), "weight_decay": of_words},
            {"params": [one for one in net.parameters() if id(one) not in tables], "weight_decay": of_others},
        ],
        lr=recipe.rate,
        fused=True,
    )
    steps = recipe.epochs * (len(batches_of(sizes, recipe.batch, dice)) + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.15)
    began = time.time()
    for epoch in range(recipe.epochs):
        total = count = 0.0
        for batch, table, length in _tables(batches_of(sizes, recipe.batch, dice), flat, firsts, sizes):
            found = net(table, length)
            truth, counted = torch.from_numpy(labels[batch]), torch.from_numpy(counts[batch])
            loss = loss_of(found, truth, counted)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            total, count = total + loss.item(), count + 1
        print(f"[{name} {time.time() - began:.0f} s] epoch {epoch + 1}, loss {total / count:.4f}", flush=True)
    net.eval()
    fitted = read(written(net.fitted()))
    # What ships computes the same, but for what a byte and half precision lose.
    sample = dice.choice(len(lines), min(len(lines), 300), replace=False)
    _, table, length = next(_tables([sample], flat, firsts, sizes))
    with torch.no_grad():
        there = net(table, length).numpy().clip(-LIMIT, LIMIT)
    here = says([prepared(lines[number].text) for number in sample], fitted)
    assert np.abs(there - here).mean() < 0.1, np.abs(there - here).mean()  # noqa: PLR2004
    return written(fitted)


def use_phrasing(data: bytes, path: Path) -> None:
    """Let the package use a model."""
    path.write_bytes(data)
    phrasing.MODEL = path
    phrasing.shipped.cache_clear()
