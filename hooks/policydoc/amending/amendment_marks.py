"""Says which marks of a text make each amendment of its schedule: A1, A2 …

The schedule knows words, the text knows signs. So the text is read once more with a comment of ours in each mark:
comments change neither words nor numbers. Where they come to stand in the document, the schedule is made to quote them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import count, takewhile

from ..model.document import Citation, Comment, Run
from ..model.missing import with_missing
from ..model.schedule import Change, changes
from ..source.numbering import Counting
from . import marks
from .marked_text import MarkedText
from .marks import Span
from .proof import path_of, read
from .rewriting import MarkedBlock, Refused

_QUOTED = re.compile("\ue000(\\d+)\ue001")  # the number of a mark, where the schedule quotes its words
_UNCLEAR = "it can't be told which marks make which amendment. Name clauses with --only."


@dataclass(frozen=True)
class AmendmentMarks:
    """The amendments of a text, A1 the first of the schedule, and the numbers of its marks.

    `numbers` has for each block of the text the number of each of its spans: that of the amendment, or None where it
    belongs to none. `of_place` has the amendments of the places that come or go as a whole, by their anchors, `ends`
    for each amendment that is one end of a move the numbers of both.
    """

    schedule: Sequence[Change]
    numbers: tuple[tuple[int | None, ...], ...]
    of_place: Mapping[str, frozenset[int]]
    ends: Mapping[int, frozenset[int]]

    def has_marks(self, number: int) -> bool:
        """Whether any mark is known to belong to this amendment."""
        return any(number in numbers for numbers in self.numbers)

    def whole(self, some: Collection[int]) -> frozenset[int]:
        """These amendments, and the other ends of what moves."""
        return frozenset(some).union(*(self.ends.get(number, frozenset()) for number in some))

    def choosing(self, marked: MarkedText, some: Collection[int]) -> MarkedText:
        """The text with the marks of these amendments chosen."""
        wanted = dict(zip(map(id, marked.blocks), self.numbers, strict=True))

        def chosen(block: MarkedBlock) -> Iterator[Span]:
            numbers = zip(block.spans, wanted[id(block)], strict=True)
            return (span for span, number in numbers if number in some)

        return marked.choosing(chosen)

    def left(self, some: Collection[int], before: MarkedText, after: MarkedText) -> AmendmentMarks:
        """What is known of the text in which the marks of these amendments are resolved. Raises Refused."""
        spans = [
            (span.kind, number)
            for block, numbers in zip(before.blocks, self.numbers, strict=True)
            for span, number in zip(block.spans, numbers, strict=True)
            if number not in some
        ]
        if [kind for kind, _ in spans] != [span.kind for block in after.blocks for span in block.spans]:
            raise Refused(f"{path_of(before.document.slug)}: {_UNCLEAR}")
        in_order = (number for _, number in spans)
        numbers = tuple(tuple(next(in_order) for _ in block.spans) for block in after.blocks)
        return replace(self, numbers=numbers, of_place=_of_places(after.blocks, numbers))


def amendment_marks(marked: MarkedText, counting: Counting) -> AmendmentMarks:
    """Which marks make which amendment. Raises Refused where that can't be told."""
    schedule = changes(with_missing(marked.document))
    quoted = _quoted(marked, schedule, counting)
    nth = count()
    numbers = [[quoted.get(next(nth)) if _is_mark(span) else None for span in block.spans] for block in marked.blocks]
    of_place = _of_places(marked.blocks, numbers)
    for block, own in zip(marked.blocks, numbers, strict=True):
        _complete(block, own, of_place)
    return AmendmentMarks(schedule, tuple(map(tuple, numbers)), of_place, _ends(marked.blocks, of_place))


def _is_mark(span: Span) -> bool:
    return span.kind in ("deleted", "inserted")


# the marks that an amendment quotes


