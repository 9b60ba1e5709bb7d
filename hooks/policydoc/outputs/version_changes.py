"""Says what became of each section and clause from one kept version to the next, in the words of a list."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.lineage import Deed, Fate, Place, Step

_DEEDS: dict[Deed, str] = {
    "inserted": "new", "deleted": "deleted", "moved": "moved", "reworded": "reworded",
    "changed": "a link, picture, footnote or sign changed",
    "published": "now published", "hidden": "no longer published",
}  # fmt: skip
_UNNUMBERED = "a place without a number"  # whose first words are no citation


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What became of one place: its citation (clause 5.5) and anchor in the newer version, and what happened to it.

    They are those of the older version where it is deleted (`is_gone`). `words` are such as "reworded" or "moved";
    `before` is the citation that it had, where that is another. Nothing else is another where there are no words.
    """

    cited: str
    anchor: str
    words: str
    before: str = ""
    is_gone: bool = False


def changes(step: Step) -> tuple[PlaceChange, ...]:
    """Every section and clause to which something has happened, in reading order."""
    return tuple(_change(fate) for fate in step.fates if fate.is_event and not fate.only_holds)


def _change(fate: Fate) -> PlaceChange:
    is_gone = fate.new is None or "deleted" in fate.deeds
    place = (fate.old or fate.new) if is_gone else fate.new
    assert place
    words = ", ".join(_DEEDS[deed] for deed in fate.deeds)
    before = _cited(fate.old) if fate.old and fate.is_renumbered else ""
    return PlaceChange(_cited(place), place.anchor, words, before, is_gone)


def _cited(place: Place) -> str:
    return _UNNUMBERED if "“" in place.words else place.words
