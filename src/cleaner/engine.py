"""The cleaner: a configuration compiled once, and the way from a text to its result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from cleaner.config import Config
from cleaner.errors import ConfigError
from cleaner.judge import judge, switched_on
from cleaner.match import Matcher, Views
from cleaner.model import CATEGORIES, TITLE_APART, WALLS, Document, Match, Removal, Result, Span
from cleaner.read_text import read_text
from cleaner.render import render
from cleaner.rule import Index, Rule, build_index, merge_indexes, read_rules
from cleaner.shipped import shipped_rules

MAX_PASSES: Final = 16
"""Cleaning is repeated until it changes nothing, which makes it stable by construction. Texts need two passes, rarely
three; the bound keeps time linear on texts built to need more."""

MAX_SITES: Final = 1000
"""For how many sites the rules are kept compiled."""


class Touched(NamedTuple):
    """What one rule did on a text: it was tried on a line of it, it matched one, and that went."""

    tried: bool
    matched: bool
    gone: bool


class Cleaner:
    """Cleans texts under one configuration. Immutable, safe to share between threads, picklable.

    Args:
        config: the settings; ``None`` means the defaults.

    Raises:
        ConfigError: a rule id or category to be switched off that doesn't exist, or a pattern that can't be used.
        RuleError: a rule file that can't be read or used.
    """

    __slots__ = ("_matcher", "_sites", "_used", "config")

    config: Config
    _matcher: Matcher
    _sites: Sites | None
    _used: tuple[Config, frozenset[int]]

    def __init__(self, config: Config | None = None, *, _shipped: tuple[tuple[Rule, ...], Index] | None = None) -> None:
        config = Config() if config is None else config
        if not isinstance(config, Config):
            raise TypeError(f"Cleaner() takes a cleaner.Config, not {type(config).__name__}")
        rules, index = shipped_rules() if _shipped is None else _shipped
        extra, off = _extra_rules(config)
        if extra:
            index = merge_indexes(index, build_index(extra, start=len(rules)))
            rules = (*rules, *extra)
        settings = config
        if off:
            settings = config.replace(disable=config.disable | off)
        _check_disabled(settings, rules)
        object.__setattr__(self, "config", config)
        object.__setattr__(self, "_matcher", Matcher(rules, index, timeout=config.rule_timeout))
        object.__setattr__(self, "_sites", _sites(settings, rules))
        object.__setattr__(self, "_used", (settings, frozenset(
            number for number, rule in enumerate(rules) if switched_on(rule, settings)
        )))  # fmt: skip

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Cleaner is immutable: {name!r} can't be set")

    def __reduce__(self) -> tuple[type[Cleaner], tuple[Config]]:
        return type(self), (self.config,)

    def __repr__(self) -> str:
        return f"Cleaner({self.config!r})"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in use, shipped ones first."""
        used = self._used[1]
        return tuple(rule for number, rule in enumerate(self._matcher.rules) if number in used)

    def clean(self, text: str, *, protect: Iterable[tuple[int, int]] = (), url: str | None = None) -> str:
        """Return the clean article text of a plain text; see :meth:`explain`."""
        return self.explain(text, protect=protect, url=url).text

    def explain(self, text: str, *, protect: Iterable[tuple[int, int]] = (), url: str | None = None) -> Result:
        """Clean a plain text and say what went, from where and by which rule.

        Args:
            text: what a scraper, a reader mode or a copy left of one article. Any ``str`` will do.
            protect: spans ``(start, end)`` of ``text``, in characters; a block that one of them touches loses nothing.
            url: where the text is from. Rules of ``Config.sites`` for that site are then used as well.

        Raises:
            TypeError: ``text`` isn't a ``str``.
            RuleTimeoutError: a pattern of a user's took longer than ``Config.rule_timeout`` allows.
        """
        if not isinstance(text, str):
            raise TypeError(_not_text(text))
        spans = _protected(protect, len(text))
        return self._clean(read_text(text), spans, None if self._sites is None else self._sites.at(url))

    def clean_html(self, html: object, *, url: str | None = None, encoding: str | None = None) -> str:
        """Return the clean article text of a web page; see :meth:`explain_html`."""
        return self.explain_html(html, url, encoding=encoding).text

    def explain_html(self, html: object, url: str | None = None, *, encoding: str | None = None) -> Result:
        """Clean a web page and say what went, from where and why.

        ``result.document.text`` is the page's flattened visible text; what is no main content goes from it first, then
        the rules for plain text see what is left.

        Args:
            html: a page or a fragment: ``str``, ``bytes``, an lxml element or tree, a ``BeautifulSoup`` or ``Tag``. It
                isn't changed.
            url: where the page is from; rules of ``Config.sites`` for that site are then used as well. Nothing is fetched.
            encoding: for bytes, what the server said.

        Raises:
            TypeError: ``html`` is none of these, or ``url`` or ``encoding`` no ``str``.
            HtmlError: the bytes are compressed, or a PDF.
            RuleTimeoutError: a pattern of a user's took longer than ``Config.rule_timeout`` allows.
        """
        from cleaner.clean_page import clean_page  # noqa: PLC0415  # plain text loads nothing of this

        return clean_page(html, self, url=url, encoding=encoding)

    def touched(self, text: str, rule: str) -> Touched:
        """Say what one rule did on a text: whether it was tried, whether it matched, whether that went."""
        tried = matched = gone = False
        document = read_text(text)
        views = Views(document)
        _, matches = self._matcher.match(views)
        numbers = {number for number, known in enumerate(self._matcher.rules) if known.id == rule}
        removed = self.explain(text).removed
        for block in document.blocks:
            tried = tried or bool(numbers & self._matcher.candidates(text[block.start : block.end]))
        for match in matches:
            if match.rule not in numbers:
                continue
            matched = True
            block = document.blocks[match.block]
            start, end = match.span or (block.start, block.end)
            gone = gone or any(removal.start < end and start < removal.end for removal in removed)
        return Touched(tried, matched, gone)

    def _clean(self, document: Document, protect: list[Span], site: Site | None = None) -> Result:
        original = document
        kept: list[Span] = [Span(0, len(document.text))]
        removed: list[Removal] = []
        for _ in range(MAX_PASSES):
            result = self._once(document, protect, site)
            if not result.removed:
                break
            _carry(kept, result, original, removed)
            kept = _compose(kept, result.kept)
            protect = _shift(protect, result.kept)
            document = read_text(result.text)
        return Result(original, tuple(span for span in kept if span.end > span.start), tuple(sorted(removed)))

    def _once(self, document: Document, protect: Collection[Span], site: Site | None = None) -> Result:
        settings, used = self._used
        views = Views(document)
        lines, matches = self._matcher.match(views)
        wanted = [match for match in matches if match.rule in used]
        rules = self._matcher.rules
        if site is not None:
            wanted += site.matches(views)
            rules = site.rules
        return render(document, judge(views, lines, wanted, rules, settings, protect))


