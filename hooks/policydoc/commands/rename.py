"""Turns a policy into the same under another name, with its versions and the links to it: `policy rename`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click

from .. import writing
from ..amending import front_matter_text
from ..amending.drafting import file_name
from ..editions import council, former_names
from ..editions.version_table import approved_versions
from ..editions.withhold import EDITIONS
from ..history import archive
from ..model import addresses
from ..model.document import Run
from ..model.outline import Line, outline
from ..problems import Problem, count_of
from ..settings import Settings
from ..source import links, names, policy_files
from ..source.parse import parsed
from ..source.policy_files import FOLDER, Source
from .approval import NothingDone, listed
from .project import project, site_settings


@click.command()
@click.argument("old", metavar="POLICY")
@click.argument("new", metavar="NAME")
def rename(old: str, new: str) -> None:
    """Rename the file of POLICY to NAME: its address changes, and the old one leads to it for ever.

    Its kept versions move with it, unchanged; links to it in other policies are rewritten.
    """
    root = project()
    before, after = (Path(name).name.removesuffix(".md") for name in (old, new))
    for line in _Renaming(root / FOLDER, site_settings(root), before, after).done():
        click.echo(line)


class _Renaming:
    """A policy on its way to another name. Nothing is written before all is known to be well."""

    def __init__(self, folder: Path, settings: Settings, old: str, new: str) -> None:
        self._folder, self._settings, self._old, self._new = folder, settings, old, new
        self._sources, self._problems = policy_files.read_all(folder)
        sources = {source.slug: source for source in self._sources}
        if old not in sources or sources[old].faulty:
            wrong = [str(problem) for problem in self._problems if problem.path == f"{FOLDER}/{old}.md"]
            raise NothingDone(wrong or [f"there is no policy {FOLDER}/{old}.md."])
        self._source = sources[old]
        self._refuse_name()
        if wrong := list(map(str, archive.faults_of(folder, old))):
            raise NothingDone(wrong)

    def done(self) -> list[str]:
        """Renames it, and says what was done."""
        file, home = self._folder / f"{self._old}.md", self._folder / archive.FOLDER
        texts = self._texts()
        self._prove(texts)
        kept = archive.versions(self._folder, self._old)
        data = {self._folder / f"{slug}.md": text.encode() for slug, text in texts.items()}
        try:
            self._move(file, home, data)
        except OSError as error:
            raise NothingDone([f"{FOLDER}: {error.strerror}. Make it a folder you may write to."]) from None
        others = [f"{FOLDER}/{slug}.md" for slug in texts if slug != self._new]
        lines = [f"Renamed {FOLDER}/{self._old}.md to {FOLDER}/{self._new}.md."]
        if kept:
            versions = count_of(len(kept), "kept version")
            lines.append(f"Moved {versions} to {FOLDER}/{archive.FOLDER}/{self._new}/, unchanged.")
        if others:
            lines.append(f"Changed the links to it in {listed(others)}.")
        known = (
            "Its old address leads to the new one."
            if self._is_known_outside()
            else (
                "Nobody outside has known the old name, and nobody will; inside, the old address leads to the new one."
            )
        )
        there = addresses.page_source(self._old)
        by_hand = [f"{page} still leads to {there}. Change that there." for page in self._pages()]
        return [*lines, known, *by_hand, "Commit all of it together."]

    def _pages(self) -> list[str]:
        """The hand-written pages that lead to the policy."""
        root, address = self._folder.parent, addresses.page_source(self._old)
        pages = (path for path in sorted((root / "docs").rglob("*.md")) if path.is_file())
        return [path.relative_to(root).as_posix() for path in pages if address in path.read_text("utf-8", "replace")]

    def _refuse_name(self) -> None:
        """Raises NothingDone where the policy can't be called so."""
        new = self._new
        if not new or new != file_name(new) or new == "index" or not names.is_storable(f"{new}.md"):
            raise NothingDone([f"{new or 'nothing'} can't be a policy's name. Use small letters, digits and hyphens."])
        taken = [path for path in (self._folder / f"{new}.md", self._folder / archive.FOLDER / new) if path.exists()]
        if taken or new == self._old:
            raise NothingDone([f"{new} is taken already. Give another name."])
        owner = former_names.names_now(self._sources).get(new)
        if owner:
            what = f"{new} was the name of {FOLDER}/{owner}.md, and letters that lead to it mean that policy"
            raise NothingDone([f"{what}. Give another name."])
        if (self._folder / f"{self._old}.md").is_symlink():
            raise NothingDone([f"{FOLDER}/{self._old}.md is a link. Put the policy itself in its place."])

    def _is_known_outside(self) -> bool:
        """Whether readers outside have known the policy by the name that it has until now."""
        metadata = self._source.metadata
        versions = approved_versions(self._source, archive.versions(self._folder, self._old))
        return metadata.is_public or self._old in former_names.known_outside(metadata, self._old, versions)

    def _texts(self) -> dict[str, str]:
        """The new text of the policy, and of all others that lead to it, by their names."""
        now = {self._old: self._new}
        texts: dict[str, str] = {}
        for source in self._sources:
            before = self._text(source)
            text = links.renamed(before, now)
            if source.metadata.replaced_by == self._old:
                text = self._rewritten(source, text, {"replaced_by": self._new})
            if source is self._source:
                text = self._rewritten(source, text, {"formerly": self._formerly()})
            if text != before:
                texts[self._new if source is self._source else source.slug] = text
        return texts

    def _text(self, source: Source) -> str:
        return (self._folder / f"{source.slug}.md").read_bytes().decode("utf-8")

    def _rewritten(self, source: Source, text: str, values: Mapping[str, object]) -> str:
        try:
            return front_matter_text.rewritten(text, values)
        except front_matter_text.FrontMatterError as error:
            raise NothingDone([f"{source.path}: {error}"]) from None

    def _formerly(self) -> object:
        before = self._source.metadata.formerly
        external, internal = (before.external, before.internal) if before else ((), ())
        if self._is_known_outside():
            external = (*external, self._old)
        else:
            internal = (*internal, self._old)
        return {"external": external, "internal": internal} if internal else external

    def _prove(self, texts: Mapping[str, str]) -> None:
        """Raises NothingDone where a policy would say something else than before, or have an error that it hasn't."""
        after: list[Source] = []
        problems: list[Problem] = []
        for source in self._sources:
            slug = self._new if source is self._source else source.slug
            if slug not in texts:
                after.append(source)
                continue
            read, wrong = policy_files.read(slug, f"{FOLDER}/{slug}.md", texts[slug].encode())
            problems += wrong
            if read is None or self._said(read) != self._said(source):
                what = f"a link to {self._old}.md stands in its text where it is no link"
                raise NothingDone([f"{source.path}: {what}. Write it in other words first."])
            after.append(read)
        after.sort(key=lambda source: source.slug)
        before = {problem.text for problem in self._errors(self._sources, self._problems)}
        new = [problem for problem in self._errors(after, problems) if problem.text not in before]
        new = [problem for problem in new if problem.code != "P754"]  # the versions haven't moved yet
        if new:
            raise NothingDone(["This would leave:", *map(str, new)])

    def _errors(self, sources: list[Source], problems: list[Problem]) -> Iterator[Problem]:
        found = dict[Problem, None]()
        for which in EDITIONS:
            gathered = council.gather(sources, problems, self._folder, which, self._settings)
            found.update(dict.fromkeys(gathered.errors))
        yield from found

    def _said(self, source: Source) -> tuple[list[Line], list[Line]]:
        """All that the policy says, with one name for the policy in links to it."""
        document = parsed(source, self._settings.counting).document

        def plain(run: Run) -> Run:
            if run.link is None or run.link.slug not in (self._old, self._new):
                return run
            return replace(run, link=replace(run.link, slug=self._new, address=f"{self._new}.md#{run.link.name}"))

        alike = document.with_runs(lambda some: tuple(map(plain, some)))
        return outline(alike, "amended"), outline(alike, "previous")

    def _move(self, file: Path, top: Path, data: Mapping[Path, bytes]) -> None:
        """Writes all of it, or nothing. Raises OSError."""
        moved = (top / self._old).is_dir()
        if moved:
            (top / self._old).rename(top / self._new)
        try:
            writing.put_all(data)
        except OSError:
            if moved:
                (top / self._new).rename(top / self._old)
            raise
        file.unlink()
