"""Turns decisions on amendments into new files: `policy accept`, `policy reject`, `policy mark`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import council, files, record, source
from ..amending import approval, archive, frontmatter, redline
from ..amending.approval import Refused, Settled
from ..amending.blocks import split
from ..policy import Policy
from ..problems import Problem, count_of
from ..reading import Reading
from ..schedule import Change
from ..settings import Settings
from ..source import Source
from .options import day
from .project import project, site_settings

T = TypeVar("T")
_LONGEST = 160  # characters of a change in a report


class NothingDone(click.ClickException):
    """The policy is as it was, and why: a line each."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__("\n".join([*lines, "Nothing was changed."]))

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


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
    desk = Desk(slug)
    given = {"--version": version, "--published": published, "--review-due": review_due}
    approves = any(value is not None for value in (*given.values(), policy_number, note)) or not only
    missing = [name for name, value in given.items() if value is None]
    if approves and missing:
        raise click.UsageError(f"an approved policy needs {', '.join(given)}. Add {' and '.join(missing)}.")
    kept = archive.latest(desk.folder, desk.slug)
    if kept and not approves:
        raise NothingDone(
            [f"{desk.path}: version {kept.version} is approved, so these can only become text in a new version. "
             f"Add {', '.join(given)}."]
        )  # fmt: skip
    done = desk.settled("amended", only, drop_comments)
    text, new = done.text, dict[Path, bytes]()
    if approves:
        values: dict[str, object | None] = {
            "version": version, "status": "approved", "date_published": published, "review_due": review_due,
            "change_note": {"text": note} if note else frontmatter.REMOVE,
        }  # fmt: skip
        text = desk.rewritten(text, values | ({"policy_number": policy_number} if policy_number else {}))
        approved = desk.without_amendments(text) if done.left else text
        text = desk.rewritten(text, {"status": "draft"}) if done.left else text
        try:
            new = archive.addition(desk.folder, desk.slug, version or "", approved.encode())
        except archive.ArchiveError as error:
            raise NothingDone([f"{desk.path}: {error}"]) from None
    desk.write(text, new)
    desk.report("Accepted", done)
    if approves:
        click.echo(
            f"{desk.path} is approved as version {version}, published {record.in_words(published)}, "
            f"review due {record.in_words(review_due)}."
        )
        click.echo(f"Kept for good: {next(iter(new)).relative_to(desk.root).as_posix()}. Commit all of it together.")
    if done.left:
        what = f"changes proposed to version {version}: a draft again" if approves else "in a draft as before"
        click.echo(f"{count_of(done.left, 'amendment')} left in {desk.path}, {what}.")


@click.command()
@_slug
@_only
@_drop
def reject(slug: str, only: tuple[str, ...], drop_comments: bool) -> None:
    """Reject the amendments of POLICY: its text is again what it was before them."""
    desk = Desk(slug)
    done = desk.settled("previous", only, drop_comments)
    text, kept = done.text, archive.latest(desk.folder, desk.slug)
    back = kept.text() if kept else ""
    if back and not done.left and split(back)[1] == split(text)[1]:
        as_approved = desk.rewritten(text, {"status": desk.status_in(back)})
        text = back if as_approved == back else text
    desk.write(text, {})
    desk.report("Rejected", done)
    if text == back and kept:
        click.echo(f"{desk.path} is version {kept.version} again, as it was approved.")
    else:
        click.echo(f"{count_of(done.left, 'amendment')} left in {desk.path}.")


@click.command()
@_slug
def mark(slug: str) -> None:
    """Write the marks for what you changed in POLICY since its last approved version.

    Edit the text as if there were no marks; this compares it, clause by clause and word by word, and writes them.
    """
    desk = Desk(slug)
    kept = archive.latest(desk.folder, desk.slug)
    if kept is None:
        raise NothingDone(
            [f"{desk.path} has no approved version in policy_src/{archive.FOLDER}/{desk.slug}/ to compare it with. "
             "Until it is approved (policy accept), edit it freely, or set marks by hand."]
        )  # fmt: skip
    old = kept.text()
    text = desk.guarded(lambda: redline.marked(old, desk.text, desk.slug))
    has_marks = split(text)[1] != split(old)[1] and desk.policy(text).has_marks
    if has_marks and desk.status_in(text) == "approved":
        text = desk.rewritten(text, {"status": "draft"})
    if text == desk.text:
        click.echo(f"{desk.path} needs no other marks: nothing else differs from version {kept.version}.")
        return
    desk.write(text, {})
    click.echo(f"Marked what differs from version {kept.version} in {desk.path}:")
    for line in _told(desk.policy(text).schedule):
        click.echo(line)
    if desk.status_in(text) != desk.status_in(desk.text):
        click.echo("It is a draft again until its amendments are accepted or rejected.")


