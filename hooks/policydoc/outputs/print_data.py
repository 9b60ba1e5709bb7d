"""Turns a document into what the template prints of it: JSON values, in the one reading of a copy.

All that can be said once is said here: the words of bookmarks, the numbers of notes and comments, what has a bar beside
it, where a space keeps two marks apart. The template decides how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, groupby, pairwise
from typing import Any
from unicodedata import combining
from urllib.parse import urljoin

from ..model import readings
from ..model.document import (
    Block,
    Citation,
    Comment,
    Document,
    Image,
    LineBreak,
    Link,
    NoteReference,
    Provision,
    Run,
    Thing,
)
from ..model.document import runs as runs_of
from ..model.number import Number
from ..model.runs import Nested, folded, is_marked, nested, plain
from ..model.unnumbered import front_headings
from .control_sheet import Reading

Data = dict[str, Any]

LONGEST = 35  # bytes of a word that stands in one line; a longer one may be broken
_NOTES = {"unchanged": "", "amended": " (amended)", "inserted": " (inserted)", "deleted": " (deleted)"}
# What a paragraph before it introduces and stays with
_LED = frozenset({"list", "steps", "table", "terms", "code"})
_SPACES = re.compile("[ \t\r\n]+")
_WEB = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_SCHEME = re.compile("^(https?://|mailto:|tel:)")


def print_data(document: Document, reading: Reading, url: str) -> Data:
    """What is printed of a document whose references are resolved; `url` is where its page lies, or empty.

    Words are lists of strings and of `[kind, …]`; a space at which they may be broken or end stands alone.
    """
    return _Writer(document, reading == "marked", url).data()


class _Writer:
    def __init__(self, document: Document, marked: bool, url: str) -> None:
        self._document = document if marked else readings.amended(document)
        self._marked, self._url = marked, url
        self._numbers = {note.name: number for number, note in enumerate(document.notes, 1)}
        self._anchors = dict.fromkeys(_anchors(self._document))
        self._cited: set[str] = set()
        self._comments: list[Data] = []
        self._count = count(1)
        self._in_notes = False

    def data(self) -> Data:
        document = self._document
        places = list(document.provisions())
        opening = [self._loose(block) for block in document.opening]
        headings = (piece["block"] for piece in opening if piece["block"]["kind"] == "cross-heading")
        for (anchor, heading), written in zip(front_headings(document), headings, strict=True):
            written |= {"kind": "front-heading", "id": anchor, "contents": _title([heading]).rstrip(":")}
        sections = [self._section(section) for section in document.sections]
        self._in_notes = True
        notes = [self._note(note) for note in document.notes]
        return {
            "opening": opening,
            "sections": sections,
            "notes": notes,
            "anchors": list(self._anchors),
            "numbers": list(dict.fromkeys(self._widths(places))),
            "places": len(places),
            "length": sum(len(run.text.encode()) for _, run in document.runs()),
        }

    # places

    def _section(self, section: Provision) -> Data:
        title, heading, remarks = self._title(section), self._words(section.heading), self._remarks()
        content: list[Data] = []
        for group in _in_turn(section.content):
            content += map(self._loose, group) if isinstance(group[0], Block) else [self._clauses(group)]
        return self._place(section, title) | {
            "contents": title.rstrip(":"), "heading": heading, "remarks": remarks, "content": content,
        }  # fmt: skip

    def _clauses(self, clauses: Iterable[Any]) -> Data:
        return {"clauses": [self._clause(clause) for clause in clauses]}

    def _clause(self, clause: Provision) -> Data:
        content = [
            {"blocks": self._flow(group), "remarks": self._remarks()}
            if isinstance(group[0], Block)
            else self._clauses(group)
            for group in _in_turn(clause.content)
        ]
        return self._place(clause, self._title(clause)) | {"content": content}

    def _place(self, place: Provision, title: str) -> Data:
        number, old = _label(place.number), _label(place.previous_number)
        changed = self._is_changed(place)
        mark = "" if not self._marked or number == old else "ins" if number else "del"
        note = _NOTES[place.status] or (f" (was {place.previous_number})" if changed else "")
        return {
            "id": place.anchor,
            "name": place.name,
            "level": place.level,
            "number": number or (old if self._marked else ""),
            "mark": mark,
            "old": old if mark == "ins" else "",
            "changed": changed,
            "bookmark": f"{place.known_by} {_shortened(title)}{note if self._marked else ''}",
        }

    def _is_changed(self, place: Provision) -> bool:
        return self._marked and (place.status != "unchanged" or place.number != place.previous_number)

    def _widths(self, places: Iterable[Provision]) -> Iterator[tuple[int, str, str]]:
        """Level, number, and old number where one may hang out into the margin, of each place."""
        for place in places:
            hangs = place.level < 3 and self._is_changed(place)
            yield place.level, _label(place.number), _label(place.previous_number) if hangs else ""

    def _title(self, place: Provision) -> str:
        return _title_of_runs(place.heading) if place.kind != "clause" else _title(place.blocks)

    # blocks

    def _loose(self, block: Block) -> Data:
        """A block outside all clauses."""
        written = self._block(block)
        return {"block": written, "changed": self._marked and is_marked(block), "remarks": self._remarks()}

    def _remarks(self) -> list[Data]:
        """The comments on what has been written since this was asked for last."""
        remarks, self._comments = self._comments, []
        return remarks

    def _flow(self, blocks: Iterable[Any]) -> list[Data]:
        """Blocks that stand together; a paragraph `leads` what it introduces."""
        written = [self._block(block) for block in blocks]
        for block, following in pairwise(written):
            if block["kind"] == "paragraph" and following["kind"] in _LED:
                block["leads"] = True
        return written

    def _block(self, block: Block) -> Data:
        match block.kind:
            case "paragraph" | "box-title":
                return {"kind": block.kind, "words": self._words(block.runs)}
            case "cross-heading":
                words = self._words(block.runs)
                return {"kind": block.kind, "words": words, "worded": any(run.text.strip() for run in block.runs),
                        "bookmark": _title([block])}  # fmt: skip
            case "code":
                return {"kind": block.kind, "text": "".join(run.text for run in block.runs)}
            case "table":
                return self._table(block)
            case "terms":
                return {"kind": block.kind, "terms": self._terms(block)}
        blocks = [self._block(inner) for inner in block.blocks] if block.kind == "box" else self._flow(block.blocks)
        return {"kind": block.kind, "blocks": blocks}

    def _terms(self, block: Block) -> list[Data]:
        """Each term with its meanings; of two terms in a row the second has those of both."""
        terms: list[Data] = []
        for inner in block.blocks:
            if inner.kind == "term":
                terms.append({"words": self._words(inner.runs), "meanings": []})
            else:
                terms[-1]["meanings"].append(self._flow(inner.blocks))
        return terms

    def _table(self, table: Block) -> Data:
        rows = [row.blocks for row in table.blocks]
        headed = rows[0][0].kind == "heading-cell"
        # On the next page headings are shown again as an artifact, in which no link, note or picture may stand.
        still = any(run.link or isinstance(run.thing, NoteReference | Image) for cell in rows[0] for run in cell.runs)
        columns = [[row[column] for row in rows if column < len(row)] for column in range(len(rows[0]))]
        return {
            "kind": "table",
            "headed": headed,
            "repeats": headed and not still,
            "columns": [self._column(cells) for cells in columns],
            "rows": [[{"side": cell.form or "left", "words": self._words(cell.runs)} for cell in row] for row in rows],
        }

    def _column(self, cells: list[Block]) -> Data:
        """What its widths are measured by: lines, words, and words that may be broken."""
        lines = dict.fromkeys(_collapsed(self._spread(cell.runs)) for cell in cells)
        words = dict.fromkeys(word for line in lines for word in line.split(" "))
        long = [word for word in words if _is_long(word)]
        return {
            "lines": list(lines),
            "words": [word for word in words if word not in long],
            "long": long,
            "pictures": any(isinstance(run.thing, Image) for cell in cells for run in cell.runs),
        }

    def _note(self, note: Block) -> Data:
        return {
            "id": f"fn:{note.name}",
            "number": str(self._numbers[note.name]),
            "changed": self._marked and is_marked(note),
            "blocks": self._flow(note.blocks),
        }

    # words

    def _words(self, runs: Iterable[Run]) -> list[Any]:
        spread = self._spread(runs)
        return self._inline(nested(tuple(_kept_apart(_around_marks(spread)) if self._marked else spread)))

    def _spread(self, runs: Iterable[Run]) -> list[Run]:
        """The runs with their references as words, and both numbers where they differ."""
        return [part for run in runs for part in _cited(run)]

    def _inline(self, nodes: Iterable[Nested]) -> list[Any]:
        parts: list[Any] = []
        for node in nodes:
            if isinstance(node, tuple):
                parts += self._held(*node)
            elif node.thing:
                parts += [*_between(parts, node.thing), *self._thing(node.thing)]
            else:
                parts += _words(node.text)
        return parts

    def _held(self, holder: Link | str, nodes: list[Nested]) -> list[Any]:
        if isinstance(holder, Link):
            return self._link(holder, self._inline(nodes), _collapsed(_flat(nodes)))
        only = [node.text for node in nodes if isinstance(node, Run) and not node.thing]
        if holder == "code" and len(only) == len(nodes):
            return [["raw", "".join(only)]]
        return [[holder, self._inline(nodes)]]

    def _link(self, link: Link, words: list[Any], text: str) -> list[Any]:
        """A link into this copy, or to the web: there its address is printed as well, if its words don't say it."""
        if link.address.startswith("#"):
            # What is gone from this reading can't be led to.
            return [["to", words, link.address[1:]]] if self._marked or link.address[1:] in self._anchors else words
        if not self._url and not _WEB.match(link.address):
            return words
        address = urljoin(self._url, link.address)
        says_where = link.slug is not None or address.startswith("tel:") or _typed(text) == _typed(address)
        behind = [] if says_where else [" ", *_words(f"({_typed(address)})")]
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
        number, first = str(self._numbers.get(note, note)), note not in self._cited
        if self._in_notes:  # no notes on notes
            return [["sup", [number]]]
        self._cited.add(note)
        return [["note", f"fn:{note}", number, first]]

    def _comment(self, author: str, text: str) -> list[Any]:
        number = f"C{next(self._count)}"
        if self._in_notes:
            return [" ", *_words(f"(Comment {number}{f' by {author}' if author else ''}: {text})")]
        self._comments.append({"number": number, "author": author, "words": _words(f": {text}" if author else text)})
        return [["comment", number]]


