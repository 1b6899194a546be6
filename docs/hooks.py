"""Pages that are made, not written: the command from its help, Python from docstrings, rules from their files, benchmarks from results."""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import re
from collections.abc import Iterator
from html import escape
from math import log10
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import cleaner
from cleaner.cli import main
from cleaner.cli.fires import Counts, counts, is_corpus
from cleaner.cli.parser import COMMANDS
from cleaner.cli.reasons import Known, first_sentence, shipped
from cleaner.cli.rule_page import RulePage, rule_page
from cleaner.model import CATEGORIES

ROOT = Path(__file__).parent.parent
SOURCE = "src/cleaner"
SECTIONS = ("Args", "Attributes", "Raises", "Returns")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the made pages to those that are written."""
    for name, text in made():
        files.append(File.generated(config, name, content=text))
    return files


def made() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each made page."""
    yield "reference/command.md", command_page()
    yield "reference/python.md", python_page()
    yield from rule_pages()
    yield "benchmarks.md", benchmarks_page()


def command_page() -> str:
    """Return the help of every command."""
    out = "# The command\n\nWhat each command's `--help` says.\n"
    shown = ("", *COMMANDS, "rules show", "rules test")
    for name in shown:
        out += f"\n## {f'cleaner {name}'.strip()}\n\n```text\n{help_of(name)}```\n"
    return out


def help_of(name: str) -> str:
    """Return what a command's ``--help`` prints at 80 columns."""
    said = io.BytesIO()
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "80"
    try:
        with contextlib.redirect_stdout(io.TextIOWrapper(said, encoding="utf-8", write_through=True)):
            main([*name.split(), "--help"])
            return said.getvalue().decode()
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before


def python_page() -> str:
    """Return the public names with their docstrings."""
    out = "# Python\n\nThe names of the package `cleaner`.\n"
    for name in sorted(cleaner.__all__, key=lambda one: (not one.islower(), one)):
        thing = getattr(cleaner, name)
        if inspect.isclass(thing):
            out += f"\n## {name}\n\n{_signature(name, thing)}{_docs(thing)}"
            for member, value in sorted(vars(thing).items()):
                documented = inspect.isfunction(value) or isinstance(value, property)
                if documented and not member.startswith("_") and inspect.getdoc(value):
                    shown = value.fget if isinstance(value, property) else value
                    out += f"\n### {name}.{member}\n\n"
                    out += "" if isinstance(value, property) else _signature(f"{name}.{member}", shown)
                    out += _docs(shown)
        elif callable(thing):
            out += f"\n## {name}\n\n{_signature(name, thing)}{_docs(thing)}"
        else:
            out += (
                f"\n## {name}\n\nEvery category and what belongs to it; see [categories and rules](rules/index.md).\n"
            )
    return out


def _signature(name: str, thing: Any) -> str:
    with contextlib.suppress(TypeError, ValueError):
        return f"```python\n{name}{inspect.signature(thing)}\n```\n\n".replace("'", "")
    return ""


def _docs(thing: Any) -> str:
    """Return a docstring as Markdown: its sections as lists, its roles as code."""
    text = inspect.getdoc(thing) or ""
    text = re.sub(r":\w+:`~?\.?([^`]+)`", r"`\1`", text).replace("``", "`")
    out: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line.rstrip(":") in SECTIONS and line.endswith(":"):
            out += ["", f"**{line.rstrip(':')}**", ""]
            inside = True
        elif inside and (found := re.match(r"    (\*?\w[\w.]*): (.*)", line)):
            out.append(f"- `{found[1]}`: {found[2]}")
        elif inside and line.startswith("        "):
            out.append(f"  {line.strip()}")
        else:
            inside = inside and not line.strip()
            out.append(line)
    return "\n".join(out).strip() + "\n"


def rule_pages() -> Iterator[tuple[str, str]]:
    """Yield an index, a page per category, and a page per rule."""
    fired = counts(ROOT / "corpus") if is_corpus(ROOT / "corpus") else None
    by_category: dict[str, list[Known]] = {}
    for known in shipped():
        by_category.setdefault(known.category, []).append(known)
    out = "# Categories and rules\n\n| category | what belongs to it | rules |\n|---|---|--:|\n"
    for category in CATEGORIES:
        rules = sorted(by_category.get(category, []))
        out += f"| [{category}]({category}.md) | {_text(CATEGORIES[category])} | {len(rules)} |\n"
        yield f"reference/rules/{category}.md", category_page(category, rules, fired)
        for known in rules:
            yield f"reference/rules/{category}/{_name(known)}.md", one_rule(rule_page(known), fired)
    yield "reference/rules/index.md", out


def category_page(category: str, rules: list[Known], fired: Counts | None) -> str:
    """Return the rules of one category."""
    out = f"---\nhide: [navigation]\n---\n\n# {category}\n\n{_text(CATEGORIES[category])}.\n"
    if not rules:
        return out + "\nNo shipped rule is of this category.\n"
    out += "\n| rule | why | fires |\n|---|---|--:|\n"
    for known in rules:
        often = fired.removals.get(known.id, 0) if fired else ""
        out += f"| [`{known.id}`]({category}/{_name(known)}.md) | {_text(first_sentence(known.why))} | {often} |\n"
    return out + "\n*Fires* counts removals from the golden cases of the repository.\n"


