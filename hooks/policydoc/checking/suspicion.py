"""Turns a policy into what is suspicious in its words: marks left behind, policies not linked, the wrong style."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..editions import references
from ..messages import said
from ..model import schedule
from ..model.document import Document, Link, Part, Provision
from ..problems import Problem, count_of
from ..settings import Style
from ..source.parse import Parsed
from ..source.policy_files import Source
from ..source.signs import MARKS
from .prose import LINK, Passage, is_linked, line_of, passages, phrase
from .typed_citations import typed

_WORD = re.compile(r"\w+")
# Data Protection Act: what is named there is not the policy Data Protection
_NO_LONGER_NAME = r"(?!\s+(?!Policy\b)[A-Z])"
# What may stand right before the first word of a title
_OPENING = f"{LINK}([“‘\"'"
_MARK = re.compile("|".join(map(re.escape, MARKS.values())))
# clauses   Sub-clause   sections   appendices
_REFERENCE = re.compile(
    r"(?P<clause>(?:sub[ -]?)?(?:clauses?|paragraphs?))|(?P<section>(?:sub[ -]?)?sections?)"
    r"|(?P<appendix>append(?:ix|ices|ixes))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Title:
    """A title of at least two words, without The; the policies in force that have it, and which of them are public."""

    text: str
    words: frozenset[str]
    slugs: tuple[str, ...]
    public: tuple[str, ...]


Titles = Mapping[str, Sequence[Title]]


def titles(sources: Iterable[Source]) -> Titles:
    """The titles of all policies in force, by their first word. (One pattern for a thousand titles would be slow.)"""
    owners: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if not source.faulty and source.metadata.status != "withdrawn":
            owners[" ".join(source.metadata.title.removeprefix("The ").split())].append(source)
    titles: dict[str, list[Title]] = defaultdict(list)
    for text, policies in owners.items():
        words = _WORD.findall(text)
        if len(words) > 1:
            public = tuple(policy.slug for policy in policies if policy.metadata.is_public)
            slugs = tuple(policy.slug for policy in policies)
            titles[_first(text)].append(Title(text, frozenset(words), slugs, public))
    return dict(titles)


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0].lstrip(_OPENING)


def suspicions(source: Source, text: Parsed, known: Titles, style: Sequence[Style]) -> Iterator[Problem]:
    """All that is suspicious in a policy's words."""
    if source.metadata.status != "draft":
        yield from _left_behind(source, text)
    if source.metadata.status == "withdrawn" and not style:
        return
    prose = passages(text.document, source)
    if source.metadata.status != "withdrawn":
        yield from _unlinked(source, text, prose, known)
        yield from typed(source, text.document, prose)
        yield from _cited_alike(source, text.document)
        yield from _without_number(source, text)
    yield from _bad_style(source, prose, style)


def _left_behind(source: Source, text: Parsed) -> Iterator[Problem]:
    """Amendments and comments in a policy that should have none."""
    changes = schedule.changes(text.document)
    if changes:
        lines = {provision.anchor: provision.line for provision in text.document.provisions()}
        first = lines.get(changes[0].id, source.first)
        marked = (
            number for number, line in enumerate(source.body, source.first) if number >= first and _MARK.search(line)
        )
        count = count_of(len(changes), "amendment")
        fault = said("P601", status=source.metadata.status, count=count, slug=source.slug)
        yield fault.at(source.path, next(marked, first))
    if text.comments:
        fault = said("P602", status=source.metadata.status, count=count_of(len(text.comments), "comment"))
        yield fault.at(source.path, min(comment.line for comment in text.comments) or source.first)


def _cited_alike(source: Source, document: Document) -> Iterator[Problem]:
    """Places that print another's number, unless both have a name; what stands below them is no slip of its own."""
    first: dict[str, Provision] = {}

    def look(parts: Iterable[Part]) -> Iterator[Problem]:
        for place in parts:
            if not isinstance(place, Provision):
                continue
            other = first.setdefault(str(place), place) if place.number and place.number.citation else place
            if other is place:
                yield from look(place.content)
            elif not (place.name and other.name):
                yield said("P607", place=place, line=other.line).at(source.path, place.line)

    yield from look((*document.opening, *document.sections))


