"""Turns the provisions of two versions of a policy into alterations: what was done to each, and by what right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..model.amendments import Change
from .pairing import Pair, paired, relocated
from .provision import Provision, Wording
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
    """What changes without marks count as, and whether the newer version has settled the amendments of the older."""

    unmarked: Basis
    settled: bool


@dataclass(frozen=True)
class Judgement:
    alterations: tuple[Alteration, ...]
    renumbered: tuple[tuple[str, str], ...]


_Judged = tuple[Provision, Alteration]
_Move = tuple[Provision, Provision]


def judge(old: Sequence[Provision], new: Sequence[Provision], standing: Standing) -> Judgement:
    """What was done to every provision, in the newer version's order, and the numbers that changed by it."""
    old, new = ([each for each in version if each.previous or each.amended] for version in (old, new))
    pairs, moves = _with_returns(*paired(old, new))
    marked_moves = [*relocated(old), *relocated(new)]
    spots = {id(each): spot for spot, each in enumerate(new)}
    judged: list[tuple[float, _Judged]] = []
    spot = -0.5  # of what is gone: behind what stood before it
    for before, after in pairs:
        spot = spots[id(after)] if after else spot
        judged += [(spot, each) for each in _of_pair(before, after, standing)]
    for before, after in moves:
        judged += [(spots[id(after)], each) for each in _of_move(before, after, standing)]
    for before, after in _overtaken(old, new, pairs, moves):
        alteration = Alteration(standing.unmarked, "moved", str(after), after.line, was=str(before))
        judged.append((spots[id(after)], (after, alteration)))
    found = _joined([each for _, each in sorted(judged, key=lambda each: each[0])], marked_moves)
    leaving = {id(each) for each, _ in relocated(new)}
    kept = [(a, b) for a, b in pairs if a and b and a.numbered and b.numbered]
    stayed = [(a.number, b.number) for a, b in kept if id(b) not in leaving]
    numbers = {*stayed, *((a.number, b.number) for a, b in moves), *((a.former, b.number) for a, b in marked_moves)}
    carried = {(a.number, b.number) for a, b in moves if a.numbered}
    return Judgement(
        tuple(
            alteration for subject, alteration in found
            if not _went_along(alteration, numbers if subject.numbered else carried, subject.numbered)
        ),
        tuple(
            (was, now) for was, now in stayed
            if was != now and not _changes_level(was, now) and not _follows(was, now, numbers)
        ),
    )  # fmt: skip


def _with_returns(pairs: list[Pair], moves: list[_Move]) -> tuple[list[Pair], list[_Move]]:
    """The pairs and moves, where what is gone and come again as it was, under its number, is a move as well."""
    come = {(str(new), new.previous.named): new for old, new in pairs if old is None and new and new.previous}
    found = list(moves)
    for old, new in pairs:
        again = come.pop((str(old), old.previous.named), None) if old and old.previous and new is None else None
        if old and again and old.numbered:
            found.append((old, again))
    moved = {id(each) for move in found for each in move}
    return [pair for pair in pairs if all(pair) or not any(id(each) in moved for each in pair)], found


def _overtaken(
    old: Sequence[Provision], new: Sequence[Provision], pairs: Sequence[Pair], moves: Sequence[_Move]
) -> Iterator[_Move]:
    """Unnumbered text that a clause has passed by without another number: it is the text that has moved."""
    spots = {id(each): spot for version in (old, new) for spot, each in enumerate(version)}
    stayed = [(a, b) for a, b in moves if a.numbered and str(a) == str(b) and a.previous and b.previous]
    for before, after in pairs if stayed else ():
        if not (before and after and not before.numbered and before.previous and after.previous):
            continue
        if any((spots[id(a)] < spots[id(before)]) != (spots[id(b)] < spots[id(after)]) for a, b in stayed):
            yield before, after


def _of_pair(old: Provision | None, new: Provision | None, standing: Standing) -> Iterator[_Judged]:
    was, now = old.previous if old else None, new.previous if new else None
    before, after = (each.amendments if each else () for each in (old, new))
    gone = [each.change for each in before if each.named not in {other.named for other in after}]
    fresh = [each.change for each in after if each.named not in {other.named for other in before}]
    same = was.same(now) if was and now else was is now
    accepted = bool(old and gone and not same and old.allows(now))
    if old and accepted:
        yield old, _accepted(old, new, gone, standing)
    elif not same:
        yield _unmarked(old, new, standing)
    if old and new and was and now and old.numbered and new.numbered and _changes_level(old.number, new.number):
        yield new, Alteration(standing.unmarked, "moved", str(new), new.line, was=str(old))
    if new and fresh and gone and not accepted:
        yield new, replace(_about(new, new, "remarked", fresh), before=tuple(gone))
    elif new and fresh:
        yield new, _about(new, new, "marked", fresh)
    elif old and gone and same and not (was and old.amended and was.same(old.amended)):  # else nobody can say which
        yield old, _about(old, new, "rejected" if standing.settled else "withdrawn", gone)
    if old and new and old.hidden != new.hidden:
        yield new, Alteration("visibility", "hidden" if new.hidden else "published", str(new), new.line)


