"""The filter: texts in, clean texts out."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaner.cli.report import diff, explanation, json_line
from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.model import Result

STDIN = "-"
SEVERAL = 20
"""From so many files on, a summary is worth its line."""


class InputError(Exception):
    """A file that can't be read, decoded or written; the message says which, where and what to do."""


def run_clean(options: argparse.Namespace) -> int:
    """Clean what the options name and return the exit code."""
    try:
        cleaner = Cleaner(_config(options))
        files = options.files or [STDIN]
        _check_usage(options, files)
    except (CleanerError, InputError) as problem:
        complain(problem)
        return 2
    changed = failed = 0
    with _progress(files, quiet=options.quiet) as names:
        for name in names:
            try:
                changed += _one(name, cleaner, options, several=len(files) > 1)
            except (CleanerError, InputError) as problem:
                complain(problem)
                failed += 1
    if len(files) > 1 and not options.quiet and (len(files) >= SEVERAL or sys.stderr.isatty()):
        verb = "would change" if options.check or options.diff else "changed"
        sys.stderr.write(f"cleaner: {len(files)} files, {changed} {verb}, {failed} failed\n")
    if failed:
        return 2
    return 1 if options.check and changed else 0


def complain(problem: object) -> None:
    """Write one line on standard error."""
    sys.stderr.write(f"cleaner: error: {problem}\n")


def _config(options: argparse.Namespace) -> Config:
    strip = _names(options.strip)
    languages = _names(options.language)
    return Config(
        mode=options.mode,
        strip=strip or None,
        keep=_names(options.keep),
        disable=_names(options.disable),
        languages=languages or None,
        protect=tuple(options.protect),
        rules=tuple(options.rules),
    )


def _names(values: Sequence[str]) -> frozenset[str]:
    return frozenset(name.strip() for value in values for name in value.split(",") if name.strip())


def _check_usage(options: argparse.Namespace, files: Sequence[str]) -> None:
    import codecs  # noqa: PLC0415

    try:
        codecs.lookup(options.encoding)
    except LookupError:
        raise InputError(f"--encoding: no encoding {options.encoding!r}; try utf-8, cp1252 or latin-1") from None
    if options.in_place and (options.output or STDIN in files):
        raise InputError("--in-place: takes files, and no --output")
    if options.in_place and (options.check or options.diff or options.format != "text"):
        raise InputError("--in-place: doesn't go with --check, --diff or --format json")
    if options.output and (options.check or options.diff):
        raise InputError("--output: doesn't go with --check or --diff")
    if options.output and len(files) > 1 and not Path(options.output).is_dir():
        raise InputError(f"--output: {options.output} is no folder; several files need one")


def _one(name: str, cleaner: Cleaner, options: argparse.Namespace, *, several: bool) -> bool:
    text = _read(name, options.encoding, options.errors)
    result = cleaner.explain(text)
    shown = "<stdin>" if name == STDIN else name
    changed = bool(result.removed)
    if options.explain:
        sys.stderr.write(explanation(shown, result, colour=_colour(sys.stderr), several=several))
    if options.check:
        if changed and several:
            sys.stderr.write(f"{shown}\n")
        return changed
    if options.diff:
        _write_out(diff(shown, result), "utf-8", "surrogateescape")
        return changed
    if options.in_place:
        if changed:
            _write_file(Path(name), _encode(result.text, name, options))
        return changed
    _deliver(name, shown, result, options, several=several)
    return changed


def _deliver(name: str, shown: str, result: Result, options: argparse.Namespace, *, several: bool) -> None:
    if options.format == "json":
        data = json_line(shown, result).encode("utf-8")
    else:
        data = _encode(result.text, shown, options)
    if not options.output:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = Path(options.output)
    if several or target.is_dir():
        target /= ("stdin" if name == STDIN else Path(name).name) + (".json" if options.format == "json" else "")
    _write_file(target, data)


def _encode(text: str, name: str, options: argparse.Namespace) -> bytes:
    try:
        return text.encode(options.encoding, options.errors)
    except UnicodeEncodeError as problem:
        raise InputError(f"{name}: character {problem.start} can't be written as {options.encoding}") from None


def _read(name: str, encoding: str, errors: str) -> str:
    shown = "<stdin>" if name == STDIN else name
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as problem:
        raise InputError(f"{shown}: {_reason(problem)}") from None
    try:
        return data.decode(encoding, errors)
    except UnicodeDecodeError as problem:
        raise InputError(
            f"{shown}: byte {problem.object[problem.start]:#04x} at offset {problem.start} isn't {encoding};"
            " name the text's encoding with --encoding, or use --errors replace"
        ) from None


def _reason(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()


def _write_file(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all: beside it first, then moved over it."""
    real = path.resolve()
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    except OSError as problem:
        raise InputError(f"{path}: can't be written: {_reason(problem)}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mode = real.stat().st_mode & 0o777 if real.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)  # noqa: PTH101
        os.replace(temporary, real)  # noqa: PTH105
    except OSError as problem:
        raise InputError(f"{path}: can't be written: {_reason(problem)}") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_out(text: str, encoding: str, errors: str) -> None:
    sys.stdout.buffer.write(text.encode(encoding, errors))
    sys.stdout.buffer.flush()


def _colour(stream: object) -> bool:
    return bool(getattr(stream, "isatty", lambda: False)()) and not os.environ.get("NO_COLOR")


@contextlib.contextmanager
def _progress(files: Sequence[str], *, quiet: bool) -> Iterator[Iterator[str]]:
    """Count files on standard error while there are several and somebody watches."""
    if quiet or len(files) < 2 or not sys.stderr.isatty():
        yield iter(files)
        return
    try:
        from tqdm import tqdm  # noqa: PLC0415  # an extra
    except ImportError:
        yield iter(files)
        return
    with tqdm(files, unit="file", leave=False, file=sys.stderr) as bar:
        yield iter(bar)
