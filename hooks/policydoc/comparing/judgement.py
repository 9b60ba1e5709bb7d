"""Turns the provisions of two versions of a policy into alterations: what was done to each, and by what right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..model.schedule import Change
from .pairing import Move, Pair, Provisions, paired, relocated
from .provision import ComparedProvision, Counted, Wording
from .rewording import word_changes

Deed = Literal["inserted", "deleted", "reworded", "moved", "published", "hidden"]
# marked: an amendment is proposed; remarked: one is worded anew; withdrawn: one is taken back; accepted, rejected: by
# the approval of the policy; silent: without marks where there must be some; editorial: the same, but declared;
# free: in a draft that was never approved; visibility: in which editions it is
Basis = Literal[
    "marked", "remarked", "withdrawn", "accepted", "rejected", "silent", "editorial", "free", "visibility"
]  # fmt: skip


@dataclass(frozen=True)
class Alteration:
    """One thing that was done to one provision.

    `where` is what it is called now (or was, if it is gone), `was` what it was called before if it has moved; `line` is
    0 for what is gone. `changes` say what became of the words, `before` what an amendment was that is worded anew.
    """

    basis: Basis
    deed: Deed
    where: str
    line: int
    changes: tuple[Change, ...] = ()
    before: tuple[Change, ...] = ()
    was: str = ""
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """What changes without marks count as, and whether the newer version has settled the amendments of the older.

    `is_public` says that both are in the external edition, so that what is {.internal} makes a difference.
    """

    unmarked: Basis
    settled: bool
    is_public: bool


@dataclass(frozen=True)
class Renumbered:
    """A number that has changed; `goes_on` says that both are the next after those of the one before in the list."""

    kind: str
    old: str
    new: str
    goes_on: bool = False


@dataclass(frozen=True)
class Judgement:
    alterations: tuple[Alteration, ...]
    renumbered: tuple[Renumbered, ...]


@dataclass(frozen=True)
class _Judged:
    """An alteration with what it was done to; `was` is the number that this had in another spot."""

    subject: ComparedProvision
    alteration: Alteration
    was: Counted | None = None


def judge(old: Provisions, new: Provisions, standing: Standing) -> Judgement:
    """What was done to every provision, in the newer version's order, and the numbers that changed by it."""
    old, new = ([one for one in version if one.previous or one.amended] for version in (old, new))
    pairs, moves = _with_returns(*paired(old, new))
    marked_moves = [*relocated(old), *relocated(new)]
    spots = {id(provision): spot for spot, provision in enumerate(new)}
    judged: list[tuple[float, _Judged]] = []
    spot = -0.5  # of what is gone: behind what stood before it
    for before, after in pairs:
        spot = spots[id(after)] if after else spot
        judged += [(spot, one) for one in _of_pair(before, after, standing)]
    for before, after in moves:
        judged += [(spots[id(after)], one) for one in _of_move(before, after, standing)]
    for before, after in _overtaken(old, new, pairs, moves):
        alteration = Alteration(standing.unmarked, "moved", str(after), after.line, was=str(before))
        judged.append((spots[id(after)], _Judged(after, alteration, before.now)))
    in_order = [one for _, one in sorted(judged, key=lambda spotted: spotted[0])]
    leaving = {id(gone) for gone, _ in relocated(new)}
    kept = [(a, b) for a, b in pairs if a and b and a.numbered and b.numbered]
    stayed = [(a, b) for a, b in kept if id(b) not in leaving]
    numbers = {(a.number, b.number) for a, b in (*stayed, *moves)}
    numbers |= {(a.before.number, b.number) for a, b in marked_moves}
    carried = {(a.number, b.number) for a, b in moves if a.numbered}
    alterations = [
        one.alteration for one in _joined(in_order, marked_moves)
        if not _went_along(one, numbers if one.subject.numbered else carried)
    ]  # fmt: skip
    return Judgement(tuple(alterations), tuple(_renumbered(stayed, numbers)))


