"""Turns two lists of passages, an older and a newer, into pairs: what stayed, was reworded, moved, is gone or new."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from .matching import matcher

REWORDED = 0.4  # share of common words from which on two passages in the same spot are one, reworded
MOVED = 0.75  # the same for two passages in different spots
_WORD = re.compile(r"\w+")
MOST_PAIRS = 60_000  # of passages that are compared word by word: 245 reworded clauses in one stretch
_SHORTEST_MOVE = 3  # words; what is shorter comes and goes too often to be told apart


@dataclass(frozen=True)
class Passage:
    """Words, and what kind of place they stand in: only passages of one kind can be versions of each other.

    `name` is the permanent name of the place, if it has one: a passage that keeps its name is the same passage.
    """

    kind: Hashable
    text: str
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Alignment:
    """`pairs` of indices in reading order, None where the other list has no such passage.

    `moves` maps the index of an old passage to that of the new one that says the same in another spot. Both stand in
    `pairs` as well, each on its own.
    """

    pairs: list[tuple[int | None, int | None]]
    moves: dict[int, int]


def align(old: Sequence[Passage], new: Sequence[Passage]) -> Alignment:
    """Finds for every new passage the old one that it comes from."""
    kept = _kept(old, new)
    gone, come = [n for n in range(len(old)) if n not in kept], sorted(set(range(len(new))) - set(kept.values()))
    moves = _same_words(old, new, gone, come)
    reworded: dict[int, int] = {}
    for gap in _gaps(kept, len(old), len(new)):
        left = [n for n in range(*gap[0]) if n not in moves]
        right = [n for n in range(*gap[1]) if n not in moves.values()]
        reworded |= _in_order(old, new, left, right)
    paired = kept | reworded
    moves |= _nearly_same(
        old, new, [n for n in gone if n not in paired and n not in moves],
        [n for n in come if n not in paired.values() and n not in moves.values()],
    )  # fmt: skip
    return Alignment(_merged(paired, len(old), len(new)), moves)


def likeness(old: str, new: str) -> float:
    """The share of their words that two passages have in common, from 0 to 1."""
    return _shared(_counted(old), _counted(new))


@dataclass(frozen=True)
class _Words:
    """The words of a passage, counted once for many comparisons: all of them, and those of its first line."""

    all: Counter[str]
    first: Counter[str]

    @classmethod
    def of(cls, passage: Passage) -> _Words:
        first, _, rest = passage.text.partition("\n")
        counted = _counted(passage.text)
        return cls(counted, _counted(first) if rest else counted)

    def likeness(self, other: _Words) -> float:
        """The larger of the two shares: a clause that has lost its table is still that clause."""
        like = _shared(self.all, other.all)
        if self.first is self.all and other.first is other.all:
            return like
        return max(like, _shared(self.first, other.first))


def _counted(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _shared(a: Counter[str], b: Counter[str]) -> float:
    total = a.total() + b.total()
    return 2 * sum(min(count, b[word]) for word, count in a.items() if word in b) / total if total else 1.0


def _kept(old: Sequence[Passage], new: Sequence[Passage]) -> dict[int, int]:
    blocks = matcher(old, new).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}


def _gaps(kept: dict[int, int], olds: int, news: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The stretches between what was kept, as (first, end) in each list."""
    gaps, a, b = [], 0, 0
    for i, j in [*sorted(kept.items()), (olds, news)]:
        if i > a and j > b:
            gaps.append(((a, i), (b, j)))
        a, b = i + 1, j + 1
    return gaps


def _same_words(old: Sequence[Passage], new: Sequence[Passage], gone: list[int], come: list[int]) -> dict[int, int]:
    waiting = defaultdict[str, list[int]](list)
    for j in come:
        waiting[new[j].text].append(j)
    found: dict[int, int] = {}
    for i in gone:
        text = old[i].text
        if len(text.split()) >= _SHORTEST_MOVE and waiting[text]:
            found[i] = waiting[text].pop(0)
    return found


def _nearly_same(old: Sequence[Passage], new: Sequence[Passage], gone: list[int], come: list[int]) -> dict[int, int]:
    was, now = {i: _counted(old[i].text) for i in gone}, {j: _counted(new[j].text) for j in come}

    if len(gone) * len(come) > MOST_PAIRS:  # one by one would take minutes: what keeps its name is still found
        places = {new[j].name: j for j in come if new[j].name}
        return {i: places[old[i].name] for i in gone if old[i].name in places}

    def score(i: int, j: int) -> float:
        if old[i].name and old[i].name == new[j].name:
            return 2.0
        return _shared(was[i], now[j]) if min(was[i].total(), now[j].total()) >= _SHORTEST_MOVE else 0.0

    scores = sorted(((score(i, j), i, j) for i in gone for j in come), key=lambda found: (-found[0], *found[1:]))
    moves: dict[int, int] = {}
    for value, i, j in scores:
        if value >= MOVED and i not in moves and j not in moves.values():
            moves[i] = j
    return moves


def _in_order(old: Sequence[Passage], new: Sequence[Passage], left: list[int], right: list[int]) -> dict[int, int]:
    """The pairs of like passages that have most in common in all, without any two of them crossing.

    Where there are very many, those of the first half are looked for in the first half.
    """
    if len(left) * len(right) > MOST_PAIRS and min(len(left), len(right)) > 1:
        a, b = len(left) // 2, len(right) // 2
        return _in_order(old, new, left[:a], right[:b]) | _in_order(old, new, left[a:], right[b:])
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    score: dict[tuple[int, int], float] = {}
    was, now = [_Words.of(old[n]) for n in left], [_Words.of(new[n]) for n in right]
    for a in reversed(range(len(left))):
        for b in reversed(range(len(right))):
            one, other = old[left[a]], new[right[b]]
            like = was[a].likeness(now[b]) if one.kind == other.kind else 0.0
            if one.kind == other.kind and one.name and one.name == other.name:
                like += 1
            score[a, b] = like if like >= REWORDED else 0.0
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
