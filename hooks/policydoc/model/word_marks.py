"""Turns the runs of a block in two versions into runs with marks, word by word, that are both.

A word takes the space before it along when it is deleted or inserted. What is in bold or italics in one version and not
in the other, but has the same words, is not marked: it looks as in the newer version.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .document import Citation, Comment, Image, Link, Mark, NoteReference, Run, Style
from .matching import is_much, matcher
from .runs import joined

# Spaces; a word, with the signs within it (owner's, re-use, 6.2.1, 1,000); any other sign
_PIECE = re.compile(r"\s+|\w+(?:[-’'.,/]\w+)*|[^\w\s]")
_ALIKE = 0.4  # share of common words below which old and new words stand one behind the other, whole
# Styles that make other words of what stands in them: m² is not m2
_MEANT: frozenset[Style] = frozenset({"sub", "sup", "withheld"})


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, sign or thing, and the spaces before it. `key` is equal where two versions have the same."""

    key: Hashable
    space: Run | None
    run: Run


_Step = tuple[Sequence[_Word], Sequence[_Word], bool]
# From where to where in the older, from where to where in the newer, and whether they are the same there
_Spans = tuple[int, int, int, int, bool]


def marked(old: Sequence[Run], new: Sequence[Run], by_line: bool = False) -> tuple[Run, ...]:
    """The newer runs with marks for all that the older don't have; `by_line` for code, whose lines are told whole."""
    if tuple(old) == tuple(new):
        return tuple(new)
    split = _lines if by_line else _words
    was, now = list(split(without_comments(old))), list(split(new))
    steps = _steps(was, now)
    links = {a.run.link: b.run.link for x, y, same in steps if same for a, b in zip(x, y, strict=True) if a.run.link}
    runs: list[Run] = []
    for gone, come, same in steps:
        if same:
            runs += (run for a, b in zip(gone, come, strict=True) for run in _kept(a, b))
        else:
            runs += _differing(gone, come, links)
    return joined(runs)


def whole(runs: Iterable[Run], mark: Mark) -> tuple[Run, ...]:
    """Runs that are deleted or inserted as they are. Comments are no words: those on what is gone go with it."""
    if mark == "deleted":
        runs = without_comments(runs)
    return tuple(run if isinstance(run.thing, Comment) else replace(run, mark=mark) for run in runs)


def without_comments(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs without reviewers' remarks, and without the sign that words have been remarked on."""
    for run in runs:
        if not isinstance(run.thing, Comment):
            yield replace(run, styles=run.styles - {"commented"}) if "commented" in run.styles else run


def _words(runs: Iterable[Run]) -> Iterator[_Word]:
    space: Run | None = None
    is_first = True  # whatever comes first may have had words, and so a space, before it
    for run in runs:
        if isinstance(run.thing, Comment):  # the space before it is that of the word behind it
            yield _Word(_key(run, ""), None, run)
            continue
        for piece in [""] if run.thing else _PIECE.findall(run.text):
            if piece.isspace():
                space = space or replace(run, text=piece)
                continue
            yield _Word((is_first or space is not None, *_key(run, piece)), space, replace(run, text=piece))
            space, is_first = None, False


def _lines(runs: Iterable[Run]) -> Iterator[_Word]:
    for run in runs:
        for line in run.text.splitlines(keepends=True):
            yield _Word(_key(run, line), None, replace(run, text=line))


def _key(run: Run, text: str) -> tuple[Hashable, ...]:
    thing: Hashable = run.thing
    if isinstance(run.thing, Citation):  # its number may change, whatever it refers to stays
        thing = (run.thing.before, run.thing.behind)
    elif isinstance(run.thing, NoteReference):
        thing = run.thing.note
    elif isinstance(run.thing, Image):
        thing = (run.thing.path, run.thing.alt, run.thing.title)
    elif isinstance(run.thing, Comment):
        thing = id(run)
    return text, type(run.thing).__name__, thing, run.styles & _MEANT, _where(run.link)


def _where(link: Link | None) -> Hashable:
    """Where a link leads, however often another leads there too: by name, as numbers change."""
    return link and ((link.slug, link.name, link.title) if link.slug else (link.address, link.title))


def _steps(was: Sequence[_Word], now: Sequence[_Word]) -> list[_Step]:
    """What the versions have in turn: words that are the same (True), or that are not."""
    a, b = [word.key for word in was], [word.key for word in now]
    head = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest = min(len(a), len(b)) - head
    back = enumerate(zip(reversed(a), reversed(b), strict=False))
    tail = next((n for n, (x, y) in back if x != y or n == rest), rest)
    ends = len(a) - tail, len(b) - tail
    steps: list[_Spans] = [(0, head, 0, head, True)]
    if is_much(a[head : ends[0]], b[head : ends[1]]):
        steps.append((head, ends[0], head, ends[1], False))
    else:
        words = matcher(a[head : ends[0]], b[head : ends[1]])
        for tag, first, end, start, stop in words.get_opcodes():
            steps.append((head + first, head + end, head + start, head + stop, tag == "equal"))
    steps.append((ends[0], len(a), ends[1], len(b), True))
    if 2 * sum(end - first for first, end, *_, same in steps if same) < _ALIKE * (len(a) + len(b)):
        steps = [(0, len(a), 0, len(b), False)]
    return [(was[first:end], now[start:stop], same) for first, end, start, stop, same in _drawn_together(steps)]


def _drawn_together(steps: Sequence[_Spans]) -> list[_Spans]:
    """The steps, where a single word between two that are worded anew goes with them."""
    drawn: list[_Spans] = []
    for step in steps:
        if _is_rewording(step) and len(drawn) > 1 and _is_rewording(drawn[-2]) and drawn[-1][1] - drawn[-1][0] == 1:
            (first, _, start, _, _), _ = drawn[-2:]
            drawn[-2:] = [(first, step[1], start, step[3], False)]
        elif step[0] < step[1] or step[2] < step[3]:
            drawn.append(step)
    return drawn


def _is_rewording(step: _Spans) -> bool:
    first, end, start, stop, same = step
    return not same and first < end and start < stop


def _kept(old: _Word, new: _Word) -> Iterator[Run]:
    """A word of both versions; the space before it may be that of a word that only one of them has."""
    if old.space and not new.space:
        yield replace(old.space, mark="deleted")
    if new.space:
        yield new.space if old.space else replace(new.space, mark="inserted")
    if isinstance(old.run.thing, Citation) and isinstance(new.run.thing, Citation):
        yield replace(new.run, thing=replace(new.run.thing, previous_number=old.run.thing.number))
    else:
        yield new.run


def _differing(gone: Sequence[_Word], come: Sequence[_Word], links: dict[Link, Link | None]) -> Iterator[Run]:
    """Words of one version and of the other, behind the space that both begin with."""
    shared = gone[0].space and come[0].space if gone and come else None
    if shared:
        yield shared
    for n, word in enumerate(gone):
        for run in _with_space(word, n == 0 and shared is not None):
            yield replace(run, mark="deleted", link=links.get(run.link, run.link) if run.link else None)
    for n, word in enumerate(come):
        yield from whole(_with_space(word, n == 0 and shared is not None), "inserted")


def _with_space(word: _Word, is_said: bool) -> Iterator[Run]:
    """The word behind its space, unless that has been said."""
    if word.space and not is_said:
        yield word.space
    yield word.run
