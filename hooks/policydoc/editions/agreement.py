"""Turns all sources into what doesn't agree with the council's rules or with each other, beyond any single text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ..messages import said
from ..problems import Problem
from ..settings import Settings
from ..slips import key_meant
from ..source.front_matter import example_of, of_control
from ..source.policy_files import Source
from . import former_names


def disagreements(sources: Sequence[Source], settings: Settings) -> Iterator[Problem]:
    """What approved policies lack of the keys that the council requires, and policies that replace each other.

    And the categories and labels of control that aren't in the council's lists, and former names that are taken.
    """
    good = [source for source in sources if not source.faulty]
    for source in good:
        if source.metadata.status == "approved":
            for key in settings.required_when_approved:
                if not getattr(source.metadata, key):
                    line = source.lines.get(key, source.lines["status"])
                    yield said("P139", key=key, example=example_of(key)).at(source.path, line)
        yield from _unlisted(source, settings)
    yield from _circles(good)
    yield from former_names.faults(good)


def _unlisted(source: Source, settings: Settings) -> Iterator[Problem]:
    category, labels = source.metadata.category, source.metadata.control or {}
    if category and category not in settings.categories:
        known, advice = _known(category, settings.categories)
        fault = said("P161", value=category, known=known, advice=advice)
        yield fault.at(source.path, source.lines["category"])
    for label in (label for label in labels if label not in settings.control):
        known, advice = _known(label, settings.control)
        fault = said("P162", value=label, known=known, advice=advice)
        yield fault.at(source.path, source.lines[of_control(label)])


def _known(value: str, listed: Collection[str]) -> tuple[str, str]:
    """What the council's list has, and what to write."""
    if not listed:
        return "it has none yet", "Add it there, or take the line out."
    near = key_meant(value, listed)
    return f"it has {', '.join(listed)}", f"Did you mean {near}?" if near else "Write one of these, or add it there."


def _circles(sources: Sequence[Source]) -> Iterator[Problem]:
    """Each circle of policies of which one replaces the other, at the first of them."""
    successors = {source.slug: source for source in sources if source.metadata.replaced_by}
    done: set[str] = set()
    for source in successors.values():
        way: dict[str, None] = {}
        slug = source.slug
        while slug in successors and slug not in way and slug not in done:
            way[slug] = None
            slug = successors[slug].metadata.replaced_by or ""
        done |= way.keys()
        if slug in way:
            circle = list(way)[list(way).index(slug) :]
            first = successors[min(circle)]
            start = circle.index(first.slug)
            files = [f"{slug}.md" for slug in (*circle[start:], *circle[:start], first.slug)]
            fault = said("P146", circle=", ".join(files)) if len(circle) > 1 else said("P145")
            yield fault.at(first.path, first.lines["replaced_by"])
