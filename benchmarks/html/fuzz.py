"""Throw broken pages at ``explain_html`` for a while and check what is promised of any input.

    python benchmarks/html/fuzz.py --minutes 30 [--seed N] [PAGE...]

Every round takes a page (of those named, or of ``corpus/``) and breaks it: bytes and tags are cut, doubled, swapped, nested and strewn
with hostile ones, encodings are mixed. Checked are: no exception but ``HtmlError``; kept and removed spans partition the text; the
text is stable under ``clean``; no round takes longer than a bound that grows with the page. A page that breaks a promise is
written to ``fuzz-failures/``, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import cleaner
from cleaner.errors import HtmlError

CORPUS = Path(__file__).parents[2] / "corpus"
FAILURES = Path("fuzz-failures")
SECONDS_PER_MB = 120.0
HOSTILE = (
    b"<plaintext>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"</body>", b"</html>", b"<svg><title>", b"<math><mi>", b"<template>", b"<noscript>",
    b"<frameset><frame>", b"<table><tr><td>", b"</table>", b"<p hidden>", b"<div aria-hidden=true>", b"<div style='display:none'>", b"<pre>\n",
    b"<br>" * 50, b"<div>" * 300, b"<b><i>" * 100, b"&#0;", b"&#x110000;", b"&nosuch;", b"&amp" * 40, b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", "\u202e\u200f\u0301".encode(), b"<script type='application/ld+json'>{\"articleBody\": \"x", b"<script>", b"</script>", b"<style>",
    b"<meta charset=utf-16>", b"<meta charset=shift_jis>", b"<?xml version='1.0' encoding='koi8-r'?>", b"<a href='" + b"x" * 2000 + b"'>",
    b"<p " + b"a=1 " * 300 + b">", b"<select><option>", b"<textarea>", b"<h1>", b"<article>", b"<main>", b"<li>", b"<blockquote>",
)  # fmt: skip
ENCODINGS = (None, "utf-8", "latin-1", "utf-16", "cp1251", "shift_jis", "gb18030", "no-such-encoding")


def broken(page: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Return a page with a few things wrong."""
    data = bytearray(page)
    for _ in range(dice.choice((1, 2, 4, 8, 20))):
        at, to = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
        to = min(to, at + dice.choice((1, 10, 200, 4000)))
        kind = dice.randrange(8)
        if kind == 0:
            del data[at:to]
        elif kind == 1:
            data[at:at] = data[at:to]
        elif kind == 2:  # noqa: PLR2004
            data[at:at] = dice.choice(HOSTILE)
        elif kind == 3:  # noqa: PLR2004
            data[at:to] = bytes(dice.randrange(256) for _ in range(to - at if to - at < 300 else 5))
        elif kind == 4:  # noqa: PLR2004
            other = dice.choice(others)
            start = dice.randrange(len(other) + 1)
            data[at:at] = other[start : start + dice.choice((20, 300, 5000))]
        elif kind == 5:  # noqa: PLR2004
            data = data[:to] if dice.random() < 0.3 else data
        elif kind == 6:  # noqa: PLR2004
            data = bytearray(bytes(data).replace(b">", dice.choice((b"", b">>", b" >", b">\n")), dice.randrange(1, 30)))
        else:
            start = bytes(data).find(b"<", at)
            end = bytes(data).find(b">", start)
            if 0 <= start < end:
                del data[start : end + 1]
    return bytes(data)


def problem(data: bytes, encoding: str | None, how: cleaner.Cleaner) -> str:
    """Return what promise a page breaks, or nothing."""
    began = time.process_time()
    try:
        result = how.explain_html(data, encoding=encoding)
    except HtmlError:
        return ""
    except (LookupError, ValueError) as error:
        return "" if encoding == "no-such-encoding" else f"{type(error).__name__}: {error}"
    spans = sorted([*result.kept, *[(one.start, one.end) for one in result.removed]])
    at = 0
    for start, end in spans:
        if start != at:
            return f"no partition at {at}"
        at = end
    if at != len(result.document.text):
        return f"spans end at {at} of {len(result.document.text)}"
    if how.clean(result.text) != result.text:
        return "not stable"
    if time.process_time() - began > 2 + SECONDS_PER_MB * len(data) / 1e6:
        return f"{time.process_time() - began:.1f} s for {len(data)} bytes"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("pages", nargs="*", type=Path)
    args = parser.parse_args()
    paths = args.pages or sorted(CORPUS.glob("*/*/source.html"))
    pages = [path.read_bytes() for path in paths]
    if not pages:
        print("no pages", file=sys.stderr)
        return 2
    dice = random.Random(args.seed)
    cleaners = [
        cleaner.Cleaner(),
        cleaner.Cleaner(cleaner.Config(title=False)),
        cleaner.Cleaner(cleaner.Config(mode="aggressive")),
    ]
    stop = time.monotonic() + 60 * args.minutes
    rounds = failures = 0
    while time.monotonic() < stop:
        data = broken(dice.choice(pages), pages, dice)
        encoding = dice.choice(ENCODINGS) if dice.random() < 0.3 else None
        try:
            found = problem(data, encoding, dice.choice(cleaners))
        except Exception as error:  # noqa: BLE001  # what it is for
            found = f"{type(error).__name__}: {error}"
        rounds += 1
        if found:
            failures += 1
            FAILURES.mkdir(exist_ok=True)
            path = FAILURES / f"{args.seed}-{rounds}.html"
            path.write_bytes(data)
            print(f"{path} (encoding {encoding}): {found}", flush=True)
    print(f"{rounds} pages, {failures} failures, seed {args.seed}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
