"""Turns a full tree into the strings that must not be in the external edition, and those that may: for the leak gate.

Found from the authors' marks alone, not by comparing what `edition` took out, so that a fault there is still found.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from .dialect import Comment
from .edition import notes_of, referred_notes, with_section
from .place import Place, is_footnotes
from .references import KINDS

# Attributes that hold an author's words, or the name of a file
_SAID = ("alt", "title", "src")
_IN_LINE = frozenset("del ins em strong mark a sub sup".split())
_GAP = "\0"


def marked_internal(tree: ET.Element, places: list[Place], comments: list[Comment]) -> set[str]:
    """Every string of a full tree that the external edition must not hold: comments, their authors, internal blocks.

    Found from the author's marks alone, not by comparing what was taken out, so that it still names what a fault in
    `withhold` leaves in.
    """
    found = {text for comment in comments for text in (comment.author, comment.text)}
    for block in tree.iter():
        if block.get("data-internal"):
            found.update(_texts(block))
    for child, internal in with_section(tree):
        if internal:
            found.update(_texts(child))
    found.update(place.name or "" for place in places if place.internal)
    for note in _internal_notes(tree):
        found.update(_texts(note))
    return found - {""}


def all_texts(tree: ET.Element) -> set[str]:
    """Every string of a whole tree: of a policy that is not in the edition at all."""
    return _texts(tree)


def public_text(tree: ET.Element) -> str:
    """The words of a full tree that no author marked as internal; those that are amended, in each reading as well."""
    parts: list[str] = []
    left_out = set(_internal_notes(tree))
    amended = _amended(tree)

    def add(element: ET.Element, reading: str, is_internal: bool = False) -> None:
        parts.append(element.text or "")
        parts.extend(f" {element.get(key)} " for key in _SAID if element.get(key))
        for child in element:
            if child.tag == "h2":
                is_internal = child.get("data-internal") is not None
            if is_footnotes(child):
                is_internal = False
            if not is_internal and child.get("data-internal") is None and child.tag not in ("comment", reading):
                if child.tag in _IN_LINE or (child not in left_out and (not reading or child in amended)):
                    parts.append("" if child.tag in _IN_LINE else " ")
                    add(child, reading)
            if child.tail:
                parts.append(child.tail)

    for reading in _readings(tree):
        add(tree, reading)
    return " ".join("".join(parts).split())


def _amended(tree: ET.Element) -> set[ET.Element]:
    """The elements that hold a mark, or are one."""
    parents = {child: parent for parent in tree.iter() for child in parent}
    found: set[ET.Element] = set()
    for mark in tree.iter():
        if mark.tag in ("del", "ins"):
            element: ET.Element | None = mark
            while element is not None and element not in found:
                found.add(element)
                element = parents.get(element)
    return found


def _texts(block: ET.Element) -> set[str]:
    """The words of each paragraph, cell and item in every reading, and what is said of an image or link."""
    found = set[str]()
    for element in block.iter():
        if element.tag in ("p", "h2", "h3", "td", "th", "dt", "dd", "li", "code") or element is block:
            for reading in _readings(element):
                found.update(" ".join(text.split()) for text in "".join(_own_words(element, reading)).split(_GAP))
        if element.get("class") != "footnote-backref":  # its title is the program's
            found.update(" ".join(element.get(key, "").split()) for key in _SAID)
    return found - {"", "↩"}


def _own_words(element: ET.Element, left_out: str, inside: bool = False) -> Iterator[str]:
    """A block's words without those of the blocks in it; a gap where a reference will print a number."""
    words = element.text or ""
    yield _GAP if element.tag == "a" and words.lower() in KINDS else words
    for child in element:
        if child.tag != left_out and (inside or child.tag not in ("ol", "ul", "p", "table")):
            yield from _own_words(child, left_out, True)
        yield child.tail or ""


def _readings(element: ET.Element) -> tuple[str, ...]:
    """The tags to leave out, one after the other, for every way in which the element can be read."""
    is_marked = any(child.tag in ("del", "ins") for child in element.iter())
    return ("", "del", "ins") if is_marked else ("",)


def _public(element: ET.Element) -> list[ET.Element]:
    """All elements that no internal block holds."""
    found = [element]
    for child, internal in with_section(element):
        if not internal and child.get("data-internal") is None:
            found += _public(child)
    return found


def _internal_notes(tree: ET.Element) -> list[ET.Element]:
    """The footnotes that nothing public refers to, in a full tree."""
    notes = notes_of(tree)
    in_notes = {element for note in notes.values() for element in note.iter()}
    links = [element for element in _public(tree) if element not in in_notes] if notes else []
    referred = referred_notes(links, notes)
    return [note for address, note in notes.items() if address not in referred]
