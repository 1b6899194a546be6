"""``cleaner compare``: which removals appear and disappear."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import CATEGORIES, Cleaner, Config, Document, Removal, Result, Span
from cleaner.compare import NEW, OLD, CompareError, changes, cleaner_of, pieces, read_output
from cleaner.shipped import FOLDER
from tests.command import DIRTY, Command, write
from tests.review.made import result
from tests.review.test_review import data_of

TITLE = "[[rule]]\nid = 'my.custom.title'\nwhy = 'The test wants it.'\npattern = 'ferry returns .*'\n"


@st.composite
def two_results(draw: st.DrawFn) -> tuple[Result, Result]:
    text = draw(st.text(alphabet="ab \n", max_size=30))

    def made() -> Result:
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)) | {0, len(text)})
        kept, removed = [], []
        for start, end in zip(cuts, cuts[1:], strict=False):
            if draw(st.booleans()):
                kept.append(Span(start, end))
            else:
                category = draw(st.sampled_from(sorted(CATEGORIES)))
                removed.append(Removal(start, end, text[start:end], category, f"en.{category}.x"))
        return Result(Document(text, ()), tuple(kept), tuple(removed))

    return made(), made()


@given(two_results())
def test_pieces_say_of_every_character_where_it_goes(both: tuple[Result, Result]) -> None:
    new, old = both
    text = new.document.text
    found: dict[int, str] = {}
    last = 0
    for piece in pieces(new, old):
        assert last <= piece.start < piece.end
        last = piece.end
        found |= dict.fromkeys(range(piece.start, piece.end), piece.change)
    gone = [{at for removal in one.removed for at in range(removal.start, removal.end)} for one in (new, old)]
    assert set(found) == gone[0] | gone[1]
    for at, char in enumerate(text):
        if char.strip() and at in found:
            assert found[at] == ("" if at in gone[0] & gone[1] else NEW if at in gone[0] else OLD)


@given(two_results())
def test_nothing_differs_from_itself(both: tuple[Result, Result]) -> None:
    assert changes(both[0], both[0]) == []


def test_changes_name_their_lines() -> None:
    old = result("One.\n\n", ("Two.\n", "share", "en.share.x"), "Three.\n")
    new = result("One.\n\nTwo.\n", ("Three.\n", "tags", "en.tags.y"))
    assert [(one.line, one.text, one.removal.rule, one.change) for one in changes(new, old)] == [
        (3, "Two.\n", "en.share.x", OLD),
        (4, "Three.\n", "en.tags.y", NEW),
    ]
    with pytest.raises(CompareError, match="different texts"):
        changes(new, result("Another."))


def test_a_folder_takes_the_place_of_the_shipped_rules(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    for name in ("share.toml", "let.toml"):
        (folder / name).write_bytes((FOLDER / "en" / name).read_bytes())
    cleaner, files = cleaner_of(str(tmp_path), Config())
    assert {rule.id.rpartition(".")[0] for rule in cleaner.rules} == {"en.share"}
    assert files == ()
    assert cleaner_of("shipped", Config())[0].rules == Cleaner().rules
    (tmp_path / "own").mkdir()
    own = write(tmp_path / "own" / "mine.toml", TITLE)
    assert cleaner_of(str(own.parent), Config())[1] == (str(own),)


def test_rules_are_compared(command: Command, dirty: Path, tmp_path: Path) -> None:
    rules = write(tmp_path / "mine.toml", TITLE + "[[keep]]\nid = 'my.custom.ad'\npattern = '^Advertisement'\n")
    page = tmp_path / "page.html"
    code, out, err = command("compare", "shipped", rules, dirty, write(tmp_path / "b.txt", "Kept.\n"), "-o", page)
    said = out.decode()
    assert (code, err) == (0, "")
    assert said.startswith("2 documents, 1 of them differ: 1 removal more, 1 fewer\n")
    assert re.search(r"^  goes {8}1  my\.custom\.title$", said, re.MULTILINE)
    assert re.search(r"^  goes       1 custom         Ferry returns to the strait$", said, re.MULTILINE)
    assert re.search(r"^  stays      5 advertising    Advertisement$", said, re.MULTILINE)
    data = data_of(page.read_text(encoding="utf-8"))
    assert data["compared"] is True
    assert [document["name"] for document in data["documents"]] == [str(dirty)]
    found = [piece[3:] for piece in data["documents"][0]["pieces"] if not isinstance(piece, str)]
    assert sorted(found) == [[], ["new"], ["old"]]
    assert next(rule for rule in data["rules"] if rule["id"] == "my.custom.title")["why"] == "The test wants it."
    assert command("compare", "shipped", rules, dirty, "--check").code == 1
    assert command("compare", "shipped", "shipped", dirty, "--check") == (
        0,
        b"1 document, 0 of them differ: 0 removals more, 0 fewer\n",
        "",
    )


def test_outputs_are_compared(command: Command, dirty: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(command("--format", "json", dirty).out)
    new.write_bytes(command("--format", "json", "--keep", "share", dirty).out)
    assert read_output(old.read_text(), "old")[str(dirty)].document.text == DIRTY
    said = command("compare", old, new).out.decode()
    assert said.startswith("1 document, 1 of them differ: 0 removals more, 1 fewer\n")
    assert "stays      8 share          Share this article" in said


def test_many_changes_are_drawn_by_lot(command: Command, tmp_path: Path) -> None:
    lines = [{"source": str(number), "text": "Kept.\n", "removed": []} for number in range(30)]
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text("".join(json.dumps(line) + "\n" for line in lines))
    removal = {"start": 0, "end": 6, "text": "Kept.\n", "category": "share", "rule": "en.share.x", "confidence": 0.9}
    new.write_text("".join(json.dumps({**line, "text": "", "removed": [removal]}) + "\n" for line in lines))
    said = command("compare", old, new, "--most", "4").out.decode()
    assert "4 of 30 changes, drawn by lot:" in said
    assert said.count("Kept.") == 4
    assert said == command("compare", old, new, "--most", "4").out.decode()
    assert said != command("compare", old, new, "--most", "4", "--seed", "1").out.decode()
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shipped"], "the following arguments are required: NEW"),
        (["shipped", "shipped"], "FILE: name what is to be cleaned with both"),
        (["none.toml", "shipped", "a.txt"], "none.toml: can't be read: no such file"),
        (["shiped", "shipped", "a.txt"], "shiped: no such file or folder (did you mean 'shipped'?)"),
        (["empty", "shipped", "a.txt"], "empty: there is no rule file in it"),
        (["bad.jsonl", "bad.jsonl"], "bad.jsonl: line 1: is no result of cleaner --format json"),
        (["bad.jsonl", "shipped", "a.txt"], "two outputs, or two sets of rules and a FILE"),
        (["one.jsonl", "two.jsonl"], "one.jsonl, two.jsonl: no text is in both"),
        (["one.jsonl", "other.jsonl"], "a: the two results are of different texts"),
        (["shipped", "shipped", "a.txt", "--chekc"], "no option --chekc (did you mean '--check'?)"),
    ],
)
def test_mistakes_are_one_line(
    arguments: list[str], message: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "bad.jsonl", '{"text": "a", "removed": [{}]}\n')
    write(tmp_path / "one.jsonl", '{"source": "a", "text": "One.", "removed": []}\n')
    write(tmp_path / "two.jsonl", '{"source": "b", "text": "One.", "removed": []}\n')
    write(tmp_path / "other.jsonl", '{"source": "a", "text": "Other.", "removed": []}\n')
    code, out, said = command("compare", *arguments)
    assert (code, out) == (2, b"")
    assert message in said
    assert re.fullmatch(r"cleaner: error: .*\n", said)
