"""Turns links between places into numbers: `[clause](#moderator)` becomes "clause 6.1", in every reading.

While a policy is read, the numbers of the others are not known yet. So each link leaves two characters behind, one for
its address and one for its words, which stand for the reference until all policies have been counted.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from html import escape

from ..messages import Fault, said
from ..model import addresses
from ..model.place import Place
from ..problems import Problem
from ..source.links import POLICY
from .article import spoken

_ADDRESS, _WORDS, _SIZE = 0x100000, 0x108000, 0x8000
_TOKEN = re.compile("[\U00100000-\U0010ffff]")
_MOST_GUESSES = 50_000  # comparisons of names, for all slips of one policy
# Words that are replaced by the place's kind and number; any other words of a link are left alone
KINDS = ("clause", "section", "appendix")


@dataclass(frozen=True)
class Target:
    """A place that can be referred to."""

    kind: str
    number: str | None
    previous_number: str | None
    id: str
    deleted: bool = False
    withheld: bool = False


@dataclass(frozen=True)
class Reference:
    """A link to a place or policy; `name` is empty for a whole policy, `word` where the words stay as they are.

    `clause` and `place` say where the link stands: "clause 3.2" for a reader, and that place's id.
    """

    slug: str
    name: str = ""
    word: str = ""
    mark: str = ""
    line: int = 0
    clause: str = ""
    place: str = ""


@dataclass(frozen=True)
class Destination:
    """What references need to know of a policy: its title, its named places, and whether it is in this edition."""

    title: str
    names: Mapping[str, Target] = field(default_factory=dict)
    published: bool = True


def take_out(slug: str, links: Iterable[tuple[ET.Element, int, Place | None, str]]) -> list[Reference]:
    """Replaces the addresses (and words) of these <a> elements by characters that stand for the references returned."""
    references: list[Reference] = []
    for link, line, place, mark in links:
        address = link.get("href", "")
        policy = POLICY.match(address)
        if not policy and not address.startswith("#"):
            continue
        other, name = (policy[1], policy[2] or "") if policy else (slug, address[1:])
        words = " ".join("".join(link.itertext()).split())
        word = words if words.lower() in KINDS and name else ""
        link.attrib.update({"class": "reference", "href": chr(_ADDRESS + len(references))})
        if word:
            for child in list(link):
                link.remove(child)
            link.text = chr(_WORDS + len(references))
        references.append(Reference(other, name, word, mark, line, str(place or ""), place.id if place else ""))
    return references


class Resolver:
    """Puts the numbers of all policies of one edition in place of the characters of one policy."""

    def __init__(self, slug: str, references: list[Reference], destinations: Mapping[str, Destination]) -> None:
        self._slug = slug
        self._references = references
        self._destinations = destinations
        self._guesses: dict[str, str] = {}

    def problems(self, path: str) -> list[Problem]:
        """What is wrong with the policy's references; where there is anything, it can't be resolved."""
        found = ((reference, self._fault(reference)) for reference in self._references)
        return [fault.at(path, reference.line, reference.clause) for reference, fault in found if fault]

    def html(self, article: str) -> str:
        return self._replace(article, self._marked)

    def text(self, text: str, previous: bool = False) -> str:
        return self._replace(text, self._previous if previous else self._amended)

    def _fault(self, reference: Reference) -> Fault | None:
        file, policy = f"{reference.slug}.md", self._destinations.get(reference.slug)
        if policy is None:
            return said("P411", file=file, advice=self._nearest(reference.slug, self._destinations, "{}.md"))
        if not policy.published:
            return said("P412", file=file)
        if not reference.name:
            return None
        here = "" if reference.slug == self._slug else f" in {file}"
        target = policy.names.get(reference.name)
        if target is None:
            advice = self._nearest(reference.name, policy.names, "#{}")
            if reference.name[0].isdigit():
                advice = " Numbers change: write {#name} at the end of that clause and refer to the name."
            return said("P413", name=reference.name, here=here, advice=advice)
        if target.withheld:
            return said("P414", name=reference.name, here=here)
        if target.deleted and reference.mark != "del":
            place = f"{target.kind} {target.number or target.previous_number}"
            return said("P415", name=reference.name, here=here, place=place)
        return None

    def _nearest(self, name: str, names: Mapping[str, object], form: str) -> str:
        """A guess at what was meant: one for each name, as long as there are few to make."""
        key = form.format(name)
        if key not in self._guesses and len(self._guesses) * len(names) < _MOST_GUESSES:
            near = get_close_matches(name, names, 1, 0.4)
            self._guesses[key] = f" Did you mean {form.format(near[0])}?" if near else ""
        return self._guesses.get(key, "")

    def _replace(self, text: str, write: Callable[[Reference], str]) -> str:
        def put(found: re.Match[str]) -> str:
            index, is_words = (ord(found[0]) - _ADDRESS) % _SIZE, ord(found[0]) >= _WORDS
            reference = self._references[index]
            return write(reference) if is_words else self._address(reference)

        return _TOKEN.sub(put, text) if self._references else text

    def _address(self, reference: Reference) -> str:
        page = addresses.from_policy(self._slug, reference.slug)
        return f"{page}#{self._target(reference).id}" if reference.name else page

    def _target(self, reference: Reference) -> Target:
        return self._destinations[reference.slug].names[reference.name]

    def _marked(self, reference: Reference) -> str:
        target = self._target(reference)
        old, new = target.previous_number, target.number
        if reference.mark == "del" or new is None:
            number = old or new or ""
        elif reference.mark == "ins" or old is None or old == new:
            number = new
        else:
            number = f"{spoken('del', old)} {spoken('ins', new)}"
        return escape(self._phrase(reference, "\0"), quote=False).replace("\0", number)

    def _amended(self, reference: Reference) -> str:
        target = self._target(reference)
        return self._phrase(reference, target.number or target.previous_number or "")

    def _previous(self, reference: Reference) -> str:
        target = self._target(reference)
        return self._phrase(reference, target.previous_number or target.number or "")

    def _phrase(self, reference: Reference, number: str) -> str:
        kind = self._target(reference).kind
        if reference.word[0].isupper():
            kind = kind.capitalize()
        phrase = f"{kind} {number}"
        if reference.slug == self._slug:
            return phrase
        title = self._destinations[reference.slug].title
        return f"{phrase} of {title}" if title.startswith("The ") else f"{phrase} of the {title}"
