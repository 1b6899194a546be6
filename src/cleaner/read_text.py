"""Plain text to a document: one block a line that has something on it."""

from __future__ import annotations

from cleaner.model import Block, Document


def read_text(text: str) -> Document:
    """Return the document of a plain text; its text is the input itself.

    All line ends that ``str.splitlines`` knows are line ends. A byte-order mark at the start belongs to no block.
    """
    blocks = []
    start = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            first = start + 1 if start == 0 and line[0] == "\ufeff" else start
            end = start + len(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
            if first < end and not text[first:end].isspace():
                blocks.append(Block(first, end))
        start += len(line)
    return Document(text, tuple(blocks))
