"""The filter: texts in, clean texts out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial

from cleaner.cli import files as io
from cleaner.cli.files import STDIN, InputError, Source
from cleaner.cli.output import complain, emit, emit_text, note, printable, say, terminal_width
from cleaner.cli.progress import Progress
from cleaner.config import Config, nearest
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError
from cleaner.model import Result
from cleaner.shipped import shipped_rules

SEVERAL = 20
"""From so many files on, a summary is worth its line even where nobody watches."""


class UsageError(Exception):
    """Options that don't go together; the message says which and what does."""


def run_clean(options: argparse.Namespace) -> int:
    """Clean what the options name and return the exit code."""
    files = options.files or [STDIN]
    try:
        _check_usage(options, files)
        _check_command(files[0])
        cleaner = Cleaner(config_of(options))
        targets = _targets(options, files)
    except (CleanerError, UsageError, InputError) as problem:
        complain(problem)
        return 2
    if not options.quiet:
        _remark(options, files)
    changed = failed = 0
    with Progress(len(files), watched=len(files) > 1 and not options.quiet and _watched(options)) as progress:
        for name, target in zip(files, targets, strict=True):
            try:
                changed += _one(name, target, cleaner, options, progress)
            except InputError as problem:
                progress.say(f"cleaner: error: {printable(str(problem))}\n")
                failed += 1
            except CleanerError as problem:
                progress.say(f"cleaner: error: {printable(f'{io.shown(name)}: {problem}')}\n")
                failed += 1
            progress.step()
    if len(files) > 1 and not options.quiet and (len(files) >= SEVERAL or _terminal(sys.stderr)):
        say(_summary(options, len(files), changed, failed))
    if failed:
        return 2
    return 1 if options.check and changed else 0


def _summary(options: argparse.Namespace, files: int, changed: int, failed: int) -> str:
    verb = (
        "would change"
        if options.check or options.diff
        else "changed"
        if options.in_place
        else "had something to remove"
    )
    bad = f", {failed} could not be used" if failed else ""
    return f"cleaner: {files} files, {changed} {verb}{bad}\n"


def config_of(options: argparse.Namespace) -> Config:
    """Return the configuration that the options of what goes and what stays ask for.

    Raises:
        ConfigError: see the class.
    """
    return Config(
        mode=options.mode,
        strip=options.strip or None,
        keep=options.keep,
        disable=options.disable,
        languages=options.language or None,
        protect=options.protect,
        rules=options.rules,
        sites=options.sites,
        title=options.headline,
    )


def _check_usage(options: argparse.Namespace, files: Sequence[str]) -> None:
    if files.count(STDIN) > 1:
        raise UsageError("-: standard input can be read only once")
    if options.in_place:
        if STDIN in files:
            raise UsageError("--in-place: takes files, not standard input")
        for option, given in (
            ("--output", options.output),
            ("--check", options.check),
            ("--diff", options.diff),
            (f"--format {options.format}", options.format != "text"),
            (f"--from {options.source}", options.source != "text"),
        ):
            if given:
                raise UsageError(f"--in-place: doesn't go with {option}")
    if options.output and (options.check or options.diff):
        raise UsageError(f"--output: doesn't go with {'--check' if options.check else '--diff'}")
    if options.format != "text" and (options.check or options.diff):
        raise UsageError(f"--format {options.format}: doesn't go with {'--check' if options.check else '--diff'}")
    if options.links and options.format != "markdown":
        raise UsageError("--links: only --format markdown has links")
    if options.format == "markdown" and options.source == "text":
        raise UsageError("--format markdown: is made of web pages; say --from html or --from auto")
    for language in options.language:
        if not (language.isalpha() and language.isascii() and language.islower()) or len(language) > 3:
            known = sorted({rule.language for rule in shipped_rules()[0]})
            hint = nearest(language[:2].lower(), known)
            raise UsageError(f"--language: expected a code such as en, not {language!r}{hint}")


def _check_command(name: str) -> None:
    """Refuse a command that was misspelt before its files are cleaned instead."""
    if name != STDIN and not os.path.lexists(name) and (hint := io.meant(name)):
        raise InputError(f"{name}: no such command or file{hint}")


def _targets(options: argparse.Namespace, files: Sequence[str]) -> list[str | None]:
    """Return where each text goes: a path, or ``None`` for standard output, or for nowhere."""
    if options.in_place:
        return list(files)
    output = options.output
    if output is None or output == STDIN:
        return [None] * len(files)
    if not io.is_folder(output):
        if len(files) > 1:
            raise UsageError(f"--output: {output} is no folder; several files need one, written {output}/")
        targets = [output]
    else:
        suffix = {"json": ".json", "markdown": ".md"}.get(options.format, "")
        targets = [
            os.path.join(output, ("stdin" if name == STDIN else os.path.basename(name)) + suffix)  # noqa: PTH118, PTH119
            for name in files
        ]
    seen: dict[str, str] = {}
    for name, target in zip(files, targets, strict=True):
        if target in seen:
            raise UsageError(f"--output: both {seen[target]} and {name} would be written to {target}")
        seen[target] = name
        if name != STDIN and os.path.isfile(name) and io.same_file(name, target):  # noqa: PTH113
            raise UsageError(f"--output: {target} is the text itself; --in-place rewrites files")
    if io.is_folder(output):
        io.make_folder(output)
    return list(targets)