class Site:
    """The rules of one site, in an index of their own: one for each of ten thousand sites takes no time to make."""

    __slots__ = ("_matcher", "_start", "_used", "rules")

    def __init__(self, rules: Sequence[Rule], common: Sequence[Rule], config: Config) -> None:
        self._matcher = Matcher(rules, build_index(rules), timeout=config.rule_timeout)
        self._start = len(common)
        self._used = frozenset(number for number, rule in enumerate(rules) if switched_on(rule, config))
        self.rules: Sequence[Rule] = (*common, *rules)

    def matches(self, views: Views) -> list[Match]:
        """Return what the site's rules say, numbered behind the common ones."""
        start = self._start
        return [
            match._replace(rule=match.rule + start)
            for match in self._matcher.match(views)[1]
            if match.rule in self._used
        ]


class Sites:
    """The sites of a configuration. Compiled when a document of theirs comes, and the last ones kept."""

    __slots__ = ("_compiled", "_rules")

    def __init__(self, rules: dict[str, tuple[Rule, ...]], common: Sequence[Rule], config: Config) -> None:
        from cleaner.site import rules_for  # noqa: PLC0415  # only configurations with sites need it

        @lru_cache(maxsize=MAX_SITES)
        def compiled(name: str) -> Site | None:
            found = rules_for(rules, name)[1]
            return Site(found, common, config) if found else None

        self._rules = rules
        self._compiled = compiled

    def at(self, url: str | None) -> Site | None:
        """Return the site of an address, or ``None`` if it has no rules."""
        from cleaner.site import rules_for  # noqa: PLC0415

        return self._compiled(rules_for(self._rules, url)[0])


