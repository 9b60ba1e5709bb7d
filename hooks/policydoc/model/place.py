"""A section or clause of a policy, and the tags that its tree is made of: what the modules that walk the tree share."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from . import addresses

Status = Literal["unchanged", "amended", "inserted", "deleted"]
Kind = Literal["section", "appendix", "clause"]

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
BLOCKS = HEADINGS | frozenset("p ol ul table blockquote pre div dl hr".split())


@dataclass(eq=False)
class Place:
    """A section or clause: where it stands and what it is called, in both readings.

    `number` is None only for a deleted place under `close_up`, `previous_number` only for an inserted one. Of a place
    that has moved, `moved_from` is the deleted one that had its name.
    """

    level: int
    element: ET.Element
    line: int
    appendix: bool = False
    name: str | None = None
    internal: bool = False
    status: Status = "unchanged"
    number: str | None = None
    previous_number: str | None = None
    moved_from: Place | None = None

    @property
    def id(self) -> str:
        return addresses.anchor(self.number, self.previous_number)

    @property
    def kind(self) -> Kind:
        """`section`, `appendix` or `clause`: the word that goes before the number."""
        return ("appendix" if self.appendix else "section") if self.level == 1 else "clause"

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.previous_number or ''}".rstrip()

    def blocks(self) -> list[ET.Element]:
        """The blocks that are the place's own: not its sub-clauses."""
        if self.level == 1:
            return [self.element]
        return [child for child in self.element if child.get("class") != "clauses"]


def kind_of(number: str) -> Kind:
    """What is called by this number: `section` for 6, `appendix` for A, `clause` for 6.1 and A.1."""
    return "clause" if "." in number else "section" if number.isdigit() else "appendix"


def is_footnotes(element: ET.Element) -> bool:
    """Whether this is the block at a policy's end that holds its footnotes."""
    return element.tag == "div" and element.get("class") == "footnote"


def groups(definitions: ET.Element) -> list[list[ET.Element]]:
    """The terms of a list of definitions, each with the others that share its meanings, and these."""
    found: list[list[ET.Element]] = []
    for child in definitions:
        if not found or (child.tag == "dt" and found[-1][-1].tag == "dd"):
            found.append([])
        found[-1].append(child)
    return found


def references_to_notes(tree: ET.Element) -> dict[str, list[str]]:
    """The marks (`del`, `ins` or none) that the references to each footnote stand in, by the address they lead to."""
    marks: dict[str, list[str]] = {}

    def look(element: ET.Element, mark: str) -> None:
        if element.get("class") == "footnote-ref":
            marks.setdefault(element.get("href", ""), []).append(mark)
        mark = element.tag if element.tag in ("del", "ins") else mark
        for child in element:
            look(child, mark)

    look(tree, "")
    return marks


def marks_of(element: ET.Element, mark: str = "") -> Iterator[str]:
    """The mark (`del`, `ins` or none) that each run of words of a block stands in."""
    if element.tag == "comment" or (element.tag == "a" and element.get("class") == "footnote-backref"):
        return
    if element.tag in ("del", "ins"):
        mark = element.tag
    if element.tag in ("img", "hr") or (element.text and element.text.strip()):
        yield mark
    for child in element:
        yield from marks_of(child, mark)
        if child.tail and child.tail.strip():
            yield mark


def status_of(blocks: list[ET.Element]) -> Status | None:
    """What the marks make of these blocks; None where there are no words at all."""
    marks = {mark for block in blocks for mark in marks_of(block)}
    if not marks:
        return None
    if marks == {"del"}:
        return "deleted"
    if marks == {"ins"}:
        return "inserted"
    return "unchanged" if marks == {""} else "amended"
