"""Turns decisions on amendments into new files: `policy accept`, `policy reject`, `policy mark`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from .. import clock
from ..amending import front_matter_text, redline
from ..amending.blocks import split
from ..problems import count_of
from .amendment_lines import amendment_lines, note_lines
from .approval import APPROVAL_OPTIONS, NothingDone, PolicyFile
from .options import day

_slug = click.argument("slug", metavar="POLICY")
_only = click.option(
    "--only", multiple=True, metavar="CLAUSE|AUTHOR", help="Only these: a clause's number or #name, or who commented."
)
_drop = click.option("--drop-comments", is_flag=True, help="Comments on what is settled may go.")


@click.command()
@_slug
@_only
@click.option("--version", metavar="VERSION", help="The number of the approved version, such as 2.")
@click.option("--published", type=day, metavar="DATE", help="When it is published, such as 2026-11-30.")
@click.option("--review-due", type=day, metavar="DATE", help="When it is to be reviewed.")
@click.option("--policy-number", metavar="NUMBER", help="The council's number for it, if it has none yet.")
@click.option("--note", metavar="TEXT", help="What this version changes, in a sentence for its readers.")
@_drop
def accept(
    slug: str,
    only: tuple[str, ...],
    version: str | None,
    published: date | None,
    review_due: date | None,
    policy_number: str | None,
    note: str | None,
    drop_comments: bool,
) -> None:
    """Accept the amendments of POLICY: they become its text, and the text an approved version that is kept.

    With --only, the others stay marked, as proposals to change the new version. Without a version as well, a policy
    that has never been approved stays a draft.
    """
    file = PolicyFile(slug)
    given = {"version": version, "date_published": published, "review_due": review_due}
    approves = any(value is not None for value in (*given.values(), policy_number, note)) or not only
    missing = [APPROVAL_OPTIONS[key] for key, value in given.items() if value is None]
    missing = [option for option in missing if option in file.needed()]
    if approves and missing:
        raise click.UsageError(f"an approved policy needs {', '.join(file.needed())}. Add {' and '.join(missing)}.")
    file.may_be_accepted(approves)
    if approves and only and not file.accepted(only, drop_comments=True).left:
        only = ()  # nothing else is marked: comments on other words would be approved with them
    done = file.accepted(only, drop_comments)
    text, kept = done.text, dict[Path, bytes]()
    if approves:
        values: dict[str, object | None] = {
            **{key: value for key, value in given.items() if value is not None}, "status": "approved",
            "change_note": {"text": note} if note else front_matter_text.REMOVE,
        }  # fmt: skip
        # The days and the minute of the version before are not those of this one.
        stale = [key for key in ("date_published", "adopted", "effective") if key not in values and file.stale(key)]
        values |= dict.fromkeys(stale, front_matter_text.REMOVE)
        values |= {"policy_number": policy_number} if policy_number else {}
        text, kept = file.approved(done, values, version or "")
    account = file.account("Accepted", done)
    file.write(text, kept)
    _say(account)
    if approves:
        meta = file.metadata(text)
        days = {"published": meta.date_published, "review due": meta.review_due}
        dated = [f", {words} {clock.in_words(day)}" for words, day in days.items() if day]
        click.echo(f"{file.path} is approved as version {version}{''.join(dated)}.")
        if file.has_editorial_note():
            click.echo("The editorial change that its change note declared is in this version.")
        click.echo(f"Kept for good: {next(iter(kept)).relative_to(file.root).as_posix()}. Commit all of it together.")
    if done.left:
        what = f"changes proposed to version {version}: a draft again" if approves else "in a draft as before"
        click.echo(f"{count_of(done.left, 'amendment')} left in {file.path}, {what}.")


@click.command()
@_slug
@_only
@_drop
def reject(slug: str, only: tuple[str, ...], drop_comments: bool) -> None:
    """Reject the amendments of POLICY: its text is again what it was before them."""
    file = PolicyFile(slug)
    done = file.rejected(only, drop_comments)
    text = done.text if done.left or file.kept is None else file.as_in_force(done.text)
    account = file.account("Rejected", done)
    file.write(text, {})
    _say(account)
    if file.kept and not done.left:
        differences = file.differences(text)
        state = "" if file.status_in(text) == "approved" else "stays a draft: it "
        still = f"{state}still differs from version {file.kept.version}, without marks:"
        click.echo(
            f"{file.path} {still if differences else f'is version {file.kept.version} again, as it was approved.'}"
        )
        _say(differences)
    else:
        click.echo(f"{count_of(done.left, 'amendment')} left in {file.path}.")


@click.command()
@_slug
def mark(slug: str) -> None:
    """Write the marks for what you changed in POLICY since its last approved version.

    Edit the text as if there were no marks; this compares it, clause by clause and word by word, and writes them.
    """
    file = PolicyFile(slug)
    if file.kept is None:
        raise NothingDone([file.nothing_kept()])
    file.refuse_errors(file.text)
    version = file.kept.version
    text = file.guarded(lambda: redline.marked(file.in_force, file.text, file.slug))
    has_marks = split(text)[1] != split(file.in_force)[1] and file.what_if.policy(text).has_marks
    if has_marks and file.status_in(text) == "approved":
        text = file.rewritten(text, {"status": "draft"})
    if text == file.text:
        differences = file.differences(text)
        what = f"but no mark can show that it differs from version {version}:"
        nothing = f": nothing else differs from version {version}."
        click.echo(f"{file.path} needs no other marks{f', {what}' if differences else nothing}")
        _say(differences)
        return
    account = [
        f"Marked what differs from version {version} in {file.path}:",
        *amendment_lines(file.what_if.amendments(text)),
        *note_lines(file.what_if.policy(text).document),
    ]
    file.write(text, {})
    _say(account)
    if file.status_in(text) != file.status_in(file.text):
        click.echo("It is a draft again until its amendments are accepted or rejected.")
    if file.has_editorial_note():
        click.echo(
            "Its change note declares an editorial change, which is marked like any other. To keep such a correction "
            "apart, accept it first as a version of its own, such as 1.1."
        )


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
