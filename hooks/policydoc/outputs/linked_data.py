"""Says of a policy and its versions what search engines read: JSON-LD in the words of schema.org's Legislation.

Legislation is there for any legal document, enforceable or not, and for local councils' too. The policy is the work, at
its own address; each version is an example of it, at an address for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ..editions.kept_versions import KeptVersion
from ..editions.policy import Policy
from ..editions.version_table import ApprovedVersion, in_force
from ..model import addresses
from ..settings import Settings
from ..source.front_matter import Metadata

_IN_FORCE, _NOT_IN_FORCE = "https://schema.org/InForce", "https://schema.org/NotInForce"


def of_policy(policy: Policy, kept: Sequence[KeptVersion], settings: Settings, day: date) -> dict[str, Any]:
    """The policy as it stands on a day: what is in force if anything is, else its own text. `kept` are its versions."""
    withdrawn = policy.metadata.is_withdrawn(day)
    row = None if withdrawn else in_force(policy.versions, day)
    then = next((version.metadata for version in kept if row and version.version == row.version), None)
    metadata = then or policy.metadata
    url = addresses.on_site(settings.site_url, policy.slug)
    return _present({
        "@context": "https://schema.org",
        **_work(metadata, settings, url),
        "creativeWorkStatus": metadata.status,
        "datePublished": _iso(metadata.date_published),
        "legislationLegalForce": _IN_FORCE if row else _NOT_IN_FORCE,
        **(_approval(row) if row else {}),
        "workExample": [_example(policy, version, kept, settings, day) for version in policy.versions],
    })  # fmt: skip


def of_version(policy: Policy, kept: KeptVersion, settings: Settings, day: date) -> dict[str, Any]:
    """One kept version of the policy, as it stands on a day."""
    row = next(row for row in policy.versions if row.version == kept.version)
    url = addresses.on_site(settings.site_url, policy.slug, kept.version)
    return _present({
        "@context": "https://schema.org",
        **_work(kept.metadata, settings, url),
        **_standing(policy, row, day),
        "exampleOfWork": _present({
            "@type": "Legislation",
            "@id": addresses.on_site(settings.site_url, policy.slug),
            "name": policy.metadata.title,
        }),
    })  # fmt: skip


def _work(metadata: Metadata, settings: Settings, url: str) -> dict[str, Any]:
    return {
        "@type": "Legislation",
        "@id": url,
        "url": url,
        "name": metadata.title,
        "version": metadata.version,
        "legislationIdentifier": metadata.policy_number,
        "inLanguage": "en-GB",
        "publisher": {"@type": "GovernmentOrganization", "name": settings.council.name},
        "keywords": metadata.keywords,
        "license": settings.licence.url,
    }


def _example(
    policy: Policy, row: ApprovedVersion, kept: Sequence[KeptVersion], settings: Settings, day: date
) -> dict[str, Any]:
    """A version in short, with its address if it has a page."""
    page = next((version for version in kept if version.version == row.version), None)
    url = addresses.on_site(settings.site_url, policy.slug, row.version) if page else ""
    name = page.metadata.title if page else policy.metadata.title
    return _present({
        "@type": "Legislation", "@id": url, "url": url, "name": name, "version": row.version,
        **_standing(policy, row, day),
    })  # fmt: skip


def _standing(policy: Policy, row: ApprovedVersion, day: date) -> dict[str, Any]:
    """What was approved, and whether it is in force."""
    is_in_force = row.state(day) == "in force" and not policy.metadata.is_withdrawn(day)
    return {
        "creativeWorkStatus": "approved",
        "datePublished": _iso(row.date_published),
        "legislationLegalForce": _IN_FORCE if is_in_force else _NOT_IN_FORCE,
        **_approval(row),
        "temporalCoverage": None if row.was_never or policy.metadata.is_withdrawn(day) else _period(row),
    }


def _approval(row: ApprovedVersion) -> dict[str, Any]:
    adopted = row.adopted
    return {
        "legislationDate": _iso(adopted.on) if adopted else None,
        "legislationPassedBy": {"@type": "Organization", "name": adopted.by} if adopted else None,
        "legislationDateVersion": _iso(row.since),
    }


def _period(row: ApprovedVersion) -> str | None:
    """From its first day to its last, as ISO 8601 has it; open where no version follows.

    None where a day isn't known, or is that of a version that the edition doesn't show.
    """
    if row.since is None or (row.superseded and not (row.ends and row.follower)):
        return None
    return f"{row.since.isoformat()}/{(row.ends - timedelta(days=1)).isoformat() if row.ends else '..'}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _present(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value not in (None, "", [])}
