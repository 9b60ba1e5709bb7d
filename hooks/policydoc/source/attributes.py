"""Turns `{#name .internal .appendix =2A}` at the end of a block into what it says of the block or its place."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ..messages import Fault, said
from .braces import start_of_attributes
from .clean_words import Words
from .near_misses import attributes_meant, no_meaning
from .place import Place
from .unread import as_typed

# {#name,   {.internal;   {#name.internal   {. internal       but not a slip of spelling, {.internel}
_GARBLED = re.compile(r"^[#.]?$|^[^#.]|[^\w-]$|.[#.]|[\u00ad\u200b-\u200d\u2060\ufeff]")
# =2A   =(ba)   =Part 2   =     up to the next attribute
_LABEL = re.compile(r"(?:^|(?<=\s))=([^{}=]*?)(?=\s+[#.:=]|\s*[{}]|\s*$)")
# 2A   (ba)   1.2A   Part 2   10(2)
_ONE = r"[^\w\s<>{}\[\]]?\w{1,12}(?:[^\w\s<>{}]{1,2}\w{1,12}){0,6}[)\].]?"
# and 8–10   (b)–(d)
_IS_LABEL = re.compile(rf"(?:[^\W\d_][\w’'-]*(?: [^\W\d_][\w’'-]*)* )?{_ONE}(?:\s?[–—-]\s?{_ONE})?")
_LONGEST_LABEL = 40
_NO_NAMES = frozenset({"internal", "appendix", "comment", "numbered"})
_NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
# What a policy's page calls its own parts (docs/templates/web/), its comments, and what had another number
_PAGES_OWN = re.compile(
    r"comments|comment-\d+|content|find(?:-words)?|site-links|reading-(?:marked|amended|previous)|clause-tip"
    r"|schedule-of-amendments|renumbered-clauses|cited-by|was-\d+"
)


def is_nameable(element: ET.Element) -> bool:
    """Whether this is a term, bullet or table row: what can be cited by its words in the clause that has it."""
    return element.tag in ("dt", "tr", "li") and element.get("id") is None  # which a footnote has


def is_pages_own(name: str) -> bool:
    """Whether a clause of this name would share its address with another part of its page."""
    return bool(_PAGES_OWN.fullmatch(name))


class Attributes:
    """The attributes of one policy, and the names that it has given so far."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._names: dict[str, Place] = {}
        self._blocks: dict[str, int] = {}  # the lines of terms, bullets and rows, by their names
        self._again: list[tuple[str, Place, int]] = []  # names that stand twice, the later place, and its line

    def take(self, holder: ET.Element, target: ET.Element, place: Place | None) -> None:
        """Takes {#name .internal .appendix =2A} off the end of the holder's text and applies it to the target."""
        for word in self.off(holder):
            self._attribute(word, target, place)

    @staticmethod
    def says(holder: ET.Element, word: str) -> bool:
        """Whether this word stands in braces at the end of the holder's text; nothing is taken off."""
        text = "".join(holder.itertext())
        start = start_of_attributes(text)
        return start is not None and word in re.sub("[{}]", " ", text[start:]).split()

    def off(self, holder: ET.Element) -> list[str]:
        """Takes what stands in braces off the end of the holder's text, and returns its words: `#name`, `.internal`."""
        last: ET.Element | None = None
        for child in reversed(holder):
            last = child
            if (child.tail or "").strip() or child.tag != "comment":
                break
            last = None
        text = (last.tail if last is not None else holder.text) or ""
        start = start_of_attributes(text)
        if start is None:
            return []
        rest = text[:start]
        if last is not None:
            last.tail = rest
        else:
            holder.text = rest
        typed = re.sub("[{}]", " ", text[start:])
        labels = [f"={' '.join(label.split())}" for label in _LABEL.findall(typed)] if "=" in typed else []
        words = [word.lstrip(":") for word in (_LABEL.sub(" ", typed) if labels else typed).split() if word != ":"]
        fault = _garbled(text[start:], words)
        self._words.note_fault(fault)
        return [*words, *labels] if fault is None else []

    def _attribute(self, word: str, target: ET.Element, place: Place | None) -> None:
        # At the end of a clause's last paragraph it is about the clause; a lead-in is no part of its section.
        inside = self._words.place if self._words.place and not self._words.place.is_heading else None
        if word.startswith("#") and place is None and is_nameable(target):
            self.name_block(word[1:], target)
        elif word.startswith("#"):
            self._name(word[1:], place or inside)
        elif word.startswith("="):
            self._label(word[1:], place or inside)
        elif word == ".numbered" and place is not None and place.is_heading and place.level > 1:
            pass  # which is how it became a place
        elif word == ".numbered":
            self._words.note("P530")
        elif word == ".internal" and target.get("class") == "clauses":
            self._words.note("P506")
        elif word == ".internal":
            target.set("data-internal", "true")
            if place:
                place.internal = True
        elif word == ".appendix" and place is not None and place.level == 1:
            place.appendix = True
            target.set("class", "appendix")
        elif word == ".appendix":
            self._words.note("P507")
        else:
            self._words.note("P508", word=word)

    def name_block(self, name: str, target: ET.Element) -> None:
        """Names a term, bullet or row, so that it can be cited by its words."""
        if not self._is_name(name):
            return
        if target.get("data-name"):
            self._words.note("P505", name=target.get("data-name"))
        elif name in self._names or name in self._blocks:
            other = self._blocks.get(name) or self._names[name].line
            self._words.note("P504", name=name, other=other)
        else:
            target.set("data-name", name)
            self._blocks[name] = self._words.line

    def _is_name(self, name: str) -> bool:
        """Whether this can be a name; says what is wrong if it can't."""
        if name.casefold() in _NO_NAMES:
            self._words.note("P510", name=name, right="{>>words<<}" if name == "comment" else f"{{.{name.casefold()}}}")
        elif not _NAME.match(name):
            self._words.note("P503", name=name)
        elif is_pages_own(name):
            self._words.note("P246", name=name)
        else:
            return True
        return False

    def _name(self, name: str, place: Place | None) -> None:
        if place is None and name.casefold() not in _NO_NAMES:
            self._words.note("P502", name=name)
        elif not self._is_name(name) or place is None:
            return
        elif place.name:
            self._words.note("P505", name=place.name)
        elif name in self._blocks:
            self._words.note("P504", name=name, other=self._blocks[name])
        elif name in self._names:
            self._again.append((name, place, self._words.line))
        else:
            place.name = name
            self._names[name] = place

    def _label(self, label: str, place: Place | None) -> None:
        if place is None:
            self._words.note("P531", label=label)
        elif place.own is not None:
            self._words.note("P533", label=place.own)
        elif label and (len(label) > _LONGEST_LABEL or not _IS_LABEL.fullmatch(label)):
            self._words.note("P532", label=label)
        else:
            place.own = label

    def share_names(self) -> None:
        """Once every place has its status: a name on a deleted and an inserted place says that the one has moved."""
        for name, place, line in self._again:
            first = self._names[name]
            old, new = (first, place) if place.status == "inserted" else (place, first)
            if old.status == "deleted" and new.status == "inserted" and new.moved_from is None:
                old.name, new.name, new.moved_from = None, name, old
                self._names[name] = new
            else:
                self._words.place = place
                self._words.note("P504", line=line, name=name, other=first.line)
        self._words.place = None


def _garbled(typed: str, words: Sequence[str]) -> Fault | None:
    """The one slip in attributes such as {#name, .internal}, whatever each of their words would be by itself."""
    if not any(_GARBLED.search(word) for word in words):
        return None
    right = attributes_meant(typed)
    if right and "." in right:
        return said("P509", sign=as_typed(typed), right=right)
    return no_meaning(typed) if len(words) > 1 else None
