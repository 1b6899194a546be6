"""Fit the network of ``cleaner.network``: the same layers in torch, and its weights as the package reads them."""

from __future__ import annotations

import random
import time
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from cleaner.network import LIMIT, WINDOW, Network, forward, prepared, read, written
from cleaner.wording import GROUPS, ROLES

MASK = 1 << 22
"""So many numbers has the mask of which every dropout takes a stretch."""

KINDS = {
    name: number
    for number, group in enumerate([*GROUPS[1:], GROUPS[0].difference(*GROUPS[1:]), *([role] for role in ROLES)])
    for name in group
}
"""What the network learns of a block besides: of which of the groups of categories it is, or what it is in the article."""

LARGE = 12.0
"""A feature that reaches beyond is taken as its logarithm."""


class Recipe(NamedTuple):
    """How a network is fitted.

    Attributes:
        epochs: how often every document is looked at.
        batch: how many blocks are looked at in one step.
        rate: the highest learning rate of a cycle (Smith and Topin, arXiv 1708.07120).
        decay: of the weights (Loshchilov and Hutter, arXiv 1711.05101).
        noise: in standard deviations of a feature, what is added to it. At .25 written pages come out as well as at .1 and look-alikes and
            articles of the web better, at .5 worse.
        dropout: of the numbers of every layer. Networks fitted to all other pages for 15 epochs had 2,518 of 3,218 at .2 (log loss .0435) and
            2,504 at .1 (.0458), where whole pages of the web came out better.
        kinds: what it counts to say of what kind a block is (of written pages), where to say that it is cruft counts 1. Of 9,244 pages of a fold
            a network fitted to a quarter of the others for 9 epochs had 6,949 without a wrong block (log loss .087); at 0 it had 6,516 (.112), at
            .2 6,947 (.091), at 1 6,942 (.084).
    """

    epochs: int = 14
    batch: int = 2500
    rate: float = 4e-3
    decay: float = 0.05
    noise: float = 0.25
    dropout: float = 0.15
    kinds: float = 0.5


class Sequence(NamedTuple):
    """One document: features (blocks, features), labels (1 cruft, 0 article, -1 not used), and what a block weighs."""

    rows: Any
    labels: Any
    weights: Any
    kinds: Any = None


class Shape(NamedTuple):
    """What a network is made of.

    Attributes:
        width: of the layers. Of 3,062 dirty written pages of a fold networks fitted to a quarter of the others for 8 epochs had 1,880 without a
            wrong block with 128 numbers (log loss .0855), 1,963 with 192 (.0800), 1,961 with 256 (.0836), all at a dropout of .3; with 192
            1,995 at .2 (.0753) and 1,997 at .1 (.0731).
        dilations: by layer, how far apart the blocks are that it compares.
        pool_after: the number of layers after which the mean is added.
        attend_after: the numbers of layers after which blocks look at each other.
        heads: in how many ways at once they do, and with how many numbers each.
    """

    width: int = 192
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2)
    pool_after: int = 2
    attend_after: tuple[int, ...] = (3, 5)
    heads: tuple[int, int] = (4, 16)


class _Dropout(nn.Module):
    """Dropout by stretches of one long mask: to throw the dice anew for every number takes a sixth of a step."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.mask = (torch.rand(MASK) >= rate).float() / (1 - rate)

    def forward(self, z: Any) -> Any:
        if not self.training:
            return z
        size = z.numel()
        start = int(torch.randint(MASK - size, (1,)))
        return z * self.mask[start : start + size].view(z.shape)


class _Layer(nn.Module):
    def __init__(self, width: int, dilation: int, drop: _Dropout) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(width)
        self.kernel = nn.Parameter(torch.empty(3, width).uniform_(-(3**-0.5), 3**-0.5))
        self.bias = nn.Parameter(torch.empty(width).uniform_(-(3**-0.5), 3**-0.5))
        self.mix = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.drop = drop

    def forward(self, z: Any, mask: Any) -> Any:
        q = self._beside(self.norm(z) * mask)
        return z + self.drop(self.out(torch.relu(self.mix(q))))

    def _beside(self, q: Any) -> Any:
        """Return a convolution by channel; as sums of shifted rows it takes half the time of torch's own."""
        distance = self.dilation
        out = q * self.kernel[1] + self.bias
        if distance < q.shape[1]:
            out = out + nn.functional.pad(q[:, :-distance] * self.kernel[0], (0, 0, distance, 0))
            out = out + nn.functional.pad(q[:, distance:] * self.kernel[2], (0, 0, 0, distance))
        return out


