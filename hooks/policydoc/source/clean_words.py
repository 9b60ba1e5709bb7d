"""Turns the words of a tree as Markdown left them into words that can be published, and reports what can't be.

Takes the line numbers out, and finds marks and comments left open or nested, raw HTML, unsafe links, images without a
description.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice

from ..messages import Fault, said
from . import languages
from .dialect import ESCAPED, plain_address
from .foreign_signs import foreign
from .line_numbers import LINE_BASE, MARKER
from .links import address_fault
from .near_misses import SUSPECT, slips
from .place import Place
from .unread import escapes, line_at, typed
from .value_kinds import UNPRINTABLE

# Attributes that an article may carry; whatever else a Markdown library sets is dropped.
_ALLOWED = {"a": {"href", "title", "class"}, "img": {"src", "alt", "title"}, "div": {"class"}, "p": {"class"},
            "span": {"lang"}, "sup": {"id"}, "li": {"id"}, "comment": {"n"}}  # fmt: skip
# One of these is in every text that needs a second look; most have none
_SIGN = re.compile("[~^{}<=>&\\[\x02\n\U000f0000-\U0010ffff]")
# One line with its number before it, and without any sign that could mean anything
_PLAIN = re.compile(rf"[\U000f0000-\U000ffffd][^{SUSPECT}&=+%!\[\]\x02\n\U000f0000-\U0010ffff]*\Z")
# &#123;   &lcub;   &lt;
_ENTITY = re.compile(r"&#?\w{1,32};")
# { } << >>      in an address
_NO_ADDRESS = re.compile(r"[{}｛｝﹛﹜]|<{2,3}|>{2,3}")
# [words][no such name]   [words](never closed   ![a picture]
_NO_LINK = re.compile(r"\[[^\[\]]*\](?:\[(?!\^)|\()|(?<!\w)!\[[^\[\]]*\]")
# What ~ ^ * _ make of what stands between two of them
_SMALL_OR_SLANTED = frozenset({"sub", "sup", "em", "strong"})
# The space before a footnote's way back, as Python-Markdown leaves it for its serialiser
FOOTNOTE_SPACE = "\x02qq3936677670287331zz\x03"


@dataclass
class Words:
    """Where the walk is (line and place), and what it has found in the words so far.

    lines say where each block, link and image begins, noted are (place, line, fault).
    """

    line: int = 1
    place: Place | None = None
    lines: dict[ET.Element, int] = field(default_factory=dict)
    links: list[int] = field(default_factory=list)
    noted: list[tuple[Place | None, int, Fault]] = field(default_factory=list)

    def note(self, code: str, /, line: int | None = None, **words: object) -> None:
        """Notes a slip, one of messages.toml, here or at another line."""
        self.noted.append((self.place, self.line if line is None else line, said(code, **words)))

    def note_fault(self, fault: Fault | None, line: int | None = None) -> None:
        """Notes what is wrong, if anything is."""
        if fault:
            self.noted.append((self.place, self.line if line is None else line, fault))

    def look(self, element: ET.Element) -> None:
        """Moves on to the line where this element's words begin."""
        self.lines[element] = self.line = first_line(element) or self.line

    def clean_plain(self, block: ET.Element) -> bool:
        """Cleans one line of words in which nothing can be wrong; False where the block is anything else."""
        text = block.text or ""
        if len(block) or block.attrib or not _PLAIN.match(text) or "intern" in text.lower():
            return False
        self.lines[block] = self.line = ord(text[0]) - LINE_BASE
        block.text = text[1:]
        return True

    def note_unread_links(self, block: ET.Element) -> None:
        """Notes what would be printed with its signs, as it was meant for a link or a picture."""
        text = "".join(_words_outside_code(block))
        for link in _NO_LINK.finditer(text) if "[" in text else ():
            self.note("P428", line=line_at(text, link.start(), self.line))

    def clean(self, block: ET.Element) -> None:
        """One block and all in it: what Markdown has left unread reported, text cleaned, marks and links checked."""
        for tag, text in typed(block):
            for index, fault in (*slips(text, tag), *foreign(text)):
                self.noted.append((self.place, line_at(text, index, self.line), fault))
        self._clean(block, "")

    def _clean(self, element: ET.Element, mark: str) -> None:
        if element.tag in ("del", "ins"):
            if mark:
                self.note("P303")
            mark = element.tag
        self.clean_attributes(element)
        if element.tag == "a":
            self._link(element)
        elif element.tag == "span" and "lang" in element.attrib:
            self.note_fault(languages.fault(element.get("lang", "")))
        elif element.tag == "img":
            self.lines[element] = self.line
            if not element.get("alt", "").strip():
                self.note("P431")
        is_code = element.tag in ("code", "pre")
        element.text = self._text(element.text, is_code)
        before = element.text
        for child in element:
            if child.tag == "em" and (before or "")[-1:].isdigit() and (child.text or "")[:1].isdigit():
                self.note("P324")
            elif child.tag in _SMALL_OR_SLANTED and not child.get("id") and (address := _address_before(before)):
                self.note("P408", address=address)
            self._clean(child, mark)
            child.tail = before = self._text(child.tail, is_code)

    def _text(self, text: str | None, is_code: bool = False) -> str | None:
        """The text without line numbers and escapes."""
        if not text:
            return text
        if "\U000f0000" <= text[0] <= "\U000ffffd":
            self.line, text = ord(text[0]) - LINE_BASE, text[1:]
        if not _SIGN.search(text):
            return text
        markers = MARKER.findall(text)
        if markers:
            self.line = ord(markers[-1]) - LINE_BASE
        text = MARKER.sub("", text)
        if is_code:
            return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return ESCAPED.sub(self._escaped, plain_address(text)).replace(FOOTNOTE_SPACE, "\u00a0")

    def _escaped(self, sign: re.Match[str]) -> str:
        """The character that was escaped, or spelt out: `&#xFEFF;` can't be printed either."""
        character = chr(int(sign[1]))
        if UNPRINTABLE.match(character):
            self.note("P112", character=f"U+{ord(character):04X}")
        return character

    def _link(self, link: ET.Element) -> None:
        address = plain_address(link.get("href", ""))
        link.set("href", address)
        if "footnote-ref" in link.get("class", ""):
            return
        fault = address_fault(address)
        if fault and not _NO_ADDRESS.search(address):  # that has been told of
            self.noted.append((self.place, self.line, fault))
        elif not "".join(link.itertext()).strip() and not link.findall(".//img"):
            self.note("P407", address=address)
        self.lines[link] = self.line
        self.links.append(self.line)

    def clean_attributes(self, element: ET.Element) -> None:
        allowed: frozenset[str] | set[str] = _ALLOWED.get(element.tag, frozenset())
        for key, value in list(element.attrib.items()):
            if key not in allowed and not key.startswith("data-") and value not in ("clauses", "plain", "appendix"):
                del element.attrib[key]
                continue
            self._unread_attribute(key, value)
            element.set(key, ESCAPED.sub(self._escaped, MARKER.sub("", value)))

    def _unread_attribute(self, key: str, value: str) -> None:
        """Reports what is no part of an address, a title or an image's text."""
        if key in ("title", "alt", "src", "href") and any(sign in value for sign in ("{>>", "<<}", "<!--")):
            self.note("P315", what="link")
        elif key in ("title", "alt") and ("~~" in value or "^^" in value):
            self.note("P304")
        elif key in ("title", "alt"):
            # A brace that is spelt out hides nothing either; any other sign that is spelt out is meant as it stands.
            spelt_out = _ENTITY.sub(lambda entity: _brace(entity[0]), escapes(value))
            for _, fault in islice(slips(spelt_out, key), 1):
                self.noted.append((self.place, self.line, fault))
        elif key in ("src", "href", "id") and (sign := _NO_ADDRESS.search(value)):
            self.note("P322", sign=sign[0], code="".join(f"%{ord(char):02X}" for char in sign[0]))


def _words_outside_code(element: ET.Element) -> Iterator[str]:
    if element.tag not in ("code", "pre", "sup"):
        yield element.text or ""
        for child in element:
            yield from _words_outside_code(child)
            yield child.tail or ""


def _address_before(text: str | None) -> str:
    """The web address that these words end in, with no space behind it; empty where they don't."""
    last = text.split()[-1] if text and not text[-1].isspace() else ""
    return last.lstrip("(“‘\"'") if "://" in last or "www." in last else ""


def _brace(entity: str) -> str:
    return unescape(entity) if unescape(entity) in "{}｛｝" else entity


def first_line(element: ET.Element) -> int | None:
    """The line of an element's first words, if they have not been settled yet."""
    for text in element.itertext():
        marker = MARKER.search(text)
        if marker:
            return ord(marker[0]) - LINE_BASE
    return None
