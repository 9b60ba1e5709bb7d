"""Turns the provisions of two versions of a policy into pairs: which of the newer comes from which of the older."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from ..model.alignment import align
from ..model.moves import Passage, moves
from ..model.outline import DELETED
from .provision import ComparedProvision, Wording

Provisions = Sequence[ComparedProvision]
Pair = tuple[ComparedProvision | None, ComparedProvision | None]
Move = tuple[ComparedProvision, ComparedProvision]


def paired(old: Provisions, new: Provisions) -> tuple[list[Pair], list[Move]]:
    """Pairs in order, and those that stand in another spot now."""
    alignment = align(*_passages(old, new))
    kept = {id(old[i]) for i, j in alignment.pairs if i is not None and j is not None}
    left = {id(gone) for gone, _ in relocated(old)} - kept
    alignment = align(*_passages(old, new, left)) if left else alignment
    come = set(alignment.moves.values())
    pairs = [
        (None if i is None else old[i], None if j is None else new[j])
        for i, j in alignment.pairs
        if not (j is None and i in alignment.moves) and not (i is None and j in come)
    ]
    return _replaced(pairs), [(old[i], new[j]) for i, j in alignment.moves.items()]


def _replaced(pairs: list[Pair]) -> list[Pair]:
    """The pairs, where one provision alone stands in the place of one other: they are one, worded altogether anew."""
    joined: list[Pair] = []
    for old, new in pairs:
        before = joined[-1][0] if joined and joined[-1][1] is None else None
        if old is None and new and before and before.previous and new.previous and _alone(pairs, before, new):
            joined[-1] = (before, new)
        else:
            joined.append((old, new))
    return joined


def _alone(pairs: list[Pair], old: ComparedProvision, new: ComparedProvision) -> bool:
    spot = next(n for n, pair in enumerate(pairs) if pair[0] is old)
    around = [pair for n, pair in enumerate(pairs) if n in (spot - 1, spot + 2)]
    return (old.kind, old.number) == (new.kind, new.number) and all(a and b for a, b in around)


def _passages(old: Provisions, new: Provisions, left: Set[int] = frozenset()) -> tuple[list[Passage], list[Passage]]:
    """What each provision is recognised by: its name if both versions have it, else its words where they stand.

    An old one with amendments is recognised by the reading that the newer version has. Those that `left` (by identity)
    have moved as they were marked to: their words still stand, but in the other spot.
    """
    before, after = _named(old), _named(new)
    common = {key for key in before.keys() & after.keys() if f"{key} again" not in before.keys() - after.keys()}
    keys = {id(version[key]): key for version in (before, after) for key in common}
    stood = Counter(provision.previous.named for provision in old if provision.previous)
    standing = Counter(provision.previous.named for provision in new if provision.previous)
    coming = {provision.amended.named for provision in new if provision.amended and not provision.previous}

    def passage(provision: ComparedProvision, wording: str, inserted: bool) -> Passage:
        key = keys.get(id(provision))
        if key:
            return Passage("place", wording, key)
        is_heading = provision.kind in ("section", "appendix", "cross-heading")
        kind = (
            "heading"
            if provision.kind in ("section", "appendix")
            else "clause"
            if provision.numbered
            else provision.kind
        )
        return Passage((kind, inserted), wording, short=is_heading)

    def of_old(provision: ComparedProvision) -> Passage:
        previous, amended = _named_words(provision.previous), _named_words(provision.amended)
        is_left = previous not in standing or id(provision) in left
        if amended is None and standing[DELETED] > stood[DELETED] and is_left:
            return passage(provision, DELETED, False)
        if previous is not None and previous in standing:
            return passage(provision, previous, False)
        if amended is not None and amended in standing and amended not in coming:
            return passage(provision, amended, False)
        return passage(provision, amended or "" if previous is None else previous, previous is None)

    def of_new(provision: ComparedProvision) -> Passage:
        words = _named_words(provision.previous or provision.amended)
        return passage(provision, words or "", provision.previous is None)

    return [of_old(provision) for provision in old], [of_new(provision) for provision in new]


def _named_words(wording: Wording | None) -> str | None:
    return wording.named if wording else None


def _named(version: Provisions) -> dict[str, ComparedProvision]:
    """The named places. A name stands twice where a place is to move: deleted in one spot, inserted `again`."""
    named: dict[str, ComparedProvision] = {}
    for provision in sorted(version, key=lambda provision: provision.previous is None):
        if provision.name:
            named[f"{provision.name} again" if provision.name in named else provision.name] = provision
    return named


def relocated(version: Provisions) -> list[Move]:
    """The places that marks move: deleted in one spot, inserted with the same words or name in another."""
    numbered = [provision for provision in version if provision.numbered]
    gone = [place for place in numbered if place.amended is None and place.previous]
    come = [place for place in numbered if place.previous is None and place.amended]
    was = [Passage("place", place.previous.named if place.previous else "", place.name or "") for place in gone]
    now = [Passage("place", place.amended.named if place.amended else "", place.name or "") for place in come]
    return [(gone[i], come[j]) for i, j in sorted(moves(was, now).items())]
