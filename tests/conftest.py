from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.command import Command, write

# Commands are started as users start them, with streams that hold back what they are given.
os.environ.pop("PYTHONUNBUFFERED", None)

settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where all tests have to run, one that was skipped is a failure."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CLEANER_ALL_TESTS") == "1" and skipped:
        for report in skipped:
            terminalreporter.write_line(f"SKIPPED {report.nodeid}: not allowed here")
        raise pytest.UsageError("tests were skipped")


@pytest.fixture
def command(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command(capsysbinary)


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    return write(tmp_path / "dirty.txt")
