"""Turns a policy into what is printed round its article, on the page and in the PDF: control sheet, status, dates."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Any, Literal

from ..clock import in_words
from ..editions.policy import Policy
from ..editions.version_table import ApprovedVersion
from ..history.dates import CommitDates
from ..model import addresses
from ..settings import Settings
from ..source.front_matter import Metadata, of_control
from ..source.front_matter_parts import Adoption
from . import logo
from .status_words import EDITION_WORDS, status_words

Reading = Literal["marked", "amended", "amendments"]  # the last is the amendment paper, which has both sides
NOT_YET = "Not yet assigned"


def readings(policy: Policy) -> tuple[Reading, ...]:
    """The readings that a policy has a PDF of: the clean text and the amendment paper only while there is another."""
    paper: tuple[Reading, ...] = ("amendments",) if policy.has_paper else ()
    return ("marked", "amended", *paper) if policy.has_marks else ("marked", *paper)


def kept_inside(edition: str, settings: Settings) -> tuple[str, ...]:
    """The keys of front matter, and labels of control, that this edition (or the copy shared by both) doesn't show."""
    return () if edition == "internal" else settings.kept_inside


def draft_dates(policy: Policy, dates: CommitDates) -> list[tuple[str, str]]:
    """What a draft is dated by, each in two parts: `Draft of`, `3 March 2026`; the version that it would change.

    Empty for what is no draft: that has been published on its day.
    """
    if policy.metadata.status != "draft":
        return []
    days = [("Draft of", in_words(dates.of(policy.path, None)))]
    if policy.base and policy.base.date_published:
        days.append((f"Version {policy.base.version} published", in_words(policy.base.date_published)))
    return [(label, day) for label, day in days if day]


def control_sheet(policy: Policy, dates: CommitDates, inside: Collection[str]) -> list[tuple[str, str | None]]:
    """Label and value of every line of the control sheet, but for keys kept `inside`; None is not yet assigned.

    A draft that still has the publishing date of the version that it would change has none of its own; nor has it that
    version's adoption, or its day.
    """
    metadata = policy.metadata
    before = policy.versions[0] if metadata.status == "draft" and policy.versions else None
    published = None if before and before.date_published == metadata.date_published else metadata.date_published
    adopted = None if before and before.adopted == metadata.adopted else metadata.adopted
    effective = None if before and before.effective == metadata.effective else metadata.effective
    return [
        ("Status", status_words(policy)),
        *([("Replaced by", policy.successor)] if policy.successor else []),
        ("Policy number", metadata.policy_number),
        ("Version", metadata.version),
        ("Owner", metadata.owner),
        *([("Contact", metadata.contact)] if metadata.contact else []),
        *([("Category", metadata.category)] if metadata.category else []),
        *([] if "doc_number" in inside else [("Document number", metadata.doc_number)]),
        *([] if "pdf_number" in inside else [("PDF number", metadata.pdf_number)]),
        *draft_dates(policy, dates),
        *([("For adoption by" if metadata.status == "draft" else "Adopted by", _adoption(adopted))] if adopted else []),
        ("Date published", in_words(published)),
        *([("In force from", in_words(effective))] if effective else []),
        *([("Withdrawn on", in_words(metadata.withdrawn_on))] if metadata.withdrawn_on else []),
        ("Review due", in_words(metadata.review_due)),
        *([("Supersedes", "; ".join(metadata.supersedes))] if metadata.supersedes else []),
        *([("Change note", metadata.change_note.text)] if metadata.change_note else []),
        *([] if "review_team" in inside else [("Review team", metadata.review_team)]),
        *((label, value) for label, value in (metadata.control or {}).items() if of_control(label) not in inside),
    ]


def _adoption(adopted: Adoption) -> str:
    """Full Council, 30 November 2026, minute FC 2026-227 a)"""
    parts = (adopted.by, in_words(adopted.on), adopted.minute and f"minute {adopted.minute}")
    return ", ".join(part for part in parts if part)


def distribution(metadata: Metadata, inside: Collection[str]) -> list[tuple[str, list[str]]]:
    """Who receives the policy, but for what is kept `inside`."""
    groups = [] if "distribution.internal" in inside else [("Internal", list(metadata.distribution.internal))]
    return [*groups, ("External", list(metadata.distribution.external))]


