"""Turns one source into one policy of an edition: its article, clauses and references."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from ..history import archive
from ..model import amendments
from ..model.amendments import Change
from ..model.missing import say_what_is_missing
from ..model.place import Place, Status
from ..model.reading import plain
from ..model.unnumbered import Passage, front_headings, passages
from ..problems import Problem
from ..source import images
from ..source.front_matter import HIDEABLE, Metadata
from ..source.markdown import Comment, Dialect
from ..source.parse import walked
from ..source.policy_files import Source
from ..source.policy_files import read as read_source
from . import article, references, ties, withhold
from .references import Destination, Reference, Resolver, Target
from .withhold import Edition


@dataclass(frozen=True, slots=True)
class Clause:
    """A section or clause as other programs read it (DESIGN 7)."""

    id: str
    name: str | None
    level: int
    number: str | None
    previous_number: str | None
    status: Status
    text: str | None
    previous_text: str | None

    def data(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in _KEYS}


_KEYS = tuple(each.name for each in fields(Clause))


@dataclass
class Policy:
    """One policy in one edition.

    The article and the clauses' texts hold a character for each reference until `finished` puts the numbers in.
    `in_force` is the approved version that a draft would change, empty where there is none, `in_force_since` its date.
    `unnumbered` are the words outside all clauses, `front` the ids and titles of the headings before the first section.
    `comments` are those that are shown, each with the id of its place; `withheld` counts those that are not.
    `shared` says that both editions hold the same, nothing of the policy being internal.
    `has_marks` says whether anything is marked at all, in lead-ins and tables as well.
    `changes` become the `schedule`, each change with its words, when the policy is finished.
    `successor` is the title of what replaces it, likewise.
    """

    slug: str
    path: str
    sha256: str
    metadata: Metadata
    edition: Edition
    in_force: str = ""
    in_force_since: date | None = None
    published: bool = False
    shared: bool = False
    has_marks: bool = False
    packed: bytes = b""
    clauses: list[Clause] = field(default_factory=list)
    unnumbered: list[Passage] = field(default_factory=list)
    front: list[tuple[str, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    names: dict[str, Target] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    schedule: list[tuple[Change, str]] = field(default_factory=list)
    successor: str = ""
    comments: list[tuple[str, Comment]] = field(default_factory=list)
    withheld: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def article(self) -> str:
        """The article as XML text; kept as UTF-8, which takes a quarter of the memory."""
        return self.packed.decode()

    @property
    def amendments(self) -> int:
        """How many sections and clauses the amendments change, insert or delete."""
        return sum(clause.status != "unchanged" for clause in self.clauses)

    @property
    def places_amended(self) -> int:
        """The same, with every stretch of unnumbered text that is amended."""
        return len({change.where for change in (*self.changes, *(change for change, _ in self.schedule))})

    @property
    def renumbered(self) -> list[tuple[str, str]]:
        """Previous and new number of every place that has both and where they differ."""
        pairs = ((clause.previous_number, clause.number) for clause in self.clauses)
        return [(old, new) for old, new in pairs if old and new and old != new]

    def destination(self) -> Destination:
        return Destination(self.metadata.title, self.names, self.published)

    def finished(self, destinations: dict[str, Destination]) -> Policy:
        """The policy with the numbers of what it refers to; `destinations` are all policies by slug."""
        resolver = Resolver(self.slug, self.references, destinations)
        clauses = (
            self.clauses
            if not self.references
            else [
                replace(
                    clause,
                    text=clause.text and resolver.text(clause.text),
                    previous_text=clause.previous_text and resolver.text(clause.previous_text, previous=True),
                )
                for clause in self.clauses
            ]
        )

        def previous(text: str) -> str:
            return resolver.text(text, previous=True)

        schedule = [(change, change.words(resolver.text, previous)) for change in self.changes]
        packed = resolver.html(self.article).encode() if self.references else self.packed
        successor = destinations[self.metadata.replaced_by].title if self.metadata.replaced_by else ""
        return replace(
            self,
            packed=packed,
            clauses=clauses,
            unnumbered=[passage.finished(resolver.text, previous) for passage in self.unnumbered],
            front=[(id_, resolver.text(title)) for id_, title in self.front],
            references=[],
            changes=[],
            schedule=schedule,
            successor=successor,
        )

    def data(self) -> dict[str, Any]:
        """The policy as JSON: metadata, edition, clauses, and the words outside all clauses."""
        return {
            **self.metadata.data(),
            "edition": self.edition,
            "clauses": [clause.data() for clause in self.clauses],
            "unnumbered": [asdict(passage) for passage in self.unnumbered],
        }


def read(
    source: Source,
    dialect: Dialect,
    which: Edition,
    folder: Path,
    close_up: bool = False,
    internal_metadata: Collection[str] = (),
) -> Policy:
    """Reads one source for an edition; slips are in the policy's `problems`.

    `folder` is policy_src/, where images are looked for; `internal_metadata` are the keys of front matter that the
    external edition doesn't show. A policy that is not in the external edition is read there
    too, for its numbers and its secrets, but its `article` is empty.
    """
    it = walked(source, dialect, close_up)
    if it.too_deep:
        return Policy(source.slug, source.path, source.sha256, source.metadata, which, problems=it.problems)
    tree, walk, comments = it.tree, it.walk, it.comments
    public = which == "internal" or source.metadata.is_public
    inside = source.metadata.internal_only(internal_metadata if source.metadata.is_public else HIDEABLE)
    shared = source.metadata.is_public and not comments and not it.has_internal and not inside
    places = walk.places
    if which == "external":
        places = withhold.withhold(tree, places)
    here = set(tree.iter())
    links = references.take_out(source.slug, [link for link in walk.words.links if link[0] in here])
    links += ties.successor(source)
    files, faults = images.place(source.path, walk.words.images, here, folder)
    names = ties.targets(walk.places, places)
    say_what_is_missing(tree, places)
    clauses = [_clause(place) for place in places]
    unnumbered = passages(tree, places)
    front = [(id_, plain([head], "amended") or plain([head], "previous")) for id_, head in front_headings(tree)]
    changes = amendments.changes(tree, places)
    approved = archive.latest(folder, source.slug) if source.metadata.status == "draft" else None
    shown = _comments_in_order(tree, places, comments)
    return Policy(
        slug=source.slug,
        path=source.path,
        sha256=source.sha256,
        metadata=source.metadata if which == "internal" else source.metadata.public(internal_metadata),
        edition=which,
        in_force=approved.version if approved else "",
        in_force_since=_published(approved) if approved else None,
        published=public,
        shared=shared,
        has_marks=public and (next(tree.iter("del"), None) is not None or next(tree.iter("ins"), None) is not None),
        packed=article.build(tree, places, comments).encode() if public else b"",
        clauses=clauses if public else [],
        unnumbered=unnumbered if public else [],
        front=front if public else [],
        references=links if public else [],
        names=names,
        lines={place.id: place.line for place in places},
        images=files if public else [],
        changes=changes if public else [],
        comments=shown,
        withheld=len(comments) - len(shown),
        problems=it.problems + faults,
    )


def _published(approved: archive.Kept) -> date | None:
    """When a kept version was published, if it says so; a version that can't be read is told of elsewhere."""
    try:
        source, _ = read_source(approved.path.parent.name, approved.path.name, approved.text().encode())
    except archive.ArchiveError:
        return None
    return source.metadata.date_published if source else None


def _clause(place: Place) -> Clause:
    status, name, text = place.status, place.name, plain(place.blocks(), "amended")
    previous = text if status == "unchanged" else plain(place.blocks(), "previous")
    if place.element.get("data-withheld"):
        status, name = ("unchanged" if status == "amended" else status), None
        place.status, place.name = status, name
    return Clause(
        id=place.id,
        name=name,
        level=place.level,
        number=place.number,
        previous_number=place.previous_number,
        status=status,
        text=None if status == "deleted" else text,
        previous_text=None if status == "inserted" else previous,
    )


def _comments_in_order(tree: ET.Element, places: list[Place], comments: list[Comment]) -> list[tuple[str, Comment]]:
    """The comments that are shown, in reading order, each with the number of the place that it stands in."""
    owners = {place.element: place.id for place in places}
    found: list[tuple[str, Comment]] = []

    def look(element: ET.Element, owner: str) -> None:
        owner = owners.get(element, owner)
        if element.tag == "comment":
            found.append((owner, comments[int(element.get("n", ""))]))
        for child in element:
            look(child, owner)
            if child.tag == "h2":
                owner = owners.get(child, owner)

    look(tree, "")
    return found
