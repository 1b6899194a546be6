"""``cleaner run``: formats, options, and what comes out."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cleaner
from tests.command import CLEAN, DIRTY, Command, names, run
from tests.records.made import (
    article,
    lines_of,
    read_jsonl,
    records,
    unpack,
    write_jsonl,
    write_parquet,
)


def cleaned(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**record, "text": cleaner.clean(record["text"])} for record in found]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_lines_come_out_in_order_compressed_as_they_were(
    suffix: str, jobs: str, command: Command, tmp_path: Path
) -> None:
    path = write_jsonl(tmp_path / f"news.jsonl{suffix}", records(60))
    out = tmp_path / f"clean.jsonl{suffix}"
    done = command("run", path, "-o", out, "--jobs", jobs)
    assert done.code == 0, done.err
    assert read_jsonl(out) == cleaned(records(60))
    summary = json.loads(done.err)
    assert (summary["documents"], summary["rejected"], summary["files"]) == (60, 0, 1)
    assert names(tmp_path) == sorted([path.name, out.name])


def test_what_is_not_cleaned_stays_to_the_byte(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    head = b'\xef\xbb\xbf{ "n":1.50 , "big": 123456789012345678901234567890, "text" : "%s" ,"u":"\\u00e9\\/" }\r\n'
    lines = [
        head % b"The ferry sailed at dawn.",
        b'{"text": "dup", "a": {"text": "inner", "b": [1, {"c": "]}"}]}, "text": "Ferry\\n\\nAdvertisement\\n"}\n',
        b'{"nan": NaN, "text": "lone \\ud800 half"}\n',
        b'{"text": null, "e": 1e5}',
    ]
    path.write_bytes(b"".join(lines))
    out = tmp_path / "out.jsonl"
    done = command("run", path, "-o", out)
    assert done.code == 0, done.err
    lines[1] = lines[1].replace(
        b"Ferry\\n\\nAdvertisement\\n", json.dumps(cleaner.clean("Ferry\n\nAdvertisement\n"))[1:-1].encode()
    )
    assert out.read_bytes() == b"".join(lines)


def test_fields_are_added_at_the_end_in_the_style_of_the_line(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    dirty = json.dumps(DIRTY)
    path.write_text(f'{{"body":{dirty}}}\n{{"body": {dirty}, "z": 1 }}\n')
    done = command("run", path, "--field", "body", "--output-field", "clean", "--removed-field", "gone", "--quiet")
    assert done.err == ""
    tight, spaced = done.out.decode().splitlines()
    clean = json.dumps(CLEAN)
    assert tight.startswith(f'{{"body":{dirty},"clean":{clean},"gone":[{{')
    assert spaced.startswith(f'{{"body": {dirty}, "z": 1, "clean": {clean}, "gone": [{{')
    for one in map(json.loads, (tight, spaced)):
        removed = one["gone"]
        assert [gone["category"] for gone in removed] == ["advertising", "share"]
        for gone in removed:
            assert DIRTY[gone["start"] : gone["end"]] == gone["text"]
            assert gone["rule"] in {rule.id for rule in cleaner.Cleaner().rules}


def test_documents_of_which_too_little_is_left_are_left_out(command: Command, tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "in.jsonl", [{"text": DIRTY}, {"text": "Advertisement"}, {"text": ""}, {"text": None}, {"text": "Two words"}]
    )  # fmt: skip
    assert len(command("run", path, "--quiet").out.splitlines()) == 5
    assert len(command("run", path, "--quiet", "--drop-empty").out.splitlines()) == 2
    done = command("run", path, "--min-words", "3")
    assert len(done.out.splitlines()) == 1
    summary = json.loads(done.err)
    assert (summary["documents"], summary["kept"], summary["dropped"], summary["emptied"]) == (5, 1, 4, 1)


BAD = {
    b'{"text": "cut off': "broken JSON",
    b'{"text": "bad \xff byte"}': "invalid UTF-8",
    b'["text"]': "not a JSON object",
    b'{"text": 12}': "field 'text' is no string",
    b'{"title": "none"}': "no field 'text'",
    b'{"text": "' + b"x" * 5000 + b'"}': "over --max-bytes",
    b"[" * 200_000: "over --max-bytes",
}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_bad_records_go_aside_with_reason_and_place(jobs: str, command: Command, tmp_path: Path) -> None:
    good = lines_of(records(8)).splitlines(keepends=True)
    path = tmp_path / "in.jsonl"
    bad = list(BAD)
    data = b"".join(one + other + b"\n" for one, other in zip(good, bad, strict=False)) + b"".join(good[len(bad) :])
    path.write_bytes(data)
    rejects = tmp_path / "bad.jsonl"
    out = tmp_path / "out.jsonl"
    done = command("run", path, "-o", out, "--rejects", rejects, "--max-bytes", "4000", "--jobs", jobs)
    assert done.code == 1, done.err
    assert read_jsonl(out) == cleaned(records(8))
    found = read_jsonl(rejects)
    assert [one["reason"] for one in found] == list(BAD.values())
    all_lines = data.splitlines(keepends=True)
    for one in found:
        line = all_lines[one["line"] - 1]
        assert sum(map(len, all_lines[: one["line"] - 1])) == one["byte"]
        assert one["source"] == str(path)
        if "record" in one:
            assert one["record"].encode() == line.rstrip()
    assert sum("record_base64" in one for one in found) == 1
    assert json.loads(done.err)["rejected"] == len(BAD)


def test_the_first_bad_record_ends_the_run_where_nothing_else_was_said(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines_of(records(3)) + b'{"text": 1}\n')
    out = tmp_path / "out.jsonl"
    done = command("run", path, "-o", out)
    assert done.code == 2
    assert done.err == (
        f"cleaner: error: {path}: line 4: field 'text' is no string: 1 (--rejects FILE sets such records aside)\n"
    )
    assert not out.exists()
    fails = command("run", path, "-o", out, "--rejects", tmp_path / "r.jsonl", "--on-error", "fail")
    assert (fails.code, (tmp_path / "r.jsonl").exists()) == (2, False)
    assert "--on-error reject: needs --rejects" in command("run", path, "--on-error", "reject").err


def test_a_line_without_end_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    import resource
    import subprocess
    import sys

    path = tmp_path / "in.jsonl"
    with path.open("wb") as file:
        file.write(lines_of(records(2)))
        file.write(b'{"text": "')
        file.seek(400 << 20, os.SEEK_CUR)
        file.write(b'"}\n')
        file.write(lines_of(records(2)))
    rejects = tmp_path / "bad.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "run", str(path), "--rejects", str(rejects), "--jobs", "1", "--max-bytes", "1000000"],
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stdout == lines_of(cleaned(records(2))) * 2
    assert [(one["line"], one["detail"]) for one in read_jsonl(rejects)] == [(3, f"{(400 << 20) + 13} bytes")]


def test_parquet_keeps_schema_codec_and_row_groups(command: Command, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "news.parquet", records(100), compression={"text": "gzip", "id": "none", "url": "snappy", "score": "zstd"})  # fmt: skip
    out = tmp_path / "clean.parquet"
    done = command("run", path, "-o", out, "--jobs", "2", "--url-field", "url")
    assert done.code == 0, done.err
    before, after = pq.ParquetFile(path), pq.ParquetFile(out)
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert [after.metadata.row_group(n).num_rows for n in range(after.num_row_groups)] == [40, 40, 20]
    for column in range(4):
        one, other = (file.metadata.row_group(0).column(column) for file in (before, after))
        assert one.compression == other.compression
        assert one.physical_type == other.physical_type
    expected = cleaned(records(100))
    assert after.read().column("text").to_pylist() == [record["text"] for record in expected]
    assert after.read().drop(["text"]).equals(before.read().drop(["text"]))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_parquet_text_of_every_type(kind: Any, command: Command, tmp_path: Path) -> None:
    texts = [DIRTY, None, "", article(1)]
    column = pa.array(texts).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(texts, kind)
    pq.write_table(pa.table({"text": column, "n": [1, 2, 3, 4]}), tmp_path / "in.parquet")
    done = command("run", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", "--removed-field", "removed")
    assert done.code == 0, done.err
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.field("text").type == pq.read_table(tmp_path / "in.parquet").schema.field("text").type
    assert table.column("text").to_pylist() == [None if text is None else cleaner.clean(text) for text in texts]
    removed: list[Any] = table.column("removed").to_pylist()
    assert [gone["category"] for gone in removed[0]] == ["advertising", "share"]


def test_parquet_rows_go_aside_or_are_left_out(command: Command, tmp_path: Path) -> None:
    bad = pa.array([b"good text here", b"bad \xff byte", b"x" * 100, b"Advertisement"]).view(pa.string())
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": bad, "n": [1, 2, 3, 4]}), path)
    rejects = tmp_path / "bad.jsonl"
    out = tmp_path / "out.parquet"
    done = command("run", path, "-o", out, "--rejects", rejects, "--max-bytes", "50", "--drop-empty")
    assert done.code == 1, done.err
    assert pq.read_table(out).column("n").to_pylist() == [1]
    assert [(one["row"], one["row_group"], one["reason"]) for one in read_jsonl(rejects)] == [
        (2, 0, "invalid UTF-8"),
        (3, 0, "over --max-bytes"),
    ]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: pq.write_table(pa.table({"n": [1]}), path), "no column 'text'; there are 'n'"),
        (lambda path: pq.write_table(pa.table({"text": [1]}), path), "column 'text' is int64, not text"),
        (lambda path: path.write_bytes(b"PAR1 and no more"), "can't be read: "),
        (lambda path: path.write_bytes(b""), "can't be read: "),
    ],
)
def test_parquet_that_cannot_be_used(make: Any, problem: str, command: Command, tmp_path: Path) -> None:
    make(tmp_path / "in.parquet")
    done = command("run", tmp_path / "in.parquet", "-o", tmp_path / "out" / "")
    assert done.code == 2
    assert problem in done.err
    assert not list((tmp_path / "out").glob("*.parquet"))


def test_folders_globs_and_several_files(command: Command, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in" / "a.jsonl", records(3))
    write_jsonl(tmp_path / "in" / "deep" / "b.jsonl.gz", records(5))
    write_parquet(tmp_path / "in" / "deep" / "c.parquet", records(4))
    for name in ("_SUCCESS", ".hidden.jsonl", "notes.txt"):
        (tmp_path / "in" / name).write_text("not records")
    out = tmp_path / "in" / "out"
    assert command("run", tmp_path / "in", "-o", out).code == 0
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.*")) == [
        "a.jsonl",
        "deep/b.jsonl.gz",
        "deep/c.parquet",
    ]
    assert read_jsonl(out / "deep" / "b.jsonl.gz") == cleaned(records(5))
    again = command("run", tmp_path / "in", "-o", out)
    assert json.loads(again.err)["files"] == 3
    globbed = tmp_path / "globbed"
    assert command("run", str(tmp_path / "in" / "*" / "*.parquet"), "-o", globbed).code == 0
    assert sorted(str(path.relative_to(globbed)) for path in globbed.rglob("*.*")) == ["deep/c.parquet"]
    assert (
        command(
            "run",
            str(tmp_path / "in" / "a.jsonl"),
            str(tmp_path / "in" / "deep" / "b.jsonl.gz"),
            "-o",
            str(tmp_path / "two"),
        ).code
        == 0
    )
    assert names(tmp_path / "two") == ["a.jsonl", "b.jsonl.gz"]


def test_several_files_to_standard_output(command: Command, tmp_path: Path) -> None:
    a, b = (write_jsonl(tmp_path / name, records(2)) for name in ("a.jsonl", "b.jsonl"))
    a.write_bytes(a.read_bytes().rstrip())
    assert command("run", a, b).out == lines_of(cleaned(records(2))) * 2


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet"])
def test_standard_input_and_output(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"in{suffix}"
    (write_parquet if suffix == ".parquet" else write_jsonl)(path, records(50))
    done = run("run", "--jobs", "2", data=path.read_bytes())
    assert done.returncode == 0, done.stderr
    out = tmp_path / f"out{suffix}"
    out.write_bytes(done.stdout)
    if suffix == ".parquet":
        assert pq.read_table(out).column("text").to_pylist() == [one["text"] for one in cleaned(records(50))]
    else:
        assert read_jsonl(out) == cleaned(records(50))
    done = run("run", "-", "-o", str(tmp_path / f"named{suffix}"), data=path.read_bytes())
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"named{suffix}").read_bytes() == out.read_bytes()


def test_a_name_says_how_its_file_is_compressed(command: Command, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", records(3))
    assert command("run", path, "-o", tmp_path / "out.jsonl.gz").code == 0
    assert read_jsonl(tmp_path / "out.jsonl.gz") == cleaned(records(3))
    empty = write_jsonl(tmp_path / "empty.jsonl.gz", [])
    assert command("run", empty, "-o", tmp_path / "none.jsonl.gz").code == 0
    assert gzip.decompress((tmp_path / "none.jsonl.gz").read_bytes()) == b""


def test_uses_that_make_no_sense(command: Command, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", records(1))
    other = write_jsonl(tmp_path / "other" / "in.jsonl", records(1))
    for arguments, problem in (
        ((path, "-o", path), "is an input itself"),
        ((path, other, "-o", tmp_path / "out"), "both"),
        ((tmp_path / "none.jsonl",), "no such file"),
        ((tmp_path / "*.parquet",), "no file matches"),
        ((path, "-o", tmp_path / "out.parquet"), "jsonl comes out as jsonl"),
        ((path, "--field", "a", "--html-field", "b"), "doesn't go with --html-field"),
        ((path, "--format", "csv"), "no format 'csv'"),
        ((path, "--jobs", "-1"), "whole number"),
        ((path, "--removed-field", "text"), "give it another name"),
        ((path, "--rejects", tmp_path / "nowhere" / "r.jsonl"), "there is no folder"),
        ((path, "--sites", tmp_path / "sites.toml"), "can't be read"),
        ((tmp_path / "other" / "x.txt",), "no such file"),
        (("-", "-"), "only once"),
    ):
        done = command("run", *arguments)
        assert done.code == 2, arguments
        assert problem in done.err, (arguments, done.err)
        assert done.err.count("\n") == 1
    (tmp_path / "x.txt").write_text("text")
    assert "Say so with --format" in command("run", tmp_path / "x.txt").err


def test_a_damaged_file_does_not_stop_the_others(command: Command, tmp_path: Path) -> None:
    good = write_jsonl(tmp_path / "in" / "z.jsonl.gz", records(30))
    for name, suffix in (("a.jsonl.gz", ".gz"), ("b.jsonl.zst", ".zst")):
        whole = write_jsonl(tmp_path / f"whole{suffix}", records(30)).read_bytes()
        (tmp_path / "in" / name).write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(good.read_bytes())
    flipped[len(flipped) // 2] ^= 0xFF
    (tmp_path / "in" / "c.jsonl.gz").write_bytes(flipped)
    out = tmp_path / "out"
    done = command("run", tmp_path / "in", "-o", out, "--report", tmp_path / "report.json")
    assert done.code == 2
    said = done.err.splitlines()
    assert "a.jsonl.gz: can't be read: the gzip data ends too early" in said[0]
    assert "b.jsonl.zst: can't be read: the Zstandard data ends too early" in said[1]
    assert "c.jsonl.gz: can't be read: damaged gzip data" in said[2]
    assert [path.name for path in out.glob("*.jsonl*")] == ["z.jsonl.gz"]
    assert len(json.loads((tmp_path / "report.json").read_bytes())["failed"]) == 3
    for name in ("a.jsonl.gz", "b.jsonl.zst", "c.jsonl.gz"):
        write_jsonl(tmp_path / "in" / name, records(2))
    assert command("run", tmp_path / "in", "-o", out).code == 0
    assert len(names(out)) == 4
    assert unpack(out / "c.jsonl.gz") == lines_of(cleaned(records(2)))


def test_html_is_read_where_the_package_reads_it(command: Command, tmp_path: Path) -> None:
    page = (
        f"<html><body><article>{''.join(f'<p>{line}</p>' for line in DIRTY.split(chr(10) * 2))}</article></body></html>"
    )
    path = write_jsonl(tmp_path / "in.jsonl", [{"html": page, "n": 1}])
    done = command("run", path, "--html-field", "html")
    if hasattr(cleaner.Cleaner, "explain_html"):
        assert done.code == 0, done.err
        record = json.loads(done.out)
        assert list(record) == ["html", "n", "text"]
        assert "The ferry sailed at dawn" in record["text"]
        assert "Advertisement" not in record["text"]
    else:
        assert done.code == 2
        assert "HTML can't be read by this version" in done.err


def test_a_bar_with_rate_and_remaining_time_on_a_terminal(tmp_path: Path) -> None:
    from tests.test_cli_process import on_a_terminal

    path = write_jsonl(tmp_path / "in.jsonl", records(200, paragraphs=2))
    code, out, said = on_a_terminal(["run", str(path), "-o", str(tmp_path / "out.jsonl"), "--jobs", "1"])
    assert (code, out) == (0, "")
    assert "documents/s" in said
    assert "100%" in said
    assert said.splitlines()[-1].startswith("cleaner: 200 documents, ")
    assert on_a_terminal(["run", str(path), "-o", str(tmp_path / "out.jsonl"), "--quiet"])[2] == ""
