"""Turns a policy's versions, in order, into what has happened to each clause, and into what each has become.

Two versions that follow each other are compared once (`step`), which gives one fate for each of their places. A clause
is followed from fate to fate, back to where it was inserted, and on to what it is in the newest version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from . import place_holders
from .compare import beside, compare, is_amended, with_links
from .document import Block, Citation, Document, Part, Provision, Run, runs

# `changed`: not in its words, but a link, picture, footnote or a sign above the line. `published`, `hidden`: it has
# become public, or is for staff alone from then on. A number that has changed is no deed: the places say it.
Deed = Literal["inserted", "deleted", "moved", "reworded", "changed", "published", "hidden"]
OPENING, NOTES = "opening words", "footnotes"  # where something happened that is in no place


@dataclass(frozen=True, slots=True)
class Place:
    """A section or clause in one version: its anchor there, what it is cited by ("clause 4.8"), and its number alone.

    What has no number has its first words for it. The anchor of what is no place is empty.
    """

    anchor: str
    words: str
    number: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a place from one version to the next: where it stood, where it stands, and what was done.

    `old` is None for what is inserted, `new` for what is deleted, unless "Deleted." holds its number. `anchor` is where
    the comparison of the two has it.
    """

    old: Place | None
    new: Place | None
    deeds: tuple[Deed, ...] = ()
    anchor: str = ""

    @property
    def is_renumbered(self) -> bool:
        """Whether it has another number, and is still there."""
        return bool(self.old and self.new and self.old.words != self.new.words and "deleted" not in self.deeds)

    @property
    def only_holds(self) -> bool:
        """Whether "Deleted." has come to hold a number there, and what became of its clause is told elsewhere."""
        return self.old is None and "deleted" in self.deeds

    @property
    def is_event(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.deeds) or self.is_renumbered


@dataclass(frozen=True)
class Step:
    """Two versions by their names, the marked document that is both, and every fate in the order of that."""

    before: str
    after: str
    document: Document
    fates: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A fate that is worth telling, and the names of the two versions."""

    before: str
    after: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a place of a version has become in the newest: None where it was deleted; and how, the oldest first."""

    place: Place | None
    events: tuple[Event, ...] = ()


def step(before: tuple[str, Document], after: tuple[str, Document]) -> Step:
    """What lies between two versions, each with its name. They have no marks themselves."""
    document = with_links(compare(before[1], after[1]))
    return Step(before[0], after[0], document, tuple(_Fates(before[1], after[1], document).all()))


def histories(steps: Sequence[Step]) -> dict[str, dict[str, tuple[Event, ...]]]:
    """What has happened to each place, the newest first, by version and anchor. `steps` follow each other.

    Nothing is said of places to which nothing has happened. Whatever stood in the first version has no beginning.
    """
    all_of: dict[str, dict[str, tuple[Event, ...]]] = {some.before: {} for some in steps[:1]}
    for some in steps:
        earlier, now = all_of[some.before], dict[str, tuple[Event, ...]]()
        for fate in some.fates:
            if not fate.new or not fate.new.anchor:
                continue
            before = earlier.get(fate.old.anchor, ()) if fate.old else ()
            events = (Event(some.before, some.after, fate), *before) if fate.is_event else before
            if events:
                now[fate.new.anchor] = events
        all_of[some.after] = now
    return all_of


def outcomes(steps: Sequence[Step]) -> dict[str, dict[str, Outcome]]:
    """What each place of each version but the newest has become in that, by version and anchor.

    Places to which nothing has happened are there as well.
    """
    all_of: dict[str, dict[str, Outcome]] = {}
    for some in reversed(steps):
        later, now = all_of.get(some.after), dict[str, Outcome]()
        for fate in some.fates:
            if not fate.old or not fate.old.anchor:
                continue
            event = (Event(some.before, some.after, fate),) if fate.is_event else ()
            if "deleted" in fate.deeds:
                now[fate.old.anchor] = Outcome(None, event)
            elif fate.new:
                rest = later.get(fate.new.anchor, Outcome(None)) if later is not None else Outcome(fate.new)
                now[fate.old.anchor] = Outcome(rest.place, (*event, *rest.events))
        all_of[some.before] = now
    return all_of


