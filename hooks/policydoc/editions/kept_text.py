"""Reads the text of one kept version for an edition: no rule that came after it keeps it from being published.

What today's dialect can't read is shown as it was typed; a picture that is gone as the words that stand for it, a
reference to what is gone as its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..history import archive
from ..history.archive import ArchivedVersion, ArchiveError
from ..history.kept_pictures import KeptPictures
from ..history.withheld import withheld
from ..messages import said
from ..model.document import Block, Document, Image, LineBreak, Run
from ..model.missing import with_missing
from ..model.runs import joined
from ..model.settled import accepted
from ..problems import Problem
from ..settings import Settings
from ..source import images, old_files
from ..source.parse import Parsed, parsed
from ..source.policy_files import FOLDER, Source
from . import references, withhold
from .former_names import with_names_of_today
from .policy import Policy
from .references import Destination

NOT_READ = "The program that made this page can’t read this version’s text. It is shown as it was typed."
# What may be a comment or an internal mark to whoever wrote it:   {>>   <<}   <!--   -->   {==   { .Internal }   %%
_SUSPECT = re.compile(
    r"\{\s{0,9}>|<\s{0,9}\}|<\s{0,9}!|--\s{0,9}>|>>|<<|\{\s{0,9}==|==\s{0,9}\}|%%|\{[^{}\n]*intern[^{}\n]*\}?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class KeptText:
    """A version's text, and what an edition shows of it, its references not yet resolved.

    `own` is what references into it need to know. `is_plain` says that the text is shown as it was typed, `is_whole`
    that the edition shows everything of the file.
    """

    source: Source
    shown: Document
    own: Destination
    is_plain: bool
    is_whole: bool

    @property
    def refers_to(self) -> set[str]:
        """The policies that it refers to, by slug."""
        return {reference.slug for reference in references.references(self.shown)}


def kept_text(
    version: ArchivedVersion, text: str, policy: Policy, settings: Settings, names_now: Mapping[str, str]
) -> KeptText:
    """The version with this text, of a policy of the edition that the version is read for.

    `names_now` is what policies are called that had other names: by those the text refers to them.
    """
    file = old_files.read(policy.slug, f"{FOLDER}/{policy.slug}.md", text)
    source = file.source or _stand_in(policy, version, text)
    is_read = file.source is not None and _is_read(file.source, settings)
    full = parsed(source, settings.counting) if is_read else Parsed(_as_typed(source))
    has_remarks = bool(full.comments or full.has_internal)
    shown = with_missing(
        withhold.withhold(full.document) if policy.edition == "external" and has_remarks else full.document
    )
    if any(run.mark for _, run in shown.runs()):
        shown = accepted(shown)
    shown = with_names_of_today(shown, names_now)
    inside = source.metadata.internal_only(settings.kept_inside)
    metadata = source.metadata
    own = Destination(metadata.title, references.targets(shown, shown), True, metadata.scheme.words())
    return KeptText(source, shown, own, not is_read, file.is_whole and not (has_remarks or inside or source.remarks))


def finished(
    text: KeptText, version: str, leads_to: Callable[[str], Destination | None], pictures: KeptPictures
) -> Document:
    """What the edition shows, with the one number that a text without marks can print for what it refers to.

    `leads_to` gives, for a policy's slug, what a reference to it leads to; `pictures` are those that are kept.
    """
    known = {slug: destination for slug in text.refers_to if (destination := leads_to(slug))}
    known = {slug: without_marks(destination) for slug, destination in {**known, text.source.slug: text.own}.items()}
    shown = pictures.in_place(text.shown, version).with_runs(_Reachable(known, pictures.folder).runs)
    return references.resolved(shown, known, version)


def without_marks(policy: Destination) -> Destination:
    """The policy whose places have the one number that a text without marks can print: before any amendments."""
    names = {
        name: replace(target, number=target.previous_number or target.number,
                      previous_number=target.previous_number or target.number)
        for name, target in policy.names.items()
    }  # fmt: skip
    return replace(policy, names=names)


def text_of(version: ArchivedVersion) -> str:
    """The text as it was approved; empty where it is not there any more, which `policy check` tells of."""
    try:
        return version.text()
    except ArchiveError:
        return ""


def path_of(version: ArchivedVersion) -> str:
    """The version's file, below the project."""
    return f"{FOLDER}/{archive.FOLDER}/{version.path.parent.name}/{version.path.name}"


# Gives the answer that reading this text gives
Remembered = Callable[[bytes, Callable[[], bool]], bool]


def faults(
    folder: Path, slugs: Iterable[str], settings: Settings, remembered: Remembered = lambda text, ask: ask()
) -> Iterator[Problem]:
    """Public versions of these policies that can't be read, and hold what may be meant for staff alone.

    `remembered` asks whether a text can be read, or knows from an earlier time.
    """
    for slug in slugs:
        unread = withheld(folder, slug)
        for version in archive.versions(folder, slug):
            text = "" if version.version in unread else text_of(version)
            if not _SUSPECT.search(text.partition("\n---")[2]):  # behind the front matter: most need no reading
                continue
            source = old_files.read(slug, f"{FOLDER}/{slug}.md", text).source
            if not source or not source.metadata.is_public:
                continue
            if not remembered(text.encode(), partial(_is_read, source, settings)):
                lines = enumerate(source.body, source.first)
                sign = next(((number, sign[0]) for number, line in lines if (sign := _SUSPECT.search(line))), None)
                if sign:
                    fault = said("P740", version=version.version, sign=sign[1], file=version.path.name)
                    yield fault.at(path_of(version), sign[0])


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


def _is_read(source: Source, settings: Settings) -> bool:
    text = parsed(source, settings.counting)
    return not (text.unread or text.errors)


def _stand_in(policy: Policy, version: ArchivedVersion, text: str) -> Source:
    """A source for a file that has no text apart from its front matter: nobody outside sees it."""
    known = {"title": policy.metadata.title, "version": version.version, "status": "approved"}
    metadata = old_files.metadata(known)
    return Source(policy.slug, path_of(version), metadata, {}, (), tuple(text.splitlines()), 1, version.sha256)


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
