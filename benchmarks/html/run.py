"""Score this package and its peers on WCXB: word F1 by page type, with confidence intervals, and CPU time, in one run.

    BENCH_WCXB=DIR python benchmarks/html/train.py --folds-out FOLDS
    BENCH_WCXB=DIR python benchmarks/html/run.py --folds FOLDS [--contestants cleaner trafilatura ...] [--limit 200]

Each page is cleaned with the model of its site's fold, which was fitted on pages of other sites only; ``--text-folds`` (see
``benchmarks/judge/train.py --folds-out``) does the same for the models that weigh the text that is left. The data set doesn't
count titles as content, this package does: the adapter here leaves the headline to its score, nothing else is changed. Contestants
take turns page by page in one process; CPU time is this process's.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parents[1] / "judge"))

import documents
import held_out
from wcxb import TYPES, Labelled, fold_of, folder, pages, tokens, word_f1

from cleaner import Cleaner
from cleaner.clean_page import clean_page
from cleaner.html_source import decode
from cleaner.main_content import load, scores
from cleaner.read_html import read_html

FOLDS = 5
Extract = Callable[[str, Any], str]


def text_fold(page: Labelled) -> int:
    """Return the fold of a page's site, as the models for plain text count folds."""
    return documents.fold_of(urlsplit(page.url).hostname or page.id)


def cleaner_with(folds: Path) -> Extract:
    models = [load((folds / f"{fold}.json").read_text(encoding="ascii")) for fold in range(FOLDS)]
    cleaner = Cleaner()
    return lambda html, page: clean_page(html, cleaner, model=models[fold_of(page.domain, FOLDS)], title=None).text


def cleaner_titles(folds: Path) -> Extract:
    models = [load((folds / f"{fold}.json").read_text(encoding="ascii")) for fold in range(FOLDS)]
    cleaner = Cleaner()
    return lambda html, page: clean_page(html, cleaner, model=models[fold_of(page.domain, FOLDS)]).text


def main_content_only(folds: Path) -> Extract:
    from cleaner.config import Config
    from cleaner.judge_page import judge_page
    from cleaner.render import render

    models = [load((folds / f"{fold}.json").read_text(encoding="ascii")) for fold in range(FOLDS)]
    config = Config()

    def run(html: str, page: Any) -> str:
        found = read_html(html)
        return render(found.document, judge_page(found, config, models[fold_of(page.domain, FOLDS)], title=None)).text

    return run


def read_only(_: Path) -> Extract:
    return lambda html, page: read_html(html).document.text


def score_only(folds: Path) -> Extract:
    model = load((folds / "0.json").read_text(encoding="ascii"))

    def run(html: str, _: Any) -> str:
        page = read_html(html)
        scores(page, model)
        return ""

    return run


def lxml_parse(_: Path) -> Extract:
    import lxml.html

    def run(html: str, _: Any) -> str:
        lxml.html.fromstring(html)
        return ""

    return run


def trafilatura(_: Path) -> Extract:
    from trafilatura import extract

    return lambda html, page: extract(html, url=page.url, include_comments=False, include_tables=True) or ""


def readability_lxml(_: Path) -> Extract:
    import html_text
    from readability import Document

    return lambda html, page: html_text.extract_text(Document(html).summary(html_partial=True))


def resiliparse(_: Path) -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, page: extract_plain_text(html, main_content=True, alt_texts=False)


def justext(_: Path) -> Extract:
    import justext as library

    stop = library.get_stoplist("English")
    return lambda html, page: "\n\n".join(
        p.text
        for p in library.justext(html, stop, 50, 200, 0.1, 0.2, 0.2, 200, no_headings=True)
        if not p.is_boilerplate
    )


def chromerag(_: Path) -> Extract:
    from chromerag import ChromeRAG

    extractor = ChromeRAG()

    def run(html: str, page: Any) -> str:
        text = extractor.extract(html, url=page.url or "").markdown
        return text.split("\n---", 1)[-1] if text.startswith("---") else text

    return run


CONTESTANTS: dict[str, Callable[[Path], Extract]] = {
    "cleaner": cleaner_with,
    "cleaner, main content alone": main_content_only,
    "cleaner, titles kept": cleaner_titles,
    "cleaner, reading alone": read_only,
    "cleaner, reading and scoring": score_only,
    "lxml.html.fromstring": lxml_parse,
    "trafilatura": trafilatura,
    "readability-lxml": readability_lxml,
    "resiliparse": resiliparse,
    "jusText": justext,
    "ChromeRAG": chromerag,
}
UNSCORED = ("lxml.html.fromstring", "cleaner, reading alone", "cleaner, reading and scoring")


