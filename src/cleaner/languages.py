"""Which languages a document may be in: not to tell which it is, but so that a rule of one doesn't touch a text of another.

Languages with a script of their own need its letters; those that share one need a fair part of its commonest words. English, and
rules of no language, are always possible, since pages in every language carry English furniture.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

SAMPLE: Final = 8000
"""So many characters are looked at; half of them from the middle, where the article is."""

ENOUGH: Final = 4
"""With fewer of the commonest words of any language, nothing is ruled out."""

SHARE: Final = 0.35
"""A language is possible that has this share of the words of the likeliest one."""

LETTERS: Final = 4
"""So many letters of a script make its languages possible."""

_WORDS: Final = {
    "de": "der die und das ist nicht mit den ein von dem sich auf im eine auch wie zu es als",
    "fr": "le la les des et est une dans pour que qui sur pas du au ce il plus par avec",
    "es": "el los las del una que con por para se su al lo como más pero fue y en la",
    "pt": "o os as do da não uma com para em que um no na dos mais por ao se foi",
    "it": "il gli della che una per non con sono nel di la un è i le del si da in",
    "nl": "het een van en dat niet met voor zijn de te op aan die er is in bij ook maar",
    "sv": "och att det som en på är av för inte den till med ett har om de sig var men",
    "pl": "się nie na że jest w z do to jak od po i przez za o a ale ma był",
    "tr": "ve bir bu için ile da de olarak çok daha gibi ama olan sonra en ne kadar o dedi her",
    "id": "yang dan di dari ini itu dengan untuk tidak pada dalam akan ke juga ada oleh sudah saat bisa para",
    "vi": "của và là không có được cho một người những với các trong đã khi đến này từ ở về",
    "en": "the of and to in is that for was with on as at it by from he be his are",
    "ru": "и в не на что с по это как из для он от но за у его к так о",
    "uk": "і в не на що з та це як із для він від але за у його до так про",
    "ar": "في من على إلى أن هذا التي عن مع الذي كان ما هذه بعد لا قال بين كما أو قد",
    "fa": "در به از که این را با است برای آن یک بر تا هم می شد بود او و کرد",
}
_SCRIPTS: Final = {
    "ru": "\u0400-\u04ff",
    "uk": "\u0400-\u04ff",
    "ar": "\u0600-\u06ff",
    "fa": "\u0600-\u06ff",
    "he": "\u0590-\u05ff",
    "hi": "\u0900-\u097f",
    "ko": "\uac00-\ud7a3",
    "ja": "\u3040-\u30ff",
    "zh": "\u4e00-\u9fff",
}
_ALWAYS: Final = frozenset({"any", "en"})
_LATIN: Final = tuple(language for language in _WORDS if language not in _SCRIPTS)
_RIVALS: Final = (_LATIN, ("ru", "uk"), ("ar", "fa"))
KNOWN: Final = frozenset({*_WORDS, *_SCRIPTS})


@cache
def _table() -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for language, words in _WORDS.items():
        for word in words.split():
            out[word] = (*out.get(word, ()), language)
    return out


@cache
def _letters(span: str) -> re.Pattern[str]:
    return re.compile(f"[{span}]")


def impossible(low: str) -> frozenset[str]:
    """Return the languages that a text, in lower case, is not in."""
    if len(low) > SAMPLE:
        middle = len(low) // 2
        low = low[: SAMPLE // 2] + " " + low[middle : middle + SAMPLE // 2]
    out: set[str] = set()
    if low.isascii():
        out.update(_SCRIPTS)
    else:
        letters = {span: len(_letters(span).findall(low)) for span in set(_SCRIPTS.values())}
        out.update(language for language, span in _SCRIPTS.items() if letters[span] < LETTERS)
        if letters[_SCRIPTS["ja"]] > letters[_SCRIPTS["zh"]] / 6:
            out.add("zh")
        if sum(letters.values()) > len(_letters("a-z").findall(low)):
            out.update(_LATIN)
    counts: dict[str, int] = dict.fromkeys(_WORDS, 0)
    get = _table().get
    for word in low.split():
        found = get(word)
        if found is not None:
            for language in found:
                counts[language] += 1
    for rivals in _RIVALS:
        best = max(counts[language] for language in rivals)
        if best >= ENOUGH:
            out.update(language for language in rivals if counts[language] < SHARE * best)
    return frozenset(out - _ALWAYS)
