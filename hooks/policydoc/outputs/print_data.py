"""Turns a document into what the template prints of it: JSON values, in the one reading of a copy.

All that can be said once is said here: the words of bookmarks, the numbers of notes, what has a bar beside it. The
template decides how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, groupby, pairwise
from typing import Any
from unicodedata import combining

from ..model import readings
from ..model.document import Block, Document, Image, NoteReference, Provision, named_blocks, runs
from ..model.number import Number
from ..model.runs import is_marked, plain
from ..model.unnumbered import front_headings
from .control_sheet import Reading
from .print_words import Data, Words, is_long, line

_NOTES = {"unchanged": "", "amended": " (amended)", "inserted": " (inserted)", "deleted": " (deleted)"}
# What a paragraph before it introduces and stays with
_LED = frozenset({"list", "steps", "table", "terms", "code"})


def print_data(document: Document, reading: Reading, url: str) -> Data:
    """What is printed of a document whose references are resolved; `url` is where its page lies, or empty."""
    return _Writer(document, reading == "marked", url).data()


class _Writer:
    def __init__(self, document: Document, marked: bool, url: str) -> None:
        self._document = document if marked else readings.amended(document)
        self._marked = marked
        # A clean copy counts its own, from 1 and without a gap, whatever has gone from it.
        self._notes = document.notes if marked else _cited(self._document)
        self._numbers = {note.name: number for number, note in enumerate(self._notes, 1)}
        self._tables = count(1)
        self._anchors = list(dict.fromkeys(_anchors(self._document)))
        self._words = Words(marked, url, self._numbers, self._anchors)

    def data(self) -> Data:
        document = self._document
        places = list(document.provisions())
        opening = self._content(document.opening)
        headings = (piece["block"] for piece in opening if piece.get("block", {}).get("kind") == "cross-heading")
        for (anchor, heading), written in zip(front_headings(document), headings, strict=True):
            written |= {"kind": "front-heading", "id": anchor, "contents": _title([heading]).rstrip(":")}
        sections = [self._section(section) for section in document.sections]
        self._words.in_notes = True
        notes = [self._note(note) for note in self._notes]
        return {
            "opening": opening,
            "contents": [
                (_label(place.number), self._in_contents(place, _title([Block("paragraph", place.heading)])))
                for place in places
                if place.heading
            ],
            "sections": sections,
            "notes": notes,
            "anchors": self._anchors,
            "numbers": list(dict.fromkeys(self._widths(places))),
            "places": len(places),
            "spoken": self._words.spoken,
            "length": sum(len(run.text.encode()) for _, run in document.runs()),
        }

    # places

    def _section(self, section: Provision) -> Data:
        heading, remarks = self._words.of(section.heading), self._words.remarks()
        content = self._content(section.content)
        title = _title([Block("paragraph", section.heading)])
        own = {"heading": heading, "remarks": remarks, "content": content}
        return self._place(section, title) | own | {"contents": self._in_contents(section, title)}

    def _in_contents(self, section: Provision, title: str) -> str:
        """A section's line in the contents, which says as well that it comes or goes."""
        note = _NOTES[section.status] if self._marked and section.status in ("deleted", "inserted") else ""
        return f"{title.rstrip(':')}{note}"

    def _content(self, parts: Iterable[Block | Provision]) -> list[Data]:
        """What stands below a heading, or before the first: blocks, clauses in turn, and numbered headings."""
        content: list[Data] = []
        for group in _in_turn(parts):
            if isinstance(group[0], Block):
                content += map(self._loose, group)
            elif group[0].is_heading:
                content += [{"section": self._section(section)} for section in group]
            else:
                content.append(self._clauses(group))
        return content

    def _clauses(self, clauses: Iterable[Any]) -> Data:
        return {"clauses": [self._clause(clause) for clause in clauses]}

    def _clause(self, clause: Provision) -> Data:
        content = [
            {"blocks": self._flow(group), "remarks": self._words.remarks()}
            if isinstance(group[0], Block)
            else self._clauses(group)
            for group in _in_turn(clause.content)
        ]
        return self._place(clause, _title(clause.blocks)) | {"content": content}

    def _place(self, place: Provision, title: str) -> Data:
        number, old = _label(place.number), _label(place.previous_number)
        changed = self._is_changed(place)
        mark = "" if not self._marked or number == old else "ins" if number else "del"
        moved = place.number != place.previous_number
        note = _NOTES[place.status] or (f" (was {place.previous_number})" if moved else "")
        return {
            "id": place.anchor,
            "name": place.name if place.name != place.anchor else None,
            "level": place.level,
            "number": number or (old if self._marked else ""),
            "worded": " " in (number or old),
            "mark": mark,
            "spoken": self._words.speak([number or old]) if mark else 0,
            "old": old if mark == "ins" else "",
            "spoken-old": self._words.speak([old]) if mark == "ins" and old else 0,
            "changed": changed,
            "bookmark": f"{_whole(place)} {_shortened(title)}{note if self._marked else ''}".strip(),
        }

    def _is_changed(self, place: Provision) -> bool:
        return self._marked and (place.status != "unchanged" or _label(place.number) != _label(place.previous_number))

    def _widths(self, places: Iterable[Provision]) -> Iterator[tuple[int, str, str]]:
        """Level, number, and old number where one may hang out into the margin, of each place."""
        for place in places:
            hangs = place.level < 3 and self._is_changed(place)
            # Part 1 stands before its title as words do, and takes no room in the column of numbers.
            number = "" if " " in _label(place.number) else _label(place.number)
            yield place.level, number, _label(place.previous_number) if hangs and number else ""

    # blocks

    def _loose(self, block: Block) -> Data:
        """A block outside all clauses."""
        written = self._block(block)
        return {"block": written, "changed": self._marked and is_marked(block), "remarks": self._words.remarks()}

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
                return {"kind": block.kind, "words": self._words.of(block.runs)}
            case "cross-heading":
                words = self._words.of(block.runs)
                worded = any(run.text.strip() for run in block.runs)
                return {"kind": block.kind, "words": words, "worded": worded, "bookmark": _title([block])}
            case "code":
                return {"kind": block.kind, "text": "".join(run.text for run in block.runs)}
            case "table":
                return self._table(block)
            case "terms":
                return {"kind": block.kind, "terms": self._terms(block)}
        blocks = [self._block(inner) for inner in block.blocks] if block.kind == "box" else self._flow(block.blocks)
        return {"kind": block.kind, "blocks": blocks} | ({"name": block.name} if block.kind == "item" else {})

    def _terms(self, block: Block) -> list[Data]:
        """Each term with its meanings; of two terms in a row the second has those of both."""
        terms: list[Data] = []
        for inner in block.blocks:
            if inner.kind == "term":
                terms.append({"words": self._words.of(inner.runs), "name": inner.name, "meanings": []})
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
            "number": next(self._tables),
            "headed": headed,
            "repeats": headed and not still,
            "columns": [self._column(cells) for cells in columns],
            "rows": [
                [
                    {"side": cell.form or "left", "words": self._words.of(cell.runs), "length": len(line(cell.runs))}
                    for cell in row
                ]
                for row in rows
            ],
            "names": [row.name for row in table.blocks],
        }

    def _column(self, cells: list[Block]) -> Data:
        """What its widths are measured by: lines, words, and words that may be broken."""
        lines = dict.fromkeys(line(cell.runs) for cell in cells)
        words = dict.fromkeys(word for text in lines for word in text.split(" "))
        return {
            "lines": list(lines),
            "words": [word for word in words if not is_long(word)],
            "long": [word for word in words if is_long(word)],
            "pictures": any(isinstance(run.thing, Image) for cell in cells for run in cell.runs),
        }

    def _note(self, note: Block) -> Data:
        return {
            "id": f"fn:{note.name}",
            "number": str(self._numbers[note.name]),
            "changed": self._marked and is_marked(note),
            "blocks": self._flow(note.blocks),
        }


