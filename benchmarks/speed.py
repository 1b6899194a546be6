"""Time the cleaner on plain text against the floor: ``splitlines``, ``strip`` and ``len`` of every line, in the same run, interleaved.

    python benchmarks/speed.py [FILE...]

Without files, on the golden cases of ``corpus/``: dirty ones and clean ones. Prints megabytes a second, the share of the floor, and the time of
the first text. Medians of ``ROUNDS`` rounds of processor time.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import cleaner

ROUNDS = 5
CORPUS = Path(__file__).parents[1] / "corpus"


def floor(texts: list[str]) -> None:
    for text in texts:
        for line in text.splitlines():
            len(line.strip())


def timed(texts: list[str]) -> tuple[float, float]:
    began = time.process_time()
    for text in texts:
        TOOL.clean(text)
    spent = time.process_time() - began
    began = time.process_time()
    for _ in range(20):
        floor(texts)
    return spent, (time.process_time() - began) / 20


TOOL = cleaner.Cleaner()


def main() -> None:
    began = time.perf_counter()
    TOOL.clean("By Max\nThe ferry sails at nine.\nShare this\n")
    print(f"first text: {(time.perf_counter() - began) * 1000:.0f} ms")
    groups: dict[str, list[str]] = {"dirty": [], "clean": []}
    if sys.argv[1:]:
        groups = {"files": [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]]}
    else:
        for path in sorted(CORPUS.glob("*/*/source.txt")):
            text = path.read_text(encoding="utf-8")
            expected = path.with_name("expected.txt").read_text(encoding="utf-8")
            groups["clean" if text == expected else "dirty"].append(text)
    for name, texts in groups.items():
        size = sum(len(text.encode("utf-8")) for text in texts)
        rounds = []
        for number in range(ROUNDS):
            # Another word in every line, so that no line is known from the round before.
            rounds.append(timed([text.replace("\n", f" {number}\n") for text in texts]))
        spent, ground = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(
            f"{name:6}{len(texts):>5} texts, {size / 1e6:.2f} MB: {size / spent / 1e6:.2f} MB/s, {ground / spent:.4f} of the floor"
        )


if __name__ == "__main__":
    main()
