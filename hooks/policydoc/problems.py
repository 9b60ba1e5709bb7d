"""Turns what is wrong with a policy into one line that says where, what, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One slip of an author: `policy_src/x.md:12: clause 3.2: what is wrong. What to write instead. [P203]`

    An error means the policy can't be published; a warning is suspicious and fails only a strict check.
    """

    path: str
    line: int
    text: str
    clause: str = ""
    level: Level = "error"
    code: str = ""

    def __str__(self) -> str:
        where = self.path + (f":{self.line}" if self.line else "")
        said = ": ".join(part for part in (where, self.clause, self.text) if part)
        return f"{said} [{self.code}]" if self.code else said


def external_only(problem: Problem) -> Problem:
    """The problem, saying that the internal edition doesn't have it."""
    return replace(problem, text=f"{problem.text} (External edition only.)")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file and line, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.path, problem.line, problem.text))


def count_of(number: int, noun: str) -> str:
    """`1 policy`, `2 policies`, `3 errors`: a number with its noun."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{number:,} {noun}s"
