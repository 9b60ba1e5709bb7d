"""Turns all policies into a table that fits on a screen, with a line for each: `policy status`."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from .. import clock
from ..editions import council
from ..outputs import review_state
from ..problems import count_of
from ..source.front_matter import Metadata
from ..source.policy_files import FOLDER
from .options import format_option, today_option
from .project import all_policies, project, site_settings

_NARROWEST = 12  # signs that a title is always given
_HEADINGS = ("Version", "Amendments", "Comments", "Review")
_UNREAD = "can't be read: run policy check"
_COLOURS = {"overdue": "red", "soon": "yellow"}


@dataclass(frozen=True)
class Standing:
    """Where one policy stands; no metadata if its file can't be read."""

    path: str
    metadata: Metadata | None = None
    amendments: int = 0
    comments: int = 0
    review: str = ""

    @property
    def title(self) -> str:
        return self.metadata.title if self.metadata else Path(self.path).name

    def data(self) -> dict[str, Any]:
        keys = ("title", "version", "status", "owner", "date_published", "review_due")
        front = self.metadata.model_dump(mode="json", include=set(keys)) if self.metadata else dict.fromkeys(keys)
        counted = {"amendments": self.amendments, "comments": self.comments, "review": self.review}
        return {"file": self.path, **front, **(counted if self.metadata else dict.fromkeys(counted))}


@click.command()
@format_option("json", help="For people or for programs.")
@today_option
def status(form: str, today: date) -> None:
    """Show every policy: version, status, amendments, comments and review."""
    root = project()
    sources, problems, missing = all_policies(root)
    policies = council.gather(sources, problems, root / FOLDER, "internal", site_settings(root))
    standings = [Standing(path) for path in missing]
    for policy in policies.published.values():
        if policy.path not in missing:
            state, amended = review_state.review_state(policy.metadata, today)[0], len(policy.schedule)
            standings.append(Standing(policy.path, policy.metadata, amended, len(policy.comments), state))
    standings.sort(key=lambda standing: (standing.title.casefold(), standing.path))
    if form == "json":
        click.echo(json.dumps([standing.data() for standing in standings], indent=2, ensure_ascii=False))
        return
    click.echo(table(standings, shutil.get_terminal_size().columns if sys.stdout.isatty() else None))
    wrong = {problem.path for problem in policies.errors} - set(missing)
    if wrong:
        click.echo(f"{count_of(len(wrong), 'policy')} with errors: run policy check.")
    click.echo(totals(standings))


def table(standings: Sequence[Standing], width: int | None) -> str:
    """A line for each policy below the headings; long titles are shortened to keep to the width, if there is one."""
    if not standings:
        return 'There is no policy yet. Start one with policy new "Title".'
    versions = max((len(standing.metadata.version) for standing in standings if standing.metadata), default=0)
    rows = [_cells(standing, versions) for standing in standings]
    widths = [max(len(row[place]) for row in [_HEADINGS, *filter(None, rows)]) for place in range(len(_HEADINGS))]
    longest = max(len(title) for title in ("Policy", *(standing.title for standing in standings)))
    if width:
        longest = min(longest, max(_NARROWEST, width - sum(widths) - 2 * len(widths)))
    lines = [_line("Policy".ljust(longest), _HEADINGS, widths)]
    for standing, row in zip(standings, rows, strict=True):
        title = standing.title if len(standing.title) <= longest else standing.title[: longest - 1].rstrip() + "…"
        if row:
            line, colour = _line(title.ljust(longest), row, widths), _COLOURS.get(standing.review)
        else:
            line, colour = f"{title:{longest}}  {_UNREAD}", "red"
        lines.append(click.style(line, fg=colour) if colour else line)
    return "\n".join(lines)


def totals(standings: Sequence[Standing]) -> str:
    """The last line: how many of everything."""
    read = [standing for standing in standings if standing.metadata]
    kinds = Counter(standing.metadata.status for standing in standings if standing.metadata)
    states = Counter(standing.review for standing in read)
    of_them = [f"{number:,} {kind}" for kind, number in sorted(kinds.items())]
    of_them += [f"{len(standings) - len(read):,} unread"] if len(standings) > len(read) else []
    amended, commented = sum(standing.amendments for standing in read), sum(standing.comments for standing in read)
    words = [f"{count_of(len(standings), 'policy')} ({', '.join(of_them)})" if of_them else "0 policies"]
    words += [count_of(amended, "amendment"), count_of(commented, "comment")]
    words.append(f"{states['overdue']:,} overdue" if states["overdue"] else "none overdue")
    words += [f"{states['soon']:,} due soon"] if states["soon"] else []
    return ", ".join(words) + "."


def _cells(standing: Standing, versions: int) -> tuple[str, ...] | None:
    meta = standing.metadata
    if meta is None:
        return None
    review = "none: withdrawn" if meta.status == "withdrawn" else "no date yet"
    if meta.review_due and meta.status != "withdrawn":
        day, month, year = (clock.in_words(meta.review_due) or "").split()
        review = f"{day:>2} {month[:3]} {year} {standing.review if standing.review in _COLOURS else ''}".rstrip()
    return f"{meta.version:{versions}} {meta.status}", f"{standing.amendments:,}", f"{standing.comments:,}", review


def _line(title: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    """Numbers to the right, words to the left."""
    version, amendments, comments, review = zip(cells, widths, strict=True)
    numbers = (f"{text:>{width}}" for text, width in (amendments, comments))
    return "  ".join([title, f"{version[0]:{version[1]}}", *numbers, review[0]])
