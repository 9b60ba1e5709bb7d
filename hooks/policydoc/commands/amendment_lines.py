"""Turns a schedule of amendments into lines of a report that a screen can hold, with all that moves shown as moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..amending.decide import named
from ..model.moves import Passage, moves
from ..model.schedule import Change

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
    """The amendments by number, a line each; a block that is deleted in one spot and inserted in another has moved."""
    changes = [amendment.change for amendment in amendments]
    moved = _moves([change for change in changes if change.whole])
    for change in changes:
        if change in moved:
            new = moved[change]
            yield f"  {named((change.number, new.number))}, {change.location}: {_move(change, new)}"
        elif change not in moved.values():
            yield f"  A{change.number}, {change.location}: {change.quoting(_short)}"


def _move(old: Change, new: Change) -> str:
    where = "another spot there" if new.place == old.place else new.location
    reworded = "" if new.inserted == old.deleted else f", as “{_short(new.inserted)}”"
    return f"move “{_short(old.deleted)}” to {where}{reworded}"


def _moves(changes: list[Change]) -> dict[Change, Change]:
    """The deletions of whole blocks, each with the insertion that says the same, or nearly, in another spot."""
    pairs: dict[Change, Change] = {}
    for kind in dict.fromkeys(change.kind for change in changes):
        gone = [change for change in changes if change.kind == kind and change.deed == "delete"]
        come = [change for change in changes if change.kind == kind and change.deed == "insert"]
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
