"""Turns what became of each clause from one version to another into sentences, such as `policy changes` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..model.change import Change
from ..model.document import Part, Provision
from ..model.lineage import NOTES, OPENING, Fate, Place, Step
from ..model.number import Number
from .judgement import Renumbered
from .report import Quote, stopped


def sentences(step: Step, schedule: Iterable[Change], quote: Quote) -> Iterator[str]:
    """One for each place to which something happened, in reading order; numbers alone are told by `renumbered`.

    `schedule` are the changes in words; `quote` keeps the policy's words from being read as anything else.
    """
    waiting: dict[str, list[Change]] = {}  # by the anchor of the place
    for change in schedule:
        of_no_place = change.where in (OPENING, NOTES)
        waiting.setdefault(change.where if of_no_place else change.id, []).append(change)
    for fate in step.fates:
        if fate.only_holds:
            waiting.pop(fate.anchor, None)
        elif fate.deeds and fate.anchor:
            yield _sentence(fate, waiting.pop(fate.anchor, []), quote)
        elif fate.deeds and OPENING in waiting:
            said = "; ".join(change.quoting(quote) for change in waiting.pop(OPENING))
            yield stopped(f"The opening words are changed: {said}")
    gone = _gone(step)
    for place, changes in waiting.items():
        if place not in gone:
            yield from (stopped(f"{_first(quote(change.location))}: {change.quoting(quote)}") for change in changes)


def renumbered(step: Step) -> Iterator[Renumbered]:
    """The places that have another number of their own, and not only because the one above them has."""
    last: tuple[Number, Number] | None = None
    for old, new, place in _numbers((*step.document.opening, *step.document.sections), "", ""):
        goes_on = last is not None and _follows(last[0], old) and _follows(last[1], new)
        yield Renumbered(place.called, old.whole, new.whole, goes_on)
        last = old, new


def _numbers(parts: Iterable[Part], above: str, was_above: str) -> Iterator[tuple[Number, Number, Provision]]:
    """Old and new number of places that stay, where they differ; `above` and `was_above` are those of what has them."""
    for place in parts:
        if not isinstance(place, Provision):
            continue
        old, new = place.previous_number, place.number
        if old and new and old.whole != new.whole and place.status != "deleted":
            goes_along = (
                above != was_above and new.whole.startswith(above) and old.whole.startswith(was_above)
                and new.whole[len(above) :] == old.whole[len(was_above) :]
            )  # fmt: skip
            if not goes_along:
                yield old, new, place
        yield from _numbers(place.content, new.whole if new else above, old.whole if old else was_above)


def _sentence(fate: Fate, changes: Sequence[Change], quote: Quote) -> str:
    """Clause 4.5 is reworded: for “may” substitute “must”."""
    old, new = fate.old, fate.new
    said = "; ".join(change.quoting(quote) for change in changes)
    words = "; ".join(f"“{quote(change.inserted or change.deleted)}”" for change in changes)
    if "inserted" in fate.deeds and new:
        return stopped(f"{_named(new)} is inserted: {words}" if words else f"{_named(new)} is inserted")
    if "deleted" in fate.deeds:
        gone = _named(old or new)
        return stopped(f"{gone} is deleted: {words}" if words else f"{gone} is deleted")
    if "published" in fate.deeds:
        return f"{_named(new)} is public now; it was in the internal edition only."
    if "hidden" in fate.deeds:
        return f"{_named(new)} is in the internal edition only now; it was public."
    if "moved" in fate.deeds:
        how = f" and is reworded: {said}" if "reworded" in fate.deeds else ""
        return stopped(f"{_named(old)} moves and is now {new.words if new else ''}{how}")
    where = _named(old) + (f", now {new.number}," if fate.is_renumbered and new else "")
    done = "is reworded" if "reworded" in fate.deeds else "keeps its words"
    return stopped(f"{where} {done}: {said}" if said else f"{where} {done}")


def _gone(step: Step) -> set[str]:
    """Where the comparison has the old spot of what is told where it has come."""
    told = {fate.old.anchor for fate in step.fates if fate.old and {"published", "hidden"} & {*fate.deeds}}
    places = (place for place in step.document.provisions() if place.status == "deleted" and place.previous_number)
    return {place.anchor for place in places if place.previous_number and place.previous_number.anchor in told}


def _follows(one: Number, other: Number) -> bool:
    """Whether a number is the next after another: only the last counts on."""
    left, right = (number.whole.rpartition(".") for number in (one, other))
    return left[:2] == right[:2] and left[2].isdecimal() and right[2].isdecimal() and int(left[2]) + 1 == int(right[2])


def _named(place: Place | None) -> str:
    return _first(place.words) if place else ""


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
