"""Turns a document into one of its readings: what it says once every amendment is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .document import Block, Citation, Comment, Document, Part, Provision, Run
from .missing import STAYS
from .outline import DELETED
from .runs import has_words

_GONE = Block("paragraph", (Run(DELETED),))


def amended(document: Document) -> Document:
    """The document as amended, without marks and comments; its blocks say already what they are missing from.

    A deleted place stays as "4.6 Deleted.", unless its number is gone as well: then the clauses below it that stay
    move up into its place.
    """
    sections = tuple(kept for section in document.sections for kept in _section(section))
    return replace(document, opening=_content(document.opening), sections=sections, notes=_blocks(document.notes))


def _section(section: Provision) -> Iterator[Provision]:
    content = _content(section.content)
    if section.status != "deleted":
        yield replace(section, heading=_runs(section.heading), content=content)
    elif section.number:
        yield replace(section, heading=_GONE.runs, content=content)
    elif content:
        yield replace(section, heading=(), content=content)


def _content(parts: Iterable[Part]) -> tuple[Part, ...]:
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, Provision):
            kept += _section(part) if part.is_heading else _clause(part)
        else:
            kept += _blocks((part,))
    return tuple(kept)


def _clause(clause: Provision) -> tuple[Provision, ...]:
    content = _content(clause.content)
    if clause.status != "deleted":
        return (replace(clause, content=content),)
    below = tuple(part for part in content if isinstance(part, Provision))
    return (replace(clause, content=(_GONE, *below)),) if clause.number else below


def _blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """What is left of these blocks; one that has lost all its words goes with them."""
    left = ((block, replace(block, runs=_runs(block.runs), blocks=_blocks(block.blocks))) for block in blocks)
    return tuple(
        new for old, new in left if old.missing != "amended" and (old.kind in STAYS or _says(new) or not _says(old))
    )


def _says(block: Block) -> bool:
    return bool(block.blocks) or any(has_words(run) or isinstance(run.thing, Comment) for run in block.runs)


def _runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    return tuple(_accepted(run) for run in runs if run.mark != "deleted" and not isinstance(run.thing, Comment))


def _accepted(run: Run) -> Run:
    """The run without its mark; a reference has one number, as words."""
    if isinstance(run.thing, Citation):
        run = replace(run, text=run.thing.words("amended"), thing=None)
    return replace(run, mark="", styles=run.styles - {"commented"}) if run.mark or run.styles else run
