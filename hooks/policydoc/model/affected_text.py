"""Says of each amendment which words in force it touches and, beside them, what they become by it alone.

Both are shown with as much of the text round them as tells where they stand. The numbers of the amended text are those
that places have once all amendments are carried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .amendments import MarkedText, marked_texts
from .document import Block, Citation, Comment, Document, NoteReference, Part, Provision, Reading, Run, Style, walk
from .in_force import InForce
from .missing import with_missing
from .outline import DELETED
from .pieces import GAP, MOST, Piece, count, ending, shortened, unmarked
from .runs import LEFT_OUT, has_words
from .shown_lines import SIDES, Labels, Line, groups, heading_line, lines_of, numbers

_BETWEEN = Run(" | ")  # the cells of a row
_CODE: frozenset[Style] = frozenset({"code"})
# The words of a run between the spaces round them: no line runs through a space at an end
_WORDS = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


@dataclass(frozen=True)
class AffectedText:
    """The pieces in force and as amended. `is_behind` says that what comes stands behind the piece with the spot."""

    in_force: tuple[Piece, ...] = ()
    amended: tuple[Piece, ...] = ()
    is_behind: bool = False


def affected_texts(document: Document) -> dict[int, AffectedText]:
    """The text of each amendment that the document shows, by the numbers that its marks have."""
    document = with_missing(document)
    by_number: dict[int, list[MarkedText]] = {}
    for text in marked_texts(document):
        by_number.setdefault(text.number, []).append(text)
    texts = _Texts(document) if by_number else None
    return {number: texts.of(number, some) for number, some in by_number.items()} if texts else {}


@dataclass(eq=False)
class _Stretch:
    """Lines with no place between them. `labels` stand before the first: the number of a clause, or of a footnote.

    `within` is the number of the clause that the lines are in, whether or not it begins with them. `is_new` is a
    footnote that comes with the first reference to it.
    """

    lines: list[Line]
    labels: Labels = ("", "")
    within: Labels = ("", "")
    is_new: bool = False


class _Texts:
    def __init__(self, document: Document) -> None:
        self._in_force = InForce(document)
        self._notes = {
            side: {note.name: str(n) for n, note in enumerate([n for n in document.notes if n.missing != side], 1)}
            for side in SIDES
        }
        self._stretches: dict[int, _Stretch] = {}  # by the identity of each block in them
        self._lines: dict[int, Line] = {}  # by the identity of each cell, or block without others
        for group in groups(document.opening):
            self._add(group, _Stretch(lines_of(group)))
        for place in document.provisions():
            for group in groups(place.content):
                within = ("", "") if place.is_heading else numbers(place)
                labels = within if group[0] is place.content[0] else ("", "")
                self._add(group, _Stretch(lines_of(group), labels, within))
        for note in document.notes:
            old, new = (f"Footnote {self._notes[side].get(note.name, '')}".strip() for side in SIDES)
            self._add([note], _Stretch(lines_of([note]), (old, new), is_new=note.missing == "previous"))

    def _add(self, blocks: Sequence[Block], stretch: _Stretch) -> None:
        self._stretches |= {id(inner): stretch for block in blocks for inner in walk(block)}
        self._lines |= {id(cell): line for line in stretch.lines for cell in line.cells}

    def of(self, number: int, some: Sequence[MarkedText]) -> AffectedText:
        ends = {text.mark: text.place for text in some if text.is_place}
        if len(ends) == 2:  # a place that moves
            old = self._whole(ends["deleted"], number, "previous")
            new = self._whole(ends["inserted"], number, "amended")
            plain_old, plain_new = tuple(map(unmarked, old)), tuple(map(unmarked, new))
            is_same = [piece.runs for piece in plain_old] == [piece.runs for piece in plain_new]
            return AffectedText(plain_old, plain_new) if is_same else AffectedText(old, new)
        text = some[0]
        if not text.is_place or not text.place:
            return self._within(text, number)
        if text.mark == "inserted":
            context = self._context(text.place)
            return AffectedText(context, self._whole(text.place, number, "amended"), is_behind=bool(context))
        return AffectedText(self._whole(text.place, number, "previous"), _rest(text.place))

    # places

    def _whole(self, place: Provision | None, number: int, side: Reading) -> tuple[Piece, ...]:
        """All that a place itself says which comes or goes."""
        assert place
        stretches = [[heading_line(place)]] if place.is_heading else map(lines_of, groups(place.content))
        pieces: list[Piece] = []
        for lines in stretches:
            some = self._pieces(lines, number, side)
            pieces += [GAP, *some] if pieces and some else some
        return _labelled(pieces, numbers(place), side)

    def _context(self, part: Part) -> tuple[Piece, ...]:
        """The piece of the text in force behind which something comes."""
        before = self._in_force.last_before(part)
        if before is None:
            return ()
        if isinstance(before, Provision):
            piece = self._piece(heading_line(before), 0, "previous") if before.is_heading else Piece("", ())
            pieces = _labelled([piece] if piece else [], numbers(before), "previous")
        else:
            first = before.blocks[0] if before.kind == "row" else before
            stretch, line = self._stretches[id(first)], self._lines[id(first)]
            shown = [line for line in stretch.lines if self._piece(line, 0, "previous")]
            labels = stretch.labels if shown[:1] == [line] else ("", "")
            pieces = _labelled(self._pieces([line], 0, "previous"), labels, "previous")
            if pieces and not any(labels) and any(stretch.within):  # nobody would know whose bullet it is
                pieces = (*_labelled([GAP], stretch.within, "previous"), *pieces)
        return (*pieces[:-1], *(shortened(ending(piece)) for piece in pieces[-1:]))

    # words and blocks within a place

    def _within(self, text: MarkedText, number: int) -> AffectedText:
        block, place = text.blocks[0], text.place
        if place and place.is_heading and block.runs is place.heading:
            stretch = _Stretch([heading_line(place)], numbers(place))
        else:
            stretch = self._stretches[id(block)]
        lines, new_alone = stretch.lines, text.mark == "inserted"
        is_old = [not stretch.is_new and bool(self._piece(line, 0, "previous")) for line in lines]
        first = next(n for n, line in enumerate(lines) if line.has(number))
        before = next((n for n in range(first - 1, -1, -1) if is_old[n]), None) if new_alone else None
        shown = self._shown(lines, number, before)
        sides: dict[Reading, tuple[Piece, ...]] = {}
        for side in SIDES:
            pieces: list[Piece] = []
            last = -1
            for n in (*shown, len(lines)):
                pieces += [GAP] if self._pieces(lines[last + 1 : n], number, side) else []
                some = self._pieces(lines[n : n + 1], number, side)
                pieces += map(ending, some) if n == before and side == "previous" else some
                last = n
            sides[side] = tuple(map(shortened, _labelled(pieces, stretch.labels, side)))
        old = () if stretch.is_new else sides["previous"]
        if not new_alone or before is not None or any(stretch.labels):
            return AffectedText(old, sides["amended"], is_behind=before is not None)
        context = self._context(block)
        return AffectedText((*context, *old), sides["amended"], is_behind=bool(context))

    def _shown(self, lines: Sequence[Line], number: int, before: int | None) -> list[int]:
        """Which lines are shown: all, or those that are touched, the one before what comes, and what has room."""
        sizes = [max(count(self._side(line, number, side)[0]) for side in SIDES) for line in lines]
        if sum(sizes) <= MOST:
            return list(range(len(lines)))
        touched = [n for n, line in enumerate(lines) if line.has(number)]
        heads = [lines.index(head) for n in touched if (head := lines[n].head)]
        shown = {*touched, *heads} | ({before} if before is not None else set())
        room = MOST - sum(sizes[n] for n in shown)
        for n in (touched[0] - 1, touched[-1] + 1):
            if n in range(len(lines)) and n not in shown and sizes[n] <= room:
                shown.add(n)
                room -= sizes[n]
        return sorted(shown)

    # pieces

    def _pieces(self, lines: Iterable[Line], number: int, side: Reading) -> list[Piece]:
        return [piece for line in lines if (piece := self._piece(line, number, side))]

    def _piece(self, line: Line, number: int, side: Reading) -> Piece | None:
        """The line as a side has it; None where that has no words in it."""
        some, spot = self._side(line, number, side)
        if not any(has_words(run) for run in some if run is not _BETWEEN):
            return None
        label = line.label
        if line.steps is not None:
            label = f"{len(self._pieces(line.steps, number, side)) + 1}. {label}".strip()
        return Piece(label, some, line.is_heading, spot)

    def _side(self, line: Line, number: int, side: Reading) -> tuple[tuple[Run, ...], tuple[int, int] | None]:
        """The words of a line on a side, and the spot of the amendment among them."""
        left: list[Run] = []
        spots: list[int] = []
        for n, cell in enumerate(line.cells):
            left += [_BETWEEN] if n else []
            for run in cell.runs:
                is_own = bool(run.mark) and run.amendment == number
                if isinstance(run.thing, Comment) or run.mark == (LEFT_OUT[side] if is_own else "inserted"):
                    spots += [len(left)] if is_own and has_words(run) else []
                    continue
                styles = run.styles | _CODE if cell.kind == "code" else run.styles
                for part in _parted(self._said(replace(run, styles=styles), side)):
                    is_touched = is_own and has_words(part)
                    spots += [len(left), len(left) + 1] if is_touched else []
                    left.append(replace(part, mark=part.mark if is_touched else ""))
        return tuple(left), (min(spots), max(spots)) if spots else None

    def _said(self, run: Run, side: Reading) -> Run:
        """The run with nothing in it that leads elsewhere: numbers as words, no link."""
        run = replace(run, amendment=0, link=None, styles=run.styles - {"commented"})
        if isinstance(run.thing, Citation):
            return replace(run, text=run.thing.words(side), thing=None)
        if isinstance(run.thing, NoteReference):
            number = self._notes[side].get(run.thing.note, "")
            return replace(run, text=number, thing=None, styles=run.styles | {"sup"})
        return run


def _rest(place: Provision) -> tuple[Piece, ...]:
    """What holds the number of a place that goes, if that is kept."""
    label = numbers(place)[1]
    return (Piece(label, (Run(DELETED),), place.is_heading),) if label else ()


def _labelled(pieces: Sequence[Piece], labels: Labels, side: Reading) -> tuple[Piece, ...]:
    """The pieces, the first with what stands before all of them."""
    if not pieces:
        return ()
    label = f"{labels[SIDES.index(side)]} {pieces[0].label}".strip()
    return (replace(pieces[0], label=label), *pieces[1:])


def _parted(run: Run) -> list[Run]:
    """The run's words by themselves, with the spaces before and behind them."""
    match = _WORDS.fullmatch(run.text)
    return [run] if run.thing or not match else [replace(run, text=text) for text in match.groups() if text]
