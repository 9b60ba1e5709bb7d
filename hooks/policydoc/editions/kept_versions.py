"""Turns the archive of a policy into what an edition publishes of it: each version as a Policy of its own.

A version is read when somebody asks for its text: a build that has its pages from an earlier one never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from ..history import archive
from ..history.archive import ArchivedVersion
from ..history.kept_pictures import KeptPictures, kept_pictures
from ..model.document import Document
from ..settings import Settings
from ..source import images
from ..source.front_matter import Metadata
from . import kept_text
from .kept_text import KeptText
from .policy import Policy
from .references import Destination
from .version_table import ApprovedVersion, in_force


@dataclass(frozen=True)
class KeptVersion:
    """One version in one edition: `path` is its file below the project, `sha256` that file's hash.

    `row` is what the table of versions says of it.
    """

    slug: str
    path: str
    sha256: str
    row: ApprovedVersion
    _text: str = field(repr=False, compare=False)
    _archived: ArchivedVersion = field(repr=False, compare=False)
    _now: Policy = field(repr=False, compare=False)
    _all_public: bool = field(repr=False, compare=False)
    _library: _Library = field(repr=False, compare=False)

    @property
    def version(self) -> str:
        return self.row.version

    @property
    def is_plain(self) -> bool:
        """Whether its text is shown as it was typed, as nobody can read it any more."""
        return self._read.is_plain

    @property
    def refers_to(self) -> set[str]:
        """The policies that it refers to, by slug."""
        return self._read.refers_to

    @property
    def pictures_of_today(self) -> list[str]:
        """The paths of its pictures, below policy_src/, if none were kept with it, so that it shows today's."""
        is_kept = self._library.pictures(self.slug).of(self.version) is not None
        return [] if is_kept else images.files(self._read.shown)

    @property
    def own(self) -> Destination:
        """What references into it need to know of it."""
        return replace(self._read.own, version=self.version)

    @property
    def metadata(self) -> Metadata:
        """Its front matter, as far as the edition has it."""
        return self.row.metadata or self.policy.metadata

    @property
    def without_text(self) -> Policy:
        """What there is of it but for its text: quick, as nothing else is read."""
        return replace(
            self._now, path=self.path, sha256=self.sha256, kept=self.version, metadata=self.metadata,
            document=Document(self.slug), references=(), names={}, withheld=0, problems=(), successor="",
            amendments_hash="", unpublished=(),
        )  # fmt: skip

    @cached_property
    def policy(self) -> Policy:
        """What there is of it, finished."""
        read, metadata = self._read, self._read.source.metadata
        inside = self._library.settings.kept_inside
        return replace(
            self._now, path=self.path, sha256=self.sha256, kept=self.version,
            metadata=metadata.public(inside) if self._now.edition == "external" else metadata,
            document=self._document(),
            shared=metadata.is_public and read.is_whole and read.refers_to <= {self.slug} and self._all_public,
            references=(), names=read.own.names, withheld=0, problems=(), successor="", amendments_hash="",
            unpublished=(), text=None,
        )  # fmt: skip

    def forget(self) -> None:
        """Lets go of what has been read: a build has no room for every version of every policy."""
        vars(self).pop("policy", None)
        vars(self).pop("_read", None)

    @cached_property
    def _read(self) -> KeptText:
        library = self._library
        return kept_text.kept_text(self._archived, self._text, self._now, library.settings, library.names_now)

    def _document(self) -> Document:
        def leads_to(slug: str) -> Destination | None:
            return self._library.destination(slug, self.row.since)

        return kept_text.finished(self._read, self.version, leads_to, self._library.pictures(self.slug))


@dataclass(frozen=True)
class _Library:
    """All that a version's references can lead to: the policies of the edition, and their kept versions."""

    folder: Path
    settings: Settings
    destinations: Mapping[str, Destination]
    kept: dict[str, tuple[KeptVersion, ...]] = field(default_factory=dict)
    _pictures: dict[str, KeptPictures] = field(default_factory=dict)

    @cached_property
    def names_now(self) -> dict[str, str]:
        """What policies are called that had other names."""
        named = self.destinations.items()
        return {name: slug for slug, destination in named for name in destination.former_names}

    def pictures(self, slug: str) -> KeptPictures:
        """Those that are kept with the versions of a policy."""
        if slug not in self._pictures:
            self._pictures[slug] = kept_pictures(self.folder, slug)
        return self._pictures[slug]

    def destination(self, slug: str, day: date | None) -> Destination | None:
        """The version of a policy that was in force on a day, where it is kept; else its own text."""
        versions = self.kept.get(slug, ())
        row = in_force([version.row for version in versions], day) if day else None
        then = next((version for version in versions if version.row is row), None)
        return then.own if then else self.destinations.get(slug)


def kept_versions(
    policies: Mapping[str, Policy], destinations: Mapping[str, Destination], folder: Path, settings: Settings
) -> dict[str, tuple[KeptVersion, ...]]:
    """The versions of these finished policies that their edition may show, by slug, the newest first.

    `folder` is policy_src/, `destinations` are all policies of the edition. A file that was changed since is not there.
    """
    library = _Library(folder, settings, destinations)
    for slug, policy in policies.items():
        if policy.versions:
            library.kept[slug] = tuple(_versions(policy, library))
    return library.kept


def _versions(policy: Policy, library: _Library) -> Iterator[KeptVersion]:
    shown = {row.version: number for number, row in enumerate(policy.versions) if not row.withheld}
    public = {row.version for row in policy.versions if row.is_public}
    kept = archive.versions(library.folder, policy.slug)
    for number, version in reversed(list(enumerate(kept, 1))):
        text = kept_text.text_of(version)
        if version.version in shown and text:
            now = replace(policy, versions=policy.versions[shown[version.version] :])  # as if there were none later
            all_public = all(earlier.version in public for earlier in kept[:number])
            path = kept_text.path_of(version)
            yield KeptVersion(
                policy.slug, path, version.sha256, now.versions[0], text, version, now, all_public, library
            )
