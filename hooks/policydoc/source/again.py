"""Turns lines that have been read before into a copy of their tree, for the commands that read a text several times.

They read it for each edition, for what it was and for what it would be, and change the tree that they get. A copy takes
a twentieth of the time of a reading.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import OrderedDict
from copy import deepcopy
from dataclasses import dataclass

from ..messages import Fault
from .markdown import Comment, Dialect

MOST = 3_000_000  # characters whose trees are kept: those of 200 policies, or of the three longest allowed


@dataclass(frozen=True)
class _Known:
    """What a reading of one text came to; nobody is given the tree itself."""

    tree: ET.Element
    comments: list[Comment]
    faults: list[tuple[str, Fault]]


class _Memory:
    """The trees of the texts that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._size = 0

    def get(self, text: str) -> _Known | None:
        if text in self._kept:
            self._kept.move_to_end(text)
        return self._kept.get(text)

    def put(self, text: str, known: _Known) -> None:
        self._kept[text] = known
        self._size += len(text)
        while self._size > MOST:
            oldest, _ = self._kept.popitem(last=False)
            self._size -= len(oldest)


_memory = _Memory()


class Remembering(Dialect):
    """The parser for a command that comes back to its texts; what one has read all others know."""

    def parse(self, lines: list[str]) -> tuple[ET.Element, list[Comment]]:
        text = "\n".join(lines)
        known = _memory.get(text)
        if known is None:
            known = _Known(*super().parse(lines), self._faults)
            _memory.put(text, known)
        self._faults = known.faults
        return deepcopy(known.tree), list(known.comments)
