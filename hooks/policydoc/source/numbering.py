"""Turns the order of sections and clauses into their numbers, in both readings, as the policy's scheme says.

Places are stepped through in document order. One that doesn't count in a reading (an inserted clause in the previous
reading) is passed over, and what stands below it goes on in the place before: under an inserted section 6, the first
clause is still 5.5 if 5.4 was the last.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..model import counts
from ..model.number import Number
from ..model.scheme import Level, Scheme
from .anchors import Anchors
from .place import Place

# 2–3   8-10   1.4–1.6     what stands between several numbers in one label
_DASH = re.compile(r"[–—-]")
# 2A   (ba)   1.2A   Part 2   10(2)     what stands before the count, the count, and what stands behind it
_OWN = re.compile(r"(?:(?P<word>[^\W\d_][\w ’'-]*) )?(?P<before>(?:.*?\W)?)(?P<core>\w+)(?P<after>\W*)")


@dataclass(frozen=True, slots=True)
class Counting:
    """How a council counts what is amended: what is deleted may lose its number, what is inserted get one with a letter
    (2A), so that nothing below it moves."""

    close_up: bool = False
    with_letters: bool = False


AS_USUAL = Counting()
CLOSED_UP = Counting(close_up=True)


class NoParent(Exception):
    """A place is counted, but nothing above it has been: its number would start with a hole."""


class TooDeep(Exception):
    """A place stands deeper than the policy's scheme has labels for."""


def count(places: Sequence[Place], scheme: Scheme, counting: Counting) -> Iterator[tuple[Place, type[Exception]]]:
    """Gives every place its numbers and what it is called by; yields those that can't be counted, and why."""
    lists = _Lists(places, scheme)
    amended = _Counter(scheme, lists, Anchors(places, scheme.runs_on), counting.with_letters)
    # Where no place comes or goes, both readings have the same numbers.
    is_same = not any(place.status in ("inserted", "deleted") for place in places)
    previous = None if is_same else _Counter(scheme, lists, Anchors(places, scheme.runs_on), False)
    for place in places:
        place.word = word_for(place, scheme)
        wrong = was_wrong = None
        if not (counting.close_up and place.status == "deleted"):
            place.number, wrong = amended.stepped(place)
        if previous is None:
            place.previous_number = place.number
        elif place.status != "inserted":
            place.previous_number, was_wrong = previous.stepped(place)
        if wrong or was_wrong:
            yield place, wrong or was_wrong or NoParent


def word_for(place: Place, scheme: Scheme) -> str:
    """What goes before a place's number when it is cited: standing order, Part, appendix."""
    word = scheme.section_word if place.level == 1 else scheme.clause_word
    is_usual = place.appendix or (place.is_heading and place.own == "")
    return place.kind if is_usual else word or place.kind


@dataclass
class _List:
    """The places of one level below one place, as far as they are counted.

    `level` says how, `index` which of the scheme's levels that is; `prefix` is the citation that theirs begin with,
    `printed` what of it is printed before theirs, `path` the anchor that they begin with. `word` is that of a heading's
    own label. `count` and `base` are those of the member counted last, `last` is what was printed last. The four after
    these are those of the place that is open.
    """

    level: Level | None
    index: int
    prefix: str = ""
    printed: str = ""
    path: str = ""
    word: str = ""
    count: int = 0
    base: str = ""
    last: str = ""
    own: str = ""
    citation: str = ""
    label: str = ""
    anchor: str = ""


class _Lists:
    """Which places stand in one list, what comes behind a place in it, and whether all of it is new."""

    def __init__(self, places: Sequence[Place], scheme: Scheme) -> None:
        self._lists: dict[object, list[Place]] = defaultdict(list)
        self._of: dict[Place, tuple[object, int]] = {}
        above: list[Place] = []
        for place in places:
            del above[place.level - 1 :]
            parent: object = above[-1] if above and not (scheme.runs_on and place.level == 2) else place.appendix
            self._of[place] = parent, len(self._lists[parent])
            self._lists[parent].append(place)
            above += [place] * (place.level - len(above))
        self._old = {parent: any(place.status != "inserted" for place in some) for parent, some in self._lists.items()}

    def is_new(self, place: Place) -> bool:
        """Whether the whole of its list is inserted with it."""
        return not self._old[self._of[place][0]]

    def behind(self, place: Place) -> Place | None:
        """The next place of its list that has been there before, or has a label of its own."""
        parent, n = self._of[place]
        some = self._lists[parent]
        following = (some[m] for m in range(n + 1, len(some)))
        return next((other for other in following if other.status != "inserted" or other.own is not None), None)


