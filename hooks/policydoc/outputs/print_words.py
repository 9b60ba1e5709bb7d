"""Turns runs into the words that the template prints: lists of strings and of `[kind, …]`, in the reading of a copy.

A space at which they may be broken or end stands alone; one keeps two marks apart. Comments get their numbers here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count, groupby
from typing import Any
from urllib.parse import urljoin

from ..model.document import Citation, Comment, Image, LineBreak, Link, NoteReference, Run, Thing
from ..model.runs import Holder, Language, Nested, nested

Data = dict[str, Any]

MARKS = frozenset({"deleted", "inserted"})
_LONGEST = 35  # bytes of a word that stands in one line; a longer one may be broken
_SPACES = re.compile("[ \t\r\n]+")
_WEB = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_SCHEME = re.compile("^(https?://|mailto:|tel:)")


class Words:
    """Writes the runs of one copy in reading order: it counts comments, and knows which notes have been printed.

    `notes` are the numbers of footnotes, `anchors` what a link within the copy may lead to; `url` is where its page
    lies, or empty.
    """

    def __init__(self, marked: bool, url: str, notes: Mapping[str, int], anchors: Iterable[str]) -> None:
        self._marked, self._url, self._notes, self._anchors = marked, url, notes, frozenset(anchors)
        self._cited: set[str] = set()
        self._comments: list[Data] = []
        self._count = count(1)
        self.spoken: list[list[tuple[str, str]]] = []  # of each mark, what assistive technology says (finishing.py)
        self.in_notes = False  # whether these are the words of footnotes

    def of(self, runs: Iterable[Run]) -> list[Any]:
        """The words of these runs, as the template has them."""
        spread = _spread(runs)
        return self._inline(nested(tuple(_kept_apart(_around_marks(spread)) if self._marked else spread)))

    def remarks(self) -> list[Data]:
        """The comments on what has been written since this was asked for last."""
        remarks, self._comments = self._comments, []
        return remarks

    def _inline(self, nodes: Iterable[Nested]) -> list[Any]:
        parts: list[Any] = []
        for node in nodes:
            if isinstance(node, tuple):
                parts += self._held(*node)
            elif node.thing:
                parts += [*_between(parts, node.thing), *self._thing(node.thing)]
            else:
                parts += _parts(node.text)
        return parts

    def _held(self, holder: Holder, nodes: list[Nested]) -> list[Any]:
        if isinstance(holder, Link):
            return self._link(holder, self._inline(nodes), _collapsed(_flat(nodes)))
        if isinstance(holder, Language):
            return [["language", holder.tag, self._inline(nodes)]]
        if holder == "code" and all(isinstance(node, Run) and not node.thing for node in nodes):
            return [["raw", "".join(run.text for run in _flat(nodes))]]
        words = self._inline(nodes)
        return [[holder, self.speak(words), words]] if holder in MARKS else [[holder, words]]

    def speak(self, words: list[Any]) -> int:
        """The number of a mark with these words."""
        pieces: list[tuple[str, str]] = []
        for kind, text in _said(words):
            if pieces and not kind and not pieces[-1][0]:
                pieces[-1] = "", pieces[-1][1] + text
            else:
                pieces.append((kind, text))
        self.spoken.append(pieces)
        return len(self.spoken)

    def _link(self, link: Link, words: list[Any], text: str) -> list[Any]:
        """A link into this copy, or to the web: there its address is printed as well, if its words don't say it."""
        if link.address.startswith("#"):
            # What is gone from this reading can't be led to.
            return [["to", words, link.address[1:]]] if self._marked or link.address[1:] in self._anchors else words
        if not self._url and not _WEB.match(link.address):
            return words
        address = urljoin(self._url, link.address)
        says_where = link.slug is not None or address.startswith("tel:") or _typed(text) == _typed(address)
        behind = [] if says_where else [" ", *_parts(f"({_typed(address)})")]
        return [["link", words, address], *behind]

    def _thing(self, thing: Thing) -> list[Any]:
        match thing:
            case Image(path, alt):
                return [["picture", path, alt.strip()]]
            case NoteReference(note):
                return self._reference(note)
            case Comment(author, text):
                return self._comment(author, text)
        return [["break"]]

    def _reference(self, note: str) -> list[Any]:
        number, first = str(self._notes.get(note, note)), note not in self._cited
        if self.in_notes:  # no notes on notes
            return [["sup", [number]]]
        self._cited.add(note)
        return [["note", f"fn:{note}", number, first]]

    def _comment(self, author: str, text: str) -> list[Any]:
        number = f"C{next(self._count)}"
        if self.in_notes:
            return [" ", *_parts(f"(Comment {number}{f' by {author}' if author else ''}: {text})")]
        self._comments.append({"number": number, "author": author, "words": _parts(f": {text}" if author else text)})
        return [["comment", number]]


