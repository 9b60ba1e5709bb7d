"""What stands outside sections and clauses, as passages that say where: for programs that read, and the search.

Such words stand before the first section, below a heading, between clauses or behind the last. Footnotes are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import addresses
from .document import Block, Document, Part, provisions
from .runs import plain


@dataclass(frozen=True, slots=True)
class Passage:
    """Unnumbered words as other programs read them.

    `after` is the id of the section or clause that they follow, None before the first. A text is None in a reading
    that has no word of it.
    """

    after: str | None
    text: str | None
    previous_text: str | None


def passages(document: Document) -> list[Passage]:
    """All passages in reading order; blocks that follow each other are one."""
    return [passage for after, blocks in _stretches(document) if (passage := _passage(after, blocks))]


def front_headings(document: Document) -> list[tuple[str, Block]]:
    """The cross-headings before the first section, each with its anchor."""
    blocks = (part for part in document.opening if isinstance(part, Block))
    headings = (block for block in blocks if block.kind == "cross-heading")
    return [(addresses.front(number), heading) for number, heading in enumerate(headings, 1)]


def _stretches(document: Document) -> Iterator[tuple[str | None, list[Block]]]:
    """The unnumbered blocks between two provisions, with the anchor of the one that they follow."""
    yield from _below(document.opening, None)
    for section in document.sections:
        yield from _below(section.content, section.anchor)


def _below(parts: Iterable[Part], after: str | None) -> Iterator[tuple[str | None, list[Block]]]:
    blocks: list[Block] = []
    for part in parts:
        if isinstance(part, Block):
            blocks.append(part)
            continue
        yield after, blocks
        blocks = []
        if part.is_heading:
            yield from _below(part.content, part.anchor)
        after = [*provisions((part,))][-1].anchor
    yield after, blocks


def _passage(after: str | None, blocks: list[Block]) -> Passage | None:
    text, previous = plain(blocks, "amended") or None, plain(blocks, "previous") or None
    return Passage(after, text, previous) if text or previous else None
