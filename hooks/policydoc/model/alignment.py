"""Turns two lists of passages, an older and a newer, into pairs: what stayed, was reworded, moved, is gone or new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from .matching import matcher
from .moves import MOST_PAIRS, MOVED, Passage, alike, counted, likeness, moves, others, same, shared

__all__ = ["MOVED", "Alignment", "Passage", "align", "likeness"]

_MOST_WEIGHED = 2_000  # passages of which it is asked which of them had better move
REWORDED = 0.4  # share of common words from which on two passages in the same spot are one, reworded


@dataclass(frozen=True)
class Alignment:
    """`pairs` of indices in reading order, None where the other list has no such passage.

    `moves` maps the index of an old passage to that of the new one that says the same in another spot. Both stand in
    `pairs` as well, each on its own; or the old one with what holds its place.
    """

    pairs: list[tuple[int | None, int | None]]
    moves: dict[int, int]


def align(old: Sequence[Passage], new: Sequence[Passage]) -> Alignment:
    """Finds for every new passage the old one that it comes from."""
    kept = _kept(old, new)
    gone, come = others(range(len(old)), kept), others(range(len(new)), kept.values())
    moved = same(old, new, gone, come)
    there = set(moved.values())
    reworded: dict[int, int] = {}
    for gap in _gaps(kept, len(old), len(new)):
        left = [n for n in range(*gap[0]) if n not in moved and not old[n].gone]
        right = [n for n in range(*gap[1]) if n not in there and not new[n].gone]
        reworded |= _in_order(left, right, _wording(old, new, left, right))
    paired = kept | reworded
    for gap in _gaps(paired, len(old), len(new)):
        if any(new[n].gone for n in range(*gap[1])) or any(old[n].gone for n in range(*gap[0])):
            paired |= _in_order(list(range(*gap[0])), list(range(*gap[1])), lambda i, j: _place(old[i], new[j]))
    left, right = others(gone, (*paired, *moved)), others(come, (*paired.values(), *there))
    stays, went = _fewest_words_moved(old, new, paired, moved | alike(old, new, left, right))
    return Alignment(_merged(stays, len(old), len(new)), went)


def _fewest_words_moved(
    old: Sequence[Passage], new: Sequence[Passage], paired: dict[int, int], moved: dict[int, int]
) -> tuple[dict[int, int], dict[int, int]]:
    """What stays, and what has moved: of passages that have changed places, those with fewer words.

    Equal words were looked for first: a short section may have stayed where a long one, reworded, went round it.
    """
    crossing = {i: j for i, j in moved.items() if i not in paired and old[i].kind == new[j].kind}
    if not crossing or len(paired) + len(crossing) > _MOST_WEIGHED:
        return paired, moved
    some = sorted((paired | crossing).items())
    sizes = [len(old[i].text.split()) + 1 for i, _ in some]
    fixed = sum(sizes) + 1  # more than all that could move together
    weights = [
        size if i in crossing or _could_move(old[i], new[j]) else fixed
        for size, (i, j) in zip(sizes, some, strict=True)
    ]
    best: list[tuple[int, int]] = []  # the most words that stay up to and with each, and the one before it
    for n, (_, j) in enumerate(some):
        before = max(((best[m][0], m) for m in range(n) if some[m][1] < j), default=(0, -1))
        best.append((before[0] + weights[n], before[1]))
    n = max(range(len(some)), key=lambda n: best[n][0])
    stays: dict[int, int] = {}
    while n >= 0:
        stays[some[n][0]] = some[n][1]
        n = best[n][1]
    went = {i: j for i, j in some if i not in stays}
    return stays, {i: j for i, j in moved.items() if i not in crossing} | went


def _could_move(old: Passage, new: Passage) -> bool:
    """Whether they would be one passage in whatever spot."""
    return bool(moves([old], [new]))


def _place(one: Passage, other: Passage) -> float:
    """How likely it is that one of two passages holds the place of the other."""
    if one.kind != other.kind or not (one.gone or other.gone):
        return 0.0
    same_number = bool(one.number) and one.number == other.number
    if one.gone != other.gone and one.gone:  # what has come in a place that was held for nothing
        return 0.25 if same_number else 0.0
    return (1.0 if one.gone else 0.5) + 0.25 * same_number


@dataclass(frozen=True)
class _Words:
    """The words of a passage, counted once for many comparisons: all of them, and those of its first line."""

    all: Counter[str]
    first: Counter[str]

    @classmethod
    def of(cls, passage: Passage) -> _Words:
        first, _, rest = passage.text.partition("\n")
        words = counted(passage.text)
        return cls(words, counted(first) if rest else words)

    def likeness(self, other: _Words) -> float:
        """The larger of the two shares: a clause that has lost its table is still that clause."""
        like = shared(self.all, other.all)
        if self.first is self.all and other.first is other.all:
            return like
        return max(like, shared(self.first, other.first))


def _kept(old: Sequence[Passage], new: Sequence[Passage]) -> dict[int, int]:
    was, now = ({(passage.kind, passage.name) for passage in side if passage.name} for side in (old, new))
    names = was & now

    def identity(passage: Passage) -> tuple[Hashable, str]:
        name = passage.kind, passage.name
        return (name, "name") if name in names else (passage.kind, passage.text)

    some, more = [identity(passage) for passage in old], [identity(passage) for passage in new]
    # What only holds a place is known by where it stands, not by its words: they are the same everywhere. And the place
    # that it holds, behind the same neighbour, has gone from there, even if its words stand further on.
    right = [n for n, passage in enumerate(new) if not passage.gone or more[n][0] in names]
    behind = {(new[n].kind, more[n - 1] if n else None) for n in others(range(len(new)), right)}
    left = [
        n for n, passage in enumerate(old)
        if (not passage.gone and (passage.kind, some[n - 1] if n else None) not in behind) or some[n][0] in names
    ]  # fmt: skip
    blocks = matcher([some[n] for n in left], [more[n] for n in right]).get_matching_blocks()
    return {left[block.a + n]: right[block.b + n] for block in blocks for n in range(block.size)}


def _gaps(kept: dict[int, int], olds: int, news: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The stretches between what was kept, as (first, end) in each list."""
    gaps, a, b = [], 0, 0
    for i, j in [*sorted(kept.items()), (olds, news)]:
        if i > a and j > b:
            gaps.append(((a, i), (b, j)))
        a, b = i + 1, j + 1
    return gaps


