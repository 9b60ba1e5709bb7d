"""Turns a policy's kept versions and its approved text into the table of versions that councils print: never typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from ..history.archive import ArchivedVersion, ArchiveError
from ..history.withheld import Withheld
from ..source import old_files
from ..source.front_matter import Metadata
from ..source.front_matter_parts import Adoption, ChangeNote
from ..source.policy_files import Source

State = Literal["to come", "in force", "superseded"]


@dataclass(frozen=True)
class ApprovedVersion:
    """What the table says of one version, under the keys of front matter; `is_public` where not for staff alone.

    `superseded` says that a later version takes its place, on the day `ends` (None where nobody knows it); `follower`
    is that version, empty where the edition doesn't show it. One that is `withheld` says no more of itself than this.
    `former_names` are those that the policy had had by then. `metadata` is the version's whole front matter, as far as
    the edition has it; None where it can't be read.
    """

    version: str
    date_published: date | None = None
    effective: date | None = None
    adopted: Adoption | None = None
    change_note: ChangeNote | None = None
    is_public: bool = False
    superseded: bool = False
    ends: date | None = None
    follower: str = ""
    withheld: Withheld | None = None
    former_names: tuple[str, ...] = ()
    metadata: Metadata | None = field(default=None, repr=False, compare=False)

    @property
    def since(self) -> date | None:
        """The day on which it comes into force; None where nobody knows it, and it has."""
        return self.effective or self.date_published

    def state(self, day: date) -> State:
        """Where it stands on this day."""
        if self.superseded and (self.ends is None or self.ends <= day):
            return "superseded"
        return "to come" if self.since and self.since > day else "in force"

    @property
    def was_never(self) -> bool:
        """Whether it was superseded before its day came."""
        return bool(self.since and self.ends and self.ends <= self.since)


def in_force(versions: Iterable[ApprovedVersion], day: date) -> ApprovedVersion | None:
    """The one of these versions that is in force on this day: the newest whose day has come."""
    return next((version for version in versions if version.state(day) == "in force"), None)


def public(versions: Iterable[ApprovedVersion], inside: Collection[str] = ()) -> tuple[ApprovedVersion, ...]:
    """Those that are not for staff alone, none of which names one that is, without the keys kept `inside`."""
    shown = {
        version.version: replace(version, metadata=version.metadata and version.metadata.public(inside))
        for version in versions
        if version.is_public
    }
    return tuple(version if version.follower in shown else replace(version, follower="") for version in shown.values())


def approved_versions(
    source: Source, kept: Sequence[ArchivedVersion], withheld: Mapping[str, Withheld] | None = None
) -> tuple[ApprovedVersion, ...]:
    """The versions, the newest first; `kept` are those of the archive, the newest last, `withheld` some of them.

    Of its own version the policy's text is asked, as long as it is approved: the minute may be known later. Of a kept
    one that can't be read only its number is known, and nobody outside learns it.
    """
    rows = {version.version: _row(version.version, metadata_of(version)) for version in kept}
    metadata = source.metadata
    if metadata.status == "approved" and not source.faulty:
        rows[metadata.version] = _row(metadata.version, metadata)
    for version, why in (withheld or {}).items():
        if version in rows:
            rows[version] = replace(rows[version], change_note=None, metadata=None, withheld=why)
    return tuple(reversed(tuple(_with_followers(list(rows.values())))))


def _with_followers(versions: Sequence[ApprovedVersion]) -> Iterator[ApprovedVersion]:
    """The versions, the newest last, each with the one that takes its place: of the later ones the first to come."""
    for number, version in enumerate(versions, 1):
        later = versions[number:]
        if later:
            first = min(later, key=lambda other: other.since or date.min)
            version = replace(version, superseded=True, ends=first.since, follower=first.version)
        yield version


def metadata_of(version: ArchivedVersion) -> Metadata | None:
    """The front matter of a kept version; None where it can't be read, which is told of elsewhere."""
    try:
        source = old_files.read(version.path.parent.name, version.path.name, version.text()).source
    except ArchiveError:
        return None
    return source.metadata if source else None


def _row(version: str, metadata: Metadata | None) -> ApprovedVersion:
    if metadata is None:
        return ApprovedVersion(version)
    days = metadata.date_published, metadata.effective
    note, is_public, names = metadata.change_note, metadata.is_public, metadata.former_names
    return ApprovedVersion(version, *days, metadata.adopted, note, is_public, former_names=names, metadata=metadata)
