"""Writes a document as the article of its page: numbers, anchors, comments and words for screen readers put in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from ..model import addresses
from ..model.document import NAMEABLE, Block, Document, NoteReference, Part, Provision, Run
from ..model.missing import all_missing
from ..model.number import Number
from ..model.unnumbered import front_headings
from .as_in_force import PlaceInForce
from .html_words import Element, Words, element, escaped, quoted, spoken, written

_TAGS = {
    "paragraph": "p", "heading": "h2", "cross-heading": "h3", "list": "ul", "steps": "ol", "item": "li",
    "heading-cell": "th", "cell": "td", "quotation": "blockquote", "code": "pre", "rule": "hr", "terms": "dl",
    "term": "dt", "meaning": "dd", "box": "div", "box-title": "p", "row": "tr",
}  # fmt: skip


def article(
    document: Document,
    linked: bool = True,
    version: str = "",
    in_force: Mapping[str, PlaceInForce] | None = None,
    histories: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The article of a document that knows what is missing from which reading, its references resolved.

    For a page (`linked`) each number leads to its own clause, `#was-5.6.1` to what was 5.6.1, a table has a frame to
    scroll in, and a deleted clause the words that stand for it in the amended reading. On paper nothing of that helps.
    `version` says which kept version it is, if it is one, or which page below the policy's has it; `in_force` has the
    places of the version in force, where the document can be read as that: then their numbers lead to its page.
    `histories` are what stands behind the own words of places, as HTML by their anchors.
    """
    return _Writer(document, linked, element, version, in_force, histories).article()


def sample(document: Document, with_heading: bool) -> str:
    """The document's one section as part of another page: without anchors, links and headings of its own."""
    writer, section = _Writer(document, False, _sample_element), document.sections[0]
    return writer.section(section) if with_heading else writer.content(section.content, "\n")


