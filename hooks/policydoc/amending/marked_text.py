"""Reads a policy file's text as blocks with their marks, each with the place that it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.document import Document, Provision, Reading
from ..model.moves import Passage, same
from ..model.outline import opening
from ..model.runs import plain
from ..source.numbering import Counting
from ..source.signs import LINE_END
from . import marks
from .blocks import TextBlock, blocks_of, split
from .marks import Span, Unclear
from .proof import path_of, read
from .rewriting import MarkedBlock, Refused


@dataclass(frozen=True)
class MarkedText:
    """A policy file's text as its front matter and blocks, all marks of which are chosen, and as the document it is."""

    front: str
    blocks: tuple[MarkedBlock, ...]
    document: Document

    @property
    def text(self) -> str:
        """The whole file."""
        return self.front + "".join(block.block.source for block in self.blocks)

    def choosing(self, choose: Callable[[MarkedBlock], Iterable[Span]]) -> MarkedText:
        """The same with these marks of its blocks chosen."""
        blocks = (replace(block, chosen=tuple(choose(block))) for block in self.blocks)
        return replace(self, blocks=tuple(blocks))


def marked_text(text: str, slug: str, counting: Counting) -> MarkedText:
    """The text in its blocks. Raises Refused with all that is wrong with it."""
    document = read(text, slug, counting)
    front, body = split(text)
    blocks = blocks_of(body, len(LINE_END.findall(front)) + 1)
    return MarkedText(front, tuple(_marked(blocks, document)), document)


def amendments(blocks: Iterable[MarkedBlock]) -> Iterator[tuple[MarkedBlock, list[Span]]]:
    """The marks that stand side by side, with their comments, and the block that they are in."""
    for block in blocks:
        for chain in marks.chains(block.block.text, block.spans):
            if any(span.kind in ("deleted", "inserted") for span in chain):
                yield block, chain


def _marked(blocks: Sequence[TextBlock], document: Document) -> Iterator[MarkedBlock]:
    """The blocks with the provisions that they belong to, by the lines that these begin in."""
    by_line = defaultdict[int, list[Provision]](list)
    for provision in document.provisions():
        by_line[provision.line].append(provision)
    twins = _twins(document)
    owners: list[tuple[int, Provision]] = []  # of the provisions that are open here, with the depth of their blocks
    for block in blocks:
        # A clause that has no words begins in the line of its first sub-clause.
        *outer, begun = [None, *by_line[block.line]] if block.kind in ("heading", "item") else [None]
        # A numbered heading stands in its section, and what is counted below it in it
        depth = begun.level - 3 if begun and begun.is_heading else block.depth
        above = depth - len(outer[1:]) if begun or block.kind != "heading" else 0  # a cross-heading is in its section
        while owners and owners[-1][0] >= above:
            owners.pop()
        owners += ((depth - 1, provision) for provision in outer if provision)
        if begun:
            owners.append((depth, begun))
        owner = owners[-1][1] if owners else None
        try:
            spans = tuple(marks.scan(block.text)) if block.kind != "fixed" else ()
        except Unclear as error:
            raise Refused(f"{path_of(document.slug)}:{block.line}: {owner or 'text'}: {error}") from None
        twin = twins.get(owner.anchor) if owner else None
        yield MarkedBlock(block, spans, spans, owner, begun is not None, twin)


def _twins(document: Document) -> Mapping[str, Provision]:
    """The two ends of each move, by one another's anchor: half of it can't be resolved."""
    gone = [provision for provision in document.provisions() if provision.status == "deleted"]
    come = [provision for provision in document.provisions() if provision.status == "inserted"]
    # The names, which only the new one has
    kept = {new.moved_from.anchor: new.name for new in come if new.moved_from}
    names = [(old.previous_number and kept.get(old.previous_number.anchor)) or "" for old in gone]
    was = [Passage("place", _words(old, "previous"), name, short=True) for old, name in zip(gone, names, strict=True)]
    now = [Passage("place", _words(new, "amended"), new.name or "", short=True) for new in come]
    pairs = [(gone[i], come[j]) for i, j in same(was, now, range(len(was)), range(len(now))).items()]
    return {old.anchor: new for old, new in pairs} | {new.anchor: old for old, new in pairs}


def _words(provision: Provision, reading: Reading) -> str:
    """What a section's heading says, or a clause without the clauses below it."""
    return plain(opening(provision) if provision.is_heading else provision.blocks, reading)
