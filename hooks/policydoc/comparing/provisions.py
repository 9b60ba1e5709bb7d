"""Turns one version of a policy into its provisions: sections, clauses and unnumbered text, in reading order."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby

from ..editions.outline import Line, leaves, lines_of, opening
from ..editions.references import Destination, Reference, Resolver, Target
from ..editions.withhold import with_section
from ..model import amendments
from ..model.amendments import Change
from ..model.place import Place, is_footnotes
from ..model.reading import Reading, plain
from ..source.markdown import Comment
from ..source.parse import Walked
from ..source.policy_files import Source
from .provision import Amendment, Provision, Runs, Wording

_KINDS = {"h3": "cross-heading", "table": "table", "ul": "list", "ol": "list", "dl": "list of terms"}
_MARKS = {"del": "previous", "ins": "amended"}
_WORD = re.compile(r"[^\W_]+")


def provisions(
    source: Source, it: Walked, references: list[Reference], known: Mapping[str, Destination]
) -> list[Provision]:
    """All provisions of a policy whose references are taken out; those that hold only comments are among them.

    `known` are the policies that it refers to, as far as they are known.
    """
    named = _stand_ins(references)
    printed = {slug: Destination(each.title, each.names) for slug, each in named.items()}
    for slug in printed.keys() & known.keys():
        printed[slug] = Destination(known[slug].title, {**named[slug].names, **known[slug].names})
    resolvers = [Resolver(source.slug, references, each) for each in (printed, named)]
    texts = _Texts(resolvers[0], resolvers[1], it.comments)
    owners = {place.element: place for place in it.walk.places}
    moved = [(place.moved_from, place.name) for place in it.walk.places if place.moved_from]
    owners |= {gone.element: replace(gone, name=name) for gone, name in moved}  # its name stands in both spots
    found: list[Provision] = []
    section: Place | None = None
    lines = _Lines(source)
    line = 0
    for element, internal, holders in _elements(it.tree):
        place = owners.get(element)
        hidden = internal and source.metadata.is_public
        section = place if place and place.level == 1 else section
        if place:
            number, line = place.number or place.previous_number or "", place.line
            found.append(texts.provision(opening(place), place, place.kind, number, line, hidden))
        elif element.tag == "li":
            number = element.get("id", "").removeprefix("fn:")
            found.append(texts.provision([element], None, "footnote", number, lines.of(element), hidden))
        else:
            line = lines.of(element, line)
            holder = owners[holders[-1]] if holders else section
            number = (holder.number or holder.previous_number or "") if holder else ""
            kind = _KINDS.get(element.tag, "paragraph")
            found.append(texts.provision([element], None, kind, number, line, hidden, "clause/" * len(holders)))
    return found


@dataclass(frozen=True)
class _Texts:
    """The two ways in which a policy's references are written out, and its comments."""

    printed: Resolver
    named: Resolver
    comments: list[Comment]

    def provision(
        self,
        blocks: list[ET.Element],
        place: Place | None,
        kind: str,
        number: str,
        line: int,
        hidden: bool,
        above: str = "",
    ) -> Provision:
        """The provision that these blocks are; `above` is what they stand in, in the words of `outline`."""
        return Provision(
            kind, number, place.name if place else None, line,
            self._wording(blocks, "previous", above), self._wording(blocks, "amended", above),
            tuple(map(self._amendment, _changes(blocks, place))),
            tuple((kind, self._runs(block)) for kind, block in leaves(blocks, above)),
            hidden, (place.previous_number if place else None) or number,
            tuple(self.comments[int(each.get("n", ""))] for block in blocks for each in block.iter("comment")),
        )  # fmt: skip

    def _wording(self, blocks: list[ET.Element], reading: Reading, above: str) -> Wording | None:
        text = plain(blocks, reading)
        addresses = tuple(address for block in blocks for address in self._addresses(block, reading))
        if not text and not addresses:
            return None
        words, lines = text.split(), tuple(map(self._line, lines_of(blocks, reading, above)))
        if self.named.text(text) == text:  # no reference is in it
            return Wording(tuple(zip(words, words, strict=True)), addresses, lines)
        previous = reading == "previous"
        pairs = tuple((self.printed.text(word, previous), self.named.text(word)) for word in words)
        return Wording(pairs, addresses, lines)

    def _line(self, line: Line) -> Line:
        spots = tuple(replace(spot, what=self.named.text(spot.what)) for spot in line.spots)
        return replace(line, text=self.named.text(line.text), spots=spots)

    def _runs(self, block: ET.Element) -> Runs:
        return tuple(_joined((mark, self.named.text(text)) for mark, text in _runs(block)))

    def _amendment(self, change: Change) -> Amendment:
        printed = replace(
            change,
            deleted=self.printed.text(change.deleted, previous=True),
            inserted=self.printed.text(change.inserted),
            after=self.printed.text(change.after),
        )
        return Amendment(printed, change.words(self.named.text, self.named.text))

    def _addresses(self, element: ET.Element, reading: Reading) -> Iterator[str]:
        if _MARKS.get(element.tag, reading) != reading:
            return
        address = element.get("href") or element.get("src", "").removeprefix("../")
        if element.get("class") == "reference":
            words = "".join(element.itertext())
            if self.named.text(words) == words:  # otherwise the words say where it leads
                yield self.named.text(address).removeprefix("../").replace("/#", ".md#")
        elif address and not address.startswith("#"):
            yield f"{address} ({element.get('alt')})" if element.get("alt") else address
        for child in element:
            yield from self._addresses(child, reading)