class _Fates:
    """The fates of all places of two versions, from the document that is both."""

    def __init__(self, before: Document, after: Document, document: Document) -> None:
        self._old = {_anchor(place, "previous"): place for place in beside(before, after).provisions()}
        self._new = {_anchor(place, "amended"): place for place in after.provisions()}
        self._document = document
        # The old place of each that has come, by the anchor of this: it has moved, or was internal before, or is now.
        self._from = {
            _anchor(place, "amended"): place.moved_from.anchor
            for place in document.provisions()
            if place.moved_from and place.number
        }
        self._shown = dict(_shown((*document.opening, *document.sections)))
        self._from |= self._shown
        self._gone = set(self._from.values())
        self._above = tuple(
            {below.anchor: place.anchor for place in version.provisions() for below in place.below}
            for version in (after, before)
        )

    def all(self) -> Iterator[Fate]:
        document = self._document
        if deed := _deed([part for part in document.opening if isinstance(part, Block)]):
            yield Fate(_no_place(OPENING), _no_place(OPENING), (deed,))
        for place in document.provisions():
            old, new = _anchor(place, "previous"), _anchor(place, "amended")
            if place.status == "inserted":
                yield self._come(place, new)
            elif place.status == "deleted":
                yield from self._went(place, old, new)
            else:
                was, now = _place(self._old[old]), _place(self._new[new])
                yield from self._stayed(place, was, now)
        if deed := _deed(document.notes):
            yield Fate(_no_place(NOTES), _no_place(NOTES), (deed,))

    def _come(self, place: Provision, anchor: str) -> Fate:
        new, was = self._new[anchor], self._old.get(self._from.get(anchor, ""))
        if was is None:
            deed: Deed = "deleted" if place_holders.is_deleted(new) else "inserted"
            return Fate(None, _place(new), (deed,), place.anchor)
        if anchor in self._shown:
            return Fate(_place(was), _place(new), ("hidden" if _is_inside(new) else "published",), place.anchor)
        deeds: list[Deed] = [] if self._went_along(was, new) else ["moved"]
        deeds += ["reworded"] if is_amended(was, new) else []
        return Fate(_place(was), _place(new), tuple(deeds), place.anchor)

    def _went_along(self, old: Provision, new: Provision) -> bool:
        """Whether a place has moved only because the one above it has."""
        now, was = (above.get(place.anchor) for above, place in zip(self._above, (new, old), strict=True))
        return bool(now and was) and self._from.get(now or "") == was

    def _went(self, place: Provision, old: str, new: str) -> Iterator[Fate]:
        """What is deleted, with the number that it may hold; what has moved is told where it has come."""
        was, now = self._old[old], self._new.get(new)
        if place_holders.holds(was):  # "Deleted." itself has gone: that is no news of the clause
            yield Fate(_place(was), None)
        elif old not in self._gone:
            yield Fate(_place(was), _place(now) if now else None, ("deleted",), place.anchor)
        elif now:
            yield Fate(None, _place(now), ("deleted",), place.anchor)

    def _stayed(self, place: Provision, was: Place, now: Place) -> Iterator[Fate]:
        held, holds = (place_holders.holds(place, reading) for reading in ("previous", "amended"))
        if holds and not held:  # in other words than "Deleted."
            yield Fate(was, now, ("deleted",), place.anchor)
        elif held and not holds:
            yield Fate(None, now, ("inserted",), place.anchor)
        else:
            deed = _deed(place.blocks, place.heading)
            yield Fate(was, now, (deed,) if deed else (), place.anchor)


def _shown(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """Places that were internal or not published in one version alone: the anchors in the newer and in the older.

    No words tell them, so they are known by where they stand, between others that stay.
    """
    places = [part for part in parts if isinstance(part, Provision)]
    for is_marked, group in groupby(places, lambda place: place.status in ("deleted", "inserted")):
        some = list(group) if is_marked else []
        here = {_anchor(place, "previous") for place in some if place.status == "deleted"}
        for inside in (True, False):
            gone = [place for place in some if place.status == "deleted" and _is_inside(place) == inside]
            come = [
                place for place in some
                if place.status == "inserted" and _is_inside(place) != inside
                and (place.moved_from is None or place.moved_from.anchor in here)
            ]  # fmt: skip
            if len(gone) != len(come):
                numbers = {str(place.moved_from or place.number): place for place in come}
                gone = [place for place in gone if str(place.previous_number) in numbers]
                come = [numbers[str(place.previous_number)] for place in gone]
            pairs = zip(gone, come, strict=True)
            yield from ((_anchor(new, "amended"), _anchor(old, "previous")) for old, new in pairs)
    for place in places:
        yield from _shown(place.content)


def _is_inside(place: Provision) -> bool:
    return place.internal or place.withheld


def _anchor(place: Provision, reading: Literal["previous", "amended"]) -> str:
    number = place.previous_number if reading == "previous" else place.number
    return number.anchor if number else ""


def _place(place: Provision) -> Place:
    return Place(place.anchor, str(place), place.named)


def _no_place(words: str) -> Place:
    return Place("", words, words)


def _deed(blocks: Sequence[Block], heading: tuple[Run, ...] = ()) -> Literal["reworded", "changed", ""]:
    """What was done to these words of both versions."""
    own = [*heading, *(run for block in blocks for run in runs(block))]
    if not any(run.mark for run in own):
        return ""
    was, now = ("".join(map(_said, (run for run in own if run.mark != mark))) for mark in ("inserted", "deleted"))
    return "changed" if was.split() == now.split() else "reworded"


def _said(run: Run) -> str:
    """The words of a run, those of a reference without the number: that follows its place."""
    return (
        f"{run.thing.before}#{run.thing.behind}"
        if isinstance(run.thing, Citation)
        else run.text or " " * bool(run.thing)
    )
