"""The options of the command, and the help that teaches them."""

from __future__ import annotations

import argparse
import sys
from typing import Final, NoReturn

EPILOG: Final = """\
examples:
  cleaner < dirty.txt > clean.txt
  cleaner --explain --keep caption,byline dirty.txt
  cleaner --in-place --mode conservative articles/*.txt
  cleaner --check --rules my-rules.toml *.txt

other commands:
  cleaner rules [--language L] [--category C]   list the rules
  cleaner rules show ID                         why a rule is there, what it strips, what it keeps
  cleaner rules test FILE                       check a rule file of yours by its own examples
  cleaner categories                            list the categories and what belongs to them
  (a file that is called "rules" is ./rules)

exit codes:
  0  done
  1  --check: something would go; rules test: an example failed
  2  an option, a file or a rule that can't be used (other files are still done)
  130  interrupted
"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line that names what is near."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and stop with 2."""
        if message.startswith("unrecognized arguments: -"):
            from cleaner.config import nearest  # noqa: PLC0415

            wrong = message.split()[2].partition("=")[0]
            known = [option for action in self._actions for option in action.option_strings]
            message = f"no option {wrong}{nearest(wrong, known)}; see {self.prog} --help"
        sys.stderr.write(f"{self.prog}: error: {message}\n")
        raise SystemExit(2)


def build_parser() -> Parser:
    """Return the parser of the cleaning command."""
    parser = Parser(
        prog="cleaner",
        description="Clean article text out of dirty scraped text: files or standard input in, the article out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="texts to clean; none, or -, reads standard input")
    parser.add_argument("--version", action=_Version)

    output = parser.add_argument_group("output")
    output.add_argument(
        "-o", "--output", metavar="PATH", help="write there instead of to standard output; a folder for several files"
    )
    output.add_argument(
        "--in-place", action="store_true", help="rewrite the files themselves; one that is clean isn't touched"
    )
    output.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text, or one JSON object a file: source, text, removed",
    )
    output.add_argument("--diff", action="store_true", help="print what would change, as a unified diff")
    output.add_argument("--check", action="store_true", help="print nothing; exit with 1 if something would go")
    output.add_argument("--explain", action="store_true", help="say on standard error what went and why")
    output.add_argument("--quiet", action="store_true", help="no progress and no summary")

    what = parser.add_argument_group("what goes and what stays")
    what.add_argument(
        "--mode", default="standard", metavar="MODE", help="conservative, standard (default) or aggressive"
    )
    what.add_argument(
        "--strip",
        action="append",
        default=[],
        metavar="CATEGORY",
        help="strip only these (repeat, or a list with commas)",
    )
    what.add_argument("--keep", action="append", default=[], metavar="CATEGORY", help="never strip these")
    what.add_argument("--disable", action="append", default=[], metavar="ID", help="switch a rule off")
    what.add_argument(
        "--protect", action="append", default=[], metavar="PATTERN", help="a line in which it is found loses nothing"
    )
    what.add_argument(
        "--language", action="append", default=[], metavar="CODE", help="use the rules of these languages only"
    )
    what.add_argument(
        "--rules", action="append", default=[], metavar="RULEFILE", help="use a rule file of yours as well"
    )

    reading = parser.add_argument_group("reading")
    reading.add_argument("--encoding", default="utf-8", help="of what is read and written (default: utf-8)")
    reading.add_argument("--errors", default="strict", choices=("strict", "replace", "ignore", "surrogateescape"),
                         help="what to do with bytes that aren't (default: strict, an error)")  # fmt: skip
    return parser


class _Version(argparse.Action):
    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and stop")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from cleaner import __version__  # noqa: PLC0415

        sys.stdout.write(f"cleaner {__version__}\n")
        parser.exit(0)
