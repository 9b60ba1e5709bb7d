"""Where a policy's review stands on a day: in date, due soon or overdue."""

from __future__ import annotations

from datetime import date

from ..clock import in_words
from ..source.front_matter import Metadata

SOON = 90  # days before a review is due from which on it is due soon


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
