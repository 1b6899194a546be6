"""datatrove: a step of a pipeline, with statistics by category.

LocalPipelineExecutor([JsonlReader("news/"), CruftCleaner(), JsonlWriter("clean/")], tasks=2)
"""

from __future__ import annotations

from typing import Any

from cleaner.config import Config
from cleaner.extras import load
from cleaner.integrations._step import Step
from cleaner.records.document import removed_list

load("datatrove.pipeline.base", "datatrove", "cleaner.integrations.datatrove")

from datatrove.pipeline.base import PipelineStep  # noqa: E402  # named above if it is missing


class CruftCleaner(PipelineStep):  # type: ignore[misc]  # a class without types
    """Cleans the text of documents and counts what goes.

    Args:
        config: of the cleaner.
        url: the key of ``Document.metadata`` with the address, for rules of sites.
        removed: the key of ``Document.metadata`` that gets what went.
        drop_empty: leave out documents of which nothing is left.
        min_words: leave out documents with fewer words.
    """

    type = "\N{BROOM} - CLEANER"
    name = "\N{SPONGE} Cruft"

    def __init__(
        self,
        config: Config | None = None,
        *,
        url: str | None = "url",
        removed: str | None = None,
        drop_empty: bool = True,
        min_words: int = 0,
    ) -> None:
        super().__init__()
        self._step = Step(url=url, removed=removed, drop_empty=drop_empty, min_words=min_words, config=config)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Clean documents as they come."""
        del rank, world_size
        fields = self._step.fields
        for document in data or ():
            self.stat_update("total")
            with self.track_time():
                url = document.metadata.get(fields.url) if fields.url is not None else None
                result, stays = self._step.clean(document.text, url)
            for one in result.removed:
                self.stat_update(one.category)
                self.stat_update(f"{one.category} characters", value=one.end - one.start)
            if not stays:
                self.stat_update("dropped")
                continue
            self.stat_update("forwarded")
            if result.removed:
                self.stat_update("changed")
            document.text = result.text
            if fields.removed is not None:
                document.metadata[fields.removed] = removed_list(result)
            self.update_doc_stats(document)
            yield document
