"""The command and the bytes of files: encodings, and files written as a whole or not at all."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from pathlib import Path

import pytest

from cleaner.cli.files import exact_codec
from tests.command import CLEAN, DIRTY, Command, names, run, write

posix = pytest.mark.skipif(os.name != "posix", reason="modes, links and devices of POSIX")
not_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b" \n\t",
        b"\r\n\r\n",
        b"\x00\x01 binary \x00\n\x00",
        codecs.BOM_UTF8,
        codecs.BOM_UTF8 + b"Ferry\r\n",
        b"No end of line",
        b"Mixed\r\nends\rof\nlines\x0b\x0c\x85",
    ],
)
def test_what_is_clean_comes_back_to_the_byte(data: bytes) -> None:
    done = run("--errors", "surrogateescape", data=data)
    assert (done.returncode, done.stdout, done.stderr) == (0, data, b"")


def test_nul_bytes_of_a_dirty_text_stay(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", DIRTY.replace("forty", "for\0ty"))
    assert command(path).out.decode() == CLEAN.replace("forty", "for\0ty")


def test_line_ends_and_byte_order_mark_stay() -> None:
    data = ("\ufeff" + DIRTY.replace("\n", "\r\n")).encode()
    assert run(data=data).stdout == ("\ufeff" + CLEAN.replace("\n", "\r\n")).encode()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_wide_encodings_keep_their_order_and_mark(codec: str, mark: str, command: Command, tmp_path: Path) -> None:
    path = tmp_path / "wide.txt"
    path.write_bytes((mark + DIRTY).encode(codec))
    family = codec.removesuffix("-le").removesuffix("-be")
    native = family == "utf-8" or codec.endswith("-le") == (sys.byteorder == "little")
    options = [codec, *([family] if mark or native else []), *(["utf-8-sig"] if family == "utf-8" else [])]
    for option in options:
        assert command("--encoding", option, path).out == (mark + CLEAN).encode(codec)
    assert exact_codec("UTF8", b"") == "UTF8"


def test_one_byte_encodings(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(DIRTY.replace("dawn", "d\u00e4mmern").encode("latin-1"))
    assert command("--encoding", "latin-1", path).out == CLEAN.replace("dawn", "d\u00e4mmern").encode("latin-1")
    assert b"dawn" not in command("--encoding", "cp1252", "--diff", path).out
    assert "\n d\u00e4mmern".encode("latin-1") not in path.read_bytes()


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_a_diff_is_in_the_encoding_of_its_text_if_its_header_can_be(
    encoding: str, command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "b\u0142\u0119kit.txt"
    path.write_bytes(DIRTY.replace("cars", "Z\u00fcge").encode(encoding))
    out = command("--encoding", encoding, "--diff", path).out
    assert out.startswith(f"--- {path}\n".encode())
    assert " Z\u00fcge on its".encode("utf-8" if encoding == "utf-16" else encoding) in out


def test_invalid_bytes_are_named_and_nothing_is_written(command: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"caf\xe9 au lait\n")
    for target in (["-o", tmp_path / "out.txt"], ["--in-place"], []):
        assert command(bad, *target) == (
            2,
            b"",
            f"cleaner: error: {bad}: byte 0xe9 at offset 3 isn't utf-8; name the text's encoding with --encoding"
            " (cp1252, latin-1, ...), or use --errors surrogateescape\n",
        )
    assert names(tmp_path) == ["bad.txt"]
    assert bad.read_bytes() == b"caf\xe9 au lait\n"


def test_ways_with_invalid_bytes(command: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"caf\xe9 au lait\n\nAdvertisement\n")
    assert command("--encoding", "latin-1", bad).out == b"caf\xe9 au lait\n"
    assert command("--errors", "surrogateescape", bad).out == b"caf\xe9 au lait\n"
    assert command("--errors", "replace", bad).out == "caf\ufffd au lait\n".encode()
    assert command("--errors", "ignore", bad).out == b"caf au lait\n"
    assert command("--errors", "surrogateescape", "--in-place", bad).code == 0
    assert bad.read_bytes() == b"caf\xe9 au lait\n"


def test_lone_surrogates_round_trip_from_standard_input() -> None:
    data = b"\xff\xfe\xed\xa0\x80 tide\n\nAdvertisement\n"
    assert run("--errors", "surrogateescape", data=data).stdout == b"\xff\xfe\xed\xa0\x80 tide\n"


def test_a_wide_text_read_as_utf8_is_told_apart(command: Command, tmp_path: Path) -> None:
    for codec in ("utf-16", "utf-32"):
        path = tmp_path / f"{codec}.txt"
        path.write_bytes(DIRTY.encode(codec))
        assert command(path).err.endswith(f"isn't utf-8; it begins like {codec}: try --encoding {codec}\n")


def test_a_wide_text_cut_short(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(codecs.BOM_UTF16_LE + b"a\0b")
    said = command("--encoding", "utf-16", path)
    assert said.code == 2
    assert "byte 0x62 at offset 4 isn't utf-16" in said.err


def test_an_encoding_that_tells_no_offset(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "xn--\u00e4")
    done = command("--encoding", "idna", path)
    assert done.code == 2
    assert done.err.startswith(f"cleaner: error: {path}: ")
    assert done.err.count("\n") == 1


def test_output_is_a_file(command: Command, dirty: Path, tmp_path: Path) -> None:
    target = write(tmp_path / "out.txt", "old")
    assert command(dirty, "-o", target) == (0, b"", "")
    assert target.read_text() == CLEAN
    assert command(dirty, f"--output={target}", "--format", "json").code == 0
    assert target.read_bytes() == command(dirty, "--format", "json").out
    assert command(dirty, "-o", "-").out.decode() == CLEAN
    assert names(tmp_path) == ["dirty.txt", "out.txt"]


def test_output_is_a_folder(dirty: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.txt", "The tide turned.\n")
    made = tmp_path / "made" / "here"
    done = run(str(dirty), "-", str(other), "-o", f"{made}/", data=DIRTY.encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert names(made) == ["dirty.txt", "other.txt", "stdin"]
    assert (made / "dirty.txt").read_text() == (made / "stdin").read_text() == CLEAN
    assert (made / "other.txt").read_bytes() == other.read_bytes()
    assert run(str(dirty), "-o", str(made), "--format", "json").returncode == 0
    assert "dirty.txt.json" in names(made)


def test_output_never_hits_its_input(command: Command, dirty: Path, tmp_path: Path) -> None:
    for target in (dirty, tmp_path):
        done = command("-o", target, dirty)
        assert (done.code, done.err) == (
            2,
            f"cleaner: error: --output: {dirty} is the text itself; --in-place rewrites files\n",
        )
    assert dirty.read_text() == DIRTY


def test_output_that_cannot_be_written(command: Command, dirty: Path, tmp_path: Path) -> None:
    target = tmp_path / "none" / "out.txt"
    assert command(dirty, "-o", target) == (
        2,
        b"",
        f"cleaner: error: {target}: can't be written: no such file or directory\n",
    )
    folder = f"{dirty}/"
    done = command(dirty, "-o", folder)
    assert done.code == 2
    assert "can't be " in done.err
    assert done.err.count("\n") == 1
    assert names(tmp_path) == ["dirty.txt"]


@posix
def test_output_to_a_device_leaves_the_device(command: Command, dirty: Path) -> None:
    assert command(dirty, "-o", os.devnull) == (0, b"", "")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@posix
def test_new_files_get_the_mode_of_the_umask(command: Command, dirty: Path, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        command(dirty, "-o", tmp_path / "out.txt")
    finally:
        os.umask(before)
    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o640


def test_in_place_rewrites_what_is_dirty_and_nothing_else(command: Command, dirty: Path, tmp_path: Path) -> None:
    clean = write(tmp_path / "clean.txt", CLEAN)
    os.utime(clean, (1, 1))
    dirty.chmod(0o640)
    before = clean.stat()
    assert command("--in-place", dirty, clean) == (0, b"", "")
    assert dirty.read_text() == CLEAN
    if os.name == "posix":
        assert dirty.stat().st_mode & 0o7777 == 0o640
    assert (clean.stat().st_mtime, clean.stat().st_ino) == (1, before.st_ino)
    assert names(tmp_path) == ["clean.txt", "dirty.txt"]


def test_in_place_explains_too(command: Command, dirty: Path) -> None:
    done = command("--in-place", "--explain", dirty)
    assert (done.code, done.out) == (0, b"")
    assert "2 removals" in " ".join(done.err.split())
    assert dirty.read_text() == CLEAN


@posix
def test_in_place_follows_a_link(command: Command, dirty: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(dirty)
    assert command("--in-place", link).code == 0
    assert link.is_symlink()
    assert dirty.read_text() == CLEAN


@pytest.mark.parametrize("broken", ["replace", "chmod", "fdopen"])
def test_in_place_leaves_the_file_when_something_fails_between(
    broken: str, command: Command, dirty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    other = write(tmp_path / "other.txt")
    with monkeypatch.context() as patch:
        patch.setattr(os, broken, fail)
        code, out, said = command("--in-place", dirty, other)
    assert (code, out) == (2, b"")
    assert said == "".join(
        f"cleaner: error: {path}: can't be written: no space left on device\n" for path in (dirty, other)
    )
    assert dirty.read_text() == other.read_text() == DIRTY
    assert names(tmp_path) == ["dirty.txt", "other.txt"]


def test_an_interrupt_between_leaves_the_file_too(
    command: Command, dirty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    assert command("--in-place", dirty).code == 130
    assert dirty.read_text() == DIRTY
    assert names(tmp_path) == ["dirty.txt"]


@posix
def test_a_full_disk_is_reported(dirty: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        import subprocess

        from tests.command import COMMAND

        for arguments in ([str(dirty)], ["rules"], ["--help"]):
            done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)
            assert done.returncode == 2
            assert done.stderr == b"cleaner: error: standard output can't be written: no space left on device\n"


@not_root
def test_files_that_may_not_be_touched(command: Command, dirty: Path) -> None:
    dirty.chmod(0)
    assert command(dirty).err == f"cleaner: error: {dirty}: can't be read: permission denied\n"
    dirty.chmod(0o444)
    assert command("--in-place", dirty).err == f"cleaner: error: {dirty}: can't be written: permission denied\n"
    assert dirty.read_text() == DIRTY


@posix
def test_in_place_takes_regular_files_only(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(DIRTY.encode(),))
    writer.start()
    done = run("--in-place", str(pipe))
    writer.join()
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"cleaner: error: {pipe}: is no regular file; --in-place can't rewrite it\n"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix
def test_names_of_files_that_are_no_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n\x1b.txt"
    try:
        Path(os.fsdecode(path)).write_text(DIRTY)
    except OSError:
        pytest.skip("the file system takes no such names")
    name = os.fsdecode(path)
    assert run(name).stdout.decode() == CLEAN
    assert run("--diff", name).stdout.startswith(b"--- " + path.replace(b"\n\x1b", "\ufffd\ufffd".encode()) + b"\n")
    said = run("--check", name).stderr
    assert said.count(b"\n") == 1
    assert b"\x1b" not in said
    assert run("--format", "json", name).returncode == 0
