"""Turns an XML part of an office file into every text in it: paragraphs as they read, attributes, comments, names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

# Elements whose words belong together however they are cut up: Word begins a new run inside a word.
_PARAGRAPHS = frozenset("p h si is text title desc".split())
# Elements that part two words where they stand
_GAPS = frozenset("br cr tab s line-break noBreakHyphen softHyphen".split())
_DELETED, _INSERTED = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})


def strings(data: bytes) -> Iterator[str]:
    """All of it, the paragraphs and what stands elsewhere; tracked changes in every reading.

    Raises ValueError when it is no XML that can be read, or declares entities of its own (which may grow without end).
    """
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    yield "\n".join(reader.paragraphs)
    yield "\n".join(reader.rest)


def _role(name: str) -> str:
    """What an element means for the words in it: "paragraph", "gap", "del", "ins", or nothing."""
    local = name.rpartition(":")[2]
    sets = {"paragraph": _PARAGRAPHS, "gap": _GAPS, "del": _DELETED, "ins": _INSERTED}
    return next((role for role, names in sets.items() if local in names), "")


class _Reader:
    """What expat meets, sorted: the paragraphs that are open, with each run's mark, and all that stands elsewhere."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.CommentHandler = self._aside
        self.parser.ProcessingInstructionHandler = lambda target, data: self._aside(f"{target} {data}")
        self.parser.EntityDeclHandler = self._entity
        self.paragraphs: list[str] = []
        self.rest: dict[str, object] = {}
        self._roles: dict[str, str] = {}  # of elements, by name: what this asks a million times
        self._open: list[list[tuple[str, str]]] = []
        self._marks: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        role = self._roles.get(name)
        if role is None:
            role = self._roles[name] = _role(name)
            self.rest[name] = None
        if attributes:
            self.rest.update(attributes)
            self.rest.update(dict.fromkeys(attributes.values()))
        if not role:
            return
        if role == "paragraph":
            self._open.append([])
        elif role != "gap":
            self._marks.append(role)
        elif self._open:
            self._open[-1].append((" ", ""))

    def _end(self, name: str) -> None:
        role = self._roles[name]
        if role in ("del", "ins"):
            self._marks.pop()
        elif role == "paragraph":
            runs = self._open.pop()
            marks = {mark for _, mark in runs} - {""}
            for left_out in ("none", *(("del", "ins") if marks else ())):
                self.paragraphs.append("".join([words for words, mark in runs if mark != left_out]))

    def _words(self, words: str) -> None:
        if self._open:
            self._open[-1].append((words, self._marks[-1] if self._marks else ""))
        self._aside(words)

    def _aside(self, words: str) -> None:
        if not words.isspace():
            self.rest[words] = None

    def _entity(self, *declaration: Any) -> None:
        raise ValueError("it declares entities")
