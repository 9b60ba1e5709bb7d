"""Turns a finished article into the plain text of one reading, by the shortest way: for tests to compare with."""

import xml.etree.ElementTree as ET
from typing import Literal

Reading = Literal["amended", "previous"]

LEFT_OUT = {"amended": "del", "previous": "ins"}
BLOCKS = frozenset("article h2 h3 p ol ul li table thead tbody tr blockquote div dl dt dd pre hr".split())


def lines(article: str, reading: Reading) -> list[str]:
    """The words of the article, a line for each paragraph, bullet and table row; clauses begin with their number."""
    parts: list[str] = []
    gather(ET.fromstring(article), reading, parts)
    folded = (" ".join(line.split()) for line in "".join(parts).split("\0"))
    return [line for line in folded if line]


def gather(element: ET.Element, reading: Reading, parts: list[str]) -> None:
    names = element.get("class", "").split()
    if (
        element.tag == LEFT_OUT[reading]
        or "vh" in names
        or "comment" in names
        or (element.tag == "sup" and element.get("id"))
    ):
        return
    edge = "\0" if element.tag in BLOCKS else " " if element.tag in ("td", "th") else ""
    parts.append(edge + (element.text or ""))
    for child in element:
        gather(child, reading, parts)
        parts.append(child.tail or "")
    parts.append(edge)
