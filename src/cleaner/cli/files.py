"""Bytes in and out: which text they are, to the byte, and files that are written as a whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
import sys
from typing import BinaryIO, Final, NamedTuple

from cleaner.cli.output import reason
from cleaner.cli.parser import COMMANDS

STDIN: Final = "-"
PIECE: Final = 1 << 20

_MARKS: Final = {
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
}

_BINARY: Final = (
    (b"\x1f\x8b", "gzip-compressed", "uncompress it first (gzip -dc FILE | cleaner)"),
    (b"\x28\xb5\x2f\xfd", "Zstandard-compressed", "uncompress it first (zstd -dc FILE | cleaner)"),
    (b"PK\x03\x04", "a ZIP archive or an office document", "give the text that is in it"),
    (b"%PDF-", "a PDF", "extract its text first (pdftotext FILE - | cleaner)"),
    (b"PAR1", "Parquet", "cleaner run reads it"),
)


class InputError(Exception):
    """A file that can't be read, decoded or written; the message says which, where and what to do."""


class Source(NamedTuple):
    """A text that was read.

    Attributes:
        name: as it was given.
        shown: as it is named to the user.
        data: the bytes.
        text: what they say; a byte-order mark is its first character.
        codec: the encoding that turns ``text`` into ``data`` again.
        errors: how bytes that aren't in the encoding are treated.
    """

    name: str
    shown: str
    data: bytes
    text: str
    codec: str
    errors: str

    def encode(self, text: str) -> bytes:
        """Return what is kept of the text as bytes.

        Raises:
            InputError: a character that the encoding doesn't have.
        """
        if text == self.text and self.errors in ("strict", "surrogateescape"):
            return self.data
        try:
            return text.encode(self.codec, self.errors)
        except UnicodeError as problem:
            raise InputError(f"{self.shown}: can't be written as {self.codec}: {problem}") from None


def shown(name: str) -> str:
    """Return a file's name as it is shown."""
    return "<stdin>" if name == STDIN else name or "''"


def read(name: str, encoding: str, errors: str) -> Source:
    """Read and decode a file, or standard input, without touching its line ends.

    Raises:
        InputError: it can't be read or decoded.
    """
    return source(name, read_bytes(name), encoding, errors)


def source(name: str, data: bytes, encoding: str, errors: str) -> Source:
    """Decode what was read of a file.

    Raises:
        InputError: it can't be decoded.
    """
    codec = exact_codec(encoding, data)
    try:
        return Source(name, shown(name), data, data.decode(codec, errors), codec, errors)
    except UnicodeDecodeError as problem:
        # A codec may hand on only a piece of the input, so the byte is the error's, not the file's.
        byte = bytes(problem.object)[problem.start]
        raise InputError(
            f"{shown(name)}: byte {byte:#04x} at offset {problem.start} isn't {encoding};{_advice(data, errors)}"
        ) from None
    except UnicodeError as problem:
        raise InputError(f"{shown(name)}: isn't {encoding}: {problem}") from None


def is_page(name: str, data: bytes) -> bool:
    """Whether a file is a web page, by how it begins or else by its name."""
    head = data[:4096]
    if b"\0" in head:  # UTF-16 or its like: what is ASCII in it reads as ASCII without the NULs
        head = head.replace(b"\0", b"")
    head = head.lstrip(b"\xef\xbb\xff\xfe\xbf \t\r\n\f").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return True
    if head.startswith((b"<?xml", b"<!--")) and b"<html" in head:
        return True
    return name.lower().endswith((".html", ".htm", ".xhtml")) and b"<" in head


def _all_of(file: BinaryIO) -> bytes:
    # An interrupt waits for the call that reads: on a stream without an end, one call would never return.
    pieces = [file.read(PIECE)]
    # Only the end makes a piece short. A terminal would have to be told of it twice, if it were asked again.
    while len(pieces[-1]) == PIECE:
        pieces.append(file.read(PIECE))
    return b"".join(pieces)


