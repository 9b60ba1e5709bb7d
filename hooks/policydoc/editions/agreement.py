"""Turns all sources into what doesn't agree with the council's rules or with each other, beyond any single text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..messages import said
from ..problems import Problem
from ..source.front_matter import example_of
from ..source.policy_files import Source


def disagreements(sources: Sequence[Source], required: Sequence[str]) -> Iterator[Problem]:
    """What approved policies lack of the keys that are `required` of them, and policies that replace each other."""
    good = [source for source in sources if not source.faulty]
    for source in good:
        if source.metadata.status == "approved":
            for key in required:
                if getattr(source.metadata, key) is None:
                    line = source.lines.get(key, source.lines["status"])
                    yield said("P139", key=key, example=example_of(key)).at(source.path, line)
    yield from _circles(good)


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