def _renumbered(stayed: Sequence[Move], numbers: set[tuple[str, str]]) -> Iterator[Renumbered]:
    last: Move | None = None
    for old, new in stayed:
        if old.number != new.number and old.now.level == new.now.level and not _follows(old.now, new.now, numbers):
            goes_on = last is not None and _goes_on(last[0], old) and _goes_on(last[1], new)
            yield Renumbered(old.called, old.number, new.number, goes_on)
            last = (old, new)


def _goes_on(one: ComparedProvision, other: ComparedProvision) -> bool:
    a, b = one.now, other.now
    return (one.kind, a.level, a.above, a.nth + 1) == (other.kind, b.level, b.above, b.nth)


def _with_returns(pairs: list[Pair], moves: list[Move]) -> tuple[list[Pair], list[Move]]:
    """The pairs and moves, where what is gone and come again as it was, under its number, is a move as well."""
    come = {(str(new), new.previous.named): new for old, new in pairs if old is None and new and new.previous}
    more = list(moves)
    for old, new in pairs:
        again = come.pop((str(old), old.previous.named), None) if old and old.previous and new is None else None
        if old and again and old.numbered:
            more.append((old, again))
    moved = {id(provision) for move in more for provision in move}
    return [pair for pair in pairs if all(pair) or not any(id(provision) in moved for provision in pair)], more


def _overtaken(old: Provisions, new: Provisions, pairs: Sequence[Pair], moves: Sequence[Move]) -> Iterator[Move]:
    """Unnumbered text that a clause has passed by without another number: it is the text that has moved."""
    spots = {id(provision): spot for version in (old, new) for spot, provision in enumerate(version)}
    stayed = [(a, b) for a, b in moves if a.numbered and str(a) == str(b) and a.previous and b.previous]
    for before, after in pairs if stayed else ():
        if not (before and after and not before.numbered and before.previous and after.previous):
            continue
        if any((spots[id(a)] < spots[id(before)]) != (spots[id(b)] < spots[id(after)]) for a, b in stayed):
            yield before, after


def _of_pair(old: ComparedProvision | None, new: ComparedProvision | None, standing: Standing) -> Iterator[_Judged]:
    was, now = old.previous if old else None, new.previous if new else None
    before, after = (one.amendments if one else () for one in (old, new))
    gone = [one.change for one in before if one.named not in {other.named for other in after}]
    fresh = [one.change for one in after if one.named not in {other.named for other in before}]
    same = was.same(now) if was and now else was is now
    accepted = bool(old and gone and not same and old.allows(now))
    if old and accepted:
        yield _Judged(old, _accepted(old, new, gone, standing))
    elif not same:
        yield _unmarked(old, new, standing)
    if old and new and was and now and old.numbered and new.numbered and old.now.level != new.now.level:
        yield _Judged(new, Alteration(standing.unmarked, "moved", str(new), new.line, was=str(old)), old.now)
    if new and fresh and gone and not accepted:
        yield _Judged(new, replace(_about(new, new, "remarked", fresh), before=tuple(gone)))
    elif new and fresh:
        yield _Judged(new, _about(new, new, "marked", fresh))
    elif old and gone and same and not (was and old.amended and was.same(old.amended)):  # else nobody can say which
        yield _Judged(old, _about(old, new, "rejected" if standing.settled else "withdrawn", gone))
    if old and new and standing.is_public and old.hidden != new.hidden:
        yield _Judged(new, Alteration("visibility", "hidden" if new.hidden else "published", str(new), new.line))


def _accepted(
    old: ComparedProvision, new: ComparedProvision | None, gone: list[Change], standing: Standing
) -> Alteration:
    """What became of amendments that are text now; only an approval accepts them."""
    note = "" if standing.settled else "its marks were taken out, but the policy was not approved"
    accepted = replace(_about(old, new, "accepted" if standing.settled else standing.unmarked, gone), note=note)
    if accepted.deed != "reworded" or not (old.previous and old.amended and new and new.previous and new.amended):
        return accepted
    if new.amended.same(old.amended):
        return accepted
    changes = tuple(word_changes(old.previous, new.previous))
    return replace(accepted, changes=changes, note=note or "other amendments of it were rejected")


