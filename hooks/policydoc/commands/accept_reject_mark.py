"""Turns decisions on amendments into new files: `policy accept`, `policy reject`, `policy mark`."""

from __future__ import annotations

import click

from ..amending import redline
from ..amending.blocks import split
from .amendment_lines import amendment_lines
from .amendment_numbers import numbers, refuse_another_text
from .approval import NothingDone, PolicyFile
from .approval_options import Approval, approval_options
from .decide import carry_out, drop_option, paper_option
from .outcome import say, write_accepted, write_rejected

_VERBS = ("Accepted", "Rejected")
_slug = click.argument("slug", metavar="POLICY")
_only = click.option(
    "--only", multiple=True, metavar="CLAUSE|AUTHOR", help="Only these: a clause's number or #name, or who commented."
)
_amendment = click.option(
    "--amendment", multiple=True, metavar="NUMBER", help="Only these of the schedule of amendments: A3, or A3-A5."
)


@click.command()
@_slug
@_only
@_amendment
@approval_options
@paper_option
@drop_option
def accept(
    slug: str,
    only: tuple[str, ...],
    amendment: tuple[str, ...],
    approval: Approval,
    paper: str | None,
    drop_comments: bool,
) -> None:
    """Accept the amendments of POLICY: they become its text, and the text an approved version that is kept.

    With --only or --amendment, the others stay marked, as proposals to change the new version. Without a version as
    well, a policy that has never been approved stays a draft.
    """
    file = PolicyFile(slug)
    refuse_another_text(file, paper)
    if chosen := _numbers(amendment, only):
        carry_out(file, chosen, frozenset(), approval, drop_comments, _VERBS)
        return
    approves = approval.is_asked_for or not only
    if approves:
        approval.refuse_gaps(file)
    file.may_be_accepted(approves)
    if approves and only and not file.accepted(only, drop_comments=True).left:
        only = ()  # nothing else is marked: comments on other words would be approved with them
    done = file.accepted(only, drop_comments)
    write_accepted(file, done, file.account("Accepted", done), approval if approves else None)


@click.command()
@_slug
@_only
@_amendment
@paper_option
@drop_option
def reject(
    slug: str, only: tuple[str, ...], amendment: tuple[str, ...], paper: str | None, drop_comments: bool
) -> None:
    """Reject the amendments of POLICY: its text is again what it was before them."""
    file = PolicyFile(slug)
    refuse_another_text(file, paper)
    if chosen := _numbers(amendment, only):
        carry_out(file, frozenset(), chosen, Approval(), drop_comments, _VERBS)
        return
    done = file.rejected(only, drop_comments)
    write_rejected(file, done, file.account("Rejected", done))


def _numbers(amendment: tuple[str, ...], only: tuple[str, ...]) -> frozenset[int]:
    if amendment and only:
        raise NothingDone(["--amendment and --only are two ways to say which. Use one of them."])
    return numbers("--amendment", amendment)


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
        say(differences)
        return
    account = [
        f"Marked what differs from version {version} in {file.path}:",
        *amendment_lines(file.what_if.amendments(text)),
    ]
    file.write(text, {})
    say(account)
    if file.status_in(text) != file.status_in(file.text):
        click.echo("It is a draft again until its amendments are accepted or rejected.")
    if file.has_editorial_note():
        click.echo(
            "Its change note declares an editorial change, which is marked like any other. To keep such a correction "
            "apart, accept it first as a version of its own, such as 1.1."
        )
