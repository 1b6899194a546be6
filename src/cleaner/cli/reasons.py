"""Why something went: what stands behind the rule id of a removal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.model import CATEGORIES, TITLE_APART, WALLS
from cleaner.rule import SHARED, read_rules, read_toml
from cleaner.shipped import FOLDER

WORDING: Final = "No rule knows it, but to the trained model it reads like cruft."
TAIL: Final = "No rule knows it, but the last sentence of the paragraph speaks to the reader, not of the matter."
TITLE: Final = (
    "The headline of a web page goes where the setting title is off (--no-title), for those who store it apart:"
    " it is in the metadata of the result."
)
WALL: Final = (
    "The page shows something else instead of an article: a consent or log-in dialog, a check for robots, an error."
    " All of it goes, and a warning says what it looks like."
)
WHITESPACE: Final = CATEGORIES["whitespace"][0].upper() + CATEGORIES["whitespace"][1:] + "."

_SENTENCE: Final = re.compile(r".+?[.!?](?=\s+[^a-z\s]|\s*$)", re.DOTALL)


class Known(NamedTuple):
    """What is said of one id.

    Attributes:
        id: a rule's, a heuristic's, or what the model and the edges of a text are called in a removal.
        why: the reason, as written.
        path: the file of the rule; ``None`` for what no file says.
    """

    id: str
    why: str
    path: Path | None = None

    @property
    def language(self) -> str:
        """The first part of the id."""
        return self.id.partition(".")[0]

    @property
    def category(self) -> str:
        """The second part of the id."""
        return self.id.split(".")[1]


def first_sentence(why: str) -> str:
    """Return a reason's first sentence."""
    found = _SENTENCE.match(why)
    return found[0] if found else why


def shipped(language: str | None = None, category: str | None = None) -> Iterator[Known]:
    """Yield everything that can stand in a removal under the shipped rules, files first. ``None`` means any.

    Raises:
        RuleError: a rule file that can't be read.
    """
    for path in sorted(FOLDER.glob(f"{language or '*'}/{category or '*'}.toml")):
        if path.name != SHARED:
            for table in _tables(path):
                yield Known(table["id"], table["why"].strip(), path)
    for known in _unwritten():
        if language in (None, known.language) and category in (None, known.category):
            yield known


@cache
def _tables(path: Path) -> list[dict[str, Any]]:
    # Not checked, since shipped files are, by the tests; checking them takes ten times as long as reading them.
    data = read_toml(path)
    return [*data.get("rule", ()), *data.get("keep", ())]


def _unwritten() -> Iterator[Known]:
    from cleaner.heuristics import ALL  # noqa: PLC0415
    from cleaner.wording import model  # noqa: PLC0415

    for heuristic in ALL:
        yield Known(heuristic.rule.id, heuristic.why)
    yield Known("any.whitespace.edge", WHITESPACE)
    yield Known(TITLE_APART, TITLE)
    for identity in WALLS:
        yield Known(identity, WALL)
    for category in model().categories:
        yield Known(f"any.{category}.wording", WORDING)
        yield Known(f"any.{category}.tail", TAIL)


@cache
def find(identity: str) -> Known | None:
    """Return what is known of a shipped id, reading no more files than needed."""
    parts = identity.split(".")
    if len(parts) != 3 or not all(part.replace("-", "").isalnum() for part in parts):
        return None
    return next((known for known in shipped(parts[0], parts[1]) if known.id == identity), None)


def reasons(identities: Sequence[str], files: Sequence[str]) -> dict[str, str]:
    """Return the first sentence of the reason for each id, empty where none is written.

    Args:
        identities: ids of rules, as they stand in removals.
        files: rule files of the user's.

    Raises:
        RuleError: a rule file that can't be used.
    """
    own = _own(tuple(files))
    out = {}
    for identity in dict.fromkeys(identities):
        why = own.get(identity)
        if why is None:
            known = find(identity)
            why = known.why if known else ""
        out[identity] = first_sentence(why)
    return out


@cache
def _own(files: tuple[str, ...]) -> dict[str, str]:
    return {entry.rule.id: entry.why for path in files for entry in read_rules(path).entries}
