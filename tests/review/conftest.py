from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.review.browser import Browser, chromium


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory, downloads: Path) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile"), downloads) as browser:
        yield browser


@pytest.fixture
def browser(started: Browser) -> Browser:
    started.look(width=1280, height=900)
    started.open("about:blank")
    started.said()
    started.requests()
    return started
