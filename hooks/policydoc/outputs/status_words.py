"""The words for what a policy is: draft, approved, withdrawn, and of which edition."""

from __future__ import annotations

from ..editions.policy import Policy

STATUS_WORDS = {
    "draft": "Draft: not yet approved",
    "approved": "Approved",
    "withdrawn": "Withdrawn: no longer in force",
}
UNDER_AMENDMENT = "Proposed changes to version {version}, which is in force"
EDITION_WORDS = {
    "internal": "Internal edition",
    "external": "External edition",
    "shared": "Internal and external editions",
}
STATUS_SHAPES = {"draft": "◐", "approved": "●", "withdrawn": "✕"}


def status_words(policy: Policy) -> str:
    """What the policy is, for its readers: a draft that would change an approved version is not all that there is."""
    if policy.in_force and policy.metadata.status == "draft":
        return UNDER_AMENDMENT.format(version=policy.in_force)
    return STATUS_WORDS[policy.metadata.status]
