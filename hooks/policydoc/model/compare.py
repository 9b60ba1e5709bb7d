"""Turns two versions of a policy into one document with marks: rejected they leave the older, accepted the newer.

From the outside in: sections are paired with sections, what they hold with what the other holds, at last the words.
What has no partner is deleted or inserted whole; a place that has moved is deleted in one spot and inserted in the
other, and says so. What is internal or withheld in one version alone is never paired with what isn't. A clause of
which nothing is left but "Deleted." is a deleted one that holds its number, as in a draft.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from operator import is_

from . import place_holders, word_marks
from .alignment import align
from .document import (
    CELLS,
    NAMEABLE,
    Block,
    Citation,
    Document,
    Image,
    Mark,
    NoteReference,
    P,
    Part,
    Provision,
    Reading,
    Run,
    Status,
    named_blocks,
    runs,
)
from .moves import Passage, moves
from .number import Number
from .runs import WITHOUT, folded, has_words, plain

# What comes first in these is one of many; in all others it stays the first, however it is worded
_LISTS = frozenset({"list", "steps", "terms"})
_SHORT = frozenset({"cross-heading", "term", "box-title"})


def compare(before: Document, after: Document) -> Document:
    """Both versions in one. They have no marks themselves: those of a draft are `settled` first.

    Numbers are those of `after`, previous numbers those of `before`, which says the lines of what is deleted as well;
    names, comments and looks are those of `after`. Each block says from which reading it is missing. "Deleted.", which
    the newer prints where a clause stood, is no block: what is deleted and has a number is printed so.
    """
    before = beside(before, after)
    opening = _parts(before.opening, after.opening)
    sections = tuple(part for part in _parts(before.sections, after.sections) if isinstance(part, Provision))
    both = Document(after.slug, opening, sections, tuple(_notes(before.notes, after.notes)))
    names = {place.name for place in after.provisions()} | {block.name for _, block in named_blocks(after)}
    return _with_moves(both, names - {None})


# in pairs


def _parts(olds: Sequence[Part], news: Sequence[Part], is_list: bool = True) -> tuple[Part, ...]:
    """What two places or blocks hold, in one."""
    was, now = [_passage(part) for part in olds], [_passage(part) for part in news]
    pairs = align(was, now).pairs
    firsts = [(0, None), (None, 0)]
    if not is_list and all(first in pairs for first in firsts) and was[0].kind == now[0].kind:
        pairs = [(0, 0), *(pair for pair in pairs if pair not in firsts)]
    return tuple(_pair(None if i is None else olds[i], None if j is None else news[j]) for i, j in pairs)


def _pair(old: Part | None, new: Part | None) -> Part:
    if isinstance(old, Provision) and isinstance(new, Provision):
        return _provision(old, new)
    if isinstance(old, Block) and isinstance(new, Block):
        return _block(old, new)
    if new:
        return _whole(new, "inserted")
    assert old and not new  # only parts of one kind are paired
    return _whole(old, "deleted")


def is_amended(old: Provision, new: Provision) -> bool:
    """Whether a place that was the older says other words itself, below it or not."""
    return _provision(old, new).status != "unchanged"


def _provision(old: Provision, new: Provision) -> Provision:
    if place_holders.is_deleted(new) and not place_holders.holds(old):
        return _emptied(old, new)
    heading = word_marks.marked(old.heading, new.heading)
    content = _parts(old.content, new.content, is_list=new.is_heading)
    own = [] if new.is_heading else [part for part in content if isinstance(part, Block)]
    marked = [run for run in heading if run.mark] + [run for block in own for run in runs(block) if run.mark]
    is_amended = any(map(has_words, marked)) or any(block.missing for block in own)
    status: Status = "amended" if is_amended else "unchanged"
    return replace(new, previous_number=old.number, status=status, heading=heading, content=content)


def _emptied(old: Provision, new: Provision) -> Provision:
    """A place that holds its number, and has lost its words; what stands below it has its own fate."""
    rest = new.content if new.is_heading else new.below
    return replace(
        new, previous_number=old.number, status="deleted", name=old.name or new.name,
        heading=word_marks.whole(old.heading, "deleted"), content=_parts(old.content, rest),
    )  # fmt: skip


def _block(old: Block, new: Block) -> Block:
    if new.kind == "row":
        blocks = tuple(_block(a, b) for a, b in zip(old.blocks, new.blocks, strict=True))
    else:
        parts = _parts(old.blocks, new.blocks, is_list=new.kind in _LISTS)
        blocks = tuple(part for part in parts if isinstance(part, Block))
    return replace(new, runs=word_marks.marked(old.runs, new.runs, by_line=new.kind == "code"), blocks=blocks)


def _whole(part: P, mark: Mark) -> P:
    """What is deleted or inserted with all that it holds."""
    if isinstance(part, Block):
        blocks = tuple(_whole(block, mark) for block in part.blocks)
        missing = None if part.kind in CELLS else WITHOUT[mark]
        return replace(part, runs=word_marks.whole(part.runs, mark), blocks=blocks, missing=missing)
    content = tuple(_whole(inner, mark) for inner in part.content)
    heading = word_marks.whole(part.heading, mark)
    if mark == "deleted":
        return replace(part, number=None, previous_number=part.number, status=mark, heading=heading, content=content)
    return replace(part, previous_number=None, status="inserted", heading=heading, content=content)


def _passage(part: Part, reading: Reading = "amended") -> Passage:
    """What a part is recognised by; those of different kinds are never one."""
    if isinstance(part, Provision):
        kind: Hashable = (part.kind, part.internal, part.withheld)
        number = part.previous_number if reading == "previous" else part.number
        gone = part.withheld or place_holders.holds(part, reading)
        return Passage(kind, _words(part, reading), part.name or "", part.is_heading, gone, str(number or ""))
    text = plain([part], reading) or " ".join(run.thing.path for run in runs(part) if isinstance(run.thing, Image))
    return Passage((part.kind, part.internal, _shape(part)), text, short=part.kind in _SHORT)


def _words(part: Part, reading: Reading) -> str:
    if isinstance(part, Block):
        return plain([part], reading)
    lines = [folded(part.heading, reading), *(_words(inner, reading) for inner in part.content)]
    return "\n".join(filter(None, lines))


def _shape(block: Block) -> Hashable:
    """What else two blocks of a kind must have in common to be one: a table's columns can't be marked, say."""
    if block.kind == "table":
        return tuple(len(row.blocks) for row in block.blocks[:1])
    if block.kind == "row":
        return tuple(cell.kind for cell in block.blocks)
    return block.form if block.kind == "box" else None


# moves


def _with_moves(document: Document, names: Set[str | None]) -> Document:
    """The document in which what has moved says from where, and a name stands in one spot only.

    `names` are all those of the newer version.
    """
    places = list(document.provisions())
    moved = dict[str, Number | None]()
    for is_heading in (True, False):
        some = [place for place in places if place.is_heading == is_heading]
        gone = [place for place in some if place.status == "deleted"]
        come = [place for place in some if place.status == "inserted"]
        pairs = moves([_passage(place, "previous") for place in gone], [_passage(place) for place in come])
        moved |= {come[j].anchor: gone[i].previous_number for i, j in pairs.items()}
    opening = tuple(_moved(part, moved, names) for part in document.opening)
    return replace(
        document, opening=opening, sections=tuple(_moved(place, moved, names) for place in document.sections)
    )


def _moved(part: P, moved: Mapping[str, Number | None], names: Set[str | None]) -> P:
    if isinstance(part, Block):
        is_gone = part.missing == "amended" and part.kind in NAMEABLE and part.name in names
        blocks = tuple(_moved(block, moved, names) for block in part.blocks)
        is_same = not is_gone and all(map(is_, blocks, part.blocks))
        return part if is_same else replace(part, name="" if is_gone else part.name, blocks=blocks)
    content = tuple(_moved(inner, moved, names) for inner in part.content)
    if part.status in ("unchanged", "amended") and all(map(is_, content, part.content)):
        return part
    if part.status == "deleted":
        return replace(part, name=None if part.name in names else part.name, content=content)
    come = moved.get(part.anchor) if part.status == "inserted" else None
    return replace(part, moved_from=come, content=content)


def with_links(document: Document) -> Document:
    """The document whose deleted links lead to where it has the place that they led to, and know its new number.

    For its readers: rejected, it would not say any more where they led in the older version.
    """
    anchors = {place.previous_number.anchor: place.anchor for place in document.provisions() if place.previous_number}
    numbers = {place.name: place.number for place in document.provisions() if place.name and place.number}
    named = {place.name for place in document.provisions()}
    named |= {block.name for _, block in named_blocks(document)}

    def lead(run: Run) -> Run:
        if run.mark != "deleted" or not run.link or not run.link.address.startswith("#"):
            return run
        anchor = run.link.address[1:]
        there = anchors.get(anchor, anchor if anchor in named else "")
        thing, number = run.thing, numbers.get(run.link.name)
        if isinstance(thing, Citation) and number and number.citation:
            thing = replace(thing, number=number.citation)
        return replace(run, link=replace(run.link, address=f"#{there}") if there else None, thing=thing)

    return document.with_runs(lambda some: tuple(map(lead, some)) if any(run.mark for run in some) else some)


# footnotes


def beside(before: Document, after: Document) -> Document:
    """The older version with the names that its footnotes have in the newer, and its own apart from the newer's."""
    notes = _names_of_notes(before.notes, after.notes)
    highest = max((run.link.nth for _, run in after.runs() if run.link), default=0)

    def apart(run: Run) -> Run:
        link, thing = run.link, run.thing
        if isinstance(thing, NoteReference):
            thing = NoteReference(notes.get(thing.note, thing.note), f"old-{thing.anchor}")
        if link:
            slug = after.slug if link.slug == before.slug else link.slug
            link = replace(link, slug=slug, nth=highest + link.nth)
        return replace(run, link=link, thing=thing) if link or thing else run

    distinct = before.with_runs(lambda runs: tuple(map(apart, runs)))
    renamed = tuple(replace(note, name=notes[note.name]) for note in distinct.notes)
    return replace(distinct, slug=after.slug, notes=renamed)


