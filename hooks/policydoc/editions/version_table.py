"""Turns a policy's kept versions and its approved text into the table of versions that councils print: never typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..history.archive import ArchivedVersion, ArchiveError
from ..source import policy_files
from ..source.front_matter import Adoption, ChangeNote, Metadata
from ..source.policy_files import Source


@dataclass(frozen=True)
class ApprovedVersion:
    """What the table says of one version, under the keys of front matter; `is_public` where not for staff alone."""

    version: str
    date_published: date | None = None
    effective: date | None = None
    adopted: Adoption | None = None
    change_note: ChangeNote | None = None
    is_public: bool = False


def approved_versions(source: Source, kept: Sequence[ArchivedVersion]) -> tuple[ApprovedVersion, ...]:
    """The versions, the newest first; `kept` are those of the archive, the newest last.

    Of its own version the policy's text is asked, as long as it is approved: the minute may be known later. Of a kept
    one that can't be read only its number is known, and nobody outside learns it.
    """
    rows = {version.version: _row(version.version, metadata_of(version)) for version in kept}
    metadata = source.metadata
    if metadata.status == "approved" and not source.faulty:
        rows[metadata.version] = _row(metadata.version, metadata)
    return tuple(reversed(rows.values()))


def metadata_of(version: ArchivedVersion) -> Metadata | None:
    """The front matter of a kept version; None where it can't be read, which is told of elsewhere."""
    try:
        source, _ = policy_files.read(version.path.parent.name, version.path.name, version.text().encode())
    except ArchiveError:
        return None
    return source.metadata if source and not source.faulty else None


def _row(version: str, metadata: Metadata | None) -> ApprovedVersion:
    if metadata is None:
        return ApprovedVersion(version)
    days = metadata.date_published, metadata.effective
    return ApprovedVersion(version, *days, metadata.adopted, metadata.change_note, metadata.is_public)
