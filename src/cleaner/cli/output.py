"""The two streams the command writes to: what it gives on standard output, what it says on standard error."""

from __future__ import annotations

import os
import sys


class OutputError(Exception):
    """Standard output can't take what there is to give, for another reason than a reader that went away."""


def emit(data: bytes) -> None:
    """Write bytes on standard output, now.

    Raises:
        BrokenPipeError: the reader went away.
        OutputError: it can't be written.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()  # of the text above the bytes too, where argparse writes
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise OutputError(f"standard output can't be written: {reason(problem)}") from None


def emit_text(text: str) -> None:
    """Write text for a reader on standard output; what the terminal's encoding lacks is escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    emit(text.replace("\n", os.linesep).encode(encoding, "backslashreplace"))


def say(text: str) -> None:
    """Write on standard error. That nobody can hear it is no reason to stop working."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


def complain(problem: object) -> None:
    """Say in one line what is wrong."""
    say(f"cleaner: error: {printable(str(problem))}\n")


def note(remark: str) -> None:
    """Say in one line what should be known and is no error."""
    say(f"cleaner: note: {printable(remark)}\n")


def printable(text: str) -> str:
    """Return the text without characters that would break its line or steer a terminal."""
    return "".join(char if char.isprintable() or _byte(char) else "\ufffd" for char in text)


def _byte(char: str) -> bool:
    # A byte of a file's name that is no UTF-8; standard error writes it as an escape.
    return "\udc80" <= char <= "\udcff"


def terminal_width(stream: int) -> int:
    """Return the columns of the terminal behind a file descriptor, or 80; ``COLUMNS`` wins."""
    try:
        wanted = int(os.environ.get("COLUMNS", "0"))
        return wanted if wanted > 0 else os.get_terminal_size(stream).columns or 80
    except (OSError, ValueError):
        return 80


def reason(problem: OSError) -> str:
    """Return what the system says is wrong, without its number and the file's name."""
    return (problem.strerror or str(problem)).lower()


def finish() -> None:
    """Write what is left; see :func:`emit`."""
    if sys.stdout is not None:
        emit(b"")


def give_up() -> None:
    """Drop what wasn't written, so that nothing is tried again, and complained of, when the process ends."""
    _silence(sys.stdout)


def _silence(stream: object) -> None:
    try:
        number = stream.fileno()  # type: ignore[attr-defined]
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
    except (AttributeError, OSError, ValueError):
        # Closed, or not a file: in a test, in a notebook.
        return
