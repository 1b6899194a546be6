"""The review page in a browser: what it shows, how it is worked, and that no document can work it."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.review import Reviewed, review_page
from tests import test_corpus
from tests.review.browser import Browser
from tests.review.made import documents, result
from tests.test_corpus import CASES, read

pytestmark = pytest.mark.browser

README = Path(__file__).parent.parent.parent / "corpus" / "en" / "readme-news" / "source.txt"


def page(browser: Browser, tmp_path: Path, made: list[Reviewed], title: str = "Review") -> None:
    path = tmp_path / "review.html"
    path.write_text(review_page(made, title=title), encoding="utf-8", newline="")
    browser.open(path.as_uri())
    browser.run("localStorage.clear()")
    browser.open(path.as_uri())


@pytest.fixture
def story() -> Reviewed:
    text = README.read_text(encoding="utf-8")
    return Reviewed("readme-news/source.txt", Cleaner().explain(text))


def visible_text(browser: Browser) -> str:
    """The text of the document, without what only a screen reader is told."""
    script = (
        "const copy = document.getElementById('text').cloneNode(true);"
        "copy.querySelectorAll('.sr').forEach((one) => one.remove()); return copy.textContent"
    )
    return str(browser.run(script))


def test_marked_clean_and_original(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story])
    assert visible_text(browser) == story.result.document.text
    assert len(browser.texts("mark")) == len(story.result.removed)
    browser.click("[data-view=clean]")
    assert visible_text(browser) == story.result.text
    assert browser.texts("mark") == []
    browser.click("[data-view=original]")
    assert visible_text(browser) == story.result.document.text
    assert browser.texts("mark") == []
    assert browser.text("#totals") == "1 document, 18 removals, 46% of the characters"
    assert browser.said() == []


def test_every_text_is_shown_as_it_is(browser: Browser, tmp_path: Path) -> None:
    odd = "A\r\nB\x00C\u2028D\u202eE\x85F\ufeff\U0001f6a2 é \x0b & < > </script> <!-- \\u003c ${x} {{title}}\n"
    page(browser, tmp_path, [Reviewed("odd\udcff.txt", result(odd, (odd, "share", "x.share.y"), odd))])
    assert visible_text(browser) == odd * 3


def test_a_removal_is_explained(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story])
    assert not browser.shown("#why")
    browser.click("mark")
    assert browser.shown("#why")
    assert browser.text("#why-rule") == "en.navigation.menu-from-home"
    assert browser.text("#why-category") == "navigation"
    assert "is a menu" in browser.text("#why-text")
    assert browser.text("#why-more").startswith("line 1, confidence 0.90, rules/en/navigation.toml")
    assert "en.navigation.menu-from-home" in browser.run("return document.querySelector('mark').title")
    browser.click("#close")
    assert not browser.shown("#why")


def test_filters(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story, *documents(3)])
    rows = browser.texts("#categories .count")
    assert [int(row) for row in rows] == sorted(map(int, rows), reverse=True)
    browser.click_row("#categories", "app-prompt")
    assert browser.texts("#documents .label") == [story.name]
    assert len(browser.texts("mark:not(.off)")) == 8
    assert len(browser.texts("mark.off")) == 10
    browser.click_row("#categories", "share")
    assert len(browser.texts("#documents .label")) == 4
    browser.click_row("#categories", "app-prompt")
    browser.click_row("#rules", "en.share.network")
    assert browser.texts("mark:not(.off) .sr") == ["removed, share: "] * 2
    browser.click("#clear")
    assert browser.texts("mark.off") == []
    browser.fill("#query", "0002")
    assert browser.texts("#documents .label") == ["stories/0002.txt"]
    assert browser.text("#name") == "stories/0002.txt"
    browser.fill("#query", "nothing is called so")
    assert browser.shown("#empty")
    assert visible_text(browser) == ""


def test_keys(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story, *documents(2)])
    browser.keys("n")
    assert browser.text("#place") == "1 of 18"
    assert browser.run("return document.activeElement.classList.contains('chosen')")
    browser.keys("j", "n", "p")
    assert browser.text("#place") == "2 of 18"
    browser.keys("k", "k")
    assert browser.text("#place") == "1 of 18"
    browser.keys("w")
    assert browser.text("#wrong-count") == "1"
    assert browser.run("return document.querySelector('mark.chosen').classList.contains('wrong')")
    browser.keys("w", "]")
    assert (browser.text("#wrong-count"), browser.text("#name")) == ("0", "stories/0000.txt")
    browser.keys("[", "2")
    assert visible_text(browser) == story.result.text
    browser.keys("1", *"n" * 19)
    assert (browser.text("#name"), browser.text("#place")[:5]) == ("stories/0000.txt", "1 of ")
    browser.keys("p")
    assert (browser.text("#name"), browser.text("#place")) == (story.name, "18 of 18")
    browser.keys("\ue00c")
    assert not browser.shown("#why")
    browser.keys("/")
    browser.keys("n")
    assert browser.run("return document.getElementById('query').value") == "n"
    browser.run("document.activeElement.blur()")
    browser.keys("?")
    assert browser.shown("#help")
    browser.click("#keys")
    browser.click("#help-close")
    browser.keys("2")
    assert visible_text(browser) == story.result.document.text


def test_everything_is_reached_with_tab(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story])
    seen = []
    for _ in range(200):
        browser.keys("\ue004")
        seen.append(
            browser.run("const one = document.activeElement; return one.id || one.tagName + ' ' + one.className")
        )
        if seen[-1] == "BODY ":
            break
    assert seen[0] == "A skip"
    assert seen.count("MARK ") == 18
    assert {"rule-query", "back", "on", "help-open"} <= set(seen)
    browser.run("document.querySelector('mark').focus()")
    browser.keys("\ue007")
    assert browser.shown("#why")


def test_what_a_screen_reader_is_told(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story, *documents(2)])
    browser.keys("n")
    browser.driver.execute_cdp_cmd("Accessibility.enable", {})
    nodes = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {(node["role"]["value"], node["name"]["value"]) for node in nodes if node.get("name", {}).get("value")}
    buttons = {name for role, name in named if role == "button"}
    assert any(name.startswith("removed, byline:") and "By Ines Okafor" in name for name in buttons)
    assert {"Next removal", "Previous removal", "Marked", "Clean", "Original", "Keys", "This was wrong"} <= buttons
    assert ("searchbox", "Find documents by name") in named
    for role in ("main", "complementary", "article", "banner"):
        assert role in {node["role"]["value"] for node in nodes}, role
    unnamed = [node for node in nodes if node["role"]["value"] in ("button", "searchbox", "textbox", "checkbox")]
    assert all(node["name"]["value"].strip() for node in unnamed if not node.get("ignored"))
    chosen = next(
        node for node in nodes if node.get("description", {}).get("value", "").startswith("A line of short names")
    )
    assert chosen["role"]["value"] == "button"


def test_cases_are_exported(browser: Browser, tmp_path: Path, story: Reviewed, downloads: Path) -> None:
    clean = Reviewed(
        "clean & <odd> name.txt", result("Kept.\n\n", ("Wrong to go.\n\n", "share", "de.share.x"), "Kept too.\n")
    )
    page(browser, tmp_path, [story, clean])
    browser.keys("n", "n", "w", "]", "n", "w")
    browser.run("document.getElementById('export').open = true")
    assert browser.text("#wrong-count") == "2"
    browser.click("#cases")
    path = downloads / "cases.zip"
    browser.wait(path.exists)
    browser.wait(lambda: not list(downloads.glob("*.crdownload")))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name).decode() for name in archive.namelist()}
        archive.extractall(tmp_path)
    path.unlink()
    for folder in (tmp_path / "corpus").glob("*/*"):
        test_corpus.test_case_is_well_formed(folder)
    assert sorted(found) == [
        f"corpus/{folder}/{name}"
        for folder in ("de/clean-odd-name", "en/readme-news")
        for name in ("case.toml", "expected.txt", "source.txt")
    ]
    assert found["corpus/en/readme-news/source.txt"] == story.result.document.text
    expected = README.with_name("expected.txt").read_text(encoding="utf-8")
    byline = "By Ines Okafor,  Harbour Echo Staff\n"
    title, _, rest = expected.partition("Islanders get their morning boat back, and a new ramp with it\n")
    head = expected[: len(expected) - len(rest)]
    assert title
    assert found["corpus/en/readme-news/expected.txt"] == head + byline + rest
    case = tomllib.loads(found["corpus/en/readme-news/case.toml"])
    assert (case["group"], case["language"]) == ("wild", "en")
    assert "byline" not in case["categories"]
    assert "en.byline.by-name" in case["note"]
    other = tomllib.loads(found["corpus/de/clean-odd-name/case.toml"])
    assert (other["group"], other["categories"]) == ("negative", [])
    assert found["corpus/de/clean-odd-name/expected.txt"] == found["corpus/de/clean-odd-name/source.txt"]


def test_near_misses_are_exported(browser: Browser, tmp_path: Path) -> None:
    odd = 'Say "share\\this"\tto\u0001 é \U0001f6a2'
    alone = result("Before.\n", (odd + "\n", "share", "en.share.this"), "After.\n")
    beside = result("Before.\n", ("Facebook\n", "share", "en.share.network"), "After.\n")
    inside = result("It sailed.", (" (More stories.)", "related", "en.related.bracket-tail"), "\n")
    page(browser, tmp_path, [Reviewed("a", alone), Reviewed("b", beside), Reviewed("c", inside)])
    browser.keys("n", "w", "n", "w", "n", "w")
    written = browser.run("return document.getElementById('keeps').value")
    tables = [tomllib.loads(table)["keeps"] for table in written.split("\n\n")]
    assert tables == [[odd], ["Before.\nFacebook\nAfter."], ["It sailed. (More stories.)"]]
    assert "# en.share.this, in rules/en/share.toml\n" in written


def test_gaps_close_as_cleaning_closes_them(browser: Browser, tmp_path: Path) -> None:
    """The page closes gaps by itself when a removal is taken back; with nothing taken back it gives what cleaning gave."""
    made = [Reviewed(str(folder), Cleaner().explain(read(folder / "source.txt"))) for folder in CASES[:60]]
    source = (Path(__file__).parents[2] / "src/cleaner/review/assets/export.js").read_text(encoding="utf-8")
    page(browser, tmp_path, made)
    script = (
        "const data = JSON.parse(document.getElementById('data').textContent);"
        "const isGone = (piece) => typeof piece !== 'string';"
        "const textOf = (doc) => doc.pieces.map((piece) => isGone(piece) ? piece[0] : piece).join('');"
        f"{source}\nreturn data.documents.map((doc) => rebuilt(doc, new Set()))"
    )
    closed = browser.run(script)
    same = sum(one == two.result.text for one, two in zip(closed, made, strict=True))
    assert same >= 0.9 * len(made)


def test_marks_outlive_a_reload(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    page(browser, tmp_path, [story])
    browser.keys("n", "w")
    browser.driver.refresh()
    assert browser.text("#wrong-count") == "1"
    assert len(browser.texts("mark.wrong")) == 1


HOSTILE = (
    "<script>window.owned = 1</script>",
    "</script><script>window.owned = 1</script>",
    "<!--<script>",
    "<img src=x onerror='window.owned = 1'>",
    "<svg/onload=window.owned=1>",
    '"><iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
    "javascript:window.owned=1",
    "</title></style></textarea><script>window.owned=1</script>",
    "{{script}}{{data}}${window.owned=1}`;window.owned=1;//",
    "<base href='https://example.org/'><link rel=stylesheet href='https://example.org/x.css'>",
    "\u2028window.owned=1\u2029",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "]]>\\u003cscript\\u003ewindow.owned=1",
)


def test_a_hostile_document_does_nothing(browser: Browser, tmp_path: Path) -> None:
    text = "\n".join(HOSTILE)
    made = [
        Reviewed(one, result(text + "\n", (one + "\n", "share", one), (text, one, "en.share.this"), "\n" + text))
        for one in HOSTILE
    ]
    page(browser, tmp_path, made, title=HOSTILE[1])
    assert browser.text("h1") == HOSTILE[1]
    for _ in made:
        browser.keys("n", "n", "w", "]")
    for one in HOSTILE:
        browser.fill("#query", one)
        browser.fill("#rule-query", one)
    browser.fill("#query", "")
    browser.run("document.getElementById('export').open = true")
    browser.run("return new Promise((done) => setTimeout(done, 300))")
    assert browser.run("return window.owned === undefined")
    assert browser.run("return document.querySelectorAll('script').length") == 2
    assert browser.run("return document.querySelectorAll('iframe, img, svg, base, link, object, embed').length") == 0
    assert visible_text(browser).count("<svg/onload") >= 1
    assert [url for url in browser.requests() if not url.startswith("file:")] == []
    assert browser.said() == []


def test_the_policy_holds(browser: Browser, tmp_path: Path, story: Reviewed) -> None:
    """Even where markup found its way into the page, the policy stops what it would do."""
    page(browser, tmp_path, [story])
    browser.run(
        "const box = document.createElement('div');"
        'box.innerHTML = \'<img src="https://example.org/x.png" onerror="window.owned = 1"><iframe src="https://example.org"></iframe>'
        '<style>body{display:none}</style><p style="position:fixed">x</p>\';'
        "document.body.append(box);"
        "const script = document.createElement('script'); script.textContent = 'window.owned = 1'; document.body.append(script);"
    )
    browser.run("return new Promise((done) => setTimeout(done, 300))")
    assert browser.run("return window.owned === undefined")
    assert browser.shown("main")
    assert [url for url in browser.requests() if url.startswith("http")] == []
    said = " ".join(browser.said())
    assert all(f"{kind}-src" in said for kind in ("script", "style", "img"))


def test_a_thousand_documents_in_two_seconds(browser: Browser, tmp_path: Path) -> None:
    made = documents(1000)
    page(browser, tmp_path, made)
    times = []
    for _ in range(3):
        browser.driver.refresh()
        times.append(int(browser.run("return document.documentElement.dataset.ready")))
    assert min(times) < 2000, times
    assert len(browser.texts("#documents .row")) == 50
    assert browser.text("#page-at") == "1–50"
    browser.click("#page-on")
    assert browser.text("#page-at") == "51–100"
    browser.fill("#query", "0999")
    assert browser.text("#name") == "stories/0999.txt"
    browser.fill("#query", "")
    began = browser.run("return performance.now()")
    browser.click_row("#categories", "byline")
    assert browser.run("return performance.now()") - began < 2000


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out(browser: Browser, tmp_path: Path, story: Reviewed, width: int) -> None:
    long = Reviewed("x" * 300, result("y" * 500 + "\n", ("z" * 500, "share", "en.share." + "r" * 200)))
    browser.look(width=width, height=700)
    page(browser, tmp_path, [long, story])
    browser.run("document.querySelectorAll('details').forEach((one) => one.open = true)")
    browser.keys("n")
    assert browser.run("return document.documentElement.scrollWidth") <= width
    small = browser.run(
        "return [...document.querySelectorAll('button')].filter((one) => one.checkVisibility())"
        ".map((one) => one.getBoundingClientRect()).filter((box) => box.height < 24 || box.width < 24).length"
    )
    assert small == 0


@pytest.mark.parametrize("dark", [False, True])
def test_colours_can_be_read(browser: Browser, tmp_path: Path, story: Reviewed, *, dark: bool) -> None:
    browser.look(width=1280, height=900, dark=dark)
    page(browser, tmp_path, [story, *documents(2)])
    browser.keys("n")
    pairs = browser.run(
        "const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});"
        "const rgb = (colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);"
        "return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };"
        "const solid = (one) => { for (; one; one = one.parentElement) {"
        "const back = getComputedStyle(one).backgroundColor; if (!back.endsWith(', 0)')) return back; } return 'rgb(255, 255, 255)'; };"
        "const out = [...document.querySelectorAll('mark, button, #totals, #why-text, #why-more, h1, h2, summary')]"
        ".filter((one) => one.checkVisibility()).map((one) => [getComputedStyle(one).color, solid(one)]);"
        "for (const one of document.querySelectorAll('mark [data-label]')) { const label = getComputedStyle(one, '::before');"
        "out.push([label.color, label.backgroundColor]); } return out.map((pair) => pair.map(rgb))"
    )
    assert len(pairs) > 30
    for front, back in pairs:
        assert contrast(front, back) >= 4.5, (front, back)


def contrast(front: list[int], back: list[int]) -> float:
    def light(colour: list[int]) -> float:
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    one, other = sorted((light(front), light(back)))
    return (other + 0.05) / (one + 0.05)


def test_the_data_is_what_was_given(story: Reviewed) -> None:
    written = review_page([story], title="T")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', written, re.DOTALL)
    assert found
    data = json.loads(found[1])
    pieces = data["documents"][0]["pieces"]
    assert "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces) == story.result.document.text


def test_two_results_are_compared(browser: Browser, tmp_path: Path) -> None:
    old = result("Kept.\n", ("Old only.\n", "share", "en.share.this"), "New only.\n", ("Both.\n", "tags", "en.tags.x"))
    new = result("Kept.\nOld only.\n", ("New only.\n", "share", "en.share.network"), ("Both.\n", "tags", "en.tags.x"))
    page(browser, tmp_path, [Reviewed("a", new, old)])
    assert browser.texts("#changes .label") == ["goes now, stayed before", "stays now, went before", "goes in both"]
    assert browser.texts("#changes .count") == ["1", "1", "1"]
    browser.click_row("#changes", "stays now, went before")
    assert browser.texts("mark:not(.off) .sr") == ["removed, share, stays now: "]
    browser.click("[data-view=clean]")
    assert visible_text(browser) == new.text
    browser.keys("n")
    assert browser.text("#why-category") == "share, stays now"
