"""Writes what has happened to each clause, and what it has become, as a list that opens beside it on demand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ..model import addresses
from ..model.document import Document
from ..model.lineage import Deed, Event, Outcome, Place, Step, histories, outcomes
from .html_words import element, escaped

_DONE: dict[Deed, str] = {
    "inserted": "Inserted in", "deleted": "Deleted in", "moved": "Moved in", "reworded": "Reworded in",
    "changed": "Links, pictures or footnotes changed in", "published": "Public from", "hidden": "Not public from",
}  # fmt: skip


def of_versions(
    steps: Sequence[Step], newest: str, up: str = "../", over: Collection[str] = ()
) -> dict[str, dict[str, str]]:
    """For each version the histories of its places as HTML, by anchor; `steps` are those between the versions.

    `newest` is how the policy's own page links to the newest version, `up` leads from the version's page to that.
    `over` are the versions before which there is another that can't be compared: it may have done what they seem to do.
    """
    past, future = histories(steps), outcomes(steps)
    last = steps[-1].after if steps else "", f"{up}{newest}"
    all_of: dict[str, dict[str, str]] = {}
    for version, places in _places(steps).items():
        later = future.get(version, {})
        some = (
            (anchor, _history(place, last, past[version].get(anchor, ()), later.get(anchor), up, over))
            for anchor, place in places.items()
        )
        all_of[version] = {anchor: history for anchor, history in some if history}
    return all_of


def of_newest(steps: Sequence[Step], over: Collection[str] = ()) -> dict[str, str]:
    """The histories of the newest version's places, for the policy's own page, by their anchors in that version."""
    return of_versions(steps, "", "", over).get(steps[-1].after, {}) if steps else {}


def of_draft(document: Document, before: Mapping[str, str]) -> dict[str, str]:
    """Histories by the anchors of a draft, from those by the anchors that it has `before` its amendments."""
    places = ((place.anchor, place.previous_number) for place in document.provisions())
    return {anchor: before[was.anchor] for anchor, was in places if was and was.anchor in before}


def _places(steps: Sequence[Step]) -> dict[str, dict[str, Place]]:
    """The places of each version, by their anchors."""
    all_of: dict[str, dict[str, Place]] = {}
    for step in steps:
        for fate in step.fates:
            for version, place in ((step.before, fate.old), (step.after, fate.new)):
                if place and place.anchor:
                    all_of.setdefault(version, {}).setdefault(place.anchor, place)
    return all_of


def _history(
    place: Place, last: tuple[str, str], past: Sequence[Event], outcome: Outcome | None, up: str, over: Collection[str]
) -> str:
    """The list of what happened to a place, the newest first; empty where there is nothing to tell.

    `last` is the newest version, and where that is.
    """
    later = outcome.events if outcome else ()
    lines = ["; ".join(_event(event, up, over, is_past=False)) for event in reversed(later)]
    lines += ["; ".join(_event(event, up, over, is_past=True)) for event in past]
    if outcome and outcome.place and later:
        there = _link(f"{last[1]}#{outcome.place.anchor}", outcome.place.words)
        lines.insert(0, f"In {_version(last[0])}: {there}")
    if not lines:
        return ""
    words = f'History<span class="vh"> of {escaped(place.words)}</span>'
    items = "".join(element("li", {}, line) for line in lines)
    return element("details", {"class": "history"}, element("summary", {}, words) + element("ul", {}, items))


def _event(event: Event, up: str, over: Collection[str], is_past: bool) -> Iterator[str]:
    """Reworded in version 3; 4.8 until version 2: each a link to the comparison at that clause.

    Of what came later the new number is told: 4.9 since version 3. Where a version between the two is not shown:
    reworded in version 3 at the latest; 4.8 until version 1 at least.
    """
    least, latest = (" at least", " at the latest") if event.after in over else ("", "")
    fate = event.fate
    page = up + addresses.beside_comparison(event.before, event.after)
    address = f"{page}#{fate.anchor}"
    for deed in fate.deeds:
        yield _link(address, f"{_DONE[deed]} {_version(event.after)}{latest}")
    if fate.old and fate.new and fate.is_renumbered:
        until = f"{fate.old.number} until {_version(event.before)}{least}"
        since = f"{fate.new.number} since {_version(event.after)}{latest}"
        yield _link(address, until if is_past else since)


def _version(name: str) -> str:
    return "the draft" if name == addresses.DRAFT else f"version {name}"


def _link(address: str, words: str) -> str:
    return element("a", {"href": address}, escaped(words))
