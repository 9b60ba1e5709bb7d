"""Turns one version of a policy into its provisions: sections, clauses and unnumbered text, in reading order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from ..editions.references import Destination, Reference, Target
from ..model import schedule
from ..model.document import Block, BlockKind, Citation, Document, Image, Part, Provision, Reading, Run, runs, with_runs
from ..model.outline import leaves, lines_of, opening
from ..model.runs import LEFT_OUT, comments, plain, words
from ..model.schedule import Change
from .provision import Amendment, ComparedProvision, Counted, Runs, Wording

_KINDS: dict[BlockKind, str] = {
    "cross-heading": "cross-heading", "table": "table", "list": "list", "steps": "list", "terms": "list of terms",
    "note": "footnote",
}  # fmt: skip
_GLUE = "\0"  # stands for the spaces in a citation, which counts as one word


def provisions(printed: Document, named: Document) -> list[ComparedProvision]:
    """All provisions of a policy; those that hold only comments are among them.

    It is read twice, once with its references as they are printed, once with names for numbers (`stand_ins`).
    """
    counters: dict[Reading, _Counter] = {"amended": _Counter(), "previous": _Counter()}
    moved = {place.moved_from.anchor: place.name for place in named.provisions() if place.moved_from}
    compared: list[ComparedProvision] = []
    line = 0
    for spot, one in zip(_spots(named), _spots(printed), strict=True):
        line = spot.line or line
        place, now = spot.place, Counted(spot.number)
        before = now
        if place:
            now, before = _counted(place, counters)
        name = (
            place.name or (moved.get(place.previous_number.anchor) if place.previous_number else None)
            if place
            else None
        )
        compared.append(
            ComparedProvision(
                spot.kind, now, before, name, line, _wording(spot, one, "previous"), _wording(spot, one, "amended"),
                tuple(_amendments(spot, one)),
                tuple((kind, _runs(block)) for kind, block in leaves(spot.blocks, spot.above)),
                spot.internal, tuple(comments(run for block in spot.blocks for run in runs(block))),
                spot.within, spot.called,
            )
        )  # fmt: skip
    return compared


def stand_ins(references: Iterable[Reference]) -> dict[str, Destination]:
    """Policies in which every place is numbered by its name."""
    names = defaultdict[str, dict[str, Target]](dict)
    for reference in references:
        target = Target("place", f"#{reference.name}", f"#{reference.name}", reference.name)
        names[reference.slug][reference.name] = target
    return {slug: Destination(f"{slug}.md", targets) for slug, targets in names.items()}


# where provisions stand


@dataclass(frozen=True)
class _Spot:
    """A provision's own words, up to its first sub-clause, or one block that stands on its own.

    `owner` is the section or clause that has a loose block, `above` what that stands in, as an outline says it.
    """

    blocks: tuple[Block, ...]
    place: Provision | None = None
    owner: Provision | None = None
    internal: bool = False
    above: str = ""

    @property
    def kind(self) -> str:
        return self.place.kind if self.place else _KINDS.get(self.blocks[0].kind, "paragraph")

    @property
    def called(self) -> str:
        return self.place.called if self.place else self.kind

    @property
    def number(self) -> str:
        if self.blocks and self.blocks[0].kind == "note":
            return self.blocks[0].name
        place = self.place or self.owner
        return place.named if place else ""

    @property
    def line(self) -> int:
        return self.place.line if self.place else self.blocks[0].line

    @property
    def within(self) -> int:
        return self.owner.level if self.owner and self.number else 0


def _spots(document: Document) -> Iterator[_Spot]:
    """What a policy's provisions are. Internal are those that say so or stand in, or below, what is.

    Each clause and each footnote is on its own, as is what stands between and behind a clause's sub-clauses.
    """
    yield from _below(document.opening, None, False)
    for section in document.sections:
        yield from _section(section, False)
    for note in document.notes:
        yield _Spot((note,))


def _section(section: Provision, internal: bool) -> Iterator[_Spot]:
    internal = internal or section.internal
    yield _Spot(opening(section), section, None, internal)
    yield from _below(section.content, section, internal)


def _below(parts: Iterable[Part], owner: Provision | None, internal: bool) -> Iterator[_Spot]:
    """What stands below a heading, or before the first."""
    below = False  # an internal cross-heading
    for part in parts:
        if isinstance(part, Block):
            below = part.internal if part.kind == "cross-heading" else below
            yield _Spot((part,), None, owner, internal or below or part.internal)
        elif part.is_heading:
            below = False
            yield from _section(part, internal)
        else:
            yield from _clause(part, internal or below, "")


def _clause(clause: Provision, internal: bool, above: str) -> Iterator[_Spot]:
    internal, above = internal or clause.internal, f"{above}clause/"
    first = opening(clause)
    yield _Spot(first, clause, None, internal)
    for part in clause.content[len(first) :]:
        if isinstance(part, Provision):
            yield from _clause(part, internal, above)
        else:
            yield _Spot((part,), None, clause, internal or part.internal, above)


class _Counter:
    """How the numbers of one reading were counted, place by place."""

    def __init__(self) -> None:
        self._open: list[Counted] = []

    def step(self, place: Provision, number: object) -> Counted:
        """Places that have no number in the reading are passed over, and what is below them goes on in those before."""
        last = self._open[place.level - 1].nth if len(self._open) >= place.level else 0
        above = self._open[place.level - 2].number if 1 < place.level <= len(self._open) + 1 else ""
        counted = Counted(str(number) or place.named, place.level, above, last + 1)
        self._open[place.level - 1 :] = [counted]
        return counted


def _counted(place: Provision, counters: Mapping[Reading, _Counter]) -> tuple[Counted, Counted]:
    """The place's number, or else the one that it had; and the one that it had, or else the first."""
    now = counters["amended"].step(place, place.number) if place.number else None
    before = counters["previous"].step(place, place.previous_number) if place.previous_number else None
    known = now or before or Counted("", place.level)
    return known, before or known


