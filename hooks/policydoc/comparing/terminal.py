"""Turns a comparison into lines for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from . import report
from .comparison import Comparison

_WIDTH = 80  # columns of a terminal


@dataclass(frozen=True)
class Line:
    """A line for a terminal."""

    words: str
    heading: bool = False
    alarm: bool = False


def text(comparison: Comparison) -> Iterator[Line]:
    """The whole report, wrapped for a terminal of 80 columns."""
    yield Line(f"What {plain(comparison.head)} changes, compared with {plain(comparison.base)}", heading=True)
    if not comparison.policies:
        yield Line("Nothing: the policies are the same.")
    for policy in comparison.policies:
        yield Line("")
        yield Line(plain(f"{policy.title} ({policy.path})"), heading=True)
        yield from wrapped(plain(report.figures(policy, plain)), "  ", alarm=policy.alarming)
        for section in report.sections(policy, plain):
            yield Line("")
            yield Line(f"  {section.heading}", alarm=section.alarm)
            for item in section.items:
                yield from wrapped(item, "  - ")
            if section.advice:
                yield from wrapped(section.advice, "  ")


def plain(words: str) -> str:
    """Words without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in words)


def wrapped(words: str, indent: str, alarm: bool = False) -> Iterator[Line]:
    """The words in lines of 80 columns, what stands before the first as wide before the others."""
    lines = textwrap.wrap(
        words, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent),
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
    return (Line(line, alarm=alarm) for line in lines)
