"""Rules: what one says, how a file of them is read and checked, and how they are indexed so that few are tried.

A rule file is TOML: an optional ``[let]`` table of named pieces of pattern, ``[[rule]]`` tables that strip, ``[[keep]]``
tables that protect, and, in files of users, a list ``disable`` of ids and categories that are switched off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner import pattern as patterns
from cleaner import template as templates
from cleaner.config import LISTED, nearest
from cleaner.errors import RuleError
from cleaner.fold import INVISIBLE, lower
from cleaner.model import CATEGORIES

SHARED: Final = "let.toml"
"""The file of a language's folder whose ``[let]`` all its rule files share."""

PLACES: Final = ("head", "body", "tail")
CERTAIN: Final = 0.9
IN_CONTEXT: Final = 0.7

_CONTEXT_KEYS: Final = ("near", "after", "before", "run", "edge")
_RULE_KEYS: Final = frozenset(
    {
        "id",
        "why",
        "pattern",
        "lines",
        "tails",
        "inserts",
        "inline",
        "case",
        "confidence",
        "place",
        "opens",
        "single",
        "about",
        *_CONTEXT_KEYS,
        "strips",
        "keeps",
    }
)
MAX_HEADS: Final = 40
_SHAPES: Final = ("pattern", "lines", "tails", "inserts")
_KEEP_KEYS: Final = frozenset({"id", "why", "pattern", "case", "keeps"})
_FILE_KEYS: Final = frozenset({"let", "rule", "keep", "disable"})
_ID: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9-]+){2}")


class Rule(NamedTuple):
    """One rule.

    Attributes:
        id: its address and a name, ``language.category.name``.
        pattern: what the whole block has to match, or, with ``inline``, what is stripped from inside a block.
            Compared with the folded, lower-cased text; with ``case``, with the folded text.
        inline: whether only the matched span goes.
        protects: whether the block is kept instead, whatever any other rule says.
        confidence: in 0..1, compared with the threshold of the mode; halved where the context isn't found.
        place: where in the document the block has to stand: ``head``, ``body``, ``tail``; empty: anywhere.
        near, after, before: categories; the context is a neighbour (either, the previous, the next) that goes as one
            of them. ``run``: the context is a run of at least so many blocks that rules of this category know.
            ``edge``: the context is that nothing that stays stands between the block and the document's edge.
            With none of the five the rule needs no context; with several, one is enough.
        opens: whether the block is the heading of a list of headlines, which goes with it. If the rule asks for a
            context, such a list is one.
        single: the rule doesn't hold in a document where it also matches outside its place: what it matches
            is then part of how the article is built, such as the dates of a diary.
        about: words, or beginnings of words, in lower case. Where the article's own prose has one of them, it is about
            what the rule strips, and the rule needs a neighbour that goes as its category (``near``) to be believed.
        user: whether it comes from a user's file: its pattern is then run by ``regex`` under a time limit.
        bare: whether it was written as templates: its line is then seen without bullets, brackets and closing signs.
        literals: whole lines that it knows besides those that the pattern matches.
        hangs: whether what it strips from inside a block always stands at its beginning or behind the end of a sentence.
    """

    id: str
    category: str
    pattern: str
    inline: bool = False
    case: bool = False
    protects: bool = False
    confidence: float = CERTAIN
    place: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    run: int = 0
    edge: bool = False
    opens: bool = False
    single: bool = False
    about: tuple[str, ...] = ()
    user: bool = False
    bare: bool = False
    literals: tuple[str, ...] = ()
    hangs: bool = False

    @property
    def language(self) -> str:
        """The first part of the id: a language code, ``any``, or what a user wrote."""
        return self.id.partition(".")[0]

    @property
    def needs_context(self) -> bool:
        """Whether the rule asks for surroundings, so that its match alone is only a hint."""
        return bool(self.near or self.after or self.before or self.run or self.edge)


