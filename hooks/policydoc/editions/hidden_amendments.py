"""Tells which amendments of a policy an edition doesn't show, and in which of the places that it does show they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model.amendments import marked_texts
from ..model.document import Document, Provision
from ..model.schedule import NOTES


def unpublished(full: Document, edition: Document) -> Iterator[tuple[int, str]]:
    """The number of each, in order, and the anchor of its place: empty for the opening words, NOTES for footnotes."""
    shown = {run.amendment for _, run in edition.runs() if run.mark}
    anchors = {(place.line, place.level): place.anchor for place in edition.provisions()}
    nearest = dict(_nearest((*full.opening, *full.sections), anchors, ""))
    in_notes = {id(run) for _, run in Document("", notes=full.notes).runs()}
    for text in marked_texts(full):
        if text.number not in shown:
            shown.add(text.number)
            is_note = any(id(run) in in_notes for run in text.runs)
            yield text.number, NOTES if is_note else nearest.get(id(text.place), "")


def _nearest(parts: Iterable[object], anchors: dict[tuple[int, int], str], above: str) -> Iterator[tuple[int, str]]:
    """The anchor of each place in the edition, by its identity; below what is withheld, that of the place above it."""
    for part in parts:
        if isinstance(part, Provision):
            anchor = anchors.get((part.line, part.level), above)
            yield id(part), anchor
            yield from _nearest(part.content, anchors, anchor)
