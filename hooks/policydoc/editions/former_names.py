"""Turns the former names of policies, which their front matter gives, into today's; and tells of names taken twice.

A letter that leads to policies/dog-policy/ must find the policy for ever. So its name is never given to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..history import archive
from ..messages import said
from ..model.document import Document, Run
from ..problems import Problem
from ..source.front_matter import Metadata
from ..source.policy_files import FOLDER, Source
from .version_table import ApprovedVersion


def names_now(sources: Iterable[Source]) -> dict[str, str]:
    """What each former name is called today."""
    return {name: source.slug for source in sources for name in source.metadata.former_names}


def faults(sources: Sequence[Source]) -> Iterator[Problem]:
    """Former names that are, or were, another policy's, or the policy's own."""
    slugs = {source.slug for source in sources}
    first: dict[str, Source] = {}
    for source in sources:
        for name in source.metadata.former_names:
            owner = first.setdefault(name, source)
            fault = None
            if name in slugs:
                fault = said("P747" if name == source.slug else "P748", name=name)
            elif owner is not source:
                fault = said("P749", name=name, other=owner.path)
            if fault:
                yield fault.at(source.path, source.lines["formerly"])


def stranded(source: Source, folder: Path) -> Iterator[Problem]:
    """Versions of the policy that are still kept under a former name; `folder` is policy_src/."""
    top = f"{FOLDER}/{archive.FOLDER}"
    for name in source.metadata.former_names:
        if (folder / archive.FOLDER / name).is_dir():
            fault = said("P754", here=f"{top}/{name}", there=f"{top}/{source.slug}")
            yield fault.at(source.path, source.lines["formerly"])


def known_outside(metadata: Metadata, slug: str, versions: Iterable[ApprovedVersion]) -> Iterator[str]:
    """The names under which readers outside have known a policy that they can't read any more.

    Of its name today they know if a version of it was public under this name.
    """
    yield from metadata.formerly.external if metadata.formerly else ()
    now = set(metadata.former_names)
    if any(version.is_public and set(version.former_names) == now for version in versions):
        yield slug


def with_names_of_today(document: Document, now: Mapping[str, str]) -> Document:
    """The document whose references to policies, by names that these had, lead to those of today."""

    def renamed(run: Run) -> Run:
        slug = now.get(run.link.slug or "") if run.link else None
        return replace(run, link=replace(run.link, slug=slug)) if run.link and slug else run

    return document.with_runs(lambda some: tuple(map(renamed, some))) if now else document