def _accepted(old: Provision, new: Provision | None, gone: list[Change], standing: Standing) -> Alteration:
    """What became of amendments that are text now; only an approval accepts them."""
    note = "" if standing.settled else "its marks were taken out, but the policy was not approved"
    found = replace(_about(old, new, "accepted" if standing.settled else standing.unmarked, gone), note=note)
    if found.deed != "reworded" or not (old.previous and old.amended and new and new.previous and new.amended):
        return found
    if new.amended.same(old.amended):
        return found
    changes = tuple(word_changes(old.previous, new.previous))
    return replace(found, changes=changes, note=note or "other amendments of it were rejected")


def _of_move(old: Provision, new: Provision, standing: Standing) -> Iterator[_Judged]:
    """A provision that stands in another spot without both spots being marked."""
    half = new.previous is None and old.previous is not None
    basis: Basis = "remarked" if old.previous is None and new.previous is None else standing.unmarked
    note = "only its new place is marked: keep the old one, marked as deleted" if half else ""
    if half or str(old) != str(new) or not new.numbered:
        yield new, Alteration(basis, "moved", str(new), new.line, was=str(old), note=note)
    if not half:
        yield from _of_pair(old, new, standing)


def _unmarked(old: Provision | None, new: Provision | None, standing: Standing) -> _Judged:
    was, now = old.previous if old else None, new.previous if new else None
    subject = new if new and now else old or new
    assert subject  # one of the two is there
    deed: Deed = "reworded" if was and now else "inserted" if now else "deleted"
    edits = word_changes(was, now) if was and now else [_whole(subject, now or was, deed)]
    line = new.line if new else 0
    return subject, Alteration(standing.unmarked, deed, str(subject), line, tuple(edits))


def _about(amended: Provision, new: Provision | None, basis: Basis, changes: Sequence[Change]) -> Alteration:
    """What became of this provision's amendments; `new` is what it is now."""
    deed: Deed = "reworded"
    if not amended.previous or not amended.amended:
        deed = "deleted" if amended.previous else "inserted"
        changes = [_whole(amended, amended.previous or amended.amended, deed)]
    return Alteration(basis, deed, str(new or amended), new.line if new else 0, tuple(changes))


def _whole(subject: Provision, wording: Wording | None, deed: Deed) -> Change:
    text = wording.text or ", ".join(wording.addresses) if wording else ""
    return Change("", str(subject), subject.kind, *((text, "") if deed == "deleted" else ("", text)), whole=True)


def _joined(judged: list[_Judged], moves: list[tuple[Provision, Provision]]) -> list[_Judged]:
    """A deletion and an insertion that are one move, told as one."""
    found = list(judged)
    for gone, come in moves:
        one = next((each for each in found if each[0] is gone and each[1].deed == "deleted"), None)
        other = next((each for each in found if each[0] is come and each[1].deed == "inserted"), None)
        if one and other and one[1].basis == other[1].basis:
            found.remove(one)
            old, new = gone.previous, come.amended
            edits = tuple(word_changes(old, new)) if old and new and not old.same(new) else ()
            before = (*one[1].before, *other[1].before)
            joined = replace(other[1], deed="moved", was=f"{gone.kind} {gone.former}", changes=edits, before=before)
            found[found.index(other)] = (come, joined)
    return found


def _changes_level(old: str, new: str) -> bool:
    """Whether a sub-clause has become a clause, or the like: no counting does that."""
    return old.count(".") != new.count(".")


def _follows(old: str, new: str, numbers: set[tuple[str, str]]) -> bool:
    """Whether a number changes only because that of the clause or section above it does."""
    (above, _, last), (now_above, _, now_last) = old.rpartition("."), new.rpartition(".")
    return last == now_last and above != now_above and (above, now_above) in numbers


def _went_along(alteration: Alteration, numbers: set[tuple[str, str]], numbered: bool) -> bool:
    """Whether a place has moved only because the one above it has, or unnumbered text because its clause has."""
    old, new = alteration.was.rpartition(" ")[2], alteration.where.rpartition(" ")[2]
    followed = _follows(old, new, numbers) if numbered else old != new and (old, new) in numbers
    return alteration.deed == "moved" and not alteration.changes and followed
