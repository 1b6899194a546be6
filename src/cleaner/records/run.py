"""A run: records in, clean records out, a file at a time, with nothing lost on the way."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import cleaner
from cleaner.cli.output import reason
from cleaner.config import Config
from cleaner.records import compression as packed
from cleaner.records.chunk import Chunk, Done, place_of
from cleaner.records.errors import BadRecordError, RunError
from cleaner.records.fields import Fields
from cleaner.records.find import STDIN, Item
from cleaner.records.fingerprint import fingerprint
from cleaner.records.job import Job
from cleaner.records.pool import worked
from cleaner.records.state import FOLDER, Progressed, State, replace_file
from cleaner.records.tally import Tally

EVERY: Final = 2.0
"""Seconds between two notes of how far a file is. What is done twice after a crash is at most that."""


class Settings(NamedTuple):
    """A run.

    Attributes:
        items: the files, in order.
        config: of the cleaner.
        fields: what is done with each record.
        output: the folder or file that was asked for; ``None`` is standard output.
        jobs: how many processes work.
        rejects: where records go that can't be used; ``None``: the first one ends the run.
        report: where the statistics go.
    """

    items: tuple[Item, ...]
    config: Config
    fields: Fields
    output: str | None
    jobs: int = 1
    rejects: str | None = None
    report: str | None = None


class Outcome(NamedTuple):
    """What a run did: its numbers, and the files that couldn't be used, with the reasons."""

    tally: Tally
    failed: tuple[str, ...]


class Watcher:
    """Is told how far a run is. This one doesn't care."""

    def advanced(self, read: int, documents: int) -> None:
        """So many more bytes were read, and documents cleaned."""

    def say(self, text: str) -> None:
        """Something should be known now."""


def total_size(items: tuple[Item, ...]) -> int | None:
    """Return the bytes of all inputs, if they are known."""
    try:
        return sum(Path(item.path).stat().st_size for item in items) if all(i.path != STDIN for i in items) else None
    except OSError:
        return None


