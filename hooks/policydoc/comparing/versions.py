"""Turns the files of a revision into versions of policies, read with the library, each text only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..editions.references import Destination, Reference, references, resolved, targets
from ..history.git import Revision
from ..model.document import Citation, Document, Image, Link, Provision
from ..settings import Settings
from ..source import links, policy_files
from ..source.front_matter import Metadata
from ..source.parse import parsed
from ..source.policy_files import FOLDER, Source
from .provision import ComparedProvision
from .provisions import provisions, stand_ins


@dataclass(frozen=True)
class Text:
    """A policy as its text alone tells it; `errors` counts what is wrong in it."""

    source: Source
    document: Document
    errors: int

    @cached_property
    def references(self) -> list[Reference]:
        return references(self.document)

    @cached_property
    def named(self) -> Document:
        """The document with the names of places for the numbers in its references."""
        return resolved(self.document, stand_ins(self.references))

    def printed(self, known: Mapping[str, Destination]) -> Document:
        """The document with its references as they are printed, as far as what they lead to is among `known`."""
        destinations = stand_ins(self.references)
        for slug in destinations.keys() & known.keys():
            destinations[slug] = Destination(known[slug].title, {**destinations[slug].names, **known[slug].names})
        return resolved(self.document, destinations)

    @property
    def citations(self) -> Iterator[tuple[Provision | None, Link]]:
        """The references that print a number, each with what it stands in."""
        cited = ((place, run.link) for place, run in self.named.runs() if isinstance(run.thing, Citation))
        return ((place, link) for place, link in cited if link)

    @cached_property
    def destination(self) -> Destination:
        return Destination(self.source.metadata.title, targets(self.document, self.document))

    @property
    def has_marks(self) -> bool:
        return any(run.mark for _, run in self.document.runs())

    @property
    def images(self) -> set[str]:
        """Their files, as paths below policy_src/."""
        return {run.thing.path for _, run in self.document.runs() if isinstance(run.thing, Image)}


@dataclass(frozen=True)
class Version:
    """One policy at one revision, and its provisions."""

    metadata: Metadata
    has_marks: bool
    provisions: list[ComparedProvision]


class Unreadable(Exception):
    """A policy has errors, so that nobody can say what it means; `errors` is their number."""

    def __init__(self, errors: int) -> None:
        super().__init__(errors)
        self.errors = errors


class Reader:
    """Reads policies, and remembers what it has read."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[tuple[str, bytes], Text | int] = {}

    def read(self, slug: str, data: bytes) -> Text:
        """The policy of this text. Raises Unreadable where there is nothing that could be read."""
        if (slug, data) not in self._known:
            self._known[slug, data] = self._read(slug, data)
        known = self._known[slug, data]
        if isinstance(known, int):
            raise Unreadable(known)
        return known

    def _read(self, slug: str, data: bytes) -> Text | int:
        source, problems = policy_files.read(slug, f"{FOLDER}/{slug}.md", data)
        if source is None:
            return len(problems)
        read = parsed(source, self._settings.counting)
        return Text(source, read.document, sum(problem.level == "error" for problem in [*problems, *read.problems]))


class Versions:
    """The policies of one revision: `texts` are those of the files that differ, the others are asked of `rest`."""

    def __init__(self, reader: Reader, revision: Revision, texts: Mapping[str, bytes], rest: Revision) -> None:
        self.revision = revision
        self.names_now: Mapping[str, str] = {}  # by which links lead to policies that had other names
        self._reader, self._texts, self._rest = reader, dict(texts), rest

    @cached_property
    def slugs(self) -> frozenset[str]:
        """All policies of the revision."""
        paths = (path.removeprefix(f"{FOLDER}/") for path in self.revision.files)
        return frozenset(path.removesuffix(".md") for path in paths if path.endswith(".md") and "/" not in path)

    def data(self, slug: str) -> bytes:
        path = f"{FOLDER}/{slug}.md"
        if path not in self._texts:
            self._texts |= self._rest.texts([path])
        return self._of_today(self._texts[path])

    def all_data(self) -> dict[str, bytes]:
        paths = {slug: f"{FOLDER}/{slug}.md" for slug in self.slugs}
        self._texts |= self._rest.texts([path for path in paths.values() if path not in self._texts])
        return {slug: self._of_today(self._texts[path]) for slug, path in paths.items()}

    def _of_today(self, data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape") if self.names_now else ""
        return links.renamed(text, self.names_now).encode("utf-8", "surrogateescape") if text else data

    def text(self, slug: str) -> Text | None:
        """The policy as far as it can be read, whatever is wrong with it."""
        try:
            return self._reader.read(slug, self.data(slug)) if slug in self.slugs else None
        except Unreadable:
            return None

    def version(self, slug: str) -> Version | None:
        """The policy with all that is in it; None where the revision has no such policy. Raises Unreadable."""
        if slug not in self.slugs:
            return None
        text = self._reader.read(slug, self.data(slug))
        if text.errors:
            raise Unreadable(text.errors)
        others = {slug: self.text(slug) for slug in {reference.slug for reference in text.references}}
        known = {slug: other.destination for slug, other in others.items() if other}
        return Version(text.source.metadata, text.has_marks, provisions(text.printed(known), text.named))