def version_table(policy: Policy) -> dict[str, list[Any]]:
    """The `heads` and the `rows` of the table of versions, without columns that say nothing.

    Both are empty where there is but one, of which nobody says by whom it was adopted, or what it changed.
    """
    rows = [_row(version) for version in policy.versions]
    if len(rows) < 2 and not any(version.adopted or version.change_note for version in policy.versions):
        return {"heads": [], "rows": []}
    heads = [head for head in rows[0] if any(row[head] for row in rows)]
    return {"heads": heads, "rows": [[row[head] for head in heads] for row in rows]}


def _row(version: ApprovedVersion) -> dict[str, str]:
    """What the table says of a version: also from when it applied, where that is not as of its adoption."""
    adopted = version.adopted
    since = version.effective or (version.date_published if not adopted or not adopted.on else None)
    days = (adopted and in_words(adopted.on), since and f"in force from {in_words(since)}")
    return {
        "Version": version.version,
        "Adopted by": adopted.by if adopted else "",
        "On": ", ".join(day for day in days if day),
        "Minute": (adopted and adopted.minute) or "",
        "What changed": version.change_note.text if version.change_note else "",
    }


def _date(policy: Policy, dates: CommitDates) -> date:
    """The day that the PDF carries: of a kept version its own, whatever day others are given; else a build's rule."""
    meta = policy.metadata
    own = meta.date_published or meta.effective or (meta.adopted and meta.adopted.on)
    return own if policy.kept and own else dates.of(policy.path, meta.date_published)


def record(policy: Policy) -> list[tuple[str, str]]:
    """Label and value of what makes an approved text binding: since when, and by whose decision."""
    metadata = policy.metadata
    lines = (
        ("In force from", in_words(metadata.in_force_from)),
        ("Adopted by", metadata.adopted and _adoption(metadata.adopted)),
    )
    return [(label, value) for label, value in lines if value] if metadata.status == "approved" else []


def made_from(policy: Policy, url: str) -> dict[str, str] | None:
    """Name, address and hash of the text that a reader can check a copy against; None where none is published."""
    if policy.text is None:
        return None
    name = addresses.beside(addresses.text(policy.slug, policy.kept))
    return {"name": name, "url": f"{url}{name}" if url else "", "sha256": hashlib.sha256(policy.text).hexdigest()}


def for_pdf(policy: Policy, settings: Settings, reading: Reading, dates: CommitDates) -> dict[str, Any]:
    """All that Typst needs beside the article, as JSON values.

    A policy with nothing internal in it has one record copy, the same file in both editions.
    """
    edition = "shared" if policy.shared else policy.edition
    inside, meta = kept_inside(edition, settings), policy.metadata
    url = addresses.on_site(settings.site_url, policy.slug, policy.kept)
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
        "date": _date(policy, dates).isoformat(),
        "draft_dates": [f"{label} {day}" for label, day in draft_dates(policy, dates)],
        "control_sheet": control_sheet(policy, dates, inside),
        "distribution": distribution(meta, inside),
        "council": settings.council.model_dump(mode="json") | {"logo": logo.below_root(settings)},
        "url": url,
        "kept": policy.kept,
        "record": record(policy),
        "text": made_from(policy, url),
        "data_name": addresses.beside(addresses.data(policy.slug, policy.kept)),
        "clean_copy": url + addresses.beside(addresses.pdf(policy.slug, "amended")) if policy.has_marks else "",
        "marks": policy.has_marks,
        "amendments_hash": policy.printed_hash,
        "schedule": [
            {"number": change.name, "id": change.id, "place": change.location, "words": change.words}
            for change in policy.schedule
            if marked
        ],
        "renumbered": policy.renumbered if marked else [],
        "versions": version_table(policy),
        "keywords": meta.keywords or (),
        "licence": settings.licence.model_dump() if edition != "internal" else None,
        "comments": [
            {
                "id": addresses.comment(number),
                "place": place,
                "where": policy.cited.get(place, place),
                "author": comment.author,
                "text": comment.text,
            }
            for number, (place, comment) in enumerate(policy.comments, 1)
            if marked
        ],
    }