class _Attention(nn.Module):
    """What blocks that are like a block or near it say; the farther away, the less, each head in its own measure."""

    def __init__(self, width: int, heads: tuple[int, int], drop: _Dropout) -> None:
        super().__init__()
        self.heads, self.size = heads
        self.norm = nn.LayerNorm(width)
        self.query, self.key, self.value = (nn.Linear(width, self.heads * self.size) for _ in range(3))
        self.out = nn.Linear(self.heads * self.size, width)
        self.near = nn.Parameter(torch.zeros(self.heads))
        self.own = nn.Parameter(torch.zeros(self.heads))
        self.drop = drop

    def forward(self, z: Any, mask: Any) -> Any:
        batch, count, _ = z.shape
        q = self.norm(z) * mask
        query, key, value = (
            layer(q).view(batch, count, self.heads, self.size).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        places = torch.arange(count)
        away = (places[:, None] - places[None]).abs().float()
        near, own = nn.functional.softplus(self.near)[:, None, None], self.own[:, None, None]
        bias = -near * torch.log1p(away) - own * (away == 0).float() + (mask.view(batch, 1, 1, count) - 1) * 1e4
        found = query @ key.transpose(2, 3) * self.size**-0.5 + bias.to(query.dtype)
        told = (found.softmax(-1) @ value).transpose(1, 2).reshape(batch, count, -1)
        return z + self.drop(self.out(told))


class _Net(nn.Module):
    def __init__(self, size: int, shape: Shape, dropout: float) -> None:
        super().__init__()
        width = shape.width
        self.pool_after = shape.pool_after
        self.first = nn.Linear(size, width)
        self.drop = _Dropout(dropout)
        self.layers = nn.ModuleList([_Layer(width, dilation, self.drop) for dilation in shape.dilations])
        self.attention = nn.ModuleDict(
            {str(at): _Attention(width, shape.heads, self.drop) for at in shape.attend_after}
        )
        self.pool = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.out_1 = nn.Linear(width, width // 2)
        self.out_2 = nn.Linear(width // 2, 1)
        self.kinds = nn.Linear(width, max(KINDS.values()) + 1)

    def forward(self, rows: Any, mask: Any) -> Any:
        z = self.drop(torch.relu(self.first(rows)))
        for number, layer in enumerate(self.layers, 1):
            z = layer(z, mask)
            if number == self.pool_after:
                z = z + self.pool((z * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True))
            if str(number) in self.attention:
                z = self.attention[str(number)](z, mask)
        z = self.norm(z)
        found = self.out_2(torch.relu(self.out_1(z))).squeeze(2)
        return (found, self.kinds(z)) if self.training else found

    def arrays(self) -> dict[str, Any]:
        """Return the weights as :func:`cleaner.network.forward` wants them for one network, matrices to be multiplied from the right."""

        def linear(name: str, layer: Any) -> dict[str, Any]:
            return {f"{name}.w": layer.weight.detach().numpy().T, f"{name}.b": layer.bias.detach().numpy()}

        out = linear("in", self.first)
        for number, layer in enumerate(self.layers):
            out |= {
                f"{number}.scale": layer.norm.weight.detach().numpy(),
                f"{number}.shift": layer.norm.bias.detach().numpy(),
                f"{number}.conv.w": layer.kernel.detach().numpy(),
                f"{number}.conv.b": layer.bias.detach().numpy(),
                **linear(f"{number}.mix", layer.mix),
                **linear(f"{number}.out", layer.out),
            }
        for at, attention in self.attention.items():
            name = f"{int(at) - 1}.attend"
            out |= {
                f"{name}.scale": attention.norm.weight.detach().numpy(),
                f"{name}.shift": attention.norm.bias.detach().numpy(),
                f"{name}.near": nn.functional.softplus(attention.near).detach().numpy(),
                f"{name}.own": attention.own.detach().numpy(),
            }
            for part in ("query", "key", "value", "out"):
                out |= linear(f"{name}.{part}", getattr(attention, part))
        out |= linear("pool", self.pool)
        out |= {"out.scale": self.norm.weight.detach().numpy(), "out.shift": self.norm.bias.detach().numpy()}
        out |= linear("out.1", self.out_1) | linear("out.2", self.out_2)
        return {key: array[None, None] for key, array in out.items()}


def _batches(pieces: list[Sequence], size: int, dice: random.Random) -> list[list[Sequence]]:
    """Return pieces of like length together, ``size`` blocks or a few more, in any order."""
    ordered = sorted(pieces, key=lambda piece: len(piece.rows) + dice.random() * 6)
    out: list[list[Sequence]] = []
    batch: list[Sequence] = []
    for piece in ordered:
        batch.append(piece)
        if len(batch) * len(piece.rows) >= size:
            out.append(batch)
            batch = []
    if batch:
        out.append(batch)
    dice.shuffle(out)
    return out


def _tensors(batch: list[Sequence]) -> list[Any]:
    longest = max(len(piece.rows) for piece in batch)
    shape = (len(batch), longest)
    rows = np.zeros((*shape, batch[0].rows.shape[1]), np.float32)
    labels, weights, mask = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros((*shape, 1), np.float32)
    for n, piece in enumerate(batch):
        size = len(piece.rows)
        rows[n, :size], mask[n, :size] = piece.rows, 1
        labels[n, :size] = np.maximum(piece.labels, 0)
        weights[n, :size] = np.where(piece.labels >= 0, piece.weights, 0)
    kinds = np.full(shape, -1, np.int64)
    for n, piece in enumerate(batch):
        if piece.kinds is not None:
            kinds[n, : len(piece.rows)] = np.where(piece.labels >= 0, piece.kinds, -1)
    return [torch.from_numpy(array) for array in (rows, labels, weights, mask, kinds)]


def fit(
    documents: list[Sequence],
    keep_weight: float,
    *,
    seed: int = 0,
    name: str = "",
    shape: Shape | None = None,
    recipe: Recipe | None = None,
) -> Network:
    """Fit a network; an article's block counts ``keep_weight`` times a block of cruft."""
    shape = Shape() if shape is None else shape
    recipe = Recipe() if recipe is None else recipe
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    dice = random.Random(seed)
    table = np.concatenate([document.rows for document in documents])
    logs = np.abs(table).max(axis=0) > LARGE
    table[:, logs] = np.sign(table[:, logs]) * np.log1p(np.abs(table[:, logs]))
    blank = Network(
        logs, table.mean(axis=0), table.std(axis=0) + 1e-3, shape.dilations, shape.pool_after, shape.attend_after, {}
    )
    pieces = []
    for document in documents:
        rows = prepared(blank, document.rows)
        weights = document.weights * np.where(document.labels == 0, keep_weight, 1.0)
        for at in range(0, len(rows), WINDOW):
            piece = slice(at, at + WINDOW)
            kinds = None if document.kinds is None else document.kinds[piece]
            pieces.append(Sequence(rows[piece], document.labels[piece], weights[piece].astype(np.float32), kinds))
    net = _Net(table.shape[1], shape, recipe.dropout)
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    steps = recipe.epochs * (len(_batches(pieces, recipe.batch, dice)) + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps)
    began = time.time()
    for epoch in range(recipe.epochs):
        total = count = 0.0
        for batch in _batches(pieces, recipe.batch, dice):
            rows, labels, weights, mask, kinds = _tensors(batch)
            # Steps in bfloat16 take two thirds of the time; the weights and what ships stay as exact as they were.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found, of_kinds = net(rows + recipe.noise * torch.randn_like(rows), mask)
            losses = nn.functional.binary_cross_entropy_with_logits(found.float(), labels, reduction="none") * weights
            loss = losses.sum() / (weights.sum() + 1e-6)
            if recipe.kinds and (kinds >= 0).any():
                by_kind = nn.functional.cross_entropy(
                    of_kinds.float().transpose(1, 2), kinds, ignore_index=-1, reduction="none"
                )
                loss = loss + recipe.kinds * (by_kind * weights).sum() / (weights.sum() + 1e-6)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            total, count = total + loss.item(), count + 1
        if epoch % 4 == 3:
            print(f"[{name} {time.time() - began:.0f} s] epoch {epoch + 1}, loss {total / count:.4f}", flush=True)
    net.eval()
    fitted = read(written(blank._replace(weights=net.arrays())))
    # What ships computes the same, but for what half precision loses.
    sample = max(pieces, key=lambda piece: len(piece.rows) if len(piece.rows) < 100 else 0).rows
    with torch.no_grad():
        there = net(torch.from_numpy(sample[None]), torch.ones(1, len(sample), 1))[0].numpy()
    here = forward(fitted, np.clip(sample, -LIMIT, LIMIT))
    assert np.abs(there - here).max() < 0.2, np.abs(there - here).max()  # noqa: PLR2004
    return fitted


def together(networks: list[Network]) -> bytes:
    """Return networks that were fitted to the same documents as the bytes of the file in which they are averaged."""
    names = networks[0].weights
    return written(
        networks[0]._replace(weights={name: np.concatenate([one.weights[name] for one in networks]) for name in names})
    )
