"""A page as it was read: its document, the elements around the blocks, and what it says of itself."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.model import Document


class Element(NamedTuple):
    """An element that holds blocks, or holds one that does.

    ``parent`` is the number of the one around it (-1: none), ``names`` are the words of its class, id, itemprop, role and
    similar attributes, and ``hidden`` says that it or one around it isn't shown.
    """

    parent: int
    tag: str
    names: tuple[str, ...]
    hidden: bool
    depth: int


class Page(NamedTuple):
    """A page as it was read.

    Attributes:
        document: the flattened text and its blocks, with their hints.
        elements: the elements around the blocks; an element comes after its parent. The first stands for the page.
        holders: per block, the number of the element that holds it.
        names: per block, the class of the inline element that it begins with.
        title: the page's ``<title>``, squeezed.
        kinds: lower-case types that the page claims to be of: ``og:type`` and the ``@type`` values of its JSON-LD.
        meta: the tag and attributes, as written, of ``<html>``, ``<meta>`` and canonical ``<link>``.
        data: the texts of its JSON-LD.
        warnings: one sentence for everything that was cut, guessed or read from elsewhere than the shown text.
        html: the page as text, as it was read.
    """

    document: Document
    elements: tuple[Element, ...]
    holders: tuple[int, ...]
    names: tuple[str, ...]
    title: str
    kinds: frozenset[str]
    meta: tuple[tuple[str, str], ...]
    data: tuple[str, ...]
    warnings: tuple[str, ...]
    html: str = ""
