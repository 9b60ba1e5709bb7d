"""Turns the element tree of a policy into its places, counted twice: the one walk over the tree.

On its way the walk takes out the line numbers, closes up the space round amendments, and reports every slip that can be
seen in the text: marks left open or nested, empty clauses, raw HTML, unsafe links, numbers typed by hand.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .counting import NoParent, Numbering
from .dialect import ESCAPED, plain_address
from .lines import CODE, CODE_BASE, LINE_BASE, MARKER
from .links import address_fault
from .problems import Problem
from .spacing import close_up

Status = Literal["unchanged", "amended", "inserted", "deleted"]

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
BLOCKS = _HEADINGS | frozenset("p ol ul table blockquote pre div dl hr".split())
# Attributes that an article may carry; whatever else a Markdown library sets is dropped.
_ALLOWED = {"a": {"href", "title", "class"}, "img": {"src", "alt", "title"}, "div": {"class"}, "p": {"class"},
            "sup": {"id"}, "li": {"id"}, "comment": {"n"}}  # fmt: skip
# What must not be left over in a text once Markdown has read it
_LEFTOVER = re.compile(
    r"~~|\^\^|\{>>|<<\}|\{==|==\}|<!--|<(?=[A-Za-z/!?])|\{[#.:][^{}]*\}|\[\^[^\]]+\]|[\U000f0000-\U000ffffd]"
    r"|(?<=\n)(?:\d+\.|[-*+]) +(?=[\U000f0000-\U000ffffd])"
)
# {#moderator .internal}   {#moderator} {.internal}     at the end of a block
_ATTRIBUTES = re.compile(r"((?:\s*\{[#.:][^{}]*\})+)\s*$")
_NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
# 1.1. Text   1.1 Text   1.1.1 text   1) Text   (a) Text   a) Text   (iv) Text   1. Text     but not: 1.5 million
_TYPED_NUMBER = re.compile(
    r"^\s*(?:\d+(?:\.\d+){2,}\.?|\d+\.\d+(?:\.|(?=\s+[A-Z]))|\d{1,3}[.)]|\((?:\w|[ivxlc]+|\d+)\)|[A-Za-z]\)|[ivxlc]+\))\s"
)
_STYLE_ALIGN = re.compile(r"text-align: (\w+)")


@dataclass(eq=False)
class Place:
    """A section or clause: where it stands and what it is called, in both readings.

    `number` is None only for a deleted place under `close_up`, `previous_number` only for an inserted one.
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

    @property
    def id(self) -> str:
        return self.number or f"was-{self.previous_number}"

    @property
    def kind(self) -> str:
        """`section`, `appendix` or `clause`: the word that goes before the number."""
        return ("appendix" if self.appendix else "section") if self.level == 1 else "clause"

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.previous_number or ''}".rstrip()

    def blocks(self) -> list[ET.Element]:
        """The blocks that are the place's own: not its sub-clauses."""
        if self.level == 1:
            return [self.element]
        return [child for child in self.element if child.get("class") != "clauses"]


