"""``cleaner playground``: paste a text into the browser and watch what goes."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cleaner.cli import files as io
from cleaner.cli.files import InputError
from cleaner.cli.output import complain, emit_text, reason, say
from cleaner.cli.parser import Formatter, Parser
from cleaner.review.serve import SAMPLE, Playground, Server

PORT: Final = 8765

_DESCRIPTION: Final = """\
Serve a page on this machine in which a text can be pasted: see what goes and
why, switch categories and rules off, change a rule and watch. Nothing leaves
the machine; Ctrl-C ends it.
"""

_EPILOG: Final = """\
examples:
  cleaner playground
  cleaner playground dirty.txt --rules my-rules.toml --port 0
"""


def run_playground(arguments: Sequence[str]) -> int:
    """Serve the playground until it is interrupted."""
    options = _parser().parse(arguments)
    try:
        text = io.read(options.files[0], "utf-8", "strict").text if options.files else SAMPLE
        rules = Path(options.rules).read_text(encoding="utf-8") if options.rules else ""
    except InputError as problem:
        complain(problem)
        return 2
    except OSError as problem:
        complain(f"{options.rules}: can't be read: {reason(problem)}")
        return 2
    except UnicodeDecodeError as problem:
        complain(f"{options.rules}: isn't UTF-8: bad byte at offset {problem.start}")
        return 2
    with Playground(text, rules) as playground:
        try:
            server = Server(playground, options.port)
        except OSError as problem:
            complain(f"--port: {options.port} can't be used: {reason(problem)}; choose another, or 0 for any")
            return 2
        with server:
            _serve(server, browser=options.open)
    return 0


def _serve(server: Server, *, browser: bool) -> None:
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        emit_text(f"{server.url}\n")
        say("cleaner: the playground is there; end it with Ctrl-C\n")
        if browser:
            import webbrowser  # noqa: PLC0415

            webbrowser.open(server.url)
        server.serve_forever()
    except KeyboardInterrupt:
        say("\n")


def _parser() -> Parser:
    parser = Parser(
        prog="cleaner playground",
        usage="cleaner playground [FILE] [OPTION...]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="?", metavar="FILE", type=lambda name: [name], help="a text to begin with")
    parser.add_argument("--rules", metavar="FILE", help="a rule file of yours to begin with; it isn't written to")
    parser.add_argument(
        "--port", type=port, default=PORT, metavar="N", help=f"the port to listen on; 0 is any (default: {PORT})"
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    return parser


def port(value: str) -> int:
    """Return a port's number."""
    if not value.isdecimal() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 65535, not {value!r}")
    return int(value)
