"""Writes a policy as data for other programs, in the shape that schemas.py describes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from ..editions.policy import Policy
from ..editions.version_table import ApprovedVersion
from ..model.document import Block, Provision, Reading, runs
from ..model.runs import folded, plain
from ..model.schedule import Change
from ..model.unnumbered import passages

FORMAT = 2


def data(policy: Policy) -> dict[str, Any]:
    """The policy as JSON: its metadata and edition, its amendments, and its clauses in reading order.

    Of a format's keys none changes its meaning, and none goes.
    """
    return {
        "format": FORMAT,
        **policy.metadata.data(),
        "edition": policy.edition,
        "versions": [_version(version) for version in policy.versions],
        "amendments_hash": policy.amendments_hash or None,
        "amendments": list(map(_amendment, policy.schedule)),
        "clauses": [_clause(place) for place in policy.document.provisions()],
        "unnumbered": [asdict(passage) for passage in passages(policy.document)],
    }


def as_text(policy: Policy) -> str:
    """The policy's file, as it is published."""
    return json.dumps(data(policy), ensure_ascii=False) + "\n"


def attached(policy: Policy) -> str:
    """The file that its PDF holds; that of the external edition where both editions have one PDF."""
    return as_text(replace(policy, edition="external") if policy.shared else policy)


def text(place: Provision, reading: Reading) -> str | None:
    """What a place says in a reading, without the places below it; None where the reading hasn't got it."""
    if place.status == ("deleted" if reading == "amended" else "inserted"):
        return None
    return folded(place.heading, reading) if place.is_heading else plain(place.blocks, reading)


def _version(version: ApprovedVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "date_published": version.date_published and version.date_published.isoformat(),
        "effective": version.effective and version.effective.isoformat(),
        "adopted": version.adopted and version.adopted.model_dump(mode="json"),
        "change_note": version.change_note and version.change_note.model_dump(),
    }


def _clause(place: Provision) -> dict[str, Any]:
    amended = text(place, "amended")
    alone = not place.is_heading and len(place.content) == 1 and isinstance(place.content[0], Block)
    return {
        "id": place.anchor,
        "kind": place.kind,
        "name": place.name,
        "level": place.level,
        "number": (place.number and place.number.citation) or None,
        "label": (place.number and place.number.label) or None,
        "previous_number": (place.previous_number and place.previous_number.citation) or None,
        "previous_label": (place.previous_number and place.previous_number.label) or None,
        "status": place.status,
        "text": amended,
        "previous_text": amended if place.status == "unchanged" and not _cites(place) else text(place, "previous"),
        "content": ([amended] if amended else []) if alone else [part for part in map(_part, place.content) if part],
    }


def _cites(place: Provision) -> bool:
    """Whether a number is printed in it, which may be another in each reading."""
    return any(run.thing for run in place.heading) or any(run.thing for block in place.blocks for run in runs(block))


def _part(part: Block | Provision) -> str | dict[str, str]:
    """A paragraph's words as amended, or where to find what stands below."""
    return {"clause": part.anchor} if isinstance(part, Provision) else plain((part,), "amended")


def _amendment(change: Change) -> dict[str, Any]:
    return {
        "id": change.name,
        "clause": change.id or None,
        "place": change.where,
        "kind": change.deed,
        "words": change.words,
        "location": change.location,
        "previous_number": change.previous_number,
    }
