"""Turns the policies of an edition into its register: for the home page, as JSON, CSV and calendar."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from .. import clock
from ..editions.policy import Policy
from ..model import addresses
from ..model.document import Reading
from ..settings import Settings
from ..source.front_matter import Metadata
from . import data, review_state

_DESCRIPTION = 155  # characters that search engines show
# Headings of the review calendar, and the last day from today that each is for
_DUE = {"Overdue": -1, "Due within 30 days": 30, "Due in 31 to 60 days": 60, "Due in 61 to 90 days": 90}
# =1+1   @SUM(A1)   what spreadsheets reckon with instead of showing it, wide signs and space in front included
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NO_CATEGORY = "Other policies"


def entries(policies: Iterable[Policy], today: date) -> list[dict[str, Any]]:
    """One entry for each policy, by title: its metadata, and where everything is in the edition's folder."""
    rows = [{**entry(policy), "review_state": review_state.review_state(policy.metadata, today)} for policy in policies]
    return sorted(rows, key=lambda row: (row["title"].casefold(), row["slug"]))


def entry(policy: Policy) -> dict[str, Any]:
    """What policies.json says of one policy: nothing in it depends on the day of the build."""
    return {
        "slug": policy.slug,
        **policy.metadata.data(),
        "edition": policy.edition,
        "amendments": policy.amendments,
        "url": addresses.page(policy.slug),
        "json": addresses.data(policy.slug),
        "pdf": addresses.pdf(policy.slug),
        "amended_pdf": addresses.pdf(policy.slug, "amended") if policy.has_marks else None,
    }


def as_csv(rows: list[dict[str, Any]]) -> str:
    """The register for a spreadsheet; lists are joined, and nothing can be taken for a formula."""
    table = io.StringIO()
    columns = ["title", "policy_number", "version", "status", "owner", "date_published", "review_due"]
    columns += ["doc_number", "pdf_number", "url", "pdf", "category", "contact", "effective", "adopted", "supersedes"]
    columns += ["keywords"]
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    return table.getvalue()


def _cell(value: Any) -> str:
    value = list(value.values()) if isinstance(value, dict) else value
    parts = value if isinstance(value, list) else [value]
    text = "; ".join(str(part) for part in parts if part is not None)
    return f"'{text}" if _FORMULA.match(text) else text


def description(policy: Policy, in_force: Metadata | None = None) -> str:
    """A sentence for search engines: the title and the opening words as amended, or as they are in force."""
    reading: Reading = "previous" if in_force else "amended"
    first = islice(policy.document.provisions(), 12)
    words = " ".join(data.text(place, reading) or "" for place in first if not place.is_heading)
    metadata = in_force or policy.metadata
    text = f"{metadata.title} {metadata.subtitle or ''}".strip() + f": {words}"
    return text if len(text) <= _DESCRIPTION else text[:_DESCRIPTION].rpartition(" ")[0] + " …"


def calendar(rows: list[dict[str, Any]], settings: Settings) -> str:
    """The reviews that are due as a calendar (RFC 5545), a whole day each, as what has a date and no end is."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Policy Press//Reviews//EN"]
    for row in rows:
        if row["review_due"] and row["status"] != "withdrawn":
            day = row["review_due"].replace("-", "")
            lines += [
                "BEGIN:VEVENT",
                f"UID:{row['slug']}-review-{day}@policies",
                f"DTSTAMP:{day}T000000Z",
                f"DTSTART;VALUE=DATE:{day}",
                f"SUMMARY:{_escaped('Review due: ' + row['title'])}",
                f"DESCRIPTION:{_escaped('Owner: ' + row['owner'])}",
                "END:VEVENT",
            ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """One content line in pieces of at most 75 bytes."""
    data, pieces = line.encode(), list[bytes]()
    while len(data) > 73:
        cut = 73
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(data[:cut])
        data = data[cut:]
    return b"\r\n ".join([*pieces, data]).decode() + "\r\n"


def by_category(rows: list[dict[str, Any]], categories: Iterable[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The entries below the categories that they have, in the council's order; those without one come last.

    Where none has one they are a single group, without a name.
    """
    groups = [(name, [row for row in rows if row["category"] == name]) for name in categories]
    named = [(name, entries) for name, entries in groups if entries]
    others = [row for row in rows if row["category"] is None]
    return [*named, *([(_NO_CATEGORY if named else "", others)] if others or not named else [])]


def size(path: Path) -> str:
    """A file's size for a reader, or nothing if it isn't there."""
    if not path.is_file():
        return ""
    size = path.stat().st_size
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


def reviews(rows: list[dict[str, Any]], today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """The policies by how soon their review is due: each in one group, the groups in order of urgency."""
    groups: list[tuple[str, list[dict[str, Any]]]] = [(words, []) for words in (*_DUE, "Later", "No review date yet")]
    for row in sorted(rows, key=lambda row: (row["review_due"] or "", row["title"])):
        if row["status"] == "withdrawn":
            continue
        due = date.fromisoformat(row["review_due"]) if row["review_due"] else None
        left = (due - today).days if due else None
        index = 5 if left is None else next((n for n, last in enumerate(_DUE.values()) if left <= last), 4)
        groups[index][1].append({**row, "review_words": clock.in_words(due)})
    return groups
