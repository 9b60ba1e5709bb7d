"""Turns the archive of a policy into what an edition publishes of it: each version as a Policy of its own.

No rule that came after a version keeps it from being published. What today's dialect can't read is shown as it was
typed; a picture that is gone as the words that stand for it, a reference to what is gone as its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..history import archive
from ..history.archive import ArchivedVersion, ArchiveError
from ..messages import said
from ..model.document import Block, Document, Image, LineBreak, Run
from ..model.missing import with_missing
from ..model.runs import joined
from ..model.settled import accepted
from ..problems import Problem
from ..settings import Settings
from ..source import images, old_files
from ..source.old_files import OldFile
from ..source.parse import Parsed, parsed
from ..source.policy_files import FOLDER, Source
from . import references, withhold
from .policy import Policy
from .references import Destination

NOT_READ = "The program that made this page can’t read this version’s text. It is shown as it was typed."
# What may be a comment or an internal mark to whoever wrote it:   {>>   <<}   <!--   -->   {==   { .Internal }   %%
_SUSPECT = re.compile(
    r"\{\s{0,9}>|<\s{0,9}\}|<\s{0,9}!|--\s{0,9}>|>>|<<|\{\s{0,9}==|==\s{0,9}\}|%%|\{[^{}\n]*intern[^{}\n]*\}?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class KeptVersion:
    """One version in one edition.

    `policy` is what there is of it, finished; `is_plain` says that its text is shown as it was typed.
    """

    policy: Policy
    is_plain: bool = False

    @property
    def path(self) -> str:
        """The file in the archive, below the project."""
        return self.policy.path

    @property
    def version(self) -> str:
        return self.policy.kept


def kept_versions(
    policies: Mapping[str, Policy], destinations: Mapping[str, Destination], folder: Path, settings: Settings
) -> dict[str, tuple[KeptVersion, ...]]:
    """The versions of these finished policies that their edition may show, by slug, the newest first.

    `folder` is policy_src/, `destinations` are all policies of the edition. A file that was changed since is not there.
    """
    in_force = {slug: _in_force(destination) for slug, destination in destinations.items()}
    return {
        slug: tuple(_versions(policy, in_force, folder, settings))
        for slug, policy in policies.items()
        if policy.versions
    }


def faults(folder: Path, slugs: Iterable[str], settings: Settings) -> Iterator[Problem]:
    """Public versions of these policies that can't be read, and hold what may be meant for staff alone."""
    for slug in slugs:
        for version in archive.versions(folder, slug):
            text = _text(version)
            if not _SUSPECT.search(text.partition("\n---")[2]):  # behind the front matter: most need no reading
                continue
            file, path = _read(version, text)
            source = file.source
            if source and source.metadata.is_public and not _is_read(source, settings):
                lines = enumerate(source.body, source.first)
                signs = ((number, sign) for number, line in lines if (sign := _SUSPECT.search(line)))
                for number, sign in list(signs)[:1]:
                    fault = said("P740", version=version.version, sign=sign[0], file=path.rpartition("/")[2])
                    yield fault.at(path, number)


def _versions(
    policy: Policy, in_force: Mapping[str, Destination], folder: Path, settings: Settings
) -> Iterator[KeptVersion]:
    shown = {row.version: number for number, row in enumerate(policy.versions)}
    public = {row.version for row in policy.versions if row.is_public}
    kept = archive.versions(folder, policy.slug)
    for number, version in reversed(list(enumerate(kept, 1))):
        text = _text(version)
        if version.version in shown and text:
            until_then = replace(policy, versions=policy.versions[shown[version.version] :])
            all_public = all(earlier.version in public for earlier in kept[:number])
            yield _Reader(until_then, all_public, in_force, folder, settings).version(version, text)


