"""Turns the blocks of a marked text, and what is chosen of their marks, into the text in which these are settled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..editions.outline import DELETED
from ..model.place import Place
from ..model.reading import Reading
from . import marks, wording
from .blocks import Block
from .marks import Fate, Span


class Refused(Exception):
    """Nothing can be done, and why: one line each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Piece:
    """A block with its marks, the place it belongs to, and whether it is the one that begins that place.

    `twin` is the other end of a move: the place where the same words are deleted or inserted.
    """

    block: Block
    spans: tuple[Span, ...]
    chosen: tuple[Span, ...]
    owner: Place | None
    begins: bool
    twin: Place | None = None


def rewritten(pieces: Iterable[Piece], reading: Reading, close_up: bool, keep_comments: bool) -> str:
    """The body with the chosen marks settled, all else as it was typed. Raises Refused."""
    writing = _Writing(reading, close_up, keep_comments)
    for piece in pieces:
        writing.add(piece)
    return writing.text()


class _Writing:
    """A body as it is written anew, block by block; where blocks go, the blank lines round them close up."""

    def __init__(self, reading: Reading, close_up: bool, keep_comments: bool) -> None:
        self._reading, self._keep_comments = reading, keep_comments
        self._holds_numbers = reading == "amended" and not close_up
        self._goes = "deleted" if reading == "amended" else "inserted"
        self._found: list[tuple[str, str]] = []  # the text of a block, its line's end and blank lines
        self._last_after = ""  # what stood behind the last block, whether it has gone or not
        self._begun: tuple[str, str] | None = None  # lead and names of a place whose first words alone have gone
        self._gone_bullet: Block | None = None  # while what stands in it is looked at
        self._has_dropped = False  # whether the last block has gone
        self._has_sibling = False  # whether a bullet of the list that we are in has stayed

    def add(self, piece: Piece) -> None:
        block = piece.block
        self._last_after = block.after
        if self._begun and block.is_attributes:  # of the words that have gone, but for the place's name
            lead, names = self._begun
            self._begun = lead, names + "".join(f" {{#{name}}}" for name in wording.NAME.findall(block.text))
            return
        words, attributes, is_empty = self._settled(piece)
        if self._gone_bullet and _is_inside(block, self._gone_bullet):
            if not is_empty:
                raise Refused(f"{_where(piece)}: a bullet goes, but what stands in it stays. Mark that as well.")
        else:
            self._gone_bullet = block if is_empty and block.kind == "bullet" else None
        if is_empty and piece.begins and piece.owner and piece.owner.status != self._goes:
            self._begun = block.lead, attributes
        elif is_empty and piece.begins and self._holds_numbers:
            words, is_empty = f"{DELETED} {wording.without_names(attributes).strip()}".rstrip(), False
        if is_empty or (self._has_dropped and block.is_attributes and not self._has_sibling):
            self._drop(block)
        else:
            self._keep(piece, words)

    def text(self) -> str:
        if self._begun:
            raise Refused("the last clause would begin with nothing. Put words into it.")
        if self._found:
            self._found[-1] = self._found[-1][0], self._last_after
        return "".join(text + after for text, after in self._found)

    def _keep(self, piece: Piece, words: str) -> None:
        block, lead = piece.block, piece.block.lead
        if self._begun:
            if block.kind != "paragraph" or piece.begins:
                raise Refused(f"{_where(piece)} would begin with a list or table. Put words before it.")
            lead, names = self._begun
            words, self._begun = f"{words.rstrip()} {names.strip()}".rstrip(), None
        self._has_dropped = False
        self._has_sibling = block.kind == "bullet" or (self._has_sibling and block.is_attributes)
        self._found.append((lead + words, block.after))

    def _drop(self, block: Block) -> None:
        self._has_dropped = True
        self._has_sibling = self._has_sibling and block.kind == "bullet"
        if self._found:
            text, after = self._found[-1]
            if text.strip() and len(block.after) > len(after):
                self._found[-1] = text, block.after

    def _settled(self, piece: Piece) -> tuple[str, str, bool]:
        """The block's words, the attributes at their end, and whether marks have left nothing else of them."""
        if not piece.chosen:
            return piece.block.text, "", False
        bare = _without_marks(piece, self._reading, "drop")
        words = _without_marks(piece, self._reading, "keep") if self._keep_comments else bare
        left, attributes = wording.apart(bare if piece.begins else words)
        return words, attributes, not left.strip()


def _where(piece: Piece) -> str:
    return f"line {piece.block.line}: {piece.owner or 'text'}"


def _is_inside(block: Block, bullet: Block) -> bool:
    return block.depth > bullet.depth and not block.is_attributes and block.kind != "heading"


def _without_marks(piece: Piece, reading: Reading, comments: Fate) -> str:
    block, settled = piece.block, marks.fates(reading, comments)

    def fate(span: Span) -> Fate:
        return settled(span) if span in piece.chosen else "keep"

    if block.kind != "table":
        return marks.settled(block.text, piece.spans, fate)
    rows, start = [], 0
    for row in re.findall(r"[^\r\n]*(?:\r\n|\r|\n|$)", block.text):
        end = start + len(row)
        fates = {
            replace(span, start=span.start - start, end=span.end - start): fate(span)
            for span in piece.spans
            if start <= span.start < end
        }
        left = marks.settled(row, list(fates), fates.__getitem__)
        rows += [left] if left.strip(" \t\r\n|") or not fates else []
        start = end
    return "".join(rows).rstrip("\r\n") if any(re.search(r"[^\s|:-]", row) for row in rows) else ""