@dataclass
class Walk:
    """One walk over one policy's tree; what it found is read from its fields afterwards.

    links are (the <a> element, its line, the place it stands in or None, the mark it stands in: del, ins or none).
    """

    path: str
    tree: ET.Element
    code: list[str]
    close_up: bool = False
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    links: list[tuple[ET.Element, int, Place | None, str]] = field(default_factory=list)
    images: list[tuple[ET.Element, int, Place | None]] = field(default_factory=list)
    line: int = 1

    def __post_init__(self) -> None:
        self._place: Place | None = None
        self._noted: list[tuple[Place | None, int, str, Literal["error", "warning"]]] = []
        self._previous, self._current = Numbering(), Numbering()
        self._names: dict[str, Place] = {}
        self._gap = False

    # the road, in order

    def run(self) -> Walk:
        for child in list(self.tree):
            self._top(child)
        if not any(place.level == 1 for place in self.places):
            self._note(
                "this policy has no section. Start one with a line such as ## Purpose.", line=self.line
            )
        for place, line, text, level in self._noted:
            self.problems.append(Problem(self.path, line, text, str(place) if place else "", level))
        return self

    def _top(self, child: ET.Element) -> None:
        if child.tag in ("h1", "h4", "h5", "h6"):
            self._settle(child)
            self._note(
                "a policy has one title, in its front matter. Write ## for a section."
                if child.tag == "h1"
                else "only ## (section) and ### (cross-heading) are headings here. Use one of them."
            )
        elif child.tag == "h2":
            self._section(child)
        elif child.tag == "ol" and not self.places:
            self._settle(child)
            self._note("a clause stands before any section. Start a section above it, such as ## Purpose.")
        elif child.tag == "ol":
            self._clauses(child, 2)
        else:
            self._block(child, self.tree)
            if child.tag == "p" and _TYPED_NUMBER.match(child.text or ""):
                self._typed_number(child.text or "")

    def _section(self, heading: ET.Element) -> None:
        self.line = _first_line(heading) or self.line
        place = self._open(1, heading)
        self._attributes(heading, heading, place)
        self._settle(heading)
        close_up(heading)
        self._finish(place)

    def _clauses(self, items: ET.Element, level: int) -> None:
        items.attrib.clear()
        items.attrib.update({"class": "clauses", "role": "list"})
        for item in items:
            self._clause(item, level)

    def _clause(self, item: ET.Element, level: int) -> None:
        _wrap_text(item)
        self.line = _first_line(item) or self.line
        parent = self._place
        place = self._open(level, item)
        first = next(iter(item), None)
        if first is not None and first.tag == "p":
            self._attributes(first, item, place)
        for child in list(item):
            if child.tag == "ol":
                child.set("class", "clauses")
            else:
                self._block(child, item)
        self._finish(place)
        for child in item:
            if child.get("class") == "clauses":
                self._clauses(child, level + 1)
        self._place = parent

    def _open(self, level: int, element: ET.Element) -> Place:
        place = Place(level, element, self.line)
        self.places.append(place)
        self._place = place
        return place

    def _finish(self, place: Place) -> None:
        """Status and numbers, once the place's own words are known."""
        status = _status(place.blocks())
        if status is None:
            what = "heading" if place.level == 1 else "clause"
            self._note(f"this {what} is empty. Write its text, or take the line out.", line=place.line)
        place.status = status or "unchanged"
        if place.level == 1:
            self._gap = False
        counted = not (self.close_up and place.status == "deleted")
        place.number = self._count(place, self._current, counted)
        place.previous_number = self._count(place, self._previous, place.status != "inserted")
        text = "".join(place.blocks()[0].itertext()) if place.blocks() else ""
        if _TYPED_NUMBER.match(text):
            self._typed_number(text, place.line)

    def _count(self, place: Place, numbering: Numbering, counted: bool) -> str | None:
        try:
            return numbering.step(place.level, counted, place.appendix)
        except NoParent:
            if not self._gap:  # one slip, however many clauses stand below it
                self._note(
                    "what stands above this is inserted or deleted, and there is nothing before it that it could go "
                    "on from. Mark this in the same way, with ^^ or ~~.",
                    line=place.line,
                )
            self._gap = True
            return None

    # blocks and words

    def _block(self, block: ET.Element, parent: ET.Element) -> None:
        """Everything that isn't a place: paragraphs, bullets, tables, quotes, …"""
        if block.tag == "p" and CODE.fullmatch((block.text or "").strip()):
            block.tag, code = "pre", ET.SubElement(block, "code")
            code.text = self.code[ord((block.text or "").strip()) - CODE_BASE] + "\n"
            block.text = None
            return
        self.line = _first_line(block) or self.line
        if block.tag == "p" and not len(block) and _ATTRIBUTES.fullmatch(block.text or ""):
            before = list(parent)[: list(parent).index(block)]
            target = before[-1] if before else parent
            self._attributes(block, target, self._place if target.tag == "h2" else None)
            parent.remove(block)
            return
        if block.tag in _HEADINGS and (block.tag != "h3" or parent is not self.tree):
            self._note(
                "a heading can't stand inside a clause, bullet or quote. Begin its line at the left edge."
            )
        if block.tag in ("li", "dd"):
            _wrap_text(block)
            if len(block) and block[0].tag == "p":
                self._attributes(block[0], block, None)
        elif block.tag in ("p", "h3"):
            self._attributes(block, block, None)
        if block.tag in ("ul", "ol"):
            if block.tag == "ol" and not is_footnotes(parent):
                block.set("class", "plain")
            for item in list(block):
                self._block(item, block)
            return
        if is_footnotes(block):
            self._place = None
            self._unused_notes(block)
        if block.tag == "table":
            self._table(block)
        if block.tag in ("li", "blockquote", "div", "dl", "dd"):
            for child in list(block):
                self._block(child, block)
            self._clean_attributes(block)
            return
        self._settle(block)
        if block.tag == "table":
            for row in block.iter("tr"):
                for cell in row:
                    close_up(cell)
        else:
            close_up(block)

    def _unused_notes(self, footnotes: ET.Element) -> None:
        referred = {link.get("href") for link in self.tree.iter("a") if link.get("class") == "footnote-ref"}
        for note in footnotes.iter("li"):
            address = note.get("id", "")
            if address.startswith("fn:") and f"#{address}" not in referred:
                sign = f"[^{address.removeprefix('fn:')}]"
                self._note(
                    f"nothing refers to the footnote {sign}. Write {sign} where it belongs, or take the footnote out.",
                    line=_first_line(note),
                )

    def _table(self, table: ET.Element) -> None:
        for cell in table.iter():
            align = _STYLE_ALIGN.search(cell.attrib.pop("style", ""))
            if align:
                cell.set("data-align", align[1])

    def _settle(self, element: ET.Element, mark: str = "") -> None:
        """One element and all in it: text cleaned, marks and links checked."""
        if element.tag in ("del", "ins"):
            if mark:
                self._note("one mark stands inside another. Close the outer mark before the inner one opens.")
            mark = element.tag
        self._clean_attributes(element)
        if element.tag == "a":
            if "footnote-backref" in element.get("class", ""):
                element.text = "↩"
            else:
                self._link(element, mark)
        elif element.tag == "img":
            self.images.append((element, self.line, self._place))
            if not element.get("alt", "").strip():
                self._note(
                    "this image has no alternative text. Say what it shows: ![what it shows](file.png)."
                )
        is_code = element.tag in ("code", "pre")
        element.text = self._text(element.text, is_code)
        for child in element:
            self._settle(child, mark)
            child.tail = self._text(child.tail, is_code)

    def _text(self, text: str | None, is_code: bool = False) -> str | None:
        """The text without line numbers and escapes; what must not be left over in it is reported."""
        if not text:
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
        return ESCAPED.sub(lambda sign: chr(int(sign[1])), plain_address(text)).replace(
            _FOOTNOTE_SPACE, "\u00a0"
        )

    def _leftover(self, sign: str, text: str, found: re.Match[str]) -> None:
        if sign in ("~~", "^^"):
            if text.count(sign) > 1:
                self._note(
                    f"the mark {sign} holds nothing, or a space stands just inside it. Write {sign}words{sign}, with "
                    "the spaces outside."
                )
            else:
                self._note(f"the mark {sign} is never closed. Close it with {sign} before the clause ends.")
        elif sign in ("{>>", "<!--"):
            close = "<<}" if sign == "{>>" else "-->"
            self._note(f"the comment {sign} is never closed. Close it with {close} in the same paragraph.")
        elif sign == "<<}":
            self._note("a comment ends here with <<} but never began. Begin it with {>>, or write \\<<}.")
        elif sign in ("{==", "==}"):
            self._note(
                "the words for a comment are not closed. Write {==words=={>>your comment<<}.".replace(
                    "==={", "==}{"
                )
            )
        elif sign == "<":
            self._note(
                "HTML is not allowed in a policy. Use Markdown (~~deleted~~, ^^inserted^^), or write \\< for the sign itself."
            )
        elif sign.startswith("[^"):
            self._note(f"there is no footnote {sign}. Write its text on a line of its own: {sign}: text.")
        elif not sign.startswith("{"):
            self._note("a list begins here without a blank line before it. Put a blank line above the list.")
        else:
            self._note(
                f"{sign} is not at the end of its clause, heading or paragraph. Move it there, after any closing mark."
            )

    # attributes, names, links

    def _attributes(self, holder: ET.Element, target: ET.Element, place: Place | None) -> None:
        """Takes {#name .internal .appendix} off the end of the holder's text and applies it to the target."""
        last: ET.Element | None = None
        for child in reversed(holder):
            last = child
            if (child.tail or "").strip() or child.tag != "comment":
                break
            last = None
        text = (last.tail if last is not None else holder.text) or ""
        found = _ATTRIBUTES.search(text)
        if not found:
            return
        rest = text[: found.start()]
        if last is not None:
            last.tail = rest
        else:
            holder.text = rest
        for word in re.sub("[{}]", " ", found[1]).split():
            if word != ":":
                self._attribute(word.lstrip(":"), target, place)

    def _attribute(self, word: str, target: ET.Element, place: Place | None) -> None:
        if word.startswith("#"):
            # At the end of a clause's last paragraph it names the clause; a lead-in is no part of its section's name.
            inside = self._place if self._place and self._place.level > 1 else None
            self._name(word[1:], place or inside)
        elif word == ".internal" and target.get("class") == "clauses":
            self._note("write {.internal} at the end of each clause's own line, not below the list.")
        elif word == ".internal":
            target.set("data-internal", "true")
            if place:
                place.internal = True
        elif word == ".appendix" and place is not None and place.level == 1:
            place.appendix = True
            target.set("class", "appendix")
        elif word == ".appendix":
            self._note("{.appendix} belongs at the end of a section's heading. Write ## Title {.appendix}.")
        else:
            self._note(f"{{{word}}} means nothing here. Use {{#name}}, {{.internal}} or {{.appendix}}.")

    def _name(self, name: str, place: Place | None) -> None:
        if place is None:
            self._note(f"{{#{name}}} names no place. Write it at the end of a heading or clause.")
        elif not _NAME.match(name):
            self._note(
                f"{{#{name}}} is no name. Use small letters, digits and hyphens, beginning with a letter: {{#moderator}}."
            )
        elif name in self._names:
            self._note(f"the name {{#{name}}} is taken by line {self._names[name].line}. Choose another.")
        elif place.name:
            self._note(f"this place already has the name {{#{place.name}}}. Keep one of the two.")
        else:
            place.name = name
            self._names[name] = place

    def _link(self, link: ET.Element, mark: str) -> None:
        address = plain_address(link.get("href", ""))
        link.set("href", address)
        if "footnote-ref" in link.get("class", ""):
            return
        fault = address_fault(address)
        if fault:
            self._note(fault)
        elif not "".join(link.itertext()).strip() and not link.findall(".//img"):
            self._note(f"this link has no words. Write [words]({address}).")
        self.links.append((link, self.line, self._place, mark))

    def _clean_attributes(self, element: ET.Element) -> None:
        allowed = _ALLOWED.get(element.tag, frozenset())
        for key, value in list(element.attrib.items()):
            if (
                key not in allowed
                and not key.startswith("data-")
                and value not in ("clauses", "plain", "appendix")
            ):
                del element.attrib[key]
                continue
            if key in ("title", "alt", "src", "href") and any(
                sign in value for sign in ("{>>", "<<}", "<!--")
            ):
                self._note(
                    "a comment can't stand inside a link's address or title or an image's text. Write it after the link."
                )
            elif key in ("title", "alt") and ("~~" in value or "^^" in value):
                self._note(
                    "a mark can't stand inside a link's title or an image's text. Mark the whole link or image."
                )
            element.set(key, ESCAPED.sub(lambda sign: chr(int(sign[1])), MARKER.sub("", value)))

    # messages

    def _typed_number(self, text: str, line: int | None = None) -> None:
        number = MARKER.sub("", text).split(maxsplit=1)[0]
        self._note(
            f"the number “{number}” is typed into the text. Leave it out: clauses are counted for you; start the line with 1.",
            "warning",
            line,
        )

    def _note(self, text: str, level: Literal["error", "warning"] = "error", line: int | None = None) -> None:
        self._noted.append((self._place, self.line if line is None else line, text, level))