def _sites(config: Config, common: Sequence[Rule]) -> Sites | None:
    if not config.sites:
        return None
    from cleaner.site import rules_by_host  # noqa: PLC0415  # cleaning without sites doesn't need it

    return Sites(rules_by_host(config.sites), common, config)


def _extra_rules(config: Config) -> tuple[list[Rule], frozenset[str]]:
    rules: list[Rule] = []
    off: set[str] = set()
    for path in config.rules:
        found = read_rules(path)
        rules += [entry.rule for entry in found.entries]
        off |= found.disable
    for number, written in enumerate(config.protect, 1):
        try:
            entries = _protecting(written, number)
        except ValueError as error:
            raise ConfigError(f"protect: {written!r}: {error}") from None
        rules.append(entries)
    return rules, frozenset(off)


def _protecting(written: str, number: int) -> Rule:
    import regex  # noqa: PLC0415  # only patterns of users need it

    try:
        regex.compile(written)
    except regex.error as error:
        raise ValueError(f"not a pattern: {error}") from None
    return Rule(f"config.protect.{number}", "custom", written, case=True, protects=True, user=True)


def _check_disabled(config: Config, rules: Sequence[Rule]) -> None:
    if not config.disable:
        return
    from cleaner.config import nearest  # noqa: PLC0415
    from cleaner.heuristics import ALL  # noqa: PLC0415

    known = {*CATEGORIES, *(rule.id for rule in rules), *(heuristic.rule.id for heuristic in ALL)}
    known.update(
        f"any.{category}.{name}" for category in CATEGORIES for name in ("wording", "tail", "main-content", "named")
    )
    known.update((TITLE_APART, *WALLS))
    for name in sorted(config.disable):
        if name not in known:
            raise ConfigError(f"disable: no rule or category {name!r}{nearest(name, known)}")


def _not_text(value: object) -> str:
    if value is None:
        return "clean() takes a str, not None; is a field empty, or did a scraper find nothing?"
    if isinstance(value, bytes | bytearray | memoryview):
        return "clean() takes a str, not bytes; decode it first, for instance with .decode('utf-8')"
    return f"clean() takes a str, not {type(value).__name__}"


def _protected(spans: Iterable[tuple[int, int]], length: int) -> list[Span]:
    out = []
    for item in spans:
        start, end = item
        if not 0 <= start <= end <= length:
            raise ValueError(f"protect: ({start}, {end}) isn't a span of a text of {length} characters")
        out.append(Span(start, end))
    return out


def _carry(kept: list[Span], result: Result, original: Document, removed: list[Removal]) -> None:
    """Add the removals of one pass, which index what earlier passes kept, to those of the original text."""
    at, offset = 0, 0  # the kept span that is current, and where it begins in the text of this pass
    for removal in result.removed:
        start, end = removal.start, removal.end
        while at < len(kept) and offset + (kept[at].end - kept[at].start) <= start:
            offset += kept[at].end - kept[at].start
            at += 1
        where, base = at, offset
        while start < end:
            span = kept[where]
            length = span.end - span.start
            stop = min(end, base + length)
            first, last = span.start + start - base, span.start + stop - base
            if last > first:
                removed.append(removal._replace(start=first, end=last, text=original.text[first:last]))
            start, base, where = stop, base + length, where + 1


def _compose(kept: list[Span], inner: Sequence[Span]) -> list[Span]:
    """Return the spans of the original that ``inner``, spans of the joined ``kept``, stand for."""
    if len(kept) == 1 and kept[0].start == 0:
        return list(inner)
    out: list[Span] = []
    at, offset = 0, 0
    for start, end in inner:
        while start < end:
            span = kept[at]
            length = span.end - span.start
            if offset + length <= start:
                offset += length
                at += 1
                continue
            stop = min(end, offset + length)
            out.append(Span(span.start + start - offset, span.start + stop - offset))
            start = stop  # noqa: PLW2901
    return out


def _shift(spans: list[Span], kept: Sequence[Span]) -> list[Span]:
    """Return spans of a text as spans of what was kept of it."""
    out = []
    offset = 0
    offsets = []
    for span in kept:
        offsets.append(offset)
        offset += span.end - span.start
    for start, end in spans:
        for span, base in zip(kept, offsets, strict=True):
            first, last = max(start, span.start), min(end, span.end)
            if first < last:
                out.append(Span(base + first - span.start, base + last - span.start))
    return out
