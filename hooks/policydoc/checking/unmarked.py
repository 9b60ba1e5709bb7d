"""Turns a policy and its approved version into what no longer agrees though no mark shows it: words, front matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path

from ..editions import version_table
from ..history import archive, kept_pictures
from ..history.archive import ArchivedVersion, ArchiveError
from ..history.withheld import withheld
from ..messages import said
from ..model.document import Document, Image
from ..model.matching import matcher
from ..model.outline import Line, outline
from ..problems import Problem, count_of
from ..source import images, policy_files
from ..source.front_matter import Metadata
from ..source.numbering import Counting
from ..source.parse import Parsed, parsed
from ..source.policy_files import Source

# What a policy is called, who answers for it and who receives it: no mark can show that one of these was changed
_SAID_OF_IT = ("title", "subtitle", "policy_number", "owner", "distribution.internal", "distribution.external",
               "numbering")  # fmt: skip


def departures(
    now: Source, text: Parsed, folder: Path, counting: Counting, names_now: Mapping[str, str]
) -> Iterator[Problem]:
    """Where a policy, whose text has been read, departs from its approved version.

    `folder` is policy_src/, `names_now` what policies are called that had other names.

    An approved policy must say what its own version says, a draft what the newest does; a draft's front matter is that
    of the version to come. An editorial change is declared in the change note, and allowed.
    """
    meta = now.metadata
    if now.faulty or text.errors or archive.is_closed(folder, now.slug):
        return
    kept = {approved.version: approved for approved in archive.versions(folder, now.slug, names_now)}
    newest = next(reversed(kept.values()), None)
    if meta.status == "withdrawn":
        yield from _farewell(now, newest)
    elif newest is None:
        if meta.status == "approved":
            yield said("P713", slug=now.slug).at(now.path, now.lines["status"])
    elif _is_editorial(now):
        return
    elif meta.status == "draft":
        yield from departure(now, text, newest, counting)
        yield from other_editions(now, text, newest, counting)
        yield from _other_pictures(now, text, newest, folder)
    elif meta.version in kept:
        if meta.version in withheld(folder, now.slug):
            yield said("P753", version=meta.version, slug=now.slug).at(now.path, now.lines["version"])
        yield from differences(now, text, kept[meta.version], counting)
        yield from _other_pictures(now, text, kept[meta.version], folder)
    else:
        fault = said("P712", version=meta.version, newest=newest.version)
        yield fault.at(now.path, now.lines["version"])


def compared_with(now: Source, kept: Sequence[ArchivedVersion]) -> ArchivedVersion | None:
    """The version from which `departures` tells of a departure; `kept` are those of the archive, the newest last."""
    if not kept or _is_editorial(now) or now.metadata.status == "withdrawn":
        return None
    own = (version for version in kept if version.version == now.metadata.version)
    return kept[-1] if now.metadata.status == "draft" else next(own, None)


def differences(now: Source, text: Parsed, approved: ArchivedVersion, counting: Counting) -> Iterator[Problem]:
    """All in which a policy, its amendments rejected, is not this version: words, who can read them, front matter."""
    yield from departure(now, text, approved, counting)
    yield from other_editions(now, text, approved, counting)
    yield from _other_front_matter(now, approved)


def departure(now: Source, text: Parsed, approved: ArchivedVersion, counting: Counting) -> Iterator[Problem]:
    """Where the words of a policy, its amendments rejected, depart from those of this version.

    What is wrong with the policy or with the kept version is said elsewhere.
    """
    before, after = _outlines(now, text, approved, counting)
    places, gone = _differing(before, after)
    if places:
        fault = said(
            "P711" if _words(before) != _words(after) else "P717" if _numbered_anew(before, after) else "P714",
            more=_more(len(places) + gone - 1), version=approved.version, slug=now.slug,
        )  # fmt: skip
        yield fault.at(now.path, *_place(text.document, places[0]))


def other_editions(now: Source, text: Parsed, approved: ArchivedVersion, counting: Counting) -> Iterator[Problem]:
    """Where the same words are in another edition than those of this version; no mark can show that."""
    before, after = _outlines(now, text, approved, counting)
    if before == after:
        both = zip(before, after, strict=True)
        places = list(dict.fromkeys(line.place for was, line in both if was.inside != line.inside))
        if places:
            fault = said("P716", more=_more(len(places) - 1), version=approved.version, slug=now.slug)
            yield fault.at(now.path, *_place(text.document, places[0]))


def _outlines(
    now: Source, text: Parsed, approved: ArchivedVersion, counting: Counting
) -> tuple[list[Line], list[Line]]:
    """What this version said and what the policy says without its amendments; names may change freely."""
    then = None if text.errors else _then(now, approved)
    if then is None:
        return [], []
    both = outline(parsed(then, counting).document, "amended"), outline(text.document, "previous")
    before, after = ([replace(line, name="") for line in lines] for lines in both)
    return before, after


def _other_front_matter(now: Source, approved: ArchivedVersion) -> Iterator[Problem]:
    then = _then(now, approved)
    for key in _SAID_OF_IT if then and not then.faulty else ():
        was, value = (_value(source.metadata, key) for source in (then, now) if source)
        if was != value:
            fault = said("P715", key=key, was=f"“{was}”" if was else "nothing", version=approved.version, slug=now.slug)
            line = next(now.lines[name] for name in (key, key.partition(".")[0], "title") if name in now.lines)
            yield fault.at(now.path, line)


def _other_pictures(now: Source, text: Parsed, approved: ArchivedVersion, folder: Path) -> Iterator[Problem]:
    """Pictures whose files are not those that this version was approved with, though their names are."""
    replaced = kept_pictures.replaced(folder, now.slug, approved.version, images.files(text.document))
    for owner, run in text.document.runs():
        if isinstance(run.thing, Image) and run.thing.path in replaced:
            fault = said("P745", image=run.thing.path, version=approved.version)
            yield fault.at(now.path, run.thing.line, str(owner or ""))


def _farewell(now: Source, newest: ArchivedVersion | None) -> Iterator[Problem]:
    """What a policy that was approved once, and is withdrawn, doesn't say of its end."""
    meta, then = now.metadata, newest and version_table.metadata_of(newest)
    if then:
        is_reason = meta.change_note and meta.change_note != then.change_note
        lacks = [*([] if meta.withdrawn_on else ["since when"]), *([] if is_reason else ["why"])]
        if lacks:
            yield said("P756", lacks=" and ".join(lacks)).at(now.path, now.lines["status"])


