"""A headless Chromium to look at pages with, and the waits that tests of pages need."""

from __future__ import annotations

import importlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Browser:
    """What the tests ask of a page. Scripts run as they would in the console, which no policy of a page hinders."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
        return [str(one) for one in self.run(script, selector)]

    def shown(self, selector: str) -> bool:
        return bool(self.run("return !!document.querySelector(arguments[0])?.checkVisibility()", selector))

    def click(self, selector: str) -> None:
        """Click as a person does: where the element is shown, and only if nothing lies over it."""
        self.driver.find_element("css selector", selector).click()

    def click_row(self, box: str, label: str) -> None:
        for row in self.driver.find_elements("css selector", f"{box} .row"):
            if label in row.text.split("\n"):
                row.click()
                return
        raise AssertionError(f"{box} has no row {label!r}")

    def keys(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        actions = importlib.import_module("selenium.webdriver").ActionChains
        for key in keys:
            actions(self.driver, duration=0).send_keys(key).perform()

    def fill(self, selector: str, text: str) -> None:
        script = (
            "const one = document.querySelector(arguments[0]); one.value = arguments[1];"
            "one.dispatchEvent(new Event('input', {bubbles: true}))"
        )
        self.run(script, selector, text)

    def wait(self, condition: Callable[[], object], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "what was waited for didn't happen"
            time.sleep(0.05)

    def said(self) -> list[str]:
        """What the console said since it was last asked: errors of scripts, what a policy refused."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Addresses that were asked for since it was last asked, and that no policy refused."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        wanted, refused = {}, set()
        for message in messages:
            parameters = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                wanted[parameters["requestId"]] = str(parameters["request"]["url"])
            elif message["method"] == "Network.loadingFailed" and parameters.get("blockedReason") == "csp":
                refused.add(parameters["requestId"])
        return [url for identity, url in wanted.items() if identity not in refused]

    def look(self, *, width: int, height: int, dark: bool = False) -> None:
        """Take the size and the colours of another device."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})

    def picture(self, path: Path) -> None:
        self.driver.save_screenshot(str(path))


@contextmanager
def chromium(profile: Path, downloads: Path) -> Iterator[Browser]:
    """Start Debian's Chromium with a profile of its own; skip the test where there is none."""
    program, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("there is no chromium here")
    selenium = pytest.importorskip("selenium.webdriver")
    options = selenium.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1280,900"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = selenium.ChromeService(executable_path=driver)
    started = selenium.Chrome(options=options, service=service)
    try:
        yield Browser(started)
    finally:
        started.quit()
