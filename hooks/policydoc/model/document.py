"""A policy as a typed, immutable value: the document in the middle that reading makes and everything else is made from.

    Document    opening (what stands before the first section), sections, notes (footnotes)
    Provision   a section, appendix or clause: its number, its status, and its content
    Block       a paragraph, list, table …: what a provision says
    Run         words that are alike in everything: mark, styles, link

No step changes what it was given: it returns another document. So the order of steps is what their arguments say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Literal, TypeVar

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
_FIRST_WORDS = 5  # that a place without number is told by
CELLS: frozenset[BlockKind] = frozenset({"cell", "heading-cell"})


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
    """Words of a block that are alike in everything, or a thing that stands among them and has no text.

    `amendment` is the number of the amendment that its mark is of, 0 where it has none or isn't numbered yet.
    `language` is the tag of another language than English that its words are in (cy).
    """

    text: str
    mark: Mark = ""
    styles: frozenset[Style] = frozenset()
    link: Link | None = None
    thing: Thing | None = None
    amendment: int = field(default=0, compare=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or the like, with its runs; or a list, table, quotation or the like, with its blocks.

    `line` is where its words begin in the policy's file. `form` is a cell's alignment (left, center, right) or what an
    admonition is called (note), `name` that of a footnote, or of a term, bullet or row that can be cited. `missing` is
    the reading that has no word of it and passes over it (`missing.py`).
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
    """A section, appendix, numbered heading or clause.

    Its content is what it says, in order: blocks before, between and after the provisions below it. `heading` are a
    section's own words, empty for a clause. `number` is None only for a deleted place under `close_up`,
    `previous_number` only for an inserted one. Of a place that has moved, `moved_from` is the number that it had as
    the deleted one. `withheld` says that its words are not published. `word` is what it is called by when it is cited,
    `own` the label that its author has given it: empty where it shall have none, None where it is counted.
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
    word: str = ""
    own: str | None = None

    @property
    def anchor(self) -> str:
        """Where its page and PDF have it: 6.2.1; of a deleted place without number, was-6.2.1."""
        return addresses.anchor(self.number, self.previous_number)

    @property
    def known_by(self) -> str:
        """The number that it has, or else had; empty where it can't be counted."""
        return str(self.number or self.previous_number or "")

    def __str__(self) -> str:
        number = self.number or self.previous_number
        whole = number.whole if number else ""
        if number and whole != number.citation:  # Part 2, which says what it is
            return whole
        return f"{self.called} {whole or self.named}".rstrip()

    @property
    def called(self) -> str:
        """What goes before its number: clause, standing order."""
        return self.word or self.kind

    @property
    def named(self) -> str:
        """What tells it from others for a reader: its number, or the first words of what has none, in quotes."""
        if (number := self.number or self.previous_number) and number.whole:
            return number.whole
        block = next((part for part in self.content if isinstance(part, Block) and not part.internal), None)
        some = self.heading if self.is_heading else tuple(runs(block)) if block else ()
        shown = [run.text for run in some if run.mark != "deleted"] or [run.text for run in some]
        words = "".join(shown).split()
        return f"“{' '.join(words[:_FIRST_WORDS])}{' …' if len(words) > _FIRST_WORDS else ''}”" if words else ""

    @property
    def is_heading(self) -> bool:
        """Whether it is a section, appendix or numbered heading, and no clause."""
        return self.kind != "clause"

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
    opening: tuple[Part, ...] = ()
    sections: tuple[Provision, ...] = ()
    notes: tuple[Block, ...] = ()

    def provisions(self) -> Iterator[Provision]:
        """Every section, appendix and clause, in reading order."""
        return provisions((*self.opening, *self.sections))

    def blocks(self) -> Iterator[tuple[Provision | None, Block]]:
        """Every block outside others with what has it, in reading order; footnotes, last, have no owner."""
        return iter(owned_blocks((*self.opening, *self.sections, *self.notes)))

    def runs(self) -> Iterator[tuple[Provision | None, Run]]:
        """Every run with what has it, in reading order, the words of headings and footnotes included."""
        pairs: list[tuple[Provision | None, Run]] = []
        _add_runs((*self.opening, *self.sections, *self.notes), None, pairs)
        return iter(pairs)

    def with_runs(self, change: Callable[[tuple[Run, ...]], tuple[Run, ...]]) -> Document:
        """The document with other words; `change` gives back what it was given where nothing changes."""
        opening, sections = _with_runs(self.opening, change), _with_runs(self.sections, change)
        return Document(self.slug, opening, sections, _with_runs(self.notes, change))


# Lists are what these make, and no generators within generators: all of a document is what everybody asks for.


def provisions(parts: Iterable[Part]) -> Iterator[Provision]:
    """Every section, appendix and clause among these parts and below them, in reading order."""
    places: list[Provision] = []
    _add_provisions(parts, places)
    return iter(places)


def _add_provisions(parts: Iterable[Part], places: list[Provision]) -> None:
    for part in parts:
        if isinstance(part, Provision):
            places.append(part)
            _add_provisions(part.content, places)


NAMEABLE: frozenset[BlockKind] = frozenset({"term", "item", "row"})


def named_blocks(document: Document) -> Iterator[tuple[Provision | None, Block]]:
    """The terms, bullets and rows that have a name, each with what has it."""
    for owner, block in document.blocks():
        within = walk(block) if block.blocks else (block,)
        yield from [(owner, inner) for inner in within if inner.name and inner.kind in NAMEABLE]


def runs(block: Block) -> Iterator[Run]:
    """Every run of a block and of those in it, in reading order."""
    return (run for inner in walk(block) for run in inner.runs)


def walk(block: Block) -> Iterator[Block]:
    """The block and all in it, in reading order."""
    yield block
    for inner in block.blocks:
        yield from walk(inner)


def owned_blocks(parts: Iterable[Part]) -> list[tuple[Provision | None, Block]]:
    """Every block outside others among these parts and below them, with what has it."""
    pairs: list[tuple[Provision | None, Block]] = []
    _add_blocks(parts, None, pairs)
    return pairs


def _add_blocks(parts: Iterable[Part], owner: Provision | None, pairs: list[tuple[Provision | None, Block]]) -> None:
    for part in parts:
        if isinstance(part, Provision):
            _add_blocks(part.content, part, pairs)
        else:
            pairs.append((owner, part))


P = TypeVar("P", bound=Part)


def with_runs(part: P, change: Callable[[tuple[Run, ...]], tuple[Run, ...]]) -> P:
    """A block or provision with other words; `change` gives back what it was given where nothing changes."""
    if isinstance(part, Block):
        words, inner = change(part.runs), _with_runs(part.blocks, change)
        return part if words is part.runs and inner is part.blocks else replace(part, runs=words, blocks=inner)
    heading, content = change(part.heading), _with_runs(part.content, change)
    same = heading is part.heading and content is part.content
    return part if same else replace(part, heading=heading, content=content)


def _with_runs(parts: tuple[P, ...], change: Callable[[tuple[Run, ...]], tuple[Run, ...]]) -> tuple[P, ...]:
    changed = tuple(with_runs(part, change) for part in parts)
    return parts if all(map(is_, parts, changed)) else changed


def _add_runs(parts: Iterable[Part], owner: Provision | None, pairs: list[tuple[Provision | None, Run]]) -> None:
    for part in parts:
        if isinstance(part, Provision):
            for run in part.heading:
                pairs.append((part, run))
            _add_runs(part.content, part, pairs)
        else:
            for run in runs(part) if part.blocks else part.runs:
                pairs.append((owner, run))
