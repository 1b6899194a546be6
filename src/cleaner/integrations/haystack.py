"""Haystack: ``pipeline.add_component("cleaner", CruftCleaner())``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cleaner.config import Config
from cleaner.extras import load
from cleaner.integrations._step import Step
from cleaner.records.document import removed_list

load("haystack", "haystack", "cleaner.integrations.haystack")

from haystack import Document, component, default_from_dict, default_to_dict  # noqa: E402  # named above if missing


@component
class CruftCleaner:
    """Cleans the content of documents; those without text pass as they are.

    Args:
        settings: of the cleaner, by the names that ``cleaner.Config`` has for them, as plain values: they are written into the
            pipeline's file.
        url: the key of ``meta`` with the address, for rules of sites.
        removed: the key of ``meta`` that gets what went.
    """

    def __init__(
        self, settings: dict[str, Any] | None = None, url: str | None = "url", removed: str | None = None
    ) -> None:
        self._given = {"settings": settings, "url": url, "removed": removed}
        self._step = Step(url=url, removed=removed, config=Config(**(settings or {})))

    @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """Return cleaned copies of documents."""
        fields = self._step.fields
        out = []
        for document in documents:
            if document.content is None:
                out.append(document)
                continue
            url = document.meta.get(fields.url) if fields.url is not None else None
            result, _ = self._step.clean(document.content, url)
            meta = dict(document.meta)
            if fields.removed is not None:
                meta[fields.removed] = removed_list(result)
            out.append(replace(document, content=result.text, meta=meta))
        return {"documents": out}

    def to_dict(self) -> dict[str, Any]:
        """Return the component as plain values."""
        written: dict[str, Any] = default_to_dict(self, **self._given)
        return written

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Any:
        """Return the component that was written."""
        return default_from_dict(cls, data)
