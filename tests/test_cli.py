"""The command as a filter: what it takes, what it gives, and how it says that something is wrong."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import cleaner
from cleaner import CATEGORIES, Cleaner, Config, Document, Removal, Result, Span
from cleaner.cli import main
from cleaner.cli.diff import diff
from cleaner.cli.parser import build_parser
from cleaner.cli.reasons import first_sentence
from cleaner.cli.report import explanation, fit
from tests.command import CLEAN, COMMAND, DIRTY, Command, names, run, write


def test_a_filter_from_standard_input_to_standard_output() -> None:
    for arguments in ((), ("-",)):
        done = run(*arguments, data=DIRTY.encode())
        assert (done.returncode, done.stdout.decode(), done.stderr) == (0, CLEAN, b"")


def test_files_and_standard_input_follow_each_other(dirty: Path) -> None:
    done = run(str(dirty), "-", str(dirty), data=b"Advertisement\nThe tide turned.\n")
    assert done.stdout.decode() == CLEAN + "The tide turned.\n" + CLEAN
    assert (done.returncode, done.stderr) == (0, b"")


def test_options_and_files_in_any_order(command: Command, dirty: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.txt")
    assert command(dirty, "--keep", "share", other, "--quiet").out == command("--keep", "share", dirty, other).out
    odd = write(tmp_path / "--explain")
    assert main(["-o", str(tmp_path / "out"), "--", str(odd)]) == 0
    assert run("--", "--explain", cwd=tmp_path).stdout.decode() == CLEAN


def test_json_is_a_line_a_text(dirty: Path) -> None:
    lines = run("--format", "json", str(dirty), "-", data=b"Advertisement\n").stdout.splitlines()
    first, second = (json.loads(line) for line in lines)
    assert list(first) == ["source", "text", "removed"]
    assert (first["source"], first["text"]) == (str(dirty), CLEAN)
    assert [removal["category"] for removal in first["removed"]] == ["advertising", "share"]
    for removal in first["removed"]:
        assert list(removal) == ["start", "end", "text", "category", "rule", "confidence"]
        assert DIRTY[removal["start"] : removal["end"]] == removal["text"]
        assert 0 < removal["confidence"] <= 1
    assert (second["source"], second["text"], len(second["removed"])) == ("<stdin>", "", 1)


def test_json_holds_any_text_on_one_line(command: Command, tmp_path: Path) -> None:
    text = "A line\u2028another \u00e9 \U0001f6a2\x85 and \udcff a stray byte\x00\n"
    path = tmp_path / "odd.txt"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    out = command("--format", "json", "--errors", "surrogateescape", path).out
    assert out.count(b"\n") == 1
    assert json.loads(out)["text"] == text


def test_explain_says_what_went_and_why(dirty: Path) -> None:
    done = run("--explain", str(dirty), env={**os.environ, "COLUMNS": "80"})
    said = done.stderr.decode().splitlines()
    assert done.stdout.decode() == CLEAN
    assert said[0] == "     5 advertising    Advertisement"
    assert re.fullmatch(r"       en\.advertising\.label \(0\.\d\d\): \w.*", said[1])
    assert "     8 share          Share this article" in said
    assert "en.share.this" in done.stderr.decode()
    assert "2 removals, " in " ".join(said)
    assert said[-1].endswith("1 advertising, 1 share")
    assert "\033" not in done.stderr.decode()
    assert max(map(len, said)) <= 80


def test_explain_of_clean_text_says_so(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Ferry\n")
    assert command("--explain", path) == (0, b"Ferry\n", f"{path}: nothing to remove\n")


def test_explain_gives_the_reason_of_a_users_rule(command: Command, dirty: Path, tmp_path: Path) -> None:
    rules = write(
        tmp_path / "mine.toml",
        "[[rule]]\nid = 'my.custom.title'\nwhy = 'The test wants it. More is not said.'\npattern = 'ferry returns .*'\n",
    )
    assert "my.custom.title (0.90): The test wants it.\n" in command("--explain", "--rules", rules, dirty).err


def test_explain_shows_nothing_that_steers_a_terminal() -> None:
    text = "Tap\u202e to \x1b]install\x07\tus\nThe tide turned.\n"
    at = text.index("The")
    removal = Removal(0, at, text[:at], "app-prompt", "my.app-prompt.tap")
    result = Result(Document(text, ()), (Span(at, len(text)),), (removal,))
    said = explanation("a\x1b[31m\nb.txt", result, lambda rules: dict.fromkeys(rules, ""), width=80, colour=False)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", said)
    assert "a\ufffd[31m\ufffdb.txt: 1 removal, " in said
    assert "Tap\ufffd to \ufffd]install\ufffd us\n" in said


def test_what_is_shown_of_a_text_fits() -> None:
    assert fit("harbour", 7) == "harbour"
    assert fit("harbours", 7) == "harbou\u2026"
    assert fit("\u6e2f\u53e3\u5237\u65b0", 8) == "\u6e2f\u53e3\u5237\u65b0"
    assert fit("\u6e2f\u53e3\u5237\u65b0", 7) == "\u6e2f\u53e3\u5237\u2026"
    assert fit("e\u0301" * 7, 7) == "e\u0301" * 7


def test_the_first_sentence_of_a_reason() -> None:
    assert first_sentence("One. Two.") == "One."
    assert first_sentence("At 2.30 p.m. it ends. Then 'Another' begins.") == "At 2.30 p.m. it ends."
    assert first_sentence("No end") == "No end"


def test_diff_shows_what_goes_and_adds_nothing(command: Command, dirty: Path, tmp_path: Path) -> None:
    done = command("--diff", dirty)
    said = done.out.decode()
    assert done.code == 0
    assert said.startswith(f"--- {dirty}\n+++ {dirty}\t(clean)\n@@ -2,7 +2,4 @@\n")
    assert re.findall(r"^-(?!--).*", said, re.MULTILINE) == ["-Advertisement", "-", "-Share this article"]
    assert not re.search(r"^\+(?!\+\+)", said, re.MULTILINE)
    assert command("--diff", write(tmp_path / "clean.txt", CLEAN)).out == b""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", ["", "\n", "\nShare this article", "\n\n\nAdvertisement\n\n"])
def test_a_diff_can_be_applied(line_end: str, tail: str) -> None:
    """Carries the hunks out by hand, so that counts and line numbers are held to what ``patch`` expects."""
    prose = "".join(
        f"\n\nThe ferry sailed on day {day} with forty cars on its deck, and nobody waved to it." for day in range(9)
    )
    body = f"Ferry returns to the strait\nBy Ana Prieto{prose} (More ferry stories.)\n\nAdvertisement{prose}{tail}"
    text = body.replace("\n", line_end)
    result = Cleaner().explain(text)
    assert result.removed
    assert apply(text, diff("a", result)) == result.text


def apply(text: str, patch: str) -> str:
    old = [line + "\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])
    lines = [line + "\n" for line in patch.split("\n")[:-1]]
    new: list[str] = []
    at, number = 0, 2
    while number < len(lines):
        head = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", lines[number])
        assert head, lines[number]
        first, olds, second, news = (1 if group is None else int(group) for group in head.groups())
        start = first - 1 if olds else first
        new += old[at:start]
        assert len(new) == (second - 1 if news else second)
        at, number, taken, given = start, number + 1, 0, 0
        while number < len(lines) and not lines[number].startswith("@@"):
            sign, line = lines[number][0], lines[number][1:]
            if number + 1 < len(lines) and lines[number + 1].startswith("\\ No newline"):
                line, number = line[:-1], number + 1
            if sign in " -":
                assert old[at] == line
                at, taken = at + 1, taken + 1
            if sign in " +":
                new.append(line)
                given += 1
            number += 1
        assert (taken, given) == (olds, news)
    return "".join(new + old[at:])


def test_check_names_what_would_change_and_writes_nothing(command: Command, dirty: Path, tmp_path: Path) -> None:
    clean = write(tmp_path / "clean.txt", CLEAN)
    assert command("--check", dirty, clean) == (1, b"", f"{dirty}\n")
    assert command("--check", "--quiet", dirty) == (1, b"", "")
    assert command("--check", clean) == (0, b"", "")
    assert run("--check", data=DIRTY.encode()).stderr == b"<stdin>\n"
    shown = command("--check", "--diff", dirty)
    assert (shown.code, shown.out) == (1, command("--diff", dirty).out)
    assert dirty.read_text() == DIRTY


def test_settings_reach_the_cleaner(command: Command, dirty: Path, tmp_path: Path) -> None:
    def left(*arguments: str) -> str:
        done = command(*arguments, dirty)
        assert (done.code, done.err) == (0, "")
        return done.out.decode()

    assert left("--keep", "advertising,share") == DIRTY
    assert left("--keep", "advertising", "--keep", "share") == DIRTY
    assert left("--strip", "advertising") == DIRTY.replace("\n\nAdvertisement", "")
    assert left("--strip", "advertising, share") == CLEAN
    assert left("--strip", "advertising,share", "--keep", "share") == DIRTY.replace("\n\nAdvertisement", "")
    assert left("--disable", "advertising", "--disable", "share") == DIRTY
    labels = {"en.advertising.label", "en.share.this"}
    used = {removal["rule"] for removal in json.loads(left("--format", "json"))["removed"]}
    assert labels <= used
    rest = json.loads(left("--format", "json", "--disable", ",".join(labels)))["removed"]
    assert not labels & {removal["rule"] for removal in rest}
    assert "Advertisement" in left("--protect", "^Adv", "--protect", "^Nothing")
    assert "Share this" not in left("--protect", "^Adv")
    assert left("--language", "en") == CLEAN
    careful = Cleaner(Config(mode="conservative"))
    hint = (
        "The ferry sailed at dawn with forty cars on its deck, and nobody waved.\n\nAna Prieto writes about the sea.\n"
    )
    path = write(tmp_path / "hint.txt", hint)
    assert command("--mode", "conservative", path).out.decode() == careful.clean(hint) != command(path).out.decode()


def test_a_language_without_rules_is_noted(command: Command, dirty: Path) -> None:
    note = "cleaner: note: no rules for 'xx'; those of no language apply\n"
    assert command("--language", "xx", dirty).err == note
    assert command("--language", "xx", "--quiet", dirty).err == ""


def test_every_id_of_an_explanation_can_be_disabled() -> None:
    for category in CATEGORIES:
        Cleaner(Config(disable={f"any.{category}.wording"}))
    assert Cleaner(Config(disable={"any.interface.box"})).config.disable == {"any.interface.box"}


def test_rule_files_add_up(command: Command, dirty: Path, tmp_path: Path) -> None:
    one = write(
        tmp_path / "one.toml", "[[rule]]\nid = 'my.custom.title'\npattern = 'ferry returns to the [a-z]{3,9}'\n"
    )
    two = write(tmp_path / "two.toml", 'disable = ["advertising"]\n')
    out = command("--rules", one, "--rules", two, dirty).out.decode()
    assert out.startswith("The ferry sailed")
    assert "Advertisement" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--keep", "shre"], "keep: no category 'shre' (did you mean 'share'?)"),
        (["--strip", "capton"], "strip: no category 'capton' (did you mean 'caption'?)"),
        (["--strip", ","], "--strip: expected a name, or several with commas between"),
        (["--mode", "agressive"], "--mode: no mode 'agressive' (did you mean 'aggressive'?)"),
        (["--format", "jsno"], "--format: no format 'jsno' (did you mean 'json'?); there are text, json"),
        (["--errors", "strickt"], "--errors: no way with errors 'strickt' (did you mean 'strict'?)"),
        (["--encoding", "latni-1"], "--encoding: no text encoding 'latni-1' (did you mean 'latin1'?)"),
        (["--encoding", "hex"], "--encoding: no text encoding 'hex'; try utf-8, cp1252 or latin-1"),
        (["--disable", "en.share.thiss"], "no rule or category 'en.share.thiss' (did you mean 'en.share.this'?)"),
        (["--language", "english"], "--language: expected a code such as en, not 'english' (did you mean 'en'?)"),
        (["--explian"], "no option --explian (did you mean '--explain'?); see cleaner --help"),
        (["--explian=3"], "no option --explian (did you mean '--explain'?); see cleaner --help"),
        (["--keep"], "--keep: expected one argument"),
        (["--protect", "("], "protect: '(': not a pattern"),
        (["--rules", "none.toml"], "none.toml: can't be read: no such file"),
        (["-", "-"], "-: standard input can be read only once"),
        (["--in-place"], "--in-place: takes files, not standard input"),
        (["--in-place", "--check", "a"], "--in-place: doesn't go with --check"),
        (["--in-place", "--diff", "a"], "--in-place: doesn't go with --diff"),
        (["--in-place", "-o", "b", "a"], "--in-place: doesn't go with --output"),
        (["--in-place", "--format", "json", "a"], "--in-place: doesn't go with --format json"),
        (["--check", "-o", "a"], "--output: doesn't go with --check"),
        (["--diff", "-o", "a"], "--output: doesn't go with --diff"),
        (["--diff", "--format", "json"], "--format json: doesn't go with --diff"),
        (["-o", "none", "a", "b"], "--output: none is no folder; several files need one, written none/"),
        (["-o", "out/", "one/a", "two/a"], "--output: both one/a and two/a would be written to out/a"),
        (["none.txt"], "none.txt: can't be read: no such file or directory"),
        (["ruels"], "ruels: no such command or file (did you mean 'rules'?)"),
        (["--quiet", "rules"], "(for the command, write rules before every option)"),
        ([""], "'': can't be read: no such file or directory"),
        (["."], ".: can't be read: is a directory; name the files in it (./*.txt), or see cleaner run --help"),
        (["ruels", "."], "ruels: no such command or file (did you mean 'rules'?)"),
        (["--strip", "zzz"], "strip: no category 'zzz'; `cleaner categories` lists them"),
    ],
)
def test_mistakes_are_one_line(
    arguments: list[str], message: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, said = command(*arguments)
    assert (code, out) == (2, b"")
    assert message in said
    assert re.fullmatch(r"cleaner: error: .*\n", said)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (gzip.compress(b"text"), "it is gzip-compressed: uncompress it first"),
        (b"%PDF-1.7\n\xe2\xe3", "it is a PDF: extract its text first"),
        (b"\x7fELF\0\0\xff", "it doesn't look like text at all"),
        ("Caf\xe9".encode("cp1252"), "name the text's encoding with --encoding"),
    ],
)
def test_what_is_no_text_is_told_by_its_first_bytes(data: bytes, advice: str, command: Command, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    path.write_bytes(data)
    code, out, said = command(str(path))
    assert (code, out) == (2, b"")
    assert advice in said


def test_a_mistake_in_a_process_of_its_own() -> None:
    done = run("--kep", "share", data=DIRTY.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"cleaner: error: no option --kep (did you mean '--keep'?); see cleaner --help\n"


def test_one_bad_file_does_not_stop_the_others(command: Command, dirty: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"caf\xe9")
    code, out, said = command("none.txt", dirty, bad, dirty)
    assert (code, out.decode()) == (2, CLEAN * 2)
    assert [line.split(": ")[:3] for line in said.splitlines()] == [
        ["cleaner", "error", "none.txt"],
        ["cleaner", "error", str(bad)],
    ]
    assert command("--check", dirty, bad).code == 2


def test_a_pattern_that_takes_too_long_names_the_text(command: Command, tmp_path: Path) -> None:
    slow = write(tmp_path / "slow.txt", f"The tide turned.\n{'a' * 60}b\n")
    said = command("--protect", r"(?:a|a|aa)+$", slow)
    assert said.code == 2
    assert re.fullmatch(rf"cleaner: error: {slow}: rule config\.protect\.1: pattern: took more than .*\n", said.err)


def test_many_files_end_in_one_line(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    files = [write(folder / f"{number}.txt", DIRTY if number % 2 else CLEAN) for number in range(22)]
    assert command("--check", *files).err.splitlines()[-1] == "cleaner: 22 files, 11 would change"
    out = command("-o", tmp_path / "out", *files, "none.txt", "--quiet")
    assert out.code == 2
    (tmp_path / "out").mkdir()
    said = command("-o", tmp_path / "out", *files, "none.txt").err.splitlines()
    assert said[-1] == "cleaner: 23 files, 11 had something to remove, 1 could not be used"
    assert command("--in-place", *files).err == "cleaner: 22 files, 11 changed\n"
    assert command("--in-place", *files, "--quiet").err == ""


def test_help_is_what_the_parser_says_and_fits_a_terminal() -> None:
    done = run("--help", env={**os.environ, "COLUMNS": "80"})
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert max(map(len, said.splitlines())) <= 80
    for part in ("output:", "what goes and what stays:", "examples:", "exit codes:", "./rules"):
        assert part in said
    for action in build_parser()._actions:
        assert action.help
        assert not action.option_strings or action.option_strings[-1] in said


def test_the_examples_of_the_help_run(tmp_path: Path, dirty: Path) -> None:
    assert dirty.exists()
    (tmp_path / "articles").mkdir()
    article = write(tmp_path / "articles" / "a.txt")
    write(tmp_path / "my-rules.toml", "")
    shim = tmp_path / "bin" / "cleaner"
    shim.parent.mkdir()
    write(shim, f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n').chmod(0o755)
    examples = re.search(r"examples:\n((?:  cleaner .*\n)+)", build_parser().format_help())
    assert examples
    path = f"{shim.parent}{os.pathsep}{os.environ['PATH']}"
    codes = {}
    for line in examples[1].splitlines():
        done = subprocess.run(
            line, shell=True, cwd=tmp_path, check=False, capture_output=True, env={**os.environ, "PATH": path}
        )
        codes[line.strip()] = done.returncode
    assert len(codes) >= 2
    assert {line: code for line, code in codes.items() if code != ("--check" in line)} == {}
    assert (tmp_path / "clean.txt").read_text() == CLEAN
    assert article.read_text() == Cleaner(Config(mode="conservative")).clean(DIRTY) != DIRTY
    assert len((tmp_path / "articles.jsonl").read_bytes().splitlines()) == 1


def test_version() -> None:
    assert run("--version").stdout.decode() == f"cleaner {cleaner.__version__}\n"
