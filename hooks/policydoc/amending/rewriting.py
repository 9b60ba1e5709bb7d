"""Turns the blocks of a marked text, and what is chosen of their marks, into the text in which these are resolved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ..model.document import Provision, Reading
from ..model.outline import DELETED
from ..model.runs import LEFT_OUT
from ..source.numbering import Counting
from . import marks, word_by_word
from .blocks import TextBlock, lines_in
from .marks import Resolution, Span


class Refused(Exception):
    """Nothing can be done, and why: one line each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class MarkedBlock:
    """A block with its marks, the provision it belongs to, and whether it is the one that begins that provision.

    `twin` is the other end of a move: the provision where the same words are deleted or inserted.
    """

    block: TextBlock
    spans: tuple[Span, ...]
    chosen: tuple[Span, ...]
    owner: Provision | None
    begins: bool
    twin: Provision | None = None


def rewritten(
    marked: Iterable[MarkedBlock],
    reading: Reading,
    counting: Counting,
    keep_comments: bool,
    labelled: Collection[str] = (),
) -> str:
    """The body with the chosen marks resolved, all else as it was typed. Raises Refused.

    `labelled` are the anchors of new places whose number is written down, beside those that get a letter.
    """
    writing = _Writing(reading, counting, keep_comments, labelled)
    for block in marked:
        writing.add(block)
    return writing.text()


class _Writing:
    """A body as it is written anew, block by block; where blocks go, the blank lines round them close up."""

    def __init__(self, reading: Reading, counting: Counting, keep_comments: bool, labelled: Collection[str]) -> None:
        self._reading, self._keep_comments, self._labelled = reading, keep_comments, labelled
        self._holds_numbers = reading == "amended" and not counting.close_up
        self._labels = reading == "amended" and counting.with_letters
        self._goes = LEFT_OUT[reading]
        self._written: list[tuple[str, str]] = []  # the text of a block, its line's end and blank lines
        self._last_after = ""  # what stood behind the last block, whether it has gone or not
        self._begun: tuple[str, str] | None = None  # lead and names of a provision whose first words alone have gone
        self._gone_bullet: TextBlock | None = None  # while what stands in it is looked at
        self._bare = ""  # what began a clause without words, whose first sub-clause has gone
        self._has_dropped = False  # whether the last block has gone
        self._has_sibling = False  # whether a bullet of the list that we are in has stayed

    def add(self, marked: MarkedBlock) -> None:
        block = marked.block
        self._last_after = block.after
        if self._begun and block.is_attributes:  # of the words that have gone, but for its name
            lead, names = self._begun
            self._begun = lead, names + "".join(f" {{#{name}}}" for name in word_by_word.NAME.findall(block.text))
            return
        words, attributes, is_empty = self._resolved(marked)
        if self._gone_bullet and _is_inside(block, self._gone_bullet):
            if not is_empty:
                raise Refused(f"{_where(marked)}: a bullet goes, but what stands in it stays. Mark that as well.")
        else:
            self._gone_bullet = block if is_empty and block.kind == "bullet" else None
        if is_empty and marked.begins and marked.owner and marked.owner.status != self._goes:
            self._begun = block.lead, attributes
        elif is_empty and marked.begins and self._holds_numbers:
            words, is_empty = f"{DELETED} {word_by_word.without_names(attributes).strip()}".rstrip(), False
        elif self._labels and marked.begins and marked.owner:
            words += _label(marked.owner, self._labelled)
        if is_empty or (self._has_dropped and block.is_attributes and not self._has_sibling):
            self._drop(block)
        else:
            self._keep(marked, words)

    def text(self) -> str:
        if self._begun:
            raise Refused("the last clause would begin with nothing. Put words into it.")
        if self._written:
            self._written[-1] = self._written[-1][0], self._last_after
        return "".join(text + after for text, after in self._written)

    def _keep(self, marked: MarkedBlock, words: str) -> None:
        block, lead = marked.block, marked.block.lead
        if self._bare and block.depth > _depth(self._bare):
            if block.kind != "item" or block.depth != _depth(self._bare) + 1:
                raise Refused(f"{_where(marked)} would stand in a clause without a beginning. Put words before it.")
            lead = self._bare + lead.lstrip()
        self._bare = ""
        if self._begun:
            if block.kind != "paragraph" or marked.begins:
                raise Refused(f"{_where(marked)} would begin with a list or table. Put words before it.")
            lead, names = self._begun
            words, self._begun = f"{words.rstrip()} {names.strip()}".rstrip(), None
        self._has_dropped = False
        self._has_sibling = block.kind == "bullet" or (self._has_sibling and block.is_attributes)
        self._written.append((lead + words, block.after))

    def _drop(self, block: TextBlock) -> None:
        self._has_dropped = True
        self._bare = block.bare or self._bare
        self._has_sibling = self._has_sibling and block.kind == "bullet"
        if self._written:
            text, after = self._written[-1]
            if text.strip() and len(block.after) > len(after):
                self._written[-1] = text, block.after

    def _resolved(self, marked: MarkedBlock) -> tuple[str, str, bool]:
        """The block's words, the attributes at their end, and whether marks have left nothing else of them."""
        if not marked.chosen:
            return marked.block.text, "", False
        bare = _without_marks(marked, self._reading, "drop")
        words = _without_marks(marked, self._reading, "keep") if self._keep_comments else bare
        left, attributes = word_by_word.apart(bare if marked.begins else words)
        return words, attributes, not left.strip()


def _label(provision: Provision, labelled: Collection[str]) -> str:
    """What keeps the number that an inserted place has been given: {=2A}."""
    number = provision.number
    if number is None or provision.own is not None or provision.status != "inserted":
        return ""
    if not number.between and provision.anchor not in labelled:
        return ""
    return f" {{={number.between or number.label.rpartition('.')[2]}}}"


def _depth(lead: str) -> int:
    return (len(lead) - len(lead.lstrip(" "))) // 4


def _where(marked: MarkedBlock) -> str:
    return f"line {marked.block.line}: {marked.owner or 'text'}"


def _is_inside(block: TextBlock, bullet: TextBlock) -> bool:
    return block.depth > bullet.depth and not block.is_attributes and block.kind != "heading"


def _without_marks(marked: MarkedBlock, reading: Reading, comments: Resolution) -> str:
    block, meant = marked.block, marks.resolutions(reading, comments)

    def resolution(span: Span) -> Resolution:
        return meant(span) if span in marked.chosen else "keep"

    if block.kind != "table":
        return marks.resolved(block.text, marked.spans, resolution)
    rows, start = [], 0
    for row in lines_in(block.text):
        end = start + len(row)
        resolutions = {
            replace(span, start=span.start - start, end=span.end - start): resolution(span)
            for span in marked.spans
            if start <= span.start < end
        }
        left = marks.resolved(row, list(resolutions), resolutions.__getitem__)
        rows += [left] if left.strip(" \t\r\n|") or not resolutions else []
        start = end
    return "".join(rows).rstrip("\r\n") if any(re.search(r"[^\s|:-]", row) for row in rows) else ""
