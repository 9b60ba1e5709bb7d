"""A provision of a policy as it is compared: a section, a clause or an unnumbered block, with its words before and
after amendments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..model.document import Comment, Mark
from ..model.outline import DELETED, Line
from ..model.schedule import Change


@dataclass(frozen=True)
class Wording:
    """What a provision says in one reading: its words, and the addresses of its links and images.

    Each word is there as printed, and as what it stands for: for a reference, the name of its place in the place of the
    number, which changes whenever clauses are counted anew. `lines` are the same words, names for numbers, in what they
    stand in: a paragraph, a bullet, a cell.
    """

    words: tuple[tuple[str, str], ...]
    addresses: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    @cached_property
    def text(self) -> str:
        return " ".join(printed for printed, _ in self.words)

    @cached_property
    def named(self) -> str:
        return " ".join(named for _, named in self.words)

    def same(self, other: Wording) -> bool:
        """Whether both print the same words in the same form; what a typed number stands for, nobody can say."""
        if self.addresses != other.addresses:
            return False
        if self.named == other.named:
            return self.lines == other.lines
        return self.text == other.text and [line.kind for line in self.lines] == [line.kind for line in other.lines]


# Words that follow each other, each with its mark
Runs = tuple[tuple[Mark, str], ...]


@dataclass(frozen=True)
class Amendment:
    """A marked change with its words as printed, and as an instruction with names for numbers."""

    change: Change
    named: str


@dataclass(frozen=True)
class Counted:
    """A number and how it was counted: the `nth` at this level below the number `above`. Level 0 is that of no place.

    What has no number itself has that of the section or clause that it stands in.
    """

    number: str
    level: int = 0
    above: str = ""
    nth: int = 0


@dataclass(frozen=True)
class ComparedProvision:
    """A section, clause or unnumbered block; its wording is None in a reading that doesn't have it.

    `now` is its number, `before` the one that it has without the amendments, `called` what goes before it; `within` is
    the level of what has unnumbered text. `runs` are, for each kind of line in turn, its words in order, with names for
    numbers and without spaces, each with its mark. `hidden` says that no external edition has them.
    """

    kind: str
    now: Counted
    before: Counted
    name: str | None
    line: int
    previous: Wording | None
    amended: Wording | None
    amendments: tuple[Amendment, ...] = ()
    runs: tuple[tuple[str, Runs], ...] = ()
    hidden: bool = False
    comments: tuple[Comment, ...] = ()
    within: int = 0
    called: str = ""

    @property
    def number(self) -> str:
        return self.now.number

    @property
    def numbered(self) -> bool:
        return self.now.level > 0

    def __str__(self) -> str:
        if self.numbered or self.kind == "footnote":
            return f"{self.called or self.kind} {self.number}"
        where = f"{'clause' if self.within > 1 else 'section'} {self.number}" if self.within else "the opening words"
        return f"{self.kind} in {where}"

    def allows(self, wording: Wording | None) -> bool:
        """Whether accepting some of its amendments and rejecting the others gives this wording."""
        if wording is None or (wording.text == DELETED and self.amended is None):
            return self.amended is None
        readings = [own for own in (self.previous, self.amended) if own and own.named == wording.named]
        if readings:
            return any(own.same(wording) for own in readings)
        spots = {0}  # how many of the wording's lines may be accounted for by now
        for kind, runs in self.runs:
            spots = {
                *(spot for spot in spots if _gives(runs, "")),
                *(n + 1 for n, line in enumerate(wording.lines)
                  if n in spots and line.kind.split()[0] == kind and _gives(runs, line.text)),
            }  # fmt: skip
        return len(wording.lines) in spots


def _gives(runs: Runs, text: str) -> bool:
    """Whether accepting some of the marks and rejecting the others gives these words."""
    words, ends = "".join(text.split()), {0}
    for choices in _choices(runs):
        ends = {end + len(choice) for choice in choices for end in ends if words.startswith(choice, end)}
    return len(words) in ends


def _choices(runs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """What may stand in turn: words that stay, or of an amendment the old words and the new.

    A deletion and an insertion side by side are one amendment, as they are in the schedule.
    """
    waiting = ("", "")
    for mark, run in (*runs, ("", "")):
        if waiting[0] and mark and mark != waiting[0]:
            yield waiting[1], run
            waiting = ("", "")
            continue
        if waiting[0]:
            yield waiting[1], ""
        waiting = (mark, run) if mark else ("", "")
        if not mark:
            yield (run,)