def _whole(place: Provision) -> str:
    number = place.number or place.previous_number
    return number.whole if number else ""


def _label(number: Number | None) -> str:
    return number.label if number else ""


def _anchors(document: Document) -> Iterator[str]:
    """All that a link within a copy may lead to."""
    for place in document.provisions():
        yield place.anchor
        if place.name:
            yield place.name
    yield from (block.name for _, block in named_blocks(document))
    yield from (anchor for anchor, _ in front_headings(document))
    yield from (f"fn:{note.name}" for note in document.notes)


def _cited(document: Document) -> tuple[Block, ...]:
    """The notes that the text refers to, in the order of the references, then those that these refer to."""
    notes = {note.name: note for note in document.notes}
    order: dict[str, Block] = {}
    waiting = [run for _, run in replace(document, notes=()).runs()]
    for run in waiting:
        if isinstance(run.thing, NoteReference) and run.thing.note in notes and run.thing.note not in order:
            order[run.thing.note] = note = notes[run.thing.note]
            waiting += runs(note)
    return tuple(order.values())


def _in_turn(content: Iterable[Block | Provision]) -> list[list[Any]]:
    """Blocks that follow each other, clauses that do, and numbered headings, in turn."""
    kinds = groupby(content, lambda part: isinstance(part, Provision) and part.is_heading + 1)
    return [list(group) for _, group in kinds]


# titles


def _title(blocks: Iterable[Block]) -> str:
    """Words as amended, or as they were where all are struck, or those for pictures where there are no others."""
    blocks = list(blocks)
    for reading in ("amended", "previous"):
        if title := " ".join(plain(blocks, reading).split()):
            return title
    pictures = (run.thing for block in blocks for run in runs(block) if isinstance(run.thing, Image))
    return " ".join(" ".join(picture.alt.split()) for picture in pictures)


def _shortened(title: str) -> str:
    """A bookmark's words: 64 signs at most, with an accent that is a sign of its own not parted from its letter."""
    if len(title) <= 64:
        return title
    end = next(place for place in range(60, len(title) + 1) if place == len(title) or not combining(title[place]))
    return f"{title[:end].strip()} …"
