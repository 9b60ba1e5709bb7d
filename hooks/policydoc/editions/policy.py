"""Turns one source into one policy of an edition: its document, and what is printed round it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ..history import archive
from ..history.withheld import withheld
from ..model import schedule
from ..model.amendments_hash import PRINTED, amendments_hash
from ..model.document import Comment, Document, runs
from ..model.missing import with_missing
from ..model.runs import comments
from ..model.schedule import Change
from ..problems import Problem
from ..source import images
from ..source.front_matter import HIDEABLE, Metadata
from ..source.numbering import AS_USUAL, Counting
from ..source.parse import parsed
from ..source.policy_files import Source
from . import references, withhold
from .former_names import known_outside, stranded
from .hidden_amendments import unpublished
from .references import Destination, Reference, Target
from .version_table import ApprovedVersion, approved_versions
from .version_table import public as public_versions
from .withhold import Edition


@dataclass(frozen=True)
class Policy:
    """One policy in one edition.

    `document` is what the edition shows, empty for a policy that is not in it; when the policy is finished, its
    references have their numbers. `names` are the places that others may refer to. `withheld` counts the comments
    that are not shown. `shared` says that both editions hold the same, nothing of the policy being internal.
    `amendments_hash` is that of the full text in both editions, empty where nothing is marked. `successor` is the title
    of what replaces it, once it is finished. `versions` are those that the edition may show, the newest first. `kept`
    is the version that this is the text of, where it is one of the archive and not the policy's own; `unpublished` are
    the amendments that it doesn't show, as `schedule.changes` takes them. `text` is the file that is published
    beside it (`amending.edition_text`), None where there is none. `former_names` are all that the policy's file had,
    those that nobody outside knows among them; `gone` are the names by which readers of the edition have known a
    policy that isn't in it any more.
    """

    slug: str
    path: str
    sha256: str
    metadata: Metadata
    edition: Edition
    document: Document
    published: bool = False
    shared: bool = False
    references: tuple[Reference, ...] = ()
    names: Mapping[str, Target] = field(default_factory=dict)
    withheld: int = 0
    problems: tuple[Problem, ...] = ()
    amendments_hash: str = ""
    successor: str = ""
    versions: tuple[ApprovedVersion, ...] = ()
    kept: str = ""
    unpublished: tuple[tuple[int, str], ...] = ()
    former_names: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    text: bytes | None = None

    @property
    def base(self) -> ApprovedVersion | None:
        """The approved version that a draft would change; None where the edition doesn't show it, or there is none."""
        newest = self.versions[0] if self.versions and self.metadata.status == "draft" else None
        return None if newest and newest.superseded else newest

    @cached_property
    def comments(self) -> list[tuple[str, Comment]]:
        """The comments that are shown, in reading order, each with the anchor of the place that it stands in.

        Before the first section that is empty; in the footnotes, which are no place, it is the word for them.
        """
        text = [
            (owner.anchor if owner else "", run.thing)
            for owner, run in replace(self.document, notes=()).runs()
            if isinstance(run.thing, Comment)
        ]
        notes = [("footnotes", comment) for note in self.document.notes for comment in comments(runs(note))]
        return text + notes

    @cached_property
    def has_marks(self) -> bool:
        """Whether anything is marked at all, in lead-ins and tables as well."""
        return any(run.mark for _, run in self.document.runs())

    @cached_property
    def schedule(self) -> list[Change]:
        """Every amendment in words; of a finished policy with the numbers of what it refers to."""
        return schedule.changes(self.document, self.unpublished)

    @property
    def has_paper(self) -> bool:
        """Whether there are amendments to vote on, though the edition may show none of them."""
        return not self.kept and bool(self.schedule)

    @property
    def amendments(self) -> int:
        """How many sections and clauses the amendments change, insert or delete."""
        return sum(place.status != "unchanged" for place in self.document.provisions())

    @property
    def printed_hash(self) -> str:
        """As much of the amendments' hash as a reader is shown."""
        return self.amendments_hash[:PRINTED]

    @property
    def farewell(self) -> str:
        """Why the policy is withdrawn, as far as it says so: a note that a version has had is about that version."""
        note = self.metadata.change_note if self.metadata.status == "withdrawn" else None
        return note.text if note and all(version.change_note != note for version in self.versions) else ""

    @property
    def images(self) -> list[str]:
        """The picture files that it shows, as paths below policy_src/."""
        return images.files(self.document)

    @property
    def renumbered(self) -> list[tuple[str, str, str]]:
        """Previous and new number of every place that has both and where they differ, and its anchor."""
        pairs = ((place.previous_number, place.number) for place in self.document.provisions())
        return [(old.whole, new.whole, new.anchor) for old, new in pairs if old and new and old != new]

    @cached_property
    def cited(self) -> dict[str, str]:
        """What a reader finds each place by, by its anchor: 3(e)(ii)."""
        return {place.anchor: place.named for place in self.document.provisions()}

    def destination(self) -> Destination:
        metadata = self.metadata
        words = metadata.scheme.words()
        return Destination(metadata.title, self.names, self.published, words, self.former_names)

    def finished(self, destinations: Mapping[str, Destination]) -> Policy:
        """The policy with the numbers of what it refers to; `destinations` are all policies by slug."""
        other = self.metadata.replaced_by
        document = references.resolved(self.document, destinations)
        return replace(self, document=document, successor=destinations[other].title if other else "")


def read(
    source: Source, which: Edition, folder: Path, counting: Counting = AS_USUAL, internal_metadata: Collection[str] = ()
) -> Policy:
    """Reads one source for an edition; slips are in the policy's `problems`.

    `folder` is policy_src/, where images are looked for; `internal_metadata` are the keys of front matter that the
    external edition doesn't show. A policy that is not in the external edition is read there too, for its numbers.
    """
    text, metadata = parsed(source, counting), source.metadata
    full = text.document
    edition = withhold.withhold(full) if which == "external" and (text.has_internal or text.comments) else full
    public = which == "internal" or metadata.is_public
    inside = metadata.internal_only(internal_metadata if metadata.is_public else HIDEABLE)
    versions = approved_versions(source, archive.versions(folder, source.slug), withheld(folder, source.slug))
    shown = versions if which == "internal" else public_versions(versions, internal_metadata)
    to_staff = any(not version.is_public for version in versions)
    return Policy(
        slug=source.slug,
        path=source.path,
        sha256=source.sha256,
        metadata=metadata if which == "internal" else metadata.public(internal_metadata),
        edition=which,
        document=with_missing(edition) if public else Document(source.slug),
        published=public and not text.unread,
        shared=metadata.is_public and not (text.comments or text.has_internal or inside or to_staff),
        references=tuple(references.references(edition) + references.successor(source)) if public else (),
        names=references.targets(full, edition),
        withheld=len(text.comments) if edition is not full else 0,
        amendments_hash=amendments_hash(full) if public else "",
        problems=(*text.problems, *images.faults(source.path, text.images, folder), *stranded(source, folder)),
        versions=shown,
        former_names=metadata.former_names,
        gone=() if public else tuple(known_outside(metadata, source.slug, versions)),
        unpublished=tuple(unpublished(full, edition)) if public and edition is not full else (),
    )
