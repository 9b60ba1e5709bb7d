"""Says of each block from which reading it is missing, as none of its words is in that.

A block that is deleted as a whole goes from the amended reading, with its bullet, row or frame. An emptied cell stays,
or those behind it would stand below the wrong headings; so does an emptied term or meaning with no other beside it.
Sections and clauses have a status instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .document import CELLS, Block, BlockKind, Document, Mark, NoteReference, Part, Provision, Reading, owned_blocks
from .runs import WITHOUT, is_marked, marks_of

# What stays when it is emptied: what stands behind it would move into its place
STAYS: frozenset[BlockKind] = CELLS | {"term", "meaning"}


def with_missing(document: Document) -> Document:
    """The document whose blocks say what they are missing from."""
    if not any(run.mark for _, run in document.runs()):
        return document
    return Document(
        document.slug,
        _content(document.opening),
        tuple(map(_provision, document.sections)),
        _notes(document),
    )


def groups(terms: Block) -> list[list[Block]]:
    """The terms of a list of definitions, each with the others that share its meanings, and these."""
    sharing: list[list[Block]] = []
    for block in terms.blocks:
        if not sharing or (block.kind == "term" and sharing[-1][-1].kind == "meaning"):
            sharing.append([])
        sharing[-1].append(block)
    return sharing


def _provision(provision: Provision) -> Provision:
    if not any(is_marked(block) for _, block in owned_blocks(provision.content)):
        return provision
    content = _content(provision.content)
    if not provision.is_heading and content and isinstance(content[0], Block):
        content = (replace(content[0], missing=None), *content[1:])  # it will hold the number
    return replace(provision, content=content)


def _content(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(_provision(part) if isinstance(part, Provision) else _block(part)[0] for part in parts)


def _block(block: Block) -> tuple[Block, set[Mark]]:
    """The block, and the marks that its words stand in."""
    if not block.blocks:
        marks = set(marks_of(block))
        return _said(block, marks), marks
    inner, marks = _terms(block) if block.kind == "terms" else _within(block)
    return _said(replace(block, blocks=inner), marks), marks


def _within(block: Block) -> tuple[tuple[Block, ...], set[Mark]]:
    parts = [_block(inner) for inner in block.blocks]
    own = own_blocks(block)
    marks = (marks for inner, (_, marks) in zip(block.blocks, parts, strict=True) if inner in own)
    return tuple(inner for inner, _ in parts), set[Mark]().union(*marks)


def _said(block: Block, marks: set[Mark]) -> Block:
    reading = _reading(marks)
    return replace(block, missing=reading) if reading and block.kind not in STAYS else block


def _reading(marks: set[Mark]) -> Reading | None:
    return WITHOUT.get(next(iter(marks))) if len(marks) == 1 else None


def own_blocks(block: Block) -> tuple[Block, ...]:
    """What stands in a block, without a box's title that is not its author's, but the name of its kind."""
    first = block.blocks[0]
    is_name = first.kind == "box-title" and "".join(run.text for run in first.runs) == (
        block.form.rpartition(" ")[2].capitalize()
    )
    return block.blocks[1:] if is_name else block.blocks


def _terms(block: Block) -> tuple[tuple[Block, ...], set[Mark]]:
    """Terms and their meanings. One of each stays, unless all of them go."""
    done: list[Block] = []
    all_marks = set[Mark]()
    for group in groups(block):
        parts = [_block(inner) for inner in group]
        whole = set[Mark]().union(*(marks for _, marks in parts))
        all_marks |= whole
        reading = _reading(whole)
        if reading:
            done += (replace(inner, missing=reading) for inner, _ in parts)
            continue
        emptied = {kind: _emptied(kind, parts) for kind in ("term", "meaning")}
        done += (
            replace(inner, missing=_reading(marks)) if number in emptied[inner.kind] else inner
            for number, (inner, marks) in enumerate(parts)
        )
    return tuple(done), all_marks


def _emptied(kind: str, parts: list[tuple[Block, set[Mark]]]) -> set[int]:
    """Which of the terms, or of the meanings, of a group are missing from a reading; never the last that it has."""
    alike = [(number, marks) for number, (inner, marks) in enumerate(parts) if inner.kind == kind]
    gone = set[int]()
    for mark in WITHOUT:
        emptied = [number for number, marks in alike if marks == {mark}]
        gone.update(emptied[:-1] if len(emptied) == len(alike) else emptied)
    return gone


def _notes(document: Document) -> tuple[Block, ...]:
    """A note goes with the references to it."""
    references: dict[str, set[Mark]] = {}
    for _, run in document.runs():
        if isinstance(run.thing, NoteReference):
            references.setdefault(run.thing.note, set()).add(run.mark)
    notes: list[Block] = []
    for note in document.notes:
        marks = references.get(note.name, set())
        # Its own words say it of their blocks, and of the whole only if no reference does.
        block = _block(note)[0]
        notes.append(replace(block, missing=_reading(marks) or block.missing))
    return tuple(notes)


def all_missing(blocks: Iterable[Block]) -> Reading | None:
    """The reading that all of these blocks are missing from, if there is one."""
    readings = {block.missing for block in blocks}
    return readings.pop() if len(readings) == 1 else None
