"""Turns blocks into the lines that are shown one by one: what has no blocks in it, and the rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from . import amendments
from .document import Block, Part, Provision, Reading

SIDES: tuple[Reading, Reading] = ("previous", "amended")
Labels = tuple[str, str]  # of the two sides


@dataclass(frozen=True, eq=False)
class Line:
    """What is one piece where it is shown: a block without others in it, or a row; `head` is that of its table.

    `label` stands before it: •. Of steps, which are counted, `steps` are the first lines of those before it.
    """

    cells: tuple[Block, ...]
    label: str = ""
    is_heading: bool = False
    head: Line | None = None
    steps: tuple[Line, ...] | None = None

    def has(self, number: int) -> bool:
        """Whether the amendment of this number touches it."""
        return any(run.mark and run.amendment == number for cell in self.cells for run in cell.runs)


def groups(content: Iterable[Part]) -> Iterator[list[Block]]:
    """The blocks that stand together, without a place between them."""
    for is_block, group in groupby(content, lambda part: isinstance(part, Block)):
        if is_block:
            yield [part for part in group if isinstance(part, Block)]


def heading_line(place: Provision) -> Line:
    """The heading of a section."""
    return Line((amendments.heading(place),), is_heading=True)


def lines_of(blocks: Iterable[Block]) -> list[Line]:
    """What is one piece each in these blocks."""
    lines: list[Line] = []
    for block in blocks:
        if block.kind in ("list", "steps"):
            lines += _items(block)
        elif block.kind == "table":
            rows = [Line(row.blocks) for row in block.blocks]
            is_headed = bool(rows) and any(cell.kind == "heading-cell" for cell in rows[0].cells)
            head = replace(rows[0], is_heading=True) if is_headed else None
            lines += [head, *(replace(row, head=head) for row in rows[1:])] if head else rows
        elif block.blocks:
            lines += lines_of(block.blocks)
        elif block.kind != "rule":
            lines.append(Line((block,), is_heading=block.kind in ("cross-heading", "box-title", "term")))
    return lines


def _items(holder: Block) -> Iterator[Line]:
    """The lines of a list, the first of each item with its bullet, or as a step."""
    steps: tuple[Line, ...] = ()
    for item in holder.blocks:
        first, *rest = lines_of(item.blocks) or [Line((item,))]
        if holder.kind == "list":
            first = replace(first, label=f"• {first.label}".strip())
        else:
            first = replace(first, steps=steps)
            steps = (*steps, first)
        yield first
        yield from rest


def numbers(place: Provision) -> Labels:
    """What is printed before the words of a place, on each side."""
    old, new = place.previous_number, place.number
    return old.label if old else "", new.label if new else ""