def _label(number: Number | None) -> str:
    return number.label if number else ""


def _anchors(document: Document) -> Iterator[str]:
    """All that a link within a copy may lead to."""
    for place in document.provisions():
        yield place.anchor
        if place.name:
            yield place.name
    yield from (anchor for anchor, _ in front_headings(document))
    yield from (f"fn:{note.name}" for note in document.notes)


def _in_turn(content: Iterable[Block | Provision]) -> list[list[Any]]:
    """Blocks that follow each other, and provisions that do, in turn."""
    return [list(group) for _, group in groupby(content, type)]


# titles


def _title(blocks: Iterable[Block]) -> str:
    """Words as amended, or as they were where all are struck, or those for pictures where there are no others."""
    blocks = list(blocks)
    for reading in ("amended", "previous"):
        if title := " ".join(plain(blocks, reading).split()):
            return title
    return _alternatives(run for block in blocks for run in runs_of(block))


def _title_of_runs(runs: tuple[Run, ...]) -> str:
    return folded(runs, "amended") or folded(runs, "previous") or _alternatives(runs)


def _alternatives(runs: Iterable[Run]) -> str:
    return " ".join(" ".join(run.thing.alt.split()) for run in runs if isinstance(run.thing, Image))


def _shortened(title: str) -> str:
    """A bookmark's words: 64 signs at most, with an accent that is a sign of its own not parted from its letter."""
    if len(title) <= 64:
        return title
    end = next(place for place in range(60, len(title) + 1) if place == len(title) or not combining(title[place]))
    return f"{title[:end].strip()} …"


# runs


def _cited(run: Run) -> Iterator[Run]:
    if not isinstance(run.thing, Citation):
        yield run
        return
    cited, words = run.thing, replace(run, thing=None)
    if run.mark or cited.number == cited.previous_number:
        yield replace(words, text=cited.words("previous" if run.mark == "deleted" else "amended"))
        return
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
        if words and (start := words[0].text[: len(words[0].text) - len(words[0].text.lstrip())]):
            yield replace(words[0], text=start, mark="")
            words[0] = replace(words[0], text=words[0].text[len(start) :])
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


def _is_long(word: str) -> bool:
    return len(word) * 4 > LONGEST and len(word.encode()) > LONGEST


def _words(text: str) -> list[Any]:
    inner = _SPACES.sub(" ", text)
    core = inner.strip(" ")
    if not core:
        return [" "] if inner else []
    words = core.split(" ") if len(core) * 4 > LONGEST else [core]
    if any(map(_is_long, words)):
        middle = [part for word in words for part in (" ", ["long", word] if _is_long(word) else word)][1:]
    else:
        middle = [core]
    return [*([" "] if inner[0] == " " else []), *middle, *([" "] if inner[-1] == " " else [])]
