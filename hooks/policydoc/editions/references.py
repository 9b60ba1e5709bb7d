"""Puts the numbers of places into the words that refer to them: `[clause](#moderator)` becomes "clause 6.1".

A number is known only when the policy that has the place has been counted. So the references of a document are listed
first, checked against all policies, and resolved when these are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import groupby

from ..messages import Fault, said
from ..model import addresses
from ..model.document import Block, Citation, Comment, Document, Link, Mark, Provision, Reading, Run, named_blocks
from ..model.runs import folded, plain
from ..problems import Problem
from ..source.parse import Parsed
from ..source.policy_files import Source
from . import withhold
from .withhold import Edition

_MOST_WORDS = 6  # of a term, bullet or row that it is cited by
_LONGEST_WORD = 50  # signs: more than a place is called by
_MOST_GUESSES = 50_000  # comparisons of names, for all slips of one policy
# Words that are replaced by a place's number and what it is called by in its policy, as are that policy's own words for
# its places; any other words of a link are left alone
KINDS = ("clause", "section", "appendix")
# as is one of these where the place is a term, bullet or row: “officer” in 1.2
NAMED = ("term", "definition", "bullet", "item", "row")


@dataclass(frozen=True)
class Target:
    """A place that can be referred to, with its numbers as they are cited; `id` is its anchor.

    `word` goes before its number. What has none is cited by its `title`: a heading's words, or nothing.
    """

    word: str
    number: str | None
    previous_number: str | None
    id: str
    deleted: bool = False
    withheld: bool = False
    title: str = ""


@dataclass(frozen=True)
class Reference:
    """A link to a policy, or to a place in one; `name` is empty for a whole policy.

    `mark` is that of its words, which are `word` if they are few; `clause` and `place` say where it stands:
    "clause 3.2" for a reader, and the anchor.
    """

    slug: str
    name: str = ""
    mark: Mark = ""
    line: int = 0
    clause: str = ""
    place: str = ""
    word: str = ""


@dataclass(frozen=True)
class Destination:
    """What references need to know of a policy: its title, its named places, and whether it is in this edition.

    `words` are those that it calls its places by, in small letters, `former_names` those that its file had.
    `version` is the kept one that this is, if it is.
    """

    title: str
    names: Mapping[str, Target] = field(default_factory=dict)
    published: bool = True
    words: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True)
class ReferencesAndTargets:
    """What ties a policy to others in one edition: what it refers to, and what of it can be referred to."""

    references: tuple[Reference, ...]
    destination: Destination


def ties(source: Source, parsed: Parsed) -> dict[Edition, ReferencesAndTargets]:
    """A policy's references and targets in both editions."""
    metadata, full = source.metadata, parsed.document
    known = not parsed.unread
    inside = ReferencesAndTargets(
        tuple(references(full) + successor(source)),
        Destination(metadata.title, targets(full, full), known, metadata.scheme.words(), metadata.former_names),
    )
    if metadata.is_public and not parsed.has_internal:
        return {"internal": inside, "external": inside}
    public = withhold.withhold(full) if parsed.has_internal else full
    outside = references(public) + successor(source) if metadata.is_public else []
    published = known and metadata.is_public
    words = metadata.scheme.words()
    destination = Destination(metadata.title, targets(full, public), published, words, metadata.former_names)
    return {"internal": inside, "external": ReferencesAndTargets(tuple(outside), destination)}


def references(document: Document) -> list[Reference]:
    """All references of a document, in reading order."""
    links: dict[int, tuple[Link, Provision | None, set[Mark], list[str]]] = {}
    for owner, run in document.runs():
        if run.link and run.link.slug is not None:
            _, _, marks, words = links.setdefault(run.link.nth, (run.link, owner, set(), []))
            marks.add(run.mark)
            words.append(run.text)
    return [
        Reference(
            link.slug or "", link.name, marks.pop() if len(marks) == 1 else "", link.line,
            str(owner or ""), owner.anchor if owner else "", " ".join("".join(words).lower().split())[:_LONGEST_WORD],
        )
        for link, owner, marks, words in links.values()
    ]  # fmt: skip


def successor(source: Source) -> list[Reference]:
    """The reference to what replaces a withdrawn policy, if it says so."""
    other = source.metadata.replaced_by
    return [Reference(other, line=source.lines["replaced_by"])] if other else []


def targets(full: Document, edition: Document) -> dict[str, Target]:
    """The named places of a policy; those that are not in this edition are withheld."""
    shown = {place.name: place for place in edition.provisions()}  # what is withheld has no name there
    # Their words are those of this edition; what it withholds has none.
    cited = {block.name: Target("", None, None, block.name, withheld=True) for _, block in named_blocks(full)}
    for owner, block in named_blocks(edition):
        now, before = _words_in(block, owner, "amended"), _words_in(block, owner, "previous")
        cited[block.name] = Target("", now, before, block.name)
    return cited | {
        place.name: Target(
            word=place.called,
            number=_cited(place.number),
            previous_number=_cited(place.moved_from or place.previous_number),
            id=place.anchor,
            deleted=place.status == "deleted",
            withheld=place.name not in shown,
            title=_title(shown[place.name]) if place.name in shown else "",
        )
        for place in full.provisions()
        if place.name
    }


def _title(place: Provision) -> str:
    return folded(place.heading, "amended") or folded(place.heading, "previous")


