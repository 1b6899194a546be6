"""Images, lists of anchors and code in Markdown."""

from __future__ import annotations

import cleaner

PROSE = "The chapel was built in 1974 by the people of the bay, and [its bell](https://bay.example/bell) came by boat."


def test_an_image_goes_with_its_emphasised_caption() -> None:
    text = (
        f"# The bay\n\n{PROSE}\n\n![The chapel](https://bay.example/c.jpg)\n*The chapel in May*\n\n{PROSE} It rings.\n"
    )
    assert cleaner.clean(text) == f"# The bay\n\n{PROSE}\n\n{PROSE} It rings.\n"


def test_a_linked_image_goes() -> None:
    text = f"{PROSE}\n\n[![Pin it](https://bay.example/p.png)](https://pin.example/x?u=bay)\n\n{PROSE} It rings.\n"
    assert cleaner.clean(text) == f"{PROSE}\n\n{PROSE} It rings.\n"


def test_a_list_of_anchors_goes_and_its_headings_stay() -> None:
    text = f"# The bay\n\n**On this page**\n- [The chapel](#chapel)\n- [The bell](#bell)\n\n## The chapel\n\n{PROSE}\n\n## The bell\n\n{PROSE}\n"
    assert cleaner.clean(text) == f"# The bay\n\n## The chapel\n\n{PROSE}\n\n## The bell\n\n{PROSE}\n"


def test_code_stays() -> None:
    text = (
        f"Counting\n\n{PROSE}\n\n```\n![alt](url)\nShare this article\nCopy link\n```\n\n{PROSE} That is all.\n\n"
        "    $ awk '{print $4}' access.log | sort\n    412 /comments\n    388 /share.js\n"
    )
    assert cleaner.clean(text) == text


def test_the_only_heading_of_the_first_level_is_the_title() -> None:
    text = f"# Marta Quill\n\nBy Tom Vance\n\n{PROSE}\n\n{PROSE} It rings.\n\nShare this article\n"
    assert cleaner.clean(text) == f"# Marta Quill\n\n{PROSE}\n\n{PROSE} It rings.\n"
