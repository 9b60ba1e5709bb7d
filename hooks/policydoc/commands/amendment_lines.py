"""Turns a schedule of amendments into lines of a report that a screen can hold, with moves told as moves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..model.alignment import MOVED, likeness
from ..model.amendments import Change

Schedule = Sequence[tuple[Change, str]]
_LONGEST = 160  # characters of a change in a report
# What stands for a reference until all policies are counted; it isn't the same once a change before it is settled
_REFERENCE = re.compile("[\U00100000-\U0010ffff]")


def settled(before: Schedule, after: Schedule, places: set[str]) -> Iterator[tuple[Change, str]]:
    """What is in the schedule before and not after, in these places; opening words are in none."""
    left = Counter(_what(change) for change, _ in after)
    gone = Counter(_what(change) for change, _ in before) - left
    for change, words in before:
        if gone[_what(change)] and (not places or not change.id or change.id in places):
            gone[_what(change)] -= 1
            yield change, words


def _what(change: Change) -> tuple[str, str, str]:
    """The change without where it is, which others may alter."""
    return change.kind, _REFERENCE.sub("", change.deleted), _REFERENCE.sub("", change.inserted)


def told(schedule: Iterable[tuple[Change, str]]) -> Iterator[str]:
    """The schedule of amendments, a line each; what is deleted in one spot and inserted in another has moved."""
    found = list(schedule)
    moves = _moves([change for change, _ in found if change.whole])
    for change, words in found:
        if change in moves:
            new = moves[change]
            reworded = "" if new.inserted == change.deleted else f", as “{new.inserted}”"
            words = f"move “{change.deleted}” to {new.where}{reworded}"
        elif change in moves.values():
            continue
        yield f"  {change.where}: {_short(words)}"


def _moves(changes: list[Change]) -> dict[Change, Change]:
    """The deletions of whole places, each with the insertion that says the same, or nearly, in another spot."""
    found: dict[Change, Change] = {}
    for old in (change for change in changes if change.deleted):
        free = [new for new in changes if new.inserted and new.kind == old.kind and new not in found.values()]
        best = max(free, key=lambda new: likeness(old.deleted, new.inserted), default=None)
        if best and likeness(old.deleted, best.inserted) >= MOVED:
            found[old] = best
    return found


def _short(words: str) -> str:
    """The change in a line that a screen can hold: the beginning of what is quoted, and its end."""
    if len(words) <= _LONGEST:
        return words
    return f"{words[: _LONGEST // 2].rstrip()} … {words[-_LONGEST // 3 :].lstrip()}"
