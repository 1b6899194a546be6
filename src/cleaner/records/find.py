"""Which files are read, in which format, and where each one's output goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cleaner.records import compression as packed
from cleaner.records.errors import RunError

STDIN: Final = "-"
FORMATS: Final = ("jsonl", "parquet", "warc")
SUFFIXES: Final = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
}


class Item(NamedTuple):
    """A file to read.

    Attributes:
        path: where it is; ``-`` is standard input.
        format: one of ``FORMATS``.
        compression: of the input, ``""``, ``gzip`` or ``zstd``.
        packing: of the output.
        target: where the output goes; ``None`` is standard output.
    """

    path: str
    format: str
    compression: str
    packing: str
    target: str | None

    @property
    def name(self) -> str:
        """The file's name as it is shown."""
        return "<stdin>" if self.path == STDIN else self.path

    @property
    def written(self) -> str:
        """The format of the output: pages come out as JSON Lines."""
        return "jsonl" if self.format == "warc" else self.format


def find(inputs: Sequence[str], output: str | None, wanted: str | None) -> list[Item]:
    """Return the files that inputs name (files, folders, globs), in order, with their targets.

    Args:
        inputs: as they were given; none means standard input.
        output: a file, a folder, or ``None`` for standard output.
        wanted: the format, if the names don't say it.

    Raises:
        RunError: a file isn't there, its format isn't known, two would be written to one place.
    """
    output = None if output == STDIN else output
    found: list[tuple[str, str]] = []
    for name in inputs or (STDIN,):
        found += _expand(name, output, wanted)
    if not found:
        raise RunError(f"{', '.join(inputs)}: no JSONL, Parquet or WARC files there")
    paths = [path for path, _ in found]
    if paths.count(STDIN) > 1:
        raise RunError("-: standard input can be read only once")
    folder = output is not None and (
        len(found) > 1 or output.endswith(("/", os.sep)) or Path(output).is_dir() or any(map(_is_many, inputs))
    )
    items = [_item(path, relative, output, wanted, folder=folder) for path, relative in found]
    _check(items)
    return items


def _is_many(name: str) -> bool:
    return name != STDIN and (Path(name).is_dir() or (glob.has_magic(name) and not Path(name).exists()))


def _expand(name: str, output: str | None, wanted: str | None) -> Iterator[tuple[str, str]]:
    """Give the files that one input names, each with its path below the output folder."""
    if name == STDIN:
        yield name, "stdin"
        return
    path = Path(name)
    if path.is_dir():
        yield from _walk(path, path, output, wanted)
    elif path.exists() or not glob.has_magic(name):
        if not path.exists():
            raise RunError(f"{name}: can't be read: no such file or directory")
        yield name, path.name
    else:
        hits = sorted(glob.glob(name, recursive=True))  # noqa: PTH207  # keeps names as they were given
        if not hits:
            raise RunError(f"{name}: no file matches")
        base = Path(*_fixed(path))
        for hit in map(Path, hits):
            if not hit.is_dir():
                yield str(hit), str(hit.relative_to(base))


def _fixed(path: Path) -> list[str]:
    """Return the parts of a pattern before the first that has a wildcard."""
    parts = []
    for part in path.parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return parts


def _walk(folder: Path, base: Path, output: str | None, wanted: str | None) -> Iterator[tuple[str, str]]:
    apart = Path(output).resolve() if output is not None else None
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(
            one for one in folders if not one.startswith((".", "_")) and Path(here, one).resolve() != apart
        )
        for file in sorted(files):
            if not file.startswith((".", "_")) and (wanted or _format_of(file)):
                path = Path(here, file)
                yield str(path), str(path.relative_to(base))


def _format_of(name: str) -> str | None:
    stem, _ = packed.of_name(name)
    return SUFFIXES.get(Path(stem).suffix.lower())


def _item(path: str, relative: str, output: str | None, wanted: str | None, *, folder: bool) -> Item:
    head = b"" if path == STDIN else _head(path)
    known = wanted or (_format_of(path) if path != STDIN else None)
    compression = packed.of_bytes(head)
    if known is None and path != STDIN:
        known = "parquet" if head.startswith(b"PAR1") else "warc" if head.startswith(b"WARC/") else None
        if known is None:
            raise RunError(f"{path}: is it JSONL, Parquet or WARC? Say so with --format")
    known = known or "unknown"
    if known == "parquet":
        compression = ""
    if output is None:
        return Item(path, known, compression, compression, None)
    target = output
    if folder:
        if known == "warc":
            stem, _ = packed.of_name(relative)
            relative = str(Path(stem).with_suffix(".jsonl")) + {"gzip": ".gz", "zstd": ".zst"}.get(compression, "")
        target = str(Path(output, relative))
    packing = compression
    stem, by_name = packed.of_name(target)
    written = SUFFIXES.get(Path(stem).suffix.lower())
    expected = "jsonl" if known == "warc" else known
    if written is not None and known != "unknown" and written != expected:
        raise RunError(f"--output: {target}: {known} comes out as {expected}; give it a name that says so")
    if written is not None and expected != "parquet" and not folder:
        packing = by_name
    return Item(path, known, compression, packing, target)


def _head(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(8)
    except OSError:
        return b""  # said when its turn comes


def _check(items: Sequence[Item]) -> None:
    targets: dict[str, str] = {}
    sources = {os.path.realpath(item.path): item.path for item in items if item.path != STDIN}
    for item in items:
        if item.target is None:
            continue
        real = os.path.realpath(item.target)
        if real in targets:
            raise RunError(f"--output: both {targets[real]} and {item.path} would be written to {item.target}")
        if real in sources:
            raise RunError(f"--output: {item.target} is an input itself; write somewhere else")
        targets[real] = item.path
