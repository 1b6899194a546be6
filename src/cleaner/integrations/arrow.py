"""Arrow, and what hands over Arrow: Ray Data and PySpark.

ds.map_batches(clean_arrow("text"), batch_format="pyarrow")             # Ray Data
df.mapInArrow(clean_arrow("text").batches, df.schema)                   # PySpark
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cleaner.errors import CleanerError
from cleaner.integrations._step import Step
from cleaner.records.arrow import arrow, clean_batch, output_schema


class clean_arrow(Step):  # noqa: N801  # used like a function
    """A function from a record batch, or a table, to one of its kind; see :class:`cleaner.integrations._step.Step`."""

    def __call__(self, data: Any) -> Any:
        """Clean a ``RecordBatch`` or ``Table``. What is given isn't changed.

        Raises:
            CleanerError: a column isn't there or isn't of text, or a text can't be used.
        """
        schema = output_schema(data.schema, self.fields)
        if hasattr(data, "to_batches"):
            batches = [self._one(batch, schema) for batch in data.to_batches()]
            return arrow().Table.from_batches(batches, schema=schema)
        return self._one(data, schema)

    def batches(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Clean record batches one after the other."""
        for batch in batches:
            yield self(batch)

    def schema(self, schema: Any) -> Any:
        """Return the schema that data of a schema has when it is cleaned."""
        return output_schema(schema, self.fields)

    def _one(self, batch: Any, schema: Any) -> Any:
        done = clean_batch(batch, self.worker, schema)
        for row, reason, detail in done.bad:
            raise CleanerError(f"{self.fields.source}: row {row + 1}: {reason}{': ' if detail else ''}{detail}")
        return done.batch
