"""Turns a policy's full tree into that of the external edition."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Literal

from .place import Place, is_footnotes

Edition = Literal["internal", "external"]
EDITIONS: tuple[Edition, ...] = ("external", "internal")

NOT_PUBLISHED = "Not published"


def withhold(tree: ET.Element, places: list[Place]) -> list[Place]:
    """Takes comments and internal blocks out of the tree, and returns the places that are left.

    An internal section or clause keeps its number and the words "Not published"; what stands below it goes with it.
    """
    gone: set[ET.Element] = set()
    _withhold_sections(tree, gone)
    _withhold_below(tree, gone)
    _drop_orphaned_footnotes(tree)
    return [place for place in places if place.element not in gone]


def with_section(parent: ET.Element) -> Iterator[tuple[ET.Element, bool]]:
    """Each child, and whether it stands in an internal section; the footnotes at the end stand in none."""
    internal = False
    for child in list(parent):
        if child.tag == "h2":
            internal = child.get("data-internal") is not None
        yield child, internal and not is_footnotes(child)


def notes_of(tree: ET.Element) -> dict[str, ET.Element]:
    """The footnotes by the address that a reference to them has."""
    footnotes = next(filter(is_footnotes, tree), None)
    listed = footnotes.find("ol") if footnotes is not None else None
    return {f"#{note.get('id')}": note for note in listed} if listed is not None else {}


def referred_notes(elements: Iterable[ET.Element], notes: dict[str, ET.Element]) -> list[str]:
    """The addresses of the notes that these elements refer to, then of those that these notes refer to."""
    order: dict[str, None] = {}
    waiting = list(elements)
    for element in waiting:
        address = element.get("href", "")
        if element.get("class") == "footnote-ref" and address in notes and address not in order:
            order[address] = None
            waiting += notes[address].iter("a")
    return list(order)


def _withhold_sections(tree: ET.Element, gone: set[ET.Element]) -> None:
    for child, internal in with_section(tree):
        if internal and child.tag == "h2":
            _blank(child)
        elif internal:
            gone.update(child.iter())
            tree.remove(child)


def _withhold_below(parent: ET.Element, gone: set[ET.Element]) -> None:
    for child in list(parent):
        if child.get("data-internal") and child.tag == "li" and parent.get("class") == "clauses":
            gone.update(child.iter())
            gone.discard(child)
            _blank(child)
        elif child.get("data-internal") or child.tag == "comment":
            gone.update(child.iter())
            cut(parent, child)
        elif child.get("data-withheld") is None:
            _withhold_below(child, gone)
            if child.tag == "mark":
                _unwrap(parent, child)
            elif child.tag == "dl":
                _drop_lone_terms(child)
            if (
                child.tag in ("p", "li", "ul", "ol", "dl", "blockquote")
                and not len(child)
                and not (child.text or "").strip()
            ):
                cut(parent, child)


def _drop_lone_terms(definitions: ET.Element) -> None:
    """Takes out the terms whose every meaning is gone."""
    has_meaning = False
    for child in reversed(list(definitions)):
        if child.tag == "dt" and not has_meaning:
            definitions.remove(child)
        has_meaning = child.tag == "dd" or (child.tag == "dt" and has_meaning)


def _blank(place: ET.Element) -> None:
    for child in list(place):
        place.remove(child)
    place.text = None
    place.attrib.pop("data-internal")
    place.set("data-withheld", "true")
    holder = ET.SubElement(place, "p") if place.tag == "li" else place
    ET.SubElement(holder, "em", {"class": "withheld"}).text = NOT_PUBLISHED


def _drop_orphaned_footnotes(tree: ET.Element) -> None:
    """Takes out the notes whose only references are gone, and numbers the rest anew."""
    notes = notes_of(tree)
    if not notes:
        return
    footnotes = next(filter(is_footnotes, tree))
    order = referred_notes((link for child in tree if child is not footnotes for link in child.iter("a")), notes)
    footnotes.find("ol")[:] = [notes[address] for address in order]  # type: ignore[index]
    if not order:
        tree.remove(footnotes)
    for link in tree.iter("a"):
        if link.get("class") == "footnote-ref":
            link.text = str(order.index(link.get("href", "")) + 1)
    anchors = {f"#{mark.get('id')}" for mark in tree.iter("sup")}
    for number, address in enumerate(order, 1):
        for paragraph in list(notes[address].iter()):
            _keep_ways_back(paragraph, anchors, number)


def _keep_ways_back(paragraph: ET.Element, anchors: set[str], number: int) -> None:
    """Takes out the links from a note to references that are gone, and puts its new number into the others."""
    for link in paragraph.findall("a[@class='footnote-backref']"):
        if link.get("href") in anchors:
            link.set("title", re.sub(r"\d+", str(number), link.get("title", "")))
        else:
            cut(paragraph, link)


def cut(parent: ET.Element, child: ET.Element) -> None:
    """Removes a child and keeps the text that follows it."""
    index = list(parent).index(child)
    if child.tail:
        if index:
            parent[index - 1].tail = (parent[index - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _unwrap(parent: ET.Element, child: ET.Element) -> None:
    """Replaces an element by what it holds."""
    index = list(parent).index(child)
    tail, child.tail = child.tail, None
    for offset, inner in enumerate(list(child)):
        parent.insert(index + offset, inner)
    last = index + len(child) - 1
    if child.text:
        if index:
            parent[index - 1].tail = (parent[index - 1].tail or "") + child.text
        else:
            parent.text = (parent.text or "") + child.text
    if tail:
        if last >= 0:
            parent[last].tail = (parent[last].tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(child)
