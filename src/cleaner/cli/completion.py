"""``cleaner completion``: scripts that complete commands, options and names in a shell, made from the parsers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cleaner.cli.output import emit_text
from cleaner.cli.parser import COMMANDS, Formatter, OneOf, Parser
from cleaner.model import CATEGORIES

SHELLS: Final = ("bash", "zsh", "fish")
BELOW: Final = {"rules": ("show", "test"), "learn": ("merge",)}
"""Commands that have commands of their own."""

FILES: Final = frozenset({"FILE", "PATH", "PAGE", "FOLDER", "INPUT", "OLD", "NEW", "SKETCH"})
IDS: Final = "$(cleaner completion ids 2>/dev/null)"

_EPILOG: Final = """\
examples:
  cleaner completion bash > ~/.local/share/bash-completion/completions/cleaner
  cleaner completion fish > ~/.config/fish/completions/cleaner.fish

zsh: write it to a file _cleaner in a folder of $fpath. "ids" prints the ids of
all rules, which the scripts ask for.
"""


class Option(NamedTuple):
    """An option, or the place of a positional argument.

    Attributes:
        names: as they are written; none for a positional argument.
        what: the first words of its help.
        takes: nothing, ``""``; ``"files"``, ``"ids"``, ``"any"``; or names with blanks between.
    """

    names: tuple[str, ...]
    what: str
    takes: str


def run_completion(arguments: Sequence[str]) -> int:
    """Print the script that is asked for."""
    parser = Parser(
        prog="cleaner completion",
        description="Print a script that completes commands, options and names.",
        epilog=_EPILOG,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("shell", metavar="SHELL", type=OneOf("shell", (*SHELLS, "ids")), help=", ".join(SHELLS))
    shell = parser.parse(arguments).shell
    if shell == "ids":
        emit_text("".join(f"{identity}\n" for identity in _ids()))
        return 0
    emit_text({"bash": bash, "zsh": zsh, "fish": fish}[shell]())
    return 0


def _ids() -> list[str]:
    from cleaner.shipped import shipped_rules  # noqa: PLC0415

    return sorted(rule.id for rule in shipped_rules()[0])


def commands() -> Iterator[tuple[str, list[Option]]]:
    """Yield every command with its options; the cleaning one has the empty name."""
    from cleaner.cli import parser_of  # noqa: PLC0415  # which imports this module

    names = ["", *COMMANDS, *(f"{above} {below}" for above, belows in BELOW.items() for below in belows)]
    for name in names:
        yield name, [_option(action) for action in parser_of(name)._actions]  # noqa: SLF001  # argparse has no other way


def _option(action: argparse.Action) -> Option:
    what = (action.help or "").partition(";")[0].partition(" (")[0].partition(":")[0]
    return Option(tuple(action.option_strings), what.replace("%", ""), _takes(action))


def _takes(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if isinstance(action.type, OneOf):
        return " ".join(action.type.names)
    metavar = str(action.metavar)
    if metavar == "CATEGORY":
        return " ".join(CATEGORIES)
    if metavar == "CODE":
        from cleaner.shipped import FOLDER  # noqa: PLC0415

        return " ".join(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
    return "ids" if metavar == "ID" else "files" if metavar in FILES else "any"


def bash() -> str:
    """Return the script for bash."""
    values, options, plain = [], [], []
    for name, found in commands():
        flags = [flag for option in found for flag in option.names]
        options.append(f'        "{name}") options="{" ".join(flags)}" ;;\n')
        for option in found:
            if option.names and option.takes:
                pattern = "|".join(f'"{name}:{flag}"' for flag in option.names)
                values.append(f"        {pattern}) {_bash_values(option.takes)}; return ;;\n")
            elif not option.names and option.takes not in ("files", "any"):
                plain.append(f'        "{name}") {_bash_values(option.takes)} ;;\n')
    below = "".join(
        f'        {above}) [[ $COMP_CWORD -eq 2 ]] && more="{" ".join(names)}"\n'
        f'            case "${{COMP_WORDS[2]}}" in {"|".join(names)}) command="{above} ${{COMP_WORDS[2]}}" ;; esac ;;\n'
        for above, names in BELOW.items()
    )
    return f"""\
