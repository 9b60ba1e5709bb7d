"""Turns a policy and its approved version into the first words that no longer agree though no marks show it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from .. import archive, source
from ..archive import ArchiveError, Kept
from ..dialect import Dialect
from ..messages import said
from ..outline import Line, outline
from ..problems import Problem, count_of
from ..source import Source
from ..walked import Walked, walked


def departures(now: Source, it: Walked, folder: Path, dialect: Dialect, close_up: bool) -> Iterator[Problem]:
    """Where a policy departs from its approved version; `folder` is policy_src/.

    An approved policy must say what its own version says, a draft what the newest does. The tree stays as it is.
    """
    meta = now.metadata
    if now.faulty or it.errors or meta.status == "withdrawn":
        return
    kept = {each.version: each for each in archive.versions(folder, now.slug)}
    newest = next(reversed(kept.values()), None)
    if newest is None:
        if meta.status == "approved":
            yield said("P713", slug=now.slug).at(now.path, now.lines["status"])
    elif meta.status == "draft":
        yield from departure(now, it, newest, dialect, close_up)
    elif meta.version in kept:
        yield from departure(now, it, kept[meta.version], dialect, close_up)
    elif not _is_editorial(now):
        fault = said("P712", version=meta.version, newest=newest.version)
        yield fault.at(now.path, now.lines["version"])


def departure(now: Source, it: Walked, approved: Kept, dialect: Dialect, close_up: bool) -> Iterator[Problem]:
    """Where a policy, its amendments rejected, departs from this version.

    An editorial change is declared in the change note, and allowed. What is wrong with the policy or with the kept
    version is said elsewhere.
    """
    if now.faulty or it.errors or _is_editorial(now) or now.sha256 == approved.sha256:
        return
    try:
        then, _ = source.read(now.slug, now.path, approved.text().encode())
    except ArchiveError:
        return
    if then is None:
        return
    is_same = (then.body, then.first) == (now.body, now.first)  # and the front matter alone differs
    approved_text = it if is_same else walked(then, dialect, close_up)
    before, after = outline(approved_text, "amended"), outline(it, "previous")
    differing = _differences(before, after)
    if differing:
        line, where = _place(it, after, differing[0][0])
        others = sum(count for _, count in differing) - 1
        more = f" and in {count_of(others, 'other place')}" if others else ""
        yield said("P711", more=more, version=approved.version, slug=now.slug).at(now.path, line, where)


def _is_editorial(now: Source) -> bool:
    return now.metadata.change_note is not None and now.metadata.change_note.editorial


def _differences(before: list[Line], after: list[Line]) -> list[tuple[int, int]]:
    """The index in `after` of each stretch that differs, and how many lines it has; names may change freely."""
    old, new = ([(line.text, line.links) for line in lines] for lines in (before, after))
    if old == new:
        pairs = enumerate(zip(before, after, strict=True))
        return [(n, 1) for n, (was, line) in pairs if was.number != line.number]
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(start, max(end - first, stop - start)) for tag, first, end, start, stop in steps if tag != "equal"]


def _place(it: Walked, lines: list[Line], index: int) -> tuple[int, str]:
    """The line, and the name for a reader, of the place that this line of the outline is in or stands below."""
    places = {place.previous_number: place for place in it.walk.places if place.previous_number}
    number = next((line.number for line in reversed(lines[: index + 1]) if line.number), "")
    return (places[number].line, str(places[number])) if number in places else (it.walk.places[0].line, "")
