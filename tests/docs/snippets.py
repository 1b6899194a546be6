"""The examples of the documentation, and how they are run.

- A block with a title is a file, and is written: ```` ```toml title="my-rules.toml" ````.
- A block of ``sh`` or ``python`` is run, in a folder of the page's own, one after the other.
- Behind ``<!-- output -->`` stands what the block before it printed.
- ``page_bytes`` is a web page, where an example speaks of one.
- ``<!-- exit: 1 -->`` says with which code a block of ``sh`` ends; ``<!-- not run: why -->`` that it isn't run.

``python -m tests.docs.snippets`` writes the outputs into the pages as they are now; read what it changed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
OTHERS = {"records.md", "pipelines.md", "scale.md"}
"""Pages with tests of their own, since they need libraries and much data."""

PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in OTHERS)]

_BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^>]*?) -->\n+)?^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Outcome(NamedTuple):
    """A block of a page whose outcome is known.

    Attributes:
        line: where it stands.
        problem: what is wrong, or nothing.
        start: where the text of an output begins.
        end: and ends.
        output: what it has to be.
    """

    line: int
    problem: str
    start: int = 0
    end: int = 0
    output: str = ""


def outcomes(page: Path, folder: Path) -> Iterator[Outcome]:
    """Run the blocks of a page in a folder."""
    written = page.read_text(encoding="utf-8")
    page_bytes = b"<!doctype html><title>Ferry</title><article><h1>Ferry</h1><p>The ferry sailed at dawn.</p></article>"
    names: dict[str, Any] = {"__name__": "__main__", "page_bytes": page_bytes}
    said = ""
    for block in _BLOCK.finditer(written):
        line = written.count("\n", 0, block.start("text"))
        note, kind, text = block["note"] or "", block["kind"], block["text"]
        if note == "output":
            problem = "" if text.rstrip() == said.rstrip() else f"printed {said!r}"
            yield Outcome(line, problem, block.start("text"), block.end("text"), said.rstrip() + "\n")
        elif note.startswith("not run:") or (page.name == "README.md" and kind == "sh"):
            continue
        elif block["title"]:
            path = folder / block["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        elif kind == "sh":
            said, problem = shell(text, folder, int(note.partition(":")[2]) if note.startswith("exit:") else 0)
            yield Outcome(line, problem)
        elif kind == "python":
            said, problem = python(text, folder, names)
            yield Outcome(line, problem)


def shell(text: str, folder: Path, code: int) -> tuple[str, str]:
    """Run commands, and return what they printed and what was wrong."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "80"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    problem = "" if done.returncode == code else f"ended with {done.returncode}: {done.stderr.decode()[-800:]}"
    return done.stdout.decode(), problem


def python(text: str, folder: Path, names: dict[str, Any]) -> tuple[str, str]:
    """Run Python among the names of the blocks before it."""
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said):
        try:
            exec(compile(text, "<documentation>", "exec"), names)
        except Exception as problem:  # noqa: BLE001  # whatever an example raises is its problem
            return said.getvalue(), repr(problem)
    return said.getvalue(), ""


def main() -> None:
    """Write the outputs into the pages."""
    for page in PAGES:
        with TemporaryDirectory() as folder:
            found = list(outcomes(page, Path(folder)))
        written = page.read_text(encoding="utf-8")
        for one in reversed(found):
            if one.output:
                written = written[: one.start] + one.output + written[one.end :]
            elif one.problem:
                sys.stdout.write(f"{page.relative_to(ROOT)}:{one.line}: {one.problem}\n")
        page.write_text(written, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