def _quoted(marked: MarkedText, schedule: Sequence[Change], counting: Counting) -> dict[int, int]:
    """The amendments by the ordinals of the marks that they quote."""
    author, text = _with_comments(marked)
    document = with_missing(read(text, marked.document.slug, counting))
    for with_all in (True, False):  # a schedule may pass over marks without words, such as a footnote's sign
        told = changes(document.with_runs(partial(_signed, author=author, with_all=with_all)))
        if [change.id for change in told] == [change.id for change in schedule]:
            break
    else:
        raise Refused(f"{path_of(document.slug)}: {_UNCLEAR}")
    pairs = [
        (int(ordinal), number)
        for number, change in enumerate(told, 1)
        for ordinal in _QUOTED.findall(f"{change.deleted} {change.inserted}")
    ]
    quoted = dict(pairs)
    if len(quoted) < len(set(pairs)):  # a mark of two amendments
        raise Refused(f"{path_of(document.slug)}: {_UNCLEAR}")
    return quoted


def _with_comments(marked: MarkedText) -> tuple[str, str]:
    """The text with a comment behind the first sign of each mark, which has its ordinal; and who signs them."""
    blocks = [block.block for block in marked.blocks]
    author = sha256("".join(block.source for block in blocks).encode()).hexdigest()[:12]  # no text has its own hash
    nth = count()
    parts = [marked.front]
    for block in marked.blocks:
        typed, end = block.block.text, 0
        parts.append(block.block.lead)
        for start in (span.start + span.sign_length for span in block.spans if _is_mark(span)):
            parts.append(f"{typed[end:start]}{{>>{author}: {next(nth)}<<}}")
            end = start
        parts += typed[end:], block.block.after
    return author, "".join(parts)


def _signed(some: tuple[Run, ...], author: str, with_all: bool) -> tuple[Run, ...]:
    """The runs with what the schedule will quote in place of our comments, in marks with words or in all."""
    signed: list[Run] = []
    for index, run in enumerate(some):
        if not _is_ours(run, author):
            signed.append(run)
        elif with_all or _begins_words(some[index + 1 :], author):
            assert isinstance(run.thing, Comment)
            signed.append(replace(run, text=f"\ue000{run.thing.text}\ue001", thing=None))
    return tuple(signed)


def _begins_words(following: tuple[Run, ...], author: str) -> bool:
    """Whether there are words in the mark that begins here."""
    mark = takewhile(lambda run: run.mark == following[0].mark and not _is_ours(run, author), following)
    return any(run.text.strip() or isinstance(run.thing, Citation) for run in mark)


def _is_ours(run: Run, author: str) -> bool:
    return isinstance(run.thing, Comment) and run.thing.author == author


# the marks and comments that go with them


def _of_places(blocks: Sequence[MarkedBlock], numbers: Sequence[Sequence[int | None]]) -> dict[str, frozenset[int]]:
    """The amendments of the places that come or go as a whole, by their anchors."""
    of_place: dict[str, frozenset[int]] = {}
    for block, own in zip(blocks, numbers, strict=True):
        if anchor := _whole_place(block):
            of_place[anchor] = of_place.get(anchor, frozenset()).union(number for number in own if number)
    return of_place


def _whole_place(block: MarkedBlock) -> str:
    """The anchor of the place that comes or goes with these words; empty for what stands below a heading."""
    owner = block.owner
    is_whole = owner and owner.status in ("deleted", "inserted") and (block.begins or not owner.is_heading)
    return owner.anchor if owner and is_whole else ""


def _complete(block: MarkedBlock, own: list[int | None], of_place: Mapping[str, frozenset[int]]) -> None:
    """Gives what no amendment quotes to the other end of its move, or to the mark beside it that has one."""
    moved = of_place.get(block.twin.anchor, frozenset()) if block.twin and _whole_place(block) else frozenset()
    if moved and not any(own):
        own[:] = [min(moved) if _is_mark(span) else None for span in block.spans]
    for chain in marks.chains(block.block.text, block.spans):
        indices = [block.spans.index(span) for span in chain]
        last = next((own[index] for index in indices if own[index]), None)
        for index in indices:
            last = own[index] = own[index] or last


def _ends(blocks: Sequence[MarkedBlock], of_place: Mapping[str, frozenset[int]]) -> dict[int, frozenset[int]]:
    """What is decided together: the amendments of both ends of each move."""
    ends: dict[int, frozenset[int]] = {}
    for block in blocks:
        if block.twin and (anchor := _whole_place(block)):
            both = of_place[anchor] | of_place.get(block.twin.anchor, frozenset())
            ends |= dict.fromkeys(both, both) if len(both) > 1 else {}
    return ends
