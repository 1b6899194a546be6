"""Texts to clean: paragraphs of articles, cruft of every category, and what nobody would write."""

from __future__ import annotations

from hypothesis import strategies as st

from cleaner import CATEGORIES, Config

TITLES = (
    "Ferry returns to the strait after nine months",
    "How a village of forty bought its own shop",
    "The woman who counts the swifts of Elham",
)
# No short sentence that shows a scene: in front of a photo's credit it is a caption.
PARAGRAPHS = (
    "The first ferry in nine months had left the upper quay at ten past seven, the mate said, and although he had counted forty "
    "cars on to it himself he could not say where the brass band had been.",
    "Nobody on the island had expected the ramp to be ready before the autumn, and the harbour master had said as much in a "
    "letter that hung in the waiting room all summer.",
    "The council paid for the timber, the fishermen paid for the bolts, and the minister, who had promised both, came for the "
    "photograph and left before the rain.",
    "Marta Quill keeps the post office on the outer island, where she sorts about a hundred letters a day and reads, she "
    "admitted, the backs of all the cards.",
    "It was her grandfather who built the first landing stage, out of the beams of a chapel that the sea had taken in the "
    "winter of 1911.",
    "In the evening the band played on the way back, too, and the passengers stood along the rail until the light on the point "
    "had gone under.",
    "A second boat is being built in the yard at Drigg, and it will carry sixty cars and a lorry with hay when it is done.",
)
CRUFT = (
    "Advertisement",
    "Share this article",
    "Tap to install our app.",
    "Published 4 March 2024",
    "3 min read",
    "By Ana Prieto",
    "Photo: Lars Holm / Coast Agency",
    "Story continues below advertisement",
    "You have reached your limit of free articles this month.",
    "12 comments",
    "© 2024 Coast Media Ltd. All rights reserved.",
    "This article was originally published in the Fenland Gazette.",
    "View this post on Instagram",
    "1,204 views",
    "Click to enlarge",
    "Support our journalism. Give what you can.",
)
"""Lines that are cruft wherever they stand."""

PROMPTS = (
    ("Get the news faster.", "Tap to install our app.", "X"),
    (
        "Tap to install our app.",
        "in two easy steps:",
        "1. Tap in your navigation bar.",
        "2. Tap to Add to Home Screen.",
        "Not now",
    ),
    ("Share this article", "Facebook", "WhatsApp", "Copy link"),
    ("Sign up for our free daily newsletter", "Your email address", "Subscribe"),
)
"""Boxes of lines that are cruft together."""

HOSTILE = (
    "\ud800",
    "\x00",
    "\ufeff",
    "\u202e",
    "\u200b",
    "\u2028",
    "\x85",
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "e\u0301",
    "\u0130",
    "\U0001f468\u200d\U0001f469",
)

lines = st.one_of(
    st.sampled_from(TITLES),
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(CRUFT),
    st.sampled_from([line for prompt in PROMPTS for line in prompt]),
    st.sampled_from(
        [
            "X",
            "Related",
            "Close",
            "By air",
            "Read more",
            "1. Tap Open.",
            "- a sharp knife",
            "(More dam stories.)",
            "Tags:",
        ]
    ),
    st.text(alphabet=st.characters(), max_size=40),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join),
)
gaps = st.sampled_from(("\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r", " \n", "\u2028"))
documents = st.lists(st.tuples(lines, gaps), max_size=25).map(lambda pairs: "".join(line + gap for line, gap in pairs))
texts = st.one_of(documents, st.text(), documents.map(lambda text: text.rstrip()))

configs = st.builds(
    Config,
    mode=st.sampled_from(("conservative", "standard", "aggressive")),
    strip=st.none() | st.frozensets(st.sampled_from(sorted(CATEGORIES)), max_size=6),
    keep=st.frozensets(st.sampled_from(sorted(CATEGORIES)), max_size=4),
    disable=st.frozensets(
        st.sampled_from(("any.repeat.title", "en.byline.by-name", "share", "any.interface.box")), max_size=2
    ),
    languages=st.none() | st.frozensets(st.sampled_from(("en", "de")), max_size=1),
    protect=st.sampled_from(((), ("(?i)ferry",), ("^X$",))),
    title=st.booleans(),
)


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, str]:
    """A clean article, and the same with cruft planted between its paragraphs and behind it."""
    gap = "\n\n"
    body = draw(st.lists(st.sampled_from(PARAGRAPHS), min_size=3, max_size=6, unique=True))
    article = [draw(st.sampled_from(TITLES)), *body]
    dirty: list[str] = []
    for number, paragraph in enumerate(article):
        dirty.append(paragraph)
        if number and draw(st.booleans()):
            dirty += draw(st.one_of(st.sampled_from(CRUFT).map(lambda line: (line,)), st.sampled_from(PROMPTS)))
    return gap.join(article) + "\n", gap.join(dirty) + "\n"
