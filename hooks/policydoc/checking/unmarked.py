"""Turns a policy and its approved version into the first words that no longer agree though no marks show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..history import archive
from ..history.archive import ArchivedVersion, ArchiveError
from ..messages import said
from ..model.document import Document
from ..model.matching import matcher
from ..model.outline import Line, outline
from ..problems import Problem, count_of
from ..source import policy_files
from ..source.numbering import Counting
from ..source.parse import Parsed, parsed
from ..source.policy_files import Source


def departures(now: Source, text: Parsed, folder: Path, counting: Counting) -> Iterator[Problem]:
    """Where a policy, whose text has been read, departs from its approved version; `folder` is policy_src/.

    An approved policy must say what its own version says, a draft what the newest does.
    """
    meta = now.metadata
    if now.faulty or text.errors or meta.status == "withdrawn" or archive.is_closed(folder, now.slug):
        return
    kept = {approved.version: approved for approved in archive.versions(folder, now.slug)}
    newest = next(reversed(kept.values()), None)
    if newest is None:
        if meta.status == "approved":
            yield said("P713", slug=now.slug).at(now.path, now.lines["status"])
    elif meta.status == "draft":
        yield from departure(now, text, newest, counting)
    elif meta.version in kept:
        yield from departure(now, text, kept[meta.version], counting)
    elif not _is_editorial(now):
        fault = said("P712", version=meta.version, newest=newest.version)
        yield fault.at(now.path, now.lines["version"])


def departure(now: Source, text: Parsed, approved: ArchivedVersion, counting: Counting) -> Iterator[Problem]:
    """Where a policy, its amendments rejected, departs from this version.

    An editorial change is declared in the change note, and allowed. What is wrong with the policy or with the kept
    version is said elsewhere.
    """
    if now.faulty or text.errors or _is_editorial(now) or now.sha256 == approved.sha256:
        return
    try:
        then, _ = policy_files.read(now.slug, now.path, approved.text().encode())
    except ArchiveError:
        return
    if then is None:
        return
    before, after = outline(parsed(then, counting).document, "amended"), outline(text.document, "previous")
    places, gone = _differing(before, after)
    if places:
        line, where = _place(text.document, places[0])
        others = len(places) + gone - 1
        more = f" and in {count_of(others, 'other place')}" if others else ""
        is_moved = _words(before) == _words(after)
        fault = said("P714" if is_moved else "P711", more=more, version=approved.version, slug=now.slug)
        yield fault.at(now.path, line, where)


def _is_editorial(now: Source) -> bool:
    return now.metadata.change_note is not None and now.metadata.change_note.editorial


def _differing(before: list[Line], after: list[Line]) -> tuple[list[str], int]:
    """The places that differ, by anchor, and how many more have gone; names may change freely.

    Where words have gone and none have come, it is the place that stands there now.
    """
    old, new = ([(line.text, line.kind, line.spots, line.inside) for line in lines] for lines in (before, after))
    if old == new:
        pairs = zip(before, after, strict=True)
        return list(dict.fromkeys(line.place for was, line in pairs if was.number != line.number)), 0
    places, gone = dict[str, None](), 0
    for tag, first, end, start, stop in matcher(old, new).get_opcodes():
        if tag != "equal":
            come = {line.place: None for line in after[start:stop] or after[start : start + 1] or after[-1:]}
            gone += max(0, len({line.place for line in before[first:end]}) - len(come))
            places |= come
    return list(places), gone


def _words(lines: list[Line]) -> Counter[str]:
    return Counter(word for line in lines for word in line.text.split())


def _place(document: Document, anchor: str) -> tuple[int, str]:
    """The line, and the name for a reader, of the place that had this anchor; of the text if it is none."""
    numbered = ((place, place.previous_number) for place in document.provisions())
    place = next((place for place, number in numbered if number and number.anchor == anchor), None)
    return (place.line, str(place)) if place else (next(document.provisions()).line, "")
