"""Turns a policy into what is printed round its article, on the page and in the PDF: control sheet, status, dates."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from .. import clock
from ..editions.policy import Policy
from ..model import addresses
from ..settings import Settings
from ..source.front_matter import Metadata
from . import logo

Reading = Literal["marked", "amended"]

STATUS_WORDS = {
    "draft": "Draft: not yet approved",
    "approved": "Approved",
    "withdrawn": "Withdrawn: no longer in force",
}
UNDER_AMENDMENT = "Proposed changes to version {version}, which is in force"
EDITION_WORDS = {
    "internal": "Internal edition",
    "external": "External edition",
    "shared": "Internal and external editions",
}
STATUS_SHAPES = {"draft": "◐", "approved": "●", "withdrawn": "✕"}
NOT_YET = "Not yet assigned"
SOON = 90  # days before a review is due from which on it is due soon


def status_words(policy: Policy) -> str:
    """What the policy is, for its readers: a draft that would change an approved version is not all that there is."""
    if policy.in_force and policy.metadata.status == "draft":
        return UNDER_AMENDMENT.format(version=policy.in_force)
    return STATUS_WORDS[policy.metadata.status]


def readings(policy: Policy) -> tuple[Reading, ...]:
    """The readings that a policy has a PDF of: the clean text only while there is another."""
    return ("marked", "amended") if policy.has_marks else ("marked",)


def kept_inside(edition: str, settings: Settings) -> tuple[str, ...]:
    """The keys of front matter that this edition (or the copy shared by both) doesn't show."""
    return () if edition == "internal" else settings.internal_metadata


def draft_dates(policy: Policy, dates: CommitDates) -> list[tuple[str, str]]:
    """What a draft is dated by, each in two parts: `Draft of`, `3 March 2026`; the version that it would change.

    Empty for what is no draft: that has been published on its day.
    """
    if policy.metadata.status != "draft":
        return []
    found = [("Draft of", in_words(dates.of(policy.path, None)))]
    if policy.in_force_since:
        found.append((f"Version {policy.in_force} published", in_words(policy.in_force_since)))
    return [(label, day) for label, day in found if day]


def control_sheet(policy: Policy, dates: CommitDates, inside: Collection[str]) -> list[tuple[str, str | None]]:
    """Label and value of every line of the control sheet, but for keys kept `inside`; None is not yet assigned.

    A draft that still has the publishing date of the version that it would change has none of its own.
    """
    metadata = policy.metadata
    own = metadata.date_published if metadata.date_published != policy.in_force_since else None
    published = own if metadata.status == "draft" else metadata.date_published
    rows = [
        ("Status", status_words(policy)),
        *([("Replaced by", policy.successor)] if policy.successor else []),
        ("Policy number", metadata.policy_number),
        ("Version", metadata.version),
        ("Owner", metadata.owner),
        *([] if "doc_number" in inside else [("Document number", metadata.doc_number)]),
        *([] if "pdf_number" in inside else [("PDF number", metadata.pdf_number)]),
        *draft_dates(policy, dates),
        ("Date published", in_words(published)),
        ("Review due", in_words(metadata.review_due)),
        *([("Change note", metadata.change_note.text)] if metadata.change_note else []),
        *([] if "review_team" in inside else [("Review team", metadata.review_team)]),
    ]
    return rows


def distribution(metadata: Metadata, inside: Collection[str]) -> list[tuple[str, list[str]]]:
    """Who receives the policy, but for what is kept `inside`."""
    groups = [] if "distribution.internal" in inside else [("Internal", list(metadata.distribution.internal))]
    return [*groups, ("External", list(metadata.distribution.external))]


def today() -> date:
    """The day of the build (UTC); SOURCE_DATE_EPOCH where it is set, so that a build can be repeated."""
    return clock.fixed() or datetime.now(UTC).date()


def review_state(metadata: Metadata, day: date) -> tuple[str, str]:
    """A key and the words for where the policy's review stands on this day."""
    if metadata.status == "withdrawn":
        return "none", "No review: withdrawn"
    if metadata.review_due is None:
        return "none", "No review date yet"
    left = (metadata.review_due - day).days
    if left < 0:
        return "overdue", f"Overdue since {in_words(metadata.review_due)}"
    if left <= SOON:
        return "soon", f"Due soon: {in_words(metadata.review_due)}"
    return "in-date", f"In date until {in_words(metadata.review_due)}"


def in_words(day: date | None) -> str | None:
    """30 November 2026, in any locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else None


def for_pdf(policy: Policy, settings: Settings, reading: Reading, dates: CommitDates) -> dict[str, Any]:
    """All that Typst needs beside the article, as JSON values.

    A policy with nothing internal in it has one record copy, the same file in both editions.
    """
    edition = "shared" if policy.shared else policy.edition
    inside, meta = kept_inside(edition, settings), policy.metadata
    url = addresses.on_site(settings.site_url, policy.slug)
    marked = reading == "marked"
    return {
        "slug": policy.slug,
        "title": meta.title,
        "subtitle": meta.subtitle,
        "edition": edition,
        "edition_words": EDITION_WORDS[edition],
        "reading": reading,
        "status": meta.status,
        "status_words": status_words(policy),
        "version": meta.version,
        "doc_number": meta.doc_number,
        "date": dates.of(policy.path, meta.date_published).isoformat(),
        "draft_dates": [f"{label} {day}" for label, day in draft_dates(policy, dates)],
        "control_sheet": control_sheet(policy, dates, inside),
        "distribution": distribution(meta, inside),
        "council": settings.council.model_dump(mode="json") | {"logo": logo.below_root(settings)},
        "url": url,
        "source_hash": policy.sha256[:12],
        "marks": policy.has_marks,
        "schedule": [
            {"id": change.id, "place": change.where, "words": change.words} for change in policy.schedule if marked
        ],
        "renumbered": policy.renumbered if marked else [],
        "comments": [
            {"id": addresses.comment(number), "place": place, "author": comment.author, "text": comment.text}
            for number, (place, comment) in enumerate(policy.comments, 1)
            if marked
        ],
    }


class CommitDates:
    """The date that a PDF carries: SOURCE_DATE_EPOCH, else the policy's own, else that of its last commit.

    A policy that was never committed takes its file's date. Git is asked once, and only if it is needed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._commits: dict[str, date] | None = None

    def of(self, path: str, own: date | None) -> date:
        """The date (UTC) for the policy file at this path below the root."""
        fixed = clock.fixed()
        if fixed:
            return fixed
        if own:
            return own
        if self._commits is None:
            self._commits = _last_commits(self._root)
        if path in self._commits:
            return self._commits[path]
        return datetime.fromtimestamp((self._root / path).stat().st_mtime, UTC).date()


def _last_commits(root: Path) -> dict[str, date]:
    """The date of the last commit of every file of policy_src/ that is as committed; empty where there is no Git."""
    log = _git(root, "log", "--format=%x00%ct", "--name-only", "--relative", "--", "policy_src")
    changed = set(_git(root, "diff", "--name-only", "--relative", "HEAD", "--", "policy_src").split("\n"))
    dates: dict[str, date] = {}
    for commit in log.split("\0")[1:]:
        when, *paths = commit.split("\n")
        for path in filter(None, paths):
            dates.setdefault(path, datetime.fromtimestamp(int(when), UTC).date())
    return {path: day for path, day in dates.items() if path not in changed}


def _git(root: Path, *words: str) -> str:
    command = ["git", "-c", "core.quotepath=off", *words]
    try:
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


_MONTHS = ("January February March April May June July August September October November December").split()
