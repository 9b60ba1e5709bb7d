"""Turns a walked policy into what ties it to others: what it refers to, and its places that others can refer to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.place import Place
from ..source.parse import Walked
from ..source.policy_files import Source
from . import references
from .references import Destination, Reference, Target
from .withhold import Edition, withhold


@dataclass(frozen=True)
class Ties:
    """A policy's ties in one edition."""

    references: list[Reference]
    destination: Destination


def ties(source: Source, it: Walked) -> dict[Edition, Ties]:
    """The ties in both editions. The tree is changed on the way; it is not to be used afterwards."""
    meta, places = source.metadata, it.walk.places
    # One by one, so that each can be left out with its link
    found = [(link[0], each) for link in it.walk.words.links for each in references.take_out(source.slug, [link])]
    inside = [each for _, each in found] + successor(source)
    names = targets(places, places)
    left = withhold(it.tree, places) if it.has_internal else places
    here = set(it.tree.iter())
    outside = [each for link, each in found if link in here] + successor(source) if meta.is_public else []
    return {
        "internal": Ties(inside, Destination(meta.title, names, not it.too_deep)),
        "external": Ties(outside, Destination(meta.title, targets(places, left), meta.is_public and not it.too_deep)),
    }


def successor(source: Source) -> list[Reference]:
    """The reference to what replaces a withdrawn policy, if it says so."""
    other = source.metadata.replaced_by
    return [Reference(other, line=source.lines["replaced_by"])] if other else []


def targets(all_places: Iterable[Place], places: Iterable[Place]) -> dict[str, Target]:
    """The named places of a policy; those that are not among `places`, the ones in this edition, are withheld."""
    here = {place.element for place in places if place.element.get("data-withheld") is None}
    return {
        place.name: Target(
            kind=place.kind,
            number=place.number,
            previous_number=(place.moved_from or place).previous_number,
            id=place.id,
            deleted=place.status == "deleted",
            withheld=place.element not in here,
        )
        for place in all_places
        if place.name
    }