def read_bytes(name: str) -> bytes:
    """Return the bytes of a file, or of standard input.

    Raises:
        InputError: it can't be read.
    """
    try:
        if name != STDIN:
            with open(name, "rb") as file:  # noqa: PTH123  # Path("") is the current folder
                return _all_of(file)
        if sys.stdin is None:
            raise InputError(f"{shown(name)}: standard input is closed")
        return _all_of(sys.stdin.buffer)
    except OSError as problem:
        hint = ""
        if isinstance(problem, FileNotFoundError):
            hint = meant(name)
        elif isinstance(problem, IsADirectoryError):
            hint = f"; name the files in it ({os.path.join(name, '*.txt')}), or see cleaner run --help for folders of records"  # noqa: PTH118
        raise InputError(f"{shown(name)}: can't be read: {reason(problem)}{hint}") from None


def meant(name: str) -> str:
    """Return a hint where a command may have been meant, not a file."""
    from cleaner.config import nearest  # noqa: PLC0415  # only a mistake needs it

    if name in COMMANDS:
        return f" (for the command, write {name} before every option)"
    return nearest(name, COMMANDS) if name.isalpha() else ""


def _advice(data: bytes, errors: str) -> str:
    for magic, kind, how in _BINARY:
        if data.startswith(magic):
            return f" it is {kind}: {how}"
    for name in ("utf-32", "utf-16"):
        if any(data.startswith(mark) for mark, _ in _MARKS[name]):
            return f" it begins like {name}: try --encoding {name}"
    if b"\0" in data[:4096]:
        return " it doesn't look like text at all"
    how = "surrogateescape" if errors == "strict" else "replace"
    return f" name the text's encoding with --encoding (cp1252, latin-1, ...), or use --errors {how}"


def exact_codec(encoding: str, data: bytes) -> str:
    """Return the codec that gives a byte-order mark back as a character, so that it is written as it was read."""
    name = codecs.lookup(encoding).name
    if name == "utf-8-sig":
        return "utf-8"
    for mark, codec in _MARKS.get(name, ()):
        if data.startswith(mark):
            return codec
    if name in _MARKS:
        return f"{name}-{'le' if sys.byteorder == 'little' else 'be'}"
    return encoding


def write(path: str, data: bytes, *, only_files: bool = False) -> None:
    """Write a file as a whole or not at all: beside it first, then moved over it.

    A link is followed; mode and, where the system allows it, owner stay. What is no regular file (a device, a named pipe)
    is written to, or refused with ``only_files``.

    Raises:
        InputError: it can't be written. What was there is still there.
    """
    try:
        real = os.path.realpath(path)
        known = os.stat(real) if os.path.exists(real) else None  # noqa: PTH110, PTH116
        if known is not None and not stat.S_ISREG(known.st_mode):
            if only_files:
                raise InputError(f"{path}: is no regular file; --in-place can't rewrite it")
            with open(real, "wb") as file:  # noqa: PTH123
                file.write(data)
            return
        if known is not None and not os.access(real, os.W_OK):
            raise PermissionError(13, "Permission denied")
        _replace(real, data, known)
    except OSError as problem:
        raise InputError(f"{path}: can't be written: {reason(problem)}") from None


def _replace(real: str, data: bytes, known: os.stat_result | None) -> None:
    temporary = os.path.join(os.path.dirname(real), f".cleaner-{os.urandom(6).hex()}")  # noqa: PTH118, PTH120
    # Made by open, not by tempfile, so that a new file gets the mode that the umask leaves.
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if known is not None:
            if hasattr(os, "chown"):
                with contextlib.suppress(OSError):
                    os.chown(temporary, known.st_uid, known.st_gid)
            os.chmod(temporary, stat.S_IMODE(known.st_mode))  # noqa: PTH101
        os.replace(temporary, real)  # noqa: PTH105
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108


def is_folder(path: str) -> bool:
    """Whether ``--output`` names a folder: one that is there, or one that ends with a separator."""
    return os.path.isdir(path) or path.endswith(("/", os.sep))  # noqa: PTH112


def make_folder(path: str) -> None:
    """Make the folder that ``--output`` names, unless it is there.

    Raises:
        InputError: it can't be made.
    """
    try:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103
    except OSError as problem:
        raise InputError(f"--output: {path} can't be made: {reason(problem)}") from None


def same_file(one: str, other: str) -> bool:
    """Whether two names lead to the same file."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
