"""The contracts, each as a property."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Config, Result
from tests.strategies import PARAGRAPHS, TITLES, configs, documents, planted, texts


def check_partition(text: str, result: Result) -> None:
    pieces = sorted(
        [(span.start, span.end, True) for span in result.kept] + [(r.start, r.end, False) for r in result.removed]
    )
    at = 0
    for start, end, _ in pieces:
        assert start == at
        assert end > start or not text
        at = end
    assert at == len(text)
    assert result.document.text == text
    assert all(removal.text == text[removal.start : removal.end] for removal in result.removed)
    assert result.text == "".join(text[start:end] for start, end, kept in pieces if kept)


@settings(max_examples=300)
@given(texts)
@example("")
@example("\n")
@example("\ufeff")
@example("\ufeffBy Ana Prieto\n")
@example("X")
@example("\r\n\r\nAdvertisement\r\n\r\n")
def test_kept_and_removed_spans_partition_the_input(text: str) -> None:
    check_partition(text, cleaner.explain(text))


@settings(max_examples=300)
@given(texts)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = cleaner.clean(text)
    assert cleaner.clean(once) == once


@settings(max_examples=100)
@given(texts, configs)
def test_contracts_hold_under_every_configuration(text: str, config: Config) -> None:
    tool = Cleaner(config)
    result = tool.explain(text)
    check_partition(text, result)
    assert tool.clean(result.text) == result.text
    for removal in result.removed:
        assert removal.category == "whitespace" or config.strips(removal.category)
        assert removal.rule not in config.disable
        assert removal.category not in config.disable
        assert removal.category == "whitespace" or removal.confidence >= config.threshold


@settings(max_examples=200)
@given(planted())
def test_planted_cruft_comes_out_and_takes_nothing_with_it(pair: tuple[str, str]) -> None:
    article, dirty = pair
    assert cleaner.clean(article) == article
    assert cleaner.clean(dirty) == article


@given(documents)
def test_output_is_the_input_with_characters_deleted(text: str) -> None:
    rest = iter(text)
    assert all(char in rest for char in cleaner.clean(text))


@given(documents)
def test_protected_patterns_survive(text: str) -> None:
    tool = Cleaner(Config(mode="aggressive", protect=("[aeiou]",)))
    lost = "".join(removal.text for removal in tool.explain(text).removed)
    assert not set(lost) & set("aeiou")


@given(documents, st.data())
def test_protected_spans_survive(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    result = Cleaner(Config(mode="aggressive")).explain(text, protect=[(start, end)])
    for removal in result.removed:
        assert not text[max(start, removal.start) : min(end, removal.end)].strip()


@given(documents)
def test_kept_categories_survive(text: str) -> None:
    tool = Cleaner(Config(mode="aggressive", keep=frozenset(cleaner.CATEGORIES)))
    assert tool.clean(text) == text


@settings(max_examples=50)
@given(texts)
def test_nothing_is_carried_from_one_text_to_the_next(text: str) -> None:
    shared = Cleaner()
    before = shared.explain(text)
    shared.explain("\n\n".join((*TITLES, *PARAGRAPHS)))
    assert shared.explain(text) == before == Cleaner().explain(text)


@settings(max_examples=50)
@given(texts, configs)
def test_results_and_cleaners_survive_pickling(text: str, config: Config) -> None:
    tool = pickle.loads(pickle.dumps(Cleaner(config)))
    result = tool.explain(text)
    assert result == Cleaner(config).explain(text)
    assert pickle.loads(pickle.dumps(result)) == result
    assert pickle.loads(pickle.dumps(config)) == config


PROGRAM = """
import hashlib, pickle, sys
import cleaner
texts = sys.stdin.buffer.read().decode("utf-8", "surrogatepass").split("\\x01")
tool = cleaner.Cleaner(cleaner.Config(keep={"byline", "share", "tags"}, disable={"en.credit.labelled", "legal"}))
digest = hashlib.sha256()
for text in texts:
    digest.update(repr(cleaner.explain(text).removed).encode("utf-8", "surrogatepass"))
    digest.update(tool.clean(text).encode("utf-8", "surrogatepass"))
digest.update(pickle.dumps(tool))
print(digest.hexdigest())
"""


def test_every_process_and_hash_seed_gives_the_same() -> None:
    article = "\n".join(
        (
            TITLES[0],
            "By Ana Prieto",
            "Share",
            "Facebook",
            "X",
            *PARAGRAPHS,
            "Tags:",
            "Elham",
            "Related stories",
            *TITLES,
        )
    )
    data = "\x01".join((article, article.replace("\n", "\n\n"), "\ud800X\n", "")).encode("utf-8", "surrogatepass")
    digests = set()
    for seed in ("0", "1", "42"):
        run = subprocess.run([sys.executable, "-c", PROGRAM], input=data, capture_output=True, check=True,
                             env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)})  # fmt: skip
        digests.add(run.stdout)
    assert len(digests) == 1


def test_threads_share_a_cleaner() -> None:
    tool = Cleaner()
    work = [
        "\n".join((TITLES[n % 3], "By Ana Prieto", PARAGRAPHS[n % 7], "Share this article", PARAGRAPHS[(n + 1) % 7]))
        for n in range(40)
    ]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tool.clean, work)) == [tool.clean(text) for text in work]


def test_cleaners_results_and_configs_are_immutable() -> None:
    with pytest.raises(AttributeError):
        Cleaner().config = Config()
    with pytest.raises(AttributeError):
        cleaner.explain("X").kept = ()
    with pytest.raises(AttributeError):
        Config().mode = "aggressive"