class _Reader:
    """Reads a version of a policy that has no later ones; `all_public` says that none up to it is for staff only."""

    def __init__(
        self, policy: Policy, all_public: bool, in_force: Mapping[str, Destination], folder: Path, settings: Settings
    ) -> None:
        self._now, self._all_public, self._in_force = policy, all_public, in_force
        self._folder, self._settings = folder, settings

    def version(self, version: ArchivedVersion, text: str) -> KeptVersion:
        file, path = _read(version, text)
        is_read = file.source is not None and _is_read(file.source, self._settings)
        source = file.source or _stand_in(self._now, version, path, text)
        full = parsed(source, self._settings.counting) if is_read else Parsed(_as_typed(source))
        edition = self._shown(full)
        names = references.targets(edition, edition)
        metadata, inside = source.metadata, source.metadata.internal_only(self._settings.kept_inside)
        referred = {reference.slug for reference in references.references(edition)}
        is_all = file.is_whole and not (full.comments or full.has_internal or inside or source.remarks)
        outside = self._now.edition == "external"
        policy = replace(
            self._now, path=path, sha256=version.sha256, kept=version.version,
            metadata=metadata.public(self._settings.kept_inside) if outside else metadata,
            document=self._finished(edition, Destination(metadata.title, names, True, metadata.scheme.words())),
            shared=metadata.is_public and is_all and referred <= {source.slug} and self._all_public,
            references=(), names=names, withheld=0, problems=(), successor="",
        )  # fmt: skip
        return KeptVersion(policy, not is_read)

    def _shown(self, full: Parsed) -> Document:
        """What the edition shows of the text."""
        withheld = self._now.edition == "external" and (full.has_internal or full.comments)
        edition = with_missing(withhold.withhold(full.document) if withheld else full.document)
        return accepted(edition) if any(run.mark for _, run in edition.runs()) else edition

    def _finished(self, document: Document, own: Destination) -> Document:
        destinations = {**self._in_force, self._now.slug: _in_force(own)}
        reachable = document.with_runs(_Reachable(destinations, self._folder).runs)
        return references.resolved(reachable, destinations, self._now.versions[0].version)


@dataclass(frozen=True)
class _Reachable:
    """Takes away what leads nowhere: the link, not its words; the picture, not the words that stand for it."""

    destinations: Mapping[str, Destination]
    folder: Path

    def runs(self, some: tuple[Run, ...]) -> tuple[Run, ...]:
        changed = tuple(map(self._run, some))
        return some if changed == some else joined(changed)

    def _run(self, run: Run) -> Run:
        if run.link and run.link.slug is not None and not self._leads(run.link.slug, run.link.name):
            run = replace(run, link=None)
        if isinstance(run.thing, Image) and images.fault(self.folder, run.thing.path):
            return replace(run, text=run.thing.alt, thing=None)
        return run

    def _leads(self, slug: str, name: str) -> bool:
        policy = self.destinations.get(slug)
        target = policy.names.get(name) if policy else None
        return bool(policy and policy.published and (not name or (target and not target.withheld)))


def _in_force(policy: Destination) -> Destination:
    """The policy whose places have the one number that a text without marks can print: before any amendments."""
    names = {
        name: replace(target, number=target.previous_number or target.number,
                      previous_number=target.previous_number or target.number)
        for name, target in policy.names.items()
    }  # fmt: skip
    return replace(policy, names=names)


def _text(version: ArchivedVersion) -> str:
    """The text as it was approved; empty where it is not there any more, which `policy check` tells of."""
    try:
        return version.text()
    except ArchiveError:
        return ""


def _read(version: ArchivedVersion, text: str) -> tuple[OldFile, str]:
    """The version's file, and its path below the project."""
    slug = version.path.parent.name
    # Read as if it were the policy's own file: a command that compares the two has read it as that already.
    path = f"{FOLDER}/{archive.FOLDER}/{slug}/{version.path.name}"
    return old_files.read(slug, f"{FOLDER}/{slug}.md", text), path


def _is_read(source: Source, settings: Settings) -> bool:
    text = parsed(source, settings.counting)
    return not (text.unread or text.errors)


def _stand_in(policy: Policy, version: ArchivedVersion, path: str, text: str) -> Source:
    """A source for a file that has no text apart from its front matter: nobody outside sees it."""
    known = {"title": policy.metadata.title, "version": version.version, "status": "approved"}
    metadata = old_files.metadata(known)
    return Source(policy.slug, path, metadata, {}, (), tuple(text.splitlines()), 1, version.sha256)


def _as_typed(source: Source) -> Document:
    """The text line by line, below a line that says so."""
    blocks = [Block("paragraph", (Run(NOT_READ, styles=frozenset({"strong"})),))]
    lines: list[Run] = []
    for number, line in enumerate((*source.body, ""), source.first):
        if line.strip():
            indent = "\u00a0" * (len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()))
            lines += [*([Run("", thing=LineBreak())] if lines else []), Run(indent + line.strip())]
        elif lines:
            blocks.append(Block("paragraph", tuple(lines), line=number))
            lines = []
    return Document(source.slug, tuple(blocks))
