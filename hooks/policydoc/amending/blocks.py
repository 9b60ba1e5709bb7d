"""Turns a policy file's text into its blocks, each a piece of that text, so that an edit touches nothing else.

Joined again, the blocks are the text, byte for byte. Which lines make a block is what Markdown and `line_numbers` say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ..source.signs import (
    ADDRESS,
    ATTRIBUTES_ALONE,
    BARE,
    FENCE,
    FRONT_MATTER_END,
    HEADING,
    ITEM,
    LINE_END,
    NOTE,
    closes,
    is_bare,
    leaves_comment_open,
)

# heading: ## and ###; item: 1.; bullet: -; meaning: :   and the term above it; table: all its rows; fixed: what
# marks have no business in
Kind = Literal["heading", "item", "bullet", "paragraph", "term", "meaning", "table", "fixed"]

_LINE = re.compile(rf"[^\r\n]*(?:{LINE_END.pattern}|$)")
# 1.  text   - text   ## text   > text   [^1]: text   : text        with all before the first word
_LEAD = re.compile(rf"[ \t]*(?:{ITEM}[ \t]+(?=\S)|{HEADING}[ \t]*|(?:>[ \t]?)+|{NOTE}[ \t]*|:[ \t]+)?")
_BEGINS = re.compile(rf"{ITEM}[ \t]+\S|{HEADING}[ \t]|{NOTE}|:[ \t]+")
_HEADING = re.compile(rf"{HEADING}[ \t]")
# | --- | :-: |      below the head of a table
_TABLE_RULE = re.compile(r"^(?=.*-)(?=.*\|)[\s|:-]+$")
# ---   [name]: https://…   !!! note
_FIXED = re.compile(rf"^(?:[-*_](?:[ \t]*[-*_]){{2,}}|{ADDRESS}.*|!!!.*)$")


@dataclass(frozen=True)
class TextBlock:
    """One block as it was typed: `lead` is what stands before its words, `after` its line's end and the blank lines.

    `line` is its first line in the file, `depth` how many levels of lists it stands in. `bare` is the part of the lead
    that begins a clause which has no words before this one, its first sub-clause.
    """

    kind: Kind
    line: int
    depth: int
    lead: str
    text: str
    after: str
    bare: str = ""

    @property
    def is_attributes(self) -> bool:
        """Whether it is a line such as {.internal}, which belongs to the block above it."""
        return self.kind == "fixed" and bool(ATTRIBUTES_ALONE.match(self.text))

    @property
    def source(self) -> str:
        return self.lead + self.text + self.after


def split(text: str) -> tuple[str, str]:
    """Front matter with its two --- lines, and the body; the front matter is empty where there is none."""
    lines = lines_in(text)
    if lines and lines[0].lstrip("\ufeff").rstrip() == "---":
        for number, line in enumerate(lines[1:], 2):
            if FRONT_MATTER_END.match(line):
                return "".join(lines[:number]), "".join(lines[number:])
    return "", text


def newline(text: str) -> str:
    """How this file ends its lines."""
    first = LINE_END.search(text)
    return first[0] if first else "\n"


def lines_in(text: str) -> list[str]:
    """The lines of a text, each with its end; joined again they are the text."""
    return [line for line in _LINE.findall(text) if line]


def blocks_of(body: str, first: int = 1) -> list[TextBlock]:
    """The blocks of a body whose first line is line `first` of the file; blank lines at its head are a block, too."""
    blocks: list[TextBlock] = []
    lines = lines_in(body)
    for line, words, after in _runs(lines, first):
        head = words.split("\n")[0].split("\r")[0]
        bare = BARE.match(words) if is_bare(words, lines[line - first + 1 :]) else None
        lead = _LEAD.match(words, bare.end() if bare else 0)
        start = lead.end() if lead else 0
        indent = len(head.expandtabs(4)) - len(head.expandtabs(4).lstrip(" "))
        kind = _kind(words, words[:start].strip())
        if kind in ("fixed", "table"):
            start = 0
        depth = indent // 4 + (1 if bare else 0)
        if kind == "meaning" and blocks and (blocks[-1].kind, blocks[-1].depth) == ("paragraph", depth):
            blocks[-1] = replace(blocks[-1], kind="term")
        blocks.append(TextBlock(kind, line, depth, words[:start], words[start:], after, bare[0] if bare else ""))
    return blocks


def _kind(words: str, sign: str) -> Kind:
    lines = words.splitlines()
    if not words.strip() or FENCE.match(lines[0].expandtabs(4)) or ATTRIBUTES_ALONE.match(words):
        return "fixed"
    if len(lines) > 1 and _TABLE_RULE.match(lines[1]) and not sign:
        return "table"
    if _FIXED.match(lines[0].strip()):
        return "fixed"
    if sign.startswith("#"):
        return "heading"
    if sign[:1].isdigit():
        return "item"
    if sign == ":":
        return "meaning"
    return "bullet" if sign in ("-", "*", "+") else "paragraph"


def _runs(lines: list[str], first: int) -> Iterator[tuple[int, str, str]]:
    """The lines of each block as (line number, text without the last line's end, that end and the blank lines)."""
    index = 0
    while index < len(lines):
        start, index = index, _end_of_block(lines, index)
        blank = index
        while blank < len(lines) and not lines[blank].strip():
            blank += 1
        words = "".join(lines[start:index])
        bare = words.rstrip("\r\n") if words.strip() else ""
        yield first + start, bare, words[len(bare) :] + "".join(lines[index:blank])
        index = blank


def _end_of_block(lines: list[str], start: int) -> int:
    """The index of the line behind the block that begins here; blank lines at a body's head are one without lines."""
    if not lines[start].strip():
        return start
    fence = FENCE.match(lines[start].rstrip("\r\n").expandtabs(4))
    if fence:
        for index in range(start + 1, len(lines)):
            if closes(lines[index], fence[2]):
                return index + 1
        return len(lines)
    index, is_open = start, False
    while index < len(lines):
        line = lines[index].rstrip("\r\n")
        if not is_open and index > start and (not line.strip() or _begins(line) or _alone(lines[index - 1])):
            break
        # A comment <!-- goes on over blank lines and whatever else stands in it.
        is_open = leaves_comment_open(line, is_open)
        index += 1
    return index


def _begins(line: str) -> bool:
    """Whether a line begins a block of its own, even without a blank line before it."""
    return bool(_BEGINS.match(line.lstrip(" \t")) or _alone(line) or FENCE.match(line.expandtabs(4)))


def _alone(line: str) -> bool:
    """Whether a line is a block by itself, whatever follows: a heading, or attributes."""
    bare = line.rstrip("\r\n")
    return bool(ATTRIBUTES_ALONE.match(bare) or _HEADING.match(line) or _FIXED.match(bare.strip()))
