"""Turns a walked tree into what a reader of one reading sees, block by block: to prove that two texts say the same."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile

from ..model.place import Place, is_footnotes
from ..model.reading import Reading, plain
from ..source.parse import Walked
from .withhold import NOT_PUBLISHED, withhold

DELETED = "Deleted."  # what is printed where a deleted place holds its number, and what is left when that is accepted
_HOLDERS = frozenset("ul ol li dl dd blockquote div table thead tbody tr".split())
# Of what such a block holds, the first part is told from the rest: one bullet of two paragraphs is not two bullets
_BEGINNINGS = frozenset({"li", "dd", "tr"})
_LEFT_OUT = {"amended": "del", "previous": "ins"}
# What Python-Markdown puts behind a footnote's words: the way back to its reference
_WAY_BACK = "↩"


@dataclass(frozen=True)
class Spot:
    """Words of a block that are more than words, and where in it they stand, counted in signs that are no spaces.

    `what` is the address of a link, a footnote or an image, or says that they stand higher or lower than the rest.
    """

    start: int
    length: int
    what: str


@dataclass(frozen=True)
class Line:
    """The words of one paragraph, heading or table cell, what they stand in, and which of them are links and the like.

    `number` and `name` are those of the place that the line begins; `kind` names the elements that the words stand in,
    the outermost first. `place` is the number of the place that has these words, `inside` says that they are marked as
    internal, each for itself.
    """

    number: str
    text: str
    kind: str
    spots: tuple[Spot, ...] = ()
    name: str = ""
    place: str = field(default="", compare=False)
    inside: bool = field(default=False, compare=False)


def outline(it: Walked, reading: Reading) -> list[Line]:
    """What this reading says, in order; what it leaves out is not there, but for deleted places with a number."""
    places = {place.element: place for place in it.walk.places}
    if reading == "previous":  # what has moved has its name in the old spot
        names = {place.moved_from.element: place.name for place in it.walk.places if place.moved_from}
        places = {element: replace(place, name=names.get(element, place.name)) for element, place in places.items()}
    return list(_below(it.tree, places, reading, "", ""))


def published(it: Walked, reading: Reading) -> list[Line]:
    """The same of the external edition, without what only says that something is not published or deleted.

    The tree is that of the external edition afterwards.
    """
    withhold(it.tree, it.walk.places)
    return [line for line in outline(it, reading) if line.text not in ("", NOT_PUBLISHED, DELETED)]


def lines_of(blocks: Iterable[ET.Element], reading: Reading, kind: str = "") -> list[Line]:
    """The lines of these blocks, which stand in elements of that kind and have no places in them."""
    return [line for block in blocks for line in _of_block(block, reading, kind)]


def opening(place: Place) -> list[ET.Element]:
    """The place's blocks before its first sub-clause; what stands between and behind these is told on its own."""
    if place.level == 1:
        return [place.element]
    return list(takewhile(lambda child: child.get("class") != "clauses", place.element))


def leaves(blocks: Iterable[ET.Element], kind: str = "") -> Iterator[tuple[str, ET.Element]]:
    """The same in any reading: each paragraph, heading or cell, and its kind."""
    for block in blocks:
        if block.tag in _HOLDERS:
            yield from leaves(block, f"{kind}{block.tag}/")
        else:
            yield f"{kind}{block.tag}", block


def _below(
    elements: Iterable[ET.Element], places: dict[ET.Element, Place], reading: Reading, kind: str, owner: str
) -> Iterator[Line]:
    """The lines of these elements and all in them; `kind` is what they stand in, `owner` the place that has them."""
    for child in elements:
        if child.get("class") == "clauses":
            yield from _below(child, places, reading, f"{kind}clause/", owner)
        elif child not in places:
            yield from (replace(line, place=owner) for line in _of_block(child, reading, kind))
        else:
            place = places[child]
            number = (place.previous_number if reading == "previous" else place.number) or ""
            inside = place.internal
            beginning = _beginning(place, number, reading, kind)
            yield from (replace(line, place=number or owner, inside=line.inside or inside) for line in beginning)
            if place.level > 1:
                yield from _below(child[len(opening(place)) :], places, reading, kind, number or owner)
            else:  # a section's heading has what follows it
                owner = number or owner


def _beginning(place: Place, number: str, reading: Reading, kind: str) -> list[Line]:
    """The lines before the first sub-clause; a place with a number has one line at least."""
    lines = lines_of(opening(place), reading, kind)
    if not number:
        return lines
    if not lines:
        tag = "h2" if place.level == 1 else "p"
        gone = place.status == "deleted" and reading == "amended"
        return [Line(number, DELETED if gone else "", f"{kind}{tag}", name="" if gone else place.name or "")]
    return [replace(lines[0], number=number, name=place.name or ""), *lines[1:]]


def _of_block(block: ET.Element, reading: Reading, kind: str) -> list[Line]:
    kind = f"{kind}{block.tag}"
    if block.tag not in _HOLDERS:
        text = plain([block], reading).replace(_WAY_BACK, "").strip()
        line = Line("", text, kind, tuple(_Spots(reading).of(block)), inside=_is_inside(block))
        is_cell = block.tag in ("td", "th")  # an empty one holds the place of those behind it
        return [line] if text or line.spots or is_cell else []
    if is_footnotes(block):  # they are in the order of the references to them, which marks may change
        notes = sorted(block.iter("li"), key=lambda note: note.get("id", ""))
        return list(chain.from_iterable(_of_block(note, reading, f"{note.get('id')}/") for note in notes))
    lines = lines_of(block, reading, f"{kind}/")
    if block.tag == "tr" and not any(line.text or line.spots for line in lines):
        return []
    if _is_inside(block):
        lines = [replace(line, inside=True) for line in lines]
    if lines and block.tag in _BEGINNINGS:
        lines[0] = replace(lines[0], kind=f"{lines[0].kind} begins {block.tag}")
    return lines


def _is_inside(block: ET.Element) -> bool:
    return block.get("data-internal") is not None


class _Spots:
    """The spots of one block, found on a walk over it that counts the signs of its words."""

    def __init__(self, reading: Reading) -> None:
        self._left_out = _LEFT_OUT[reading]
        self._count = 0

    def of(self, element: ET.Element) -> list[Spot]:
        """What is found in this element; the signs in it are counted."""
        if element.tag in (self._left_out, "comment") or element.get("class") == "footnote-backref":
            return []
        start, found = self._count, list[Spot]()
        if element.tag == "sup" and element.get("id"):  # the number is counted anew in every text
            return [Spot(start, 0, link.get("href", "")) for link in element.iter("a")]
        if element.tag == "img":
            found.append(Spot(start, 0, f"{element.get('src')} ({element.get('alt')})"))
        self._add(element.text)
        for child in element:
            found += self.of(child)
            self._add(child.tail)
        length = self._count - start
        what = element.get("href", "") if element.tag == "a" else element.tag if element.tag in ("sub", "sup") else ""
        return [Spot(start, length, what), *found] if what and (length or found) else found

    def _add(self, text: str | None) -> None:
        self._count += len("".join(text.split())) if text else 0
