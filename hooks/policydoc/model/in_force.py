"""Says where everything stands in the text in force, in words that are true of it and of one spot alone.

The text in force is what a document says without its amendments: what has lost its place there, below a heading that is
new for instance, belongs to the place before it, as its number says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .document import CELLS, Block, Document, Part, Provision, Run, runs, walk
from .quoted_text import NOUNS, QuotedText
from .quoting import Quote, Words, join, ordinal
from .runs import has_words

_HOLDERS = frozenset({"list", "steps", "terms"})
_FEW = 6  # words that a row, or a place without a number of its own, is known by


@dataclass(eq=False)
class Spot:
    """A place or block of the text in force, in the one that holds it; `last` is the last piece of it, by count."""

    noun: str
    part: Part | None
    above: Spot | None
    last: int
    below: list[Spot] = field(default_factory=list)

    @property
    def is_place(self) -> bool:
        return isinstance(self.part, Provision)

    @property
    def is_heading(self) -> bool:
        return isinstance(self.part, Provision) and self.part.is_heading

    @property
    def blocks(self) -> list[Spot]:
        """What it says itself, without the places below it."""
        return [spot for spot in self.below if not spot.is_place and spot.noun != "footnote"]

    @property
    def leaves(self) -> int:
        """In how many pieces its own words stand."""
        return sum(spot.leaves or 1 for spot in self.blocks)

    @property
    def holder(self) -> Spot:
        """The place or footnote that it stands in, or the text as a whole: itself, if it is one."""
        return self if self.is_place or self.noun in ("", "footnote") or not self.above else self.above.holder


class InForce:
    """The text in force of one document, which must say which blocks are missing from it."""

    def __init__(self, document: Document) -> None:
        self.quoted = QuotedText(document)
        self._spots: dict[int, Spot] = {}  # by the identity of the block or place
        self._come: dict[int, tuple[int, Spot]] = {}  # what comes: after which piece, and in what
        self._pieces: list[Spot] = []
        self._whole = Spot("", None, None, -1)
        self._add((*document.opening, *document.sections), self._whole)
        for note in document.notes:
            self._block(note, self._whole)
        self._names = dict(self._named())

    # the text, piece by piece

    def _add(self, parts: Iterable[Part], above: Spot) -> None:
        start = len(above.below)
        for part in parts:
            if isinstance(part, Block):
                self._block(part, above)
            elif part.status != "inserted":
                self._add(part.content, self._spot(part.kind, part, above))
            else:
                self._come[id(part)] = len(self._pieces) - 1, above
                last = above.below[-1] if len(above.below) > start else None
                rest = part.content if part.is_heading else part.below  # its own words are not in force
                self._add(rest, last if last and last.is_place else above)

    def _block(self, block: Block, above: Spot) -> None:
        if block.kind in _HOLDERS:
            for inner in block.blocks:
                self._block(inner, above)
        elif block.kind in NOUNS and _is_in_force(block):
            spot = self._spot(NOUNS[block.kind], block, above)
            for inner in block.blocks:
                self._block(inner, spot)
        else:
            self._come |= {id(inner): (len(self._pieces) - 1, above) for inner in walk(block)}

    def _spot(self, noun: str, part: Part, above: Spot) -> Spot:
        spot = self._spots[id(part)] = Spot(noun, part, above, len(self._pieces))
        above.below.append(spot)
        if isinstance(part, Provision) or not part.blocks:
            self._pieces.append(spot)
        holder: Spot | None = spot
        while holder:
            holder.last = len(self._pieces) - 1
            holder = holder.above
        return spot

    # where it stands

    def has(self, part: Part) -> bool:
        """Whether the text in force has this place or block."""
        return id(part) in self._spots

    def place(self, part: Part) -> Words:
        """What the place is found by; of a block, the place that it stands in, or the words for where it does."""
        spot = self._spots[id(part)] if self.has(part) else self._come[id(part)][1]
        return self._place(spot.holder)

    def _place(self, holder: Spot) -> Words:
        if isinstance(holder.part, Provision):
            return self._names[id(holder.part)]
        if isinstance(holder.part, Block):
            return (f"footnote {self.quoted.number(holder.part.name)}",)
        return ("opening words",)

    def within(self, block: Block) -> Words:
        """Where in its place a block stands: in the second bullet, in the row “Hall” under “Fee”; empty if alone."""
        return self._within(self._spots[id(block)])

    def _within(self, spot: Spot, is_full: bool = False) -> Words:
        """The way down to a block, with a comma behind each step, as far as it could be another unless `is_full`."""
        if spot.holder is spot or not spot.above:
            return ()
        is_clear = spot.above.leaves == 1 if spot.noun != "table" else len(_alike(spot)) == 1
        if not is_full and spot.noun != "cell" and is_clear:
            return self._within(spot.above)
        if spot.noun == "cell":
            row = spot.above
            assert row.above
            return join(self._within(row.above), "in ", self.phrase(row), " under ", self._column(spot), ", ")
        return join(self._within(spot.above, is_full), "in ", self.phrase(spot), ", ")

    def block(self, block: Block) -> tuple[Words, Words]:
        """The way to what holds a block, and what it is called there: the second bullet."""
        spot = self._spots[id(block)]
        assert spot.above
        return self._within(spot.above, is_full=spot.above.noun != "table"), self.phrase(spot)

    def phrase(self, spot: Spot) -> Words:
        """A block among those of its kind: the second bullet, the row “Hall”."""
        alike = _alike(spot)
        if spot.noun == "row":
            names = [self._few(row.below[:1]) for row in alike]
            mine = names[alike.index(spot)]
            alike = [row for row, name in zip(alike, names, strict=True) if name == mine] if mine else alike
            which = f"{ordinal(alike.index(spot) + 1)} " if len(alike) > 1 or not mine else ""
            return join(f"the {which}row", " " if mine else "", Quote(mine) if mine else "")
        if len(alike) > 1:
            return (f"the {ordinal(alike.index(spot) + 1)} {spot.noun}",)
        above = spot.above
        is_loose = above is self._whole or (above and above.is_heading)
        is_first = above and above.blocks and above.blocks[0] is spot and len(above.below) > 1
        return ("the opening words" if spot.noun == "paragraph" and is_first and not is_loose else f"the {spot.noun}",)

    def _column(self, cell: Spot) -> Words:
        row = cell.above
        assert row and row.above
        nth, head = row.below.index(cell), row.above.below[0]
        heads = [self._few([other]) for other in head.below] if head is not row else []
        is_clear = bool(heads and heads[nth]) and heads.count(heads[nth]) == 1
        return (Quote(heads[nth]),) if is_clear else (f"the {ordinal(nth + 1)} column",)

    # where what comes is to stand

    def before(self, part: Part) -> int:
        """The number of the piece of the text in force after which a place or block comes; -1 before the first."""
        return self._come[id(part)][0]

    def last_before(self, part: Part) -> Part | None:
        """The piece that a place or block comes behind: a heading, a clause before its words, a paragraph, a row."""
        piece = self.before(part)
        return self._pieces[piece].part if piece >= 0 else None

    def touch(self, old: Provision, new: Provision) -> bool:
        """Whether a place comes before or after another with nothing of the text in force between them."""
        spot = self._spots[id(old)]
        first = self._pieces.index(spot)
        last = max((block.last for block in spot.blocks), default=first)
        return self.before(new) in (first - 1, last)

    def spot_of_place(self, place: Provision, old: Provision | None = None) -> Words:
        """Where a place that comes is to stand: after 4.7. It isn't told by the `old` one, which it has been."""
        return self._after(*self._come[id(place)], old)

    def spot_of_block(self, block: Block) -> tuple[Words, Words]:
        """Where a block that comes is to stand: in, or after, which place; and where in that: after the first row."""
        piece, above = self._come[id(block)]
        last = self._last_in(above, piece)
        if last and last.is_place:
            return self._after(piece, above), ()
        way = self._within(above, is_full=last is None or above.noun != "table")
        if last is None or last.noun == "footnote":
            return self._place(above.holder), join(way, "at the beginning ")
        return self._place(above.holder), join(way, "after ", self.phrase(last), " ")

    def _after(self, piece: int, above: Spot, old: Provision | None = None) -> Words:
        last = self._last_in(above, piece)
        if last is None:
            return join("at the beginning", " of " if above.is_place else "", self._called(above))
        if last.is_place and last.last == piece and last.part is not old:
            return join("after ", self._called(last))
        if last.is_place:  # something comes between it and what stands below it
            last = self._pieces[piece]
            above = last.holder
            if above.last == piece:
                return join("after ", self._called(above))
            if last is above:
                return join("at the beginning of ", self._called(above))
            last = self._last_in(above, piece)
            assert last
        if above.last == piece and above.is_place:
            return join("at the end of " if above.is_heading else "below ", self._called(above))
        return join("after ", self.phrase(last), " of ", self._called(above) or "the opening words")

    def _last_in(self, above: Spot, piece: int) -> Spot | None:
        """Which of what stands in it has this piece of the text."""
        spot: Spot | None = self._pieces[piece] if piece >= 0 else None
        while spot and spot.above is not above:
            spot = spot.above
        return spot

    def _called(self, spot: Spot) -> Words:
        """A place as it is called in a sentence: 4.7, section 4."""
        if not isinstance(spot.part, Provision):
            return ()
        return self.called(spot.part) if spot.is_heading else self._names[id(spot.part)]

    def called(self, place: Provision) -> Words:
        """What the place is found by, with the word for it: clause 4.7."""
        name = self._names[id(place)]
        is_alone = len(name) == 1 and not (isinstance(name[0], str) and " " in name[0])
        return join(f"{place.called} ", name) if is_alone else name

    # names

    def _named(self) -> Iterator[tuple[int, Words]]:
        """A name for each place that no other has: its number, with its word, its words, or which of them it is."""
        places = [spot for spot in self._pieces if spot.is_place]
        choices = [list(self._choices(spot)) for spot in places]
        count = Counter(choice for some in choices for choice in some)
        nth = Counter[Words]()
        for spot, some in zip(places, choices, strict=True):
            name = next((choice for choice in some if count[choice] == 1), None)
            if name is None:
                nth[some[-1]] += 1
                name = join(f"the {ordinal(nth[some[-1]])} ", some[-1])
            yield id(spot.part), name

    def _choices(self, spot: Spot) -> Iterator[Words]:
        place = spot.part
        assert isinstance(place, Provision)
        words = place.heading if place.is_heading else [run for block in spot.blocks[:1] for run in _runs(block)]
        few = Quote(self._shortened(self.quoted.in_force(words)))
        number = place.previous_number.whole if place.previous_number else ""
        if not number:
            yield (few,)
            yield (f"{place.called} ", few)
            return
        yield (number,)
        called = number if number.startswith(place.called) else f"{place.called} {number}"
        if called != number:
            yield (called,)
        yield (f"{called} ", few)

    def _few(self, spots: Iterable[Spot]) -> str:
        return self._shortened(self.quoted.in_force([run for spot in spots for run in _runs(spot)]))

    def _shortened(self, text: str) -> str:
        some = text.split()
        return " ".join(some[:_FEW]) + (" …" if len(some) > _FEW else "")


def _is_in_force(block: Block) -> bool:
    if block.missing == "previous":
        return False
    if block.blocks and block.kind != "row":
        return any(map(_is_in_force, block.blocks))
    return block.kind in ("row", *CELLS) or any(run.mark != "inserted" and has_words(run) for run in block.runs)


def _alike(spot: Spot) -> list[Spot]:
    """The blocks of its kind beside it, itself among them."""
    assert spot.above
    return [other for other in spot.above.below if other.noun == spot.noun]


def _runs(spot: Spot) -> Iterator[Run]:
    assert isinstance(spot.part, Block)
    return runs(spot.part)