def _unlinked(source: Source, text: Parsed, prose: Sequence[Passage], known: Titles) -> Iterator[Problem]:
    """The first place where each other policy is named, if no link leads to it anywhere in this one."""
    linked = (run.link.slug for _, run in text.more_than_words if run.link and run.mark != "deleted")
    done = {source.slug, *linked}
    words = " ".join([passage.text for passage in prose]).split()
    distinct = set(words)
    first = {word.lstrip(_OPENING) for word in distinct} & known.keys()
    bare = set(_WORD.findall(" ".join(distinct))) if first else set()
    possible = [title for word in first for title in known[word] if title.words <= bare]
    whole = " ".join(words) if possible else ""
    wanted = (title for title in possible if title.text in whole)
    patterns = [
        (title, re.compile(phrase(title.text).pattern + _NO_LONGER_NAME))
        for title in sorted(wanted, key=lambda title: title.text)
    ]
    for passage in prose if patterns else ():
        if passage.heading:
            continue
        for title, pattern in _named(passage.text, patterns):
            allowed = title.public if source.metadata.is_public else title.slugs
            if allowed and done.isdisjoint(title.slugs):
                done.add(allowed[0])
                fault = said("P604", title=title.text, file=f"{allowed[0]}.md")
                yield fault.at(source.path, line_of(pattern, passage, source), passage.where)


def _without_number(source: Source, text: Parsed) -> Iterator[Problem]:
    """References whose words are nearly those for which a number is printed, and get none: [clauses](#fees)."""
    named = [(place, run) for place, run in text.more_than_words if run.link and run.link.name]
    for (place, link), linked in groupby(named, lambda pair: (pair[0], pair[1].link)):
        typed = "".join(run.text for _, run in linked if run.mark != "deleted")
        words = " ".join(typed.split())
        meant = _REFERENCE.fullmatch(words)
        own = next(
            (word for word in source.metadata.scheme.words() if words.casefold() in (f"{word}s", f"{word}es")), ""
        )
        if (meant or own) and link and not _prints_number(words.casefold(), source, link):
            right = own or next(name for name, kind in meant.groupdict().items() if kind) if meant else own
            fault = said("P608", words=words, right=right.capitalize() if words[0].isupper() else right)
            yield fault.at(source.path, link.line, str(place or ""))


def _prints_number(word: str, source: Source, link: Link) -> bool:
    """Whether a place is called so, for all that is known here: another policy may have words of its own for one."""
    own = source.metadata.scheme.words()
    return word in (*references.KINDS, *own) or (link.slug != source.slug and not word.endswith("s"))


def _named(text: str, patterns: Sequence[tuple[Title, re.Pattern[str]]]) -> Iterator[tuple[Title, re.Pattern[str]]]:
    """The titles in a text that stand in no link and in no longer title, in order."""
    hits = sorted(
        ((hit.start(), -hit.end(), n) for n, (_, pattern) in enumerate(patterns) for hit in pattern.finditer(text))
    )
    end = 0
    for start, minus_end, n in hits:
        if start >= end:
            end = -minus_end
            if not is_linked(text, start):
                yield patterns[n]


def _bad_style(source: Source, prose: Sequence[Passage], style: Sequence[Style]) -> Iterator[Problem]:
    for rule in style:
        pattern = re.compile(phrase(rule.avoid).pattern, re.IGNORECASE)
        for passage in prose:
            hit = pattern.search(passage.text)
            if hit:
                fault = said("P621", words=" ".join(hit[0].split()), advice=rule.advice)
                yield fault.at(source.path, line_of(pattern, passage, source), passage.where)
