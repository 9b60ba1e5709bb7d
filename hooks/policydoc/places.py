"""Turns the element tree of a policy into its places, counted twice: the one walk over the tree.

The walk knows the shape of a policy: sections, clauses in lists, and blocks that are neither. What is in the blocks is
the business of `words` (text, marks, links), `attributes` ({#name .internal}) and `spacing` (spaces round marks).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from .attributes import ATTRIBUTES, Attributes
from .counting import NoParent, Numbering
from .labels import TYPED_NUMBER, label_fault
from .lines import CODE, CODE_BASE, MARKER
from .place import BLOCKS, HEADINGS, Place, is_footnotes, status_of
from .problems import Problem
from .near_misses import shown
from .spacing import close_up
from .words import Words, first_line

_STYLE_ALIGN = re.compile(r"text-align: (\w+)")


class Walk:
    """One walk over one policy's tree: `places` in reading order, `problems`, and what `words` found on the way."""

    def __init__(self, path: str, tree: ET.Element, code: list[str], close_up: bool = False) -> None:
        self.places: list[Place] = []
        self.problems: list[Problem] = []
        self.words = Words()
        self.path, self._tree, self._code, self._close_up = path, tree, code, close_up
        self._attributes = Attributes(self.words)
        self._previous, self._current = Numbering(), Numbering()
        self._gap = False
        self._following = {block: after for parent in tree.iter() for block, after in pairwise(parent)}
        self._before = {after: block for block, after in self._following.items()}
        self._labelled: tuple[ET.Element | None, str] = (None, "")

    # the road, in order

    def run(self) -> Walk:
        for child in list(self._tree):
            self._top(child)
        self._attributes.settle()
        if not any(place.level == 1 for place in self.places):
            self.words.note("P201")
        for place, line, fault in self.words.noted:
            self.problems.append(fault.at(self.path, line, str(place or "")))
        return self

    def _top(self, child: ET.Element) -> None:
        if child.tag in ("h1", "h4", "h5", "h6"):
            self.words.settle(child)
            self.words.note("P203" if child.tag == "h1" else "P204")
        elif child.tag == "h2":
            self._section(child)
        elif child.tag == "ol" and not self.places:
            self.words.settle(child)
            self.words.note("P202")
        elif child.tag == "ol":
            self._clauses(child, 2)
        else:
            self._block(child, self._tree)

    def _section(self, heading: ET.Element) -> None:
        self.words.look(heading)
        place = self._open(1, heading)
        self._attributes.take(heading, heading, place)
        self.words.settle(heading)
        close_up(heading)
        self._finish(place)

    def _clauses(self, items: ET.Element, level: int) -> None:
        items.attrib.clear()
        items.attrib.update({"class": "clauses", "role": "list"})
        for item in items:
            self._clause(item, level)

    def _clause(self, item: ET.Element, level: int) -> None:
        _wrap_text(item)
        self.words.look(item)
        parent = self.words.place
        place = self._open(level, item)
        first = next(iter(item), None)
        if first is not None and first.tag == "p":
            self._attributes.take(first, item, place)
        for child in list(item):
            if child.tag == "ol":
                child.set("class", "clauses")
            else:
                self._block(child, item)
        self._finish(place)
        for child in item:
            if child.get("class") == "clauses":
                self._clauses(child, level + 1)
        self.words.place = parent

    def _open(self, level: int, element: ET.Element) -> Place:
        place = Place(level, element, self.words.line)
        self.places.append(place)
        self.words.place = place
        return place

    def _finish(self, place: Place) -> None:
        """Status and numbers, once the place's own words are known."""
        status = status_of(place.blocks())
        if status is None:
            self.words.note("P206", line=place.line, what="heading" if place.level == 1 else "clause")
        place.status = status or "unchanged"
        if place.level == 1:
            self._gap = False
        counted = not (self._close_up and place.status == "deleted")
        place.number = self._count(place, self._current, counted)
        place.previous_number = self._count(place, self._previous, place.status != "inserted")
        text = "".join(place.blocks()[0].itertext()) if place.blocks() else ""
        if TYPED_NUMBER.match(text):
            number = MARKER.sub("", text).split(maxsplit=1)[0]
            self.words.note("P216", line=place.line, number=number)

    def _count(self, place: Place, numbering: Numbering, counted: bool) -> str | None:
        try:
            return numbering.step(place.level, counted, place.appendix)
        except NoParent:
            if not self._gap:  # one slip, however many clauses stand below it
                self.words.note("P305", line=place.line)
            self._gap = True
            return None

    # blocks and words

    def _block(self, block: ET.Element, parent: ET.Element) -> None:
        """Everything that isn't a place: paragraphs, bullets, tables, quotes, …"""
        if block.tag == "p" and CODE.fullmatch((block.text or "").strip()):
            block.tag, code = "pre", ET.SubElement(block, "code")
            code.text = self._code[ord((block.text or "").strip()) - CODE_BASE] + "\n"
            block.text = None
            return
        self.words.look(block)
        if block.tag == "p" and not len(block) and ATTRIBUTES.fullmatch(block.text or ""):
            before = list(parent)[: list(parent).index(block)]
            target = before[-1] if before else parent
            self._attributes.take(block, target, self.words.place if target.tag == "h2" else None)
            parent.remove(block)
            return
        if block.tag == "p":
            self._labels(block, parent)
        if block.tag in HEADINGS and (block.tag != "h3" or parent is not self._tree):
            self.words.note("P205")
        if block.tag in ("li", "dd"):
            _wrap_text(block)
            if len(block) and block[0].tag == "p":
                self._attributes.take(block[0], block, None)
        elif block.tag in ("p", "h3"):
            self._attributes.take(block, block, None)
        if block.tag in ("ul", "ol"):
            if block.tag == "ol" and not is_footnotes(parent):
                block.set("class", "plain")
            for item in list(block):
                self._block(item, block)
            return
        if is_footnotes(block):
            self.words.place = None
            self._unused_notes(block)
        if block.tag == "dl" and block[0].tag == "dd":
            self.words.note("P225", words=shown("".join(block[0].itertext())))
        if block.tag == "table":
            self._table(block)
        if block.tag in ("li", "blockquote", "div", "dl", "dd"):
            for child in list(block):
                self._block(child, block)
            self.words.clean_attributes(block)
            return
        self.words.settle(block)
        if block.tag == "table":
            for row in block.iter("tr"):
                for cell in row:
                    close_up(cell)
        else:
            close_up(block)

    def _unused_notes(self, footnotes: ET.Element) -> None:
        referred = {link.get("href") for link in self._tree.iter("a") if link.get("class") == "footnote-ref"}
        for note in footnotes.iter("li"):
            address = note.get("id", "")
            if address.startswith("fn:") and f"#{address}" not in referred:
                self.words.note("P422", line=first_line(note), sign=f"[^{address.removeprefix('fn:')}]")

    def _table(self, table: ET.Element) -> None:
        for cell in table.iter():
            align = _STYLE_ALIGN.search(cell.attrib.pop("style", ""))
            if align:
                cell.set("data-align", align[1])

    def _labels(self, paragraph: ET.Element, parent: ET.Element) -> None:
        opens_item = parent.tag == "li" and parent[0] is paragraph
        is_quoted = parent.tag != "li" and parent is not self._tree
        found = label_fault(paragraph, self._following.get(paragraph), opens_item, is_quoted)
        if not found:
            return
        line, fault = found
        # (a) and (b), or the rows of a table with blank lines between, are one slip however many blocks they are.
        goes_on = self._labelled == (self._before.get(paragraph), fault.code)
        self._labelled = (paragraph, fault.code)
        if not goes_on:
            self.words.noted.append((self.words.place, line or self.words.line, fault))


def _wrap_text(item: ET.Element) -> None:
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
