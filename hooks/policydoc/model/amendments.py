"""Turns the marks of a tree into the schedule of amendments: every change in words, clause by clause."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .place import BLOCKS, Place, is_footnotes

_HOLDERS = frozenset("ul ol table thead tbody tr dl blockquote div".split())
# What a block is called that is inserted or deleted as a whole
_KINDS = {"li": "bullet", "td": "table cell", "th": "table cell", "h3": "cross-heading", "dt": "term", "dd": "meaning"}
_CONTEXT = 4  # words quoted to say where something is inserted


@dataclass(frozen=True)
class Change:
    """One change: `id` is the anchor of its place, `where` its name for a reader, such as `2.2` or `7, opening words`.

    `whole` says that the place itself, or a paragraph, bullet or cell in it, is inserted or deleted; `after` are the
    words before an insertion.
    """

    id: str
    where: str
    kind: str
    deleted: str = ""
    inserted: str = ""
    after: str = ""
    whole: bool = False

    def words(self, amended: Callable[[str], str] = str, previous: Callable[[str], str] = str) -> str:
        """The change as an instruction; the two functions put the numbers of references into the quoted words."""
        old, new = f"“{previous(self.deleted)}”", f"“{amended(self.inserted)}”"
        if self.whole:
            return f"delete the {self.kind} {old}" if self.deleted else f"insert the {self.kind} {new}"
        place = f"after “{amended(self.after)}” " if self.after else ""
        if self.deleted and self.inserted:
            return f"for {old} substitute {new}"
        if self.deleted:
            return f"{place}delete {old}"
        return f"{place}insert {new}" if place else f"at the beginning insert {new}"


def changes(tree: ET.Element, places: list[Place]) -> list[Change]:
    """All changes of a tree in reading order, words between the clauses included."""
    owners = {place.element: place for place in places}
    return list(_below(tree, owners, None))


def _below(parent: ET.Element, owners: dict[ET.Element, Place], place: Place | None) -> Iterator[Change]:
    for child in parent:
        if child.tag == "h2":
            place = owners.get(child, place)
            yield from _of_place(child, [child], place)
        elif child.get("class") == "clauses":
            for item in child:
                yield from _of_place(item, owners[item].blocks() if item in owners else [], owners.get(item))
                for inner in item:
                    if inner.get("class") == "clauses":
                        yield from _below_items(inner, owners)
        else:
            where = "footnotes" if is_footnotes(child) else _loose(place, child)
            yield from _in_words(child, place.id if place else "", where)


def _below_items(items: ET.Element, owners: dict[ET.Element, Place]) -> Iterator[Change]:
    holder = ET.Element("div")
    holder.append(items)
    yield from _below(holder, owners, None)


def _loose(place: Place | None, block: ET.Element) -> str:
    number = (place.number or place.previous_number or "") if place else ""
    words = "cross-heading" if block.tag == "h3" else "unnumbered text"
    return f"{number}, {words}" if number else "opening words"


def _of_place(element: ET.Element, blocks: list[ET.Element], place: Place | None) -> Iterator[Change]:
    if place is None or element.get("data-withheld"):
        return
    number = place.number or place.previous_number or ""
    if place.status in ("inserted", "deleted"):
        text = " ".join(text for block in blocks for _, text in _runs(block))
        text = " ".join(text.split())
        old, new = (text, "") if place.status == "deleted" else ("", text)
        yield Change(place.id, number, place.kind, old, new, whole=True)
    elif place.status == "amended":
        for block in blocks:
            yield from _in_words(block, place.id, number)


def _in_words(block: ET.Element, anchor: str, where: str, kind: str = "") -> Iterator[Change]:
    """The changes within one block, each with as much of the words before it as tells where it is."""
    if block.tag in _HOLDERS or (block.tag in ("li", "dd") and any(child.tag in BLOCKS for child in block)):
        kind = _KINDS.get(block.tag, "")
        for child in block:
            yield from _in_words(child, anchor, where, kind)
            kind = ""  # a bullet's first paragraph is the bullet, the others are paragraphs in it
        return
    runs = [(mark, " ".join(text.split())) for mark, text in _runs(block) if text.strip()]
    if len(runs) == 1 and runs[0][0]:
        mark, text = runs[0]
        old, new = (text, "") if mark == "del" else ("", text)
        yield Change(anchor, where, kind or _KINDS.get(block.tag, "paragraph"), old, new, whole=True)
        return
    before = ""
    index = 0
    while index < len(runs):
        mark, text = runs[index]
        following = runs[index + 1] if index + 1 < len(runs) else ("", "")
        after = " ".join(before.split()[-_CONTEXT:])
        if mark and following[0] and following[0] != mark:
            old, new = (text, following[1]) if mark == "del" else (following[1], text)
            yield Change(anchor, where, "", old, new)
            before = f"{before} {new}"
            index += 2
            continue
        if mark == "del":
            again = sum(text in other for _, other in runs) > 1
            yield Change(anchor, where, "", deleted=text, after=after if again else "")
        elif mark == "ins":
            yield Change(anchor, where, "", inserted=text, after=after)
        if mark != "del":
            before = f"{before} {text}"
        index += 1


def _runs(block: ET.Element) -> list[tuple[str, str]]:
    """The block's words as (mark, text), neighbours with the same mark joined."""
    runs: list[tuple[str, str]] = []

    def add(mark: str, text: str | None) -> None:
        if not text:
            return
        if runs and (runs[-1][0] == mark or not text.strip()):
            runs[-1] = (runs[-1][0], runs[-1][1] + text)
        else:
            runs.append((mark, text))

    def visit(element: ET.Element, mark: str) -> None:
        if element.tag == "comment" or (element.tag == "sup" and element.get("id")):
            return
        mark = element.tag if element.tag in ("del", "ins") else mark
        if element.tag in BLOCKS or element.tag in ("li", "td", "th"):
            add(mark, " ")
        add(mark, element.text)
        for child in element:
            visit(child, mark)
            add(mark, child.tail)

    visit(block, "")
    return runs