def _told(schedule: Iterable[tuple[Change, str]]) -> Iterator[str]:
    """The schedule of amendments, a line each; what is deleted in one spot and inserted in another has moved."""
    found = list(schedule)
    inserted = {change.inserted: change for change, _ in reversed(found) if change.whole and change.inserted}
    moved = {inserted[change.deleted].where for change, _ in found if change.whole and change.deleted in inserted}
    for change, words in found:
        if change.whole and change.deleted in inserted:
            words = f"move “{change.deleted}” to {inserted[change.deleted].where}"
        elif change.whole and change.where in moved and change.inserted:
            continue
        yield f"  {change.where}: {_short(words)}"


def _short(words: str) -> str:
    """The change in a line that a screen can hold: the beginning of what is quoted, and its end."""
    return (
        words if len(words) <= _LONGEST else f"{words[: _LONGEST // 2].rstrip()} … {words[-_LONGEST // 3 :].lstrip()}"
    )


class Desk:
    """One policy's file on its way to being changed: nothing is written before all is known to be well."""

    def __init__(self, name: str) -> None:
        self.root = project()
        self.settings: Settings = site_settings(self.root)
        self.folder = self.root / council.FOLDER
        self.slug = Path(name).name.removesuffix(".md")
        self.path = f"{council.FOLDER}/{self.slug}.md"
        self.file = self.folder / f"{self.slug}.md"
        self.sources, self.problems = source.read_all(self.folder)
        if not any(each.slug == self.slug for each in self.sources):
            wrong = [str(problem) for problem in self.problems if problem.path == self.path]
            near = get_close_matches(self.slug, [each.slug for each in self.sources], 1, 0.4)
            advice = f" Did you mean {near[0]}?" if near else ""
            raise NothingDone(wrong or [f"there is no policy {self.path}.{advice}"])
        self.text = self.file.read_bytes().decode("utf-8")

    def settled(self, reading: Reading, only: Collection[str], drop_comments: bool) -> Settled:
        comments: Any = "drop" if drop_comments else "refuse"
        return self.guarded(
            lambda: approval.settle(self.text, self.slug, reading, tuple(only), comments, self.settings.close_up)
        )

    def without_amendments(self, text: str) -> str:
        """The text with all that is still marked in it rejected."""
        return self.guarded(
            lambda: approval.settle(text, self.slug, "previous", (), "drop", self.settings.close_up)
        ).text

    def guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Refused as error:
            raise NothingDone(error.lines) from None

    def rewritten(self, text: str, values: dict[str, object | None]) -> str:
        try:
            return frontmatter.rewritten(text, values)
        except frontmatter.FrontMatterError as error:
            raise NothingDone([f"{self.path}: {error}"]) from None

    def status_in(self, text: str) -> str:
        found = source.read(self.slug, self.path, text.encode())[0]
        return found.metadata.status if found else ""

    def write(self, text: str, beside: dict[Path, bytes]) -> None:
        """Writes the policy and what belongs to it, unless that would leave an error in any policy of the council."""
        before = set(map(str, self.errors(self.text)))
        new = [str(problem) for problem in self.errors(text) if str(problem) not in before]
        if new:
            raise NothingDone(["This would leave:", *new])
        try:
            files.put_all(beside | {self.file: text.encode()})
        except OSError as error:
            raise NothingDone([f"{self.path}: {error.strerror}. Make policy_src/ a folder you may write to."]) from None

    def errors(self, text: str) -> list[Problem]:
        """All errors of the council's policies, if this were the policy's text."""
        sources, problems = self._with(text)
        found = council.gather(sources, problems, self.folder, "internal", self.settings)
        return found.errors

    def policy(self, text: str) -> Policy:
        sources, _ = self._with(text)
        found = council.gather(sources, [], self.folder, "internal", self.settings)
        return found.published[self.slug].finished(found.destinations)

    def report(self, verb: str, done: Settled) -> None:
        schedule = self.policy(self.text).schedule
        chosen = [(change, words) for change, words in schedule if not done.places or change.id in done.places]
        where = f" in {count_of(len(done.places), 'place')}" if len(done.places) < done.amendments else ""
        click.echo(f"{verb} {count_of(done.amendments, 'amendment')}{where} of {self.path}.")
        for line in _told(chosen):
            click.echo(line)
        if done.comments:
            click.echo(f"{count_of(len(done.comments), 'comment')} dropped.")

    def _with(self, text: str) -> tuple[list[Source], list[Problem]]:
        new, problems = source.read(self.slug, self.path, text.encode())
        others = [problem for problem in self.problems if problem.path != self.path]
        sources = [each for each in self.sources if each.slug != self.slug] + ([new] if new else [])
        return sorted(sources, key=lambda each: each.slug), others + problems
