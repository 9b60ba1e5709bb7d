"""Turns one source into its walked tree: places counted, words cleaned, and all that is wrong with the text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cached_property

from ..messages import said
from ..problems import Problem
from . import limits
from .line_numbers import number_lines
from .markdown import Comment, Dialect
from .nesting import too_deep
from .policy_files import Source
from .walk import Walk


@dataclass
class Walked:
    """A source's tree, its walk and its comments; `too_deep` says that it couldn't be read, and the tree is empty."""

    tree: ET.Element
    walk: Walk
    comments: list[Comment]
    problems: list[Problem]
    too_deep: bool = False

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]

    @cached_property
    def has_internal(self) -> bool:
        """Whether an author has marked anything as internal; comments, which always are, not counted."""
        return self.tree.find(".//*[@data-internal]") is not None


def walked(source: Source, dialect: Dialect, close_up: bool) -> Walked:
    """Reads a source as far as its numbered places. Reports, never raises, what its author did wrong."""
    numbered = number_lines(source.body, source.first)
    problems = [fault.at(source.path, line) for line, fault in numbered.problems]
    if numbered.too_much:
        return _unread(source, problems, close_up)
    try:
        tree, comments = dialect.parse(numbered.lines)
        walk = Walk(source.path, tree, numbered.code, close_up).run()
    except RecursionError:
        return _unread(source, [*problems, said("P212").at(source.path, source.first)], close_up)
    links = walk.words.links
    if len(links) > limits.LINKS:
        fault = said("P251", links=f"{len(links):,}", limit=f"{limits.LINKS:,}")
        return _unread(source, [*problems, fault.at(source.path, links[limits.LINKS][1])], close_up)
    # Where the lines are laid out wrongly, what the tree says of their layout is the same slip.
    told = {line for line, _ in numbered.problems}
    problems += [problem for problem in walk.problems if not (problem.line in told and problem.code.startswith("P2"))]
    if not numbered.too_deep:
        for place in too_deep(tree, walk.places):
            where = (place.line, str(place)) if place else (source.first, "")
            problems.append(said("P212").at(source.path, *where))
    problems += [fault.at(source.path, line) for line, fault in dialect.faults(numbered.defined)]
    problems += _comment_faults(source.path, tree, comments)
    return Walked(tree, walk, comments, problems)


def _unread(source: Source, problems: list[Problem], close_up: bool) -> Walked:
    nothing = ET.Element("div")
    return Walked(nothing, Walk(source.path, nothing, [], close_up), [], problems, too_deep=True)


def _comment_faults(path: str, tree: ET.Element, comments: list[Comment]) -> list[Problem]:
    """Comments that Markdown put where no element can stand, such as an address, and those that have swallowed one."""
    if not comments:
        return []
    seen = {int(element.get("n", "-1")) for element in tree.iter("comment")}
    lost, found = said("P315", what="link or image"), list[Problem]()
    for n, comment in enumerate(comments):
        if comment.swallowed:
            closing = "<<}" if comment.swallowed == "{>>" else "-->"
            found.append(said("P311", sign=comment.swallowed, close=closing).at(path, comment.line))
        elif n not in seen:
            found.append(lost.at(path, comment.line))
    return found
