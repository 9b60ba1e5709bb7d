"""Turns two texts of a policy, kept versions or its own, into one with marks that any writer takes, and their fates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from ..editions.kept_versions import KeptVersion
from ..editions.policy import Policy
from ..history.dates import CommitDates
from ..model import addresses
from ..model.document import Document, Run
from ..model.lineage import Step, step
from ..model.settled import accepted
from ..model.word_marks import without_comments
from ..settings import Settings
from . import control_sheet

_UP = re.compile(r"^(?:\.\./)+")  # from a page of the policy to the folder of all: ../../


@dataclass(frozen=True)
class Text:
    """One text of a policy: a kept version, or the policy's own, as it would be with every proposed change.

    `name` is the version, or addresses.DRAFT. `policy` is finished, without marks and comments. `is_kept` says that it
    has a page of its own, `is_plain` that it is shown as it was typed, and can't be compared.
    """

    name: str
    policy: Policy
    is_kept: bool = True
    is_plain: bool = False

    @property
    def words(self) -> str:
        return "the draft" if self.name == addresses.DRAFT else f"version {self.name}"

    @property
    def page(self) -> str:
        """How the policy's own page links to it; empty where it is that itself."""
        return addresses.beside_version(self.name) if self.is_kept else ""

    @property
    def title(self) -> str:
        return self.words[:1].upper() + self.words[1:]


def texts(policy: Policy, kept: Sequence[KeptVersion]) -> list[Text]:
    """The texts of a finished policy, the newest last; `kept` are its versions that are shown, the newest first."""
    some = [Text(version.version, version.policy, is_plain=version.is_plain) for version in reversed(kept)]
    metadata = policy.metadata
    if metadata.status == "draft":
        some.append(Text(addresses.DRAFT, _settled(policy), is_kept=False))
    elif metadata.status == "approved" and all(text.name != metadata.version for text in some):
        some.append(Text(metadata.version, _settled(policy), is_kept=False))
    return some


def pairs(some: Sequence[Text]) -> list[tuple[Text, Text]]:
    """Which of these texts have a page that compares them: those that follow each other, and each with the newest."""
    readable = [text for text in some if not text.is_plain]
    versions = [text for text in readable if text.name != addresses.DRAFT]
    newest = [(text, versions[-1]) for text in versions[:-2]]
    return [*pairwise(readable), *newest]


@dataclass(frozen=True)
class Comparison:
    """Two texts of a policy and what lies between them."""

    before: Text
    after: Text

    @cached_property
    def step(self) -> Step:
        return step((self.before.name, self.before.policy.document), (self.after.name, self.after.policy.document))

    @cached_property
    def policy(self) -> Policy:
        """The newer text with marks for all in which it differs from the older."""
        return replace(self.after.policy, document=self.step.document, amendments_hash="", unpublished=())

    @property
    def words(self) -> str:
        return f"{self.before.words} compared with {self.after.words}"

    def led_from(self, page: str) -> Document:
        """The document whose links to other policies lead there from a `page`, given by its folder below the root."""
        up = "../" * (page.count("/") - 1)
        slug = self.policy.slug

        def lead(run: Run) -> Run:
            link = run.link
            if not link or link.slug is None or link.slug == slug:
                return run
            return replace(run, link=replace(link, address=up + _UP.sub("", link.address)))

        return self.step.document.with_runs(
            lambda some: tuple(map(lead, some)) if any(run.link for run in some) else some
        )

    def for_pdf(self, settings: Settings, dates: CommitDates) -> dict[str, Any]:
        """All that Typst needs beside the document that is `led_from` the policy's own page."""
        meta = control_sheet.for_pdf(replace(self.policy, kept=""), settings, "marked", dates)
        before, after = self.before, self.after
        return meta | {
            "record": [],
            "status_words": f"{before.title} compared with {after.words}",
            "compared": {
                "before": before.words,
                "after": after.words,
                "hashes": [before.policy.sha256[:12], after.policy.sha256[:12]],
            },
        }


def _settled(policy: Policy) -> Policy:
    """The policy's own text as amended, without comments."""
    document = accepted(policy.document, holding=True)
    return replace(policy, document=document.with_runs(lambda some: tuple(_clean(some))))


def _clean(some: tuple[Run, ...]) -> Iterator[Run]:
    return (replace(run, amendment=0) if run.amendment else run for run in without_comments(some))
