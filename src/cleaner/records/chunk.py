"""What goes to a worker and what comes back."""

from __future__ import annotations

import base64
import json
from typing import Any, Final, NamedTuple

from cleaner.records.tally import Tally

SIZE: Final = 1 << 18
"""How many bytes of records make a chunk: enough that handing it over costs nothing, few enough that all cores are busy
to the end. What a run writes must not depend on the number of workers, so this is no setting."""


class Chunk(NamedTuple):
    """Some records of one file.

    Attributes:
        item: the number of the file.
        data: the records as the format's worker takes them.
        first: the number of the first record, from 1 on.
        where: where it begins: a byte, or a row group.
        after: where reading continues behind this chunk, as the format's reader wrote it.
        read: how many bytes of the file have been read, for the progress.
        problem: why this is no chunk of records: one record that is too large; the file can't be read on.
        fatal: whether ``problem`` ends the file.
        last: whether the file ends here; such a chunk has no records.
    """

    item: int
    data: bytes
    first: int
    where: int
    after: tuple[int, int]
    read: int
    problem: str = ""
    fatal: bool = False
    last: bool = False


class Done(NamedTuple):
    """What became of a chunk.

    Attributes:
        data: what goes to the output, as it is written.
        rejects: lines for the file of rejects.
        tally: what happened.
    """

    data: bytes
    rejects: bytes
    tally: Tally


class Rejects:
    """The lines about records of one file that couldn't be used."""

    def __init__(self, source: str, tally: Tally) -> None:
        self._source = source
        self._tally = tally
        self._lines: list[bytes] = []

    def add(self, place: dict[str, int], reason: str, detail: str, record: bytes | str | None) -> None:
        """Note one record, with where it stands and why it can't be used."""
        line: dict[str, Any] = {"source": self._source, **place, "reason": reason}
        if detail:
            line["detail"] = detail
        if isinstance(record, bytes):
            try:
                line["record"] = record.decode()
            except UnicodeDecodeError:
                line["record_base64"] = base64.b64encode(record).decode("ascii")
        elif record is not None:
            line["record"] = record
        self._lines.append(json.dumps(line).encode("ascii") + b"\n")
        self._tally.reject(reason)

    def written(self) -> bytes:
        """Return all lines."""
        return b"".join(self._lines)


def place_of(line: bytes) -> str:
    """Return where and why the record of a reject's line couldn't be used, for a message."""
    found = json.loads(line)
    place = " ".join(f"{key} {found[key]}" for key in ("line", "row", "record_number") if key in found)
    detail = f": {found['detail']}" if "detail" in found else ""
    return f"{found['source']}: {place}: {found['reason']}{detail}"
