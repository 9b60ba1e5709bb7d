"""Turns a policy's full tree into that of the external edition."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Literal

from ..model.place import Place, groups, is_footnotes, marks_of, status_of

Edition = Literal["internal", "external"]
EDITIONS: tuple[Edition, ...] = ("external", "internal")

NOT_PUBLISHED = "Not published"

# What goes with its last words; a table's cell stays
_NOTHING_ALONE = frozenset("p h3 li ul ol blockquote div del ins strong em".split())
# A space or closing sign behind a mark
_CLOSING = re.compile(r"[\s,.;:!?)\]’”]")


def withhold(tree: ET.Element, places: list[Place]) -> list[Place]:
    """Takes comments and internal blocks out of the tree, and returns the places that are left.

    An internal section or clause keeps its number and the words "Not published"; what stands below it goes with it. So
    does a clause whose every paragraph is internal, but for its sub-clauses. An internal cross-heading takes with it
    what stands below it, and an internal footnote the references to it; a table that has lost all its rows goes, and
    so does a term that has lost all its meanings.
    """
    gone: set[ET.Element] = set()
    _withhold_sections(tree, gone)
    _withhold_notes(tree, gone)
    _withhold_below(tree, gone)
    left = [place for place in places if place.element not in gone]
    for place in left:
        _say_not_published(place)
    _drop_orphaned_footnotes(tree)
    return left


def with_section(parent: ET.Element) -> Iterator[tuple[ET.Element, bool]]:
    """Each child, and whether it stands in an internal section or below an internal cross-heading.

    The footnotes at the end stand in none.
    """
    section = heading = False
    for child in list(parent):
        if child.tag in ("h2", "h3"):
            heading = child.get("data-internal") is not None
            section = heading if child.tag == "h2" else section
        yield child, (section or heading) and not is_footnotes(child)


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


def _withhold_notes(tree: ET.Element, gone: set[ET.Element]) -> None:
    """Marks footnotes that are left without words as internal, and the references to all that are."""
    internal = set[str]()
    for address, note in notes_of(tree).items():
        if not note.get("data-internal"):
            _withhold_below(note, gone)
        if note.get("data-internal") or not any(True for _ in marks_of(note)):
            note.set("data-internal", "true")
            internal.add(address)
    for reference in tree.iter("sup") if internal else ():
        if any(link.get("href") in internal for link in reference):
            reference.set("data-internal", "true")


def _withhold_sections(tree: ET.Element, gone: set[ET.Element]) -> None:
    section = False
    for child, internal in with_section(tree):
        if child.tag == "h2":
            section = internal
        if not internal:
            continue
        if child.tag == "h2":
            _blank(child)
        elif not section and child.get("class") == "clauses":  # below a cross-heading: numbers go on behind these
            for item in child:
                item.set("data-internal", "true")
        else:
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
            if child.tag == "sup":
                _close_up(parent, child)
            cut(parent, child)
        elif child.tag == "dl":
            _withhold_terms(child, gone)
            if not len(child):
                cut(parent, child)
        elif child.get("data-withheld") is None:
            _withhold_below(child, gone)
            if child.tag == "mark":
                _unwrap(parent, child)
            elif _is_empty(child) and parent.get("class") != "clauses":
                cut(parent, child)


def _is_empty(element: ET.Element) -> bool:
    """Whether nothing is left of an element that would print as an empty line, box or mark."""
    if element.tag == "table":
        return element.find("tbody/tr") is None
    if [child.get("class") for child in element] == ["admonition-title"]:
        return True
    return element.tag in _NOTHING_ALONE and not len(element) and not (element.text or "").strip()


def _withhold_terms(definitions: ET.Element, gone: set[ET.Element]) -> None:
    """Takes out terms and meanings, and with the last of either all that belong to it."""
    for group in groups(definitions):
        for child in group:
            if not child.get("data-internal"):
                _withhold_below(child, gone)
        left = [
            child for child in group if not child.get("data-internal") and (len(child) or (child.text or "").strip())
        ]
        whole = {child.tag for child in left} == {"dt", "dd"}
        for child in group:
            if not whole or child not in left:
                gone.update(child.iter())
                definitions.remove(child)


def _say_not_published(place: Place) -> None:
    """Puts "Not published" where all words of a clause are gone, or all that one reading would show."""
    element = place.element
    if place.level == 1 or element.get("data-withheld"):
        return
    left = status_of(place.blocks())
    if left is None:
        for block in place.blocks():
            element.remove(block)
        element.insert(0, _not_published("p"))
        element.set("data-withheld", "true")
    elif place.status == "amended" and left in ("inserted", "deleted"):
        element.insert(len(place.blocks()), _not_published("p"))


def _blank(place: ET.Element) -> None:
    for child in list(place):
        place.remove(child)
    place.text = None
    place.attrib.pop("data-internal")
    place.set("data-withheld", "true")
    place.append(_not_published("p") if place.tag == "li" else _not_published())


def _not_published(holder: str = "") -> ET.Element:
    words = ET.Element("em", {"class": "withheld"})
    words.text = NOT_PUBLISHED
    if not holder:
        return words
    block = ET.Element(holder)
    block.append(words)
    return block


def _close_up(parent: ET.Element, mark: ET.Element) -> None:
    """The space before a mark goes with it, unless it is the only one between two words."""
    index = list(parent).index(mark)
    holder, key = (parent[index - 1], "tail") if index else (parent, "text")
    before, behind = getattr(holder, key) or "", mark.tail or ""
    if _CLOSING.match(behind) or not (behind or parent[index + 1 :]):
        setattr(holder, key, before.rstrip())


def _drop_orphaned_footnotes(tree: ET.Element) -> None:
    """Takes out the notes whose only references are gone, and numbers the rest anew."""
    footnotes = next(filter(is_footnotes, tree), None)
    if footnotes is None:
        return
    notes = notes_of(tree)
    order = referred_notes((link for child in tree if child is not footnotes for link in child.iter("a")), notes)
    if not order:
        tree.remove(footnotes)
        return
    footnotes.find("ol")[:] = [notes[address] for address in order]  # type: ignore[index]
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
