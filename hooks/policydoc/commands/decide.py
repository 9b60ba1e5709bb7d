"""Turns the outcome of a vote into a new file: `policy decide`, and `--amendment` of `policy accept` and `reject`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from ..amending.decide import Decided, named
from ..problems import count_of
from .amendment_lines import amendment_lines
from .amendment_numbers import numbers, refuse_another_text
from .approval import NothingDone, PolicyFile
from .approval_options import Approval, approval_options
from .outcome import write_accepted, write_rejected

paper_option = click.option(
    "--paper", metavar="HASH", help="Only if the amendments are still those of this text, as the schedule prints it."
)
drop_option = click.option("--drop-comments", is_flag=True, help="Comments on what is settled may go.")


@click.command()
@click.argument("slug", metavar="POLICY")
@click.option("--carried", multiple=True, metavar="LIST", help="What was carried, such as A1-A4,A7.")
@click.option("--lost", multiple=True, metavar="LIST", help="What was lost, such as A5,A6.")
@approval_options
@paper_option
@drop_option
def decide(
    slug: str,
    carried: Sequence[str],
    lost: Sequence[str],
    approval: Approval,
    paper: str | None,
    drop_comments: bool,
) -> None:
    """Carry out a vote on the amendments of POLICY: what was carried becomes its text, what was lost goes.

    They are numbered as its schedule of amendments numbers them. What is in neither list stays marked. With a version,
    the text becomes an approved version that is kept, as with `policy accept`.
    """
    file = PolicyFile(slug)
    refuse_another_text(file, paper)
    if not carried and not lost:
        raise NothingDone(["nothing was decided. Add --carried A1-A4,A7 or --lost A5,A6, or both."])
    carry_out(file, numbers("--carried", carried), numbers("--lost", lost), approval, drop_comments)


def carry_out(
    file: PolicyFile,
    carried: frozenset[int],
    lost: frozenset[int],
    approval: Approval,
    drop_comments: bool,
    verbs: tuple[str, str] = ("Carried", "Lost"),
) -> None:
    """Writes the policy after the vote, and says what was done. Raises NothingDone."""
    approves = approval.is_asked_for
    if approves:
        approval.refuse_gaps(file)
    if approves or carried:
        file.may_be_accepted(approves)
    done = file.decided(carried, lost, drop_comments, approves)
    account = list(_account(file, done, carried | lost, verbs))
    if approves or done.carried:
        write_accepted(file, done, account, approval if approves else None)
    else:
        write_rejected(file, done, account)


def _account(file: PolicyFile, done: Decided, typed: frozenset[int], verbs: tuple[str, str]) -> Iterator[str]:
    """What was done, a line for each amendment."""
    amendments = file.what_if.amendments(file.text)
    for verb, some in zip(verbs, (done.carried, done.lost), strict=True):
        if some:
            yield f"{verb} {count_of(len(some), 'amendment')} of {file.path}:"
        for number in sorted(some):  # one at a time, so that both ends of a move are told
            yield from amendment_lines([amendments[number - 1]])
    for move in sorted(map(sorted, done.moves)):
        if not typed.issuperset(move):
            yield f"{named(move)} are the two ends of one move: they go together."
    if done.comments:
        yield f"{count_of(len(done.comments), 'comment')} dropped."
