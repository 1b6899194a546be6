"""The statistics of a run: the same however it is cut, bounded, and readable."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.records import tally as tallies
from cleaner.records.report import bars
from cleaner.records.tally import Tally, script_of
from cleaner.site import host_of
from tests.command import DIRTY, Command
from tests.records.made import article, lines_of, records

CLEANER = Cleaner()


def counted(texts: list[str], *, at: int = 0) -> Tally:
    tally = Tally()
    for number, text in enumerate(texts, at):
        result = CLEANER.explain(text)
        tally.add(text, result, len(result.text.split()), f"site{number % 3}.example", stays=number % 2 == 0)
    return tally


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(0, 12))
def test_pieces_add_up_to_the_whole(numbers: list[int], cut: int) -> None:
    texts = [article(number, paragraphs=1) for number in numbers]
    whole, joined = Tally(), Tally()
    whole.merge(counted(texts))
    joined.merge(counted(texts[:cut]))
    joined = Tally.restore(json.loads(json.dumps(joined.state())))
    joined.merge(counted(texts[cut:], at=cut))
    assert json.dumps(whole.report()) == json.dumps(joined.report())


def test_a_table_of_hosts_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MAX_HOSTS", 3)
    tally = Tally()
    result = CLEANER.explain(DIRTY)
    for number in range(10):
        one = Tally()
        one.add(DIRTY, result, 5, f"site{number}.example", stays=True)
        tally.merge(one)
    hosts = {row["name"]: row["documents"] for row in tally.report()["hosts"]}
    assert hosts == {"site0.example": 1, "site1.example": 1, "site2.example": 1, tallies.OTHER_HOSTS: 7}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("The ferry", "Latin"),
        ("Fähre über", "Latin"),
        ("Паром вернулся", "Cyrillic"),
        ("フェリーが島に戻った日", "Kana"),
        ("渡轮回到海峡", "Han"),
        ("페리가 돌아왔다", "Hangul"),
        ("عادت العبارة", "Arabic"),
        ("12 – 34", "none"),
        ("", "none"),
    ],
)
def test_scripts(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Harbour.example/a?b#c", "harbour.example"),
        ("http://user:word@news.harbour.example:8080/", "news.harbour.example"),
        ("harbour.example/path", "harbour.example"),
        ("//harbour.example.", "harbour.example"),
        ("http://[::1]:80/", "[::1]"),
        ("/path", None),
        ("", None),
        (None, None),
    ],
)
def test_hosts(url: str | None, host: str | None) -> None:
    assert host_of(url) == host


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_report_as_table_and_page(command: Command, tmp_path: Path) -> None:
    found = records(20)
    found[3]["text"] = "<b>Tap to install our app.</b>\nTap to install our app.\n" + found[3]["text"]
    (tmp_path / "in.jsonl").write_bytes(lines_of(found) + b"broken\n")
    report = tmp_path / "report.json"
    arguments = ("--rejects", tmp_path / "bad.jsonl", "--report", report, "--url-field", "url")
    assert command("run", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", *arguments).code == 1
    numbers = json.loads(report.read_bytes())
    assert (numbers["documents"], numbers["rejected"], numbers["rejects"]) == (20, 1, {"broken JSON": 1})
    assert numbers["words_in"] == sum(len(one["text"].split()) for one in found)
    assert [host["documents"] for host in numbers["hosts"]] == [7, 7, 6]
    assert sum(row["removals"] for row in numbers["categories"]) == numbers["removals"]
    assert any("Tap to install our app." in rule["samples"] for rule in numbers["rules"])
    done = command("stats", report)
    assert done.code == 0
    for words in (b"documents", b"20", b"site1.example", b"Removed by rule", b"app-prompt", b"broken JSON"):
        assert words in done.out
    done = command("stats", report, "--html")
    page = Page()
    page.feed(done.out.decode())
    assert page.tags.count("svg") == 5
    assert "Tap to install our app." in page.text
    assert command("stats", report, "--html", "-o", tmp_path / "page.html").out == b""
    assert (tmp_path / "page.html").read_bytes() == done.out


def test_names_in_a_plot_are_escaped() -> None:
    assert "<b>" not in bars([("<b>", 1, "<i>")])


def test_what_is_no_report(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    for arguments, problem in (
        (["stats", tmp_path / "a.json"], "is no report"),
        (["stats", tmp_path / "none.json"], "no such file"),
        (["stats"], "required: FILE"),
        (["stats", tmp_path / "a.json", "--top", "0"], "a number of rows"),
    ):
        done = command(*arguments)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert problem in done.err
