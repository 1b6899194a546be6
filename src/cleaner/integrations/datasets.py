"""Hugging Face ``datasets``: ``ds.map(clean_batch(), batched=True, num_proc=2)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.integrations._step import Step
from cleaner.records.document import removed_list


class clean_batch(Step):  # noqa: N801  # used like a function
    """A function for ``Dataset.map(..., batched=True)``. Needs no import of ``datasets`` itself.

    See :class:`cleaner.integrations._step.Step` for the arguments. The pickle is stable, so ``datasets`` finds its
    cache on the next run, and doesn't when rules or settings changed.
    """

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """Clean the documents of a batch; other columns are given back only where rows go."""
        fields = self.fields
        values = batch[fields.source]
        urls = batch[fields.url] if fields.url is not None else [None] * len(values)
        texts: list[str | None] = []
        removed: list[list[dict[str, Any]]] = []
        stay: list[bool] = []
        for value, url in zip(values, urls, strict=True):
            result, stays = self.clean(value, url)
            stay.append(stays)
            texts.append(None if value is None else result.text)
            if fields.removed is not None:
                removed.append(removed_list(result))
        out: dict[str, list[Any]] = {fields.output: texts}
        if fields.removed is not None:
            out[fields.removed] = removed
        if all(stay):
            return out
        return {
            name: [value for value, stays in zip(column, stay, strict=True) if stays]
            for name, column in {**batch, **out}.items()
        }
