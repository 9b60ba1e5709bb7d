"""Turns what is due for review into a list, an issue's text or a calendar: `policy due`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import click

from .. import clock, writing
from ..checking import reviews
from ..checking.reviews import Review, as_markdown, by_owner
from ..outputs import register, review_state
from ..problems import count_of
from .options import format_option, today_option
from .project import all_policies, project, site_settings


@click.command()
@click.option(
    "--within",
    type=click.IntRange(0),
    metavar="DAYS",
    default=review_state.SOON,
    show_default=True,
    help="How far ahead to look.",
)
@click.option("--owner", help="Only this owner's policies.")
@click.option(
    "--ics", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a calendar as well."
)
@format_option("markdown", "json", help="For people, for an issue, or for programs.")
@today_option
def due(within: int, owner: str | None, ics: Path | None, form: str, today: date) -> None:
    """Say which policies are due for review, by owner.

    A policy without a review date is not due; one that is withdrawn never is. As JSON, each owner's part holds a
    Markdown text as well, ready for an issue; nothing is printed where a policy can't be read.
    """
    root = project()
    if ics and not ics.parent.is_dir():
        raise click.BadParameter(f"there is no folder {ics.parent}. Make it first.", param_hint="--ics")
    sources, _, missing = all_policies(root)
    for path in missing:
        click.echo(f"{path} can't be read, and may be due: run policy check.", err=True)
    if missing and form == "json":
        raise SystemExit(1)  # programs would take what is missing for what is not due
    owed = by_owner(reviews.due(sources, today, within))
    if owner is not None:
        wanted = _known(owner, {source.metadata.owner for source in sources if not source.faulty})
        owed = {name: part for name, part in owed.items() if name.casefold() == wanted}
    if ics:
        settings = site_settings(root)
        entries = [{"slug": review.slug, **review.metadata.data()} for part in owed.values() for review in part]
        try:
            writing.put(ics, register.calendar(entries, settings).encode())
        except OSError as error:
            raise click.ClickException(f"{ics}: {error.strerror}. Name a file that you may write to.") from None
    nothing = f"Nothing is due for review within {count_of(within, 'day')} of {clock.in_words(today)}."
    if form == "json":
        parts = [
            {"owner": name, "policies": [review.data() for review in part], "markdown": as_markdown(name, part, today)}
            for name, part in owed.items()
        ]
        click.echo(json.dumps(parts, indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo("\n".join(as_markdown(name, part, today) for name, part in owed.items()) or nothing)
    else:
        click.echo(as_text(owed) if owed else nothing)


def as_text(owed: Mapping[str, Sequence[Review]]) -> str:
    """The reviews for a terminal, the dates and words below each other."""
    every = [review for part in owed.values() for review in part]
    dates = max(len(clock.in_words(review.day) or "") for review in every)
    words = max(len(review.words) for review in every)
    lines = []
    for name, part in owed.items():
        lines.append(click.style(name, bold=True))
        for review in part:
            state = f"{review.words:{words}}"
            state = click.style(state, fg="red") if review.left < 0 else state
            lines.append(f"  {clock.in_words(review.day):>{dates}}  {state}  {review.metadata.title}")
        lines.append("")
    late = sum(review.left < 0 for review in every)
    return "\n".join([*lines, f"{count_of(len(every), 'review')}, {f'{late:,}' if late else 'none'} overdue."])


def _known(owner: str, owners: Iterable[str]) -> str:
    """The owner in small letters. Raises click's error for one that no policy has."""
    names = {name.casefold(): name for name in sorted(owners, reverse=True)}
    if owner.casefold() in names:
        return owner.casefold()
    near = get_close_matches(owner.casefold(), list(names), 1, 0.5)
    every = ", ".join(name for _, name in sorted(names.items())) or "none yet"
    advice = f"Did you mean “{names[near[0]]}”?" if near else f"Owners are: {every}."
    raise click.UsageError(f"no policy has the owner “{owner}”. {advice}")
