"""Turns a document with marks into the one that it is once all of them are accepted, or all rejected.

Nothing holds the place of what is gone, unless that is asked for. What is left of a place that is gone itself, under a
heading that is new for instance, belongs to the one before it, as the numbers say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .document import Block, Citation, Document, Part, Provision, Reading, Run
from .outline import DELETED
from .runs import LEFT_OUT, joined, without


def accepted(document: Document, holding: bool = False) -> Document:
    """The document as if all amendments were accepted. It must say which blocks are missing from which reading.

    With `holding`, what is deleted and has a number stays there, as "Deleted.": what accepting writes into the text.
    """
    return _Read("amended", {}, holding).document(document)


def rejected(document: Document) -> Document:
    """The document as if all amendments were rejected. It must say which blocks are missing from which reading."""
    moved = {place.moved_from.anchor: place.name for place in document.provisions() if place.moved_from}
    return _Read("previous", moved).document(document)


class _Read:
    """One reading; `names` are those that have moved, by the anchor of the place that had them."""

    def __init__(self, reading: Reading, names: Mapping[str, str | None], holding: bool = False) -> None:
        self._reading, self._names, self._holding = reading, names, holding

    def document(self, document: Document) -> Document:
        parts = self._parts((*document.opening, *document.sections))
        notes = tuple(self._block(note) for note in document.notes if note.missing != self._reading)
        sections = tuple(part for part in parts if isinstance(part, Provision) and part.level == 1)
        return Document(document.slug, tuple(part for part in parts if part not in sections), sections, notes)

    def _parts(self, parts: Iterable[Part]) -> list[Part]:
        left: list[Part] = []
        for part in parts:
            if isinstance(part, Block):
                left += [self._block(part)] if part.missing != self._reading else []
            elif part.status != LEFT_OUT[self._reading]:
                left.append(self._provision(part))
            elif self._holding and part.number:
                left.append(self._held(part))
            else:
                rest, last = self._parts(part.content), left[-1] if left else None
                if rest and isinstance(last, Provision):
                    left[-1] = replace(last, content=(*last.content, *rest))
                else:
                    left += rest
        return left

    def _provision(self, place: Provision) -> Provision:
        number = place.number if self._reading == "amended" else place.previous_number
        name = place.name or (self._names.get(number.anchor) if number else None)
        return replace(
            place, number=number, previous_number=number, status="unchanged", name=name, moved_from=None,
            heading=self._runs(place.heading), content=tuple(self._parts(place.content)),
        )  # fmt: skip

    def _held(self, place: Provision) -> Provision:
        gone = (Run(DELETED),)
        rest = tuple(self._parts(place.content))
        return replace(
            place, previous_number=place.number, status="unchanged", name=None, moved_from=None,
            heading=gone if place.is_heading else (),
            content=rest if place.is_heading else (Block("paragraph", gone, line=place.line), *rest),
        )  # fmt: skip

    def _block(self, block: Block) -> Block:
        inner = tuple(self._block(inner) for inner in block.blocks if inner.missing != self._reading)
        return replace(block, runs=self._runs(block.runs), blocks=inner, missing=None)

    def _runs(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        left = without(runs, LEFT_OUT[self._reading])
        return joined(self._counted(run) for run in left) if left != runs else left

    def _counted(self, run: Run) -> Run:
        """A citation has the number of its reading alone."""
        if not isinstance(run.thing, Citation):
            return run
        cited = run.thing
        number = cited.previous_number if self._reading == "previous" else cited.number
        return replace(run, thing=replace(cited, number=number or "", previous_number=number))
