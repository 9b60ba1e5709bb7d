"""Turns two sequences into what stayed in them and what is gone or new, without taking minutes over long ones.

Python's matcher compares every element with every one that is equal to it. For what people write that is little; for
thousands of equal clauses or words it would be hours, so that these are told apart less finely.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

MOST = 4_000_000  # comparisons: two versions of a policy with 2,000 clauses each, or of a paragraph with as many words

T = TypeVar("T", bound=Hashable)


def is_much(old: Sequence[T], new: Sequence[T]) -> bool:
    """Whether it would take too long to compare every element of the one with every element of the other."""
    return len(old) * len(new) > MOST


def matcher(old: Sequence[T], new: Sequence[T]) -> SequenceMatcher[T]:
    """A matcher for both; where they are long, elements that stand in one place out of a hundred are no anchors."""
    return SequenceMatcher(None, old, new, autojunk=is_much(old, new))
