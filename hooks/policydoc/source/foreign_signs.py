"""Turns signs of other programs' Markdown, which would be printed as they stand, into the slips of their author.

Text is as `unread` gives it: what Markdown has read is no longer there, and what an author escaped has its backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..messages import Fault, said
from .line_numbers import MARKER
from .near_misses import shown
from .unread import DEL, INS

# What at least one of is in every text with such a sign
_ANY = re.compile(r"==|\+\+|%%|\^\[|\[[ xX]\]|\] {1,3}\(")
# ==words==   ++words++   %%words%%     but not: C++   a == b   100 %%
_PAIR = re.compile(r"(?<![\w=+%\\{])(==|\+\+|%%)(?=[^\s=+%])([^=+%]{1,400}?)(?<=\S)\1(?![\w=+%}])")
# ^[words]
_NOTE = re.compile(r"(?<![\^\\])\^\[([^\[\]]{1,400})\]")
# [ ] words   [x] words     at the beginning of a block
_TICKED = re.compile(rf"(?:[\s{DEL}{INS}]|{MARKER.pattern}){{0,9}}(\[[ xX]\])(?=\s)")
# [words] (https://example.org)   [words] (#name)   [words] (dogs.md)
_APART = re.compile(
    r"(?<![\\!])\[[^\[\]]+\][ \u00a0]{1,3}\((?:(?:https?|mailto|tel):|www\.|#[a-z]|[\w-]+\.md\b)[^()\s]*\)"
)


def foreign(text: str) -> Iterator[tuple[int, Fault]]:
    """The foreign signs in a block's words, and the index where each stands."""
    if not _ANY.search(text):
        return
    for pair in _PAIR.finditer(text):
        yield pair.start(), _pair(pair[1], shown(pair[0]), shown(pair[2]))
    for note in _NOTE.finditer(text):
        yield note.start(), said("P430", sign=shown(note[0]), words=shown(note[1]))
    ticked = _TICKED.match(text)
    if ticked:
        yield ticked.start(1), said("P325", sign=ticked[1])
    for link in _APART.finditer(text):
        yield link.start(), said("P428")


def _pair(sign: str, whole: str, words: str) -> Fault:
    if sign == "%%":
        return said("P316", sign=whole, right=f"{{>>{words}<<}}")
    return said("P319", sign=whole, right=f"^^{words}^^") if sign == "++" else said("P326", sign=whole, words=words)
