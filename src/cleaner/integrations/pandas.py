"""pandas: ``frame["text"] = clean_series(frame["text"])``."""

from __future__ import annotations

from typing import Any

from cleaner.config import Config
from cleaner.integrations._step import Step


def clean_series(series: Any, *, urls: Any = None, config: Config | None = None) -> Any:
    """Return a series of clean texts with the index, the name and the type of the given one. What is missing stays so.

    Args:
        series: of texts.
        urls: a series, or anything as long, with the addresses, for rules of sites.
        config: of the cleaner.
    """
    step = Step(config=config)
    missing = series.isna()
    places = [None] * len(series) if urls is None else list(urls)
    texts = [
        value if gone else step.clean(value, url)[0].text
        for value, gone, url in zip(series, missing, places, strict=True)
    ]
    return type(series)(texts, index=series.index, name=series.name, dtype=series.dtype)
