"""Says what the page of a policy, or of a kept version of it, prints round its article."""

from __future__ import annotations

from typing import Any

from ..editions.policy import Policy
from ..history.dates import CommitDates
from ..model.runs import folded
from ..model.unnumbered import front_headings
from ..settings import Settings
from . import control_sheet, data, status_words


def about(policy: Policy, settings: Settings, dates: CommitDates) -> dict[str, Any]:
    """The values that docs/templates/web/policy.html prints, whichever text of the policy it is of."""
    inside = control_sheet.kept_inside(policy.edition, settings)
    return {
        "policy": policy,
        "status_words": status_words.status_words(policy),
        "status_shape": status_words.STATUS_SHAPES[policy.metadata.status],
        "control_sheet": control_sheet.control_sheet(policy, dates, inside),
        "distribution": control_sheet.distribution(policy.metadata, inside),
        "versions": control_sheet.version_table(policy),
        "not_yet": control_sheet.NOT_YET,
    }


def headings(policy: Policy) -> list[tuple[str, str]]:
    """Anchor and words of each heading that the contents list, in reading order."""
    front = [
        (anchor, folded(block.runs, "amended") or folded(block.runs, "previous"))
        for anchor, block in front_headings(policy.document)
    ]
    places = [place for place in policy.document.provisions() if place.is_heading]
    return front + [
        (place.anchor,
         f"{place.number.label if place.number else ''} {data.text(place, 'amended') or data.text(place, 'previous')}")
        for place in places
    ]  # fmt: skip
