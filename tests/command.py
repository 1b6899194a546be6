"""What the tests of the command share: a dirty text, and two ways to run the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cleaner.cli import main

DIRTY = (
    "Ferry returns to the strait\n\n"
    "The ferry sailed at dawn with forty cars on its deck, and nobody on the quay waved to it.\n\n"
    "Advertisement\n\n"
    "A second boat is being built in the yard, and it will carry sixty cars when it is done.\n"
    "Share this article\n"
)
CLEAN = DIRTY.replace("\n\nAdvertisement", "").replace("Share this article\n", "")
COMMAND = (sys.executable, "-m", "cleaner")


def run(*arguments: str, data: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run([*COMMAND, *arguments], input=data, capture_output=True, check=False, timeout=120, **options)


class Done(NamedTuple):
    code: int
    out: bytes
    err: str


class Command:
    """Runs the command in this process."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str | os.PathLike[str]) -> Done:
        self._capture.readouterr()
        code = main([os.fspath(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        return Done(code, out, err.decode())


def write(path: Path, text: str = DIRTY) -> Path:
    path.write_bytes(text.encode())
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
