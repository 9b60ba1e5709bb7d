"""Turns the provisions of two versions of a policy into pairs: which of the newer comes from which of the older."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..editions.outline import DELETED
from ..model.alignment import MOVED, Passage, align, likeness
from .provision import Provision

Pair = tuple[Provision | None, Provision | None]


def paired(old: Sequence[Provision], new: Sequence[Provision]) -> tuple[list[Pair], list[tuple[Provision, Provision]]]:
    """Pairs in order, and those that stand in another spot now."""
    found = align(*_passages(old, new))
    kept = {i for i, j in found.pairs if j is not None}
    left = [gone for gone, _ in relocated(old) if old.index(gone) not in kept]
    found = align(*_passages(old, new, left)) if left else found
    come = set(found.moves.values())
    pairs = [
        (None if i is None else old[i], None if j is None else new[j])
        for i, j in found.pairs
        if not (j is None and i in found.moves) and not (i is None and j in come)
    ]
    return _replaced(pairs), [(old[i], new[j]) for i, j in found.moves.items()]


def _replaced(pairs: list[Pair]) -> list[Pair]:
    """The pairs, where one provision alone stands in the place of one other: they are one, worded altogether anew."""
    found: list[Pair] = []
    for old, new in pairs:
        before = found[-1][0] if found and found[-1][1] is None else None
        if old is None and new and before and before.previous and new.previous and _alone(pairs, before, new):
            found[-1] = (before, new)
        else:
            found.append((old, new))
    return found


def _alone(pairs: list[Pair], old: Provision, new: Provision) -> bool:
    spot = next(n for n, pair in enumerate(pairs) if pair[0] is old)
    around = [pair for n, pair in enumerate(pairs) if n in (spot - 1, spot + 2)]
    return (old.kind, old.number) == (new.kind, new.number) and all(a and b for a, b in around)


def _passages(
    old: Sequence[Provision], new: Sequence[Provision], left: Sequence[Provision] = ()
) -> tuple[list[Passage], list[Passage]]:
    """What each provision is recognised by: its name if both versions have it, else its words where they stand.

    An old one with amendments is recognised by the reading that the newer version has. Those that `left` have moved as
    they were marked to: their words still stand, but in the other spot.
    """
    before, after = _named(old), _named(new)
    common = {key for key in before.keys() & after.keys() if f"{key} again" not in before.keys() - after.keys()}
    keys = {id(version[key]): key for version in (before, after) for key in common}
    stood = Counter(each.previous.named for each in old if each.previous)
    standing = Counter(each.previous.named for each in new if each.previous)
    coming = {each.amended.named for each in new if each.amended and not each.previous}

    def passage(each: Provision, wording: str, inserted: bool) -> Passage:
        kind = "place" if each.numbered else each.kind
        key = keys.get(id(each))
        if "heading" in each.kind or each.kind in ("section", "appendix"):
            wording = f"heading {wording} {wording}"  # one word is enough to know a heading by
        return Passage((kind, inserted), wording) if key is None else Passage(kind, " ".join([f"\0{key}"] * 3))

    def of_old(each: Provision) -> Passage:
        previous = each.previous.named if each.previous else None
        amended = each.amended.named if each.amended else None
        if amended is None and standing[DELETED] > stood[DELETED] and (previous not in standing or each in left):
            return passage(each, DELETED, False)
        if previous is not None and previous in standing:
            return passage(each, previous, False)
        if amended is not None and amended in standing and amended not in coming:
            return passage(each, amended, False)
        return passage(each, amended or "", True) if previous is None else passage(each, previous, False)

    def of_new(each: Provision) -> Passage:
        wording = each.previous or each.amended
        return passage(each, wording.named if wording else "", each.previous is None)

    return [of_old(each) for each in old], [of_new(each) for each in new]


def _named(version: Sequence[Provision]) -> dict[str, Provision]:
    """The named places. A name stands twice where a place is to move: deleted in one spot, inserted `again`."""
    found: dict[str, Provision] = {}
    for each in sorted(version, key=lambda each: each.previous is None):
        if each.name:
            found[f"{each.name} again" if each.name in found else each.name] = each
    return found


def relocated(version: Sequence[Provision]) -> list[tuple[Provision, Provision]]:
    """The places that marks move: deleted in one spot, inserted with the same words or name in another."""
    gone = [each for each in version if each.numbered and each.amended is None and each.previous]
    come = [each for each in version if each.numbered and each.previous is None and each.amended]
    found: list[tuple[Provision, Provision]] = []
    for each in gone:
        best = max(come, key=lambda other: _sameness(each, other), default=None)
        if best and _sameness(each, best) >= MOVED:
            come = [other for other in come if other is not best]
            found.append((each, best))
    return found


def _sameness(gone: Provision, come: Provision) -> float:
    if gone.name and gone.name == come.name:
        return 2
    old, new = gone.previous, come.amended
    if not old or not new or min(len(old.text.split()), len(new.text.split())) < 3:
        return 0
    return likeness(old.named, new.named)