def _stand_ins(references: list[Reference]) -> dict[str, Destination]:
    """Policies in which every place is numbered by its name."""
    names = defaultdict[str, dict[str, Target]](dict)
    for each in references:
        names[each.slug][each.name] = Target("place", f"#{each.name}", f"#{each.name}", each.name)
    return {slug: Destination(f"{slug}.md", found) for slug, found in names.items()}


_Element = tuple[ET.Element, bool, tuple[ET.Element, ...]]


def _elements(tree: ET.Element) -> Iterator[_Element]:
    """What the provisions are made of, each with whether it is internal, and the clauses that it stands in.

    Each clause and each footnote is on its own, as is what stands between and behind a clause's sub-clauses.
    """
    for child, internal in with_section(tree):
        if child.get("class") == "clauses":
            yield from _items(child, internal, ())
        elif is_footnotes(child):
            yield from ((note, False, ()) for note in child.iter("li"))
        else:
            yield child, internal or child.get("data-internal") is not None, ()


def _items(clauses: ET.Element, internal: bool, above: tuple[ET.Element, ...]) -> Iterator[_Element]:
    for item in clauses:
        is_internal = internal or item.get("data-internal") is not None
        yield item, is_internal, above
        holders = (*above, item)
        for child in dropwhile(lambda block: block.get("class") != "clauses", item):
            if child.get("class") == "clauses":
                yield from _items(child, is_internal, holders)
            else:
                yield child, is_internal or child.get("data-internal") is not None, holders


def _changes(blocks: list[ET.Element], place: Place | None) -> list[Change]:
    """The schedule of one provision alone, without the clauses below it."""
    tree = ET.Element("article")
    if place is None or place.level == 1:
        tree.extend(blocks)
        return amendments.changes(tree, [place] if place else [])
    item = ET.SubElement(ET.SubElement(tree, "ol", {"class": "clauses"}), "li")
    item.extend(blocks)
    return amendments.changes(tree, [replace(place, element=item)])


def _runs(element: ET.Element, mark: str = "") -> Iterator[tuple[str, str]]:
    if element.tag == "comment" or (element.tag == "sup" and element.get("id")):
        return
    mark = element.tag if element.tag in _MARKS else mark
    yield mark, element.text or ""
    for child in element:
        yield from _runs(child, mark)
        yield mark, child.tail or ""


def _joined(runs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The runs without spaces, neighbours with the same mark in one."""
    found = ((mark, "".join(text.split())) for mark, text in runs)
    for mark, group in groupby(((mark, text) for mark, text in found if text), key=lambda run: run[0]):
        yield mark, "".join(text for _, text in group)


class _Lines:
    """The words of a source's lines, by which to find the line of a block that doesn't carry it."""

    def __init__(self, source: Source) -> None:
        self._first = source.first
        lines = enumerate(source.body, source.first)
        self._lines = [(n, f" {' '.join(_WORD.findall(line))} ", "|" in line) for n, line in lines]

    def of(self, block: ET.Element, after: int = 0) -> int:
        """The first line below `after` with some of the block's first words; `after`, or the first, where none has."""
        rows = list(block.iter("tr"))
        lines = [(n, words) for n, words, is_row in self._lines if n > after and (is_row or not rows)]
        for part in rows or [block]:
            words = _WORD.findall(" ".join(part.itertext()))
            for start in range(max(1, min(len(words) - 2, 8)) if words else 0):
                some = f" {' '.join(words[start : start + 3])} "
                found = next((n for n, line in lines if some in line), None)
                if found:
                    return found
        return max(after, self._first)
