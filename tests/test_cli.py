"""The command, run as it is used."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cleaner.cli import main
from cleaner.cli.parser import build_parser

DIRTY = (
    "Ferry returns to the strait\n\nThe ferry sailed at dawn with forty cars on its deck, and nobody on the quay waved to it.\n\n"
    "Advertisement\n\nA second boat is being built in the yard, and it will carry sixty cars when it is done.\nShare this article\n"
)
CLEAN = DIRTY.replace("\n\nAdvertisement", "").replace("Share this article\n", "")


def run(*arguments: str, data: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        input=data,
        capture_output=True,
        check=False,
        timeout=60,
        **options,
    )


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "dirty.txt"
    path.write_text(DIRTY, encoding="utf-8")
    return path


def test_a_filter_from_standard_input_to_standard_output() -> None:
    for arguments in ((), ("-",)):
        done = run(*arguments, data=DIRTY.encode())
        assert (done.returncode, done.stdout.decode(), done.stderr) == (0, CLEAN, b"")


def test_files_follow_each_other(dirty: Path) -> None:
    assert run(str(dirty), str(dirty)).stdout.decode() == CLEAN * 2


@pytest.mark.parametrize(
    "data", [b"", b"\n", b" \n\t", b"\x00\x01 binary \x00\n", "\ufeffFerry\r\n".encode(), b"No end of line"]
)
def test_what_is_clean_comes_back_to_the_byte(data: bytes) -> None:
    assert run(data=data).stdout == data


def test_line_ends_and_byte_order_mark_stay() -> None:
    data = ("\ufeff" + DIRTY.replace("\n", "\r\n")).encode()
    assert run(data=data).stdout == ("\ufeff" + CLEAN.replace("\n", "\r\n")).encode()


def test_output_file_and_folder(dirty: Path, tmp_path: Path) -> None:
    assert run(str(dirty), "-o", str(tmp_path / "out.txt")).stdout == b""
    assert (tmp_path / "out.txt").read_text() == CLEAN
    folder = tmp_path / "folder"
    folder.mkdir()
    assert run(str(dirty), str(dirty), "-o", str(folder)).returncode == 0
    assert (folder / "dirty.txt").read_text() == CLEAN
    assert [path.name for path in folder.iterdir()] == ["dirty.txt"]


def test_in_place_rewrites_what_is_dirty_and_nothing_else(dirty: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text(CLEAN)
    os.utime(clean, (1, 1))
    dirty.chmod(0o640)
    assert run("--in-place", str(dirty), str(clean)).returncode == 0
    assert dirty.read_text() == CLEAN
    assert dirty.stat().st_mode & 0o777 == 0o640
    assert clean.stat().st_mtime == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean.txt", "dirty.txt"]


def test_in_place_leaves_the_file_when_it_cannot_be_replaced(
    dirty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert main(["--in-place", str(dirty)]) == 2
    assert dirty.read_text() == DIRTY
    assert list(dirty.parent.iterdir()) == [dirty]
    assert "can't be written: no space left on device" in capsys.readouterr().err


def test_json(dirty: Path) -> None:
    lines = run("--format", "json", str(dirty), "-", data=b"Advertisement\n").stdout.decode().splitlines()
    first, second = (json.loads(line) for line in lines)
    assert first["source"] == str(dirty)
    assert first["text"] == CLEAN
    assert {removal["category"] for removal in first["removed"]} == {"advertising", "share"}
    for removal in first["removed"]:
        assert DIRTY[removal["start"] : removal["end"]] == removal["text"]
    assert (second["source"], second["text"]) == ("<stdin>", "")


def test_explain_fits_a_terminal_and_has_no_colour_in_a_pipe(dirty: Path) -> None:
    done = run("--explain", str(dirty), env={**os.environ, "COLUMNS": "80"})
    said = done.stderr.decode()
    assert done.stdout.decode() == CLEAN
    assert "    5 advertising     Advertisement\n" in said
    assert "en.share.this" in said
    assert "2 removals" in said
    assert "\033" not in said
    assert max(map(len, said.splitlines())) <= 80
    assert run("--explain", data=b"Ferry\n").stderr == b"<stdin>: nothing to remove\n"


def test_diff(dirty: Path) -> None:
    said = run("--diff", str(dirty)).stdout.decode()
    assert "-Advertisement\n" in said
    assert "-Share this article\n" in said
    assert not re.search(r"^\+(?!\+\+)", said, re.MULTILINE)
    assert run("--diff", data=CLEAN.encode()).stdout == b""


def test_check(dirty: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text(CLEAN)
    found = run("--check", str(dirty), str(clean))
    assert (found.returncode, found.stdout) == (1, b"")
    assert found.stderr.decode().splitlines()[0] == str(dirty)
    assert run("--check", str(clean)).returncode == 0


def test_settings_reach_the_cleaner(dirty: Path) -> None:
    assert b"Advertisement" in run("--keep", "advertising,share", str(dirty)).stdout
    assert b"Share this" in run("--strip", "advertising", str(dirty)).stdout
    assert b"Advertisement" in run("--disable", "en.advertising.label", "--strip", "consent", str(dirty)).stdout
    assert b"Advertisement" in run("--protect", "^Adv", str(dirty)).stdout
    assert run("--mode", "conservative", str(dirty)).returncode == 0
    assert b"Share this" in run("--language", "de", "--mode", "conservative", str(dirty)).stdout


def test_a_rule_file(dirty: Path, tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text(
        '[[rule]]\nid = "my.custom.title"\npattern = "ferry returns to the [a-z]{3,9}"\nstrips = ["Ferry returns to the strait"]\nkeeps = ["Ferry returns to the strait at last"]\n'
    )
    assert run("--rules", str(rules), str(dirty)).stdout.startswith(b"The ferry sailed")
    assert run("rules", "test", str(rules)).stdout == b"1 rules, 0 examples that don't hold\n"
    rules.write_text(rules.read_text().replace("to the strait at last", "to the strait"))
    failed = run("rules", "test", str(rules))
    assert failed.returncode == 1
    assert b"rule my.custom.title: keeps: 'Ferry returns to the strait' becomes ''" in failed.stdout
    rules.write_text("[[rule]]\n")
    broken = run("rules", "test", str(rules))
    assert (broken.returncode, broken.stderr.decode()) == (
        2,
        f"cleaner: error: {rules}: rule [[rule]] 1: id: missing; expected language.category.name\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--keep", "shre"], "keep: no category 'shre' (did you mean 'share'?)"),
        (["--mode", "agressive"], "(did you mean 'aggressive'?)"),
        (
            ["--disable", "en.share.thiss"],
            "disable: no rule or category 'en.share.thiss' (did you mean 'en.share.this'?)",
        ),
        (["--explian"], "no option --explian (did you mean '--explain'?); see cleaner --help"),
        (["--encoding", "utf-9"], "--encoding: no encoding 'utf-9'; try utf-8"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--in-place"], "--in-place: takes files"),
        (["--in-place", "--check", "a"], "--in-place: doesn't go with --check"),
        (["--check", "-o", "a"], "--output: doesn't go with --check"),
        (["-o", "none", "a", "b"], "--output: none is no folder; several files need one"),
        (["none.txt"], "none.txt: no such file or directory"),
        (["."], ".: is a directory"),
        (["--rules", "none.toml"], "none.toml: can't be read: No such file"),
        (["--protect", "("], "protect: '(': not a pattern"),
        (["rules", "show", "en.share.thi"], "no rule 'en.share.thi' (did you mean 'en.share.this'?)"),
        (["rules", "--category", "shre"], "no category 'shre' (did you mean 'share'?)"),
        (["rules", "--language", "xx"], "no rules for 'xx'"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    said = done.stderr.decode()
    assert done.returncode == 2
    assert done.stdout == b""
    assert message in said
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_invalid_bytes_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"caf\xe9 au lait\n")
    done = run(str(bad), "-o", str(tmp_path / "out.txt"))
    assert done.returncode == 2
    assert (
        "bad.txt: byte 0xe9 at offset 3 isn't utf-8; name the text's encoding with --encoding, or use --errors replace"
        in done.stderr.decode()
    )
    assert not (tmp_path / "out.txt").exists()
    assert run("--encoding", "latin-1", str(bad)).stdout == bad.read_bytes()
    assert run("--errors", "surrogateescape", str(bad)).stdout == bad.read_bytes()
    assert run("--errors", "replace", str(bad)).stdout == "caf\ufffd au lait\n".encode()


def test_one_bad_file_does_not_stop_the_others(dirty: Path) -> None:
    done = run("none.txt", str(dirty))
    assert (done.returncode, done.stdout.decode()) == (2, CLEAN)


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_text("The ferry sailed at dawn with forty cars on its deck.\n" * 50_000)
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner", "--keep", "repeat", str(big), str(big)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process")
def test_an_interrupt_ends_with_130() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in said


def test_rules_and_categories_are_listed() -> None:
    listed = run("rules", "--language", "en", "--category", "share").stdout.decode()
    assert "en.share.this\n    " in listed
    assert "en.byline" not in listed
    assert "any.repeat.title" in run("rules", "--language", "any").stdout.decode()
    page = run("rules", "show", "en.share.network").stdout.decode()
    for part in ("en.share.network", "strips      share", "run         3", "stripped:", "kept:", "  | "):
        assert part in page
    assert re.search(r"^share +share bars", run("categories").stdout.decode(), re.MULTILINE)


def test_help_teaches_and_its_examples_run(tmp_path: Path, dirty: Path) -> None:
    said = run("--help").stdout.decode()
    assert said == build_parser().format_help()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(DIRTY)
    (tmp_path / "my-rules.toml").write_text("")
    examples = re.search(r"examples:\n((?:  cleaner .*\n)+)", said)
    assert examples
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "cleaner"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m cleaner "$@"\n')
    shim.chmod(0o755)
    codes = []
    for line in examples[1].splitlines():
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        codes.append(
            subprocess.run(
                line, shell=True, cwd=tmp_path, check=False, capture_output=True, env={**os.environ, "PATH": path}
            ).returncode
        )
    assert codes == [0, 0, 0, 1]
    assert (tmp_path / "clean.txt").read_text() == CLEAN


def test_version() -> None:
    assert re.fullmatch(rb"cleaner \d+\.\d+\.\d+\n", run("--version").stdout)
