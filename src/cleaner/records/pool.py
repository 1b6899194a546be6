"""Chunks to workers and back, in order, with a bounded number of them under way."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import connection, get_context, parent_process
from typing import Final

from cleaner.records.chunk import Chunk, Done
from cleaner.records.errors import RunError
from cleaner.records.job import Hands, Job

AHEAD: Final = 3
"""How many chunks per worker are read before the oldest has come back."""

_hands: Hands | None = None


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worked(chunks: Iterable[Chunk], job: Job, jobs: int) -> Iterator[tuple[Chunk, Done | None]]:
    """Give every chunk with what became of it, in order. Chunks without records come back with ``None``.

    Raises:
        RunError: a worker died.
    """
    if jobs == 1:
        hands = Hands(job)
        for chunk in chunks:
            yield chunk, None if chunk.fatal or chunk.last else hands.work(chunk)
        return
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(job,))
    under_way: deque[tuple[Chunk, Future[Done] | None]] = deque()
    try:
        for chunk in chunks:
            under_way.append((chunk, None if chunk.fatal or chunk.last else _submit(pool, chunk)))
            if len(under_way) > AHEAD * jobs:
                yield _result(under_way)
        while under_way:
            yield _result(under_way)
    except BrokenProcessPool:
        raise RunError(
            "a worker process died; is there enough memory? --jobs with a smaller number needs less"
        ) from None
    finally:
        for _, future in under_way:
            if future is not None:
                future.cancel()
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, chunk: Chunk) -> Future[Done]:
    """Hand a chunk over. A worker may be started for it, and inherits that Ctrl-C isn't for it.

    Ctrl-C reaches all processes of a terminal; the first one alone decides what it means.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(_work, chunk)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_work, chunk)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _result(under_way: deque[tuple[Chunk, Future[Done] | None]]) -> tuple[Chunk, Done | None]:
    chunk, future = under_way[0]
    done = None if future is None else future.result()
    under_way.popleft()
    # The records themselves aren't needed any more.
    return chunk._replace(data=b""), done


def _begin(job: Job) -> None:
    global _hands  # noqa: PLW0603  # a process has one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _hands = Hands(job)


def _end_with_parent() -> None:
    """End this process when the one that started it is killed; it would wait for work forever."""
    parent = parent_process()
    if parent is not None:
        with suppress(OSError):
            connection.wait([parent.sentinel])
        os._exit(1)


def _work(chunk: Chunk) -> Done:
    if _hands is None:
        raise RunError("a worker was not set up")
    return _hands.work(chunk)
