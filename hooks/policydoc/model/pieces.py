"""What is shown of a text as one piece each: a paragraph, heading, bullet or row, and long ones shortened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .document import Run

MOST = 90  # words of a text that is shown in full
_AROUND = 30  # words that are shown before and behind the touched ones of a longer text
_SPARED = 5  # words for which no ellipsis is worth its while


@dataclass(frozen=True)
class Piece:
    """A paragraph, heading, bullet or row as one side has it; `label` stands before its words: 4.3, •.

    Only marks of the one amendment are left. Its words are `runs[first:end]` of the `spot`, where it takes words out
    or puts some in; where the other side alone has words, both are the number of runs before them. None for a piece
    that the amendment leaves as it is.
    """

    label: str
    runs: tuple[Run, ...]
    is_heading: bool = False
    spot: tuple[int, int] | None = None


GAP = Piece("", (Run("…"),))


def unmarked(piece: Piece) -> Piece:
    """The piece with nothing struck or new in it."""
    return replace(piece, runs=tuple(replace(run, mark="") for run in piece.runs))


def ending(piece: Piece) -> Piece:
    """The piece with its end as the spot: something comes behind it."""
    return replace(piece, spot=(len(piece.runs), len(piece.runs)))


def count(some: Iterable[Run]) -> int:
    """How many words these runs have."""
    return sum(len(run.text.split()) for run in some)


def shortened(piece: Piece) -> Piece:
    """A long piece without the words that are far from its spot."""
    if not piece.spot or count(piece.runs) <= MOST:
        return piece
    first, end = piece.spot
    before, own = _near(piece.runs[:first], is_before=True), piece.runs[first:end]
    runs = (*before, *own, *_near(piece.runs[end:], is_before=False))
    return replace(piece, runs=runs, spot=(len(before), len(before) + len(own)))


def _near(some: Sequence[Run], is_before: bool) -> tuple[Run, ...]:
    """The words next to the spot that stands behind, or else before, these runs."""
    if count(some) <= _AROUND + _SPARED:
        return tuple(some)
    kept: list[Run] = []
    room = _AROUND
    for run in reversed(some) if is_before else some:
        words = run.text.split()
        if len(words) > room:
            part = words[-room:] if is_before else words[:room]
            ends = run.text[: len(run.text) - len(run.text.lstrip())], run.text[len(run.text.rstrip()) :]
            text = " ".join(part) if room else ""
            text = f"… {text}{ends[1]}" if is_before else f"{ends[0]}{text} …"
            kept.append(replace(run, text=text, thing=None))
            break
        room -= len(words)
        kept.append(run)
    return tuple(reversed(kept)) if is_before else tuple(kept)
