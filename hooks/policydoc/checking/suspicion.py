"""Turns a policy into what is suspicious in its words: marks left behind, policies not linked, the wrong style."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..messages import said
from ..model import amendments
from ..problems import Problem, count_of
from ..settings import Style
from ..source.links import POLICY
from ..source.parse import Walked
from ..source.policy_files import Source
from .prose import LINK, LINK_END, Passage, line_of, passages, phrase

_WORD = re.compile(r"\w+")
# Data Protection Act: what is named there is not the policy Data Protection
_NO_LONGER_NAME = r"(?!\s+(?!Policy\b)[A-Z])"
# What may stand right before the first word of a title
_OPENING = f"{LINK}([“‘\"'"
_MARK = re.compile(r"~~|\^\^")
# clause 6.2.1     but not: section 2.1 of the Allotments Act 1925
_CITED = re.compile(
    r"(?<!\w)(?:[Cc]lause|[Ss]ection|[Pp]aragraph|[Pp]oint)s?\s+\d+(?:\.\d+)+(?!\w)"
    r"(?!\W+(?:of|in|to)\b(?:[^.;\0]|\.\d){0,80}?\b(?:Acts?|Regulations?|Orders?|Directive|Bill|Code)\b)"
)


@dataclass(frozen=True)
class Title:
    """A title of at least two words, without The; the policies in force that have it, and which of them are public."""

    text: str
    slugs: tuple[str, ...]
    public: tuple[str, ...]


Titles = Mapping[str, Sequence[Title]]


def titles(sources: Iterable[Source]) -> Titles:
    """The titles of all policies in force, by their first word. (One pattern for a thousand titles would be slow.)"""
    owners: dict[str, list[Source]] = defaultdict(list)
    for each in sources:
        if not each.faulty and each.metadata.status != "withdrawn":
            owners[" ".join(each.metadata.title.removeprefix("The ").split())].append(each)
    found: dict[str, list[Title]] = defaultdict(list)
    for text, policies in owners.items():
        if len(_WORD.findall(text)) > 1:
            public = tuple(each.slug for each in policies if each.metadata.is_public)
            found[_first(text)].append(Title(text, tuple(each.slug for each in policies), public))
    return dict(found)


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0].lstrip(_OPENING)


def suspicions(source: Source, it: Walked, known: Titles, style: Sequence[Style]) -> Iterator[Problem]:
    """All that is suspicious in a policy's words. The tree stays as it is."""
    if source.metadata.status != "draft":
        yield from _left_behind(source, it)
    if source.metadata.status == "withdrawn" and not style:
        return
    found = list(passages(it, source))
    if source.metadata.status != "withdrawn":
        yield from _unlinked(source, it, found, known)
        yield from _typed(source, found)
    yield from _bad_style(source, found, style)


def _left_behind(source: Source, it: Walked) -> Iterator[Problem]:
    """Amendments and comments in a policy that should have none."""
    changes = amendments.changes(it.tree, it.walk.places)
    if changes:
        lines = {place.id: place.line for place in it.walk.places}
        first = lines.get(changes[0].id, source.first)
        marked = (
            number for number, line in enumerate(source.body, source.first) if number >= first and _MARK.search(line)
        )
        count = count_of(len({change.where for change in changes}), "amendment")
        fault = said("P601", status=source.metadata.status, count=count, slug=source.slug)
        yield fault.at(source.path, next(marked, first))
    if it.comments:
        fault = said("P602", status=source.metadata.status, count=count_of(len(it.comments), "comment"))
        yield fault.at(source.path, min(comment.line for comment in it.comments) or source.first)


def _unlinked(source: Source, it: Walked, found: Sequence[Passage], known: Titles) -> Iterator[Problem]:
    """The first place where each other policy is named, if no link leads to it anywhere in this one."""
    linked = {POLICY.match(link.get("href", "")) for link, _, _, mark in it.walk.words.links if mark != "del"}
    done = {source.slug} | {address[1] for address in linked if address}
    words = " ".join(passage.text for passage in found).split()
    text = " ".join(words)
    first = {word.lstrip(_OPENING) for word in set(words)} & known.keys()
    wanted = (title for word in first for title in known[word] if title.text in text)
    patterns = [
        (title, re.compile(phrase(title.text).pattern + _NO_LONGER_NAME))
        for title in sorted(wanted, key=lambda title: title.text)
    ]
    for passage in found if patterns else ():
        if passage.heading:
            continue
        for title, pattern in _named(passage.text, patterns):
            allowed = title.public if source.metadata.is_public else title.slugs
            if allowed and done.isdisjoint(title.slugs):
                done.add(allowed[0])
                fault = said("P604", title=title.text, file=f"{allowed[0]}.md")
                yield fault.at(source.path, line_of(pattern, passage, source), passage.where)


def _typed(source: Source, found: Sequence[Passage]) -> Iterator[Problem]:
    """Numbers of clauses that are typed where a link would print them, and go on being right."""
    for passage in found:
        hit = next((hit for hit in _CITED.finditer(passage.text) if not _is_linked(passage.text, hit.start())), None)
        if hit:
            fault = said("P605", words=" ".join(hit[0].split()))
            yield fault.at(source.path, line_of(phrase(hit[0]), passage, source), passage.where)


def _is_linked(text: str, index: int) -> bool:
    return text.count(LINK, 0, index) != text.count(LINK_END, 0, index)


def _named(text: str, patterns: Sequence[tuple[Title, re.Pattern[str]]]) -> Iterator[tuple[Title, re.Pattern[str]]]:
    """The titles in a text that stand in no link and in no longer title, in order."""
    hits = sorted(
        ((hit.start(), -hit.end(), n) for n, (_, pattern) in enumerate(patterns) for hit in pattern.finditer(text))
    )
    end = 0
    for start, minus_end, n in hits:
        if start >= end:
            end = -minus_end
            if not _is_linked(text, start):
                yield patterns[n]


def _bad_style(source: Source, found: Sequence[Passage], style: Sequence[Style]) -> Iterator[Problem]:
    for rule in style:
        pattern = re.compile(phrase(rule.avoid).pattern, re.IGNORECASE)
        for passage in found:
            hit = pattern.search(passage.text)
            if hit:
                fault = said("P621", words=" ".join(hit[0].split()), advice=rule.advice)
                yield fault.at(source.path, line_of(pattern, passage, source), passage.where)
