"""Says how the places of a draft are cited while it is not agreed: by the version in force, if the two say the same.

Without its amendments a draft usually says what is in force, word by word. Then its page can show that as well, and a
number in it is one of that version, whose address is for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..editions.kept_versions import KeptVersion
from ..editions.policy import Policy
from ..model import addresses
from ..model.document import Citation, Document, Provision, Reading, Run
from ..model.outline import Line, outline


@dataclass(frozen=True)
class PlaceInForce:
    """A place in the version in force: how the policy's page links to it, its label, and the words that cite it.

    `shown` is the anchor by which the policy's own page has it with that number. A reader finds it by what it is
    `named`; `number` is its citation without a word, empty where it has none.
    """

    shown: str
    link: str
    named: str
    number: str
    label: str
    cited: str


def places_in_force(policy: Policy, kept: KeptVersion) -> Mapping[str, PlaceInForce] | None:
    """The places of that version, by the anchors that the policy has for them.

    None where the policy without its amendments says something else, and so isn't what is in force.
    """
    document, old = policy.document, kept.policy.document
    if _said(document, "previous") != _said(old, "amended"):
        return None
    was = [place for place in document.provisions() if place.previous_number]
    now = list(old.provisions())
    if len(was) != len(now):
        return None
    return {place.anchor: _place(place, same, kept.version) for place, same in zip(was, now, strict=True)}


def _said(document: Document, reading: Reading) -> list[Line]:
    """What a reader is told. The names of places aren't among it: no mark can show that one has been given or moved."""
    return [replace(line, name="") for line in outline(_by_name(document), reading)]


def _by_name(document: Document) -> Document:
    """The document whose references say the names that their authors wrote.

    An address has the number that a place will have, and the number of a place in another policy is that policy's.
    """

    def named(run: Run) -> Run:
        link = run.link
        if link is None or link.slug is None:
            return run
        to_name = replace(link, address=f"{link.slug}#{link.name}")
        if isinstance(run.thing, Citation) and link.slug != document.slug:
            return replace(run, link=to_name, text=link.name, thing=None)
        return replace(run, link=to_name)

    return document.with_runs(lambda runs: tuple(map(named, runs)))


def shown(place: Provision) -> str:
    """The anchor by which a page shows a place with the number that it has before the changes."""
    has_two = place.number and place.previous_number and place.previous_number != place.number
    return addresses.was(place.previous_number) if has_two else place.anchor


def _place(place: Provision, same: Provision, version: str) -> PlaceInForce:
    label = same.number.label if same.number else ""
    return PlaceInForce(
        shown(place), f"{addresses.beside_version(version)}#{same.anchor}", same.named, str(same.number or ""), label,
        str(same),
    )  # fmt: skip
