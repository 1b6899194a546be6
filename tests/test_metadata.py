from __future__ import annotations

import json

import cleaner
from cleaner.metadata import Metadata

DATA = {
    "@graph": [
        {"@type": "BreadcrumbList", "name": "no"},
        {
            "@type": ["NewsArticle"],
            "headline": "Ferry returns",
            "author": [{"@type": "Person", "name": "Ines Okafor"}, {"name": "Marta Quill"}],
            "datePublished": "2025-03-05T17:23:00Z",
            "publisher": {"name": "Harbour Echo"},
        },
    ]
}


def metadata(html: str) -> Metadata:
    return cleaner.explain_html(html).metadata


def test_tags_win_over_data_and_data_over_the_title() -> None:
    found = metadata(
        "<html lang=en-GB><title>Ferry | Echo</title><link rel=canonical href='https://echo.example/ferry'>"
        "<meta property='article:modified_time' content='2025-03-06'><meta property='og:site_name' content=' The Echo '>"
        f"<script type='application/ld+json'>{json.dumps(DATA)}</script><p>x"
    )
    assert found == Metadata(
        title="Ferry returns",
        author="Ines Okafor, Marta Quill",
        published="2025-03-05T17:23:00Z",
        modified="2025-03-06",
        language="en-GB",
        site="The Echo",
        url="https://echo.example/ferry",
    )


def test_nothing_is_guessed() -> None:
    assert metadata("<p>By Ines Okafor, 5 March 2025") == Metadata()
    assert (
        metadata("<meta name=date content='March 5'><meta name=author content='https://x.example/u/1'><p>x")
        == Metadata()
    )
    assert metadata("<script type='application/ld+json'>[{</script><title>T</title>") == Metadata(title="T")
    assert cleaner.explain("By Ines Okafor").metadata == Metadata()


def test_odd_data_is_survived() -> None:
    for value in (
        "[" * 5000,
        '{"@type": {"@type": 3}, "author": 5}',
        "null",
        '[[["x"]]]',
        '{"@type": "Article", "author": [[[]]]}',
    ):
        metadata(f"<script type='application/ld+json'>{value}</script><p>x")
