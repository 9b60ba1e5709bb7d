"""Turns a counted tree into the Document: the last that is seen of Markdown's elements."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.document import (
    Block,
    BlockKind,
    Comment,
    Document,
    Image,
    LineBreak,
    Link,
    NoteReference,
    Part,
    Provision,
    Run,
    Style,
    Thing,
)
from .links import POLICY
from .place import HEADINGS, MARKS, Place, is_footnotes

_KINDS: dict[str, BlockKind] = {
    "p": "paragraph", "h3": "cross-heading", "ul": "list", "ol": "steps", "li": "item", "table": "table", "tr": "row",
    "th": "heading-cell", "td": "cell", "blockquote": "quotation", "pre": "code", "hr": "rule", "dl": "terms",
    "dt": "term", "dd": "meaning", "div": "box",
}  # fmt: skip
_KINDS |= dict.fromkeys(HEADINGS - {"h3"}, "heading")
_STYLES: dict[str, Style] = {
    "strong": "strong", "em": "em", "code": "code", "sub": "sub", "sup": "sup", "mark": "commented",
}  # fmt: skip
# What has words of its own; other blocks have blocks
_LEAVES = HEADINGS | frozenset("p th td pre dt hr".split())


def build(
    slug: str, tree: ET.Element, places: Sequence[Place], comments: Sequence[Comment], lines: Mapping[ET.Element, int]
) -> Document:
    """The document of a tree that the walk has counted. `lines` say where each block begins, as far as they know."""
    return _Builder(slug, places, comments, lines).document(tree)


@dataclass
class _Opened:
    """A section that isn't ended yet: its heading, the words of that, and what it holds so far."""

    heading: ET.Element
    words: tuple[Run, ...]
    content: list[Part]


class _Builder:
    def __init__(
        self, slug: str, places: Sequence[Place], comments: Sequence[Comment], lines: Mapping[ET.Element, int]
    ) -> None:
        self._slug, self._comments, self._lines = slug, comments, lines
        self._places = {place.element: place for place in places}
        self._links = 0

    def document(self, tree: ET.Element) -> Document:
        opened: list[_Opened] = []  # the headings that we are below, the highest first, each with what it holds
        opening: list[Part] = []
        sections: list[Part] = []
        notes: tuple[Block, ...] = ()

        def close(level: int) -> None:
            """Ends the sections of this level and below."""
            while opened and self._places[opened[-1].heading].level >= level:
                last = opened.pop()
                above = opened[-1].content if opened else sections if level_of(last) == 1 else opening
                above.append(self._provision(last.heading, last.words, last.content))

        def level_of(section: _Opened) -> int:
            return self._places[section.heading].level

        for child in tree:
            if is_footnotes(child):
                notes = tuple(self._note(note) for items in child.findall("ol") for note in items)
            elif child in self._places:
                close(self._places[child].level)
                opened.append(_Opened(child, self.runs(child), []))
            else:
                content = opened[-1].content if opened else opening
                content += map(self._clause, child) if child.get("class") == "clauses" else [self._block(child)]
        close(1)
        tops = tuple(part for part in sections if isinstance(part, Provision))
        return Document(self._slug, tuple(opening), tops, notes)

    def _provision(self, element: ET.Element, heading: tuple[Run, ...], content: Sequence[Part]) -> Provision:
        place = self._places[element]
        return Provision(
            place.kind, place.level, place.number, place.previous_number, place.status, place.line, place.name,
            place.internal, place.moved_from.previous_number if place.moved_from else None, False, heading,
            tuple(content), place.word, place.own,
        )  # fmt: skip

    def _clause(self, item: ET.Element) -> Provision:
        content: list[Part] = []
        for child in item:
            if child.get("class") == "clauses":
                content += (self._clause(inner) for inner in child)
            else:
                content.append(self._block(child))
        return self._provision(item, (), content)

    def _block(self, element: ET.Element, line: int = 0) -> Block:
        """One block; `line` is that of what it stands in, for what has no words to say its own."""
        kind = _KINDS[element.tag]
        line, internal = self._lines.get(element, line), element.get("data-internal") is not None
        if element.tag in _LEAVES:
            if element.get("class") == "admonition-title":
                kind = "box-title"
            name = element.get("data-name", "")
            return Block(kind, self.runs(element), (), line, internal, element.get("data-align", ""), name)
        within = element.iter("tr") if element.tag == "table" else element
        form = element.get("class", "").partition(" ")[2] if element.tag == "div" else ""
        blocks = tuple(self._block(child, line) for child in within)
        return Block(kind, (), blocks, line, internal, form, element.get("data-name", ""))

    def _note(self, note: ET.Element) -> Block:
        line = self._lines.get(note, 0)
        blocks = tuple(self._block(child, line) for child in note)
        name = note.get("id", "").removeprefix("fn:")
        return Block("note", (), blocks, line, note.get("data-internal") is not None, "", name)

    def runs(self, element: ET.Element) -> tuple[Run, ...]:
        """The words of a paragraph, heading or cell."""
        if not len(element):
            return (Run(element.text),) if element.text else ()
        runs: list[Run] = []
        self._visit(element, Run(""), runs)
        return tuple(runs)

    def _visit(self, element: ET.Element, like: Run, runs: list[Run]) -> None:
        """Adds an element's words to the runs; all but for what it says itself they are `like` this one."""
        if element.text:
            _add(runs, element.text, like)
        for child in element:
            tag = child.tag
            if tag in MARKS:
                self._visit(child, replace(like, mark=MARKS[tag]), runs)
            elif thing := self._thing(child):
                runs.append(replace(like, thing=thing))
            elif tag in _STYLES:
                self._visit(child, replace(like, styles=like.styles | {_STYLES[tag]}), runs)
            elif tag == "a":
                self._visit(child, replace(like, link=self._link(child)), runs)
            elif language := child.get("lang"):
                self._visit(child, replace(like, language=language), runs)
            else:
                self._visit(child, like, runs)
            if child.tail:
                _add(runs, child.tail, like)

    def _thing(self, element: ET.Element) -> Thing | None:
        if element.tag == "comment":
            return self._comments[int(element.get("n", ""))]
        if element.tag == "img":
            line = self._lines.get(element, 0)
            return Image(element.get("src", ""), element.get("alt", ""), element.get("title", ""), line)
        if element.tag == "br":
            return LineBreak()
        if element.tag == "sup" and element.get("id"):
            return NoteReference(element[0].get("href", "").removeprefix("#fn:"), element.get("id", ""))
        return None

    def _link(self, element: ET.Element) -> Link:
        address, title = element.get("href", ""), element.get("title", "")
        self._links += 1
        policy, line = POLICY.match(address), self._lines.get(element, 0)
        if policy:
            return Link(address, title, policy[1], policy[2] or "", self._links, line)
        if address.startswith("#"):
            return Link(address, title, self._slug, address[1:], self._links, line)
        return Link(address, title, nth=self._links, line=line)


def _add(runs: list[Run], text: str, like: Run) -> None:
    """Adds words to the runs, to the last of them if they are alike."""
    last = runs[-1] if runs else None
    if last and replace(last, text="") == like:
        runs[-1] = replace(last, text=last.text + text)
    else:
        runs.append(replace(like, text=text))
