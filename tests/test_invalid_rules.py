"""Rule files of users: each mistake is one clear line, and what is right is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner, Config, ConfigError, RuleError, RuleTimeoutError

BROKEN = sorted((Path(__file__).parent / "invalid_rules").glob("*.toml"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_in_one_line(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(RuleError) as caught:
        Cleaner(Config(rules=(str(path),)))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert expected in message
    assert "\n" not in message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="can't be read: no such file"):
        Cleaner(Config(rules=(str(tmp_path / "none.toml"),)))
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# caf\xe9\n")
    with pytest.raises(RuleError, match="isn't UTF-8: bad byte at offset 5"):
        Cleaner(Config(rules=(str(latin),)))


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


TEXT = "Ferry returns\n\nThe ferry sailed at dawn with forty cars on its deck, and nobody waved to it.\n\nVisit the fair!\n"


def test_a_rule_of_a_user_strips(tmp_path: Path) -> None:
    rules = write(tmp_path / "a.toml", '[[rule]]\nid = "my.advertising.fair"\npattern = "visit the fair!?"\n')
    result = Cleaner(Config(rules=(rules,))).explain(TEXT)
    assert [removal.rule for removal in result.removed] == ["my.advertising.fair"]
    assert result.text == TEXT.replace("\n\nVisit the fair!", "")


def test_an_inline_rule_of_a_user_strips_a_span(tmp_path: Path) -> None:
    rules = write(
        tmp_path / "a.toml", '[[rule]]\nid = "my.custom.tail"\npattern = ", and nobody waved to it"\ninline = true\n'
    )
    assert "on its deck.\n" in Cleaner(Config(rules=(rules,))).clean(TEXT)


def test_a_file_switches_rules_and_categories_off(tmp_path: Path) -> None:
    text = "By Ana Prieto\nShare this article\n" + TEXT
    rules = write(tmp_path / "a.toml", 'disable = ["share", "en.byline.by-name"]\n')
    assert "Ana Prieto" not in Cleaner().clean(text)
    kept = Cleaner(Config(rules=(rules,), keep=frozenset({"byline"}))).clean(text)
    assert "By Ana Prieto" in kept
    assert "Share this article" in kept


def test_a_file_that_switches_off_what_does_not_exist(tmp_path: Path) -> None:
    rules = write(tmp_path / "a.toml", 'disable = ["shares"]\n')
    with pytest.raises(ConfigError, match=r"no rule or category 'shares' \(did you mean 'share'\?\)"):
        Cleaner(Config(rules=(rules,)))


def test_a_keep_rule_protects(tmp_path: Path) -> None:
    text = TEXT.replace("Visit the fair!", "Advertisement")
    assert Cleaner().clean(text) != text
    rules = write(tmp_path / "a.toml", '[[keep]]\nid = "my.custom.ad"\npattern = "Advertisement"\n')
    assert Cleaner(Config(rules=(rules,))).clean(text) == text


def test_a_pattern_that_explodes_is_stopped(tmp_path: Path) -> None:
    # `regex` syntax that the check can't read: a fuzzy match inside a repeat.
    rules = write(
        tmp_path / "a.toml", "[[rule]]\nid = \"my.custom.slow\"\npattern = '(?:(?:a|a|aa){1,60}(?:b){e<=3}){1,30}!'\n"
    )
    tool = Cleaner(Config(rules=(rules,), rule_timeout=0.05))
    with pytest.raises(RuleTimeoutError, match=r"rule my\.custom\.slow: pattern: took more than 0\.05 seconds"):
        tool.clean("a" * 390 + "\n")


def test_an_empty_file_is_fine(tmp_path: Path) -> None:
    assert Cleaner(Config(rules=(write(tmp_path / "a.toml", ""),))).clean(TEXT) == TEXT
