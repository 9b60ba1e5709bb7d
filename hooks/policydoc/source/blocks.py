"""Looks over the blocks of a policy, what is no section or clause: their attributes, labels, tables and footnotes.

What is in their words is the business of `words` (text, marks, links) and `spacing` (spaces round marks).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from ..model.document import Mark
from ..problems import count_of
from .attributes import Attributes
from .braces import is_attributes
from .clean_words import FOOTNOTE_SPACE, Words, first_line
from .labels import label_fault, number_fault
from .line_numbers import CODE, CODE_BASE, MARKER
from .near_misses import shown
from .place import HEADINGS, is_footnotes, marks_of, references_to_notes, wrap_text
from .spacing import close_up

_STYLE_ALIGN = re.compile(r"text-align: (\w+)")


class Blocks:
    """The blocks of one policy's tree; `words` and `attributes` are those of the walk over it."""

    def __init__(self, tree: ET.Element, code: list[tuple[int, str]], words: Words, attributes: Attributes) -> None:
        self._tree, self._code, self._words, self._attributes = tree, code, words, attributes
        self._references: dict[str, list[Mark]] = {}
        self._following = {block: after for parent in tree.iter() for block, after in pairwise(parent)}
        self._before = {after: block for block, after in self._following.items()}
        self._labelled: tuple[ET.Element | None, str] = (None, "")

    def walk(self, block: ET.Element, parent: ET.Element) -> None:
        """Everything that isn't a place: paragraphs, bullets, tables, quotes, …"""
        if block.tag == "p" and self._words.clean_plain(block):  # as most blocks are
            self._labels(block, parent)
            return
        if block.tag == "p" and CODE.fullmatch((block.text or "").strip()):
            self._code_block(block)
            return
        self._words.look(block)
        if block.tag == "p" and _only_attributes(block):
            self._below(block, parent)
            return
        if block.tag == "p":
            self._labels(block, parent)
        elif block.tag in HEADINGS and (block.tag != "h3" or parent is not self._tree):
            self._words.note("P205")
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
        self._words.lines[block] = line
        block.tag, block.text = "pre", None
        ET.SubElement(block, "code").text = f"{text}\n"

    def _attributes_of(self, block: ET.Element) -> None:
        """What stands in braces at its end; a bullet or meaning has it at the end of its first paragraph."""
        if block.tag in ("li", "dd"):
            if len(block) and block[0].tag == "p":
                self._attributes.take(block[0], block, None)
        elif block.get("class") == "admonition-title":
            for word in self._attributes.off(block):
                self._words.note("P524", word=word)
        elif block.tag in ("p", "h3", "dt"):
            self._attributes.take(block, block, None)

    def _items(self, items: ET.Element, are_notes: bool) -> None:
        if items.tag == "ol" and not are_notes:
            items.set("class", "plain")
        for item in list(items):
            self._note(item, items) if are_notes else self.walk(item, items)

    def _holder(self, block: ET.Element) -> None:
        """A block that has blocks."""
        if is_footnotes(block):
            self._words.place = None
            self._references = references_to_notes(self._tree)
            self._unused_notes(block)
        elif block.tag == "dl" and block[0].tag == "dd":
            self._words.note("P225", words=shown("".join(block[0].itertext())))
        elif block.tag == "div" and all(child.get("class") == "admonition-title" for child in block):
            self._words.note("P235")
        for child in list(block):
            self.walk(child, block)
        self._words.clean_attributes(block)

    def _leaves(self, block: ET.Element) -> None:
        """A block that has words, or a table, whose cells have them."""
        leaves = [block]
        if block.tag == "table":
            self._table(block)
            leaves = [cell for row in block.iter("tr") for cell in row]
        for leaf in leaves:
            self._words.note_unread_links(leaf)
        self._words.clean(block)
        if block.tag == "h3" and not "".join(block.itertext()).strip() and block.find(".//img") is None:
            self._words.note("P206", what="heading")
        elif block.tag == "h3":
            self._words.note_fault(number_fault("".join(block.itertext())), self._words.line)
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
                self._words.note("P523", word=word)
        else:
            is_clause = parent.get("class") != "plain" and self._words.place and self._words.place.element is parent
            if parent.tag in ("li", "dd") and [c for c in others if not (is_clause and c.tag == "ol")] == [target]:
                target, place = parent, self._words.place if is_clause else None
            elif target.tag == "h2":
                place = self._words.place
            self._attributes.take(line, target, place)
        if len(line):
            self._words.clean(line)
        else:
            parent.remove(line)

    def _note(self, note: ET.Element, notes: ET.Element) -> None:
        """A footnote, without the ways back to the text that Markdown has put behind its words."""
        self._words.look(note)
        last = note[-1] if len(note) else note
        for link in note.findall("p/a[@class='footnote-backref']"):
            last.remove(link)
        if len(last):
            last[-1].tail = (last[-1].tail or "").removesuffix(FOOTNOTE_SPACE)
        else:
            last.text = (last.text or "").removesuffix(FOOTNOTE_SPACE)
            if not last.text and last is not note:
                note.remove(last)
        self.walk(note, notes)
        sign = f"[^{note.get('id', '').removeprefix('fn:')}]"
        marks = set(marks_of(note))
        if not marks:
            self._words.note("P424", sign=sign)
        only = marks.pop() if len(marks) == 1 else ""
        if only and any(mark != only for mark in self._references.get(f"#{note.get('id')}", ())):
            self._words.note("P425", sign=sign, what=only)

    def _unused_notes(self, footnotes: ET.Element) -> None:
        for note in footnotes.iter("li"):
            address = note.get("id", "")
            if address.startswith("fn:") and f"#{address}" not in self._references:
                self._words.note("P422", line=first_line(note), sign=f"[^{address.removeprefix('fn:')}]")

    def _table(self, table: ET.Element) -> None:
        for cell in table.iter():
            align = _STYLE_ALIGN.search(cell.attrib.pop("style", ""))
            if align:
                cell.set("data-align", align[1])
        for row in table.iter("tr"):
            self._words.look(row)
            self._row(row, len(table[0][0]))

    def _row(self, row: ET.Element, columns: int) -> None:
        """What stands in braces behind a row is about the row; its cells have nothing of the kind."""
        cells = row.attrib.pop("data-cells", None)
        if cells:
            self._words.note("P233", cells=cells, columns=count_of(columns, "column"))
        merged = row.attrib.pop("data-merged", None)
        if merged:
            self._words.note("P236", sign=merged)
        behind = ET.Element("p")
        behind.text, row[-1].tail = row[-1].tail, None
        for word in self._attributes.off(behind):
            if word.startswith("#") and row[0].tag == "td":
                self._attributes.name_block(word[1:], row)
            elif word != ".internal":
                self._words.note("P522", word=word)
            elif row[0].tag == "th":
                self._words.note("P521")
            else:
                row.set("data-internal", "true")
        for cell in row:
            for word in self._attributes.off(cell):
                self._words.note("P520", word=word)

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
            self._words.note_fault(fault, line or self._words.line)


def _only_attributes(block: ET.Element) -> bool:
    """Whether a paragraph holds nothing but `{.internal}` and the like, and perhaps comments."""
    if block.tag != "p" or any(child.tag != "comment" for child in block):
        return False
    text = (block.text or "") + "".join(child.tail or "" for child in block)
    return is_attributes(MARKER.sub("", text))
