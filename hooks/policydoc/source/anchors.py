"""Gives the numbers of one reading their anchors: unique, also where a paper repeats a number or a place has none."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from ..model.number import Number
from .attributes import is_pages_own
from .line_numbers import MARKER
from .place import Place

_MOST = 6  # words of a place without a number that its address has
_LONGEST = 48  # signs of them
_NO_WORD = re.compile(r"[^a-z0-9]+")
# What has no part in the words of a place: comments, the signs of footnotes, what is more than words
_SILENT = frozenset({"comment", "sup", "img", "ol", "ul", "table"})


class Anchors:
    """The anchors of one reading, given out in reading order; `by_section` says that clauses run on over headings."""

    def __init__(self, places: Sequence[Place], by_section: bool) -> None:
        self._names = {place.name for place in places if place.name}
        self._taken = set[str]()
        self._by_section = by_section
        self._section = ""

    def number(self, place: Place, label: str, citation: str, anchor: str, between: str) -> Number:
        """The number that is printed and cited so; `anchor` is that of its counts, which others may have as well."""
        anchor = anchor or place.name or self._words(place)
        is_number = bool(citation or label)
        if not is_number and anchor != place.name and anchor in self._names:
            self._taken.add(anchor)
        anchor = self._unique(anchor, is_number)
        self._taken.add(anchor)
        if place.level == 1:
            self._section = anchor
        return Number(label, citation, anchor, between)

    def _unique(self, anchor: str, is_number: bool) -> str:
        if anchor not in self._taken:
            return anchor
        if is_number and self._by_section and self._section and f"{self._section}.{anchor}" not in self._taken:
            return f"{self._section}.{anchor}"
        return next(other for other in self._others(anchor) if other not in self._taken)

    @staticmethod
    def _others(anchor: str) -> Iterator[str]:
        n = 2
        while True:
            yield f"{anchor}-{n}"
            n += 1

    @staticmethod
    def _words(place: Place) -> str:
        """The first words of a place that everybody may see, as the end of an address."""
        blocks = (block for block in place.blocks() if block.get("data-internal") is None)
        first = next(blocks, None)
        text = "" if first is None else "".join(_text(first, "del")) or "".join(_text(first, "ins"))
        plain = unicodedata.normalize("NFKD", MARKER.sub("", text)).encode("ascii", "ignore").decode().lower()
        words = [word for word in _NO_WORD.split(plain.replace("'", "")) if word][:_MOST]
        slug = "-".join(words)[:_LONGEST].strip("-") or place.kind
        return f"the-{slug}" if is_pages_own(slug) or slug.startswith("was-") or slug.isdecimal() else slug


def _text(element: ET.Element, left_out: str) -> Iterator[str]:
    """The words as amended (`left_out` is del), or as they were."""
    if element.text:
        yield element.text
    for child in element:
        if child.tag != left_out and child.tag not in _SILENT:
            yield from _text(child, left_out)
        if child.tail:
            yield child.tail