def _remark(options: argparse.Namespace, files: Sequence[str]) -> None:
    """Say what isn't wrong but may not be what was meant."""
    if options.language:
        known = {rule.language for rule in shipped_rules()[0]}
        for language in options.language:
            if language not in known:
                note(f"no rules for {language!r}{nearest(language, known)}; those of no language apply")
    if files == [STDIN] and not options.files and _terminal(sys.stdin) and _terminal(sys.stderr):
        note("reading standard input; end it with Ctrl-D, or see cleaner --help")


def _one(name: str, target: str | None, cleaner: Cleaner, options: argparse.Namespace, progress: Progress) -> bool:
    """Clean one text, give what is asked for, and return whether anything went."""
    page = options.source != "text"
    if not page:
        source = io.read(name, options.encoding, options.errors)
        result = cleaner.explain(source.text, url=options.url)
    else:
        source, result, page = _page(name, cleaner, options)
        if not options.quiet:
            for warning in result.warnings:
                progress.say(f"cleaner: note: {printable(f'{source.shown}: {warning}')}\n")
    changed = bool(result.removed)
    if options.explain:
        progress.say(_explained(source, result, options))
    if options.check and changed and not options.quiet:
        progress.say(f"{printable(source.shown)}\n")
    if options.diff:
        if _terminal(sys.stdout):
            emit_text(_shown_diff(source, result))
        else:
            emit(_diff(source, result))
    elif options.check or (options.in_place and not changed):
        pass
    else:
        data = _json(source, result) if options.format == "json" else source.encode(_written(result, options))
        if page and data and not data.endswith(b"\n"):
            data += b"\n"
        if target is None:
            emit(data)
        else:
            io.write(target, data, only_files=options.in_place)
    return changed


def _page(name: str, cleaner: Cleaner, options: argparse.Namespace) -> tuple[Source, Result, bool]:
    """Read what is, or may be, a web page, clean it, and say whether it was one."""
    data = io.read_bytes(name)
    if options.source == "auto" and not io.is_page(name, data):
        source = io.source(name, data, options.encoding, options.errors)
        return source, cleaner.explain(source.text, url=options.url), False
    encoding = None if options.encoding == "utf-8" else options.encoding
    result = cleaner.explain_html(data, options.url, encoding=encoding)
    text = result.document.text
    return Source(name, io.shown(name), text.encode(), text, "utf-8", "strict"), result, True


def _written(result: Result, options: argparse.Namespace) -> str:
    return result.to_markdown(links=options.links) if options.format == "markdown" else result.text


def _explained(source: Source, result: Result, options: argparse.Namespace) -> str:
    from cleaner.cli.reasons import reasons  # noqa: PLC0415  # reading rule files is no part of cleaning
    from cleaner.cli.report import explanation, wants_colour  # noqa: PLC0415

    return explanation(
        source.shown,
        result,
        partial(reasons, files=options.rules),
        width=terminal_width(2),
        colour=wants_colour(sys.stderr),
    )


def _json(source: Source, result: Result) -> bytes:
    from cleaner.cli.report import json_line  # noqa: PLC0415

    return json_line(source.shown, result).encode("ascii")


def _diff(source: Source, result: Result) -> bytes:
    from cleaner.cli.diff import diff  # noqa: PLC0415

    name = printable(source.shown)
    # Headers are ASCII, so in UTF-16 and its like the whole is written as UTF-8; a name may be no character of the encoding.
    plain = "\n".encode(source.codec) == b"\n"
    head, _, body = diff(name, result).partition("@@")
    if not body:
        return b""
    return os.fsencode(head) + (
        source.encode("@@" + body) if plain else ("@@" + body).encode("utf-8", "surrogateescape")
    )


def _shown_diff(source: Source, result: Result) -> str:
    from cleaner.cli.diff import diff, readable  # noqa: PLC0415
    from cleaner.cli.report import wants_colour  # noqa: PLC0415

    return readable(diff(printable(source.shown), result), terminal_width(1), colour=wants_colour(sys.stdout))


def _watched(options: argparse.Namespace) -> bool:
    """Whether progress is worth showing: on a terminal that the texts themselves don't go to."""
    quiet_output = options.in_place or options.check or (options.output not in (None, STDIN))
    return _terminal(sys.stderr) and (quiet_output or not _terminal(sys.stdout))


def _terminal(stream: object) -> bool:
    try:
        return bool(getattr(stream, "isatty", lambda: False)())
    except ValueError:  # a stream that was closed
        return False
