"""The command as a process: pipes that close, interrupts, terminals, what it loads."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleaner.cli import progress
from cleaner.cli.progress import Progress
from tests.command import CLEAN, COMMAND, DIRTY, names, run, write

if sys.platform == "win32":
    pytest.skip("signals and terminals of POSIX", allow_module_level=True)

import fcntl
import pty
import struct
import termios


@pytest.mark.parametrize("arguments", [["{}", "{}"], ["--format", "json", "{}"], ["rules"], ["--help"]])
def test_a_closed_pipe_ends_quietly(arguments: list[str], tmp_path: Path) -> None:
    big = write(tmp_path / "big.txt", "The ferry sailed at dawn with forty cars on its deck.\n" * 20_000)
    read, written = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*COMMAND, "--keep", "repeat", *(part.format(big) for part in arguments)]
            if "{}" in arguments
            else [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    finally:
        os.close(written)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_takes_one_line_and_goes(tmp_path: Path) -> None:
    big = write(tmp_path / "big.txt", "".join(f"The ferry took {n} cars across the strait.\n" for n in range(20_000)))
    with subprocess.Popen([*COMMAND, str(big)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"The ferry took 0 cars across the strait.\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_nobody_hears_the_explanation_and_the_text_still_comes(dirty: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*COMMAND, "--explain", str(dirty), str(dirty)], stdout=subprocess.PIPE, stderr=written, check=False
        )
    finally:
        os.close(written)
    assert (done.returncode, done.stdout.decode()) == (0, CLEAN * 2)


@pytest.mark.parametrize(
    ("closed", "code", "said"),
    [
        ("<&-", 2, b"cleaner: error: <stdin>: standard input is closed\n"),
        (">&-", 2, b"cleaner: error: standard output is closed\n"),
        ("2>&-", 0, b""),
    ],
)
def test_streams_that_were_closed_before(closed: str, code: int, said: bytes) -> None:
    command = " ".join(COMMAND)
    done = subprocess.run(f"{command} {closed}", shell=True, input=b"Tide\n", capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (code, said)


def test_an_interrupt_while_it_waits_ends_with_130(dirty: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, str(dirty), "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        # What comes first is out, so it is at its standard input now.
        assert process.stdout.read(len(CLEAN)).decode() == CLEAN
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    assert (process.returncode, out, said) == (130, b"", b"")


def test_an_interrupt_while_it_reads_a_stream_without_an_end() -> None:
    endless = "import os\nwhile True: os.write(1, b'The ferry sails at nine.\\n' * 4000)"
    with (
        subprocess.Popen([sys.executable, "-c", endless], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as stream,
        subprocess.Popen(COMMAND, stdin=stream.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        try:
            time.sleep(1)  # it has begun to read by then, and would go on for ever
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=30)
        finally:
            process.kill()
            stream.kill()
    assert (process.returncode, out, said) == (130, b"", b"")


def test_an_interrupt_in_the_middle_leaves_no_half_written_file(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(400):
        write(texts / f"{number}.txt", DIRTY * 20)
    before = (DIRTY * 20).encode()
    with subprocess.Popen(
        [*COMMAND, "--in-place", *map(str, sorted(texts.iterdir()))], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while all(path.stat().st_size == len(before) for path in texts.glob("*.txt")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=120)[1]
    assert process.returncode in (130, 0)
    assert said in (b"", b"cleaner: 400 files, 400 changed\n")
    assert names(texts) == sorted(f"{number}.txt" for number in range(400))
    found = {path.read_bytes() for path in texts.iterdir()}
    assert len(found - {before}) == 1


def on_a_terminal(
    arguments: Sequence[str], *, out: bool = False, keys: bytes = b"", **variables: str
) -> tuple[int, str, str]:
    """Run the command with standard error on a terminal of 80 columns.

    Standard output is there too with ``out``, and standard input where ``keys`` are typed.
    """
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "TERM")}
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=side if keys else subprocess.DEVNULL,
        stdout=side if out else subprocess.PIPE,
        stderr=side,
        env={**environment, "TERM": "xterm", **variables},
    ) as process:
        os.close(side)
        os.write(main, keys)
        given: list[bytes] = []
        reader = threading.Thread(target=lambda: given.append(process.stdout.read() if process.stdout else b""))
        reader.start()
        said = b""
        while True:
            ready = select.select([main], [], [], 60)[0]
            try:
                piece = os.read(main, 65536) if ready else b""
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            said += piece
        reader.join()
    os.close(main)
    return process.returncode, given[0].decode(), said.decode().replace("\r\n", "\n")


def test_colour_on_a_terminal_only_and_only_if_wanted(dirty: Path) -> None:
    code, out, said = on_a_terminal(["--explain", str(dirty)])
    assert (code, out) == (0, CLEAN)
    assert "\033[36madvertising   \033[0m Advertisement\n" in said
    assert max(len(line) for line in re.sub(r"\033\[\d*m", "", said).splitlines()) <= 80
    assert "\033" not in on_a_terminal(["--explain", str(dirty)], NO_COLOR="1")[2]
    assert "\033" not in on_a_terminal(["--explain", str(dirty)], TERM="dumb")[2]
    assert "\033" in on_a_terminal(["--explain", str(dirty)], NO_COLOR="")[2]


def test_a_few_files_on_a_terminal_end_in_a_summary_without_a_bar(dirty: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.txt", CLEAN)
    code, out, said = on_a_terminal([str(dirty), str(other)])
    assert (code, out) == (0, CLEAN * 2)
    assert said.splitlines()[-1] == "cleaner: 2 files, 1 had something to remove"


def test_texts_on_the_terminal_are_not_broken_by_a_bar(dirty: Path) -> None:
    said = on_a_terminal([str(dirty), str(dirty), "--quiet"], out=True)[2]
    assert said == CLEAN * 2


def test_waiting_for_a_text_that_is_typed_is_announced() -> None:
    code, out, said = on_a_terminal([], keys=b"Advertisement\nThe tide turned.\n\x04")
    assert (code, out) == (0, "The tide turned.\n")
    assert "cleaner: note: reading standard input; end it with Ctrl-D, or see cleaner --help\n" in said
    assert "note" not in on_a_terminal(["--quiet"], keys=b"The tide turned.\n\x04")[2]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 0.2
        return self.now


class Terminal:
    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return True


def work(patch: pytest.MonkeyPatch, *, watched: bool = True) -> str:
    """Go through nine files on a terminal, a fifth of a second each, and return what it showed."""
    terminal = Terminal()
    patch.setattr(sys, "stderr", terminal)
    patch.setattr(progress, "time", Clock())
    with Progress(9, watched=watched) as shown:
        for number in range(9):
            if number == 6:
                shown.say("cleaner: error: six\n")
            shown.step()
    return terminal.text


def test_a_counter_without_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    said = work(monkeypatch)
    pieces = said.split("\r\033[K")
    assert "cleaner: 3 of 9 files" in pieces
    assert "cleaner: error: six\n" in pieces
    assert pieces[-2:] == ["cleaner: 9 of 9 files", ""]
    assert said.count("\n") == 1


def test_a_bar_with_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm")
    said = work(monkeypatch)
    assert "3/9" in said
    assert "cleaner: error: six\n" in said.split("\r")
    assert "9 files" not in said


def test_nothing_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    assert work(monkeypatch, watched=False) == "cleaner: error: six\n"


def test_what_is_not_needed_is_not_loaded() -> None:
    program = (
        "import sys; from cleaner.cli import main; main(sys.argv[1:]);"
        "print([name for name in ('dataclasses', 'inspect', 'difflib', 'tomllib', 'tqdm', 'regex',"
        " 'tempfile', 'shutil', 'lxml', 'bs4') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=b"Advertisement\nTide\n", capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode() == "Tide\n[]\n"
    assert done.stderr == b""
    assert run("--version").stderr == b""


def test_a_diff_on_a_terminal_is_for_the_eye(dirty: Path, tmp_path: Path) -> None:
    code, _, said = on_a_terminal(["--diff", str(dirty)], out=True)
    assert code == 0
    assert "\033[31m-Advertisement\033[0m\n" in said
    plain = on_a_terminal(["--diff", str(dirty)], out=True, NO_COLOR="1")[2]
    assert plain == re.sub(r"\033\[\d*m", "", said)
    long = tmp_path / "long.txt"
    long.write_text("The ferry sailed at dawn. " * 12 + "\n\nShare this article\n", encoding="utf-8")
    lines = on_a_terminal(["--diff", str(long)], out=True, NO_COLOR="1")[2].splitlines()
    assert max(map(len, lines[2:])) <= 80
    assert sum(line.startswith("  \u2026 ") for line in lines) >= 3
    assert "-Share this article" in lines