def _value(metadata: Metadata, key: str) -> str:
    value = reduce(getattr, key.split("."), metadata)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _then(now: Source, approved: ArchivedVersion) -> Source | None:
    """The version as it was approved; None where it can't be read, or is the policy byte for byte."""
    if now.faulty or now.sha256 == approved.sha256:
        return None
    try:
        return policy_files.read(now.slug, now.path, approved.text_of_today().encode())[0]
    except ArchiveError:
        return None


def _is_editorial(now: Source) -> bool:
    return now.metadata.change_note is not None and now.metadata.change_note.editorial


def _differing(before: list[Line], after: list[Line]) -> tuple[list[str], int]:
    """The places that differ, by anchor, and how many more have gone.

    Where words have gone and none have come, it is the place that stands there now.
    """
    old, new = ([(line.text, line.kind, line.spots) for line in lines] for lines in (before, after))
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


def _more(others: int) -> str:
    return f" and in {count_of(others, 'other place')}" if others else ""


def _words(lines: list[Line]) -> Counter[str]:
    return Counter(word for line in lines for word in line.text.split())


def _numbered_anew(before: list[Line], after: list[Line]) -> bool:
    """Whether both say the same in the same spots, under other numbers."""
    return len(before) == len(after) and all(
        replace(was, number=line.number) == line for was, line in zip(before, after, strict=True)
    )


def _place(document: Document, anchor: str) -> tuple[int, str]:
    """The line, and the name for a reader, of the place that had this anchor; of the text if it is none."""
    numbered = ((place, place.previous_number) for place in document.provisions())
    place = next((place for place, number in numbered if number and number.anchor == anchor), None)
    return (place.line, str(place)) if place else (next(document.provisions()).line, "")
