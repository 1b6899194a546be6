"""``cleaner review``: which documents it shows, and how it says what it can't."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import Cleaner, Result
from cleaner.cli.files import InputError
from cleaner.review import Reviewed, review_page, view_of
from cleaner.review.collect import Raw, Reading, documents, is_page, sample
from tests.command import DIRTY, Command, run, write
from tests.review.made import result


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def names(command: Command, path: Path, *arguments: str | Path) -> list[str]:
    done = command("review", *arguments, "-o", path)
    assert (done.code, done.out, done.err) == (0, b"", "")
    return [document["name"] for document in data_of(path.read_text(encoding="utf-8"))["documents"]]


def text_of(document: dict[str, Any]) -> str:
    return "".join(piece if isinstance(piece, str) else piece[0] for piece in document["pieces"])


def test_a_page_of_a_text(command: Command, dirty: Path, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    assert names(command, page, dirty) == [str(dirty)]
    data = data_of(page.read_text(encoding="utf-8"))
    assert text_of(data["documents"][0]) == DIRTY
    assert {rule["id"] for rule in data["rules"]} >= {"en.advertising.label", "en.share.this"}
    assert all(rule["why"] for rule in data["rules"])
    assert list(data["categories"]) == ["advertising", "share"]
    assert data["categories"]["share"]["what"] == cleaner.CATEGORIES["share"]
    assert data["title"] == f"What goes from {dirty}"


def test_standard_input_to_standard_output() -> None:
    done = run("review", data=DIRTY.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert text_of(data_of(done.stdout.decode())["documents"][0]) == DIRTY


def test_the_same_input_gives_the_same_page(dirty: Path) -> None:
    pages = [run("review", str(dirty), "--title", "T").stdout for _ in range(2)]
    assert pages[0] == pages[1]


def test_settings_reach_the_page(command: Command, dirty: Path, tmp_path: Path) -> None:
    rules = write(tmp_path / "mine.toml", "[[rule]]\nid = 'my.custom.x'\nwhy = 'Mine.'\npattern = 'ferry returns .*'\n")
    page = tmp_path / "page.html"
    names(command, page, dirty, "--keep", "share", "--rules", rules)
    data = data_of(page.read_text(encoding="utf-8"))
    assert list(data["categories"]) == ["advertising", "custom"]
    assert {"id": "my.custom.x", "category": "custom", "why": "Mine.", "context": False, "path": str(rules)} in data[
        "rules"
    ]


def test_folders_records_and_samples(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    for name in ("b/2.txt", "a.txt", "c.txt", ".hidden"):
        write(folder / name, f"The tide turned at {name}.\n")
    records = [{"id": f"r{number}", "body": f"The tide {number}.\n"} for number in range(40)]
    lines = tmp_path / "records.jsonl"
    lines.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    page = tmp_path / "page.html"
    assert names(command, page, folder) == [str(folder / name) for name in ("a.txt", "c.txt", "b/2.txt")]
    assert names(command, page, lines, "--field", "body") == [f"r{number}" for number in range(40)]
    some = names(command, page, lines, "--field", "body", "--sample", "7", "--seed", "3")
    assert len(some) == 7
    assert some == sorted(some, key=lambda name: int(name[1:]))
    assert some == names(command, page, lines, "--field", "body", "--sample", "7", "--seed", "3")
    assert some != names(command, page, lines, "--field", "body", "--sample", "7", "--seed", "4")


def test_every_document_is_as_likely() -> None:
    counts = dict.fromkeys(range(10), 0)
    for seed in range(2000):
        for raw in sample((Raw(str(number), "") for number in range(10)), 3, seed):
            counts[int(raw.name)] += 1
    assert all(500 < count < 700 for count in counts.values())


def test_records_without_a_name_are_named_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('\ufeff{"text": "One."}\n\n{"text": "Two.", "title": "T"}', encoding="utf-8")
    assert list(documents([str(path)], Reading())) == [Raw(f"{path}:1", "One."), Raw("T", "Two.")]


def test_packed_records(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "One."}\n'))
    assert [raw.text for raw in documents([str(path)], Reading())] == ["One."]
    path.write_bytes(b"no gzip")
    with pytest.raises(InputError, match=r"a\.jsonl\.gz: can't be unpacked"):
        list(documents([str(path)], Reading()))


def test_pages_are_cleaned_as_pages(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", "<!doctype html><title>T</title><p>The tide turned.</p>")
    assert is_page(path.read_text())
    done = command("review", path, "-o", tmp_path / "page.html")
    if hasattr(Cleaner, "explain_html"):
        assert done.code == 0
    else:
        assert done.err == f"cleaner: error: {path}: is a web page, and this version cleans plain text alone\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.txt"], "none.txt: can't be read: no such file or directory"),
        (["a.txt", "-o", "."], "--output: . is a folder; name a file, such as ./review.html"),
        (["a.txt", "--sample", "0"], "--sample: expected a whole number from 1 on, not '0'"),
        (["a.txt", "--sampel", "3"], "no option --sampel (did you mean '--sample'?); see cleaner review --help"),
        (["a.txt", "--keep", "shre"], "keep: no category 'shre' (did you mean 'share'?)"),
        (["bad.jsonl"], "bad.jsonl: line 2: isn't JSON: "),
        (["list.jsonl"], 'list.jsonl: line 1: expected an object, such as {"text": ...}'),
        (
            ["fields.jsonl"],
            "fields.jsonl: line 1: no field 'text' (did you mean 'texts'?); name the field with --field",
        ),
        (
            ["fields.jsonl", "--field", "n"],
            "fields.jsonl: line 1: 'n' is no text; name the field with --field",
        ),
        (["empty.jsonl"], "empty.jsonl: there is no document in it"),
        (["a.txt", "-o", "none/page.html"], "none/page.html: can't be written: no such file or directory"),
    ],
)
def test_mistakes_are_one_line(
    arguments: list[str], message: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt")
    write(tmp_path / "bad.jsonl", '{"text": "One."}\n{"text"\n')
    write(tmp_path / "list.jsonl", "[1]\n")
    write(tmp_path / "fields.jsonl", '{"texts": "One.", "n": 1}\n')
    write(tmp_path / "empty.jsonl", "\n")
    code, out, said = command("review", *arguments)
    assert (code, out) == (2, b"")
    assert message in said
    assert re.fullmatch(r"cleaner: error: .*\n", said)
    assert not (tmp_path / "page.html").exists()


def test_nothing_of_a_document_ends_the_data() -> None:
    text = "</script><!--<script>&amp;\u2028\u2029\ud800"
    page = review_page([Reviewed(text, result(text))], title=text)
    start = page.index('id="data">') + len('id="data">')
    data = page[start : page.index("</script>", start)]
    assert not re.search("[<>&\u2028\u2029\ud800]", data)
    assert json.loads(data)["documents"][0]["pieces"] == [text]
    assert "<title>&lt;/script&gt;" in page
    page.encode("utf-8")


def test_two_results_over_one_text() -> None:
    text = "Kept one. Gone both. Old only. New only. Kept two."
    old = result("Kept one. ", ("Gone both. Old only. ", "share", "en.share.old"), "New only. Kept two.")
    new = result(
        "Kept one. ",
        ("Gone both. ", "tags", "en.tags.new"),
        "Old only. ",
        ("New only. ", "share", "en.share.new"),
        "Kept two.",
    )
    data = view_of([Reviewed("a", new, old)], title="T")
    numbers = {rule["id"]: number for number, rule in enumerate(data["rules"])}
    assert data["compared"] is True
    assert data["documents"][0]["pieces"] == [
        "Kept one. ",
        ["Gone both. ", numbers["en.tags.new"], 0.9],
        ["Old only. ", numbers["en.share.old"], 0.9, "old"],
        ["New only. ", numbers["en.share.new"], 0.9, "new"],
        "Kept two.",
    ]
    assert text_of(data["documents"][0]) == text


def test_an_empty_result() -> None:
    data = view_of([Reviewed("a", result())], title="T")
    assert isinstance(result(), Result)
    assert data["documents"] == [{"name": "a", "language": "en", "pieces": []}]
