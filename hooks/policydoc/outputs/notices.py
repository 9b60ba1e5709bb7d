"""Turns what is no longer to be read at an address into the page that says so there: an address never goes dead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..clock import in_words
from ..editions.council import Policies
from ..editions.policy import Policy
from ..model import addresses


@dataclass(frozen=True)
class Notice:
    """A page of a few words; `page` is its folder below the edition's root, with a slash at its end.

    `words` are its paragraphs, `links` where a reader can go on: addresses as the page has them, and their words.
    """

    page: str
    title: str
    words: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        """The Markdown file that MkDocs is told the page is made of."""
        return f"{self.page.rstrip('/')}.md"


def of_edition(policies: Policies) -> Iterator[Notice]:
    """All notices of an edition."""
    for policy in policies.published.values():
        yield from of_withheld(policy)


def of_withheld(policy: Policy) -> Iterator[Notice]:
    """The pages of the policy's versions that nobody may read any more: since when, and why."""
    for version in policy.versions:
        if version.withheld:
            why = version.withheld
            yield Notice(
                addresses.page(policy.slug, version.version),
                f"{policy.metadata.title}, version {version.version}",
                (
                    f"This version is withheld since {in_words(why.since)}.",
                    f"Reason: {why.reason}",
                    "Its text is kept, and can’t be read here any more.",
                ),
                (("../", "The policy today"), ("../history/", "All versions")),
            )
