"""What runs of words say in a reading, what their marks make of them, and how they nest."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from .document import (
    CELLS,
    Block,
    Citation,
    Comment,
    Image,
    LineBreak,
    Link,
    Mark,
    NoteReference,
    Reading,
    Run,
    Status,
    runs,
    walk,
)

# The mark of the words that a reading leaves out
LEFT_OUT: dict[Reading, Mark] = {"amended": "deleted", "previous": "inserted"}
# The reading that leaves out the words of a mark
WITHOUT: dict[Mark, Reading] = {mark: reading for reading, mark in LEFT_OUT.items()}


def words(run: Run, reading: Reading) -> str:
    """The run's words in a reading that has it: a citation has the number of that reading, other things no words."""
    if run.thing is None:
        return run.text
    if isinstance(run.thing, Citation):
        return run.thing.words(reading)
    return " " if isinstance(run.thing, LineBreak) else ""


def said(some: Iterable[Run], reading: Reading) -> str:
    """What these runs say in a reading, their spaces as they are, but for lines that were broken in the source."""
    left_out = LEFT_OUT[reading]
    if isinstance(some, tuple) and len(some) == 1 and some[0].thing is None:
        return "" if some[0].mark == left_out else some[0].text.replace("\n", " ")
    return "".join([words(run, reading) for run in some if run.mark != left_out]).replace("\n", " ")


def plain(blocks: Iterable[Block], reading: Reading) -> str:
    """The words of these blocks, one line a paragraph, bullet or table row; spaces folded.

    Comments, footnotes' signs and blocks that are missing from the reading are left out.
    """
    blocks = tuple(blocks)
    if len(blocks) == 1 and blocks[0].kind == "paragraph":  # as most are
        return "" if blocks[0].missing == reading else folded(blocks[0].runs, reading)
    parts: list[str] = []
    for block in blocks:
        parts.append("\n")
        _gather(block, reading, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def folded(some: Iterable[Run], reading: Reading) -> str:
    """The words of a heading in a reading, in one line."""
    return " ".join(said(some, reading).split())


def _gather(block: Block, reading: Reading, parts: list[str]) -> None:
    if block.missing == reading:
        return
    parts.append(" " if block.kind in CELLS else "\n")
    parts.append(said(block.runs, reading))
    for inner in block.blocks:
        _gather(inner, reading, parts)
    if block.kind not in CELLS:
        parts.append("\n")


def has_words(run: Run) -> bool:
    """Whether there is anything to read: words, a number, a picture or a footnote's sign; comments are none."""
    return bool(run.text.strip()) or isinstance(run.thing, Citation | Image | NoteReference)


def marks_of(block: Block) -> Iterator[Mark]:
    """The mark of each run with words in a block, and none for each rule across the page."""
    for inner in walk(block):
        if inner.kind == "rule":
            yield ""
        yield from (run.mark for run in inner.runs if has_words(run))


def status_of(marks: Iterable[Mark]) -> Status | None:
    """What the marks make of a place; None where it has no words at all."""
    kinds = set(marks)
    if len(kinds) > 1:
        return "amended"
    return (kinds.pop() or "unchanged") if kinds else None


def is_marked(block: Block) -> bool:
    """Whether anything in a block is marked."""
    return any(run.mark for run in runs(block))


def comments(some: Iterable[Run]) -> list[Comment]:
    """The comments among these runs."""
    return [run.thing for run in some if isinstance(run.thing, Comment)]


def joined(some: Iterable[Run]) -> tuple[Run, ...]:
    """The runs, neighbours that are alike in everything in one."""
    left: list[Run] = []
    for run in some:
        last = left[-1] if left else None
        same = last and last.amendment == run.amendment and not (last.thing or run.thing)
        if last and same and replace(last, text=run.text) == run:
            left[-1] = replace(last, text=last.text + run.text)
        elif run.text or run.thing:
            left.append(run)
    return tuple(left)


def without(some: Iterable[Run], mark: Mark) -> tuple[Run, ...]:
    """The runs that are left when those of one mark are gone and the others' marks taken off."""
    return tuple(replace(run, mark="", amendment=0) if run.mark else run for run in some if run.mark != mark)


# nesting


@dataclass(frozen=True, slots=True)
class Language:
    """A language that words are in, as what holds them; `tag` is its tag."""

    tag: str


# What may hold other runs: HTML and tagged PDF nest what runs don't. Of two that hold the same words a mark is outside
# a link, so that nothing is left of that where its words are left out; these come last, in this order.
Holder = Link | Language | str
_ORDER = ("strong", "em", "withheld", "code", "sub", "sup")
Nested = Run | tuple[Holder, list["Nested"]]


def nested(some: tuple[Run, ...]) -> list[Nested]:
    """The runs in what holds them: a link, a mark or a style, with the widest outside."""
    if all(not (run.mark or run.styles or run.link or run.language) for run in some):
        return list(some)
    return _nest(list(some), [_holders(run) for run in some], 0, len(some), ())


def _holders(run: Run) -> list[Hashable]:
    commented = "commented" if "commented" in run.styles else ""
    language = Language(run.language) if run.language else None
    outside: list[Hashable] = [holder for holder in (commented, run.mark, run.link, language) if holder]
    return outside + [name for name in _ORDER if name in run.styles]


def _nest(
    some: list[Run], holders: list[list[Hashable]], start: int, end: int, open_: tuple[Hashable, ...]
) -> list[Nested]:
    nest: list[Nested] = []
    while start < end:
        widest, reach = None, start
        for holder in holders[start]:
            if holder in open_:
                continue
            stop = start + 1
            while stop < end and holder in holders[stop]:
                stop += 1
            if stop > reach:
                widest, reach = holder, stop
        if widest is None:
            nest.append(some[start])
            start += 1
        else:
            nest.append((widest, _nest(some, holders, start, reach, (*open_, widest))))  # type: ignore[arg-type]
            start = reach
    return nest
