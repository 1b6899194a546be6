"""Completion, asked of the shells themselves."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("the shells aren't there", allow_module_level=True)

import pty

from cleaner.cli import parser_of
from cleaner.cli.completion import BELOW, commands
from cleaner.cli.parser import COMMANDS
from tests.command import Command

CASES = [
    ("--mod", "--mode"),
    ("--mode agg", "aggressive"),
    ("--keep capt", "caption"),
    ("--disable en.share.thi", "en.share.this"),
    ("revi", "review"),
    ("review --samp", "--sample"),
    ("compare --mos", "--most"),
    ("rules sho", "show"),
    ("rules show en.share.thi", "en.share.this"),
    ("completion fis", "fish"),
    ("dirt", "dirty.txt"),
    ("review dirt", "dirty.txt"),
    ("review -o dirt", "dirty.txt"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "dirty.txt").write_text("The tide turned.\n", encoding="utf-8")
    return tmp_path


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb"}


def needs(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"there is no {shell} here")
    return found


def script(command: Command, shell: str, place: Path) -> Path:
    path = place / f"completion.{shell}"
    path.write_bytes(command("completion", shell).out)
    return path


def test_bash(command: Command, place: Path) -> None:
    bash = needs("bash")
    path = script(command, "bash", place)
    for typed, wanted in CASES:
        program = f'source "{path.name}"; COMP_WORDS=(cleaner {typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _cleaner; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = subprocess.run(
            [bash, "-c", program], cwd=place, env=environment(), capture_output=True, check=True, timeout=60
        )
        assert wanted in done.stdout.decode().split("\n"), typed
        assert done.stderr == b""


def test_fish(command: Command, place: Path) -> None:
    fish = needs("fish")
    path = script(command, "fish", place)
    program = f"source {path.name};" + "".join(
        f"echo; echo '> {typed}'; complete -C 'cleaner {typed}';" for typed, _ in CASES
    )
    given = {**environment(), "HOME": str(place), "XDG_CONFIG_HOME": str(place), "XDG_DATA_HOME": str(place)}
    done = subprocess.run(
        [fish, "--no-config", "-c", program], cwd=place, env=given, capture_output=True, check=True, timeout=60
    )
    answers = done.stdout.decode().split("\n> ")[1:]
    for (typed, wanted), answer in zip(CASES, answers, strict=True):
        assert wanted in [line.partition("\t")[0] for line in answer.split("\n")[1:]], typed
    assert done.stderr == b""


def test_zsh(command: Command, place: Path) -> None:
    zsh = needs("zsh")
    path = script(command, "zsh", place)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(place)
        os.execvpe(zsh, [zsh, "-f", "-i"], {**environment(), "COLUMNS": "200", "PS1": "> ", "HOME": str(place)})

    def said(until: str, seconds: float = 20) -> str:
        out, end = "", time.monotonic() + seconds
        while until not in out and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                out += re.sub(r"\x07|\x1b\[[0-9;?]*[A-Za-z]", "", os.read(terminal, 65536).decode(errors="replace"))
        return out

    try:
        os.write(terminal, f"autoload -U compinit; compinit -u -D; source {path.name}; echo re''ady\n".encode())
        assert "ready" in said("ready")
        for typed, wanted in CASES:
            os.write(terminal, f"cleaner {typed}\t".encode())
            line = f"cleaner {typed.rpartition(' ')[0]} {wanted}".replace("  ", " ")
            assert line in said(line).replace("\r", ""), typed
            os.write(terminal, b"\x15")
    finally:
        os.write(terminal, b"\x15exit\n")
        os.close(terminal)
        os.waitpid(process, 0)


def test_every_command_and_option_is_there(command: Command) -> None:
    names = {name for name, _ in commands()}
    assert names == {"", *COMMANDS} | {f"{above} {below}" for above, belows in BELOW.items() for below in belows}
    for shell in ("bash", "zsh", "fish"):
        written = command("completion", shell).out.decode()
        for _, options in commands():
            for option in options:
                for name in option.names:
                    assert name in written or f"-l {name[2:]}" in written or f"-s {name[1:]}" in written
    assert parser_of("rules show").prog == "cleaner rules show"
    with pytest.raises(ValueError, match="no command"):
        parser_of("rules shwo")


def test_mistakes_are_one_line(command: Command) -> None:
    code, out, said = command("completion", "bsah")
    assert (code, out) == (2, b"")
    assert said == "cleaner: error: SHELL: no shell 'bsah' (did you mean 'bash'?); there are bash, zsh, fish, ids\n"