class Run:
    """One run. Make it, call :meth:`run` once."""

    def __init__(
        self, settings: Settings, watcher: Watcher | None = None, emit: Callable[[bytes], None] | None = None
    ) -> None:
        self._settings = settings
        self._watcher = watcher or Watcher()
        self._emit = emit or _nowhere
        self._failed: list[str] = []
        self._stdin = (
            _stdin() if any(item.path == STDIN for item in settings.items) else io.BufferedReader(io.BytesIO())
        )
        self._kept: Any = None
        self._items = tuple(map(self._known, settings.items))
        self._common = _fingerprint(settings)
        self._begun: dict[int, Progressed] = {}
        self._ended_line = True

    def run(self) -> Outcome:
        """Do it.

        Raises:
            RunError: it can't go on. What was done is kept, and the same run continues there.
            CleanerError: the configuration can't be used.
        """
        settings = self._settings
        self._check()
        temporary = None
        if settings.output is None:
            temporary = tempfile.TemporaryDirectory(prefix="cleaner-")
            state = State(Path(temporary.name) / FOLDER)
        else:
            state = State(_state_folder(settings))
        try:
            state.open()
            self._all(state)
            tally = self._close()
            if self._failed:
                state.release()
            else:
                state.remove()
        except OSError as problem:
            if isinstance(problem, BrokenPipeError):
                raise
            where = problem.filename or settings.output or "standard output"
            raise RunError(f"{os.fspath(where)}: can't be written: {reason(problem)}") from None
        finally:
            for progressed in self._begun.values():
                progressed.give_up()
            state.release()
            if temporary is not None:
                temporary.cleanup()
        return Outcome(tally, tuple(self._failed))

    def _known(self, item: Item) -> Item:
        """Find out what standard input brings."""
        if item.path != STDIN:
            return item
        head = self._stdin.peek(8)[:8]
        compression = packed.of_bytes(head)
        kind = item.format
        if kind == "unknown":
            kind = "parquet" if head.startswith(b"PAR1") else "warc" if head.startswith(b"WARC/") else "jsonl"
        packing = compression if item.target is None else packed.of_name(item.target)[1]
        return item._replace(format=kind, compression=compression, packing=packing)

    def _check(self) -> None:
        """Look at every file and at what its format needs, before anything is written."""
        cleaner.Cleaner(self._settings.config)
        formats = {item.format for item in self._items}
        if "jsonl" in formats or "warc" in formats:
            from cleaner.records import jsonl  # noqa: PLC0415

            jsonl.dumps("")
        if "warc" in formats or self._settings.fields.html is not None:
            if not hasattr(cleaner.Cleaner, "explain_html"):
                raise RunError("HTML can't be read by this version of cleaner; give it text (--field)")
        written = {item.written for item in self._items}
        if self._settings.output is None and "parquet" in written and len(self._items) > 1:
            raise RunError("several Parquet files can't go to standard output; name a folder with --output")
        for path in (self._settings.rejects, self._settings.report):
            if path is not None and not Path(path).absolute().parent.is_dir():
                raise RunError(f"{path}: can't be written: there is no folder {Path(path).absolute().parent}")

    # Reading

    def _chunks(self, state: State) -> Iterator[Chunk]:
        """Give the chunks of all files from where the last run stopped, and say where each ends."""
        for number, item in enumerate(self._items):
            progressed = state.progressed(item.target or f"-{number}", self._one_fingerprint(item))
            self._begun[number] = progressed
            progressed.load()
            if progressed.phase == "done" and not (item.target and Path(item.target).exists()):
                progressed.restart()
            size = 0
            if progressed.phase == "writing":
                try:
                    for chunk in self._read(number, item, progressed.after):
                        yield chunk
                        size = chunk.read
                except RunError as problem:
                    yield Chunk(number, b"", 0, 0, (0, 0), size, problem=str(problem), fatal=True)
                    continue
                except OSError as problem:
                    wrong = f"{item.name}: can't be read: {reason(problem)}"
                    yield Chunk(number, b"", 0, 0, (0, 0), size, problem=wrong, fatal=True)
                    continue
            yield Chunk(number, b"", 0, 0, (0, 0), _size(item) or size, last=True)

    def _read(self, number: int, item: Item, start: tuple[int, int]) -> Iterator[Chunk]:
        with self._opened(item) as file:
            if item.format == "parquet":
                from cleaner.records import parquet  # noqa: PLC0415

                parquet.check(file, item.name, self._settings.fields)
                yield from parquet.read(file, number, item.name, start)
            elif item.format == "warc":
                from cleaner.records import warc  # noqa: PLC0415

                yield from warc.read(file, number, item.name, start, self._settings.fields.max_bytes)
            else:
                from cleaner.records import jsonl  # noqa: PLC0415

                limit = self._settings.fields.max_bytes
                yield from jsonl.read(file, number, item.name, item.compression, start, limit)

    @contextlib.contextmanager
    def _opened(self, item: Item) -> Iterator[BinaryIO]:
        if item.path != STDIN:
            with Path(item.path).open("rb") as file:
                yield file
        elif item.format == "parquet":
            # Parquet is read from its end, so what comes through a pipe is kept first.
            if self._kept is None:
                self._kept = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the run
                while block := self._stdin.read(packed.BLOCK):
                    self._kept.write(block)
            self._kept.seek(0)
            yield self._kept
        else:
            yield self._stdin

    # Writing

    def _all(self, state: State) -> None:
        job = Job(self._settings.config, self._settings.fields, self._items)
        noted = time.monotonic()
        at, read = -1, 0
        for chunk, done in worked(self._chunks(state), job, self._settings.jobs):
            progressed = self._begun[chunk.item]
            if chunk.item != at:
                at, read = chunk.item, 0
            self._watcher.advanced(max(0, chunk.read - read), done.tally.counts["documents"] if done else 0)
            read = max(read, chunk.read)
            if chunk.fatal:
                self._fail(chunk, progressed)
            elif chunk.last:
                self._finish(self._items[chunk.item], progressed)
                noted = time.monotonic()
            elif done is not None:
                self._take(chunk, done, progressed)
                if time.monotonic() - noted > EVERY and self._settings.output is not None:
                    progressed.save()
                    noted = time.monotonic()

    def _take(self, chunk: Chunk, done: Done, progressed: Progressed) -> None:
        if done.rejects and self._settings.rejects is None:
            first = done.rejects.splitlines()[0]
            raise BadRecordError(f"{place_of(first)} (--rejects FILE sets such records aside)")
        item = self._items[chunk.item]
        if item.target is None and item.written != "parquet":
            self._give(done.data, item)
        else:
            progressed.part.write(done.data)
        progressed.rejects.write(done.rejects)
        progressed.tally.merge(done.tally)
        progressed.after = chunk.after

    def _give(self, data: bytes, item: Item) -> None:
        if data and not item.packing:
            if not self._ended_line:
                data = b"\n" + data
            self._ended_line = data.endswith(b"\n")
        self._emit(data)

    def _fail(self, chunk: Chunk, progressed: Progressed) -> None:
        """Leave a file that can't be read on; what was made of it doesn't become its output."""
        self._failed.append(chunk.problem)
        self._watcher.say(f"cleaner: error: {chunk.problem}\n")
        progressed.restart()
        progressed.give_up()

    def _finish(self, item: Item, progressed: Progressed) -> None:
        if progressed.phase == "writing":
            if not progressed.part.length and item.written == "jsonl" and item.packing and item.target is not None:
                progressed.part.write(packed.empty(item.packing))
            progressed.part.close()
            progressed.rejects.close()
            progressed.phase = "finishing"
            progressed.save()
        if progressed.phase == "finishing":
            self._seal(item, progressed)
            progressed.phase = "done"
            progressed.save()
        progressed.tally = Tally()  # it is in the note; a thousand files' hosts needn't be here as well
        if item.written == "parquet":
            progressed.part.path.unlink(missing_ok=True)

    def _seal(self, item: Item, progressed: Progressed) -> None:
        part = progressed.part.path
        if item.written == "parquet":
            from cleaner.records import parquet  # noqa: PLC0415

            # Moved to its place, and killed before that was noted, it is made again, and is the same.
            with part.open("rb") as spool, self._opened(item) as source:
                if item.target is None:
                    with tempfile.TemporaryFile() as whole:
                        parquet.assemble(spool, source, item.name, whole, self._settings.fields)
                        whole.seek(0)
                        while block := whole.read(packed.BLOCK):
                            self._emit(block)
                else:
                    new = part.with_suffix(".out")
                    with new.open("wb") as sink:
                        parquet.assemble(spool, source, item.name, sink, self._settings.fields)
                        sink.flush()
                        os.fsync(sink.fileno())
                    _move(new, item.target)
        elif item.target is not None and part.exists():
            _move(part, item.target)

    def _close(self) -> Tally:
        """Write what belongs to the whole run: rejects and report."""
        tally = Tally()
        rejects: list[Path] = []
        for number in sorted(self._begun):
            progressed = self._begun[number]
            if progressed.phase == "done":
                progressed.load()
                tally.merge(progressed.tally)
                if progressed.rejects.length:
                    rejects.append(progressed.rejects.path)
        if self._settings.report is not None:
            report = {"cleaner": cleaner.__version__, "files": len(self._items), **tally.report()}
            written = json.dumps({**report, "failed": self._failed}, indent=2, ensure_ascii=False) + "\n"
            replace_file(Path(self._settings.report), written.encode("utf-8", "replace"))
        if self._settings.rejects is not None:
            replace_file(Path(self._settings.rejects), rejects)
        return tally

    def _one_fingerprint(self, item: Item) -> str:
        try:
            known = Path(item.path).stat() if item.path != STDIN else None
        except OSError:
            known = None
        seen = None if known is None else (known.st_size, known.st_mtime_ns)
        return blake2b(repr((self._common, os.path.realpath(item.path), seen, item)).encode()).hexdigest()[:32]


def _fingerprint(settings: Settings) -> str:
    """Return what the output depends on beside the input, as one number."""
    return f"{fingerprint(settings.config)} {(settings.fields, settings.rejects is None)!r}"


def _state_folder(settings: Settings) -> Path:
    output = Path(settings.output or ".")
    first = settings.items[0].target
    if len(settings.items) == 1 and first is not None and Path(first) == output:
        return output.parent / f".{output.name}{FOLDER}"
    return output / FOLDER


def _stdin() -> io.BufferedReader:
    if sys.stdin is None:
        raise RunError("<stdin>: standard input is closed")
    stream: Any = sys.stdin.buffer
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)


def _size(item: Item) -> int:
    try:
        return Path(item.path).stat().st_size if item.path != STDIN else 0
    except OSError:
        return 0


def _move(part: Path, target: str) -> None:
    where = Path(target)
    where.parent.mkdir(parents=True, exist_ok=True)
    part.replace(where)


def _nowhere(data: bytes) -> None:
    del data
