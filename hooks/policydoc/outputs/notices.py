"""Turns what is no longer to be read at an address into the page that says so there: an address never goes dead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

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


def of_edition(policies: Policies) -> Iterator[Notice]:
    """All notices of an edition, but for those of former names."""
    for policy in policies.published.values():
        yield from of_withheld(policy)
    for name, versions in policies.gone.items():
        for page in pages(name, versions):
            yield Notice(page, "No longer published", ("What was here is no longer published.",))


def pages(slug: str, versions: Iterable[str]) -> list[str]:
    """The pages of a policy under this name: its own, the list of its versions, and one for each of these."""
    kept = [addresses.page(slug, version) for version in versions]
    return [addresses.page(slug), *([addresses.history(slug), *kept] if kept else [])]


def of_former_names(policy: Policy, pages: Iterable[str]) -> Iterator[Notice]:
    """For each of these pages of the policy, one under each name that it had before, with a link to it."""
    title, home = policy.metadata.title, addresses.page(policy.slug)
    for page in pages:
        below = page.removeprefix(home)
        for name in _names(policy):
            old = addresses.page(name) + below
            link = "../" * old.count("/") + page, f"{title}: {_called(below.rstrip('/'))}"
            yield Notice(old, title, ("This has another address now.",), (link,))


def _called(page: str) -> str:
    """What is on a page below that of a policy:   v1   history   amendments   compare/v1..v2   compare/v2..draft"""
    if page.startswith("compare/"):
        before, after = (_version(name) for name in page.removeprefix("compare/").split(".."))
        return f"from {before} to {after}"
    return {"": "the policy", "history": "all versions", "amendments": "the amendment paper"}.get(page) or _version(
        page
    )


def _version(name: str) -> str:
    return "the draft" if name == addresses.DRAFT else f"version {name.removeprefix('v')}"


def redirects(policies: Policies, site_url: str) -> str:
    """What many web servers read in a file `_redirects`: where each address of a former name leads now."""
    root = urlsplit(site_url).path.rstrip("/")
    return "".join(
        f"{root}/{old} {root}/{new.replace('*', ':splat')} 301\n"
        for policy in policies.published.values()
        for name in _names(policy)
        for old, new in zip(addresses.named_files(name), addresses.named_files(policy.slug), strict=True)
    )


def _names(policy: Policy) -> tuple[str, ...]:
    formerly = policy.metadata.formerly
    return (*formerly.external, *formerly.internal) if formerly else ()


def of_withheld(policy: Policy) -> Iterator[Notice]:
    """The pages of the policy's versions that nobody may read any more: since when, and why."""
    for version in policy.versions:
        if version.withheld:
            why = version.withheld
            yield Notice(
                addresses.page(policy.slug, version.version),
                f"{policy.metadata.title}, version {version.version}",
                (
                    f"This version has been withheld since {in_words(why.since)}.",
                    f"Reason: {why.reason}",
                    "Its text is kept, and can’t be read here any more.",
                ),
                (("../", "The policy today"), ("../history/", "All versions")),
            )