class _Counter:
    """The counter of one reading."""

    def __init__(self, scheme: Scheme, lists: _Lists, anchors: Anchors, with_letters: bool) -> None:
        self._scheme, self._lists, self._anchors, self._with_letters = scheme, lists, anchors, with_letters
        self._open: list[_List] = []
        self._sections = _List(scheme.section, -1)
        self._appendices = _List(Level("", "A"), -1)
        self._running: _List | None = None

    def stepped(self, place: Place) -> tuple[Number | None, type[Exception] | None]:
        """The number of the next place, or why it has none."""
        try:
            return self.step(place), None
        except (NoParent, TooDeep) as error:
            return None, type(error)

    def step(self, place: Place) -> Number:
        """The number of the next place. Raises NoParent and TooDeep."""
        here = self._list(place)
        is_between = self._count(place, here)
        own = (here.last if here.level and here.level.is_dotted else here.own) if is_between else ""
        if place.level == 1 and here.citation:
            self._head(place, here)
        number = self._anchors.number(place, here.label, here.citation, here.anchor, own)
        here.anchor = number.anchor
        return number

    def _head(self, place: Place, here: _List) -> None:
        """The label of a heading with a word of its own, Part 1, and its anchor where no clause's begins with it."""
        place.word = here.word or place.word
        word = here.word or (self._scheme.section_word if self._scheme.runs_on and not place.appendix else "")
        here.label = f"{word} {here.label}" if word else here.label
        if word or (self._scheme.runs_on and not place.appendix):
            here.anchor = f"{(word or 'section').lower().replace(' ', '-')}-{here.anchor}"

    def _list(self, place: Place) -> _List:
        """The list that a place goes on with, or begins."""
        if place.level == 1:
            here = self._appendices if place.appendix else self._sections
            self._open = [here]
            return here
        if place.level == 2 and self._scheme.runs_on:
            self._running = self._running or _List(self._scheme.level(0), 0)
            self._open = [*(self._open[:1] or [self._sections]), self._running]
            return self._running
        if len(self._open) < place.level - 1:
            raise NoParent
        if len(self._open) < place.level:
            above = self._open[-1]
            below_section = place.level == 2
            index = 0 if below_section else above.index + 1
            self._open.append(
                _List(self._scheme.level(index), index, above.citation or above.prefix, above.label, above.anchor)
            )
        del self._open[place.level :]
        return self._open[-1]

    def _count(self, place: Place, here: _List) -> bool:
        """Opens the place in its list; whether it stands between two numbers."""
        if place.own == "" or (place.own is None and here.level is None and not self._scheme.clauses):
            here.citation = here.label = here.anchor = ""
            return False
        if place.own is not None:
            return self._own(place, here, place.own)
        if here.level is None:
            if place.level > 1:
                raise TooDeep
            here.citation = here.label = here.anchor = ""
            return False
        is_between = self._with_letters and place.status == "inserted" and not self._lists.is_new(place)
        core = self._between(place, here, here.level) if is_between else self._next(place, here, here.level)
        self._print(here, here.level, core)
        return is_between

    def _next(self, place: Place, here: _List, level: Level) -> str:
        here.count += 1
        core = (
            counts.letters(here.count)
            if place.level == 1 and place.appendix
            else counts.member(here.count, level.series)
        )
        here.base = core
        return core

    def _between(self, place: Place, here: _List, level: Level) -> str:
        behind = self._lists.behind(place)
        following = _core(behind.own) if behind and behind.own else counts.member(here.count + 1, level.series)
        return counts.between(level.series, here.base, here.last, following)

    def _own(self, place: Place, here: _List, own: str) -> bool:
        """A label that its author has given: what follows counts on from it, unless it stands between two others."""
        parts = _OWN.fullmatch(own)
        if not parts:  # refused already; whatever it is, it is printed as it stands
            self._print(here, Level("", "1"), own)
            return False
        first, *last = (part.strip() for part in _DASH.split(own, maxsplit=1))
        several = bool(last) and all(any(map(str.isalnum, part)) for part in (first, *last))
        if several and not parts["word"] and (here.level is None or here.level.before != "-"):
            return self._several(place, here, own, first, last[0])
        word, before, core, after = parts["word"], parts["before"], parts["core"], parts["after"]
        level = here.level or Level(before, counts.series_of(core) or "1", after)
        number = own[len(word) + 1 :] if word else own
        if here.prefix and number.startswith(here.prefix) and not number[len(here.prefix) :][:1].isalnum():
            before = before[len(here.prefix) :]
        elif level.is_dotted and level.before in before:  # 7.1 in section 3
            here.prefix = here.printed = before.rpartition(level.before)[0]
            here.path = ".".join(re.findall(r"\w+", here.prefix))
            before = before[len(here.prefix) :]
        if level.is_dotted and level.before.endswith(before):  # 2A for .2A, (2A) for .(2A)
            before, after = level.before, after or level.after
        is_between = counts.is_between(core, level.series, here.base, here.last)
        if not is_between:
            level = self._relabelled(place, here, level, Level(before, level.series, after), core)
            count = counts.place(core, level.series)
            if count:
                here.count, here.base = count, core
            here.level = level
        elif not here.base and here.level is None:
            here.level = level
        here.word = word or here.word
        self._print(here, Level(before, level.series, after), core)
        return is_between

    def _several(self, place: Place, here: _List, own: str, first: str, last: str) -> bool:
        """8–10: what follows is 11."""
        self._own(place, here, last)
        number = own.removeprefix(here.prefix) if here.prefix and first.startswith(here.prefix) else own
        is_dotted = bool(here.level and here.level.is_dotted)
        if is_dotted and number == own:  # 2–3 for 1.2–3
            number = f"{here.level.before if here.level else ''}{own}" if here.prefix else own
        here.citation = here.prefix + number
        here.label = here.printed + number if is_dotted else number
        here.anchor = ".".join((*filter(None, [here.path]), f"{_core(first)}-{_core(last)}"))
        return False

    def _relabelled(self, place: Place, here: _List, level: Level, own: Level, core: str) -> Level:
        """How a list is counted from a label of another kind on; what stands below it takes the scheme's next kind."""
        behind = self._lists.behind(place)
        following = _core(behind.own) if behind and behind.own else ""
        series = level.series
        if not self._fits(core, series, here, following):
            series = counts.series_of(core) or series
        if series != level.series:
            deeper = range(here.index + 1, len(self._scheme.clauses))
            here.index = next((n for n in deeper if self._scheme.clauses[n].series == series), here.index)
        return replace(own, series=series)

    @staticmethod
    def _fits(core: str, series: str, here: _List, following: str) -> bool:
        """Whether a label is of this series, by its kind and by what stands before and behind it."""
        count = counts.place(core, series)
        if count is None:
            return False
        if count == here.count + 1:
            return True
        if series in ("a", "A") and core in ("i", "I"):
            return following != core * 2
        return not (series in ("i", "I") and core in tuple("cdlmCDLM"))

    def _print(self, here: _List, level: Level, core: str) -> None:
        label = level.around(core)
        if level.is_dotted and not here.printed:  # nothing that it could go on from
            label = label.lstrip(level.before[:1])
        here.own = label
        here.citation = here.prefix + label if level in self._scheme.clauses else _joined(here.prefix, label)
        here.label = here.printed + label if level.is_dotted else label
        here.anchor = f"{here.path}.{core}" if here.path else core
        here.last = core


def _core(own: str) -> str:
    parts = _OWN.fullmatch(own)
    return parts["core"] if parts else own


def _joined(prefix: str, label: str) -> str:
    """3(e) and (ii) are 3(e)(ii); a full stop parts 3 and 1."""
    ends, begins = prefix[-1:], label[:1]
    same = (ends.isdigit() and begins.isdigit()) or (ends.isalpha() and begins.isalpha())
    return f"{prefix}.{label}" if same else f"{prefix}{label}"
