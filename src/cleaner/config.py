"""One place for every setting."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Final, Literal

from cleaner.errors import ConfigError
from cleaner.model import CATEGORIES

Mode = Literal["conservative", "standard", "aggressive"]

THRESHOLDS: Final[dict[str, float]] = {"conservative": 0.85, "standard": 0.5, "aggressive": 0.3}
"""What a mode means: the confidence that a removal needs.

A rule that is right wherever its words stand has 0.9. One that asks for surroundings (beside other cruft, in a run, at
an edge) has 0.7 where they are found and half of that where they aren't. So ``conservative`` strips what is certain
by itself, ``standard`` also what its surroundings prove, ``aggressive`` also what merely looks like cruft.
"""


LISTED = "; `cleaner categories` lists them"


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint such as ``" (did you mean 'share'?)"``, or nothing when no name is close."""
    import difflib  # noqa: PLC0415  # only a mistake needs it

    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


class Config:
    """Every setting of a cleaner. Immutable; compared, hashed and pickled by value.

    Written by hand: ``dataclasses`` takes longer to import than all of this package's own code.

    Attributes:
        mode: how sure a removal has to be; see ``THRESHOLDS``.
        strip: the only categories to strip. ``None`` means all of them.
        keep: categories that are never stripped. Wins over ``strip``.
        disable: ids of rules, or of heuristics, that are switched off.
        languages: languages whose rules apply, such as ``{"en", "de"}``. ``None`` means all; rules of no language
            (``any``) always apply.
        protect: patterns; a block in which one of them is found loses nothing, whatever any rule says. They are
            ``regex`` patterns, searched for in the text as written.
        rules: paths of rule files to use on top of the shipped rules.
        sites: paths of files with rules of sites, each used for documents whose address is of that site.
        rule_timeout: seconds that the patterns of ``protect`` and ``rules`` may take together on one document.
        title: whether the headline of a web page stays in its text. ``False`` leaves it out, whatever ``strip`` and
            ``keep`` say, for those who store ``result.metadata.title`` beside the text. Plain text keeps its title: it
            has no mark, and cleaning clean text again would take the next line for it.

    Raises:
        ConfigError: a mode, category or value that can't be used; the message names it and suggests the nearest.
    """

    __slots__ = ("disable", "keep", "languages", "mode", "protect", "rule_timeout", "rules", "sites", "strip", "title")

    mode: Mode
    strip: frozenset[str] | None
    keep: frozenset[str]
    disable: frozenset[str]
    languages: frozenset[str] | None
    protect: tuple[str, ...]
    rules: tuple[str, ...]
    sites: tuple[str, ...]
    rule_timeout: float
    title: bool

    def __init__(
        self,
        *,
        mode: Mode = "standard",
        strip: Iterable[str] | None = None,
        keep: Iterable[str] = (),
        disable: Iterable[str] = (),
        languages: Iterable[str] | None = None,
        protect: Iterable[str] = (),
        rules: Iterable[str | os.PathLike[str]] = (),
        sites: Iterable[str | os.PathLike[str]] = (),
        rule_timeout: float = 2.0,
        title: bool = True,
    ) -> None:
        if mode not in tuple(THRESHOLDS):
            raise ConfigError(f"mode: {mode!r} is none of {', '.join(THRESHOLDS)}{nearest(str(mode), THRESHOLDS)}")
        if isinstance(rule_timeout, bool) or not isinstance(rule_timeout, int | float) or not rule_timeout > 0:
            raise ConfigError(f"rule_timeout: expected a number of seconds above 0, not {rule_timeout!r}")
        if not isinstance(title, bool):
            raise ConfigError(f"title: expected True or False, not {title!r}")
        settings: dict[str, object] = {
            "mode": mode,
            "strip": None if strip is None else frozenset(_strings("strip", strip)),
            "keep": frozenset(_strings("keep", keep)),
            "disable": frozenset(_strings("disable", disable)),
            "languages": None if languages is None else frozenset(_strings("languages", languages)),
            "protect": tuple(_strings("protect", protect)),
            "rules": tuple(os.fspath(path) for path in _paths("rules", rules)),
            "sites": tuple(os.fspath(path) for path in _paths("sites", sites)),
            "rule_timeout": rule_timeout,
            "title": title,
        }
        for name, value in settings.items():
            object.__setattr__(self, name, value)
        for name in ("strip", "keep"):
            for category in sorted(getattr(self, name) or ()):
                if category not in CATEGORIES:
                    raise ConfigError(f"{name}: no category {category!r}{nearest(category, CATEGORIES) or LISTED}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Config is immutable: {name!r} can't be set; use replace()")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Config is immutable: {name!r} can't be deleted")

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Config) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        state = self.__reduce__()[1][0]
        return f"Config({', '.join(f'{name}={value!r}' for name, value in state.items())})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def replace(self, **changes: Any) -> Config:
        """Return these settings with some of them changed, by the names of the attributes.

        Raises:
            ConfigError: see the class.
            TypeError: a name that is no setting.
        """
        return Config(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})

    __replace__ = replace

    @property
    def threshold(self) -> float:
        """The confidence a removal needs, in 0..1."""
        return THRESHOLDS[self.mode]

    def strips(self, category: str) -> bool:
        """Whether cruft of this category may go."""
        return category not in self.keep and (self.strip is None or category in self.strip)

    def __reduce__(self) -> tuple[object, tuple[dict[str, object]]]:
        # Sets pickle in hash order, which differs from process to process; a cache keyed on the pickle would never hit.
        state: dict[str, object] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            state[name] = tuple(sorted(value)) if isinstance(value, frozenset) else value
        return _restore, (state,)


def _restore(state: dict[str, Any]) -> Config:
    return Config(**state)


def _strings(name: str, value: object) -> Iterable[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ConfigError(f"{name}: expected a collection of strings, not {value!r}")
    items = list(value)
    for item in items:
        if not isinstance(item, str):
            raise ConfigError(f"{name}: expected strings, not {item!r}")
    return items


def _paths(name: str, value: object) -> Iterable[str | os.PathLike[str]]:
    if isinstance(value, str | os.PathLike) or not isinstance(value, Iterable):
        raise ConfigError(f"{name}: expected a collection of paths, not {value!r}")
    items = list(value)
    for item in items:
        if not isinstance(item, str | os.PathLike):
            raise ConfigError(f"{name}: expected paths, not {item!r}")
    return items