# Completion of cleaner for bash.
_cleaner() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}" command="" options="" more=""
    COMPREPLY=()
    case "${{COMP_WORDS[1]}}" in {"|".join(COMMANDS)}) [[ $COMP_CWORD -gt 1 ]] && command="${{COMP_WORDS[1]}}" ;; esac
    case "$command" in
{below}    esac
    case "$command:$prev" in
{"".join(values)}    esac
    case "$command" in
{"".join(options)}    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
        return
    fi
    case "$command" in
{"".join(plain)}        *) COMPREPLY=($(compgen -f -- "$cur")) ;;
    esac
    [[ $COMP_CWORD -eq 1 ]] && more="{" ".join(COMMANDS)}"
    COMPREPLY+=($(compgen -W "$more" -- "$cur"))
}}
complete -o filenames -F _cleaner cleaner
"""


def _bash_values(takes: str) -> str:
    if takes == "files":
        return 'COMPREPLY=($(compgen -f -- "$cur"))'
    words = IDS if takes == "ids" else "" if takes == "any" else takes
    return f'COMPREPLY=($(compgen -W "{words}" -- "$cur"))'


def zsh() -> str:
    """Return the script for zsh."""
    cases = []
    for name, found in commands():
        specs = [_zsh_option(option) for option in found if option.names]
        places = [option for option in found if not option.names]
        if places:
            specs.append(f"'*:{places[-1].what.replace(chr(39), '')}:{_zsh_values(places[-1].takes)}'")
        joined = " \\\n            ".join(specs)
        cases.append(f'        "{name}")\n            _arguments -s {joined} ;;\n')
    below = "".join(
        f'        {above}) if (( CURRENT == 3 )); then _alternative "c:command:({" ".join(names)})" && ret=0; fi\n'
        f'            case $words[3] in {"|".join(names)}) command="{above} $words[3]" ;; esac ;;\n'
        for above, names in BELOW.items()
    )
    return f"""\
#compdef cleaner
# Completion of cleaner for zsh.
_cleaner() {{
    local command="" ret=1
    case $words[2] in {"|".join(COMMANDS)}) (( CURRENT > 2 )) && command=$words[2] ;; esac
    case $command in
{below}    esac
    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
        _alternative "c:command:({" ".join(COMMANDS)})" "f:file:_files" && return
    fi
    if [[ -n $command ]]; then
        local -a parts=(${{=command}})
        local skip=$#parts
        words=(cleaner ${{words[skip+2,-1]}})
        (( CURRENT -= skip ))
    fi
    case $command in
{"".join(cases)}    esac
}}
if [[ $funcstack[1] == _cleaner ]]; then _cleaner "$@"; else compdef _cleaner cleaner; fi
"""


def _zsh_option(option: Option) -> str:
    what = option.what.replace("'", "").replace("[", "(").replace("]", ")").replace(":", " ")
    value = f":value:{_zsh_values(option.takes)}" if option.takes else ""
    return " ".join(f"'*{name}[{what}]{value}'" for name in option.names)


def _zsh_values(takes: str) -> str:
    if takes == "files":
        return "_files"
    if takes == "ids":
        return '{{compadd -- ${{(f)"$(cleaner completion ids 2>/dev/null)"}}}}'.replace("{{", "{").replace("}}", "}")
    return " " if takes in ("any", "") else f"({takes})"


def fish() -> str:
    """Return the script for fish."""
    out = "# Completion of cleaner for fish.\n"
    out += f"set -l commands {' '.join(COMMANDS)}\n"
    out += f"complete -c cleaner -n 'test (count (commandline -opc)) -eq 1' -a '{' '.join(COMMANDS)}'\n"
    for above, names in BELOW.items():
        out += f"complete -c cleaner -n '__fish_seen_subcommand_from {above}; and test (count (commandline -opc)) -eq 2' -a '{' '.join(names)}'\n"
    for name, found in commands():
        first, _, second = name.partition(" ")
        when = f"__fish_seen_subcommand_from {first}" if first else "not __fish_seen_subcommand_from $commands"
        when += f"; and __fish_seen_subcommand_from {second}" if second else ""
        quote = '"' if not first else "'"
        for option in found:
            head = f"complete -c cleaner -n {quote}{when}{quote}"
            if option.names:
                flags = " ".join(
                    f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.names
                )
                what = option.what.replace("\\", "").replace("'", "")
                out += f"{head} {flags} -d '{what}'{_fish_values(option.takes)}\n"
            elif option.takes not in ("files", "any"):
                out += f"{head}{_fish_values(option.takes).replace(' -x', ' -f')}\n"
    return out


def _fish_values(takes: str) -> str:
    if not takes:
        return ""
    if takes == "files":
        return " -rF"
    words = "(cleaner completion ids)" if takes == "ids" else "" if takes == "any" else takes
    return f" -x -a '{words}'" if words else " -x"
