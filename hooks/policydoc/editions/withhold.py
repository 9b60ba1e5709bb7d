"""Turns the full document of a policy into that of the external edition."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from operator import is_
from typing import Literal

from ..model import counts
from ..model.document import Block, Comment, Document, NoteReference, Part, Provision, Run, runs
from ..model.missing import groups
from ..model.number import Number
from ..model.outline import NOT_PUBLISHED
from ..model.runs import joined, marks_of, status_of
from ..source.signs import CLOSING

Edition = Literal["internal", "external"]
EDITIONS: tuple[Edition, ...] = ("external", "internal")

_WORDS = (Run(NOT_PUBLISHED, styles=frozenset({"withheld"})),)

# Annex Fraud     what is more than a number in a label given by hand, and what isn't
_WORD = re.compile(r"[^\W\d_]{4,}")
_HEADINGS = frozenset("annex appendix article chapter division part schedule section title".split())
# What goes with its last words; a table's cell stays
_NOTHING_ALONE = frozenset(
    {"paragraph", "cross-heading", "item", "list", "steps", "quotation", "box", "table", "terms"}
)


def withhold(document: Document) -> Document:
    """The document without comments and internal blocks.

    An internal section or clause keeps its number and the words "Not published"; what stands below it goes with it. So
    does a clause whose every paragraph is internal, but for its sub-clauses. An internal cross-heading takes with it
    what stands below it, and an internal footnote the references to it; a table that has lost all its rows goes, and
    so does a term that has lost all its meanings.
    """
    return _Withholding(_internal_notes(document)).document(document)


class _Withholding:
    """One document's passage into the external edition; `inside` are the names of its internal footnotes."""

    def __init__(self, inside: Container[str]) -> None:
        self._inside = inside

    def document(self, document: Document) -> Document:
        opening = self.below_headings(document.opening)
        sections = tuple(map(self.section, document.sections))
        notes = {note.name: block for note in document.notes if note.name not in self._inside
                 for block in self.block(note)}  # fmt: skip
        left = replace(document, opening=opening, sections=sections, notes=())
        return replace(left, notes=_referred((run for _, run in left.runs()), notes))

    def section(self, section: Provision) -> Provision:
        if section.internal:
            return _blank(section)
        return replace(section, heading=self.runs(section.heading), content=self.below_headings(section.content))

    def below_headings(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """What is left of a section: below an internal cross-heading the numbers only, which go on behind them."""
        left: list[Part] = []
        inside = False
        for part in parts:
            if isinstance(part, Provision):
                inside = inside and not part.is_heading
                left.append(_blank(part) if inside else self.section(part) if part.is_heading else self.clause(part))
                continue
            if part.kind == "cross-heading":
                inside = part.internal
            left += [] if inside else self.block(part)
        return tuple(left)

    def clause(self, clause: Provision) -> Provision:
        if clause.internal:
            return _blank(clause)
        content: list[Part] = []
        for part in clause.content:
            content += [self.clause(part)] if isinstance(part, Provision) else self.block(part)
        own = tuple(part for part in content if isinstance(part, Block))
        status = status_of(mark for block in own for mark in marks_of(block))
        if status is None and clause.blocks:  # one that begins with its first sub-clause has lost no words
            below = tuple(part for part in content if isinstance(part, Provision))
            return replace(_blank(clause), content=(_not_published(), *below))
        if clause.status == "amended" and status in ("inserted", "deleted"):  # one of the readings would show nothing
            index = next((n for n, part in enumerate(content) if isinstance(part, Provision)), len(content))
            content.insert(index, _not_published())
        return replace(clause, content=tuple(content))

    def block(self, block: Block) -> list[Block]:
        """What is left of a block: itself, changed or not, or nothing."""
        if block.internal:
            return []
        if not block.blocks:
            runs = self.runs(block.runs)
            left = block if runs is block.runs else replace(block, runs=runs)
            return [left] if any(_prints(run) for run in left.runs) or block.kind not in _NOTHING_ALONE else []
        within = self.terms(block) if block.kind == "terms" else [
            left for inner in block.blocks for left in self.block(inner)
        ]  # fmt: skip
        is_empty = all(inner.kind in ("heading-cell", "box-title") for row in within for inner in row.blocks or (row,))
        if is_empty and block.kind in _NOTHING_ALONE:
            return []
        same = len(within) == len(block.blocks) and all(map(is_, within, block.blocks))
        return [block if same else replace(block, blocks=tuple(within))]

    def terms(self, block: Block) -> list[Block]:
        """Terms and meanings; where the last of either is taken out, all that belong to it go."""
        left: list[Block] = []
        for group in groups(block):
            some = [inner for child in group for inner in self.block(child)]
            if len(some) != len(group) or not all(map(is_, some, group)):
                some = [inner for inner in some if _has_words(inner)]
                some = some if {inner.kind for inner in some} == {"term", "meaning"} else []
            left += some
        return left

    def runs(self, some: tuple[Run, ...]) -> tuple[Run, ...]:
        """The words without comments, without what says that a comment is about them, and without internal notes."""
        if not any(run.thing or "commented" in run.styles for run in some):
            return some
        left: list[Run] = []
        for index, run in enumerate(some):
            if isinstance(run.thing, Comment):
                continue
            if isinstance(run.thing, NoteReference) and run.thing.note in self._inside:
                _close_up(left, some[index + 1 :])
            elif "commented" in run.styles:
                left.append(replace(run, styles=run.styles - {"commented"}))
            else:
                left.append(run)
        return joined(left)


def _internal_notes(document: Document) -> set[str]:
    """The names of the footnotes that are internal, or left without words by what in them is."""
    inside = _Withholding(())
    return {
        note.name for note in document.notes
        if not any(True for block in inside.block(note) for _ in marks_of(block))
    }  # fmt: skip


def _referred(text: Iterable[Run], notes: dict[str, Block]) -> tuple[Block, ...]:
    """The notes that the text refers to, in the order of the references, then those that these refer to."""
    order: dict[str, None] = {}
    waiting = list(_names(text))
    for name in waiting:
        if name in notes and name not in order:
            order[name] = None
            waiting += _names(runs(notes[name]))
    return tuple(notes[name] for name in order)


def _names(some: Iterable[Run]) -> Iterator[str]:
    return (run.thing.note for run in some if isinstance(run.thing, NoteReference))


def _prints(run: Run) -> bool:
    return run.thing is not None or bool(run.text.strip())


def _has_words(block: Block) -> bool:
    return bool(block.blocks) or any(map(_prints, block.runs))


def _blank(place: Provision) -> Provision:
    """The place with its number and status, and no other word."""
    status = "unchanged" if place.status == "amended" else place.status
    heading, content = (_WORDS, ()) if place.is_heading else ((), (_not_published(),))
    return replace(
        place, status=status, name=None, internal=False, withheld=True, heading=heading, content=content,
        number=_silent(place.number, place), previous_number=_silent(place.previous_number, place),
    )  # fmt: skip


def _silent(number: Number | None, place: Provision) -> Number | None:
    """The number, unless its author has put words into it; nor does the anchor of what has none say any here."""
    words = {word.lower() for word in _WORD.findall(place.own or "")} - _HEADINGS
    words = {word for word in words if not counts.place(word, "i")}
    if number is None or ((number.citation or number.label) and not words):
        return number
    return Number("", "", f"not-published-{place.line}")


def _not_published() -> Block:
    return Block("paragraph", _WORDS)


def _close_up(before: list[Run], behind: tuple[Run, ...]) -> None:
    """The space before a footnote's sign goes with it, unless it is the only one between two words."""
    following = behind[0] if behind else None
    if before and (following is None or following.text[:1].isspace() or CLOSING.match(following.text)):
        last = before.pop()
        text = last.text.rstrip()
        before += [replace(last, text=text)] if text or last.thing else []
