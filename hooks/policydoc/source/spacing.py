"""Turns the spaces round marks and comments into spaces that come and go with their words: `word ~~gone~~.`

A mark can't begin with a space in Markdown, so without this the reading that leaves the words out would print `word .`,
and the edition that leaves a comment out two spaces.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from .signs import CLOSING

# Where a run of words stands: in an element's text or tail. The mark that it belongs to is the third.
_Words = tuple[ET.Element, Literal["text", "tail"], ET.Element | None]


def close_up(block: ET.Element) -> None:
    """Moves the spaces of one paragraph, heading or table cell."""
    tags = {element.tag for element in block.iter()}
    if "comment" in tags:
        _close_up_comments(list(_pieces(block, None)))
    if "del" in tags or "ins" in tags:
        _close_up_marks([piece for piece in _pieces(block, None) if not isinstance(piece, ET.Element)])


def _pieces(element: ET.Element, mark: ET.Element | None) -> Iterator[_Words | ET.Element]:
    """All words of an element in reading order, and between them the comments."""
    if element.tag == "comment":
        yield element
        return
    if element.tag in ("del", "ins"):
        mark = element
    if element.text:
        yield element, "text", mark
    for child in element:
        yield from _pieces(child, mark)
        if child.tail:
            yield child, "tail", mark


def _close_up_comments(pieces: list[_Words | ET.Element]) -> None:
    """A comment loses the space before it, unless that is the only one between two words."""
    before: _Words | None = None
    for index, piece in enumerate(pieces):
        if not isinstance(piece, ET.Element):
            before = piece if _text(piece) else before
        elif before:
            following = (_text(other) for other in pieces[index:] if not isinstance(other, ET.Element))
            after = next(filter(None, following), " ")
            if after[0].isspace() or CLOSING.match(after):
                _set(before, _text(before).rstrip())


def _close_up_marks(pieces: list[_Words]) -> None:
    """A mark takes the space before it along, where a closing sign comes after it: after it alone or after several."""
    runs = [(mark, list(group)) for mark, group in groupby(pieces, key=lambda piece: piece[2])]
    closed = False  # whether a closing sign comes after the run that is looked at
    for index in reversed(range(len(runs))):
        mark, run = runs[index]
        text = "".join(map(_text, run))
        if mark is None:
            closed = bool(CLOSING.match(text)) or (closed and not text.strip())
            continue
        if closed and index and runs[index - 1][0] is None:
            last = runs[index - 1][1][-1]
            closed = _text(last)[-1].isspace()
            if closed:
                _set(last, _text(last).rstrip())
                mark.text = " " + (mark.text or "")
        else:
            closed = False
        # In the reading without the mark before it, `~~first~~^^,^^`, the sign closes what stands before both.
        closed = closed or bool(CLOSING.match(text))


def _text(words: _Words) -> str:
    return getattr(words[0], words[1]) or ""


def _set(words: _Words, text: str) -> None:
    setattr(words[0], words[1], text or None)
