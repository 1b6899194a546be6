"""Count segments kept and left on pages with must-have and must-not-have segments, in the manner of trafilatura's evaluation.

    python benchmarks/html/segments.py FOLDER [--contestants cleaner trafilatura]

FOLDER holds ``segments.json`` (by page: ``url``, ``with``, ``without``) and ``html/ID.html.gz``, bytes as they were served.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import cleaner


def trafilatura() -> Callable[[bytes], str]:
    from trafilatura import extract

    return lambda html: extract(html, include_comments=False, include_tables=True) or ""


def resiliparse() -> Callable[[bytes], str]:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html: extract_plain_text(html.decode("utf-8", "replace"), main_content=True, alt_texts=False)


CONTESTANTS: dict[str, Callable[[], Callable[[bytes], str]]] = {
    "cleaner": lambda: cleaner.clean_html,
    "trafilatura": trafilatura,
    "resiliparse": resiliparse,
}


def norm(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--contestants", nargs="+", default=["cleaner", "trafilatura"], help=", ".join(CONTESTANTS))
    parser.add_argument("--show", action="store_true", help="name the pages and segments that go wrong")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    wanted = json.loads((options.folder / "segments.json").read_text(encoding="utf-8"))
    print(
        "| contestant | pages | kept of must-have | left of must-not | F1 | accuracy | CPU ms/page |\n|---|---|---|---|---|---|---|"
    )
    for name in options.contestants:
        run = CONTESTANTS[name]()
        good = bad = have = have_not = 0
        spent = 0.0
        for page, item in sorted(wanted.items()):
            html = gzip.decompress((options.folder / "html" / f"{page}.html.gz").read_bytes())
            begin = time.process_time()
            try:
                text = run(html)
            except Exception as problem:  # noqa: BLE001
                text = ""
                print(page, repr(problem)[:100])
            spent += time.process_time() - begin
            text = norm(text)
            kept = [norm(segment) in text for segment in item["with"]]
            left = [norm(segment) in text for segment in item["without"]]
            good, bad, have, have_not = good + sum(kept), bad + sum(left), have + len(kept), have_not + len(left)
            if options.show:
                for segment, found in zip(item["with"], kept, strict=True):
                    if not found:
                        print("   lost", page, item["url"][:60], repr(segment[:80]))
                for segment, found in zip(item["without"], left, strict=True):
                    if found:
                        print("   left", page, item["url"][:60], repr(segment[:80]))
        f1 = 2 * good / (2 * good + bad + have - good)
        accuracy = (good + have_not - bad) / (have + have_not)
        print(
            f"| {name} | {len(wanted)} | {good} of {have} | {bad} of {have_not} | {f1:.4f} | {accuracy:.4f} | {1000 * spent / len(wanted):.1f} |"
        )


if __name__ == "__main__":
    main()
