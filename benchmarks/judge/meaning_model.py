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
from phrasing_model import batches_of, labels_of, loss_of
from teacher import sentence_vectors, vocabulary
from torch import nn
from wording_model import prepared

from cleaner import meaning
from cleaner.meaning import (
    GLOSS,
    LIMIT,
    LONGEST,
    NONE,
    REACH,
    SHAPE,
    Meaning,
    find,
    look_up,
    marks_of,
    read,
    says,
    vectors_at,
    written,
)
from cleaner.phrasing import CAPITALS
from cleaner.wording import PHRASED, SENSES, plain_word, tokens, word_hash

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
        layers: of the network that look at the neighbours.
        hidden: of the layer that reads what is left of the line.
        epochs: how often every line is looked at while the network is fitted.
        batch: how many words, with the empty places behind shorter lines, are looked at in one step.
        dropout: of words as a whole, of their numbers, of the two last layers.
        rate: the highest learning rate of a cycle (Smith and Topin, arXiv 1708.07120).
        decay: of the weights (Loshchilov and Hutter, arXiv 1711.05101).
        senses: what it counts to guess what the large model says of a line, where what else it says counts some 3.
    """

    width: int = 128
    seen: int = 2
    rounds: int = 10
    layers: int = 2
    hidden: int = 128
    epochs: int = 6
    batch: int = 6000
    dropout: tuple[float, float, float] = (0.1, 0.2, 0.3)
    rate: float = 3e-3
    decay: float = 0.05
    senses: float = 1.0


class Axes(NamedTuple):
    """In which directions sentence vectors differ most: of all lines, so that the senses of models of different folds are the same.

    Attributes:
        ground: (width,), the vectors' mean.
        directions: (width, senses), divided by how far along them vectors lie from the mean, all directions taken together.
    """

    ground: Any
    directions: Any


def axes_of(vectors: Any) -> Axes:
    """Find the axes of sentence vectors, (lines, width)."""
    vectors = vectors.astype(np.float32)
    ground = vectors.mean(0)
    _, directions = np.linalg.eigh(np.cov((vectors - ground).T))
    directions = directions[:, ::-1][:, : len(SENSES)].astype(np.float32)
    return Axes(ground, directions / float(((vectors - ground) @ directions).std()))


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
    axes: Axes,
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
        axes: of its sentence vectors.
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
    small, scale = _small(table)
    everywhere = _everywhere(lines, {word: place for place, word in enumerate(words)})
    print(f"[{name} {time.time() - began:.0f} s] {len(everywhere)} words of all languages", flush=True)
    by_hash = {word_hash(word): one for word, one in everywhere.items()}
    keys = sorted(by_hash)
    glosses = np.full((len(keys), GLOSS), NONE, dtype=np.uint16)
    for number, key in enumerate(keys):
        places = by_hash[key][1]
        glosses[number, : len(places)] = places
    english = np.array([by_hash[key][0] for key in keys])
    model = Meaning(np.array(keys, dtype=np.uint32), english, glosses, small, scale, recipe.layers, {}, {})
    numbers = {text: number for number, text in enumerate(taught)}
    senses = (vectors[: len(taught)].astype(np.float32) - axes.ground) @ axes.directions
    told = _Told(np.array([numbers.get(line.text, -1) if line.language in TEACHES else -1 for line in lines]), senses)
    return written(_fit_network(lines, model, told, recipe, name, seed))


class _Told(NamedTuple):
    """What the large model says.

    Attributes:
        of: (lines,), which row of the senses is a line's, -1 if none.
        senses: (rows, senses).
    """

    of: Any
    senses: Any


def _small(table: Any) -> tuple[Any, float]:
    """Return vectors as a byte a number, and by what they are to be multiplied."""
    scale = float(np.quantile(np.abs(table), 0.9999)) / 127
    return np.clip(np.round(table / scale), -127, 127).astype(np.int8), scale


class _Net(nn.Module):
    """The layers of :func:`cleaner.meaning.forward`."""

    def __init__(self, table: Any, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        width = recipe.width
        self.table = torch.from_numpy(table)
        self.turn = nn.Linear(table.shape[1], width, bias=False)
        self.marks = nn.Embedding(3 * CAPITALS, width)
        nn.init.normal_(self.marks.weight, 0, 0.1)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(recipe.layers)])
        self.looks = nn.ModuleList([nn.Conv1d(width, width, REACH, padding=REACH // 2) for _ in range(recipe.layers)])
        self.mixes = nn.ModuleList([nn.Linear(width, width) for _ in range(recipe.layers)])
        self.norm = nn.LayerNorm(width)
        self.out_1 = nn.Linear(2 * width + SHAPE, recipe.hidden)
        self.out_2 = nn.Linear(recipe.hidden, len(PHRASED))
        self.told = nn.Linear(2 * width, len(SENSES))

    def forward(self, words: Any, marks: Any, sizes: Any, shapes: Any) -> Any:
        """Return log-odds, (lines, lanes), and senses, (lines, senses), of tables of numbers of words and of their marks, (lines, longest)."""
        of_words, of_numbers, of_layers = self.recipe.dropout
        vectors = self.turn(self.table[words])
        if self.training:
            vectors = vectors * (torch.rand(words.shape) >= of_words).float()[:, :, None]
        inner = (torch.arange(words.shape[1])[None] < sizes[:, None]).float()[:, :, None]
        z = (vectors + self.marks(marks)) * inner
        if self.training:
            z = nn.functional.dropout(z, of_numbers)
        for norm, look, mix in zip(self.norms, self.looks, self.mixes, strict=True):
            q = look((norm(z) * inner).transpose(1, 2)).transpose(1, 2)
            z = z + mix(torch.relu(q))
        z = self.norm(z) * inner
        means, largest = z.sum(1) / sizes.float()[:, None], (z + (inner - 1) * 1e4).max(1)[0]
        senses = self.told(torch.cat([means, largest], 1))
        line = torch.cat([means, largest, shapes], 1)
        if self.training:
            line = nn.functional.dropout(line, of_layers)
        hidden = torch.relu(self.out_1(line))
        if self.training:
            hidden = nn.functional.dropout(hidden, of_layers)
        return self.out_2(hidden), senses

    def arrays(self) -> dict[str, Any]:
        """Return the weights as :func:`cleaner.meaning.forward` wants them."""
        weights = {"marks": self.marks.weight}
        for number, (norm, look, mix) in enumerate(zip(self.norms, self.looks, self.mixes, strict=True)):
            weights |= {f"{number}.scale": norm.weight, f"{number}.shift": norm.bias, f"{number}.conv.b": look.bias}
            weights |= {f"{number}.conv.{place}": look.weight[:, :, place].T for place in range(REACH)}
            weights |= {f"{number}.mix.w": mix.weight.T, f"{number}.mix.b": mix.bias}
        width = self.recipe.width
        of_means, of_largest, of_shapes = self.out_1.weight.T.split([width, width, SHAPE])
        weights |= {"out.scale": self.norm.weight, "out.shift": self.norm.bias}
        weights |= {"out.means": of_means, "out.largest": of_largest, "out.shapes": of_shapes}
        weights |= {"out.1.b": self.out_1.bias, "out.2.w": self.out_2.weight.T, "out.2.b": self.out_2.bias}
        told_of_means, told_of_largest = self.told.weight.T.split([width, width])
        weights |= {"told.means": told_of_means, "told.largest": told_of_largest, "told.b": self.told.bias}
        return {name: one.detach().numpy()[None, None] for name, one in weights.items()}


class _Read(NamedTuple):
    """The lines that the model says something of.

    Attributes:
        asked: their numbers.
        words: of all their words in a row, the number of each.
        marks: of the same.
        firsts: where each line begins.
        sizes: how many words it has.
        shapes: (lines, ``SHAPE``).
        table: (words, width), their vectors; the first one is none.
    """

    asked: Any
    words: Any
    marks: Any
    firsts: Any
    sizes: Any
    shapes: Any
    table: Any


def _read(lines: list[str], model: Meaning) -> _Read:
    bare = model._replace(weights={"marks": np.zeros((1, 1, 3 * CAPITALS, model.vectors.shape[1]), np.float32)})
    asked, said, shapes = [], [], []
    for number, (line, found) in enumerate(zip(lines, look_up(lines, bare), strict=True)):
        if found is not None:
            asked.append(number)
            said.append(tokens(line)[:LONGEST])
            shapes.append(found.shape)
    different = list(dict.fromkeys(token for line in said for token in line))
    places, known = find(different, model)
    marks = dict(zip(different, marks_of(different, known, model.english[places]).tolist(), strict=True))
    rows = {place: row for row, place in enumerate(sorted(set(places[known].tolist())), 1)}
    words = {
        token: rows[place] if one else 0 for token, place, one in zip(different, places.tolist(), known, strict=True)
    }
    table = np.zeros((len(rows) + 1, model.vectors.shape[1]), dtype=np.float32)
    table[1:] = vectors_at(np.array(list(rows)), model)
    sizes = np.array([len(line) for line in said])
    return _Read(
        np.array(asked),
        np.array([words[token] for line in said for token in line]),
        np.array([marks[token] for line in said for token in line]),
        np.cumsum(sizes) - sizes,
        sizes,
        np.array(shapes, dtype=np.float32),
        table,
    )


def _tables(batch: Any, found: _Read) -> list[Any]:
    columns = np.arange(found.sizes[batch].max())[None]
    inner = columns < found.sizes[batch][:, None]
    at = np.where(inner, found.firsts[batch][:, None] + columns, 0)
    tables = (np.where(inner, found.words[at], 0), np.where(inner, found.marks[at], 0))
    return [torch.from_numpy(one) for one in (*tables, found.sizes[batch], found.shapes[batch])]


def _fit_network(lines: list[Line], model: Meaning, told: _Told, recipe: Recipe, name: str, seed: int) -> Meaning:
    """Fit the network, and return the model with its weights; its first layer, which turns every vector alike, goes into the vectors."""
    torch.manual_seed(seed)
    labels, counts = labels_of(lines)
    read_lines = _read([prepared(line.text) for line in lines], model)
    truth, counted = torch.from_numpy(labels[read_lines.asked]), torch.from_numpy(counts[read_lines.asked])
    net = _Net(read_lines.table, recipe)
    dice = np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.decay, fused=True)
    steps = recipe.epochs * (len(batches_of(read_lines.sizes, recipe.batch, dice)) + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.15)
    began = time.time()
    net.train()
    for epoch in range(recipe.epochs):
        total = count = 0.0
        for batch in batches_of(read_lines.sizes, recipe.batch, dice):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found, senses = net(*_tables(batch, read_lines))
            loss = loss_of(found.float(), truth[batch], counted[batch])
            of = told.of[read_lines.asked[batch]]
            if (of >= 0).any():
                guessed, said = senses.float()[torch.from_numpy(of >= 0)], torch.from_numpy(told.senses[of[of >= 0]])
                loss = loss + recipe.senses * nn.functional.mse_loss(guessed, said)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            total, count = total + loss.item(), count + 1
        print(
            f"[{name} {time.time() - began:.0f} s] epoch {epoch + 1}, {len(truth)} lines, loss {total / count:.4f}",
            flush=True,
        )
    net.eval()
    with torch.no_grad():
        turned = net.turn(torch.from_numpy(model.vectors.astype(np.float32) * model.scale)).numpy()
    small, scale = _small(turned)
    fitted = model._replace(vectors=small, scale=scale, weights=net.arrays())
    # What ships computes the same, but for what a byte and half precision lose.
    sample = np.arange(len(read_lines.asked))[:300]
    with torch.no_grad():
        there = torch.cat(net(*_tables(sample, read_lines)), 1).numpy().clip(-LIMIT, LIMIT)
    here = says([prepared(lines[number].text) for number in read_lines.asked[sample]], read(written(fitted)))[:, :-1]
    assert np.abs(there - here).mean() < 0.1, np.abs(there - here).mean()  # noqa: PLR2004
    return fitted


def use_meaning(data: bytes, path: Path) -> None:
    """Let the package use a model."""
    path.write_bytes(data)
    meaning.MODEL = path
    meaning.shipped.cache_clear()