def _of_move(old: ComparedProvision, new: ComparedProvision, standing: Standing) -> Iterator[_Judged]:
    """A provision that stands in another spot without both spots being marked."""
    half = new.previous is None and old.previous is not None
    basis: Basis = "remarked" if old.previous is None and new.previous is None else standing.unmarked
    note = "only its new place is marked: keep the old one, marked as deleted" if half else ""
    if half or str(old) != str(new) or not new.numbered:
        yield _Judged(new, Alteration(basis, "moved", str(new), new.line, was=str(old), note=note), old.now)
    if not half:
        yield from _of_pair(old, new, standing)


def _unmarked(old: ComparedProvision | None, new: ComparedProvision | None, standing: Standing) -> _Judged:
    was, now = old.previous if old else None, new.previous if new else None
    subject = new if new and now else old or new
    assert subject  # one of the two is there
    deed: Deed = "reworded" if was and now else "inserted" if now else "deleted"
    edits = word_changes(was, now) if was and now else [_whole(subject, now or was, deed)]
    line = new.line if new else 0
    return _Judged(subject, Alteration(standing.unmarked, deed, str(subject), line, tuple(edits)))


def _about(
    amended: ComparedProvision, new: ComparedProvision | None, basis: Basis, changes: Sequence[Change]
) -> Alteration:
    """What became of this provision's amendments; `new` is what it is now."""
    deed: Deed = "reworded"
    if not amended.previous or not amended.amended:
        deed = "deleted" if amended.previous else "inserted"
        changes = [_whole(amended, amended.previous or amended.amended, deed)]
    return Alteration(basis, deed, str(new or amended), new.line if new else 0, tuple(changes))


def _whole(subject: ComparedProvision, wording: Wording | None, deed: Deed) -> Change:
    text = wording.text or ", ".join(wording.addresses) if wording else ""
    return Change("", str(subject), subject.called, *((text, "") if deed == "deleted" else ("", text)), whole=True)


def _joined(judged: list[_Judged], moves: Sequence[Move]) -> list[_Judged]:
    """A deletion and an insertion that are one move, told as one."""
    joined = list(judged)
    for gone, come in moves:
        one = _first(joined, gone, "deleted")
        other = _first(joined, come, "inserted")
        if one and other and one.alteration.basis == other.alteration.basis:
            joined.remove(one)
            old, new = gone.previous, come.amended
            edits = tuple(word_changes(old, new)) if old and new and not old.same(new) else ()
            before, was = (*one.alteration.before, *other.alteration.before), f"{gone.called} {gone.before.number}"
            alteration = replace(other.alteration, deed="moved", was=was, changes=edits, before=before)
            joined[joined.index(other)] = _Judged(come, alteration, gone.before)
    return joined


def _first(judged: list[_Judged], subject: ComparedProvision, deed: Deed) -> _Judged | None:
    return next((one for one in judged if one.subject is subject and one.alteration.deed == deed), None)


def _follows(old: Counted, new: Counted, numbers: set[tuple[str, str]]) -> bool:
    """Whether a number changes only because that of the clause or section above it does."""
    return old.nth == new.nth and old.above != new.above and (old.above, new.above) in numbers


def _went_along(judged: _Judged, numbers: set[tuple[str, str]]) -> bool:
    """Whether a place has moved only because the one above it has, or unnumbered text because its clause has."""
    alteration, old, new = judged.alteration, judged.was, judged.subject.now
    if old is None or alteration.deed != "moved" or alteration.changes:
        return False
    if judged.subject.numbered:
        return _follows(old, new, numbers)
    return old.number != new.number and (old.number, new.number) in numbers
