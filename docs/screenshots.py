"""Make the pictures of the README and the documentation from the playground and the review page, in light and dark.

    python docs/screenshots.py

Needs Debian's chromium and chromium-driver, and the dependency group ``browser``.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from cleaner import Cleaner  # noqa: E402
from cleaner.review import Reviewed, review_page  # noqa: E402
from cleaner.review.serve import Playground, Server  # noqa: E402
from tests.review.browser import Browser, chromium  # noqa: E402

IMAGES = Path(__file__).parent / "images"
CASES = (
    "en/readme-news",
    "en/australia-lemon-myrtle-slice-recipe",
    "en/india-phone-review-verdict-box",
    "ar/cardamom-coffee",
)
DEVICES = {"desktop": (1200, 900), "phone": (390, 844)}


def main() -> None:
    """Write every picture."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, chromium(Path(folder, "profile"), Path(folder)) as browser:
        _playground(browser)
        _review(browser, Path(folder, "review.html"))


def _playground(browser: Browser) -> None:
    with Playground() as playground, Server(playground, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for device, (width, height) in DEVICES.items():
            for dark in (False, True):
                browser.look(width=width, height=height, dark=dark)
                browser.open(server.url)
                browser.wait(lambda: browser.text("#state").startswith("Cleaned in"))
                browser.run("document.getElementById('state').textContent = ''")
                browser.keys("n", "n")
                browser.run("window.scrollTo(0, 0)")
                browser.picture(IMAGES / _name("playground", device, dark=dark))
        server.shutdown()


def _review(browser: Browser, path: Path) -> None:
    made = []
    for case in CASES:
        source = ROOT / "corpus" / case / "source.txt"
        if source.exists():
            made.append(Reviewed(case, Cleaner().explain(source.read_bytes().decode())))
    path.write_text(review_page(made, title="What goes"), encoding="utf-8", newline="")
    for device, (width, height) in DEVICES.items():
        for dark in (False, True):
            browser.look(width=width, height=height, dark=dark)
            browser.open(path.as_uri())
            browser.keys("n", "n", "n", "n")
            browser.picture(IMAGES / _name("review", device, dark=dark))


def _name(page: str, device: str, *, dark: bool) -> str:
    return f"{page}-{device}{'-dark' if dark else ''}.png"


if __name__ == "__main__":
    main()
