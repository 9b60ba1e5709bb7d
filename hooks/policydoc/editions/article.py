"""Turns a counted tree into the article's HTML: numbers, anchors, comments and words for screen readers put in."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import escape

from ..model import addresses
from ..model.place import HEADINGS, Place
from ..model.unnumbered import front_headings
from ..source.markdown import Comment

_VOID = frozenset({"br", "hr", "img"})
_SPECIAL = re.compile("[&<>\"'\n]")
_SPOKEN = {"del": "[deleted: ", "ins": "[inserted: "}


def build(tree: ET.Element, places: list[Place], comments: list[Comment]) -> str:
    """The article as well-formed XML that is good HTML as well (shape: DESIGN 5 to 7).

    The tree is changed on the way; it is not to be used afterwards.
    """
    _head_the_front(tree)
    for place in places:
        _number(place)
    titles = {holder for heading in tree.iter() if heading.tag in HEADINGS for holder in heading.iter("comment")}
    for number, holder in enumerate(tree.iter("comment"), 1):
        _show_comment(holder, comments[int(holder.attrib.pop("n"))], number)
        if holder not in titles:  # a heading may hold no element with a role of its own
            holder.set("role", "note")
    for mark in list(tree.iter()):
        if mark.tag in _SPOKEN:
            _speak(mark)
    tree.tag = "article"
    tree.attrib.update({"class": "policy", "lang": "en-GB"})
    for block in tree:
        block.tail = "\n"
    tree.text = "\n"
    parts: list[str] = []
    _write(tree, parts)
    return "".join(parts)


def _write(element: ET.Element, parts: list[str]) -> None:
    """The element as XML that is HTML, too: `<br />`, but `<td></td>`. (ElementTree's own way takes twice the time.)"""
    attributes = "".join([f' {key}="{_quoted(value)}"' for key, value in element.items()])
    if element.tag in _VOID:
        parts.append(f"<{element.tag}{attributes} />")
    else:
        parts.append(f"<{element.tag}{attributes}>")
        if element.text:
            parts.append(_escaped(element.text))
        for child in element:
            _write(child, parts)
        parts.append(f"</{element.tag}>")
    if element.tail:
        parts.append(_escaped(element.tail))


def _escaped(text: str) -> str:
    return escape(text, quote=False) if _SPECIAL.search(text) else text


def _quoted(value: str) -> str:
    return escape(value).replace("\n", "&#10;") if _SPECIAL.search(value) else value


def _head_the_front(tree: ET.Element) -> None:
    """A heading before the first section is as high as a section's, without a number: no level is left out."""
    for id_, heading in front_headings(tree):
        heading.tag = "h2"
        heading.attrib.update({"class": "front", "id": id_})


def _number(place: Place) -> None:
    """Puts the place's number in front of its words, and its identity on its element."""
    element = place.element
    element.attrib.pop("data-internal", None)
    element.set("id", place.id)
    element.set("data-level", str(place.level))
    element.set("data-status", place.status)
    element.set("data-number", place.number or "")
    element.set("data-previous-number", place.previous_number or "")
    if place.level == 1:
        holder = element
    else:
        if not len(element) or element[0].tag != "p":
            element.insert(0, ET.Element("p"))
        holder = element[0]
    label = ET.Element("span", {"class": "clause-number"})
    if place.number == place.previous_number:
        label.text = place.number
    else:
        for tag, number in (("del", place.previous_number), ("ins", place.number)):
            if number:
                ET.SubElement(label, tag).text = number
        if len(label) == 2:
            label[0].tail = " "
    label.tail, holder.text = " " + (holder.text or "").lstrip(), None
    holder.insert(0, label)
    if place.name:
        anchor = ET.Element("span", {"class": "anchor", "id": place.name})
        holder.insert(0, anchor)


def _show_comment(holder: ET.Element, comment: Comment, number: int) -> None:
    holder.tag = "span"
    holder.attrib.update({"class": "comment", "id": addresses.comment(number), "data-author": comment.author})
    opening = ET.SubElement(holder, "span", {"class": "vh"})
    opening.text = "[comment by " if comment.author else "[comment: "
    if comment.author:
        author = ET.SubElement(holder, "span", {"class": "comment-author"})
        author.text, author.tail = comment.author, f": {comment.text}"
    else:
        opening.tail = comment.text
    ET.SubElement(holder, "span", {"class": "vh"}).text = "]"


def _speak(mark: ET.Element) -> None:
    """Real but visually hidden words round an amendment: what no screen reader says of itself."""
    opening = ET.Element("span", {"class": "vh"})
    opening.text = _SPOKEN[mark.tag]
    text = mark.text or ""
    opening.tail = text.lstrip() or None
    mark.text = text[: len(text) - len(text.lstrip())] or None
    mark.insert(0, opening)
    ET.SubElement(mark, "span", {"class": "vh"}).text = "]"


def spoken(tag: str, text: str) -> str:
    """An amendment as a string of HTML, for text that is already escaped."""
    return f'<{tag}><span class="vh">{_SPOKEN[tag]}</span>{text}<span class="vh">]</span></{tag}>'
