"""Nothing lost, nothing doubled: runs that are killed, interrupted, out of space, and go on."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Config
from cleaner.records import jsonl, parquet
from cleaner.records import run as runs
from cleaner.records.fields import Fields
from cleaner.records.find import find
from cleaner.records.run import Run, Settings
from cleaner.records.state import Part, Progressed, replace_file
from tests.command import COMMAND, names
from tests.records.made import lines_of, read_jsonl, records, write_jsonl, write_parquet

if sys.platform == "win32":
    pytest.skip("signals and limits of POSIX", allow_module_level=True)

KILLS = int(os.environ.get("CLEANER_TEST_KILLS", "8"))

# Small chunks and a note after each one: the more there are, the more moments there are to be killed at.
IMPATIENT = (
    "import sys\n"
    "from cleaner.cli import main\n"
    "from cleaner.records import jsonl, parquet, run\n"
    "jsonl.SIZE = parquet.SIZE = 4000\n"
    "run.EVERY = 0.0\n"
    "sys.exit(main(sys.argv[1:]))\n"
)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def inputs(folder: Path) -> Path:
    found = records(240, paragraphs=2)
    lines = lines_of(found[:100]).splitlines(keepends=True)
    lines[30:30] = [b"no record\n"]
    lines[70:70] = [b'{"text": 3}\n']
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(b"".join(lines))
    write_jsonl(folder / "b.jsonl.gz", found[100:160])
    write_parquet(folder / "c" / "c.parquet", found[160:])
    return folder


def test_killed_at_random_moments_it_ends_with_the_same_output(tmp_path: Path) -> None:
    folder = inputs(tmp_path / "in")

    def command(name: str) -> list[str]:
        out = tmp_path / name
        out.mkdir(exist_ok=True)
        rest = ["--rejects", str(out / "bad.jsonl"), "--report", str(out / "report.json"), "--url-field", "url"]
        return [sys.executable, "-c", IMPATIENT, "run", str(folder), "-o", str(out / "out"), "--jobs", "2", *rest]

    began = time.monotonic()
    assert subprocess.run(command("whole"), capture_output=True, check=False).returncode == 1
    lasts = time.monotonic() - began
    whole = tree(tmp_path / "whole")
    assert set(whole) == {"out/a.jsonl", "out/b.jsonl.gz", "out/c/c.parquet", "bad.jsonl", "report.json"}

    dice = random.Random(7)
    kills = 0
    for _ in range(20):
        if kills >= KILLS:
            break
        subprocess.run(["rm", "-rf", str(tmp_path / "out")], check=True)
        while kills < KILLS:
            with subprocess.Popen(command("out"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                try:
                    process.wait(dice.uniform(0.3, 1.0) * lasts)
                except subprocess.TimeoutExpired:
                    process.kill()
                    kills += 1
                    # What stands there is whole.
                    for name, data in tree(tmp_path / "out").items():
                        if ".cleaner" not in name:
                            assert data == whole[name], name
                    continue
            assert process.returncode == 1
            break
    done = subprocess.run(command("out"), capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert tree(tmp_path / "out") == whole
    assert kills >= KILLS


class Crash(BaseException):
    """The end of a process, as far as a test in the same process can have it."""


def crashing(patch: pytest.MonkeyPatch, at: int, *, after: bool) -> None:
    """Let the run end at its n-th step that changes something on the disk: before or after it."""
    left = [at]

    def step(original: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and not after:
                raise Crash
            result = original(*arguments, **named)
            if left[0] == 0:
                raise Crash
            return result

        return stepped

    patch.setattr(Part, "write", step(Part.write))
    patch.setattr(Part, "close", step(Part.close))
    patch.setattr(Progressed, "save", step(Progressed.save))
    patch.setattr(runs, "_move", step(runs._move))
    patch.setattr(runs, "replace_file", step(replace_file))


texts = st.one_of(st.none(), st.text(max_size=30), st.sampled_from([one["text"] for one in records(20, paragraphs=1)]))
some_records = st.lists(
    st.one_of(
        st.fixed_dictionaries({"id": st.integers(), "text": texts}),
        st.fixed_dictionaries(
            {"text": texts, "x": st.floats(allow_nan=True), "y": st.lists(st.booleans(), max_size=2)}
        ),
        st.just({"title": "no text"}),
    ),
    max_size=25,
)


def run_once(folder: Path, out: Path, *, jobs: int = 1) -> None:
    fields = Fields(removed="removed", min_words=2)
    items = tuple(find([str(folder)], f"{out}/", None))
    report, rejects = (str(out.with_suffix(suffix)) for suffix in (".report", ".rejects"))
    Run(Settings(items, Config(), fields, f"{out}/", jobs, rejects, report)).run()


@settings(max_examples=25)
@given(
    found=some_records,
    size=st.sampled_from([1, 100, 1000, 1 << 18]),
    crashes=st.lists(st.tuples(st.integers(1, 14), st.booleans()), max_size=3),
    suffix=st.sampled_from([".jsonl", ".jsonl.gz", ".jsonl.zst"]),
)
def test_any_chunks_and_any_crashes_give_what_one_go_gives(
    found: list[dict[str, Any]], size: int, crashes: list[tuple[int, bool]], suffix: str
) -> None:
    from tests.records.made import unpack

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        data = b"".join(json.dumps(record).encode() + b"\n" for record in found)
        (folder / "in").mkdir()
        path = folder / "in" / f"a{suffix}"
        (folder / "in" / "b.jsonl").write_bytes(data)
        write_jsonl(path, [])
        from cleaner.records import compression

        path.write_bytes(compression.compress(data, compression.of_name(path.name)[1]) or path.read_bytes())
        run_once(folder / "in", folder / "whole")
        patch.setattr(jsonl, "SIZE", size)
        run_once(folder / "in", folder / "cut")
        patch.setattr(runs, "EVERY", 0.0)
        for at, after in crashes:
            with pytest.MonkeyPatch.context() as inner:
                crashing(inner, at, after=after)
                try:
                    run_once(folder / "in", folder / "crashed")
                except Crash:
                    continue
        run_once(folder / "in", folder / "crashed")
        for one in ("whole.rejects", "whole.report"):
            assert (folder / one).read_bytes() == (folder / one.replace("whole", "cut")).read_bytes()
            assert (folder / one).read_bytes() == (folder / one.replace("whole", "crashed")).read_bytes()
        assert tree(folder / "cut") == tree(folder / "crashed")
        assert set(tree(folder / "cut")) == {path.name, "b.jsonl"}
        for one in ("b.jsonl", path.name):
            assert unpack(folder / "cut" / one) == unpack(folder / "whole" / one)


@pytest.mark.parametrize("after", [False, True])
def test_parquet_crashes_at_every_step(*, after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path / "in" / "a.parquet", records(12, paragraphs=1), row_group_size=5)
    monkeypatch.setattr(parquet, "SIZE", 1000)
    run_once(tmp_path / "in", tmp_path / "whole")
    whole = tree(tmp_path / "whole")
    monkeypatch.setattr(runs, "EVERY", 0.0)
    for at in range(1, 40):
        with pytest.MonkeyPatch.context() as patch:
            crashing(patch, at, after=after)
            try:
                run_once(tmp_path / "in", tmp_path / "out")
            except Crash:
                pass
            else:
                break
        run_once(tmp_path / "in", tmp_path / "out")
        assert tree(tmp_path / "out") == whole, at
        subprocess.run(["rm", "-rf", str(tmp_path / "out")], check=True)
    assert at > 10


def test_any_number_of_workers_gives_the_same(tmp_path: Path) -> None:
    folder = inputs(tmp_path / "in")
    run_once(folder, tmp_path / "one")
    run_once(folder, tmp_path / "three", jobs=3)
    assert tree(tmp_path / "one") == tree(tmp_path / "three")
    assert (tmp_path / "one.report").read_bytes() == (tmp_path / "three.report").read_bytes()


def test_what_changed_is_done_anew(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in" / "a.jsonl", records(5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "EVERY", 0.0)
        crashing(patch, 4, after=True)
        with pytest.raises(Crash):
            run_once(tmp_path / "in", tmp_path / "out")
    write_jsonl(path, records(7))
    run_once(tmp_path / "in", tmp_path / "out")
    assert len(read_jsonl(tmp_path / "out" / "a.jsonl")) == 7


def test_a_part_that_is_not_what_it_was_is_made_again(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in" / "a.jsonl", records(20))
    run_once(tmp_path / "in", tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "SIZE", 500)
        patch.setattr(runs, "EVERY", 0.0)
        crashing(patch, 9, after=True)
        with pytest.raises(Crash):
            run_once(tmp_path / "in", tmp_path / "out")
    (part,) = (path for path in (tmp_path / "out" / ".cleaner-run").glob("*.part"))
    data = bytearray(part.read_bytes())
    assert data
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    run_once(tmp_path / "in", tmp_path / "out")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def gone(group: int) -> bool:
    """Whether all processes of a group end, within a few seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_it_cleanly_and_it_goes_on(jobs: str, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", records(900, paragraphs=2))
    out = tmp_path / "out.jsonl"
    command = [*COMMAND, "run", str(path), "-o", str(out), "--jobs", jobs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        time.sleep(1.2)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (130, b"")
    assert not out.exists()
    assert gone(process.pid)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert len(read_jsonl(out)) == 900
    assert names(tmp_path) == ["in.jsonl", "out.jsonl"]


def test_workers_end_when_their_run_is_killed(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", records(3000, paragraphs=2))
    command = [*COMMAND, "run", str(path), "-o", str(tmp_path / "out.jsonl"), "--jobs", "2"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        time.sleep(1.2)
        process.kill()
    assert gone(process.pid)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_no_space_left_is_said_and_leaves_no_half_file(suffix: str, tmp_path: Path) -> None:
    make = write_parquet if suffix == ".parquet" else write_jsonl
    path = make(tmp_path / f"in{suffix}", records(100))
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / f"out{suffix}"
    command = [*COMMAND, "run", str(path), "-o", str(out), "--jobs", "1"]
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY)),
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"cleaner: error: ")
    assert b"can't be written: file too large" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert [name for name in names(tmp_path / "out") if not name.startswith(".")] == []
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert names(tmp_path / "out") == [out.name]


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", records(600, paragraphs=2))
    with subprocess.Popen(
        [*COMMAND, "run", str(path), "--jobs", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_two_runs_do_not_write_to_the_same_place(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", records(900, paragraphs=2))
    command = [*COMMAND, "run", str(path), "-o", f"{tmp_path}/out/", "--jobs", "1"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while not (tmp_path / "out" / ".cleaner-run" / "lock").exists():
            time.sleep(0.02)
        time.sleep(0.2)
        other = subprocess.run(command, capture_output=True, check=False)
        process.send_signal(signal.SIGINT)
    assert other.returncode == 2
    assert b"another run writes there" in other.stderr
