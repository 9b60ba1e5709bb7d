"""Turns a policy and its approved version into the first words that no longer agree though no marks show it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from .. import archive, source
from ..dialect import Dialect
from ..messages import said
from ..outline import Line, outline
from ..problems import Problem, count_of
from ..source import Source
from ..walked import Walked, walked


def departures(now: Source, it: Walked, folder: Path, dialect: Dialect, close_up: bool) -> Iterator[Problem]:
    """Where a policy, its amendments rejected, departs from its approved version; `folder` is policy_src/.

    An approved policy must say what its own version says, a draft what the newest does. An editorial change is declared
    in the change note, and allowed. The tree stays as it is.
    """
    kept = {each.version: each for each in archive.versions(folder, now.slug)}
    newest = archive.latest(folder, now.slug)
    meta = now.metadata
    declared = meta.change_note is not None and meta.change_note.editorial
    if newest is None or declared or meta.status == "withdrawn" or now.faulty or it.errors:
        return
    if meta.status == "approved" and meta.version not in kept:
        fault = said("P712", version=meta.version, newest=newest.version)
        yield fault.at(now.path, now.lines["version"])
        return
    approved = kept[meta.version] if meta.status == "approved" else newest
    data = approved.path.read_bytes() if approved.path.is_file() else b""
    if now.sha256 == approved.sha256 or sha256(data).hexdigest() != approved.sha256:  # `archive.faults` says the latter
        return
    then, _ = source.read(now.slug, now.path, data)
    if then is None:
        return
    before, after = outline(walked(then, dialect, close_up), "amended"), outline(it, "previous")
    differing = _differences(before, after)
    if differing:
        line, where = _place(it, after, differing[0][0])
        others = sum(count for _, count in differing) - 1
        more = f" and in {count_of(others, 'other place')}" if others else ""
        yield said("P711", more=more, version=approved.version, slug=now.slug).at(now.path, line, where)


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
