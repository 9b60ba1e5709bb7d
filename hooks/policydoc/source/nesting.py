"""Turns a walked tree into the places where blocks or marks stand deeper inside each other than a PDF can hold.

Typst counts the calls of the template's functions, which are as deep as the tree, and stops at 80.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from .place import Place, is_footnotes

BLOCKS = frozenset({"li", "blockquote", "div", "dd"})
WORDS = frozenset({"strong", "em", "mark", "a", "sub", "sup", "del", "ins", "code"})
DEEPEST = (10, 8)  # blocks in blocks, and marks in marks
DEEPEST_IN_NOTE = (4, 4)  # a note is printed from the middle of the words that refer to it


def too_deep(tree: ET.Element, places: list[Place]) -> list[Place | None]:
    """The places in which something stands too deep, each once; None is what stands before the first, or a footnote."""
    owners = {place.element: place for place in places}
    places_too_deep: dict[Place | None, None] = {}
    section: Place | None = None
    for child in tree:
        section = owners.get(child, section)
        if is_footnotes(child):
            for note in child.iter("li"):
                if note.get("id"):
                    _look([(block, 0, 0, None) for block in note], owners, DEEPEST_IN_NOTE, places_too_deep)
        else:
            _look([(child, 0, 0, section)], owners, DEEPEST, places_too_deep)
    return list(places_too_deep)


def _look(
    waiting: list[tuple[ET.Element, int, int, Place | None]],
    owners: dict[ET.Element, Place],
    deepest: tuple[int, int],
    places_too_deep: dict[Place | None, None],
) -> None:
    """Goes through elements, each with the blocks and marks that it stands in and its place."""
    while waiting:
        element, blocks, words, place = waiting.pop()
        place = owners.get(element, place)
        blocks += element.tag in BLOCKS
        words += element.tag in WORDS
        if blocks > deepest[0] or words > deepest[1]:
            places_too_deep[place] = None
        else:
            waiting += [(child, blocks, words, place) for child in element]
