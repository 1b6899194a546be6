"""How far work on several files is, on standard error while somebody watches."""

from __future__ import annotations

import sys
import time
from typing import Any, Final, Self

from cleaner.cli.output import say

DELAY: Final = 0.5
"""Seconds that work has to last before it is worth a progress bar."""

_EVERY: Final = 0.1
_CLEAR: Final = "\r\033[K"


class Progress:
    """A bar of tqdm's or, without it, a counter on one line; nothing at all for short work.

    Args:
        total: how many files there are.
        watched: whether there is somebody to show it to.
    """

    def __init__(self, total: int, *, watched: bool) -> None:
        self._total = total
        self._watched = watched
        self._done = 0
        self._began = self._drawn = time.monotonic()
        self._bar: Any = None
        self._counting = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        elif self._counting:
            say(_CLEAR)

    def step(self) -> None:
        """Note that one more file is done."""
        self._done += 1
        now = time.monotonic()
        if not self._watched or now - self._began < DELAY:
            return
        if self._bar is None and not self._counting:
            self._start()
        elif self._bar is not None:
            self._bar.update()
        if self._counting and (now - self._drawn >= _EVERY or self._done == self._total):
            self._drawn = now
            say(f"{_CLEAR}cleaner: {self._done} of {self._total} files")

    def say(self, text: str) -> None:
        """Write on standard error without breaking the bar."""
        if self._bar is not None:
            self._bar.clear()
        elif self._counting:
            say(_CLEAR)
        say(text)

    def _start(self) -> None:
        try:
            from tqdm import tqdm  # noqa: PLC0415  # the extra "progress"
        except ImportError:
            self._counting = True
        else:
            self._bar = tqdm(total=self._total, initial=self._done, unit="file", leave=False, file=sys.stderr)
