"""Turns a schedule of amendments into lines of a report that a screen can hold, with moves shown as moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ..model.document import Document, NoteReference, Provision, Run
from ..model.moves import Passage, moves
from ..model.schedule import Change

_CELL = "table cell"
_MANY = 12  # cells of which only the first and the last are quoted
_LONGEST = 100  # characters of a quotation in a report


@dataclass(frozen=True)
class Amendment:
    """A change as its readers see it, and as it was typed: without the numbers of what it refers to."""

    change: Change
    typed: Change

    @property
    def words(self) -> tuple[str, str, str]:
        """What it changes, whatever becomes of the numbers and places in other amendments."""
        return self.typed.kind, self.typed.deleted, self.typed.inserted


def resolved(before: Iterable[Amendment], after: Iterable[Amendment], places: Collection[str]) -> Iterator[Amendment]:
    """What is among the amendments before and not after, in these places; opening words are in none."""
    before = list(before)
    gone = Counter(amendment.words for amendment in before) - Counter(amendment.words for amendment in after)
    for amendment in before:
        place = amendment.change.id
        if gone[amendment.words] and (not places or not place or place in places):
            gone[amendment.words] -= 1
            yield amendment


def amendment_lines(amendments: Iterable[Amendment]) -> Iterator[str]:
    """The amendments, a line each; what is deleted in one spot and inserted in another has moved."""
    changes = [amendment.change for amendment in amendments]
    moved = _moves([change for change in changes if change.whole])
    for (is_cell, _), group in groupby(changes, lambda change: _row(change) or (False, id(change))):
        first, *others = group
        if is_cell and others:
            words = [f"“{_short(cell.deleted or cell.inserted)}”" for cell in (first, *others)]
            cells = ", ".join(words) if len(words) < _MANY else f"{words[0]} to {words[-1]}"
            yield f"  {first.where}: {'delete' if first.deleted else 'insert'} the table cells {cells}"
        elif first in moved:
            yield f"  {first.where}: {_move(first, moved[first])}"
        elif first not in moved.values():
            yield f"  {first.where}: {_words(first)}"


def note_lines(document: Document) -> Iterator[str]:
    """The footnotes' signs that are amended by themselves, a line each: they have no words to quote."""
    nothing: tuple[Provision | None, Run] = (None, Run(""))
    for (before, last), (place, run) in pairwise([nothing, *document.runs()]):
        goes_with_words = before is place and last.mark == run.mark
        if run.mark and isinstance(run.thing, NoteReference) and not goes_with_words:
            verb = "insert" if run.mark == "inserted" else "delete"
            where = place.known_by if place else "unnumbered text"
            yield f"  {where}: {verb} the sign of a footnote, [^{run.thing.note}]"


def _row(change: Change) -> tuple[bool, object] | None:
    """What cells have in common that are inserted or deleted side by side; None where it is no cell."""
    return (True, (change.where, not change.deleted)) if change.whole and change.kind == _CELL else None


def _words(change: Change) -> str:
    if change.deleted and change.deleted == change.inserted:
        return f"the formatting or the link of “{_short(change.deleted)}” changes"
    return replace(change, deleted=_short(change.deleted), inserted=_short(change.inserted)).words


def _move(old: Change, new: Change) -> str:
    where = "another spot there" if new.where == old.where else new.where
    reworded = "" if new.inserted == old.deleted else f", as “{_short(new.inserted)}”"
    return f"move “{_short(old.deleted)}” to {where}{reworded}"


def _moves(changes: list[Change]) -> dict[Change, Change]:
    """The deletions of whole places, each with the insertion that says the same, or nearly, in another spot."""
    pairs: dict[Change, Change] = {}
    for kind in dict.fromkeys(change.kind for change in changes if change.kind != _CELL):  # that is a part of a row
        gone = [change for change in changes if change.kind == kind and change.deleted]
        come = [change for change in changes if change.kind == kind and change.inserted]
        was = [Passage(kind, change.deleted, short=True) for change in gone]
        now = [Passage(kind, change.inserted, short=True) for change in come]
        pairs |= {gone[i]: come[j] for i, j in moves(was, now).items()}
    return pairs


def _short(words: str) -> str:
    """What is quoted in a line that a screen can hold: its beginning and its end."""
    if len(words) <= _LONGEST:
        return words
    first, last = words[: _LONGEST // 2], words[-_LONGEST // 3 :]
    return f"{first.rpartition(' ')[0] or first} … {last.partition(' ')[2] or last}"
