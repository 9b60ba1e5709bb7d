"""Turns the element tree of a policy into its places, counted in both readings: the one walk over the tree.

The walk knows the shape of a policy: sections, clauses in lists, and `blocks` that are neither.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ..model.runs import status_of
from ..model.scheme import DEFAULT, Scheme
from ..problems import Problem
from .attributes import Attributes
from .blocks import Blocks
from .clean_words import Words
from .labels import number_fault
from .numbering import AS_USUAL, Counting, NoParent, count
from .place import Place, is_plain_paragraph, marks_of, wrap_text
from .spacing import close_up


class Walk:
    """One walk over one policy's tree: `places` in reading order, `problems`, and what `words` found on the way."""

    def __init__(
        self, path: str, tree: ET.Element, code: list[tuple[int, str]], scheme: Scheme = DEFAULT,
        counting: Counting = AS_USUAL,
    ) -> None:  # fmt: skip
        self.places: list[Place] = []
        self.problems: list[Problem] = []
        self.words = Words()
        self.path, self._tree = path, tree
        self._scheme, self._counting = scheme, counting
        self._attributes = Attributes(self.words)
        self._level = 1  # of the heading that we are below
        self._blocks = Blocks(tree, code, self.words, self._attributes)

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
            self._blocks.walk(child, self._tree)

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
                self._blocks.walk(child, item)
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
        blocks = place.blocks()
        is_plain = bool(blocks) and all(map(is_plain_paragraph, blocks))  # as most are
        status = "unchanged" if is_plain else status_of(mark for block in blocks for mark in marks_of(block))
        if status is None:
            self.words.note("P206", line=place.line, what="heading" if place.is_heading else "clause")
        place.status = status or "unchanged"
        if not place.is_heading and blocks:
            self.words.note_fault(number_fault("".join(blocks[0].itertext()), is_heading=False), place.line)

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
                self.words.note_fault(number_fault("".join(place.element.itertext()), number.citation), place.line)
        anchors = {number.anchor: place for place in self.places if (number := place.number or place.previous_number)}
        for place in self.places:
            other = anchors.get(place.name or "")
            if other and other is not place:
                self.words.place = place
                self.words.note("P261", line=place.line, name=place.name, other=other)
        self.words.place = None
