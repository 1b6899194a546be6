"""The report of a run, for people: as tables for a terminal, as a page with plots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from cleaner.records.errors import RunError

TOP: Final = 20
WIDTH: Final = 720
_ROW: Final = 22
_LABEL: Final = 230
_FIGURE: Final = 110

_STYLE: Final = """\
body{font:15px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1d1f21;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}svg{width:100%;height:auto}text{font-size:12px;fill:currentColor}
rect{fill:#3b7dd8}.rest{fill:#8884}table{border-collapse:collapse;width:100%}td,th{padding:.2rem .6rem;text-align:left;
vertical-align:top;border-bottom:1px solid #8884}.n{text-align:right;font-variant-numeric:tabular-nums}
q{quotes:none;background:#8882;padding:0 .2rem}ul{margin:0;padding-left:1rem}
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181a}rect{fill:#6aa5f0}}"""


def read_report(path: str) -> dict[str, Any]:
    """Read a report.

    Raises:
        RunError: it can't be read, or is no report.
    """
    try:
        report = json.loads(Path(path).read_bytes())
    except OSError as problem:
        raise RunError(f"{path}: can't be read: {(problem.strerror or str(problem)).lower()}") from None
    except ValueError:
        report = None
    if not isinstance(report, dict) or not {"documents", "rules", "categories", "hosts", "words_in"} <= report.keys():
        raise RunError(f"{path}: is no report of cleaner run --report")
    return report


def table(report: dict[str, Any], top: int = TOP) -> str:
    """Return a report as tables of plain text."""
    out = [*_lines(_totals(report)), ""]
    for title, rows in _sections(report):
        if rows[1:]:
            shown = rows[: top + 1]
            out += [title, *_lines(shown, head=True)]
            if len(rows) > len(shown):
                out.append(f"  and {len(rows) - len(shown):,} more")
            out.append("")
    samples = [(rule["name"], rule["samples"]) for rule in report["rules"][:top] if rule["samples"]]
    if samples:
        out.append("What the rules that removed most took, for instance")
        for name, texts in samples:
            out += [f"  {name}", *(f"    | {text}" for text in texts)]
    return "\n".join(out).rstrip() + "\n"


def _totals(report: dict[str, Any]) -> list[tuple[str, ...]]:
    words, size = (report[f"{name}_in"] - report[f"{name}_out"] for name in ("words", "bytes"))
    rows = [
        ("documents", _n(report["documents"]), ""),
        ("  with something removed", _n(report["changed"]), _share(report["changed"], report["documents"])),
        ("  of which nothing is left", _n(report["emptied"]), _share(report["emptied"], report["documents"])),
        ("  left out", _n(report["dropped"]), _share(report["dropped"], report["documents"])),
        ("records rejected", _n(report["rejected"]), ""),
        ("records without a document", _n(report["skipped"]), ""),
        ("words in", _n(report["words_in"]), ""),
        ("  removed", _n(words), _share(words, report["words_in"])),
        ("bytes in", _n(report["bytes_in"]), ""),
        ("  removed", _n(size), _share(size, report["bytes_in"])),
        ("removals", _n(report["removals"]), ""),
    ]
    return [row for row in rows if row[1] != "0" or not row[0].startswith(("records", "  left"))]


def _sections(report: dict[str, Any]) -> Iterable[tuple[str, list[tuple[str, ...]]]]:
    for title, key in (("Removed by category", "categories"), ("Removed by rule", "rules")):
        rows = [(one["name"], _n(one["removals"]), _n(one["words"])) for one in report[key]]
        yield title, [("", "removals", "words"), *rows]
    for title, key in (("By script", "scripts"), ("By host", "hosts")):
        counted = [
            (
                one["name"],
                _n(one["documents"]),
                _n(one["removals"]),
                _share(one["words_in"] - one["words_out"], one["words_in"]),
            )
            for one in report[key]
        ]
        yield title, [("", "documents", "removals", "of the words"), *counted]
    for title, key in (("Rejected", "rejects"), ("Without a document", "skips")):
        yield title, [("", "records"), *((name, _n(number)) for name, number in report.get(key, {}).items())]


def _lines(rows: Sequence[tuple[str, ...]], *, head: bool = False) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    indent = "  " if head else ""
    return [
        (indent + "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])).rstrip() for row in rows
    ]


def page(report: dict[str, Any], top: int = TOP) -> str:
    """Return a report as a page of HTML with plots; it loads nothing."""
    words = report["words_in"] - report["words_out"]
    out = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>cleaner: {_n(report['documents'])} documents</title><style>{_STYLE}</style>",
        f"<h1>{_n(report['documents'])} documents, {_share(words, report['words_in'])} of the words removed</h1>",
        _html_table([("", "", ""), *_totals(report)]),
    ]
    plots: list[tuple[str, list[tuple[str, float, str]]]] = [
        ("Words removed by category", [(one["name"], one["words"], _n(one["words"])) for one in report["categories"]]),
        ("Removals by rule", [(one["name"], one["removals"], _n(one["removals"])) for one in report["rules"]]),
        ("Documents by script", [(one["name"], one["documents"], _n(one["documents"])) for one in report["scripts"]]),
        ("Share of the words removed, by host (those with most documents)", [_shared(one) for one in report["hosts"]]),
        ("Records rejected, by reason", [(name, n, _n(n)) for name, n in report.get("rejects", {}).items()]),
    ]
    for title, rows in plots:
        if rows:
            more = f"<p>and {len(rows) - top:,} more</p>" if len(rows) > top else ""
            out.append(f"<h2>{escape(title)}</h2>{bars(rows[:top])}{more}")
    samples = [
        f"<tr><td>{escape(one['name'])}<td class=n>{_n(one['removals'])}<td><ul>"
        + "".join(f"<li><q>{escape(text)}</q>" for text in one["samples"])
        + "</ul>"
        for one in report["rules"][:top]
    ]
    if samples:
        out.append("<h2>What the rules took, for instance</h2><table><tr><th>rule<th class=n>removals<th>samples")
        out += [*samples, "</table>"]
    return "\n".join(out) + "\n"


def _shared(one: dict[str, Any]) -> tuple[str, float, str]:
    words = one["words_in"] - one["words_out"]
    return one["name"], words / max(1, one["words_in"]), _share(words, one["words_in"])


def bars(rows: Sequence[tuple[str, float, str]]) -> str:
    """Return a plot of horizontal bars as SVG: name, length, and what is written behind it."""
    most = max(value for _, value, _ in rows) or 1
    room = WIDTH - _LABEL - _FIGURE
    out = [f'<svg viewBox="0 0 {WIDTH} {_ROW * len(rows)}" role="img">']
    for number, (name, value, figure) in enumerate(rows):
        y = number * _ROW
        length = round(room * value / most, 1)
        shown = name if len(name) <= 36 else name[:35] + "\u2026"
        out.append(
            f'<text x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">{escape(shown)}<title>{escape(name)}</title></text>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{length}" height="{_ROW - 8}"/>'
            f'<text x="{_LABEL + length + 6}" y="{y + 15}">{escape(figure)}</text>'
        )
    return "".join([*out, "</svg>"])


def _html_table(rows: Sequence[tuple[str, ...]]) -> str:
    cells = [
        f"<tr><td>{escape(row[0].strip())}" + "".join(f"<td class=n>{escape(cell)}" for cell in row[1:])
        for row in rows[1:]
    ]
    return "<table>" + "".join(cells) + "</table>"


def _n(number: int) -> str:
    return f"{number:,}"


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "-"
