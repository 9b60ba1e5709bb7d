"""The words for what a policy is today: draft, approved, withdrawn, and of which edition."""

from __future__ import annotations

from .. import clock
from ..editions.policy import Policy

STATUS_WORDS = {
    "draft": "Draft: not yet approved",
    "approved": "Approved",
    "withdrawn": "Withdrawn: no longer in force",
}
UNDER_AMENDMENT = {
    "in force": "Proposed changes to version {version}, which is in force",
    "to come": "Proposed changes to version {version}, which is in force from {day}",
}
WITHDRAWN = "Withdrawn since {day}: no longer in force"
TO_BE_WITHDRAWN = "To be withdrawn on {day}"
TO_COME = "Approved: in force from {day}"
EDITION_WORDS = {
    "internal": "Internal edition",
    "external": "External edition",
    "shared": "Internal and external editions",
}
STATUS_SHAPES = {"draft": "◐", "approved": "●", "withdrawn": "✕"}


def status_words(policy: Policy) -> str:
    """What the policy is, for its readers: a draft that would change an approved version is not all that there is.

    Of a kept version it is what was approved, which no later day changes.
    """
    metadata, today = policy.metadata, clock.today()
    if policy.base:
        state = policy.base.state(today)
        return UNDER_AMENDMENT[state].format(version=policy.base.version, day=clock.in_words(policy.base.since))
    if metadata.status == "withdrawn" and metadata.withdrawn_on:
        words = WITHDRAWN if metadata.is_withdrawn(today) else TO_BE_WITHDRAWN
        return words.format(day=clock.in_words(metadata.withdrawn_on))
    since = metadata.in_force_from
    if metadata.status == "approved" and not policy.kept and since and since > today:
        return TO_COME.format(day=clock.in_words(since))
    return STATUS_WORDS[metadata.status]
