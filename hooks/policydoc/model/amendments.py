"""Says which marks of a document are one amendment, and numbers the amendments in reading order: A1, A2 …

A place, a table or row of one, a bullet or a definition that comes or goes as a whole is one, and so is what has moved,
numbered where it comes to stand. Else a deletion and the insertion beside it are one, and all marks within one word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from .document import CELLS, Block, Document, Mark, Part, Provision, Run, runs
from .missing import groups, own_blocks
from .moves import Passage, moves
from .runs import has_words, plain

# Blocks that come or go with all that stands in them
_WHOLE = frozenset({"table", "row", "item", "quotation", "box", "meaning", "note"})


@dataclass(frozen=True)
class MarkedText:
    """What is marked by one amendment: `blocks`, all of them in one `mark`, or some `runs` of one block.

    `place` has the words, None before the first section and in footnotes. `is_place` says that the whole place comes or
    goes, with no other block than these. `first` and `end` say which runs of the block they are.
    """

    place: Provision | None
    blocks: tuple[Block, ...]
    mark: Mark = ""
    is_place: bool = False
    first: int = 0
    end: int = 0

    @property
    def runs(self) -> tuple[Run, ...]:
        """The words that are marked, and what stands between them."""
        if not self.mark:
            return self.blocks[0].runs[self.first : self.end]
        return tuple(run for block in self.blocks for run in runs(block))

    @property
    def number(self) -> int:
        """The number of the amendment, 0 where it has none yet."""
        return next((run.amendment for run in self.runs if run.amendment), 0)


def marked_texts(document: Document) -> Iterator[MarkedText]:
    """All that is marked, in reading order. What has a number already is never drawn together with other numbers."""
    yield from _of_parts(document.opening, None)
    for section in document.sections:
        yield from _of_place(section)
    for note in document.notes:
        yield from _of_block(note, None)


def numbered(document: Document) -> Document:
    """The document in which all that is marked has the number of its amendment."""
    texts = list(marked_texts(document))
    if not texts:
        return document
    gone = _moved([text for text in texts if text.is_place])
    numbers: dict[int, int] = {}  # by the identity of what is marked
    count = 0
    for text in texts:
        if id(text) in gone.values():
            continue
        count += 1
        numbers |= {id(text): count, gone.get(id(text), 0): count}
    of_runs: dict[int, list[tuple[int, int, int]]] = {}
    for text in texts:
        for some, first, end in _stretches(text):
            of_runs.setdefault(id(some), []).append((first, end, numbers[id(text)]))
    return document.with_runs(lambda some: _with_numbers(some, of_runs[id(some)]) if id(some) in of_runs else some)


def heading(place: Provision) -> Block:
    """The words of a heading, as a block; the same each time in what they say, though not in identity."""
    return Block("heading", place.heading, (), place.line, place.internal)


def _of_parts(parts: Iterable[Part], owner: Provision | None) -> Iterator[MarkedText]:
    for part in parts:
        if isinstance(part, Provision):
            yield from _of_place(part)
        elif not owner or owner.is_heading or owner.status == "amended":
            yield from _of_block(part, owner)  # a place that comes or goes has its own blocks in it


def _of_place(place: Provision) -> Iterator[MarkedText]:
    own = (heading(place),) if place.is_heading else place.blocks
    if place.withheld:
        pass
    elif place.status in ("deleted", "inserted"):
        yield MarkedText(place, own, place.status, is_place=True)
    elif place.is_heading:
        yield from _of_block(own[0], place)
    yield from _of_parts(place.content, place)


def _of_block(block: Block, place: Provision | None) -> Iterator[MarkedText]:
    if not block.blocks:
        yield from _of_words(block, place)
    elif block.kind in _WHOLE and (mark := _one_mark(own_blocks(block))):
        yield MarkedText(place, (block,), mark)
    elif block.kind == "terms":
        for group in groups(block):
            if mark := _one_mark(group):
                yield MarkedText(place, tuple(group), mark)
            else:
                yield from (text for inner in group for text in _of_block(inner, place))
    else:
        yield from (text for inner in block.blocks for text in _of_block(inner, place))


def _one_mark(blocks: Iterable[Block]) -> Mark:
    """The mark that all words of these blocks are in, of one amendment; empty where there is none."""
    within = [run for block in blocks for run in runs(block) if has_words(run)]
    kinds = {(run.mark, run.amendment) for run in within}
    return within[0].mark if len(kinds) == 1 else ""


def _of_words(block: Block, place: Provision | None) -> Iterator[MarkedText]:
    """The amendments within one paragraph, heading or cell."""
    if not any([run.mark for run in block.runs]):
        return
    mark = _one_mark((block,))
    if mark and block.kind not in CELLS and not (place and block.runs is place.heading):
        yield MarkedText(place, (block,), mark)
        return
    spans: list[tuple[int, int]] = []
    for index, run in enumerate(block.runs):
        if not run.mark or not has_words(run):
            continue
        if spans and _goes_on(block.runs, spans[-1], index):
            spans[-1] = spans[-1][0], index + 1
        else:
            spans.append((index, index + 1))
    for first, end in spans:
        before, after = block.runs[first].mark, block.runs[end - 1].mark
        while first and _goes_along(block.runs[first - 1], before):
            first -= 1
        while end < len(block.runs) and _goes_along(block.runs[end], after):
            end += 1
        yield MarkedText(place, (block,), "", False, first, end)


def _goes_along(run: Run, mark: Mark) -> bool:
    """Whether it is a space in the mark beside it, or a comment."""
    return not has_words(run) and (run.mark == mark or not run.text)


def _goes_on(some: Sequence[Run], span: tuple[int, int], index: int) -> bool:
    """Whether this run is of the amendment before it: in its mark, the other half of it, or in the same word."""
    first, end = span
    last, run = some[end - 1], some[index]
    if last.amendment != run.amendment or any(one.thing for one in some[end:index] if has_words(one)):
        return False
    between = "".join(one.text for one in some[end:index])
    if not any(map(str.isspace, f"{last.text[-1:]}{between}{run.text[:1]}")):
        return True
    kinds = [mark for mark, _ in groupby(one.mark for one in some[first:end] if has_words(one))]
    return not between.strip() and (run.mark == last.mark or len(kinds) == 1)


# moves


def _moved(places: Sequence[MarkedText]) -> dict[int, int]:
    """The identities of places that come, each with that of the place that it was: by name, else by its words."""
    pairs: dict[int, int] = {}
    for is_heading in (True, False):
        some = [text for text in places if text.place and text.place.is_heading == is_heading]
        gone, come = ([text for text in some if text.mark == mark] for mark in ("deleted", "inserted"))
        was = {text.place.previous_number.anchor: n for n, text in enumerate(gone)
               if text.place and text.place.previous_number}  # fmt: skip
        for text in come:
            old = text.place.moved_from if text.place else None
            if old and old.anchor in was:
                pairs[id(text)] = id(gone[was[old.anchor]])
        gone = [text for text in gone if id(text) not in pairs.values()]
        come = [text for text in come if id(text) not in pairs]
        alike = moves(list(map(_passage, gone)), list(map(_passage, come)))
        pairs |= {id(come[j]): id(gone[i]) for i, j in alike.items()}
    return pairs


def _passage(text: MarkedText) -> Passage:
    is_heading = bool(text.place and text.place.is_heading)
    words = plain(text.blocks, "previous" if text.mark == "deleted" else "amended")
    return Passage("place", words, short=is_heading)


# numbers


def _stretches(text: MarkedText) -> Iterator[tuple[tuple[Run, ...], int, int]]:
    """The runs of each block that are of the amendment, as which of all that the block has."""
    if not text.mark:
        yield text.blocks[0].runs, text.first, text.end
        return
    waiting = list(text.blocks)
    for block in waiting:
        waiting += block.blocks
        if block.runs:
            yield block.runs, 0, len(block.runs)


def _with_numbers(some: tuple[Run, ...], spans: Iterable[tuple[int, int, int]]) -> tuple[Run, ...]:
    """The runs with these numbers; a mark without words has that of the amendment before it, or else after it."""
    spans = list(spans)
    numbers = [next((number for first, end, number in spans if first <= n < end), 0) for n in range(len(some))]
    last = next(filter(None, numbers))
    for n, run in enumerate(some):
        last = numbers[n] = numbers[n] or last
        if not run.mark:
            numbers[n] = 0
    return tuple(replace(run, amendment=number) for run, number in zip(some, numbers, strict=True))
