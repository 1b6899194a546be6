"""One place for every setting."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, Literal, get_args

from cleaner.errors import ConfigError
from cleaner.model import CATEGORIES

Mode = Literal["conservative", "standard", "aggressive"]

THRESHOLDS: Final[dict[str, float]] = {"conservative": 0.85, "standard": 0.5, "aggressive": 0.3}
"""What a mode means: the confidence that a removal needs.

A rule that is right wherever its words stand has 0.9. One that asks for surroundings (beside other cruft, in a run, at
an edge) has 0.7 where they are found and half of that where they aren't. So ``conservative`` strips what is certain
by itself, ``standard`` also what its surroundings prove, ``aggressive`` also what merely looks like cruft.
"""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint such as ``" (did you mean 'share'?)"``, or nothing when no name is close."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of a cleaner. Immutable; compared, hashed and pickled by value.

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
        rule_timeout: seconds that the patterns of ``protect`` and ``rules`` may take together on one document.

    Raises:
        ConfigError: a mode, category or value that can't be used; the message names it and suggests the nearest.
    """

    mode: Mode = "standard"
    strip: frozenset[str] | None = None
    keep: frozenset[str] = frozenset()
    disable: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None
    protect: tuple[str, ...] = ()
    rules: tuple[str, ...] = field(default=())
    rule_timeout: float = 2.0

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ConfigError(
                f"mode: {self.mode!r} is none of {', '.join(get_args(Mode))}{nearest(str(self.mode), get_args(Mode))}"
            )
        for name in ("strip", "keep", "disable", "languages"):
            value = getattr(self, name)
            if value is None and name in ("strip", "languages"):
                continue
            object.__setattr__(self, name, frozenset(_strings(name, value)))
        object.__setattr__(self, "protect", tuple(_strings("protect", self.protect)))
        object.__setattr__(self, "rules", tuple(str(path) for path in _paths(self.rules)))
        for name in ("strip", "keep"):
            for category in sorted(getattr(self, name) or ()):
                if category not in CATEGORIES:
                    raise ConfigError(f"{name}: no category {category!r}{nearest(category, CATEGORIES)}")
        timeout = self.rule_timeout
        if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
            raise ConfigError(f"rule_timeout: expected a number of seconds above 0, not {timeout!r}")

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
        for item in fields(self):
            value = getattr(self, item.name)
            state[item.name] = tuple(sorted(value)) if isinstance(value, frozenset) else value
        return _restore, (state,)


def _restore(state: dict[str, object]) -> Config:
    return Config(**state)  # type: ignore[arg-type]  # __post_init__ turns the tuples back into sets


def _strings(name: str, value: object) -> Iterable[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ConfigError(f"{name}: expected a collection of strings, not {value!r}")
    items = list(value)
    for item in items:
        if not isinstance(item, str):
            raise ConfigError(f"{name}: expected strings, not {item!r}")
    return items


def _paths(value: object) -> Iterable[str | Path]:
    if isinstance(value, str | Path) or not isinstance(value, Iterable):
        raise ConfigError(f"rules: expected a collection of paths, not {value!r}")
    items = list(value)
    for item in items:
        if not isinstance(item, str | Path):
            raise ConfigError(f"rules: expected paths, not {item!r}")
    return items
