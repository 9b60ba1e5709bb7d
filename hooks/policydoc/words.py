"""Turns the words of a tree as Markdown left them into words that can be published, and reports what can't be.

Takes the line numbers out, and finds marks and comments left open or nested, raw HTML, unsafe links, images without a
description.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from .dialect import ESCAPED, plain_address
from .lines import CODE, LINE_BASE, MARKER
from .links import address_fault
from .messages import Fault, said
from .metadata import UNPRINTABLE
from .place import Place

# Attributes that an article may carry; whatever else a Markdown library sets is dropped.
_ALLOWED = {"a": {"href", "title", "class"}, "img": {"src", "alt", "title"}, "div": {"class"}, "p": {"class"},
            "sup": {"id"}, "li": {"id"}, "comment": {"n"}}  # fmt: skip
# One of these is in every text that needs a second look; most have none
_SIGN = re.compile("[~^{}<=>&\\[\x02\n\U000f0000-\U0010ffff]")
# What must not be left over in a text once Markdown has read it
_LEFTOVER = re.compile(
    r"~~|\^\^|[\U00100000-\U0010ffff]|\{>>|<<\}|\{==|==\}|<!--|<(?=[A-Za-z/!?])|\{[#.:][^{}]*\}|\[\^[^\]]+\]|[\U000f0000-\U000ffffd]"
    r"|(?<=\n)(?:\d+\.|[-*+]) +(?=[\U000f0000-\U000ffffd])"
)
# The space before a footnote's way back, as Python-Markdown leaves it for its serialiser
FOOTNOTE_SPACE = "\x02qq3936677670287331zz\x03"


@dataclass
class Words:
    """Where the walk is (line and place), and what it has found in the words so far.

    links are (the <a> element, its line, its place or None, the mark it stands in: del, ins or none), noted are (place,
    line, fault).
    """

    line: int = 1
    place: Place | None = None
    links: list[tuple[ET.Element, int, Place | None, str]] = field(default_factory=list)
    images: list[tuple[ET.Element, int, Place | None]] = field(default_factory=list)
    noted: list[tuple[Place | None, int, Fault]] = field(default_factory=list)

    def note(self, code: str, /, line: int | None = None, **words: object) -> None:
        """Notes a slip, one of messages.toml, here or at another line."""
        self.noted.append((self.place, self.line if line is None else line, said(code, **words)))

    def look(self, element: ET.Element) -> None:
        """Moves on to the line where this element's words begin."""
        self.line = first_line(element) or self.line

    def settle(self, element: ET.Element, mark: str = "") -> None:
        """One element and all in it: text cleaned, marks and links checked."""
        if element.tag in ("del", "ins"):
            if mark:
                self.note("P303")
            mark = element.tag
        self.clean_attributes(element)
        if element.tag == "a":
            if "footnote-backref" in element.get("class", ""):
                element.text = "↩"
            else:
                self._link(element, mark)
        elif element.tag == "img":
            self.images.append((element, self.line, self.place))
            if not element.get("alt", "").strip():
                self.note("P431")
        is_code = element.tag in ("code", "pre")
        element.text = self._text(element.text, is_code)
        for child in element:
            self.settle(child, mark)
            child.tail = self._text(child.tail, is_code)

    def _text(self, text: str | None, is_code: bool = False) -> str | None:
        """The text without line numbers and escapes; what must not be left over in it is reported."""
        if not text:
            return text
        if "\U000f0000" <= text[0] <= "\U000ffffd":
            self.line, text = ord(text[0]) - LINE_BASE, text[1:]
        if not _SIGN.search(text):
            return text
        for found in _LEFTOVER.finditer(text):
            sign = found[0]
            if "\U000f0000" <= sign <= "\U000ffffd":
                self.line = ord(sign) - LINE_BASE
            elif not is_code:
                self._leftover(sign, text, found)
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

    def _leftover(self, sign: str, text: str, found: re.Match[str]) -> None:
        if sign in ("~~", "^^"):
            self.note("P302" if text.count(sign) > 1 else "P301", sign=sign)
        elif CODE.match(sign):
            self.note("P214")
        elif sign in ("{>>", "<!--"):
            self.note("P311", sign=sign, close="<<}" if sign == "{>>" else "-->")
        elif sign == "<<}":
            self.note("P313")
        elif sign in ("{==", "==}"):
            self.note("P314")
        elif sign == "<":
            self.note("P217")
        elif sign.startswith("[^"):
            self.note("P421", sign=sign)
        elif not sign.startswith("{"):
            self.note("P215")
        else:
            self.note("P501", sign=sign)

    def _link(self, link: ET.Element, mark: str) -> None:
        address = plain_address(link.get("href", ""))
        link.set("href", address)
        if "footnote-ref" in link.get("class", ""):
            return
        fault = address_fault(address)
        if fault:
            self.noted.append((self.place, self.line, fault))
        elif not "".join(link.itertext()).strip() and not link.findall(".//img"):
            self.note("P407", address=address)
        self.links.append((link, self.line, self.place, mark))

    def clean_attributes(self, element: ET.Element) -> None:
        allowed: frozenset[str] | set[str] = _ALLOWED.get(element.tag, frozenset())
        for key, value in list(element.attrib.items()):
            if key not in allowed and not key.startswith("data-") and value not in ("clauses", "plain", "appendix"):
                del element.attrib[key]
                continue
            if key in ("title", "alt", "src", "href") and any(sign in value for sign in ("{>>", "<<}", "<!--")):
                self.note("P315", what="link")
            elif key in ("title", "alt") and ("~~" in value or "^^" in value):
                self.note("P304")
            element.set(key, ESCAPED.sub(self._escaped, MARKER.sub("", value)))


def first_line(element: ET.Element) -> int | None:
    """The line of an element's first words, if they have not been settled yet."""
    for text in element.itertext():
        found = MARKER.search(text)
        if found:
            return ord(found[0]) - LINE_BASE
    return None
