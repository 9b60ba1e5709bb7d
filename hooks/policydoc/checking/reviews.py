"""Turns the front matter of all policies into what is due for review, by owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import clock
from ..problems import Problem, count_of
from ..source.front_matter import Metadata
from ..source.policy_files import FOLDER, Source

_LISTED = 200  # policies in one owner's list, and
_LONGEST = 150  # signs of a title there: GitHub takes 65,536 for an issue


@dataclass(frozen=True)
class Review:
    """A policy's review, and how many days are left until it; fewer than none when it is overdue."""

    slug: str
    metadata: Metadata
    day: date
    left: int

    @property
    def words(self) -> str:
        if self.left < 0:
            return f"overdue by {count_of(-self.left, 'day')}"
        return f"due in {count_of(self.left, 'day')}" if self.left else "due today"

    def data(self) -> dict[str, Any]:
        meta = self.metadata
        policy = {"slug": self.slug, "title": meta.title, "version": meta.version, "status": meta.status}
        return {**policy, "review_due": self.day.isoformat(), "days_left": self.left, "words": self.words}


def unread(sources: Sequence[Source], problems: Iterable[Problem]) -> list[str]:
    """The paths of the files whose front matter can't be relied on."""
    read = {source.path for source in sources if not source.faulty}
    return sorted({problem.path for problem in problems if problem.level == "error"} - read)


def due(sources: Iterable[Source], today: date, within: int) -> list[Review]:
    """The reviews that are overdue, or due in so many days from today, the oldest first."""
    dated = [
        Review(source.slug, source.metadata, source.metadata.review_due, (source.metadata.review_due - today).days)
        for source in sources
        if not source.faulty and source.metadata.review_due and source.metadata.status != "withdrawn"
    ]
    return sorted((review for review in dated if review.left <= within), key=lambda review: (review.day, review.slug))


def by_owner(reviews: Iterable[Review]) -> dict[str, list[Review]]:
    """The same reviews by the owner of the policy, whose name may be written in small letters or capitals."""
    groups: dict[str, list[Review]] = {}
    for review in reviews:
        groups.setdefault(review.metadata.owner.casefold(), []).append(review)
    return {part[0].metadata.owner: part for _, part in sorted(groups.items())}


def as_markdown(owner: str, part: Sequence[Review], today: date) -> str:
    """One owner's reviews as the text of an issue; what policies say stands as code, where nothing is live."""
    lines = [f"### Reviews due: {_as_code(owner)}", "", f"As on {clock.in_words(today)}:", ""]
    for review in part[:_LISTED]:
        title = review.metadata.title
        short = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
        words = f"**{review.words}**" if review.left < 0 else review.words
        file = f"`{FOLDER}/{review.slug}.md`"
        lines.append(f"- {_as_code(short)}: {words}, {clock.in_words(review.day)} ({file})")
    if len(part) > _LISTED:
        lines.append(f"- and {len(part) - _LISTED:,} more: run `policy due` to see all")
    end = "When a policy has been reviewed, write its new date after `review_due:` and this line goes."
    return "\n".join([*lines, "", end, ""])


def _as_code(text: str) -> str:
    """The text as Markdown code: no mention, link or mark in it is live there."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"
