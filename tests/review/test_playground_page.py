"""The playground in a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from cleaner.review.serve import Server
from tests.command import CLEAN, DIRTY
from tests.review.browser import Browser
from tests.review.test_page import HOSTILE, visible_text
from tests.review.test_playground import RULE, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as started:
        yield started


def rounds(browser: Browser) -> int:
    return int(browser.run("return document.documentElement.dataset.shown || 0"))


def visit(browser: Browser, server: Server) -> None:
    browser.open(server.url)
    browser.wait(lambda: rounds(browser) > 0)


def left(browser: Browser) -> str:
    browser.run("document.querySelector('[data-view=clean]').click()")
    text = visible_text(browser)
    browser.run("document.querySelector('[data-view=marked]').click()")
    return text


def test_paste_and_watch(browser: Browser, server: Server) -> None:
    visit(browser, server)
    assert left(browser) == CLEAN
    browser.fill("#source", "Kept line of the article, which ends here.\n\nShare this article\n")
    browser.wait(lambda: left(browser) == "Kept line of the article, which ends here.\n")
    assert browser.text("#state").startswith("Cleaned in ")
    assert browser.said() == []
    assert {url.split("/")[2] for url in browser.requests()} == {f"127.0.0.1:{server.server_port}"}


def test_modes_and_categories(browser: Browser, server: Server) -> None:
    visit(browser, server)
    browser.click("#goes summary")
    browser.click("#goes-list input[value=share]")
    browser.wait(lambda: "Share this article" in left(browser))
    assert "Advertisement" not in left(browser)
    assert browser.text("#goes-count") == "24 of 25"
    browser.click("#goes-none")
    browser.wait(lambda: left(browser) == DIRTY)
    browser.click("#goes-all")
    browser.wait(lambda: left(browser) == CLEAN)
    began = rounds(browser)
    browser.run(
        "const one = document.getElementById('mode'); one.value = 'conservative'; one.dispatchEvent(new Event('change'))"
    )
    browser.wait(lambda: rounds(browser) > began)


def test_a_rule_is_switched_off_and_on(browser: Browser, server: Server) -> None:
    visit(browser, server)
    browser.keys("n")
    identity = browser.text("#why-rule")
    browser.click("#switch-off")
    browser.wait(lambda: browser.text("#off-count") == "1")
    browser.wait(lambda: identity not in browser.texts("#rules .label"))
    browser.click("#off summary")
    browser.click("#off-list button")
    browser.wait(lambda: identity in browser.texts("#rules .label"))


def test_a_rule_is_edited(browser: Browser, server: Server) -> None:
    visit(browser, server)
    browser.run("[...document.querySelectorAll('mark')].find((one) => one.textContent.includes('Share this')).click()")
    assert browser.text("#why-rule") == "en.share.this"
    browser.click("#edit")
    browser.wait(lambda: "my.share.this" in browser.texts("#rules .label"))
    written = browser.run("return document.getElementById('own-rules').value")
    assert written.startswith("disable = ['en.share.this']")
    browser.fill("#own-rules", written.replace("(?:please )?", "(?:kindly )?"))
    browser.fill(
        "#source", "Kindly share this article\nShare this article\nThe tide turned at noon, and the boats with it.\n"
    )
    browser.wait(lambda: left(browser) == "The tide turned at noon, and the boats with it.\n")
    browser.fill("#own-rules", "[[rule]\n")
    browser.wait(lambda: browser.text("#problem").startswith("your rules: isn't TOML"))
    browser.fill("#own-rules", RULE)
    browser.wait(lambda: not browser.text("#problem"))
    browser.click("#own-test")
    browser.wait(lambda: "1 rules, 2 examples" in browser.text("#own-said"))


def test_hostile_text_does_nothing(browser: Browser, server: Server) -> None:
    visit(browser, server)
    browser.fill("#source", "\n".join(HOSTILE) + "\n\nShare this article\n")
    browser.wait(lambda: "svg/onload" in visible_text(browser))
    browser.fill("#own-rules", "\n".join(HOSTILE))
    browser.wait(lambda: browser.text("#problem"))
    assert browser.run("return window.owned === undefined")
    assert browser.run("return document.querySelectorAll('iframe, img, svg, base, link').length") == 0
    assert browser.said() == []


def test_a_web_page_is_read_as_one(browser: Browser, server: Server) -> None:
    visit(browser, server)
    prose = "The ferry sailed at dawn with forty cars on its deck, and nobody on the quay waved to it. " * 4
    browser.fill(
        "#source",
        f"<!doctype html><title>Ferry</title><nav><a href='/'>Home</a></nav><article><h1>Ferry</h1><p>{prose}</p>"
        f"<p>{prose}</p></article><script>window.owned = 1</script>",
    )
    browser.wait(lambda: browser.text("#name") == "The page you pasted")
    assert prose.strip() in left(browser)
    assert "<" not in visible_text(browser)
    assert "Home" not in left(browser)
    assert browser.run("return window.owned === undefined")
    browser.run(
        "const one = document.getElementById('kind'); one.value = 'text'; one.dispatchEvent(new Event('change'))"
    )
    browser.wait(lambda: "<article>" in visible_text(browser))


class Other(BaseHTTPRequestHandler):
    """Another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"<p")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Other) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()
        thread.join()


def test_another_site_gets_nothing(
    browser: Browser, server: Server, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of another site posts, as a form and by script, with and without cookies, reads, and frames."""
    served: list[str] = []

    def answer(path: str, body: dict[str, Any]) -> dict[str, Any]:
        served.append(path)
        return {}

    monkeypatch.setattr(server.playground, "answer", answer)
    browser.open(other)
    read = browser.run(
        "const url = arguments[0], out = [];"
        "const tries = [fetch(url), fetch(url, {mode: 'no-cors'}), "
        "fetch(url + 'clean', {method: 'POST', mode: 'no-cors', body: '{}'}),"
        "fetch(url + 'clean', {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/json',"
        "'X-Cleaner-Token': 'x'}, body: '{}'})];"
        "return Promise.allSettled(tries).then((all) => Promise.all(all.map((one) => one.value ? one.value.text() : 'refused')))",
        server.url,
    )
    assert all(one in ("", "refused") for one in read)
    browser.run(
        "const form = document.createElement('form'); form.method = 'POST'; form.enctype = 'text/plain';"
        "form.action = arguments[0] + 'clean'; const field = document.createElement('input');"
        "field.name = '{\"text\": \"'; field.value = '\"}'; form.append(field); document.body.append(form); form.submit()",
        server.url,
    )
    browser.wait(lambda: "only the playground's own page" in browser.text("body"))
    assert served == []
    browser.open(other)
    browser.run(
        "const frame = document.createElement('iframe'); frame.src = arguments[0]; document.body.append(frame)",
        server.url,
    )
    browser.run("return new Promise((done) => setTimeout(done, 300))")
    assert "frame" in " ".join(browser.said()).lower()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out(browser: Browser, server: Server, width: int) -> None:
    browser.look(width=width, height=800)
    visit(browser, server)
    browser.run("document.querySelectorAll('details').forEach((one) => one.open = true)")
    browser.keys("n")
    assert browser.run("return document.documentElement.scrollWidth") <= width
