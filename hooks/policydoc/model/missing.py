"""Turns a counted tree into one whose blocks say from which reading they are missing, as none of their words is in it.

A block that is deleted as a whole goes from the amended reading, with its bullet, row or frame. An emptied cell stays,
or those behind it would stand below the wrong headings; so does an emptied term or meaning with no other beside it. The
page's styles and the PDF's template both go by the attribute `data-missing`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Set

from .place import Place, groups, is_footnotes, marks_of, references_to_notes
from .reading import Reading

# The reading from which a block is missing whose every word stands in this mark
_READINGS: dict[str, Reading] = {"del": "amended", "ins": "previous"}
_HOLDERS = frozenset("ul ol li blockquote div table thead tbody tr dl dd".split())
_NEVER = frozenset("h2 td th dt dd".split())


def say_what_is_missing(tree: ET.Element, places: list[Place]) -> None:
    """Sets `data-missing` on a tree without numbers; sections and clauses have a status instead."""
    if next(tree.iter("del"), None) is None and next(tree.iter("ins"), None) is None:
        return
    numbered = {place.element for place in places}
    for child in tree:
        if is_footnotes(child):
            _look_at_notes(tree, child)
        _marks(child, numbered)


def _marks(block: ET.Element, numbered: Set[ET.Element]) -> set[str]:
    """The marks that the block's words stand in; it, and what is in it, say on the way what they are missing from."""
    if block.tag not in _HOLDERS:
        marks = set(marks_of(block))
    elif block.tag == "dl":
        marks = {mark for group in groups(block) for mark in _marks_of_terms(group, numbered)}
    else:
        marks = {mark for child in block if not _is_own_title(child, block) for mark in _marks(child, numbered)}
    if block in numbered:
        if len(block):
            block[0].attrib.pop("data-missing", None)  # it will hold the number
    elif block.tag not in _NEVER and block.get("class") != "clauses":
        _say([block], marks)
    return marks


def _say(blocks: list[ET.Element], marks: set[str]) -> None:
    reading = _READINGS.get(next(iter(marks))) if len(marks) == 1 else None
    for block in blocks if reading else ():
        block.set("data-missing", reading or "")


def _is_own_title(child: ET.Element, box: ET.Element) -> bool:
    """Whether a box's title is not its author's, but the name of its kind: it can't stand alone."""
    name = (box.get("class") or "").split()[-1:]
    return child.get("class") == "admonition-title" and [child.text] == [word.capitalize() for word in name]


def _marks_of_terms(group: list[ET.Element], numbered: Set[ET.Element]) -> set[str]:
    """The marks of terms and their meanings. One of each stays, unless all of them go."""
    marks = {child: _marks(child, numbered) for child in group}
    whole = set().union(*marks.values())
    _say(group, whole)
    for tag in ("dt", "dd") if len(whole) > 1 else ():
        alike = [child for child in group if child.tag == tag]
        for mark in _READINGS:
            emptied = [child for child in alike if marks[child] == {mark}]
            _say(emptied[: -1 if len(emptied) == len(alike) else None], {mark})
    return whole


def _look_at_notes(tree: ET.Element, footnotes: ET.Element) -> None:
    """A note goes with the references to it."""
    references = references_to_notes(tree)
    notes = [note for items in footnotes.findall("ol") for note in items]
    marks = [set(references.get(f"#{note.get('id')}", ())) for note in notes]
    for note, own in zip(notes, marks, strict=True):
        _say([note], own)
    _say([footnotes], set().union(*marks))
