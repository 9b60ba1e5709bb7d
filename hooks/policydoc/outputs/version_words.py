"""Says in words where a kept version stands on a day, and what each changed: for its page, and for the list of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..clock import in_words
from ..editions.kept_versions import KeptVersion
from ..editions.policy import Policy
from ..editions.version_table import ApprovedVersion, in_force
from ..model import addresses


@dataclass(frozen=True)
class Standing:
    """`words` for where a version stands; `then`, where there is more to say: words and the version that they name."""

    state: str
    words: str
    then: tuple[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """One version in the list of all: what the table says of it, and where it is; `changed` counts its clauses.

    `page` is how the policy's own page links to it (empty where it is that itself), None where it can't be shown; `pdf`
    is the path of its PDF below the edition's root. `until` is the day from which it is not in force any more, as a
    date sorts: empty where none is known to come, 0000 where it has been superseded on a day that nobody knows.
    """

    version: ApprovedVersion
    period: str
    until: str
    page: str | None = None
    pdf: str = ""
    changed: int | None = None

    @property
    def withheld_since(self) -> str | None:
        """The day from which nobody may read the version any more, if there is one."""
        return in_words(self.version.withheld.since) if self.version.withheld else None


def standing(policy: Policy, version: str, day: date) -> Standing:
    """Where this version of the policy stands on a day: since or until when it is in force, and what follows it."""
    row = next(row for row in policy.versions if row.version == version)
    state = row.state(day)
    withdrawn, end = policy.metadata.is_withdrawn(day), policy.metadata.withdrawn_on
    words = period(row, day, withdrawn, end)
    if state == "superseded":
        then = ("Superseded by", row.follower) if row.follower else None
        return Standing(state, f"No longer in force. {words}.", then)
    if withdrawn:
        return Standing("withdrawn", f"No longer in force: the policy is withdrawn. {words}.")
    if state == "to come":
        now = in_force(policy.versions, day)
        return Standing(
            state, f"Not yet in force. {words}.", ("Until then this is in force:", now.version) if now else None
        )
    later = row.superseded and row.follower
    return Standing(state, f"{words}.", ("Will be superseded by", row.follower) if later else None)


def period(row: ApprovedVersion, day: date, withdrawn: bool = False, end: date | None = None) -> str:
    """From when until when a version was, is or will be in force; `end` is the day of the policy's withdrawal."""
    state, since = row.state(day), in_words(row.since)
    if row.was_never:
        return "It was superseded before its day" if state == "superseded" else "It is superseded before its day"
    ends = row.ends if row.superseded else end
    last = in_words(ends - timedelta(days=1)) if ends and (row.follower or not row.superseded) else None
    until = f" until {last}" if last else ""
    if state == "to come":
        return f"In force from {since}{until}"
    if state == "in force" and not withdrawn:
        return f"In force {'from' if until else 'since'} {since}{until}" if since else f"In force{until}"
    if since and not until:
        return f"Came into force on {since}"
    return f"In force from {since}{until}" if since else f"In force{until}" if until else "Formerly in force"


def beside(policy: Policy, version: str, kept: Sequence[KeptVersion]) -> str | None:
    """How the policy's own page links to this version: empty where it is its own text, None where there is no page."""
    if any(other.version == version for other in kept):
        return addresses.beside_version(version)
    is_own = policy.metadata.status == "approved" and policy.metadata.version == version
    return "" if is_own else None


def rows(policy: Policy, kept: Sequence[KeptVersion], changed: Mapping[str, int], day: date) -> list[Row]:
    """Every version that the edition shows, the newest first; the policy's own text is one, if it is approved.

    `changed` counts the clauses that each of them changed.
    """
    withdrawn, end = policy.metadata.is_withdrawn(day), policy.metadata.withdrawn_on
    listed: list[Row] = []
    for row in policy.versions:
        page = beside(policy, row.version, kept)
        is_kept = any(version.version == row.version for version in kept)
        pdf = "" if page is None else addresses.pdf(policy.slug, version=row.version if is_kept else "")
        words = period(row, day, withdrawn, end)
        listed.append(Row(row, words, _until(row, policy), page, pdf, changed.get(row.version)))
    return listed


def _until(row: ApprovedVersion, policy: Policy) -> str:
    end, is_withdrawn = policy.metadata.withdrawn_on, policy.metadata.status == "withdrawn"
    if (row.superseded and not row.ends) or (is_withdrawn and not row.superseded and not end):
        return "0000"
    return min((str(day) for day in (row.ends, end) if day), default="")
