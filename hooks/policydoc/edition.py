"""Turns a policy's full tree into that of the external edition, and says which strings must not be in it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Literal

from .dialect import Comment
from .places import Place, is_footnotes

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


def secrets(tree: ET.Element, places: list[Place], comments: list[Comment]) -> set[str]:
    """Every string of a full tree that the external edition must not hold: comments, their authors, internal blocks.

    Found from the author's marks alone, not by comparing what was taken out, so that it still names what a fault in
    `withhold` leaves in.
    """
    found = {text for comment in comments for text in (comment.author, comment.text)}
    for block in tree.iter():
        if block.get("data-internal"):
            found.update(_texts(block))
    section_is_internal = False
    for child in tree:
        if child.tag == "h2":
            section_is_internal = child.get("data-internal") is not None
        if section_is_internal:
            found.update(_texts(child))
    found.update(place.name or "" for place in places if place.internal)
    referred = {link.get("href") for link in _public(tree) if link.get("class") == "footnote-ref"}
    for footnotes in filter(is_footnotes, tree):
        for note in footnotes.iter("li"):
            if f"#{note.get('id')}" not in referred:
                found.update(_texts(note))
    return found - {""}


def all_texts(tree: ET.Element) -> set[str]:
    """Every string of a whole tree: of a policy that is not in the edition at all."""
    return _texts(tree)


def public_text(tree: ET.Element) -> str:
    """The words of a full tree that no author marked as internal."""
    parts: list[str] = []

    def add(element: ET.Element) -> None:
        internal = False
        parts.append(element.text or "")
        parts.extend(element.get(key, "") for key in ("alt", "title") if element.get(key))
        for child in element:
            if child.tag == "h2":
                internal = child.get("data-internal") is not None
            if not internal and child.get("data-internal") is None and child.tag != "comment":
                if child.tag not in ("del", "ins", "em", "strong", "mark", "a", "sub", "sup"):
                    parts.append(" ")
                add(child)
            parts.append(child.tail or "")

    add(tree)
    return " ".join("".join(parts).split())


def _texts(block: ET.Element) -> set[str]:
    """The words of each paragraph, cell and item, and every description of an image or link."""
    found = set()
    for element in block.iter():
        if element.tag in ("p", "h2", "h3", "td", "th", "dt", "dd", "li", "code") or element is block:
            own = [element.text or ""]
            for child in element:
                if child.tag not in ("ol", "ul", "p", "table"):
                    own.append("".join(child.itertext()))
                own.append(child.tail or "")
            found.add(" ".join("".join(own).split()))
        for key in ("alt", "title"):
            found.add(" ".join(element.get(key, "").split()))
    return found - {"", "↩"}


def _public(element: ET.Element) -> list[ET.Element]:
    """All elements that no internal block holds."""
    found = [element]
    internal = False
    for child in element:
        if child.tag == "h2":
            internal = child.get("data-internal") is not None
        if not internal and child.get("data-internal") is None:
            found += _public(child)
    return found


def _withhold_sections(tree: ET.Element, gone: set[ET.Element]) -> None:
    internal = False
    for child in list(tree):
        if child.tag == "h2":
            internal = child.get("data-internal") is not None
            if internal:
                _blank(child)
        elif internal and not is_footnotes(child):
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
            elif child.tag in ("p", "li", "ul") and not len(child) and not (child.text or "").strip():
                cut(parent, child)


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
    links = [link for link in tree.iter("a") if link.get("class") == "footnote-ref"]
    order = list(dict.fromkeys(link.get("href") for link in links))
    for link in links:
        link.text = str(order.index(link.get("href")) + 1)
    for footnotes in [child for child in tree if is_footnotes(child)]:
        notes = footnotes.find("ol")
        for note in list(notes) if notes is not None else []:
            if f"#{note.get('id')}" not in order and notes is not None:
                notes.remove(note)
        if notes is None or not len(notes):
            tree.remove(footnotes)


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
