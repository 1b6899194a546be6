"""What a run has done so far, on disk, so that it can be killed at any moment and continued.

Beside the output is a folder. For each input it holds the part of the output that is written (``.part``), the rejects
(``.rejects``) and a note (``.json``) that says how far they go and where the input continues. The note is replaced as
a whole, after the parts have been written; what the parts have beyond it is cut off when a run continues. An output
file is the part, moved to its place.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from cleaner.cli.output import reason
from cleaner.records.errors import RunError
from cleaner.records.tally import Tally

FOLDER: Final = ".cleaner-run"
_BLOCK: Final = 1 << 20

Phase = Literal["writing", "finishing", "done"]


class Part:
    """A file that grows, with a length and a checksum that notes can refer to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self.length = self.checksum = 0

    def open(self, length: int, checksum: int) -> bool:
        """Open the file at a length it had, and cut off the rest. Returns whether it is what it was then."""
        if length:
            found = 0
            left = length
            try:
                with self.path.open("rb") as file:
                    while left and (block := file.read(min(_BLOCK, left))):
                        found = zlib.crc32(block, found)
                        left -= len(block)
            except FileNotFoundError:
                return False
            if left or found != checksum:
                return False
        self._file = self.path.open("r+b" if length else "wb")
        self._file.truncate(length)
        self._file.seek(length)
        self.length, self.checksum = length, checksum
        return True

    def write(self, data: bytes) -> None:
        """Append bytes."""
        if data and self._file is not None:
            self._file.write(data)
            self.length += len(data)
            self.checksum = zlib.crc32(data, self.checksum)

    def flush(self) -> None:
        """Hand what was written to the system, so that killing this process loses nothing of it."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Write everything to the disk and close the file."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def give_up(self) -> None:
        """Close the file whatever happens."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


class Progressed:
    """How far the work on one input is, and the files that say so."""

    def __init__(self, folder: Path, key: str, fingerprint: str) -> None:
        self._note = folder / f"{key}.json"
        self._fingerprint = fingerprint
        self.part = Part(folder / f"{key}.part")
        self.rejects = Part(folder / f"{key}.rejects")
        self.after = (0, 0)
        self.phase: Phase = "writing"
        self.tally = Tally()

    def load(self) -> None:
        """Continue where the last note says, or start over where there is none that fits."""
        note = self._read()
        if note is not None:
            self.phase = note["phase"]
            self.tally = Tally.restore(note["tally"])
            self.after = (note["after"][0], note["after"][1])
            if self.phase != "writing":
                self.rejects.length, self.rejects.checksum = note["rejects"]
                self.part.length, self.part.checksum = note["part"]
                return
            if self.part.open(*note["part"]) and self.rejects.open(*note["rejects"]):
                return
        self.restart()

    def restart(self) -> None:
        """Start over with this input."""
        self.part.give_up()
        self.rejects.give_up()
        self._note.unlink(missing_ok=True)
        self.phase, self.after, self.tally = "writing", (0, 0), Tally()
        self.part.open(0, 0)
        self.rejects.open(0, 0)

    def _read(self) -> dict[str, Any] | None:
        try:
            note = json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return None
        return note if isinstance(note, dict) and note.get("fingerprint") == self._fingerprint else None

    def save(self) -> None:
        """Note how far the work is. What the parts hold has to be handed to the system first."""
        self.part.flush()
        self.rejects.flush()
        note = {
            "fingerprint": self._fingerprint,
            "phase": self.phase,
            "after": self.after,
            "part": (self.part.length, self.part.checksum),
            "rejects": (self.rejects.length, self.rejects.checksum),
            "tally": self.tally.state(),
        }
        beside = self._note.with_suffix(".new")
        beside.write_text(json.dumps(note), encoding="ascii")
        beside.replace(self._note)

    def give_up(self) -> None:
        """Close what is open, whatever happens."""
        self.part.give_up()
        self.rejects.give_up()


class State:
    """The folder of a run. Only one run at a time may use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: BinaryIO | None = None

    def open(self) -> None:
        """Make the folder and take it.

        Raises:
            RunError: another run has it, or it can't be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("wb")
        except OSError as problem:
            raise RunError(f"{self.folder}: can't be made: {reason(problem)}") from None
        try:
            import fcntl  # noqa: PLC0415
        except ImportError:  # no such locks on Windows
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            self._lock = None
            raise RunError(f"{self.folder.parent}: another run writes there") from None

    def progressed(self, target: str, fingerprint: str) -> Progressed:
        """Return how far the work on the input with this target is."""
        key = blake2b(os.fsencode(target), digest_size=10).hexdigest()
        return Progressed(self.folder, key, fingerprint)

    def release(self) -> None:
        """Let others have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Remove the folder: everything is done."""
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def replace_file(path: Path, pieces: list[Path] | bytes) -> None:
    """Write a file as a whole or not at all, from bytes or from other files, one after the other.

    Raises:
        OSError: it can't be written.
    """
    beside = path.with_name(f".{path.name}.cleaner-part")
    try:
        with beside.open("wb") as file:
            if isinstance(pieces, bytes):
                file.write(pieces)
            else:
                for piece in pieces:
                    with piece.open("rb") as source:
                        shutil.copyfileobj(source, file, _BLOCK)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
