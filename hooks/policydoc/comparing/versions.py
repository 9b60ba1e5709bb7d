"""Turns the files of a revision into versions of policies, read with the library, each text only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..editions.references import Destination, Reference, take_out
from ..editions.ties import targets
from ..history.git import Revision
from ..settings import Settings
from ..source import policy_files
from ..source.again import Remembering
from ..source.front_matter import Metadata
from ..source.parse import Walked, walked
from ..source.policy_files import FOLDER, Source
from .provision import Provision
from .provisions import provisions


@dataclass(frozen=True)
class Text:
    """A policy as its text alone tells it; `errors` counts what is wrong in it."""

    source: Source
    walked: Walked
    references: list[Reference]
    errors: int

    @cached_property
    def destination(self) -> Destination:
        return Destination(self.source.metadata.title, targets(self.walked.walk.places, self.walked.walk.places))

    @property
    def has_marks(self) -> bool:
        return any(next(self.walked.tree.iter(mark), None) is not None for mark in ("del", "ins"))

    @property
    def images(self) -> set[str]:
        """Their files, as paths below policy_src/."""
        return {image.get("src", "") for image in self.walked.tree.iter("img")}


@dataclass(frozen=True)
class Version:
    """One policy at one revision, and its provisions."""

    metadata: Metadata
    has_marks: bool
    provisions: list[Provision]


class Unreadable(Exception):
    """A policy has errors, so that nobody can say what it means; `errors` is their number."""

    def __init__(self, errors: int) -> None:
        super().__init__(errors)
        self.errors = errors


class Reader:
    """Reads policies, and remembers what it has read."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._dialect = settings, Remembering()
        self._known: dict[tuple[str, bytes], Text | int] = {}

    def read(self, slug: str, data: bytes) -> Text:
        """The policy of this text. Raises Unreadable where there is nothing that could be read."""
        if (slug, data) not in self._known:
            self._known[slug, data] = self._read(slug, data)
        found = self._known[slug, data]
        if isinstance(found, int):
            raise Unreadable(found)
        return found

    def _read(self, slug: str, data: bytes) -> Text | int:
        found, problems = policy_files.read(slug, f"{FOLDER}/{slug}.md", data)
        if found is None:
            return len(problems)
        it = walked(found, self._dialect, self._settings.close_up)
        for link in it.tree.iter("a"):
            if "footnote-backref" in link.get("class", ""):
                link.text = None  # the way back is no word of the footnote
        errors = sum(problem.level == "error" for problem in [*problems, *it.problems])
        return Text(found, it, take_out(slug, it.walk.words.links), errors)


class Versions:
    """The policies of one revision: `texts` are those of the files that differ, the others are asked of `rest`."""

    def __init__(self, reader: Reader, revision: Revision, texts: Mapping[str, bytes], rest: Revision) -> None:
        self.revision = revision
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
        return self._texts[path]

    def all_data(self) -> dict[str, bytes]:
        paths = {slug: f"{FOLDER}/{slug}.md" for slug in self.slugs}
        self._texts |= self._rest.texts([path for path in paths.values() if path not in self._texts])
        return {slug: self._texts[path] for slug, path in paths.items()}

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
        others = {slug: self.text(slug) for slug in {each.slug for each in text.references}}
        known = {slug: other.destination for slug, other in others.items() if other}
        found = provisions(text.source, text.walked, text.references, known)
        return Version(text.source.metadata, text.has_marks, found)