class _Writer:
    def __init__(
        self,
        document: Document,
        linked: bool,
        element: Element,
        version: str = "",
        in_force: Mapping[str, PlaceInForce] | None = None,
        histories: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._document, self._linked, self._element = document, linked, element
        self._in_force, self._histories = in_force or {}, histories
        # As high as a section's heading, without a number: no level of headings is left out.
        self._front = {id(block): {"class": "front", "id": anchor} for anchor, block in front_headings(document)}
        self._numbers = {note.name: number for number, note in enumerate(document.notes, 1)}
        self._words = Words(linked, self._numbers, element, version)
        places = [place for place in document.provisions() if place.number]
        spellings = Counter(_as_cited(place.number) for place in places if place.number)
        taken = {name for place in places for name in (place.anchor, place.name)}
        self._cited = {cited for cited, times in spellings.items() if cited and times == 1 and cited not in taken}
        self._ways_back: defaultdict[str, list[str]] = defaultdict(list)
        for _, run in document.runs() if document.notes else ():
            if isinstance(run.thing, NoteReference):
                self._ways_back[run.thing.note].append(run.thing.anchor)

    def article(self) -> str:
        parts = [self.content(self._document.opening, "\n")]
        parts += [self.section(section) for section in self._document.sections]
        parts += [self._notes(self._document.notes)] if self._document.notes else []
        return f'<article class="policy" lang="en-GB">\n{"".join(parts)}</article>'

    # places

    def section(self, section: Provision) -> str:
        kind = {"class": "appendix"} if section.kind == "appendix" else {}
        heading = self._number(section) + self._words.of(_after_number(section.heading), in_heading=True)
        tag = "h2" if section.level == 1 else "h3"
        behind = self._histories.get(section.anchor, "") + "\n"
        return self._element(tag, kind | _identity(section), heading) + behind + self.content(section.content, "\n")

    def content(self, content: Iterable[Part], behind: str = "") -> str:
        """Blocks, and provisions that follow each other as one list."""
        parts: list[str] = []
        for is_list, group in groupby(content, lambda part: isinstance(part, Provision) and not part.is_heading):
            inner = [self._part(part, behind) for part in group]
            parts += ['<ol class="clauses" role="list">', *inner, f"</ol>{behind}"] if is_list else inner
        return "".join(parts)

    def _part(self, part: Part, behind: str) -> str:
        if isinstance(part, Block):
            return self.block(part) + behind
        return self.section(part) if part.is_heading else self._clause(part)

    def _clause(self, clause: Provision) -> str:
        number, content = self._number(clause), clause.content
        first = content[0] if content else None
        if isinstance(first, Block) and first.kind == "paragraph":
            words = self._element("p", _attributes(first), number + self._words.of(_after_number(first.runs)))
            content = content[1:]
        else:
            kind = ' class="bare"' if isinstance(first, Provision) else ""
            words = f"<p{kind}>{number} </p>"
        words += self._histories.get(clause.anchor, "")
        return self._element("li", _identity(clause), words + self.content(content))

    def _number(self, place: Provision) -> str:
        """The anchors of a place and its number, the old one struck before it."""
        old, new = place.previous_number, place.number
        names = [addresses.was(old)] if self._linked and old and new and old != new else []
        names += [place.name] if place.name and place.name != place.anchor else []
        anchors = "".join([self._element("span", {"class": "anchor", "id": name}, "") for name in names])
        if self._linked and new and (cited := _as_cited(new)) in self._cited:
            kind = "anchor" if old == new else "anchor cited"  # whose number is another before the changes
            anchors += self._element("span", {"class": kind, "id": cited}, "")
        was, now = old.label if old else "", new.label if new else ""
        label = escaped(now)
        if was != now:
            # A space before floating or hidden words would be lost when they are copied: it stands inside.
            label = spoken("del", was, "] " if self._linked and now else "]") if was else ""
            label += ("<wbr />" if self._linked else " ") if was and now else ""
            label += spoken("ins", now) if now else ""
        deleted = ' <span class="deleted-words">Deleted.</span>' if place.status == "deleted" and self._linked else ""
        if not label:
            return f"{anchors}{deleted}"
        if not self._linked:
            return f'{anchors}<span class="clause-number">{label}</span>'
        shown = new or old
        kind = " worded" if shown and " " in shown.label else " nested" if shown and not _is_whole(shown) else ""
        link = f'<a href="#{quoted(place.anchor)}"{_spoken_whole(place)}>{label}</a>'
        return f'{anchors}<span class="clause-number{kind}">{link}{self._number_in_force(place)} </span>{deleted}'

    def _number_in_force(self, place: Provision) -> str:
        """The number by itself, as a link to the version in force; style sheets show it in that reading alone."""
        there = self._in_force.get(place.anchor)
        if there is None or not there.label:
            return ""
        words = {"class": "in-force", "hidden": "", "data-cited": there.cited}
        if there.label not in there.cited.split():
            words["aria-label"] = there.cited
        return self._element("a", {"href": there.link} | words, escaped(there.label))

    # blocks

    def block(self, block: Block) -> str:
        if block.kind == "rule":
            return f"<hr{written(_attributes(block))} />"
        if block.kind == "table":
            return self._table(block)
        front = self._front.get(id(block), {})
        words = self._words.of(block.runs, in_heading=block.kind == "cross-heading")
        inner = words + "".join(map(self.block, block.blocks))
        return self._element("h2" if front else _TAGS[block.kind], _attributes(block) | front, inner)

    def _table(self, table: Block) -> str:
        rows = table.blocks
        first = 1 if rows and any(cell.kind == "heading-cell" for cell in rows[0].blocks) else 0
        groups = [
            self._element(tag, _missing(group), "".join(map(self.block, group)))
            for tag, group in (("thead", rows[:first]), ("tbody", rows[first:]))
        ]
        scrolled = self._element("table", _attributes(table), "".join(groups))
        return f'<div class="scroll">{scrolled}</div>' if self._linked else scrolled

    def _notes(self, notes: tuple[Block, ...]) -> str:
        items = "".join(map(self._note, notes))
        return self._element("div", {"class": "footnote"} | _missing(notes), f"<hr /><ol>{items}</ol>") + "\n"

    def _note(self, note: Block) -> str:
        """A footnote, with the ways back to the text behind its last words."""
        *before, last = note.blocks or (Block("paragraph"),)
        if last.kind != "paragraph" or last.internal:
            before, last = [*before, last], Block("paragraph")
        title = f"Jump back to footnote {self._numbers[note.name]} in the text"
        words = "".join(map(self.block, before))
        end = self._words.of(last.runs) + "\u00a0"
        for anchor in self._ways_back[note.name]:
            end += self._element("a", {"href": f"#{anchor}", "class": "footnote-backref", "title": title}, "↩")
        words += self._element("p", _attributes(last), end)
        return self._element("li", {"id": f"fn:{note.name}"} | _attributes(note), words)


def _as_cited(number: Number) -> str:
    """3(e)(ii), by which a place is found as well where its anchor is 3.e.ii; empty where the two are the same."""
    cited = number.citation.replace(" ", "")
    return cited if cited != number.anchor else ""


def _is_whole(number: Number) -> bool:
    """Whether the label says the whole number, and not only its end."""
    return number.label == number.whole


def _spoken_whole(place: Provision) -> str:
    """What a screen reader says of a label that is only the end of a number: standing order 3(e)(ii)."""
    old, new = place.previous_number, place.number
    if not new or old != new or _is_whole(new):
        return ""
    return f' aria-label="{quoted(str(place))}"'


def _sample_element(tag: str, attributes: dict[str, str], inner: str) -> str:
    """An element that looks like a policy's heading, link or place, and is none of the page that shows it."""
    shown = {key: value for key, value in attributes.items() if key not in ("id", "href")}
    if tag == "a":
        return element("span", shown | {"class": "reference"}, inner)
    return element(tag, shown | ({"role": "presentation"} if tag in ("h2", "h3") else {}), inner)


def _after_number(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The words behind a place's number: one space, however they begin."""
    first = runs[0] if runs else None
    if first and not (first.thing or first.mark or first.styles or first.link or first.language):
        return (replace(first, text=" " + first.text.lstrip()), *runs[1:])
    return (Run(" "), *runs)


def _identity(place: Provision) -> dict[str, str]:
    usual = f"{place.kind} {place.known_by}"
    cited = {"data-cited": str(place)} if str(place) != usual else {}
    return (
        ({"data-withheld": "true"} if place.withheld else {})
        | cited
        | {
            "id": place.anchor,
            "data-level": str(place.level),
            "data-status": place.status,
            "data-number": str(place.number or ""),
            "data-previous-number": str(place.previous_number or ""),
        }
    )


def _attributes(block: Block) -> dict[str, str]:
    attributes: dict[str, str] = {}
    if block.kind == "box":
        attributes["class"] = f"admonition {block.form}"
    elif block.kind == "box-title":
        attributes["class"] = "admonition-title"
    elif block.form and block.kind in ("cell", "heading-cell"):
        attributes["data-align"] = block.form
    if block.name and block.kind in NAMEABLE:
        attributes["id"] = block.name
    if block.internal:
        attributes["data-internal"] = "true"
    if block.missing:
        attributes["data-missing"] = block.missing
    return attributes | ({"class": "plain"} if block.kind == "steps" else {})


def _missing(blocks: Sequence[Block]) -> dict[str, str]:
    missing = all_missing(blocks)
    return {"data-missing": missing} if missing else {}
