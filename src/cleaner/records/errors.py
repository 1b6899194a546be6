"""What can go wrong with records: a run that can't go on, a record that can't be used."""

from __future__ import annotations

from cleaner.errors import CleanerError


class RunError(CleanerError):
    """A file, a place or a setting that a run can't go on with; the message says which and why."""


class BadRecordError(RunError):
    """A record that can't be used, where such records aren't to be set aside."""


class Unusable(Exception):  # noqa: N818  # not an error of the run: the record is set aside, and work goes on
    """One record can't be used.

    Attributes:
        reason: what is wrong, in the same words for all records with which the same is wrong.
        detail: what is wrong with this one.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
