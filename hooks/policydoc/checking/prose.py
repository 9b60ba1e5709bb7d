"""Turns a walked tree into its words as amended, block by block, and finds the line of a phrase in what was typed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from ..model.place import BLOCKS, Place, is_footnotes
from ..source.parse import Walked
from ..source.policy_files import Source

LINK, LINK_END = "\x02", "\x03"  # stand before and after the words of a link
_BREAK = " \0 "  # stands where a block, cell or line ends, so that no phrase goes on beyond it
_LEFT_OUT = frozenset({"del", "comment", "code", "pre"})
_BREAKS = BLOCKS | frozenset({"li", "tr", "td", "th", "dt", "dd", "br"})
# `code`   {>>comment<<}   <!-- comment -->   ~~deleted~~   ](address)   and the other signs of Markdown
_SIGNS = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|\{>>.*?<<\}|<!--.*?-->|~~.*?~~|(?<=\])\(\S[^()]*\)|\^\^|==|[\[\]{}*_\\>]", re.DOTALL
)

# [^fees]: the text of a footnote
_NOTE = re.compile(r"^ *\[\^[^\]]+\]:")


@dataclass(frozen=True)
class Passage:
    """The words of one block as amended, without code and comments.

    `where` is what it belongs to, for a reader; its words stand in the lines from `first` to before `end`.
    """

    text: str
    where: str
    first: int
    end: int
    heading: bool = False


def passages(it: Walked, source: Source) -> Iterator[Passage]:
    """All passages in reading order, but for those that have no words."""
    places = {place.element: place for place in it.walk.places}
    last = source.first + len(source.body)
    found = list(_below(it.tree, places, None, None))
    ends = [last] * len(found)
    for index in range(len(found) - 2, -1, -1):
        before, after = found[index][2], found[index + 1][2]
        ends[index] = after.line if after and after is not before else ends[index + 1]
    for (element, owner, latest), end in zip(found, ends, strict=True):
        text = "".join(_words(element, []))
        if text.strip(_BREAK + "\n"):
            first = latest.line if latest else _first_note(source) if is_footnotes(element) else source.first
            yield Passage(text, str(owner or ""), first, end if end > first else last, element.tag in ("h2", "h3"))


def phrase(words: str) -> re.Pattern[str]:
    """Finds these words as whole words, whatever space is between them."""
    spaced = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)")


def line_of(wanted: re.Pattern[str], passage: Passage, source: Source) -> int:
    """The line on which the words of a passage stand that a pattern has found in it; its first line if in doubt."""
    typed = "\n".join(source.body[passage.first - source.first : passage.end - source.first])
    found = wanted.search(_SIGNS.sub(lambda sign: re.sub(r"[^\n]", " ", sign[0]), typed))
    return passage.first + typed.count("\n", 0, found.start()) if found else passage.first


def _first_note(source: Source) -> int:
    return next((number for number, line in enumerate(source.body, source.first) if _NOTE.match(line)), source.first)


_Block = tuple[ET.Element, Place | None, Place | None]


def _below(
    parent: ET.Element, places: dict[ET.Element, Place], owner: Place | None, latest: Place | None
) -> Iterator[_Block]:
    """Each block with the place that it belongs to, and the place that begins last before it."""
    for child in parent:
        if child in places and child.tag == "h2":
            owner = latest = places[child]
            yield child, owner, latest
        elif child in places:
            latest = places[child]
            for block in _below(child, places, latest, latest):
                latest = block[2]
                yield block
        elif child.get("class") == "clauses":
            for block in _below(child, places, owner, latest):
                latest = block[2]
                yield block
        else:
            yield child, *((None, None) if is_footnotes(child) else (owner, latest))


def _words(element: ET.Element, words: list[str]) -> list[str]:
    """Adds the words of this element to these."""
    tag = element.tag
    if tag in _LEFT_OUT or (tag == "sup" and element.get("id")):
        return words
    if tag in _BREAKS:
        words.append(_BREAK)
    elif tag == "a":
        words.append(LINK)
    if element.text:
        words.append(element.text)
    for child in element:
        _words(child, words)
        if child.tag in _BREAKS:
            words.append(_BREAK)
        if child.tail:
            words.append(child.tail)
    if tag == "a":
        words.append(LINK_END)
    return words