def _wording(
    old: Sequence[Passage], new: Sequence[Passage], left: Sequence[int], right: Sequence[int]
) -> Callable[[int, int], float]:
    """How much two of these passages have in common, 0 where that is too little to be one reworded."""
    was, now = {n: _Words.of(old[n]) for n in left}, {n: _Words.of(new[n]) for n in right}

    def score(i: int, j: int) -> float:
        like = was[i].likeness(now[j]) if old[i].kind == new[j].kind else 0.0
        return like if like >= REWORDED else 0.0

    return score


def _in_order(left: list[int], right: list[int], value: Callable[[int, int], float]) -> dict[int, int]:
    """The pairs that have the highest value in all, without any two of them crossing.

    Where there are very many, those of the first half are looked for in the first half.
    """
    if len(left) * len(right) > MOST_PAIRS and min(len(left), len(right)) > 1:
        a, b = len(left) // 2, len(right) // 2
        return _in_order(left[:a], right[:b], value) | _in_order(left[a:], right[b:], value)
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    score: dict[tuple[int, int], float] = {}
    for a in reversed(range(len(left))):
        for b in reversed(range(len(right))):
            score[a, b] = value(left[a], right[b])
            best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + score[a, b])
    pairs: dict[int, int] = {}
    a = b = 0
    while a < len(left) and b < len(right):
        if score[a, b] and best[a][b] == best[a + 1][b + 1] + score[a, b]:
            pairs[left[a]] = right[b]
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _merged(paired: dict[int, int], olds: int, news: int) -> list[tuple[int | None, int | None]]:
    merged: list[tuple[int | None, int | None]] = []
    a = b = 0
    for i, j in [*sorted(paired.items()), (olds, news)]:
        merged += [(n, None) for n in range(a, i)]
        merged += [(None, n) for n in range(b, j)]
        if i < olds:
            merged.append((i, j))
        a, b = i + 1, j + 1
    return merged
