"""Turns the lines of a policy into what in them is too much for Markdown to read in a few seconds, if anything is.

Python-Markdown looks from every sign that may open something to the end of its paragraph, so its work grows with the
signs of a paragraph times its length. The longest policy we know of comes to a hundredth of what is allowed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..messages import Fault, said

WORK = 50_000_000  # signs times characters, over all paragraphs: some 5 seconds of opening brackets, its dearest sign
BLOCKS = 5_000  # paragraphs, clauses, bullets and table rows; the longest policy we know of has 1,000
LINKS = 5_000  # the same has 500
WORD = 5_000  # signs without a space: no address is as long, and no line of print can be broken in so many
# Beside each line itself: what opens a link, an image, a comment, code, emphasis, a mark or an entity, or looks so;
# two spaces, which break a line behind it, and what begins a meaning
_SIGN = re.compile(r"[\[{}<>«»｛｝＜＞*_~^`&\\]")
_MEANING = re.compile(r" {0,3}: (?! $)")
# What has no space and no table's pipe in it
_LONG = re.compile(rf"[^\s|]{{{WORD + 1}}}")
# |cells   [name]: https://…   1.  text   - text   ## text       each a paragraph of its own, without a blank line
_BEGINS = re.compile(r" *(?:\||\[[^\]]{1,99}\]:|\d{1,9}\. |[-*+] |#)")


def too_much(lines: Sequence[tuple[int, str]]) -> tuple[int, Fault] | None:
    """The line of the paragraph that is most at fault, and the fault; `lines` are (number, text) without code."""
    return None if _is_little([line for _, line in lines]) else _excess(lines)


def _is_little(lines: Sequence[str]) -> bool:
    """Whether the lines are within the limits even if they are all one paragraph, as most policies' are."""
    text = "\n".join(lines)
    signs = 3 * len(lines) + len(_SIGN.findall(text))
    return signs * len(text) <= WORK and len(lines) <= BLOCKS and max(map(len, lines), default=0) <= WORD


def _excess(lines: Iterable[tuple[int, str]]) -> tuple[int, Fault] | None:
    total, worst = 0, (0, 0, 0, 0)  # work, line, signs, length
    blocks = 0
    first = signs = length = long = 0
    for number, line in (*lines, (0, "")):
        if len(line) > WORD and not long and _LONG.search(line):
            long = number
        if not line.strip() or _BEGINS.match(line):
            total += signs * length
            worst = max(worst, (signs * length, first, signs, length))
            first, signs, length = number, 0, 0
        if line.strip() and not length:
            first, blocks = number, blocks + 1
            if blocks > BLOCKS:
                return first, said("P252", limit=f"{BLOCKS:,}")
        signs += 1 + len(_SIGN.findall(line)) + line.endswith("  ") + bool(_MEANING.match(line))
        length += len(line)
    if total <= WORK:
        return (long, said("P253", limit=f"{WORD:,}")) if long else None
    _, first, signs, length = worst
    return first, said("P250", signs=f"{signs:,}", length=f"{length:,}")
