from __future__ import annotations

import pickle
import re

import pytest

import cleaner
from cleaner import Cleaner, Config, ConfigError


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"mode": "agressive"},
            "mode: 'agressive' is none of conservative, standard, aggressive (did you mean 'aggressive'?)",
        ),
        ({"keep": {"captions"}}, "keep: no category 'captions' (did you mean 'caption'?)"),
        ({"strip": "share"}, "strip: expected a collection of strings, not 'share'"),
        ({"keep": [3]}, "keep: expected strings, not 3"),
        ({"rules": "mine.toml"}, "rules: expected a collection of paths, not 'mine.toml'"),
        ({"rules": [3]}, "rules: expected paths, not 3"),
        ({"rule_timeout": 0}, "rule_timeout: expected a number of seconds above 0, not 0"),
        ({"title": "no"}, "title: expected True or False, not 'no'"),
        ({"title": 0}, "title: expected True or False, not 0"),
        ({"rule_timeout": True}, "rule_timeout: expected a number of seconds above 0, not True"),
    ],
)
def test_settings_that_cannot_be_used(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        Config(**settings)  # type: ignore[arg-type]


def test_what_only_a_cleaner_can_know() -> None:
    with pytest.raises(ConfigError, match=r"disable: no rule or category 'en\.byline\.by-nam' \(did you mean"):
        Cleaner(Config(disable=frozenset({"en.byline.by-nam"})))
    with pytest.raises(ConfigError, match=r"protect: '\(': not a pattern"):
        Cleaner(Config(protect=("(",)))
    with pytest.raises(TypeError, match=r"takes a cleaner\.Config, not dict"):
        Cleaner({})  # type: ignore[arg-type]


def test_equal_settings_are_equal() -> None:
    assert Config(keep=["share", "tags"]) == Config(keep={"tags", "share"})
    assert Config(title=False) != Config()
    assert pickle.loads(pickle.dumps(Config(title=False))) == Config().replace(title=False)
    assert hash(Config(keep=frozenset({"share"}))) == hash(Config(keep=frozenset({"share"})))


@pytest.mark.parametrize(
    ("value", "hint"),
    [(None, "not None"), (b"text", "not bytes; decode it first"), (3, "not int"), (["a"], "not list")],
)
def test_what_is_no_text_is_a_type_error_that_teaches(value: object, hint: str) -> None:
    for call in (cleaner.clean, cleaner.explain, Cleaner().clean, Cleaner().explain):
        with pytest.raises(TypeError, match=hint):
            call(value)  # type: ignore[arg-type]


def test_spans_outside_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 9\) isn't a span of a text of 4 characters"):
        Cleaner().clean("abcd", protect=[(2, 9)])


def test_modes_move_the_threshold() -> None:
    text = "Ferry returns to the strait\n\nThe ferry sailed at dawn with forty cars on its deck, and nobody waved.\n\nAna Prieto writes about the sea for the Harbour Echo.\n"
    sizes = [len(Cleaner(Config(mode=mode)).clean(text)) for mode in ("conservative", "standard", "aggressive")]
    assert sizes[0] > sizes[1] >= sizes[2]


def test_importing_and_cleaning_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    program = "import sys, cleaner; cleaner.clean('By Ana Prieto'); print([m for m in ('lxml', 'bs4', 'regex', 'numpy', 'tomllib', 'json.tool') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
