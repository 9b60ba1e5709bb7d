"""Turns a schedule of amendments into lines of a report that a screen can hold, with moves shown as moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..model.amendments import Change
from ..model.moves import Passage, moves

_LONGEST = 160  # characters of a change in a report


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
    for change in changes:
        words = change.words
        if change in moved:
            new = moved[change]
            reworded = "" if new.inserted == change.deleted else f", as “{new.inserted}”"
            words = f"move “{change.deleted}” to {new.where}{reworded}"
        elif change in moved.values():
            continue
        yield f"  {change.where}: {_short(words)}"


def _moves(changes: list[Change]) -> dict[Change, Change]:
    """The deletions of whole places, each with the insertion that says the same, or nearly, in another spot."""
    pairs: dict[Change, Change] = {}
    for kind in dict.fromkeys(change.kind for change in changes):
        gone = [change for change in changes if change.kind == kind and change.deleted]
        come = [change for change in changes if change.kind == kind and change.inserted]
        was = [Passage(kind, change.deleted, short=True) for change in gone]
        now = [Passage(kind, change.inserted, short=True) for change in come]
        pairs |= {gone[i]: come[j] for i, j in moves(was, now).items()}
    return pairs


def _short(words: str) -> str:
    """The change in a line that a screen can hold: the beginning of what is quoted, and its end."""
    if len(words) <= _LONGEST:
        return words
    return f"{words[: _LONGEST // 2].rstrip()} … {words[-_LONGEST // 3 :].lstrip()}"