def _words_in(block: Block, owner: Provision | None, reading: Reading) -> str | None:
    """What a term, bullet or row is cited by: “officer” in 1.2."""
    first = block.blocks[:1] if block.blocks else (block,)
    words = plain(first, reading).split()
    if not words:
        return None
    text = " ".join(words[:_MOST_WORDS]).rstrip(",.;:") + (" …" if len(words) > _MOST_WORDS else "")
    number = owner and (owner.number if reading == "amended" else owner.previous_number)
    where = number.whole if number else ""
    return f"“{text}” in {where}" if where else f"“{text}”"


def _cited(number: object) -> str | None:
    return None if number is None else str(number)


# what is wrong


def problems(
    path: str, slug: str, some: Iterable[Reference], destinations: Mapping[str, Destination]
) -> list[tuple[Reference, Problem]]:
    """The references of one policy that lead nowhere in this edition, each with what is wrong with it."""
    guesses = _Guesses()
    faults = ((reference, _fault(reference, slug, destinations, guesses)) for reference in some)
    return [(reference, fault.at(path, reference.line, reference.clause)) for reference, fault in faults if fault]


def _fault(reference: Reference, slug: str, destinations: Mapping[str, Destination], guesses: _Guesses) -> Fault | None:
    file, policy = f"{reference.slug}.md", destinations.get(reference.slug)
    if policy is None:
        now = next((name for name, other in destinations.items() if reference.slug in other.former_names), "")
        advice = f" It is called {now}.md now." if now else guesses.nearest(reference.slug, destinations, "{}.md")
        return said("P411", file=file, advice=advice)
    if not policy.published:
        return said("P412", file=file)
    if not reference.name:
        return None
    here = "" if reference.slug == slug else f" in {file}"
    target = policy.names.get(reference.name)
    if target is None:
        advice = guesses.nearest(reference.name, policy.names, "#{}")
        if reference.name[0].isdigit():
            advice = " Numbers change: write {#name} at the end of that clause and refer to the name."
        return said("P413", name=reference.name, here=here, advice=advice)
    if target.withheld:
        return said("P414", name=reference.name, here=here)
    if not (target.number or target.previous_number or target.title) and reference.word in (*KINDS, *policy.words):
        return said("P416", name=reference.name, here=here, word=reference.word)
    if target.deleted and reference.mark != "deleted":
        place = f"{target.word} {target.number or target.previous_number or f'“{target.title}”'}"
        return said("P415", name=reference.name, here=here, place=place)
    return None


class _Guesses:
    """Guesses at what was meant: one for each name, as long as there are few to make."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}

    def nearest(self, name: str, names: Mapping[str, object], form: str) -> str:
        key = form.format(name)
        if key not in self._made and len(self._made) * len(names) < _MOST_GUESSES:
            near = get_close_matches(name, names, 1, 0.4)
            self._made[key] = f" Did you mean {form.format(near[0])}?" if near else ""
        return self._made.get(key, "")


# the numbers


def resolved(document: Document, destinations: Mapping[str, Destination], version: str = "") -> Document:
    """The document whose references lead to pages, and print the numbers of what they lead to.

    One that leads nowhere stays as it is; `problems` tells of it. `version` says which one of those that are kept the
    document is, if it is one.
    """
    if not any(run.link and run.link.slug is not None for _, run in document.runs()):
        return document
    return document.with_runs(_Resolver(document.slug, destinations, version).runs)


@dataclass(frozen=True)
class _Resolver:
    slug: str
    destinations: Mapping[str, Destination]
    version: str

    def runs(self, some: tuple[Run, ...]) -> tuple[Run, ...]:
        if not any(run.link and run.link.slug is not None for run in some):
            return some
        return tuple(run for link, group in groupby(some, lambda run: run.link) for run in self._linked(link, group))

    def _linked(self, link: Link | None, group: Iterable[Run]) -> Iterator[Run]:
        """The words of a link that stands alone, or its number in their place."""
        runs = list(group)
        policy = self.destinations.get(link.slug) if link and link.slug is not None else None
        if link is None or link.slug is None or policy is None:
            yield from runs
            return
        address = addresses.from_policy(self.slug, link.slug, self.version, policy.version)
        target = policy.names.get(link.name)
        if not link.name or target is None:
            resolved = replace(link, address=address) if not link.name else link
            yield from (replace(run, link=resolved) for run in runs)
            return
        resolved = replace(link, address=f"{address}#{target.id}")
        said = [run for run in runs if not isinstance(run.thing, Comment)]
        word = " ".join("".join(run.text for run in said).split())
        kinds = (*KINDS, *policy.words, *(() if target.word else NAMED))
        is_kind = word.lower() in kinds
        has_number = bool(target.number or target.previous_number or target.title)
        if not is_kind or not has_number or len({run.mark for run in said}) > 1:
            yield from (replace(run, link=resolved) for run in runs)
            return
        citation = _citation(word, target, "" if link.slug == self.slug else policy.title)
        styles = frozenset.intersection(*(run.styles for run in said))
        yield Run("", said[0].mark, styles, resolved, citation, said[0].amendment)
        yield from (replace(run, link=resolved) for run in runs if isinstance(run.thing, Comment))


def _citation(word: str, target: Target, title: str) -> Citation:
    called = target.word
    if called and word[0].isupper():  # Clause; Standing Order, as long as each word has a capital
        capitals = len(called.split()) if all(part[0].isupper() for part in word.split()) and " " in word else 1
        called = " ".join(part[0].upper() + part[1:] if n < capitals else part for n, part in enumerate(called.split()))
    behind = "" if not title else f" of {title}" if title.startswith("The ") else f" of the {title}"
    number = target.number or target.previous_number
    if not number:  # a heading that is cited by its words
        return Citation("", f"“{target.title}”", f"“{target.title}”", behind)
    return Citation(f"{called} " if called else "", number, target.previous_number or number, behind)
