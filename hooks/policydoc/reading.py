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
    """The words of these blocks, one line a paragraph, bullet or table row; spaces folded, comments left out."""
    parts: list[str] = []
    for block in blocks:
        parts.append("\n")
        _gather(block, _LEFT_OUT[reading], parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _gather(element: ET.Element, left_out: str, parts: list[str]) -> None:
    if element.tag == left_out or element.tag == "comment" or (element.tag == "sup" and element.get("id")):
        return
    if element.tag in _NEW_LINE:
        parts.append("\n")
    elif element.tag in _SPACE:
        parts.append(" ")
    if element.text:
        parts.append(element.text.replace("\n", " "))
    for child in element:
        _gather(child, left_out, parts)
        if child.tag in _NEW_LINE:
            parts.append("\n")
        if child.tail:
            parts.append(child.tail.replace("\n", " "))
