"""Turns a walked tree into what a reader of one reading sees, line by line: to prove that two texts say the same."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .edition import NOT_PUBLISHED, withhold
from .place import Place
from .reading import Reading, plain
from .walked import Walked

DELETED = "Deleted."  # what is printed where a deleted place holds its number, and what is left when that is accepted


@dataclass(frozen=True)
class Line:
    """The own words of one place, or of a block between places, with the addresses they link to; the number is empty
    for a block."""

    number: str
    text: str
    name: str = ""
    links: tuple[str, ...] = ()


def outline(it: Walked, reading: Reading) -> list[Line]:
    """What this reading says, in order; what it leaves out is not there, but for deleted places with a number."""
    places = {place.element: place for place in it.walk.places}
    if reading == "previous":  # what has moved has its name in the old spot
        names = {place.moved_from.element: place.name for place in it.walk.places if place.moved_from}
        places = {element: replace(place, name=names.get(element, place.name)) for element, place in places.items()}
    return [line for line in _below(it.tree, places, reading) if line.number or line.text or line.links]


def published(it: Walked, reading: Reading) -> list[Line]:
    """The same of the external edition, without what only says that something is not published or deleted.

    The tree is that of the external edition afterwards.
    """
    withhold(it.tree, it.walk.places)
    return [line for line in outline(it, reading) if line.text not in ("", NOT_PUBLISHED, DELETED)]


def _below(parent: ET.Element, places: dict[ET.Element, Place], reading: Reading) -> Iterator[Line]:
    for child in parent:
        if child in places:
            yield from _of_place(places[child], reading)
        if child.get("class") == "clauses" or (child in places and child.tag == "li"):
            yield from _below(child, places, reading)
        elif child not in places and parent not in places:
            yield _line("", [child], reading)


def _of_place(place: Place, reading: Reading) -> Iterator[Line]:
    if reading == "previous":
        if place.previous_number:
            yield _line(place.previous_number, place.blocks(), reading, place.name or "")
    elif place.status != "deleted":
        yield _line(place.number or "", place.blocks(), reading, place.name or "")
    elif place.number:
        yield Line(place.number, DELETED)


def _line(number: str, blocks: list[ET.Element], reading: Reading, name: str = "") -> Line:
    links = [address for block in blocks for address in _addresses(block, reading)]
    return Line(number, plain(blocks, reading).replace("↩", "").strip(), name, tuple(links))


def _addresses(element: ET.Element, reading: Reading) -> Iterator[str]:
    """The addresses of links that have words in this reading, and of images."""
    if element.tag == ("del" if reading == "amended" else "ins"):
        return
    if element.get("src"):
        yield element.get("src", "")
    if element.get("href") and "footnote-backref" not in element.get("class", ""):
        if plain([element], reading) or element.find(".//img") is not None:
            yield element.get("href", "")
    for child in element:
        yield from _addresses(child, reading)
