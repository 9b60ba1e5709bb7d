"""Turns what is typed for amendments, such as A1-A4,A7, into their numbers; and the paper's hash into a check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..model.amendments_hash import FEWEST, PRINTED, amendments_hash
from .approval import NothingDone, PolicyFile

# A3    A1-A4    a1–4
_ONE_OR_SEVERAL = re.compile(r"A?(\d{1,5})(?:\s*[-–]\s*A?(\d{1,5}))?", re.IGNORECASE)
_HASH = re.compile(rf"[0-9a-f]{{{FEWEST},64}}")


def numbers(option: str, typed: Iterable[str]) -> frozenset[int]:
    """The numbers of the amendments that an option names; none where it isn't given. Raises NothingDone."""
    return frozenset(number for word in typed for number in _numbers(option, word))


def _numbers(option: str, typed: str) -> Iterator[int]:
    if not typed.strip():
        raise NothingDone([f"{option} names no amendment. Write {option} A1-A4,A7, or leave it out."])
    for words in re.split(r"\s*,\s*|\s+(?=A)", typed.strip()):
        several = _ONE_OR_SEVERAL.fullmatch(words)
        if not several:
            raise NothingDone([f"{option}: “{words}” is no amendment. Write A3, or A1-A4 for several."])
        first, last = int(several[1]), int(several[2] or several[1])
        if first > last:
            raise NothingDone([f"{option}: {words} runs backwards. Write A{last}-A{first}."])
        yield from range(first, last + 1)


def refuse_another_text(file: PolicyFile, paper: str | None) -> None:
    """Raises NothingDone where the policy's amendments aren't those of the paper with this hash."""
    if paper is None:
        return
    typed = paper.strip().lower().removesuffix("…")
    if not _HASH.fullmatch(typed):
        raise NothingDone([f"--paper {paper}: that is no hash. Write its first {FEWEST} signs or more, as printed."])
    now = amendments_hash(file.document())
    if not now.startswith(typed) or not now:
        state = f"they are now text {now[:PRINTED]}" if now else "none are left"
        advice = "Vote on the text as it is, or leave --paper out."
        raise NothingDone([f"{file.path}: its amendments have changed since this paper was printed: {state}. {advice}"])
