"""Turns the references of all policies into what each policy is cited by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ..model import addresses
from .policy import Policy


@dataclass(frozen=True)
class Citation:
    """A place in another policy that refers here; `url` is relative to this policy's page."""

    url: str
    words: str


def citations(policies: Mapping[str, Policy]) -> dict[str, list[Citation]]:
    """For each cited policy's slug, the places in other policies that cite it, each once, in their order."""
    cited: dict[str, dict[Citation, None]] = defaultdict(dict)
    for policy in policies.values():
        for reference in policy.references:
            if reference.slug != policy.slug and reference.mark != "deleted":
                title = policy.metadata.title
                where = f"{reference.clause} of {title}" if reference.clause else title
                anchor = f"#{reference.place}" if reference.place else ""
                cited[reference.slug][
                    Citation(f"{addresses.from_policy(reference.slug, policy.slug)}{anchor}", where)
                ] = None
    return {slug: list(places) for slug, places in cited.items()}