def one_rule(page: RulePage, fired: Counts | None) -> str:
    """Return the page of one rule."""
    known = page.known
    out = "---\nsearch:\n  exclude: true\n---\n\n"
    out += f"# {known.id}\n\n{_text(known.why)}\n\n| | |\n|---|---|\n"
    out += f"| category | [{known.category}](../{known.category}.md) |\n"
    out += f"| language | {'none: it always applies' if known.language == 'any' else known.language} |\n"
    if page.entry is None:
        out += "| found by | code, not a pattern |\n"
    elif page.entry.rule.protects:
        out += "| keeps | the block it is found in, whatever any rule says |\n"
    else:
        out += f"| confidence | {page.entry.rule.confidence:g}, enough in the modes {', '.join(page.modes)} |\n"
    out += "".join(f"| `{key}` | {_text(value)} |\n" for key, value in page.facts())
    if page.file:
        out += f"| file | `{page.file}` |\n"
    if fired is not None:
        out += f"| fires | {fired.of(known.id)} |\n"
    if page.entry is None:
        return out
    for title, examples in (("Stripped", page.entry.strips), ("Kept, though it comes near", page.entry.keeps)):
        if examples:
            out += f"\n## {title}\n" + "".join(f"\n{_block(example)}" for example in examples)
    out += f"\n## As it is written\n\nIn `{page.shape}`:\n\n" + "".join(f"{_block(one)}\n" for one in page.written)
    return out + "".join(f"`(?&{name})`:\n\n{_block(piece)}\n" for name, piece in page.pieces)


def _name(known: Known) -> str:
    language, _, name = known.id.split(".")
    return f"{language}-{name}"


def _block(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}\n"


def _text(text: str) -> str:
    """Return text that means itself in Markdown, in a table too."""
    return re.sub(
        r"([\\`*_\[\]|#<>~:^])",
        lambda found: f"&#{ord(found[0])};",
        escape(text, quote=False).replace("&amp;", "&#38;").replace("&lt;", "<").replace("&gt;", ">"),
    )


def benchmarks_page() -> str:
    """Return the results as the repository has them, with plots of those that have numbers in a file."""
    out = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8").replace("# Results", "# Benchmarks", 1)
    return out + "".join(_plot(path) for path in sorted((ROOT / "benchmarks" / "results").glob("*.json")))


def _plot(path: Path) -> str:
    """Draw quality against cost for the peers in one file of results; see ``benchmarks/results/README.md``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return f"\n## {_text(data['title'])}\n\n{_text(data.get('note', ''))}\n\n{scatter(data)}\n\n{_table(data)}"


def _table(data: dict[str, Any]) -> str:
    head = f"| | {_text(data['cost'])} | {_text(data['quality'])} |\n|---|--:|--:|\n"
    return head + "".join(
        f"| {_text(one['name'])} | {one['cost']:g} | {one['quality']:g} |\n" for one in data["points"]
    )


def scatter(data: dict[str, Any], width: int = 640, height: int = 400) -> str:
    """Return a plot as SVG: cost on a logarithmic axis to the right, quality upwards."""
    points = data["points"]
    costs = [log10(one["cost"]) for one in points]
    qualities = [one["quality"] for one in points]
    left, right = min(costs) - 0.2, max(costs) + 0.5
    low, high = min(qualities) - 0.02, max(qualities) + 0.02

    def place(one: dict[str, Any]) -> tuple[float, float]:
        x = 60 + (width - 80) * (log10(one["cost"]) - left) / (right - left)
        return x, height - 45 - (height - 65) * (one["quality"] - low) / (high - low)

    out = (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(data["quality"])} against {escape(data["cost"])}"'
        ' font-size="13" fill="currentColor" font-family="sans-serif">'
        f'<path d="M60 15V{height - 45}H{width - 15}" fill="none" stroke="currentColor"/>'
        f'<text x="{width / 2}" y="{height - 8}" text-anchor="middle">{escape(data["cost"])} (logarithmic)</text>'
        f'<text x="16" y="{height / 2}" text-anchor="middle" transform="rotate(-90 16 {height / 2})">{escape(data["quality"])}</text>'
    )
    for one in points:
        x, y = place(one)
        own = one["name"].startswith("cleaner")
        out += f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{6 if own else 4}"/>'
        weight = ' font-weight="bold"' if own else ""
        out += f'<text x="{x + 9:.0f}" y="{y + 4:.0f}"{weight}>{escape(one["name"])}</text>'
    for value in (low + 0.02, high - 0.02):
        _, y = place({"cost": 10**left, "quality": value})
        out += f'<text x="55" y="{y + 4:.0f}" text-anchor="end">{value:.2f}</text>'
    return out + "</svg>"
