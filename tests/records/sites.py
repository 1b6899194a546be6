"""Sites that nobody runs: articles of which every line is known to be the article's or the page's."""

from __future__ import annotations

import random
from typing import NamedTuple

_WHO = ("the harbour master", "a fisherman", "the mayor of Elham", "her neighbour", "the island's only doctor", "a girl of nine",
        "the ferryman", "his brother", "the keeper of the light", "an engineer from Drigg", "the council's clerk", "a baker")  # fmt: skip
_DID = (
    "mended",
    "sold",
    "painted",
    "forgot",
    "counted",
    "carried away",
    "measured",
    "defended",
    "found",
    "lost",
    "rebuilt",
    "gave back",
)
_WHAT = ("the old bell", "a crate of lamps", "forty yards of rope", "the second boat", "a map of the shoals", "the winter's coal",
         "two goats", "the chapel roof", "a letter from the ministry", "the tide gauge", "nine wooden chairs", "a box of glass")  # fmt: skip
_WHEN = ("before the rain came", "on a Tuesday in March", "while the band was still playing", "without telling anybody", "for the third time that year",
         "because nobody else would", "and wrote it down in green ink", "as the tide went out", "to the surprise of the whole quay")  # fmt: skip

WIRE = (
    "Bus fares on the mainland will rise by a tenth in spring, the transport office said on Monday, the first rise in nine years.",
    "The office said the money would pay for drivers, of whom it has lost a fifth since the tunnel opened two winters ago.",
    "Passenger groups called the rise a second fare, since most islanders pay for the ferry before they ever see a bus.",
)
"""One story that several sites print under several addresses."""

QUOTES = (
    '"We were promised a ramp and we were given a brochure," the mayor said.',
    '"A boat that does not sail is a shed," the ferryman said.',
)
"""What was said once and is quoted whenever the matter comes up."""

BACKGROUND = (
    "The ramp was closed nine months ago, after a freighter bent its bow door and the insurer withdrew its cover."
)
"""The paragraph that reminds readers of a story in each of its parts."""


class Site(NamedTuple):
    host: str
    head: tuple[str, ...]
    inside: tuple[str, ...]
    tail: tuple[str, ...]
    rare: tuple[str, ...]
    """Furniture of every fourth page."""
    article: tuple[str, ...]
    """Lines of the articles themselves that recur: headings, refrains, standing titles."""


SITES = (
    Site(
        "harbour-echo.example",
        ("The Echo of the Harbour", "Quay | Shed | Town | Tide table", "Sea, land and everything on it since 1911"),
        ("Put the Echo on your doorstep: six papers a week, the first month on us",),
        (
            "Ring the newsroom bell on 555 0134",
            "House rules of the reading room",
            "The Echo is printed on paper from Drigg by Elham Presses",
        ),
        ("Ask the archivist about this street", "Shares of the day from the Drigg exchange"),
        ("What happens next", "Good night, and keep your lamps lit."),
    ),
    Site(
        "fenland-post.example",
        ("Fenland Post and Drainage Gazette", "Dykes", "Crops", "Letters to us"),
        ("Our reporters walk the dykes so that you need not; become a friend of the Post",),
        ("Where to buy the Post", "Our mills", "Colophon and people", "Back to the top of the dyke"),
        ("Dyke levels this morning",),
        ("Tide times for the week", "The background"),
    ),
    Site(
        "kitchen-of-drigg.example",
        ("Kitchen of Drigg", "Soups", "Bread", "What is in season"),
        ("Have our recipes cooked for you: the Drigg box comes on Fridays",),
        ("Cooks and their aprons", "Weights and measures explained", "Print this recipe on a card"),
        ("Cooked it? Show us your pot",),
        ("Ingredients", "Method", "You will need a heavy pan, a wooden spoon and an hour of your time."),
    ),
    Site(
        "upland-herald.example",
        ("Upland Herald", "Valleys  Passes  Markets", "Weather on the pass: look out of the window"),
        (),
        ("Herald shop: mugs, maps and mittens", "Ways to reach the Herald", "The Herald belongs to its 412 readers"),
        ("Passes closed today", "Herald readers on a walk: the album"),
        ("The verdict",),
    ),
    Site(
        "lantern.example",
        ("LANTERN", "a paper for people who read at night"),
        ("Lantern supper club, Thursdays, bring a chair",),
        ("More light", "Archive of all nights", "Imprint of the Lantern house"),
        ("Tonight's moon", "Lantern lends books to those who bring them back"),
        ("So it goes on the island, and so it will go on.",),
    ),
)


class Page(NamedTuple):
    url: str
    text: str
    cruft: frozenset[str]
    article: tuple[str, ...]


def sentence(dice: random.Random) -> str:
    parts = [f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)}" for _ in range(dice.randint(1, 2))]
    text = ", and ".join(parts) + f" {dice.choice(_WHEN)}"
    return text[0].upper() + text[1:] + "."


def page(site: Site, number: int) -> Page:
    dice = random.Random(f"{site.host} {number}")
    body = [" ".join(sentence(dice) for _ in range(dice.randint(2, 4))) for _ in range(dice.randint(3, 6))]
    title = f"How {dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)}"
    own = list(site.article)
    if number % 20 == 7:
        title, body = "Bus fares to rise in spring", list(WIRE)
    elif own and own[0].startswith("Tide times") and number % 6 == 0:
        title = own[0]
    if dice.random() < 0.25:
        body.insert(dice.randint(1, len(body)), dice.choice(QUOTES))
    if dice.random() < 0.3:
        body.insert(dice.randint(1, len(body)), BACKGROUND)
    headings = [line for line in own if not line.endswith(".") and not line.startswith("Tide times")]
    for at, heading in enumerate(headings):
        if dice.random() < (1.0 if len(headings) > 1 else 0.5):
            body.insert(min(1 + 2 * at, len(body) - 1), heading)
    body += [line for line in own if line.endswith(".") and dice.random() < 0.4]
    article = [title, *body]
    cruft: list[str] = []
    lines: list[str] = []
    for line in site.head:
        if dice.random() < 0.9:
            lines.append(line)
            cruft.append(line)
    for at, line in enumerate(article):
        lines.append(line)
        if at == 2:
            for inside in site.inside:
                if dice.random() < 0.7:
                    lines.append(inside)
                    cruft.append(inside)
    for line in (*site.tail, *site.rare):
        if dice.random() < (0.25 if line in site.rare else 0.85):
            lines.append(line)
            cruft.append(line)
    return Page(f"https://www.{site.host}/news/{number}", "\n\n".join(lines) + "\n", frozenset(cruft), tuple(article))


def pages(start: int, stop: int) -> list[Page]:
    return [page(site, number) for number in range(start, stop) for site in SITES]
