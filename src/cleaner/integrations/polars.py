"""Polars: ``frame.with_columns(clean_text("text"))``."""

from __future__ import annotations

from typing import Any

from cleaner.config import Config
from cleaner.extras import load
from cleaner.integrations._step import Step


def clean_text(column: Any, *, config: Config | None = None) -> Any:
    """Return an expression for the clean texts of a column, given by its name or as an expression."""
    polars = load("polars", "polars", "cleaner.integrations.polars")
    step = Step(config=config)

    def cleaned(series: Any) -> Any:
        texts = [None if value is None else step.clean(value)[0].text for value in series.to_list()]
        return polars.Series(series.name, texts, dtype=polars.String)

    expression = polars.col(column) if isinstance(column, str) else column
    return expression.map_batches(cleaned, return_dtype=polars.String, is_elementwise=True)
