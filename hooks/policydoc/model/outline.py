"""Turns a document into what a reader of one reading sees, block by block: to prove that two texts say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from .document import CELLS, Block, BlockKind, Document, Image, Link, NoteReference, Part, Provision, Reading, Run
from .runs import LEFT_OUT, Nested, nested, plain, without, words

DELETED = "Deleted."  # what is printed where a deleted place holds its number, and what is left when that is accepted
NOT_PUBLISHED = "Not published"  # what is printed in the external edition of what is internal
_UNNUMBERED = "-"  # the number of a place that has none
# The kinds of blocks as lines name them: by the element that a page has for them
_TAGS: dict[BlockKind, str] = {
    "heading": "h2", "cross-heading": "h3", "paragraph": "p", "list": "ul", "steps": "ol", "item": "li",
    "table": "table", "row": "tr", "heading-cell": "th", "cell": "td", "quotation": "blockquote", "code": "pre",
    "rule": "hr", "terms": "dl", "term": "dt", "meaning": "dd", "box": "div", "box-title": "p", "note": "li",
}  # fmt: skip
_HOLDERS = frozenset({"list", "steps", "item", "table", "row", "quotation", "terms", "meaning", "box", "note"})
# Of what such a block holds, the first part is told from the rest: one bullet of two paragraphs is not two bullets
_BEGINNINGS = frozenset({"item", "note", "meaning", "row"})
# Holders of runs that make words more than words; the others only say how they look
_RAISED = frozenset({"sub", "sup"})


@dataclass(frozen=True)
class Spot:
    """Words of a block that are more than words, and where in it they stand, counted in signs that are no spaces.

    `what` is the address of a link, a footnote or an image, or says that they stand higher or lower than the rest.
    """

    start: int
    length: int
    what: str


@dataclass(frozen=True)
class Line:
    """The words of one paragraph, heading or table cell, what they stand in, and which of them are links and the like.

    `number` and `name` are those of the provision that the line begins; `kind` names what the words stand in, the
    outermost first. `place` is the anchor of the provision that has these words, `inside` says that they are marked
    as internal, each for itself.
    """

    number: str
    text: str
    kind: str
    spots: tuple[Spot, ...] = ()
    name: str = ""
    place: str = field(default="", compare=False)
    inside: bool = field(default=False, compare=False)


def outline(document: Document, reading: Reading) -> list[Line]:
    """What this reading says, in order; what it leaves out is not there, but for deleted places with a number."""
    outliner = _Outliner(document, reading)
    lines = list(outliner.below(document.opening, "", ""))
    owner = ""  # what has words below a heading that this reading leaves out is the section before
    for section in document.sections:
        lines += outliner.provision(section, "", owner)
        owner = _anchor(section, reading) or owner
    # Notes are in the order of the references to them, which marks may change.
    notes = sorted(document.notes, key=lambda note: note.name)
    return [*lines, *outliner.below(notes, "", owner)]


def lines_of(blocks: Iterable[Block], reading: Reading, kind: str = "") -> list[Line]:
    """The lines of these blocks, which stand in what `kind` names."""
    return [line for block in blocks for line in _of_block(block, reading, kind)]


def opening(provision: Provision) -> tuple[Block, ...]:
    """A section's heading, or a clause's blocks before its first sub-clause."""
    if provision.is_heading:
        return (Block("heading", provision.heading, (), provision.line, provision.internal),)
    return tuple(takewhile(lambda part: isinstance(part, Block), provision.content))  # type: ignore[arg-type]


def leaves(blocks: Iterable[Block], kind: str = "") -> Iterator[tuple[str, Block]]:
    """The same in any reading: each paragraph, heading or cell, and its kind."""
    for block in blocks:
        if block.kind in _HOLDERS:
            yield from leaves(block.blocks, f"{_kind(block, kind)}/")
        else:
            yield _kind(block, kind), block


class _Outliner:
    def __init__(self, document: Document, reading: Reading) -> None:
        self._reading = reading
        # What has moved has its name in the old spot of the previous reading.
        self._moved = {moved.moved_from.anchor: moved.name for moved in document.provisions() if moved.moved_from}

    def below(self, parts: Iterable[Part], kind: str, owner: str) -> Iterator[Line]:
        """The lines of these parts and all in them; `owner` is the anchor of the provision that has them."""
        for part in parts:
            if isinstance(part, Provision):
                yield from self.provision(part, kind if part.is_heading else f"{kind}clause/", owner)
            else:
                yield from (replace(line, place=owner) for line in _of_block(part, self._reading, kind))

    def provision(self, provision: Provision, kind: str, owner: str) -> Iterator[Line]:
        """The lines of a provision and of those below it."""
        anchor, inside = _anchor(provision, self._reading), provision.internal
        owner = anchor or owner
        for line in self._beginning(provision, anchor, kind):
            yield replace(line, place=owner, inside=line.inside or inside)
        start = 0 if provision.is_heading else len(opening(provision))
        yield from self.below(provision.content[start:], kind, owner)

    def _beginning(self, provision: Provision, anchor: str, kind: str) -> list[Line]:
        """The lines before the first sub-clause; a place with a number has one line at least."""
        lines = lines_of(opening(provision), self._reading, kind)
        if not anchor:
            return lines
        name, number = provision.name, _number(provision, self._reading)
        if self._reading == "previous" and provision.status == "deleted":
            name = self._moved.get(anchor, name)
        if not lines:
            tag = "h2" if provision.is_heading else "p"
            gone = provision.status == "deleted" and self._reading == "amended"
            return [Line(number, DELETED if gone else "", f"{kind}{tag}", name="" if gone else name or "")]
        return [replace(lines[0], number=number, name=name or ""), *lines[1:]]


def _number(provision: Provision, reading: Reading) -> str:
    return str((provision.previous_number if reading == "previous" else provision.number) or "") or _UNNUMBERED


def _anchor(provision: Provision, reading: Reading) -> str:
    number = provision.previous_number if reading == "previous" else provision.number
    return number.anchor if number else ""


def _kind(block: Block, kind: str) -> str:
    """What a block is in what `kind` names."""
    if block.kind == "note":
        return f"{kind}fn:{block.name}/li"
    if block.kind == "row":
        is_head = any(cell.kind == "heading-cell" for cell in block.blocks)
        return f"{kind}{'thead' if is_head else 'tbody'}/tr"
    return f"{kind}{_TAGS[block.kind]}"


def _of_block(block: Block, reading: Reading, kind: str) -> list[Line]:
    kind = _kind(block, kind)
    if block.kind not in _HOLDERS:
        line = Line("", plain([block], reading), kind, _spots(block.runs, reading), inside=block.internal)
        # An empty cell holds the place of those behind it.
        return [line] if line.text or line.spots or block.kind in CELLS else []
    lines = lines_of(block.blocks, reading, f"{kind}/")
    if block.kind == "row" and not any(line.text or line.spots for line in lines):
        return []
    if block.internal:
        lines = [replace(line, inside=True) for line in lines]
    if lines and block.kind in _BEGINNINGS:
        lines[0] = replace(lines[0], kind=f"{lines[0].kind} begins {_TAGS[block.kind]}")
    return lines


def _spots(runs: tuple[Run, ...], reading: Reading) -> tuple[Spot, ...]:
    if all(run.link is None and run.thing is None and not run.styles & _RAISED for run in runs):
        return ()
    return tuple(_spots_of(nested(without(runs, LEFT_OUT[reading])), reading, 0))


def _spots_of(some: Sequence[Nested], reading: Reading, start: int) -> Iterator[Spot]:
    """The spots in these runs; those that hold others come before them."""
    for part in some:
        length = _length(part, reading)
        if isinstance(part, Run):
            if isinstance(part.thing, NoteReference):  # its number is counted anew in every text
                yield Spot(start, 0, f"#fn:{part.thing.note}")
            elif isinstance(part.thing, Image):
                yield Spot(start, 0, f"{part.thing.path} ({part.thing.alt})")
        else:
            holder, inner = part
            spots = list(_spots_of(inner, reading, start))
            what = holder.address if isinstance(holder, Link) else str(holder) if holder in _RAISED else ""
            if what and (length or spots):
                yield Spot(start, length, what)
            yield from spots
        start += length


def _length(part: Nested, reading: Reading) -> int:
    """How many signs it has that are no spaces."""
    if isinstance(part, Run):
        return len("".join(words(part, reading).split()))
    return sum(_length(inner, reading) for inner in part[1])