def interval(values: list[float], rng: random.Random, rounds: int = 1000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean."""
    size = len(values)
    means = sorted(sum(rng.choices(values, k=size)) / size for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument(
        "--contestants",
        nargs="+",
        default=["cleaner", "lxml.html.fromstring", "trafilatura"],
        help=", ".join(CONTESTANTS),
    )
    parser.add_argument("--text-folds", type=Path, help="models for plain text that haven't seen a page's site")
    parser.add_argument("--limit", type=int, default=0, help="a random sample of so many pages")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="figures of every page, as JSON")
    parser.add_argument("--plot", type=Path, help="quality against cost, as benchmarks/results/README.md describes it")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    found = pages(folder())
    if options.limit:
        found = random.Random(options.seed).sample(found, min(options.limit, len(found)))
    if options.text_folds:
        found.sort(key=text_fold)
    ready = {name: CONTESTANTS[name](options.folds) for name in options.contestants}
    warm = "<html><body><article><p>" + "Some warm-up text, long enough. " * 20 + "</p></article></body></html>"
    for run in ready.values():
        run(warm, found[0])
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, page in enumerate(found):
        if options.text_folds and (not number or text_fold(page) != text_fold(found[number - 1])):
            held_out.use(options.text_folds / f"fold-{text_fold(page)}")
            for run in ready.values():
                run(warm, page)
        html, gold = decode(page.html), tokens(page.gold)
        turn = number % len(ready)
        for name, run in [*ready.items()][turn:] + [*ready.items()][:turn]:
            begin = time.process_time()
            try:
                text = run(html, page)
            except Exception as problem:  # noqa: BLE001
                text = ""
                rows[name].append({"error": repr(problem)[:200]})
            else:
                rows[name].append({})
            spent = time.process_time() - begin
            precision, recall, f1 = word_f1(tokens(text), gold)
            rows[name][-1].update(id=page.id, kind=page.kind, cpu=spent, p=precision, r=recall, f1=f1)
        if number % 100 == 99:
            print(f"{number + 1} pages", flush=True)
    report(rows, options.seed)
    if options.out:
        options.out.write_text(json.dumps(rows), encoding="utf-8")
    if options.plot:
        options.plot.write_text(json.dumps(plot(rows), indent=1) + "\n", encoding="utf-8")


def plot(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return quality against cost of the contestants that are scored; the cost is a multiple of ``lxml.html.fromstring``."""
    base = sum(row["cpu"] for row in rows["lxml.html.fromstring"])
    return {
        "title": "Main content of web pages, WCXB",
        "note": f"{len(next(iter(rows.values())))} pages of the public development folder of WCXB (Foley 2026, arXiv 2605.21097,"
        " CC-BY-4.0), all page types; this package with models that haven't seen a page's site, contestants in turns in one run."
        " ChromeRAG was trained on this folder.",
        "cost": "CPU time a page, as a multiple of lxml.html.fromstring",
        "quality": "word F1",
        "points": [
            {
                "name": name,
                "cost": round(sum(row["cpu"] for row in found) / base, 2),
                "quality": round(mean(found, "f1"), 3),
            }
            for name, found in rows.items()
            if name not in UNSCORED
        ],
    }


def report(rows: dict[str, list[dict[str, Any]]], seed: int) -> None:
    rng = random.Random(seed)
    base = sum(row["cpu"] for row in rows.get("lxml.html.fromstring", []))
    print(
        "\n| contestant | pages | all: F1 [95 %] | P | R | articles: F1 [95 %] | articles with recall < .2 | CPU ms/page | x lxml | errors |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, found in rows.items():
        cpu = sum(row["cpu"] for row in found)
        timed = f"{1000 * cpu / len(found):.1f} | {cpu / base:.2f}" if base else f"{1000 * cpu / len(found):.1f} |"
        if name in UNSCORED:
            print(f"| {name} | {len(found)} | | | | | | {timed} | |")
            continue
        articles = [row for row in found if row["kind"] == "article"]
        cells = []
        for part in (found, articles):
            low, high = interval([row["f1"] for row in part], rng)
            cells.append(f"{mean(part, 'f1'):.3f} [{low:.3f}, {high:.3f}]")
        lost = sum(row["r"] < 0.2 for row in articles)
        errors = sum("error" in row for row in found)
        print(
            f"| {name} | {len(found)} | {cells[0]} | {mean(found, 'p'):.3f} | {mean(found, 'r'):.3f} | {cells[1]} | {lost} | {timed} | {errors} |"
        )
    print("\n| F1 (P/R) [95 %] | " + " | ".join(TYPES) + " |\n|" + "---|" * (len(TYPES) + 1))
    for name, found in rows.items():
        if name in UNSCORED:
            continue
        cells = []
        for kind in TYPES:
            part = [row for row in found if row["kind"] == kind]
            if not part:
                cells.append("")
                continue
            low, high = interval([row["f1"] for row in part], rng)
            cells.append(
                f"{mean(part, 'f1'):.3f} ({mean(part, 'p'):.2f}/{mean(part, 'r'):.2f}) [{low:.2f}, {high:.2f}]"
            )
        print(f"| {name} | " + " | ".join(cells) + " |")
    counts = [str(sum(row["kind"] == kind for row in next(iter(rows.values())))) for kind in TYPES]
    print("| pages | " + " | ".join(counts) + " |")


def mean(rows: list[dict[str, Any]], name: str) -> float:
    return sum(row[name] for row in rows) / len(rows) if rows else 0.0


if __name__ == "__main__":
    main()
