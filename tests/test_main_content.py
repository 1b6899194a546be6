"""Main content, titles, categories, settings, and the model's file."""

from __future__ import annotations

import json
import math
import pickle
import random

import pytest

import cleaner
from cleaner import Cleaner, Config
from cleaner.judge_page import find_title
from cleaner.main_content import FIRST, MODEL, SECOND, compiled, cut, first_look, model, scores
from cleaner.read_html import read_html

BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The first ferry in nine months left the upper quay at ten past seven with forty cars and a brass band on board.",
        "Nobody on the island had expected the ramp to be ready before the autumn, and the harbour master had said as much.",
        "In the evening the band played on the way back, too, and the passengers stood along the rail until the light was gone.",
    )
)
PAGE = (
    "<html><head><title>Ferry returns to the strait | Harbour Echo</title></head><body><nav><ul><li><a href=/>Home</a></li>"
    "<li><a href=/n>News</a></li></ul></nav><article><h1>Ferry returns to the strait</h1>"
    f"<p class=byline>By Ines Okafor</p>{BODY}</article><div class=comments><div class=comment><p>Nice boat!</p></div></div>"
    "<footer>\u00a9 2025 Harbour Echo</footer></body></html>"
)


def walk(tree: object, row: list[float]) -> float:
    while isinstance(tree, list):
        feature, threshold, left, right = tree
        tree = left if row[feature] <= threshold else right
    assert isinstance(tree, int | float)
    return float(tree)


def test_compiled_trees_say_what_walked_trees_say() -> None:
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    size = len(FIRST) + len(SECOND)
    look = compiled(data["second"], size)
    rng = random.Random(0)
    for _ in range(50):
        row = [rng.uniform(-4, 60) for _ in range(size)]
        assert math.isclose(look(*row), sum(walk(tree, row) for tree in data["second"]), abs_tol=1e-9)


def test_the_model_is_small_and_its_features_are_known() -> None:
    assert MODEL.stat().st_size < 1_500_000
    rows, layout = first_look(read_html(PAGE), model().tables)
    assert {len(row) for row in rows if row is not None} == {len(FIRST)}
    assert len(layout.words) == len(rows)


def test_scores_tell_article_from_menu() -> None:
    page = read_html(PAGE)
    found, words = scores(page, model())
    texts = [page.document.text[block.start : block.end] for block in page.document.blocks]
    assert min(score for score, count in zip(found, words, strict=True) if count > 15) > 0.8
    assert found[texts.index("- Home")] < 0.2


def test_the_cut_is_the_best_expected_f1() -> None:
    assert cut([0.9, 0.8, 0.1], [100, 100, 100]) == 0.8
    assert cut([0.3], [10]) == 0.3
    assert cut([], []) == 1.0


def test_clean_and_explain() -> None:
    result = cleaner.explain_html(PAGE, url="https://harbour-echo.example/ferry")
    assert result.text == cleaner.clean_html(PAGE)
    assert result.text.startswith("Ferry returns to the strait\n\nThe first ferry")
    assert result.text.endswith("until the light was gone.")
    went = {removal.text.strip(): removal for removal in result.removed}
    assert went["Nice boat!"].category == "comments"
    assert went["- Home"].rule == "any.navigation.main-content"
    assert went["By Ines Okafor"].category == "byline"
    assert pickle.loads(pickle.dumps(result)) == result


def test_settings_choose_what_goes() -> None:
    assert "Nice boat!" in Cleaner(Config(keep={"comments"})).clean_html(PAGE)
    assert "Nice boat!" in Cleaner(Config(disable={"any.comments.main-content"})).clean_html(PAGE)
    only = Cleaner(Config(strip={"comments"})).clean_html(PAGE)
    assert "Home" in only
    assert "Nice boat!" not in only
    for mode in ("conservative", "aggressive"):
        assert "forty cars" in Cleaner(Config(mode=mode)).clean_html(PAGE)


def test_a_class_word_is_no_verdict_on_the_body() -> None:
    for names in ("newsletter-post", "promoted", "related", "comment", "sidebar", "footer", "advert modal"):
        html = f"<title>Ferry returns</title><div class='{names}'><h1>Ferry returns</h1>{BODY}</div>"
        assert cleaner.clean_html(html).count("\n\n") == 3, names


def test_titles() -> None:
    page = read_html(PAGE)
    blocks = page.document.blocks
    number = find_title(page, [block.end - block.start > 60 for block in blocks])
    assert page.document.text[blocks[number].start : blocks[number].end] == "Ferry returns to the strait"
    assert find_title(page, [False] * len(blocks)) == -1


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", b"", "<!-- -->"])
def test_empty_pages_say_so(html: str | bytes) -> None:
    result = cleaner.explain_html(html)
    assert result.text == ""
    assert result.warnings == ("the page shows no text",)


def test_arguments_are_checked() -> None:
    with pytest.raises(TypeError, match="url"):
        cleaner.explain_html("<p>x", url=b"https://example.org")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="encoding"):
        cleaner.clean_html(b"<p>x", encoding=8)  # type: ignore[arg-type]
    assert Config(disable={"any.related.main-content", "any.byline.named"})


@pytest.mark.parametrize("tag", ["div", "b", "ul><li"])
def test_deep_pages_are_judged(tag: str) -> None:
    assert "forty cars" in cleaner.clean_html(f"<{tag}>" * 30_000 + f"<h1>Ferry</h1>{BODY}")