# what they say


def _wording(named: _Spot, printed: _Spot, reading: Reading) -> Wording | None:
    text, addresses = plain(named.blocks, reading), tuple(_addresses(named.blocks, reading))
    if not text and not addresses:
        return None
    lines = tuple(lines_of(named.blocks, reading, named.above))
    if not _cites(named.blocks):
        pairs = tuple((word, word) for word in text.split())
    else:
        both = (_glued_words(spot.blocks, reading) for spot in (printed, named))
        pairs = tuple(zip(*both, strict=True))
    return Wording(pairs, addresses, lines)


def _cites(blocks: Iterable[Block]) -> bool:
    return any(isinstance(run.thing, Citation) for block in blocks for run in runs(block))


def _glued_words(blocks: Iterable[Block], reading: Reading) -> list[str]:
    """The words of these blocks, of which a citation is one."""

    def glued(run: Run) -> Run:
        if not isinstance(run.thing, Citation):
            return run
        return replace(run, text=run.thing.words(reading).replace(" ", _GLUE), thing=None)

    text = plain([with_runs(block, lambda some: tuple(map(glued, some))) for block in blocks], reading)
    return [word.replace(_GLUE, " ") for word in text.split()]


def _addresses(blocks: Iterable[Block], reading: Reading) -> Iterator[str]:
    """Where the links lead, and which images are there; of a citation the words say it."""
    seen = 0
    for run in (run for block in blocks for run in runs(block)):
        if run.mark == LEFT_OUT[reading]:
            continue
        link = run.link
        if link and link.nth != seen and not isinstance(run.thing, Citation):
            seen = link.nth
            if link.slug is not None:
                yield link.address.removeprefix("../").replace("/#", ".md#")
            elif link.address and not link.address.startswith("#"):
                yield link.address
        if isinstance(run.thing, Image):
            yield f"{run.thing.path} ({run.thing.alt})" if run.thing.alt else run.thing.path


def _runs(block: Block) -> Runs:
    """The words without spaces, neighbours with the same mark in one."""
    some = ((run.mark, "".join(words(run, "amended").split())) for run in block.runs)
    stretches = groupby(((mark, text) for mark, text in some if text), key=lambda run: run[0])
    return tuple((mark, "".join(text for _, text in group)) for mark, group in stretches)


def _amendments(named: _Spot, printed: _Spot) -> Iterator[Amendment]:
    if any(run.mark for block in named.blocks for run in runs(block)):
        for change, other in zip(_changes(printed), _changes(named), strict=True):
            yield Amendment(change, other.alone)


def _changes(spot: _Spot) -> list[Change]:
    """The schedule of one provision alone, without the clauses below it."""
    place = spot.place
    if place is None:
        return schedule.changes(Document("", spot.blocks))
    if place.is_heading:
        return schedule.changes(Document("", sections=(replace(place, content=()),)))
    section = Provision("section", 1, None, None, "unchanged", 0, content=(replace(place, content=spot.blocks),))
    return schedule.changes(Document("", sections=(section,)))
