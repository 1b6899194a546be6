"""Who owns a text stands behind its last sentence: the note goes, the paragraph stays."""

from __future__ import annotations

import pytest

import cleaner
from cleaner import Config

ARTICLES = {
    "en": "Pool stays shut until March\n\nThe main tank has been losing water for weeks, and engineers found a crack three metres long. "
    "Lessons are off.\n\nClubs are looking for lanes in the next towns. The councillor promised members their money back.\n\n"
    "The council votes on the cost tomorrow. The work will take two months.",
    "it": "Il Comune chiude la piscina fino a marzo\n\nLa vasca grande perde acqua da settimane e i tecnici hanno trovato una crepa lunga "
    "tre metri. I corsi sono sospesi.\n\nLe società cercano spazi nei comuni vicini. L'assessora ha promesso un rimborso.\n\n"
    "Domani la giunta voterà la spesa. I lavori dureranno almeno due mesi.",
    "de": "Hallenbad bleibt bis März zu\n\nDas große Becken verliert seit Wochen Wasser, und die Techniker fanden einen drei Meter langen "
    "Riss. Die Kurse fallen aus.\n\nDie Vereine suchen Bahnen in den Nachbarorten. Die Stadträtin versprach den Kunden ihr Geld zurück.\n\n"
    "Morgen stimmt der Rat über die Kosten ab. Die Arbeiten dauern zwei Monate.",
    "pl": "Pływalnia zamknięta do marca\n\nDuża niecka od tygodni traci wodę, a technicy znaleźli pęknięcie długości trzech metrów. Zajęcia "
    "odwołano.\n\nKluby szukają torów w sąsiednich gminach. Radna obiecała zwrot pieniędzy.\n\n"
    "Jutro rada głosuje nad wydatkiem. Prace potrwają dwa miesiące.",
    "ru": "Бассейн закрыт до марта\n\nБольшая чаша теряет воду уже несколько недель, и мастера нашли трещину длиной три метра. Занятия "
    "отменены.\n\nКлубы ищут дорожки в соседних районах. Депутат обещала вернуть деньги.\n\n"
    "Завтра совет голосует за расходы. Работы займут два месяца.",
    "ko": "백조가 돌아왔다\n\n호수에 백조가 예년보다 많이 돌아왔다. 일요일 조사에서 91마리가 확인됐다.\n\n관리소는 갈대밭 둘레에 울타리를 세웠다. 다음 조사는 2주 뒤다.",
}
NOTES = [
    ("en", "© All rights reserved"),
    ("en", "Copyright 2024 Harbour Post"),
    ("en", "(c) Reuters"),
    ("it", "© RIPRODUZIONE RISERVATA"),
    ("it", "©RIPRODUZIONE RISERVATA"),
    ("it", "Riproduzione riservata ©"),
    ("de", "© Alle Rechte vorbehalten"),
    ("de", "© Kurier am Deich"),
    ("pl", "© Wszelkie prawa zastrzeżone"),
    ("ru", "© Все права защищены"),
    ("ko", "저작권자 ⓒ 호반일보, 무단전재 및 재배포 금지"),
]


@pytest.mark.parametrize(("language", "note"), NOTES)
def test_the_note_goes_and_its_paragraph_stays(language: str, note: str) -> None:
    article = ARTICLES[language]
    assert cleaner.clean(article) == article
    assert cleaner.clean(f"{article} {note}\n") == f"{article}\n"


@pytest.mark.parametrize(("language", "note"), NOTES)
def test_whoever_keeps_legal_notes_keeps_the_paragraph_as_it_is(language: str, note: str) -> None:
    dirty = f"{ARTICLES[language]} {note}\n"
    assert cleaner.Cleaner(Config(keep=frozenset({"legal"}))).clean(dirty).startswith(ARTICLES[language])


def test_a_sentence_in_front_of_an_owner_is_a_caption() -> None:
    body, last = ARTICLES["en"].rsplit("\n\n", 1)
    dirty = f"{body}\n\nA lifeguard looks into the empty tank on Monday. © Getty Images\n\n{last}\n"
    assert cleaner.clean(dirty) == f"{body}\n\n{last}\n"


def test_a_footer_of_several_sentences_goes_whole() -> None:
    footer = "Harbour Post is published by Estuary Media Ltd of 4 Quay Street. Reproduction in any form is prohibited. © 2024. All rights reserved."
    assert cleaner.clean(f"{ARTICLES['en']}\n\n{footer}\n") == f"{ARTICLES['en']}\n"
