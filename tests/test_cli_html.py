from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from cleaner.cli import main

BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The first ferry in nine months left the upper quay at ten past seven with forty cars and a brass band on board.",
        "Nobody on the island had expected the ramp to be ready before the autumn, and the harbour master had said as much.",
        "In the evening the band played on the way back, and the passengers stood along the rail until the light was gone.",
    )
)
PAGE = f"<!doctype html><title>Ferry</title><nav><a href=/>Home</a></nav><article><h1>Ferry</h1>{BODY}</article>"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page"
    path.write_bytes(PAGE.encode("utf-16"))
    return path


@pytest.mark.parametrize("kind", ["html", "auto"])
def test_a_page_is_cleaned(page: Path, kind: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--from", kind, str(page)]) == 0
    out = capsysbinary.readouterr().out
    assert out.startswith(b"Ferry\n\nThe first ferry")
    assert out.endswith(b"until the light was gone.\n")


def test_auto_leaves_texts_texts(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    text = b"How <b> works\r\n\r\nThe tag <b> makes text bold, and </b> ends it, as every beginner learns.\r\n"
    path = tmp_path / "text.txt"
    path.write_bytes(text)
    assert main(["--from", "auto", str(path)]) == 0
    assert capsysbinary.readouterr().out == text


def test_standard_input_and_json(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    assert main(["--from", "html", "--format", "json"]) == 0
    row = json.loads(capsysbinary.readouterr().out)
    assert row["text"].startswith("Ferry")
    assert row["removed"][0]["rule"] == "any.navigation.main-content"


def test_warnings_are_notes_and_bad_bytes_errors(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    empty, packed = tmp_path / "empty.html", tmp_path / "packed.html"
    empty.write_bytes(b"")
    packed.write_bytes(b"\x1f\x8b\x08")
    assert main(["--from", "html", str(empty)]) == 0
    assert b"shows no text" in capsysbinary.readouterr().err
    assert main(["--from", "html", str(packed)]) == 2
    assert b"gzip" in capsysbinary.readouterr().err


def test_markdown(page: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--from", "html", "--format", "markdown", str(page)]) == 0
    assert capsysbinary.readouterr().out.startswith(b"# Ferry\n\nThe first ferry")
    linked = tmp_path / "linked.html"
    linked.write_text(PAGE.replace("The first ferry", "The <a href=first>first</a> <b>ferry</b>"), encoding="utf-8")
    options = ["--from", "auto", "--format", "markdown", "--links", "--url", "https://harbour-echo.example/a/"]
    assert main([*options, str(linked), "-o", f"{tmp_path}/out/"]) == 0
    written = (tmp_path / "out" / "linked.html.md").read_text(encoding="utf-8")
    assert "The [first](https://harbour-echo.example/a/first) **ferry** in nine" in written
    text = tmp_path / "text.txt"
    text.write_text("# Ferry *returns*\n\nThe tide turned at nine.\n", encoding="utf-8", newline="")
    capsysbinary.readouterr()
    assert main(["--from", "auto", "--format", "markdown", str(text)]) == 0
    assert capsysbinary.readouterr().out == b"# Ferry *returns*\n\nThe tide turned at nine.\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "markdown"], b"say --from html"),
        (["--format", "markdown", "--from", "html", "--diff"], b"doesn't go with --diff"),
        (["--format", "markdown", "--from", "html", "--in-place"], b"doesn't go with --format markdown"),
        (["--links", "--from", "html"], b"only --format markdown has links"),
    ],
)
def test_markdown_is_made_of_pages(
    options: list[str], message: bytes, page: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([*options, str(page)]) == 2
    assert message in capsysbinary.readouterr().err


def test_pages_are_not_rewritten_in_place(page: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--in-place", "--from", "auto", str(page)]) == 2
    assert b"--from auto" in capsysbinary.readouterr().err
    assert main(["--from", "pdf", str(page)]) == 2
