"""LangChain: ``CruftTransformer().transform_documents(documents)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner.config import Config
from cleaner.extras import load
from cleaner.integrations._step import Step
from cleaner.records.document import removed_list

load("langchain_core.documents", "langchain", "cleaner.integrations.langchain")

from langchain_core.documents import BaseDocumentTransformer  # noqa: E402  # named above if it is missing


class CruftTransformer(BaseDocumentTransformer):  # type: ignore[misc]  # a class without types
    """Cleans the content of documents; their other parts are copied.

    Args:
        config: of the cleaner.
        url: the key of ``metadata`` with the address, for rules of sites. Loaders call it ``source``.
        removed: the key of ``metadata`` that gets what went.
    """

    def __init__(self, config: Config | None = None, *, url: str | None = "source", removed: str | None = None) -> None:
        self._step = Step(url=url, removed=removed, config=config)

    def transform_documents(self, documents: Sequence[Any], **kwargs: Any) -> list[Any]:
        """Return cleaned copies of documents."""
        del kwargs
        fields = self._step.fields
        out = []
        for document in documents:
            url = document.metadata.get(fields.url) if fields.url is not None else None
            result, _ = self._step.clean(document.page_content, url)
            metadata = dict(document.metadata)
            if fields.removed is not None:
                metadata[fields.removed] = removed_list(result)
            out.append(document.model_copy(update={"page_content": result.text, "metadata": metadata}))
        return out