def _said(words: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """What is said of these words: text, and that of each link or picture, told apart by what it is."""
    for part in words:
        match part:
            case str():
                yield "", part
            case ["link" | "to", inner, _]:
                yield "link", "".join(text for _, text in _said(inner))
            case ["language", _, inner]:
                yield from _said(inner)
            case ["picture", _, alt]:
                yield "picture", alt
            case ["break"]:
                yield "", " "
            case [_, str() as text]:  # long, raw, comment
                yield "", text
            case [_, list() as inner]:
                yield from _said(inner)


def line(runs: Iterable[Run]) -> str:
    """What these runs say, in one line."""
    return _collapsed(_spread(runs))


def is_long(word: str) -> bool:
    """Whether a word may be broken."""
    return len(word) * 4 > _LONGEST and len(word.encode()) > _LONGEST


def _spread(runs: Iterable[Run]) -> list[Run]:
    """The runs with their references as words, and both numbers where they differ."""
    return [part for run in runs for part in _cited(run)]


def _cited(run: Run) -> Iterator[Run]:
    if not isinstance(run.thing, Citation):
        yield run
        return
    cited, words = run.thing, replace(run, thing=None)
    if run.mark or cited.number == cited.previous_number:
        yield replace(words, text=cited.words("previous" if run.mark == "deleted" else "amended"))
    else:
        yield replace(words, text=cited.before)
        yield replace(words, text=cited.previous_number, mark="deleted")
        yield replace(words, text=" ")
        yield replace(words, text=cited.number, mark="inserted")
        yield replace(words, text=cited.behind)


def _around_marks(runs: Iterable[Run]) -> Iterator[Run]:
    """Takes out of each mark the space before its words, which has no line, and its notes, which are not amended."""
    for mark, stretch in groupby(runs, lambda run: run.mark):
        if not mark:
            yield from stretch
            continue
        marked = list(stretch)
        words = [run for run in marked if not isinstance(run.thing, NoteReference | Comment)]
        if words and words[0].text[:1].isspace():
            text = words[0].text.lstrip()
            yield replace(words[0], text=words[0].text.removesuffix(text), mark="")
            words[0] = replace(words[0], text=text)
        yield from words
        yield from (Run("", thing=run.thing) for run in marked if isinstance(run.thing, NoteReference | Comment))


def _kept_apart(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs with a space between a deletion and an insertion that touch."""
    last = Run("")
    for run in runs:
        if run.mark and last.mark and run.mark != last.mark:
            link = run.link if run.link == last.link else None
            yield Run(" ", styles=run.styles & last.styles, link=link)
        if not isinstance(run.thing, Comment | NoteReference):
            last = run
        yield run


def _between(parts: list[Any], thing: Thing) -> list[Any]:
    """A comma between two notes in a row; a picture behind words stands on a line of its own."""
    if isinstance(thing, NoteReference) and parts and parts[-1][0] == "note":
        return [["sup", [", "]]]
    return [["break"]] if isinstance(thing, Image) and any(part != " " for part in parts) else []


def _flat(nodes: Iterable[Nested]) -> list[Run]:
    return [run for node in nodes for run in ([node] if isinstance(node, Run) else _flat(node[1]))]


def _collapsed(runs: Iterable[Run]) -> str:
    text = "".join(" " if isinstance(run.thing, LineBreak) else run.text for run in runs)
    return _SPACES.sub(" ", text).strip()


def _typed(address: str) -> str:
    """An address as a reader would type it."""
    return _SCHEME.sub("", address).rstrip("/")


def _parts(text: str) -> list[Any]:
    inner = _SPACES.sub(" ", text)
    core = inner.strip(" ")
    if not core:
        return [" "] if inner else []
    words = core.split(" ")
    if any(map(is_long, words)):
        middle = [part for word in words for part in (" ", ["long", word] if is_long(word) else word)][1:]
    else:
        middle = [core]
    return [*([" "] if inner[0] == " " else []), *middle, *([" "] if inner[-1] == " " else [])]
