"""Compressed streams, in and out, without more memory than a few blocks.

What is written is cut into members (gzip) or frames (Zstandard), one a chunk, which any reader takes for one stream.
So workers compress in parallel, and a run can continue where a chunk ended.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from cleaner.extras import load
from cleaner.records.errors import RunError

BLOCK: Final = 1 << 18
GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
SUFFIXES: Final = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}

_GZIP_LEVEL: Final = 6
_ZSTD_LEVEL: Final = 3
_ZSTD_BLOCK: Final = 1 << 15
_ZSTD_WINDOW: Final = 1 << 31
_WBITS: Final = 31


def of_name(name: str) -> tuple[str, str]:
    """Return a name without the suffix of its compression, and the compression (``""`` for none)."""
    for suffix, compression in SUFFIXES.items():
        if name.lower().endswith(suffix):
            return name[: -len(suffix)], compression
    return name, ""


def of_bytes(head: bytes) -> str:
    """Return the compression of a stream that begins so."""
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    return "zstd" if head.startswith(ZSTD_MAGIC) else ""


def compress(data: bytes, compression: str) -> bytes:
    """Return bytes as one member or frame; nothing stays nothing."""
    if not data or not compression:
        return data
    if compression == "gzip":
        return gzip.compress(data, compresslevel=_GZIP_LEVEL, mtime=0)
    packed: bytes = _zstandard().ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compress(data)
    return packed


def empty(compression: str) -> bytes:
    """Return what a stream without content is written as."""
    if compression == "gzip":
        return gzip.compress(b"", mtime=0)
    if compression == "zstd":
        packed: bytes = _zstandard().ZstdCompressor(level=_ZSTD_LEVEL).compress(b"")
        return packed
    return b""


def blocks(file: BinaryIO, compression: str, name: str) -> Iterator[bytes]:
    """Read a stream and decompress it, block by block.

    Raises:
        RunError: it is damaged or ends too early.
    """
    if not compression:
        while block := file.read(BLOCK):
            yield block
        return
    try:
        yield from _gunzip(file, name) if compression == "gzip" else _unzstd(file, name)
    except zlib.error as problem:
        raise RunError(f"{name}: can't be read: damaged gzip data: {problem}") from None


def _gunzip(file: BinaryIO, name: str) -> Iterator[bytes]:
    unpack = zlib.decompressobj(_WBITS)
    begun = False
    while data := file.read(BLOCK):
        while data:
            if unpack.eof:
                data = data.lstrip(b"\0")  # padding between members
                if not data:
                    break
                unpack, begun = zlib.decompressobj(_WBITS), False
            begun = True
            yield unpack.decompress(data, 4 * BLOCK)
            data = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    while begun and not unpack.eof:
        rest = unpack.decompress(unpack.unconsumed_tail, 4 * BLOCK)
        if not rest:
            raise RunError(f"{name}: can't be read: the gzip data ends too early")
        yield rest


def _unzstd(file: BinaryIO, name: str) -> Iterator[bytes]:
    zstandard = _zstandard()
    unpack, begun = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj(), False
    try:
        while data := file.read(_ZSTD_BLOCK):
            while data:
                if unpack.eof:
                    unpack, begun = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj(), False
                begun = True
                yield unpack.decompress(data)
                data = unpack.unused_data if unpack.eof else b""
    except zstandard.ZstdError as problem:
        raise RunError(f"{name}: can't be read: damaged Zstandard data: {problem}") from None
    if begun and not unpack.eof:
        raise RunError(f"{name}: can't be read: the Zstandard data ends too early")


def _zstandard() -> Any:
    return load("zstandard", "records", "Zstandard compression")
