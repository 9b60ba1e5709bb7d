"""A section or clause in the tree that Markdown left, and the tags of that tree."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from ..model.document import Kind, Mark, Status
from ..model.number import Number

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
MARKS: dict[str, Mark] = {"del": "deleted", "ins": "inserted"}
BLOCKS = HEADINGS | frozenset("p ol ul table blockquote pre div dl hr".split())


@dataclass(eq=False)
class Place:
    """A section or clause: where it stands and what it is called, in both readings.

    `number` is None only for a deleted place under `close_up`, `previous_number` only for an inserted one; until the
    places are counted both are. `own` is the label that its author has given it, empty where it shall have none, and
    `word` what it is called by. Of a place that has moved, `moved_from` is the deleted one that had its name.
    """

    level: int
    element: ET.Element
    line: int
    is_heading: bool = False
    appendix: bool = False
    own: str | None = None
    word: str = "clause"
    name: str | None = None
    internal: bool = False
    status: Status = "unchanged"
    number: Number | None = None
    previous_number: Number | None = None
    moved_from: Place | None = None

    @property
    def kind(self) -> Kind:
        """What it is, whatever the policy calls it."""
        return ("appendix" if self.appendix else "section") if self.is_heading else "clause"

    def __str__(self) -> str:
        return f"{self.word} {self.number or self.previous_number or ''}".rstrip()

    def blocks(self) -> list[ET.Element]:
        """The blocks that are the place's own: not its sub-clauses."""
        if self.is_heading:
            return [self.element]
        return [child for child in self.element if child.get("class") != "clauses"]


def is_footnotes(element: ET.Element) -> bool:
    """Whether this is the block at a policy's end that holds its footnotes."""
    return element.tag == "div" and element.get("class") == "footnote"


def references_to_notes(tree: ET.Element) -> dict[str, list[Mark]]:
    """The marks that the references to each footnote stand in, by the address they lead to."""
    marks: dict[str, list[Mark]] = {}

    def look(element: ET.Element, mark: Mark) -> None:
        if element.get("class") == "footnote-ref":
            marks.setdefault(element.get("href", ""), []).append(mark)
        mark = MARKS.get(element.tag, mark)
        for child in element:
            look(child, mark)

    look(tree, "")
    return marks


def marks_of(element: ET.Element, mark: Mark = "") -> Iterator[Mark]:
    """The mark that each run of words of a block stands in."""
    if element.tag == "comment":
        return
    mark = MARKS.get(element.tag, mark)
    if element.tag in ("img", "hr") or (element.text and element.text.strip()):
        yield mark
    for child in element:
        yield from marks_of(child, mark)
        if child.tail and child.tail.strip():
            yield mark


def is_plain_paragraph(block: ET.Element) -> bool:
    """Whether this is a paragraph of words alone, without a mark or anything else in it."""
    return block.tag == "p" and not len(block) and bool(block.text and block.text.strip())


def wrap_text(item: ET.Element) -> None:
    """Puts the bare words of a list item, at its start or behind a block in it, into paragraphs, as in a loose list."""
    children, loose = list(item), item.text
    item[:], item.text = [], None
    paragraph: ET.Element | None = None
    for child in (None, *children):
        if child is None or child.tag in BLOCKS:
            paragraph = None
            if child is not None:
                item.append(child)
                loose, child.tail = child.tail, None
            if loose and loose.strip():
                paragraph = ET.SubElement(item, "p")
                paragraph.text = loose
        else:
            if paragraph is None:
                paragraph = ET.SubElement(item, "p")
            paragraph.append(child)
