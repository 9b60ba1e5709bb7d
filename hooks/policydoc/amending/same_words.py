"""Says whether two documents are the same for their readers: numbers, words, marks, styles, links, names, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..model.document import Block, Comment, Document, Image, NoteReference, Part, Provision, Run, with_runs
from ..model.outline import NOT_PUBLISHED
from ..model.runs import WITHOUT, joined, plain

_SPACES = re.compile(r"\s+")
_WITHHELD = frozenset({"withheld"})
_COUNTS_AS = {"amended": "unchanged"}


def same_words(one: Document, other: Document) -> bool:
    """Whether they are the same but for the lines they stand in, spaces side by side, and what withheld places hide.

    Below a heading that is withheld in `one`, `other` may have places that say nothing.
    """
    both = (((*document.opening, *document.sections), document.notes) for document in (one, other))
    (text, notes), (others, other_notes) = both
    return _same(text, others) and _same(notes, other_notes)


def _same(some: tuple[Part, ...], others: tuple[Part, ...]) -> bool:
    return len(some) == len(others) and all(map(_alike, some, others))


def _alike(one: Part, other: Part) -> bool:
    if isinstance(one, Block) or isinstance(other, Block):
        return (
            isinstance(one, Block)
            and isinstance(other, Block)
            and (one.kind, one.form, one.name, one.internal) == (other.kind, other.form, other.name, other.internal)
            and _words(one.runs) == _words(other.runs)
            and _same(one.blocks, other.blocks)
        )
    other = _unmarked(other) if one.withheld else other
    own = one.withheld or other.withheld or (one.own, one.moved_from) == (other.own, other.moved_from)
    # What amends a place may all be hidden, and a place that is amended counts as one that isn't.
    one_status, other_status = (_COUNTS_AS.get(place.status, place.status) for place in (one, other))
    return (
        own
        and (one.kind, one.level, one.number, one.previous_number, one_status, one.name, one.word)
        == (other.kind, other.level, other.number, other.previous_number, other_status, other.name, other.word)
        and _words(one.heading) == _words(other.heading)
        and (_same(one.content, other.content) or (one.withheld and _says_nothing(other)))
    )


def _unmarked(place: Provision) -> Provision:
    """A place without the marks that make it inserted or deleted, where it says nothing else."""

    def unmarked(some: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(replace(run, mark="") for run in some)

    content = tuple(with_runs(part, unmarked) if isinstance(part, Block) else part for part in place.content)
    return replace(place, heading=unmarked(place.heading), content=content)


def _says_nothing(place: Provision) -> bool:
    """Whether a heading that is not published has nothing but clauses below it that aren't, either."""
    below = (part for part in place.content if isinstance(part, Provision) and not part.is_heading)
    words = [plain(clause.blocks, reading) for clause in below for reading in WITHOUT.values() if not clause.below]
    return place.is_heading and len(words) == 2 * len(place.content) and set(words) <= {NOT_PUBLISHED, ""}


def _words(some: Iterable[Run]) -> list[Any]:
    """The runs as a reader has them: no two alike side by side, and one space between words."""
    plain = (replace(run, text=_SPACES.sub(" ", run.text), mark=run.mark, styles=run.styles - _WITHHELD, amendment=0)
             for run in some if not isinstance(run.thing, Comment))  # fmt: skip
    told: list[Any] = []
    ends_in_space = True
    for run in joined(plain):
        text = run.text.lstrip() if ends_in_space else run.text
        ends_in_space = text.endswith(" ") if text or not run.thing else False
        link = run.link and (run.link.address, run.link.title)
        thing = run.thing
        if isinstance(thing, NoteReference):
            thing = replace(thing, anchor="")
        elif isinstance(thing, Image):
            thing = replace(thing, line=0)
        # A space alone says nothing by its mark or style.
        told += (
            [(text, run.mark, run.styles, link, thing, run.language)]
            if text.strip() or thing
            else [(" ",)]
            if text
            else []
        )
    while told and told[-1] == (" ",):
        told.pop()
    if told and len(told[-1]) > 1:
        told[-1] = (told[-1][0].rstrip(), *told[-1][1:])
    return told
