"""Turns a marked policy file into the file after a vote: some amendments carried, some lost, the others still marked.

What is lost goes first, then what is carried becomes text: where a clause loses its old words and isn't given the new
ones, it is a deleted clause. Each of the two steps has the proof that accepting and rejecting have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..model.document import Document, Provision, Reading, owned_blocks, provisions, runs
from ..model.missing import with_missing
from ..model.runs import has_words
from ..model.schedule import changes
from ..source.numbering import AS_USUAL, Counting
from .accept_reject import ANSWER, Resolved, remarks_on, resolved
from .amendment_marks import AmendmentMarks, amendment_marks
from .marked_text import MarkedText, marked_text
from .proof import path_of
from .rewriting import Refused

_MOST = 3  # wrong numbers that are told of


@dataclass(frozen=True)
class Decided(Resolved):
    """The text after the vote; `carried` and `lost` are the numbers of its amendments, `moves` those of both ends."""

    carried: frozenset[int]
    lost: frozenset[int]
    moves: frozenset[frozenset[int]]


def decide(
    text: str,
    slug: str,
    carried: Collection[int] = (),
    lost: Collection[int] = (),
    drop_comments: bool = False,
    counting: Counting = AS_USUAL,
) -> Decided:
    """Carries out a vote on a policy file's text: 1 is amendment A1.

    A comment on what is decided is a reason to refuse, unless they are to be dropped. Raises Refused.
    """
    marked = marked_text(text, slug, counting)
    known = amendment_marks(marked, counting)
    if wrong := list(_misnumbered(known, carried, lost)):
        raise Refused(*wrong)
    yes, no = known.whole(carried), known.whole(lost)
    wrong = [*_torn(known, yes & no), *_homeless(marked, known, yes, no)]
    if counting.close_up:
        wrong += _left_behind(marked, known, yes, no)
    if wrong:
        raise Refused(*wrong)
    remarks = tuple(remarks_on(known.choosing(marked, yes | no)))
    if remarks and not drop_comments:
        raise Refused(*remarks, ANSWER)
    marked, known = _step(marked, known, no, "previous", counting)
    before = marked.document
    marked, known = _step(marked, known, yes, "amended", counting)
    _refuse_emptied(before, marked.document)
    moves = frozenset(known.ends[number] for number in yes | no if number in known.ends)
    return Decided(marked.text, len(yes | no), _left(marked.document), remarks, frozenset(), yes, no, moves)


def named(numbers: Collection[int]) -> str:
    """A1, A3 and A4"""
    *others, last = [f"A{number}" for number in sorted(numbers)]
    return f"{', '.join(others)} and {last}" if others else last


def _step(
    marked: MarkedText, known: AmendmentMarks, some: Collection[int], reading: Reading, counting: Counting
) -> tuple[MarkedText, AmendmentMarks]:
    """The text with the marks of these amendments resolved, and what is known of those that are left."""
    if not some:
        return marked, known
    labelled = list(_renumbered(marked.document, known, some)) if counting.with_letters else []
    text = resolved(known.choosing(marked, some), reading, "drop", counting, labelled=labelled).text
    after = marked_text(text, marked.document.slug, counting)
    return after, known.left(some, marked, after)


def _renumbered(document: Document, known: AmendmentMarks, carried: Collection[int]) -> Iterator[str]:
    """The anchors of new places that would become 1A, once another of their list, in which all is new, is place 1."""
    tops = tuple(part for part in (*document.opening, *document.sections) if isinstance(part, Provision))
    for places in (tops, *(place.below for place in document.provisions())):
        new = [place.anchor for place in places if place.status == "inserted"]
        left = [anchor for anchor in new if not known.of_place.get(anchor, frozenset()) <= {*carried}]
        if len(left) < len(new):
            yield from left


def _left(document: Document) -> int:
    """How many amendments are marked; one at least where anything is, though it be the sign of a footnote."""
    return len(changes(with_missing(document))) or int(any(run.mark for _, run in document.runs()))


# what can't be carried out


def _misnumbered(known: AmendmentMarks, carried: Collection[int], lost: Collection[int]) -> Iterator[str]:
    count = len(known.schedule)
    there = "it has no amendments" if not count else f"the draft has {'A1' if count == 1 else f'A1 to A{count}'}"
    some = {*carried, *lost}
    yield from (f"there is no A{number}: {there}." for number in sorted(some - set(range(1, count + 1)))[:_MOST])
    for number in range(1, count + 1):
        if number not in some:
            continue
        if not known.has_marks(number):
            yield f"it can't be told which marks A{number} is. Take them out by hand, or name its clause with --only."
        elif number in carried and number in lost:
            yield f"A{number} is in both lists: it was either carried or lost."


def _torn(known: AmendmentMarks, both: Collection[int]) -> Iterator[str]:
    """The moves of which one end is carried and the other lost."""
    for move in sorted({tuple(sorted(known.ends[number])) for number in both if number in known.ends}):
        yield f"{named(move)} are the two ends of one move: carry both, or neither."


def _homeless(
    marked: MarkedText, known: AmendmentMarks, carried: frozenset[int], lost: frozenset[int]
) -> Iterator[str]:
    """What is new in a place that is new as well, and would outlive it or come before it."""
    for parent in marked.document.provisions():
        above = known.of_place.get(parent.anchor, frozenset())
        if parent.status != "inserted" or not _is_new(parent) or not above or above <= carried:
            continue
        for number in sorted(_inside(marked, known, parent) - above):
            if number in carried:
                yield f"A{number} stands in {parent}, which is new as well: carry {named(above)} too."
            elif above & lost and number not in lost:
                yield f"A{number} stands in {parent}, which is new and lost: let A{number} be lost too."


def _left_behind(
    marked: MarkedText, known: AmendmentMarks, carried: frozenset[int], lost: frozenset[int]
) -> Iterator[str]:
    """What is still to be decided in a clause that goes; where numbers don't close up, “Deleted.” holds its place."""
    for parent in marked.document.provisions():
        above = known.of_place.get(parent.anchor, frozenset())
        if parent.status == "deleted" and not parent.is_heading and above and above <= carried:
            for number in sorted(_inside(marked, known, parent) - carried - lost):
                yield f"A{number} stands in {parent}, which goes: carry A{number} too, or leave {named(above)}."


def _is_new(place: Provision) -> bool:
    """Whether all that stands in a place is new: it isn't a heading that is set above clauses that were there."""
    some = [run for _, block in owned_blocks(place.content) for run in runs(block) if has_words(run)]
    return all(run.mark == "inserted" for run in (*place.heading, *some) if has_words(run))


def _inside(marked: MarkedText, known: AmendmentMarks, parent: Provision) -> set[int]:
    """The amendments of a place, and of all that stands below it."""
    below = {place.anchor for place in provisions((parent,))}
    return {
        number
        for block, numbers in zip(marked.blocks, known.numbers, strict=True)
        if block.owner and block.owner.anchor in below
        for number in numbers
        if number
    }


def _refuse_emptied(before: Document, after: Document) -> None:
    """Raises Refused where a place has no words left but proposed ones: rejecting these would lose its number."""
    emptied = _new_places(after) - _new_places(before)
    for place in after.provisions():
        if place.anchor in emptied:
            what = f"{place} would have no words but those that are still proposed. Decide on them as well"
            raise Refused(f"{path_of(after.slug)}: {what}.")


def _new_places(document: Document) -> set[str]:
    return {place.anchor for place in document.provisions() if place.status == "inserted"}
