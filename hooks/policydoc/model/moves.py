"""Recognises what has gone from one spot and come in another: by the name that it keeps, or else by its words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

MOVED = 0.75  # share of common words from which on two passages in different spots are one
MOST_PAIRS = 60_000  # of passages that are compared word by word: 245 that have gone, and as many that have come
_WORD = re.compile(r"\w+")
_SHORTEST = 3  # words; what is shorter comes and goes too often to be told apart


@dataclass(frozen=True, slots=True)
class Passage:
    """Words, and what kind of place they stand in: in one spot, only passages of one kind are versions of each other.

    `name` is the permanent name of the place, if it has one: a passage that keeps its name is the same passage,
    whatever its words. `short` says that a single word is enough to know it by, as a heading is known. `gone` says that
    it only holds the place of what stood there before, or can't be shown; then its `number` helps to know it.
    """

    kind: Hashable
    text: str
    name: str = ""
    short: bool = False
    gone: bool = False
    number: str = ""


def moves(gone: Sequence[Passage], come: Sequence[Passage]) -> dict[int, int]:
    """Which of `gone` has become which of `come`, by index: what keeps its name, its words, or most of its words.

    Each moves once, those most alike first. Among very many, rewording is not looked for: it would take minutes.
    """
    pairs = same(gone, come, range(len(gone)), range(len(come)))
    return pairs | alike(gone, come, others(range(len(gone)), pairs), others(range(len(come)), pairs.values()))


def same(gone: Sequence[Passage], come: Sequence[Passage], left: Iterable[int], right: Iterable[int]) -> dict[int, int]:
    """Those of these indices that keep their name or, unless that is another's now, every word."""
    left, right = list(left), list(right)
    names = {come[j].name: j for j in right if come[j].name}
    pairs = {i: names[gone[i].name] for i in left if gone[i].name in names}
    waiting = defaultdict[str, list[int]](list)
    for j in others(right, pairs.values()):
        waiting[come[j].text].append(j)
    for i in others(left, pairs):
        text = gone[i].text
        if waiting[text] and _is_long_enough(gone[i], len(text.split())):
            pairs[i] = waiting[text].pop(0)
    return pairs


def alike(
    gone: Sequence[Passage], come: Sequence[Passage], left: Sequence[int], right: Sequence[int]
) -> dict[int, int]:
    """Those of these indices that keep most of their words."""
    if len(left) * len(right) > MOST_PAIRS:
        return {}
    was, now = ({n: counted(side[n].text) for n in some} for side, some in ((gone, left), (come, right)))

    def score(i: int, j: int) -> float:
        words = min(was[i].total(), now[j].total())
        return shared(was[i], now[j]) if _is_long_enough(gone[i], words) else 0.0

    scores = sorted((-score(i, j), i, j) for i in left for j in right)
    pairs: dict[int, int] = {}
    taken = set[int]()
    for value, i, j in scores:
        if -value >= MOVED and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def likeness(old: str, new: str) -> float:
    """The share of their words that two passages have in common, from 0 to 1."""
    return shared(counted(old), counted(new))


def counted(text: str) -> Counter[str]:
    """How often each word stands in a text."""
    return Counter(_WORD.findall(text.lower()))


def shared(a: Counter[str], b: Counter[str]) -> float:
    """The share of their words that two texts have in common, from 0 to 1."""
    total = a.total() + b.total()
    return 2 * sum(min(count, b[word]) for word, count in a.items() if word in b) / total if total else 1.0


def _is_long_enough(passage: Passage, words: int) -> bool:
    return not passage.gone and words >= (1 if passage.short else _SHORTEST)


def others(some: Iterable[int], taken: Iterable[int]) -> list[int]:
    """These indices without those that are taken."""
    gone = set(taken)
    return [n for n in some if n not in gone]
