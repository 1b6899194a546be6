"""``cleaner rules`` and ``cleaner categories``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cleaner import CATEGORIES, Cleaner
from cleaner.catalog import shipped_entries
from cleaner.cli.reasons import find, reasons, shipped
from cleaner.cli.rule_page import rule_page, terminal
from cleaner.heuristics import ALL
from tests.command import DIRTY, Command, run, write

MINE = """\
[[rule]]
id = "my.custom.title"
why = "The test wants it."
pattern = "ferry returns to the [a-z]{3,9}"
strips = ["Ferry returns to the strait"]
keeps = ["Ferry returns to the strait at last"]

[[keep]]
id = "my.custom.advice"
pattern = "^Share this"
keeps = ["Share this article"]
"""


def listed(text: str) -> dict[str, str]:
    return dict(line.split() for line in text.splitlines() if not line.startswith(" "))


def test_rules_and_heuristics_are_listed(command: Command) -> None:
    code, out, err = command("rules")
    known = listed(out.decode())
    assert (code, err) == (0, "")
    wanted = {entry.rule.id for entry in shipped_entries()} | {item.rule.id for item in ALL}
    assert wanted < set(known)
    assert list(known) == sorted(known)
    assert all(identity.split(".")[1] == category for identity, category in known.items())
    why = find("en.share.this")
    assert why is not None
    assert f"en.share.this                            share\n    {why.why}\n" in out.decode()
    assert max(map(len, out.decode().splitlines())) <= 80


def test_the_list_is_filtered(command: Command) -> None:
    shown = listed(command("rules", "--language", "en", "--category", "share").out.decode())
    assert "en.share.this" in shown
    assert all(identity.startswith("en.share.") for identity in shown)
    assert "any.repeat.title" in listed(command("rules", "--language", "any").out.decode())
    assert set(listed(command("rules", "--category=repeat").out.decode()).values()) == {"repeat"}


def test_a_rule_has_a_page(command: Command) -> None:
    code, out, err = command("rules", "show", "en.share.network")
    page = out.decode()
    assert (code, err) == (0, "")
    for part in (
        r"\Aen\.share\.network\n\n",
        r"^strips      share: share bars",
        r"^confidence  0\.\d",
        r"^near        share",
        r"^run         \d$",
        r"^language    en$",
        r"^file        rules/en/share\.toml$",
        r"^pattern     [\s\S]*\(\?&network\)",
        r"^  \(\?&network\)  .*facebook",
        r"^stripped:\n  \| ",
        r"^kept:\n  \| ",
    ):
        assert re.search(part, page, re.MULTILINE), part


def test_every_id_that_is_listed_has_a_page(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shapes = set()
    for known in shipped():
        page = rule_page(known)
        shown = terminal(page)
        assert shown.startswith(f"{known.id}\n\n")
        assert max(map(len, shown.splitlines())) <= 79
        if page.shape not in shapes:
            assert command("rules", "show", known.id).out.decode() == shown
        shapes.add(page.shape)
    assert shapes >= {"", "pattern", "lines", "tails"}


def test_a_page_says_how_often_the_rule_fires(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group, name in (("synthetic", "one"), ("negative", "two"), ("synthetic", "three")):
        folder = tmp_path / "corpus" / "en" / name
        folder.mkdir(parents=True)
        write(folder / "source.txt", DIRTY if name != "three" else "The tide turned.\n")
        write(folder / "case.toml", f'group = "{group}"\n')
    monkeypatch.chdir(tmp_path)
    shown = command("rules", "show", "en.share.this").out.decode()
    assert "\nfires       2 removals in 2 of 3 texts; 1 in texts that have to stay whole\n" in shown
    assert "\nfires       0 removals in 0 of 0 texts\n" in command("rules", "show", "de.advertising.label").out.decode()
    monkeypatch.chdir(tmp_path / "corpus")
    assert "fires" not in command("rules", "show", "en.share.this").out.decode()
    assert "fires" in command("rules", "show", "en.share.this", "--corpus", tmp_path / "corpus").out.decode()
    done = command("rules", "show", "en.share.this", "--corpus", "none")
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith("cleaner: error: --corpus: none: there are no cases ")


def test_every_id_that_stands_in_a_removal_has_a_reason() -> None:
    text = Path(__file__).parent.parent.joinpath("corpus/en/readme-news/source.txt").read_text(encoding="utf-8")
    used = {removal.rule for removal in Cleaner().explain("\n\n" + text + "\n\n\n").removed}
    assert "any.whitespace.edge" in used or len(used) > 5
    found = reasons(sorted(used | {"any.share.wording", "any.whitespace.edge"}), [])
    assert {identity for identity, why in found.items() if not why} == set()
    assert reasons(["my.custom.rule", "../x", "a.b.c"], []) == {"my.custom.rule": "", "../x": "", "a.b.c": ""}


def test_a_rule_file_that_holds(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "mine.toml", MINE)
    assert command("rules", "test", path) == (0, b"2 rules, 3 examples, 0 that don't hold\n", "")
    bare = write(tmp_path / "bare.toml", "[[rule]]\nid = 'my.custom.bare'\npattern = 'bare'\n")
    done = command("rules", "test", bare)
    assert done == (0, b"1 rule, 0 examples, 0 that don't hold; 1 rule without examples\n", "")
    assert command("rules", "test", write(tmp_path / "empty.toml", "")).code == 0


def test_a_rule_file_with_a_failure_a_line(command: Command, tmp_path: Path) -> None:
    broken = MINE.replace("strait at last", "strait").replace('strips = ["', 'strips = ["Nothing of the kind", "')
    path = write(tmp_path / "mine.toml", broken)
    code, out, err = command("rules", "test", path)
    assert (code, err) == (1, "")
    assert out.decode().splitlines() == [
        f"{path}: rule my.custom.title: strips: 'Nothing of the kind' the pattern matches nothing in it",
        f"{path}: rule my.custom.title: keeps: 'Ferry returns to the strait' becomes '' by my.custom.title",
        "2 rules, 4 examples, 2 that don't hold",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[[rule]]\n", ": rule [[rule]] 1: id: missing; expected language.category.name"),
        ("[[rule]\n", ": isn't TOML: "),
        ("[[rule]]\nid = 'my.shre.x'\npattern = 'x'\n", "no category 'shre' (did you mean 'share'?)"),
        (
            "disable = ['en.share.thiss']\n",
            "disable: no rule or category 'en.share.thiss' (did you mean 'en.share.this'?)",
        ),
    ],
)
def test_a_rule_file_that_cannot_be_used(written: str, message: str, command: Command, tmp_path: Path) -> None:
    code, out, err = command("rules", "test", write(tmp_path / "mine.toml", written))
    assert (code, out) == (2, b"")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rules", "show", "en.share.thi"], "no rule 'en.share.thi' (did you mean 'en.share.this'?)"),
        (["rules", "show", "../let"], "no rule '../let'"),
        (["rules", "show"], "the following arguments are required: ID"),
        (["rules", "shwo", "x"], "no command 'rules shwo' (did you mean 'show'?); see cleaner rules --help"),
        (["rules", "--category", "shre"], "--category: no category 'shre' (did you mean 'share'?)"),
        (["rules", "--language", "xx"], "--language: no rules for 'xx'; there are any, "),
        (["rules", "--langage", "en"], "no option --langage (did you mean '--language'?); see cleaner rules --help"),
        (["rules", "test", "none.toml"], "none.toml: can't be read: no such file"),
        (["rules", "test", "a", "b"], "nothing is to be done with 'b'; see cleaner rules test --help"),
        (["categories", "share"], "nothing is to be done with 'share'; see cleaner categories --help"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], message: str, command: Command) -> None:
    code, out, said = command(*arguments)
    assert (code, out) == (2, b"")
    assert message in said
    assert re.fullmatch(r"cleaner: error: .*\n", said)


def test_categories_are_listed(command: Command) -> None:
    code, out, err = command("categories")
    lines = out.decode().splitlines()
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == list(CATEGORIES)
    squeezed = " ".join(out.decode().split())
    assert all(f"{name} {what}" in squeezed for name, what in CATEGORIES.items())
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("arguments", [["rules"], ["rules", "show"], ["rules", "test"], ["categories"]])
def test_each_command_has_its_help(arguments: list[str], command: Command) -> None:
    code, out, _ = command(*arguments, "--help")
    assert code == 0
    assert out.startswith(f"usage: cleaner {' '.join(arguments)} ".encode())
    for example in re.findall(r"^  cleaner (rules .*)", out.decode(), re.MULTILINE):
        if "my-rules" not in example:
            assert command(*example.split()).code == 0


def test_a_file_that_is_called_rules(tmp_path: Path) -> None:
    write(tmp_path / "rules", "The tide turned.\n")
    assert run("./rules", cwd=tmp_path).stdout == b"The tide turned.\n"
    assert run("--", "rules", cwd=tmp_path).stdout == b"The tide turned.\n"


def test_a_terminal_that_lacks_characters_gets_escapes() -> None:
    import os

    done = run("rules", "show", "en.navigation.breadcrumb", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u203a" in done.stdout
