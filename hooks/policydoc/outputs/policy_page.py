"""Says what the page of a policy, or of a kept version of it, prints round its article."""

from __future__ import annotations

from typing import Any

from ..editions.policy import Policy
from ..history.dates import CommitDates
from ..model.document import Provision
from ..model.number import Number
from ..model.runs import folded
from ..model.unnumbered import front_headings
from ..settings import Settings
from . import as_in_force, control_sheet, data, status_words


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
    return [(anchor, new or old) for anchor, _, new, old in _headings(policy)]


def titles_before(policy: Policy) -> dict[str, tuple[str, str]]:
    """Where each heading is before the changes, and what it is called, by its link in the contents.

    Only where that is something else; the words are empty where it isn't there.
    """
    return {f"#{anchor}": (f"#{was}", old) for anchor, was, new, old in _headings(policy) if new != old}


def _headings(policy: Policy) -> list[tuple[str, str, str, str]]:
    """Each heading's anchors and its number and words, as amended and before the changes; empty where it isn't."""
    front = [
        (anchor, anchor, folded(block.runs, "amended"), folded(block.runs, "previous"))
        for anchor, block in front_headings(policy.document)
    ]
    return front + [_heading(place) for place in policy.document.provisions() if place.is_heading]


def _heading(place: Provision) -> tuple[str, str, str, str]:
    new, old = data.text(place, "amended"), data.text(place, "previous")
    return place.anchor, as_in_force.shown(place), _titled(place.number, new), _titled(place.previous_number, old)


def _titled(number: Number | None, words: str | None) -> str:
    return "" if words is None else f"{number.label if number else ''} {words}"
