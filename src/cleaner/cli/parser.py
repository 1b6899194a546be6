"""The options of the command, and the help that teaches them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

DESCRIPTION: Final = """\
Clean article text out of dirty scraped text: files or standard input in, the
article out, every removal explained on request.
"""

EPILOG: Final = """\
examples:
  cleaner < dirty.txt > clean.txt
  cleaner --explain --keep caption,byline dirty.txt
  cleaner --in-place --mode conservative articles/*.txt
  cleaner --check --rules my-rules.toml *.txt
  cleaner --format json articles/*.txt > articles.jsonl
  curl -s https://example.org/story | cleaner --from html
  cleaner --from auto --format markdown --links page.html > page.md

other commands (each has its own --help):
  cleaner run INPUT -o OUT clean records: JSON Lines, Parquet, WARC
  cleaner stats FILE       show the report of a run
  cleaner learn INPUT      find what recurs on each site, as rules to review
  cleaner rules            list the rules, by --language and --category
  cleaner rules show ID    why a rule is there, what it strips and what it keeps
  cleaner rules test FILE  check a rule file of yours by its own examples
  cleaner categories       list the categories and what belongs to them
  cleaner review FILE      make a page that shows what goes, to look at
  cleaner compare OLD NEW  show what a change of rules changes
  cleaner completion SHELL print what completes names in bash, zsh or fish
  cleaner playground       paste a text into the browser and watch what goes
A file that is called like one of them is written ./rules.

exit codes:
  0    done; also when the reader of a pipe went away
  1    --check: something would go; rules test: an example doesn't hold
  2    an option, a rule or a file that can't be used; other files are done
  130  interrupted

What is kept comes back to the byte: line ends, byte-order marks, NUL bytes.
Files are replaced as a whole or not at all.
"""

COMMANDS: Final = ("run", "stats", "learn", "rules", "categories", "review", "playground", "compare", "completion")


DESCRIBE: Final = "--\0describe"
"""An argument that no shell can give: the parser that meets it raises itself, for what is made from options."""


class Described(Exception):  # noqa: N818  # an answer, no error
    """The parser of a command."""

    def __init__(self, parser: Parser) -> None:
        super().__init__(parser.prog)
        self.parser = parser


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as it is written. Asks for the width itself, since argparse loads ``shutil`` for it, with all its archives."""

    def __init__(self, prog: str, **options: Any) -> None:
        from cleaner.cli.output import terminal_width  # noqa: PLC0415

        super().__init__(prog, **{"width": terminal_width(1) - 2, **options})


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line that names what is near."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and stop with 2."""
        from cleaner.cli.output import complain  # noqa: PLC0415

        complain(message.removeprefix("argument "))
        raise SystemExit(2)

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse options and positional arguments in any order; what follows ``--`` is no option."""
        before, after = list(arguments), []
        if before[-1:] == [DESCRIBE]:
            raise Described(self)
        if "--" in before:
            at = before.index("--")
            before, after = before[:at], before[at + 1 :]
        options, unknown = self.parse_known_intermixed_args(before)
        if unknown:
            wrong = unknown[0].partition("=")[0]
            if not wrong.startswith("-"):
                self.error(f"nothing is to be done with {wrong!r}; see {self.prog} --help")
            known = [option for action in self._actions for option in action.option_strings]
            self.error(f"no option {wrong}{_near(wrong, known)}; see {self.prog} --help")
        if after:
            options.files = [*options.files, *after]
        return options


def _near(name: str, names: Sequence[str]) -> str:
    from cleaner.config import nearest  # noqa: PLC0415  # only a mistake needs it

    return nearest(name, names)


class OneOf:
    """A check for arguments that have to be one of a few names."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        self._what = what
        self.names = tuple(names)

    def __call__(self, value: str) -> str:
        """Return the argument, if it is one of the names."""
        if value not in self.names:
            near = _near(value, self.names)
            raise argparse.ArgumentTypeError(f"no {self._what} {value!r}{near}; there are {', '.join(self.names)}")
        return value


def one_of(what: str, names: Sequence[str]) -> OneOf:
    """Return a check for arguments that have to be one of a few names."""
    return OneOf(what, names)


def names(value: str) -> list[str]:
    """Return the names in a list with commas."""
    found = [name.strip() for name in value.split(",") if name.strip()]
    if not found:
        raise argparse.ArgumentTypeError("expected a name, or several with commas between")
    return found


def encoding(value: str) -> str:
    """Return the name of a text encoding that Python knows."""
    try:
        "".encode(value)
        b"".decode(value)
    except (LookupError, UnicodeError, ValueError):
        from encodings.aliases import aliases  # noqa: PLC0415

        known = {name.replace("_", "-") for name, codec in aliases.items() if not codec.endswith(("_codec", "rot_13"))}
        hint = _near(value.lower().replace("_", "-"), sorted(known)) or "; try utf-8, cp1252 or latin-1"
        raise argparse.ArgumentTypeError(f"no text encoding {value!r}{hint}") from None
    return value


def parse_clean(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments of the cleaning command.

    Raises:
        SystemExit: they can't be used, or ask for help or the version.
    """
    return build_parser().parse(arguments)


def build_parser() -> Parser:
    """Return the parser of the cleaning command."""
    parser = Parser(
        prog="cleaner",
        usage="cleaner [OPTION...] [FILE...]",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="texts to clean; none, or -, is standard input")
    parser.add_argument("--version", action=_Version)
    _add_output(parser.add_argument_group("output"))
    choice = parser.add_argument_group("what goes and what stays")
    add_choice(choice)
    choice.add_argument("--url", metavar="URL", help="where the texts are from, for --sites and --links")
    _add_reading(parser.add_argument_group("reading and writing bytes"))
    return parser


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="write there instead of to standard output: a file, or a folder (one that is there, or one that ends"
        " with / and is made), into which each text goes under its own name; several files need a folder",
    )
    group.add_argument("--in-place", action="store_true", help="rewrite the files; those that are clean aren't touched")
    group.add_argument(
        "--format",
        type=one_of("format", ("text", "json", "markdown")),
        default="text",
        metavar="FORMAT",
        help="text (default); json: a line a file with source, text and removed, a list of start, end, text,"
        " category, rule and confidence; start and end count characters; markdown: what stays of web pages"
        " (--from html or auto) with its headings, lists, tables and emphasis",
    )
    group.add_argument("--links", action="store_true", help="keep links, in --format markdown; --url completes them")
    group.add_argument("--diff", action="store_true", help="print what would change, as a unified diff")
    group.add_argument(
        "--check",
        action="store_true",
        help="write nothing; name the files that would change on standard error and exit with 1 if there are any",
    )
    group.add_argument("--explain", action="store_true", help="say on standard error what went and why")
    group.add_argument("--quiet", action="store_true", help="no progress, no summary, no notes")


def add_choice(group: argparse._ArgumentGroup) -> None:
    """Add the options that say what goes and what stays."""
    modes = ("conservative", "standard", "aggressive")
    group.add_argument(
        "--mode",
        type=one_of("mode", modes),
        default="standard",
        metavar="MODE",
        help="conservative: what is cruft wherever it stands; standard (default): also what its surroundings prove;"
        " aggressive: also what merely looks like it",
    )
    for option, metavar, text in (
        ("--strip", "CATEGORY", "strip only this category (these three and --language repeat, or take a,b)"),
        ("--keep", "CATEGORY", "never strip this category; wins over --strip"),
        ("--disable", "ID", "switch a rule or a whole category off"),
        ("--language", "CODE", "use the rules of this language, and those of none; default: all"),
    ):
        group.add_argument(option, type=names, action="extend", default=[], metavar=metavar, help=text)
    group.add_argument(
        "--protect",
        action="append",
        default=[],
        metavar="PATTERN",
        help="a line in which this regular expression is found loses nothing (repeats)",
    )
    group.add_argument(
        "--rules", action="append", default=[], metavar="FILE", help="use a rule file of yours as well (repeats)"
    )
    group.add_argument(
        "--sites", action="append", default=[], metavar="FILE", help="use the rules of sites in this file (repeats)"
    )
    group.add_argument(
        "--no-title",
        dest="headline",
        action="store_false",
        help="leave the headline of web pages out, for those who store it apart; texts keep theirs",
    )


def _add_reading(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--from",
        dest="source",
        type=one_of("kind of input", ("text", "html", "auto")),
        default="text",
        metavar="KIND",
        help="text (default); html: web pages, whose main content is cleaned, as UTF-8 out (--encoding then says what"
        " the server said); auto: html where a file begins like a page or is named .html, else text",
    )
    group.add_argument(
        "--encoding", type=encoding, default="utf-8", metavar="NAME", help="of the texts, in and out (default: utf-8)"
    )
    group.add_argument(
        "--errors",
        type=one_of("way with errors", ("strict", "replace", "ignore", "surrogateescape")),
        default="strict",
        metavar="HOW",
        help="bytes that aren't in the encoding: strict (default) refuses the file, replace and ignore lose them,"
        " surrogateescape gives them back as they were",
    )


class _Version(argparse.Action):
    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and stop")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from cleaner import __version__  # noqa: PLC0415

        sys.stdout.write(f"cleaner {__version__}\n")
        parser.exit(0)
