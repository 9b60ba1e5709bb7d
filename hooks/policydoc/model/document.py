"""A policy as a typed, immutable value: the document in the middle that reading makes and everything else is made from.

    Document    opening (blocks before the first section), sections, notes (footnotes)
    Provision   a section, appendix or clause: its number, its status, and its content
    Block       a paragraph, list, table …: what a provision says
    Run         words that are alike in everything: mark, styles, link

No step changes what it was given: it returns another document. So the order of steps is what their arguments say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Any, Literal

from . import addresses
from .number import Number

Mark = Literal["", "deleted", "inserted"]
Status = Literal["unchanged", "amended", "inserted", "deleted"]
Reading = Literal["amended", "previous"]
Style = Literal["strong", "em", "code", "sub", "sup", "commented", "withheld"]
Kind = Literal["section", "appendix", "clause"]
BlockKind = Literal[
    "paragraph", "heading", "cross-heading", "list", "steps", "item", "table", "row", "heading-cell", "cell",
    "quotation", "code", "rule", "terms", "term", "meaning", "box", "box-title", "note",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comment:
    """A reviewer's remark; its author is empty where it isn't signed, its line 0 where that is unknown."""

    author: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class NoteReference:
    """The sign of a footnote in the text. `note` is the name of its note, `anchor` where the way back leads."""

    note: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, by its path below policy_src/ as its author wrote it, and the words that stand for it."""

    path: str
    alt: str
    title: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class LineBreak:
    """The end of a line within a paragraph."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The number of a place, printed in a reference: `before` and `behind` are the words round it."""

    before: str
    number: str
    previous_number: str
    behind: str = ""

    def words(self, reading: Reading) -> str:
        """What stands in the text of this reading: clause 6.1 of the Data Policy."""
        number = self.previous_number if reading == "previous" else self.number
        return f"{self.before}{number}{self.behind}"


@dataclass(frozen=True, slots=True)
class Link:
    """Where words lead: to an address, or to a policy (`slug`) and there to a named place, unless `name` is empty.

    `nth` tells it from other links of the document to the same address; `line` is where its author wrote it.
    """

    address: str
    title: str = ""
    slug: str | None = None
    name: str = ""
    nth: int = 0
    line: int = field(default=0, compare=False)


Thing = Comment | NoteReference | Image | LineBreak | Citation


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a block that are alike in everything, or a thing that stands among them and has no text."""

    text: str
    mark: Mark = ""
    styles: frozenset[Style] = frozenset()
    link: Link | None = None
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or the like, with its runs; or a list, table, quotation or the like, with its blocks.

    `line` is where its words begin in the policy's file. `form` is a cell's alignment (left, center, right) or what an
    admonition is called (note), `name` that of a footnote. `missing` is the reading that has no word of it and passes
    over it (`missing.py`).
    """

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    blocks: tuple[Block, ...] = ()
    line: int = 0
    internal: bool = False
    form: str = ""
    name: str = ""
    missing: Reading | None = None


@dataclass(frozen=True, slots=True)
class Provision:
    """A section, appendix or clause.

    Its content is what it says, in order: blocks before, between and after the provisions below it. `heading` are a
    section's own words, empty for a clause. `number` is None only for a deleted place under `close_up`,
    `previous_number` only for an inserted one. Of a place that has moved, `moved_from` is the number that it had as
    the deleted one. `withheld` says that its words are not published.
    """

    kind: Kind
    level: int
    number: Number | None
    previous_number: Number | None
    status: Status
    line: int
    name: str | None = None
    internal: bool = False
    moved_from: Number | None = None
    withheld: bool = False
    heading: tuple[Run, ...] = ()
    content: tuple[Block | Provision, ...] = ()

    @property
    def anchor(self) -> str:
        """Where its page and PDF have it: 6.2.1; of a deleted place without number, was-6.2.1."""
        return addresses.anchor(self.number, self.previous_number)

    @property
    def known_by(self) -> str:
        """The number that it has, or else had; empty where it can't be counted."""
        return str(self.number or self.previous_number or "")

    def __str__(self) -> str:
        return f"{self.kind} {self.known_by}".rstrip()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What a clause itself says, without the clauses below it; of a section what stands outside all clauses."""
        return tuple(part for part in self.content if isinstance(part, Block))

    @property
    def below(self) -> tuple[Provision, ...]:
        """The clauses that stand in it."""
        return tuple(part for part in self.content if isinstance(part, Provision))


Part = Block | Provision


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one policy, in the full or in an edition, in all readings or in one."""

    slug: str
    opening: tuple[Block, ...] = ()
    sections: tuple[Provision, ...] = ()
    notes: tuple[Block, ...] = ()

    def provisions(self) -> Iterator[Provision]:
        """Every section, appendix and clause, in reading order."""
        return provisions(self.sections)

    def blocks(self) -> Iterator[tuple[Provision | None, Block]]:
        """Every block outside others with what has it, in reading order; footnotes, last, have no owner."""
        yield from ((None, block) for block in self.opening)
        for section in self.sections:
            yield from _blocks(section)
        yield from ((None, note) for note in self.notes)

    def runs(self) -> Iterator[tuple[Provision | None, Run]]:
        """Every run with what has it, in reading order, the words of headings and footnotes included."""
        yield from ((None, run) for block in self.opening for run in runs(block))
        for section in self.sections:
            yield from _runs(section)
        yield from ((None, run) for note in self.notes for run in runs(note))


def provisions(parts: tuple[Part, ...]) -> Iterator[Provision]:
    """Every section, appendix and clause among these parts and below them, in reading order."""
    for part in parts:
        if isinstance(part, Provision):
            yield part
            yield from provisions(part.content)


def runs(block: Block) -> Iterator[Run]:
    """Every run of a block and of those in it, in reading order."""
    yield from block.runs
    for inner in block.blocks:
        yield from runs(inner)


def walk(block: Block) -> Iterator[Block]:
    """The block and all in it, in reading order."""
    yield block
    for inner in block.blocks:
        yield from walk(inner)


def with_runs(document: Document, change: Callable[[tuple[Run, ...]], tuple[Run, ...]]) -> Document:
    """The document with other words; `change` gives back what it was given where nothing changes."""

    def block(old: Block) -> Block:
        some, inner = change(old.runs), _same(old.blocks, tuple(map(block, old.blocks)))
        return old if some is old.runs and inner is old.blocks else replace(old, runs=some, blocks=inner)

    def provision(old: Provision) -> Provision:
        content = _same(old.content, tuple(block(p) if isinstance(p, Block) else provision(p) for p in old.content))
        heading = change(old.heading)
        same = heading is old.heading and content is old.content
        return old if same else replace(old, heading=heading, content=content)

    return replace(
        document,
        opening=tuple(map(block, document.opening)),
        sections=tuple(map(provision, document.sections)),
        notes=tuple(map(block, document.notes)),
    )


def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """The old parts where the new are the very same."""
    return old if all(map(is_, old, new)) else new


def _blocks(provision: Provision) -> Iterator[tuple[Provision, Block]]:
    for part in provision.content:
        if isinstance(part, Block):
            yield provision, part
        else:
            yield from _blocks(part)


def _runs(provision: Provision) -> Iterator[tuple[Provision, Run]]:
    yield from ((provision, run) for run in provision.heading)
    for part in provision.content:
        if isinstance(part, Block):
            yield from ((provision, run) for run in runs(part))
        else:
            yield from _runs(part)
