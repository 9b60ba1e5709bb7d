"""Turns blocks of a marked tree into the plain text of one reading."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Literal

from .place import BLOCKS

Reading = Literal["amended", "previous"]

_LEFT_OUT = {"amended": "del", "previous": "ins"}
_NEW_LINE = BLOCKS | {"li", "tr", "dt", "dd"}
_SPACE = frozenset({"td", "th", "br"})


def plain(blocks: Iterable[ET.Element], reading: Reading) -> str:
    """The words of these blocks, one line a paragraph, bullet or table row; spaces folded, comments left out.

    So are blocks that say that they are missing from the reading.
    """
    parts: list[str] = []
    for block in blocks:
        parts.append("\n")
        _gather(block, reading, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _gather(element: ET.Element, reading: Reading, parts: list[str]) -> None:
    if element.tag in (_LEFT_OUT[reading], "comment") or element.get("data-missing") == reading:
        return
    if element.tag == "sup" and element.get("id"):
        return
    if element.tag in _NEW_LINE:
        parts.append("\n")
    elif element.tag in _SPACE:
        parts.append(" ")
    if element.text:
        parts.append(element.text.replace("\n", " "))
    for child in element:
        _gather(child, reading, parts)
        if child.tag in _NEW_LINE:
            parts.append("\n")
        if child.tail:
            parts.append(child.tail.replace("\n", " "))
