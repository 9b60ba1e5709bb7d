"""Turns what stands outside sections and clauses into passages that say where: for programs that read, and the search.

Such words stand before the first section, below a heading, between clauses or behind the last. Footnotes are none.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile

from .place import Place, is_footnotes
from .reading import plain

Resolve = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Unnumbered words as other programs read them.

    `after` is the id of the section or clause that they follow, None before the first. A text is None in a reading
    that has no word of it.
    """

    after: str | None
    text: str | None
    previous_text: str | None

    def finished(self, amended: Resolve, previous: Resolve) -> Passage:
        """The passage with the numbers of what it refers to, which the two functions put in."""
        return replace(
            self,
            text=self.text and amended(self.text),
            previous_text=self.previous_text and previous(self.previous_text),
        )


def passages(tree: ET.Element, places: list[Place]) -> list[Passage]:
    """All passages of a counted tree in reading order; blocks that follow each other are one."""
    ids = {place.element: place.id for place in places}
    blocks: dict[str | None, list[ET.Element]] = {}
    after: str | None = None
    for child in tree:
        if child.tag == "h2" or child.get("class") == "clauses":
            after = [ids[element] for element in child.iter() if element in ids][-1]
        elif not is_footnotes(child):
            blocks.setdefault(after, []).append(child)
    read = [(place, plain(found, "amended"), plain(found, "previous")) for place, found in blocks.items()]
    return [Passage(place, text or None, previous or None) for place, text, previous in read if text or previous]


def front_headings(tree: ET.Element) -> list[tuple[str, ET.Element]]:
    """The cross-headings before the first section, each with its id."""
    headings = [child for child in takewhile(lambda child: child.tag != "h2", tree) if child.tag == "h3"]
    return [(f"front:{number}", heading) for number, heading in enumerate(headings, 1)]
