"""Sentences in which some words are quoted, so that whoever prints them can shorten or escape what is quoted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a policy in a sentence of ours."""

    text: str


Words = tuple[str | Quote, ...]


def join(*parts: str | Quote | Words) -> Words:
    """These parts as one sentence; words of ours that follow each other are one."""
    joined: list[str | Quote] = []
    for part in (inner for one in parts for inner in (one if isinstance(one, tuple) else (one,)) if inner):
        last = joined[-1] if joined else None
        if isinstance(last, str) and isinstance(part, str):
            joined[-1] = last + part
        else:
            joined.append(part)
    return tuple(joined)


def printed(sentence: Words, quote: Callable[[str], str] = str) -> str:
    """The sentence as text, the words of the policy as `quote` gives them back."""
    return "".join(f"“{quote(part.text)}”" if isinstance(part, Quote) else part for part in sentence)


def listed(parts: list[Words]) -> Words:
    """One, another and a third."""
    last = len(parts) - 1
    joints = ("" if n == 0 else " and " if n == last else ", " for n in range(len(parts)))
    return join(*(piece for joint, part in zip(joints, parts, strict=True) for piece in (joint, part)))


def ordinal(count: int) -> str:
    """Which of several it is: second, 23rd."""
    if count <= len(_ORDINALS):
        return _ORDINALS[count - 1]
    return f"{count}{'th' if count // 10 % 10 == 1 else _ENDINGS.get(count % 10, 'th')}"