def _names_of_notes(before: Sequence[Block], after: Sequence[Block]) -> dict[str, str]:
    """The names of the older footnotes in the newer version, by their words: a name may be a number."""
    was, now = [_passage(note) for note in before], [_passage(note) for note in after]
    alignment = align(was, now)
    pairs = [*alignment.pairs, *alignment.moves.items()]
    same = {i: j for i, j in pairs if i is not None and j is not None and was[i].kind == now[j].kind}
    names = {before[i].name: after[j].name for i, j in same.items()}
    free = {note.name: passage.kind for note, passage in zip(after, now, strict=True)}
    taken = set(free)
    for name in names.values():
        free.pop(name, None)
    for note, passage in zip(before, was, strict=True):
        if note.name not in names:
            name = note.name
            while name in taken and free.get(name) != passage.kind:
                name = f"old-{name}"
            names[note.name] = name
            free.pop(name, None)
            taken.add(name)
    return names


def _notes(olds: Sequence[Block], news: Sequence[Block]) -> Iterator[Block]:
    """The newer footnotes, each with the marks that it has beside the older of its name, then those that are gone."""
    was = {note.name: note for note in olds}
    for note in news:
        yield _block(was.pop(note.name), note) if note.name in was else _whole(note, "inserted")
    yield from (_whole(note, "deleted") for note in was.values())
