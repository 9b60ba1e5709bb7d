"""Reads one source: its document, and all that is wrong with its text. No text is read twice."""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as ET
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from ..messages import said
from ..model import amendments
from ..model.document import Comment, Document, Image, Part, Provision, Run, walk
from ..problems import Problem
from . import limits
from .build import build
from .dialect import Dialect
from .line_numbers import number_lines
from .nesting import too_deep
from .numbering import AS_USUAL, Counting
from .policy_files import STAND_IN, Source
from .walk import Walk

# Characters of the texts whose documents are kept: those of 200 policies, or the three longest allowed
MOST = 3_000_000
# [^note]
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(frozen=True)
class Parsed:
    """A source's document and what is wrong with its text.

    `unread` says that it was too much to be read at all: the document is empty. Where there are errors the document
    may lack what they are about; it is there so that whatever else is wrong can be found in the same run.
    """

    document: Document
    problems: tuple[Problem, ...] = ()
    unread: bool = False

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]

    @cached_property
    def more_than_words(self) -> list[tuple[Provision | None, Run]]:
        """The runs that are linked, and the things among them, each with what has it, in reading order."""
        return [(owner, run) for owner, run in self.document.runs() if run.thing or run.link]

    @property
    def images(self) -> list[tuple[Provision | None, Image]]:
        """All pictures, each with what has it, in reading order."""
        return [(owner, run.thing) for owner, run in self.more_than_words if isinstance(run.thing, Image)]

    @cached_property
    def comments(self) -> list[Comment]:
        """All comments, in reading order."""
        return [run.thing for _, run in self.more_than_words if isinstance(run.thing, Comment)]

    @cached_property
    def has_internal(self) -> bool:
        """Whether an author has marked anything as internal; comments, which always are, not counted."""
        blocks = [block for _, block in self.document.blocks()]
        within = (inner for block in blocks if block.blocks for inner in walk(block))
        return any(part.internal for part in chain[Part](self.document.provisions(), blocks, within))


_Key = tuple[str, str, str, Counting, int, tuple[str, ...]]


class _Reader:
    """One Markdown parser, and the documents of the texts that it was asked for last."""

    def __init__(self) -> None:
        self._dialect = Dialect()
        self._lock = threading.Lock()  # the parser has a state
        self._kept: OrderedDict[_Key, Parsed] = OrderedDict()
        self._size = 0

    def parsed(self, source: Source, counting: Counting) -> Parsed:
        key = (source.slug, source.path, source.metadata.scheme.text, counting, source.first, source.body)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            parsed = self._kept[key] = _parse(source, self._dialect, counting)
            self._size += sum(map(len, source.body))
            while self._size > MOST and len(self._kept) > 1:
                (*_, body), _ = self._kept.popitem(last=False)
                self._size -= sum(map(len, body))
            return parsed


_reader = _Reader()


def parsed(source: Source, counting: Counting = AS_USUAL) -> Parsed:
    """Reads a source as far as its document. Reports, never raises, what its author did wrong.

    `counting` is how the council counts what is amended.
    """
    return _reader.parsed(source, counting)


def clause(text: str) -> Provision | None:
    """The clause that this text is by itself, as if its footnotes were there; None where it is none, or several."""
    notes = [f"[^{name}]: Words" for name in dict.fromkeys(_NOTE.findall(text))]
    lines = ("## One", "", *f"1.  {text.strip()}".splitlines(), *([""] if notes else []), *notes)
    provisions = list(parsed(Source("", "", STAND_IN, {}, (), lines, 1, "")).document.provisions())
    return provisions[1] if len(provisions) == 2 else None


def _parse(source: Source, dialect: Dialect, counting: Counting) -> Parsed:
    numbered = number_lines(source.body, source.first)
    problems = [fault.at(source.path, line) for line, fault in numbered.problems]
    if numbered.too_much:
        return _unread(source, problems)
    try:
        tree, comments = dialect.parse(numbered.lines)
        counted = Walk(source.path, tree, numbered.code, source.metadata.scheme, counting).run()
    except RecursionError:
        return _unread(source, [*problems, said("P212").at(source.path, source.first)])
    links = counted.words.links
    if len(links) > limits.LINKS:
        fault = said("P251", links=f"{len(links):,}", limit=f"{limits.LINKS:,}")
        return _unread(source, [*problems, fault.at(source.path, links[limits.LINKS])])
    # Where the lines are laid out wrongly, what the tree says of their layout is the same slip.
    laid_out_wrongly = {line for line, _ in numbered.problems}
    problems += [
        problem
        for problem in counted.problems
        if not (problem.line in laid_out_wrongly and problem.code.startswith("P2"))
    ]
    if not numbered.too_deep:
        for place in too_deep(tree, counted.places):
            where = (place.line, str(place)) if place else (source.first, "")
            problems.append(said("P212").at(source.path, *where))
    problems += [fault.at(source.path, line) for line, fault in dialect.faults(numbered.defined)]
    problems += _lost_comments(source.path, tree, comments, dialect.swallowed)
    document = amendments.numbered(build(source.slug, tree, counted.places, comments, counted.words.lines))
    return Parsed(document, tuple(problems))


def _unread(source: Source, problems: Sequence[Problem]) -> Parsed:
    return Parsed(Document(source.slug), tuple(problems), unread=True)


def _lost_comments(
    path: str, tree: ET.Element, comments: Sequence[Comment], swallowed: Mapping[int, str]
) -> Iterator[Problem]:
    """Comments that have swallowed another, and those that Markdown put where no element can stand (an address)."""
    seen = {int(element.get("n", "-1")) for element in tree.iter("comment")} if comments else set()
    for n, comment in enumerate(comments):
        if n in swallowed:
            closing = "<<}" if swallowed[n] == "{>>" else "-->"
            yield said("P311", sign=swallowed[n], close=closing).at(path, comment.line)
        elif n not in seen:
            yield said("P315", what="link or image").at(path, comment.line)
