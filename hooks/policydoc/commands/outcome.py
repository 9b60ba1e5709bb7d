"""Writes what was decided on a policy's amendments, and says what the policy has become."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from .. import clock
from ..amending.accept_reject import Resolved
from ..problems import count_of
from ..source.front_matter import Metadata
from .approval import NothingDone, PolicyFile
from .approval_options import Approval


def write_accepted(file: PolicyFile, done: Resolved, account: Sequence[str], approval: Approval | None) -> None:
    """Writes the text, as an approved version where there is an approval; `account` says what was done."""
    text, kept = done.text, dict[Path, bytes]()
    version = approval and (approval.version or "")
    if approval:
        text, kept = file.approved(done, approval.values(file), version or "")
        _refuse_earlier(file, file.metadata(text))
    file.write(text, kept)
    say(account)
    if approval:
        meta = file.metadata(text)
        days = {"published": meta.date_published, "in force from": meta.effective, "review due": meta.review_due}
        dated = [f", {words} {clock.in_words(day)}" for words, day in days.items() if day]
        click.echo(f"{file.path} is approved as version {version}{''.join(dated)}.")
        if file.has_editorial_note():
            click.echo("The editorial change that its change note declared is in this version.")
        click.echo(f"Kept for good: {next(iter(kept)).relative_to(file.root).as_posix()}. Commit all of it together.")
    if done.left:
        what = f"changes proposed to version {version}: a draft again" if approval else "in a draft as before"
        click.echo(f"{_left(file, done)} left in {file.path}, {what}.")


def write_rejected(file: PolicyFile, done: Resolved, account: Sequence[str]) -> None:
    """Writes the text, which is the version in force again where nothing is left and nothing else differs."""
    text = done.text if done.left or file.kept is None else file.as_in_force(done.text)
    file.write(text, {})
    say(account)
    if file.kept and not done.left:
        differences = file.differences(text)
        state = "" if file.status_in(text) == "approved" else "stays a draft: it "
        still = f"{state}still differs from version {file.kept.version}, without marks:"
        click.echo(
            f"{file.path} {still if differences else f'is version {file.kept.version} again, as it was approved.'}"
        )
        say(differences)
    else:
        click.echo(f"{_left(file, done)} left in {file.path}.")


def _left(file: PolicyFile, done: Resolved) -> str:
    """How many amendments are left, as the schedule numbers them; where it has none, how many marks."""
    return count_of(len(file.what_if.amendments(done.text)) or done.left, "amendment")


def _refuse_earlier(file: PolicyFile, meta: Metadata) -> None:
    """Raises NothingDone where a version would have been in force before the one that is in force now."""
    now = file.metadata(file.in_force) if file.kept else None
    since, day = (one and one.in_force_from for one in (now, meta))
    if now and since and day and day < since <= clock.today():
        words = f"version {meta.version} would be in force from {clock.in_words(day)}, before version {now.version}"
        raise NothingDone(
            [f"{file.path}: {words}, which is so since {clock.in_words(since)}. Give a later day with --effective."]
        )


def say(lines: Iterable[str]) -> None:
    """Prints these lines."""
    for line in lines:
        click.echo(line)
