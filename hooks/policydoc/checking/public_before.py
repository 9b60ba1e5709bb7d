"""Finds words that a policy keeps inside now, and one of its versions, which stays on the website, lets all read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..editions import withhold
from ..history import archive
from ..history.archive import ArchivedVersion, ArchiveError
from ..history.withheld import withheld
from ..messages import said
from ..model.document import Document
from ..model.outline import DELETED, Line, outline
from ..problems import Problem, count_of
from ..source import old_files
from ..source.numbering import Counting
from ..source.parse import Parsed, parsed
from ..source.policy_files import Source
from . import unmarked


def public_before(now: Source, text: Parsed, folder: Path, counting: Counting) -> Iterator[Problem]:
    """The first such words of a policy, whose text has been read, and the newest version that has them for all.

    `folder` is policy_src/. Of the version that the policy is compared with anyhow (unmarked.py) it is told there.
    """
    if now.faulty or text.errors or not (now.metadata.is_public and text.has_internal):
        return
    public = _texts(withhold.withhold(text.document))
    inside = [line for line in outline(text.document, "amended") if line.text not in public and line.text != DELETED]
    unread = withheld(folder, now.slug)
    kept = archive.versions(folder, now.slug)
    for version in reversed(kept):
        is_told_of = unmarked.compared_with(now, kept) == version
        lines = [] if is_told_of or version.version in unread else _both(inside, version, counting)
        if lines:
            places = {place.anchor: place for place in text.document.provisions()}
            place = places.get(lines[0].place)
            more = f" and in {count_of(len(lines) - 1, 'other place')}" if lines[1:] else ""
            fault = said("P757", more=more, version=version.version, slug=now.slug)
            yield fault.at(now.path, place.line if place else now.first, str(place or ""))
            return


def _both(inside: list[Line], version: ArchivedVersion, counting: Counting) -> list[Line]:
    """Those of these lines that this version lets all read."""
    try:
        source = old_files.read(version.path.parent.name, version.path.name, version.text()).source
    except ArchiveError:  # which is told of elsewhere
        return []
    if source is None or not source.metadata.is_public:
        return []
    public = _texts(withhold.withhold(parsed(source, counting).document))
    return [line for line in inside if line.text in public]


def _texts(document: Document) -> set[str]:
    """The paragraphs, headings and cells of either reading."""
    return {line.text for line in (*outline(document, "amended"), *outline(document, "previous"))} - {""}