class Entry(NamedTuple):
    """A rule with what a reader of it needs: why, examples that are stripped, near misses that are kept."""

    rule: Rule
    why: str
    strips: tuple[str, ...]
    keeps: tuple[str, ...]
    source: str


class RuleFile(NamedTuple):
    """What one file says: its rules and the ids and categories it switches off."""

    entries: tuple[Entry, ...]
    disable: frozenset[str]


class Index(NamedTuple):
    """Which rules can match a block at all, found by a few look-ups instead of by trying them.

    ``exact`` maps a whole line to rules, ``prefix`` its first one to three characters, ``needle`` a string somewhere in
    it. ``blocks`` and ``inlines`` are the rules that nothing is known of: every block has to be tried.
    """

    exact: dict[str, tuple[int, ...]]
    prefix: dict[str, tuple[int, ...]]
    needle: dict[str, tuple[int, ...]]
    blocks: tuple[int, ...]
    inlines: tuple[int, ...]


def read_rules(path: str | Path, *, shipped: bool = False) -> RuleFile:
    """Read and check a rule file.

    Args:
        path: the TOML file.
        shipped: hold it to what shipped files promise: ids are the file's address plus a name, every rule has a
            ``why``, ``strips`` and ``keeps``.

    Raises:
        RuleError: the file can't be read or used; the message names file, rule, key and what was expected.
    """
    path = Path(path)
    data = read_toml(path)
    if not shipped:
        return parse_rules(data, str(path))
    common = path.with_name(SHARED)
    shared = read_toml(common)["let"] if common.exists() else {}
    return parse_rules(data, str(path), address=f"{path.parent.name}.{path.stem}", shared=shared)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, whatever it says.

    Raises:
        RuleError: it can't be read, or isn't TOML.
    """
    import tomllib  # noqa: PLC0415  # cleaning with the shipped rules reads no TOML

    source = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RuleError(source, None, None, f"can't be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError as error:
        raise RuleError(source, None, None, f"isn't UTF-8: bad byte at offset {error.start}") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(source, None, None, f"isn't TOML: {error}") from None


def parse_rules(
    data: dict[str, Any], source: str, *, address: str | None = None, shared: dict[str, str] | None = None
) -> RuleFile:
    """Check what a rule file says; see :func:`read_rules`.

    Args:
        data: the parsed TOML.
        source: the name of the file, for errors.
        address: what its ids must start with, if anything.
        shared: definitions that it may use beside its own ``[let]``.
    """
    for key in data:
        if key not in _FILE_KEYS:
            raise RuleError(source, None, key, f"unknown key{nearest(key, _FILE_KEYS)}; expected {_list(_FILE_KEYS)}")
    let = {**(shared or {}), **_table(data.get("let", {}))}
    if not isinstance(data.get("let", {}), dict) or not all(isinstance(value, str) for value in let.values()):
        raise RuleError(source, None, "let", "expected a table of names and strings")
    entries: list[Entry] = []
    seen: set[str] = set()
    for kind in ("rule", "keep"):
        tables = data.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise RuleError(source, None, kind, f"expected tables, written [[{kind}]]")
        for number, table in enumerate(tables, 1):
            entry = _entry(table, f"[[{kind}]] {number}", source, let, address, protects=kind == "keep")
            if entry.rule.id in seen:
                raise RuleError(source, entry.rule.id, "id", "used twice; ids are unique")
            seen.add(entry.rule.id)
            entries.append(entry)
    disable = _strings(data, "disable", source, None)
    return RuleFile(tuple(entries), frozenset(disable))


def _entry(
    table: dict[str, Any], number: str, source: str, let: dict[str, str], address: str | None, *, protects: bool
) -> Entry:
    known = _KEEP_KEYS if protects else _RULE_KEYS
    identity = table.get("id")
    name = identity if isinstance(identity, str) else number

    def wrong(key: str | None, problem: str) -> RuleError:
        return RuleError(source, name, key, problem)

    for key in table:
        if key not in known:
            raise wrong(key, f"unknown key{nearest(key, known)}; expected {_list(known)}")
    if not isinstance(identity, str):
        raise wrong("id", "missing; expected language.category.name" if identity is None else "expected a string")
    if not _ID.fullmatch(identity):
        raise wrong("id", "expected language.category.name in lower case, such as en.share.buttons")
    category = identity.split(".")[1]
    if category not in CATEGORIES and not protects:
        raise wrong("id", f"no category {category!r}{nearest(category, CATEGORIES) or LISTED}")
    if address is not None and not identity.startswith(address + "."):
        raise wrong("id", f"expected it to start with {address}., the file's address")
    why = table.get("why", "")
    if not isinstance(why, str):
        raise wrong("why", "expected a string")
    strips, keeps = (_strings(table, key, source, name) for key in ("strips", "keeps"))
    if address is not None:
        if not why.strip():
            raise wrong("why", "missing; expected a sentence on why this is never article text")
        if not strips and not protects:
            raise wrong("strips", "missing; expected at least one text that is stripped")
        if not keeps:
            raise wrong("keeps", "missing; expected at least one near miss that is kept")
    given = [key for key in _SHAPES if key in table]
    if len(given) != 1:
        problem = "missing; expected a pattern" if not given else f"expected one of {_list(_SHAPES)}, not both"
        raise wrong(given[-1] if given else "pattern", problem)
    shape = given[0]
    written = table[shape]
    if shape == "pattern" and (not isinstance(written, str) or not written):
        raise wrong("pattern", "expected a pattern")
    flags = {key: table.get(key, False) for key in ("inline", "case", "edge", "opens", "single")}
    for key, value in flags.items():
        if not isinstance(value, bool):
            raise wrong(key, f"expected true or false, not {value!r}")
    run = table.get("run", 0)
    if isinstance(run, bool) or not isinstance(run, int) or ("run" in table and run < 2):
        raise wrong("run", f"expected a whole number from 2 on, not {run!r}")
    lists = {key: _strings(table, key, source, name) for key in ("place", "near", "after", "before", "about")}
    for key, choices in (("place", PLACES), *((key, CATEGORIES) for key in ("near", "after", "before"))):
        for value in lists[key]:
            if value not in choices:
                raise wrong(key, f"no {'place' if key == 'place' else 'category'} {value!r}{nearest(value, choices)}")
    in_context = any(table.get(key) for key in _CONTEXT_KEYS)
    confidence = table.get("confidence", IN_CONTEXT if in_context else CERTAIN)
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 < confidence <= 1:
        raise wrong("confidence", f"expected a number above 0 and up to 1, not {confidence!r}")
    if shape in ("tails", "inserts"):
        flags["inline"] = True
        flags["case"] = shape == "inserts"
    if flags["inline"] and in_context:
        raise wrong("inline" if shape == "pattern" else shape, "an inline rule can't ask for a context")
    known_lines: tuple[str, ...] = ()
    if shape == "pattern":
        compiled = _compilable(written, let, source, name, searched=flags["inline"] or protects, shipped=bool(address))
    else:
        compiled, known_lines = _from_templates(shape, _strings(table, shape, source, name), wrong)
    rule = Rule(
        id=identity,
        category=category,
        pattern=compiled,
        inline=flags["inline"],
        case=flags["case"] or (protects and "case" not in table),
        protects=protects,
        confidence=float(confidence),
        run=run,
        edge=flags["edge"],
        opens=flags["opens"],
        single=flags["single"],
        user=address is None,
        bare=shape == "lines",
        literals=known_lines,
        hangs=flags["inline"] and address is not None and patterns.hangs(patterns.parse(compiled)),
        **lists,
    )
    return Entry(rule, why.strip(), strips, keeps, source)


def _from_templates(
    shape: str, written: tuple[str, ...], wrong: Callable[[str, str], RuleError]
) -> tuple[str, tuple[str, ...]]:
    """Return the pattern of templates with slots, and the whole lines that those without stand for."""
    if not written:
        raise wrong(shape, "expected at least one template")
    slotted: list[str] = []
    whole: dict[str, None] = {}
    for template in written:
        try:
            made = templates.MAKERS[shape](template)
            tree = patterns.parse(made)
        except (templates.TemplateError, patterns.PatternError) as error:
            raise wrong(shape, f"{template!r}: {error}") from None
        found = patterns.literals(tree) if shape == "lines" else None
        if found is None:
            slotted.append(f"(?:{made})")
        else:
            whole.update(dict.fromkeys(sorted(templates.bare(line) for line in found if line.strip())))
    if shape != "lines":
        return templates.MAKERS[shape](*written), ()
    return "|".join(slotted) or patterns.NEVER, tuple(whole)


def _compilable(written: str, let: dict[str, str], source: str, name: str, *, searched: bool, shipped: bool) -> str:
    def wrong(problem: str) -> RuleError:
        return RuleError(source, name, "pattern", problem)

    try:
        expanded = patterns.expand("".join([char for char in written if char not in INVISIBLE]), let)
        tree = patterns.parse(expanded)
    except patterns.PatternError as error:
        if shipped or "defin" in str(error):
            raise wrong(str(error)) from None
        import regex  # noqa: PLC0415  # only patterns of users need it

        try:
            regex.compile(expanded)
        except regex.error as refusal:
            raise wrong(f"not a pattern: {refusal}") from None
        return expanded
    problem = patterns.danger(tree, searched=searched)
    if problem:
        raise wrong(problem)
    try:
        re.compile(patterns.for_re(expanded))
    except re.error as error:
        raise wrong(f"not a pattern: {error}") from None
    return expanded


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _strings(table: dict[str, Any], key: str, source: str, rule: str | None) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise RuleError(source, rule, key, f"expected a list of strings, not {value!r}")
    return tuple(value)


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def build_index(rules: Sequence[Rule], *, start: int = 0) -> Index:
    """Index rules by what a block has to have so that they can match it. ``start`` is the number of the first one."""
    exact: dict[str, list[int]] = {}
    prefix: dict[str, list[int]] = {}
    needle: dict[str, list[int]] = {}
    blocks: list[int] = []
    inlines: list[int] = []
    for number, rule in enumerate(rules, start):
        for line in rule.literals:
            exact.setdefault(line, []).append(number)
        if rule.pattern == patterns.NEVER:
            continue
        anywhere = rule.inline or rule.protects
        try:
            tree = patterns.parse(rule.pattern)
        except patterns.PatternError:
            (inlines if anywhere else blocks).append(number)
            continue
        for branch in patterns.branches(tree):
            whole = None if anywhere or rule.case or rule.bare else patterns.literals(branch)
            heads = None if anywhere else patterns.prefixes(branch)
            found = patterns.needles(branch)
            table, keys = (
                (exact, whole) if whole else (prefix, heads) if heads and len(heads) <= MAX_HEADS else (needle, found)
            )
            if not keys and heads:
                table, keys = prefix, heads
            if not keys:
                (inlines if anywhere else blocks).append(number)
                break
            for key in {lower(key) for key in keys}:
                numbers = table.setdefault(key, [])
                if not numbers or numbers[-1] != number:
                    numbers.append(number)
    sorted_exact, sorted_prefix, sorted_needle = (
        {key: tuple(found) for key, found in sorted(table.items())} for table in (exact, prefix, needle)
    )
    return Index(sorted_exact, sorted_prefix, sorted_needle, tuple(blocks), tuple(inlines))


def merge_indexes(first: Index, second: Index) -> Index:
    """Join two indexes of rules that are numbered apart."""

    def joined(a: dict[str, tuple[int, ...]], b: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
        out = dict(a)
        for key, numbers in b.items():
            out[key] = out.get(key, ()) + numbers
        return out

    return Index(
        joined(first.exact, second.exact),
        joined(first.prefix, second.prefix),
        joined(first.needle, second.needle),
        first.blocks + second.blocks,
        first.inlines + second.inlines,
    )
