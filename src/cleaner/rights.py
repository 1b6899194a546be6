"""The note of who owns a text, behind the last sentence of a paragraph: "© All rights reserved". It goes, and the paragraph stays."""

from __future__ import annotations

import re
from typing import Final

from cleaner import wording
from cleaner.evidence import PROSE_WORDS, Evidence, count_words, ends_sentence
from cleaner.fold import fold
from cleaner.match import plain

CLAIMING: Final = frozenset({"caption", "credit", "legal", "source-credit"})
"""Categories whose rules know a line by the owner that it ends with."""

WINDOW: Final = 160
NOTE_WORDS: Final = 16
ARTICLE: Final = 1.5
"""Log-odds of the line model under which the paragraph may be the article's."""

REST_WORDS: Final = 8
"""So many words has the paragraph in front of the note, if they are more than one sentence."""

_RESERVED: Final = re.compile(
    r"(?:©|\(c\)|ⓒ|copyright) ?(?:by )?(?:19|20)\d\d\b|all rights reserved|riproduzione (?:è )?(?:riservata|vietata)|diritti (?:sono )?riservati|"
    r"(?:tous )?droits réservés|reproduction (?:interdite|réservée)|(?:alle )?rechte vorbehalten|derechos reservados|"
    r"prohibida (?:su|la) reproducción|reproducción prohibida|direitos reservados|proibida a reprodução|reprodução proibida|"
    r"rechten voorbehouden|rättigheter(?:na)? (?:är )?förbehåll|prawa (?:są )?zastrzeżone|права (?:защищены|захищен[іо]|застережен[іо])|"
    r"(?:tüm )?hakları saklıdır|hak cipta dilindungi|bảo lưu mọi quyền|版权所有|版權所有|保留所有权利|未经授权[^。]{0,12}(?:不得|禁止|请勿)|"
    r"無断(?:転載|複製)[^。]{0,8}(?:禁|お断り)|무단\s?전재[^.]{0,16}(?:금지|불허)|"
    r"جميع الحقوق محفوظة|حقوق .{2,20} محفوظ است|כל הזכויות שמורות|सर्वाधिकार सुरक्षित",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(r"©|\(c\)|ⓒ", re.IGNORECASE)
_SENTENCE: Final = re.compile(
    r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]{0,2}(?:\s+|(?=[©ⓒ(]))|[\u3002\uff01\uff1f\u0964\u06d4\u061f][\"\u201d\u300d\u300f\uff09)]{0,2}\s*"
)


def rights_notes(evidence: Evidence) -> dict[int, int]:
    """Find the paragraphs that end with such a note, and where in them it begins.

    A rule that knows captions or footers by the owner at their end would take the whole paragraph. Words that reserve rights stand behind
    articles, never in a caption; a bare "© Agency" may be a photo's, unless it stands behind the last paragraph and that has several sentences.
    """
    out: dict[int, int] = {}
    last = max((number for number, flag in enumerate(evidence.prose) if flag), default=-1)
    for number, words in enumerate(evidence.words):
        if words < REST_WORDS:
            continue
        hints = evidence.hints.get(number, ())
        if number < last and not any(rule.category in CLAIMING for rule in hints):
            continue
        at = _note(evidence.raw(number), last=number >= last)
        if at is not None:
            out[number] = at
    return out


def _note(text: str, *, last: bool) -> int | None:
    start = max(0, len(text) - WINDOW)
    found = _RESERVED.search(text, start) or (_OWNER.search(text, start) if last else None)
    if found is None:
        return None
    sign = _OWNER.search(text, start, found.end())
    before = min(found.start(), sign.start()) if sign else found.start()
    ends = [one.end() for one in _SENTENCE.finditer(text, 0, before + 1) if one.end() <= before]
    if not ends:
        return None
    at = ends[-1]
    rest = text[:at].rstrip()
    wanted = REST_WORDS if len(ends) > 1 else PROSE_WORDS
    if count_words(rest) < wanted or not ends_sentence(rest) or count_words(text[at:]) > NOTE_WORDS:
        return None
    # One sentence in front of a bare owner reads as a caption; and what is no article's goes with the note.
    if len(ends) == 1 and not _RESERVED.search(text, at):
        return None
    return at if wording.log_odds(plain(fold(rest[-WINDOW * 2 :]))) < ARTICLE else None
