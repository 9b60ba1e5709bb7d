"""Turns the element tree of a policy into its places, counted in both readings: the one walk over the tree.

The walk knows the shape of a policy: sections, clauses in lists, and blocks that are neither. What is in the blocks is
the business of `words` (text, marks, links), `attributes` ({#name .internal}) and `spacing` (spaces round marks).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from ..messages import Fault
from ..model.document import Mark
from ..model.runs import status_of
from ..model.scheme import DEFAULT, Scheme
from ..problems import Problem, count_of
from .attributes import Attributes
from .braces import is_attributes
from .clean_words import FOOTNOTE_SPACE, Words, first_line
from .labels import label_fault, number_fault
from .line_numbers import CODE, CODE_BASE, MARKER
from .near_misses import shown
from .numbering import AS_USUAL, Counting, NoParent, count
from .place import HEADINGS, Place, is_footnotes, marks_of, references_to_notes, wrap_text
from .spacing import close_up

_STYLE_ALIGN = re.compile(r"text-align: (\w+)")


class Walk:
    """One walk over one policy's tree: `places` in reading order, `problems`, and what `words` found on the way."""

    def __init__(
        self, path: str, tree: ET.Element, code: list[tuple[int, str]], scheme: Scheme = DEFAULT,
        counting: Counting = AS_USUAL,
    ) -> None:  # fmt: skip
        self.places: list[Place] = []
        self.problems: list[Problem] = []
        self.words = Words()
        self.path, self._tree, self._code = path, tree, code
        self._scheme, self._counting = scheme, counting
        self._attributes = Attributes(self.words)
        self._level = 1  # of the heading that we are below
        self._references: dict[str, list[Mark]] = {}
        self._following = {block: after for parent in tree.iter() for block, after in pairwise(parent)}
        self._before = {after: block for block, after in self._following.items()}
        self._labelled: tuple[ET.Element | None, str] = (None, "")

    # the road, in order

    def run(self) -> Walk:
        for child in list(self._tree):
            self._top(child)
        self._attributes.share_names()
        if not any(place.level == 1 for place in self.places) and not (self.places and self._scheme.runs_on):
            self.words.note("P201")
        self._count()
        for place, line, fault in self.words.noted:
            self.problems.append(fault.at(self.path, line, str(place or "")))
        return self

    def _top(self, child: ET.Element) -> None:
        if child.tag in ("h1", "h4", "h5", "h6"):
            self.words.clean(child)
            self.words.note("P203" if child.tag == "h1" else "P204")
        elif child.tag == "h2":
            self._heading(child, 1)
        elif child.tag == "h3" and (self.places or self._scheme.runs_on) and self._attributes.says(child, ".numbered"):
            self._heading(child, 2)
        elif child.tag == "ol" and not self.places and not self._scheme.runs_on:
            for holder in list(child.iter()):
                if holder.tag in ("li", "dd", "blockquote", "div"):
                    wrap_text(holder)
            self.words.clean(child)
            self.words.note("P202")
        elif child.tag == "ol":
            self._clauses(child, self._level + 1)
        else:
            self._block(child, self._tree)

    def _heading(self, heading: ET.Element, level: int) -> None:
        self._level = level
        self.words.look(heading)
        place = self._open(level, heading)
        place.is_heading = True
        self._attributes.take(heading, heading, place)
        self.words.note_unread_links(heading)
        self.words.clean(heading)
        close_up(heading)
        self._finish(place)

    def _clauses(self, items: ET.Element, level: int) -> None:
        items.attrib.clear()
        items.attrib.update({"class": "clauses", "role": "list"})
        for item in items:
            self._clause(item, level)

    def _clause(self, item: ET.Element, level: int) -> None:
        wrap_text(item)
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
        is_bare = first is not None and first.get("class") == "clauses"
        if not is_bare:
            self._finish(place)
        below = len(self.places)
        for child in item:
            if child.get("class") == "clauses":
                self._clauses(child, level + 1)
        if is_bare:  # it goes with what stands in it
            statuses = {inner.status for inner in self.places[below:]}
            place.status = statuses.pop() if len(statuses) == 1 else "unchanged"
            place.status = "unchanged" if place.status == "amended" else place.status
        self.words.place = parent

    def _open(self, level: int, element: ET.Element) -> Place:
        place = Place(level, element, self.words.line)
        self.places.append(place)
        self.words.place = place
        return place

    def _finish(self, place: Place) -> None:
        """The status, once the place's own words are known."""
        status = status_of(mark for block in place.blocks() for mark in marks_of(block))
        if status is None:
            self.words.note("P206", line=place.line, what="heading" if place.is_heading else "clause")
        place.status = status or "unchanged"
        if not place.is_heading and place.blocks():
            self._slip(number_fault("".join(place.blocks()[0].itertext()), is_heading=False), place.line)

    def _count(self) -> None:
        """The numbers of all places, and what is wrong with those that have none."""
        sections = {place: n for n, place in enumerate(self.places) if place.level == 1}
        section = -1
        sections_of = {place: (section := sections.get(place, section)) for place in self.places}
        told: set[tuple[int, type[Exception]]] = set()
        for place, wrong in count(self.places, self._scheme, self._counting):
            if (sections_of[place], wrong) not in told:  # one slip, however many clauses stand below it
                told.add((sections_of[place], wrong))
                self.words.place = place
                if wrong is NoParent:
                    self.words.note("P305", line=place.line)
                else:
                    self.words.note("P260", line=place.line, scheme=self._scheme.text)
        self.words.place = None
        for place in self.places:
            self.words.place, number = place, place.number or place.previous_number
            if place.is_heading and number and number.citation:
                self._slip(number_fault("".join(place.element.itertext()), number.citation), place.line)
        anchors = {number.anchor: place for place in self.places if (number := place.number or place.previous_number)}
        for place in self.places:
            other = anchors.get(place.name or "")
            if other and other is not place:
                self.words.place = place
                self.words.note("P261", line=place.line, name=place.name, other=other)
        self.words.place = None

    def _slip(self, fault: Fault | None, line: int) -> None:
        if fault:
            self.words.noted.append((self.words.place, line, fault))

    # blocks and words

    def _block(self, block: ET.Element, parent: ET.Element) -> None:
        """Everything that isn't a place: paragraphs, bullets, tables, quotes, …"""
        if block.tag == "p" and CODE.fullmatch((block.text or "").strip()):
            self._code_block(block)
            return
        self.words.look(block)
        if block.tag == "p" and _only_attributes(block):
            self._below(block, parent)
            return
        if block.tag == "p":
            self._labels(block, parent)
        elif block.tag in HEADINGS and (block.tag != "h3" or parent is not self._tree):
            self.words.note("P205")
        elif block.tag in ("li", "dd", "blockquote", "div"):
            wrap_text(block)
        self._attributes_of(block)
        if block.tag in ("ul", "ol"):
            self._items(block, is_footnotes(parent))
        elif block.tag in ("li", "blockquote", "div", "dl", "dd"):
            self._holder(block)
        else:
            self._leaves(block)

    def _code_block(self, block: ET.Element) -> None:
        line, text = self._code[ord((block.text or "").strip()) - CODE_BASE]
        self.words.lines[block] = line
        block.tag, block.text = "pre", None
        ET.SubElement(block, "code").text = f"{text}\n"

    def _attributes_of(self, block: ET.Element) -> None:
        """What stands in braces at its end; a bullet or meaning has it at the end of its first paragraph."""
        if block.tag in ("li", "dd"):
            if len(block) and block[0].tag == "p":
                self._attributes.take(block[0], block, None)
        elif block.get("class") == "admonition-title":
            for word in self._attributes.off(block):
                self.words.note("P524", word=word)
        elif block.tag in ("p", "h3", "dt"):
            self._attributes.take(block, block, None)

    def _items(self, items: ET.Element, are_notes: bool) -> None:
        if items.tag == "ol" and not are_notes:
            items.set("class", "plain")
        for item in list(items):
            self._note(item, items) if are_notes else self._block(item, items)

    def _holder(self, block: ET.Element) -> None:
        """A block that has blocks."""
        if is_footnotes(block):
            self.words.place = None
            self._references = references_to_notes(self._tree)
            self._unused_notes(block)
        elif block.tag == "dl" and block[0].tag == "dd":
            self.words.note("P225", words=shown("".join(block[0].itertext())))
        elif block.tag == "div" and all(child.get("class") == "admonition-title" for child in block):
            self.words.note("P235")
        for child in list(block):
            self._block(child, block)
        self.words.clean_attributes(block)

    def _leaves(self, block: ET.Element) -> None:
        """A block that has words, or a table, whose cells have them."""
        leaves = [block]
        if block.tag == "table":
            self._table(block)
            leaves = [cell for row in block.iter("tr") for cell in row]
        for leaf in leaves:
            self.words.note_unread_links(leaf)
        self.words.clean(block)
        if block.tag == "h3" and not "".join(block.itertext()).strip() and block.find(".//img") is None:
            self.words.note("P206", what="heading")
        elif block.tag == "h3":
            self._slip(number_fault("".join(block.itertext())), self.words.line)
        for leaf in leaves:
            close_up(leaf)

    def _below(self, line: ET.Element, parent: ET.Element) -> None:
        """A line with nothing but attributes, and perhaps comments: they are those of the block above it.

        Below the only block of a clause, bullet, meaning or footnote they are those of the whole.
        """
        others = [child for child in parent if child is not line and not _only_attributes(child)]
        above = list(parent)[: list(parent).index(line)]
        target, place = above[-1] if above else None, None
        if target is None:
            for word in self._attributes.off(line):
                self.words.note("P523", word=word)
        else:
            is_clause = parent.get("class") != "plain" and self.words.place and self.words.place.element is parent
            if parent.tag in ("li", "dd") and [c for c in others if not (is_clause and c.tag == "ol")] == [target]:
                target, place = parent, self.words.place if is_clause else None
            elif target.tag == "h2":
                place = self.words.place
            self._attributes.take(line, target, place)
        if len(line):
            self.words.clean(line)
        else:
            parent.remove(line)

    def _note(self, note: ET.Element, notes: ET.Element) -> None:
        """A footnote, without the ways back to the text that Markdown has put behind its words."""
        self.words.look(note)
        last = note[-1] if len(note) else note
        for link in note.findall("p/a[@class='footnote-backref']"):
            last.remove(link)
        if len(last):
            last[-1].tail = (last[-1].tail or "").removesuffix(FOOTNOTE_SPACE)
        else:
            last.text = (last.text or "").removesuffix(FOOTNOTE_SPACE)
            if not last.text and last is not note:
                note.remove(last)
        self._block(note, notes)
        sign = f"[^{note.get('id', '').removeprefix('fn:')}]"
        marks = set(marks_of(note))
        if not marks:
            self.words.note("P424", sign=sign)
        only = marks.pop() if len(marks) == 1 else ""
        if only and any(mark != only for mark in self._references.get(f"#{note.get('id')}", ())):
            self.words.note("P425", sign=sign, what=only)

    def _unused_notes(self, footnotes: ET.Element) -> None:
        for note in footnotes.iter("li"):
            address = note.get("id", "")
            if address.startswith("fn:") and f"#{address}" not in self._references:
                self.words.note("P422", line=first_line(note), sign=f"[^{address.removeprefix('fn:')}]")

    def _table(self, table: ET.Element) -> None:
        for cell in table.iter():
            align = _STYLE_ALIGN.search(cell.attrib.pop("style", ""))
            if align:
                cell.set("data-align", align[1])
        for row in table.iter("tr"):
            self.words.look(row)
            self._row(row, len(table[0][0]))

    def _row(self, row: ET.Element, columns: int) -> None:
        """What stands in braces behind a row is about the row; its cells have nothing of the kind."""
        cells = row.attrib.pop("data-cells", None)
        if cells:
            self.words.note("P233", cells=cells, columns=count_of(columns, "column"))
        merged = row.attrib.pop("data-merged", None)
        if merged:
            self.words.note("P236", sign=merged)
        behind = ET.Element("p")
        behind.text, row[-1].tail = row[-1].tail, None
        for word in self._attributes.off(behind):
            if word.startswith("#") and row[0].tag == "td":
                self._attributes.name_block(word[1:], row)
            elif word != ".internal":
                self.words.note("P522", word=word)
            elif row[0].tag == "th":
                self.words.note("P521")
            else:
                row.set("data-internal", "true")
        for cell in row:
            for word in self._attributes.off(cell):
                self.words.note("P520", word=word)

    def _labels(self, paragraph: ET.Element, parent: ET.Element) -> None:
        opens_item = parent.tag == "li" and parent[0] is paragraph
        is_quoted = parent.tag != "li" and parent is not self._tree
        line_and_fault = label_fault(paragraph, self._following.get(paragraph), opens_item, is_quoted)
        if not line_and_fault:
            return
        line, fault = line_and_fault
        # (a) and (b), or the rows of a table with blank lines between, are one slip however many blocks they are.
        goes_on = self._labelled == (self._before.get(paragraph), fault.code)
        self._labelled = (paragraph, fault.code)
        if not goes_on:
            self._slip(fault, line or self.words.line)


def _only_attributes(block: ET.Element) -> bool:
    """Whether a paragraph holds nothing but `{.internal}` and the like, and perhaps comments."""
    if block.tag != "p" or any(child.tag != "comment" for child in block):
        return False
    text = (block.text or "") + "".join(child.tail or "" for child in block)
    return is_attributes(MARKER.sub("", text))