# The space before a footnote's way back, as Python-Markdown leaves it for its serialiser
_FOOTNOTE_SPACE = "\x02qq3936677670287331zz\x03"


def is_footnotes(element: ET.Element) -> bool:
    """Whether this is the block at a policy's end that holds its footnotes."""
    return element.tag == "div" and element.get("class") == "footnote"


def _first_line(element: ET.Element) -> int | None:
    for text in element.itertext():
        found = MARKER.search(text)
        if found:
            return ord(found[0]) - LINE_BASE
    return None


def _wrap_text(item: ET.Element) -> None:
    """Puts the bare words at the start of a list item into a paragraph, as they are in a loose list."""
    inline = []
    for child in item:
        if child.tag in BLOCKS:
            break
        inline.append(child)
    if not (item.text or "").strip() and not inline:
        item.text = None
        return
    paragraph = ET.Element("p")
    paragraph.text, item.text = item.text, None
    for child in inline:
        item.remove(child)
        paragraph.append(child)
    item.insert(0, paragraph)


def _words(element: ET.Element, mark: str = "") -> Iterator[str]:
    """The mark (`del`, `ins` or none) that each run of words of a block stands in."""
    if element.tag == "comment":
        return
    if element.tag in ("del", "ins"):
        mark = element.tag
    if element.tag in ("img", "hr") or (element.text and element.text.strip()):
        yield mark
    for child in element:
        yield from _words(child, mark)
        if child.tail and child.tail.strip():
            yield mark


def _status(blocks: list[ET.Element]) -> Status | None:
    """What the marks make of these blocks; None where there are no words at all."""
    marks = {mark for block in blocks for mark in _words(block)}
    if not marks:
        return None
    if marks == {"del"}:
        return "deleted"
    if marks == {"ins"}:
        return "inserted"
    return "unchanged" if marks == {""} else "amended"
