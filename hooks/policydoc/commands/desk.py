"""Turns a policy's name into its file on the desk: read, settled, proved, and written when all is known to be well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import archive, council, files, source
from ..alignment import MOVED, likeness
from ..amending import approval, frontmatter
from ..amending.approval import Refused, Settled
from ..archive import Kept
from ..edition import EDITIONS
from ..metadata import Metadata
from ..policy import Policy
from ..problems import Problem, count_of
from ..reading import Reading
from ..schedule import Change
from ..settings import Settings
from ..source import Source
from .project import project, site_settings

T = TypeVar("T")
_LONGEST = 160  # characters of a change in a report


class NothingDone(click.ClickException):
    """The policy is as it was, and why: a line each."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__("\n".join([*lines, "Nothing was changed."]))

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


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
        self.kept = archive.latest(self.folder, self.slug)

    def settled(self, reading: Reading, only: Collection[str], drop_comments: bool) -> Settled:
        comments: Any = "drop" if drop_comments else "refuse"
        return self.guarded(
            lambda: approval.settle(self.text, self.slug, reading, tuple(only), comments, self.settings.close_up)
        )

    def may_be_accepted(self, approves: bool) -> None:
        """Raises NothingDone where words can't become text, or text an approved version."""
        if self.status_in(self.text) == "withdrawn":
            advice = "If it is to be in force again, write status: draft first."
            raise NothingDone([f"{self.path} is withdrawn. {advice}"])
        if self.kept and not approves:
            advice = "Add --version, --published and --review-due."
            what = f"version {self.kept.version} is approved, so these can only become text in a new version"
            raise NothingDone([f"{self.path}: {what}. {advice}"])

    def approved(self, done: Settled, values: dict[str, object | None], version: str) -> tuple[str, dict[Path, bytes]]:
        """The policy's text with these values, and the files that keep the approved version.

        Where amendments are left, the approved version is the text without them, and they propose to change it.
        """
        approved = text = self.rewritten(done.text, values)
        if done.left:
            approved = self.guarded(
                lambda: approval.settle(text, self.slug, "previous", (), "drop", self.settings.close_up)
            ).text
            text = self.rewritten(text, {"status": "draft"})
        try:
            return text, archive.addition(self.folder, self.slug, version, approved.encode())
        except archive.ArchiveError as error:
            raise NothingDone([f"{self.path}: {error}"]) from None

    def as_in_force(self, text: str, kept: Kept) -> str:
        """The text as the approved version that it says the same as; as it is where it says something else."""
        back = kept.text()
        if not self.guarded(lambda: approval.is_same(text, back, self.slug, self.settings.close_up)):
            return text
        meta = self._read(back)
        values = {key: getattr(meta, key) for key in ("version", "status", "date_published", "review_due")}
        return self.rewritten(text, values) if meta else text

    def nothing_kept(self) -> str:
        """Why there is nothing to compare the policy with, and what to do."""
        if self.status_in(self.text) == "approved":
            advice = "Run policy accept with its version and dates, and the text that is in force now."
            return f"{self.path} is approved, but no version of it was ever kept. {advice}"
        advice = "Until it is approved (policy accept), edit it freely, or set marks by hand."
        return f"{self.path} has no approved version to compare it with. {advice}"

    def has_editorial_note(self) -> bool:
        meta = self._read(self.text)
        return bool(meta and meta.change_note and meta.change_note.editorial)

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
        meta = self._read(text)
        return meta.status if meta else ""

    def _read(self, text: str) -> Metadata | None:
        found = source.read(self.slug, self.path, text.encode())[0]
        return found.metadata if found else None

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
        editions = (council.gather(sources, problems, self.folder, each, self.settings) for each in EDITIONS)
        return [problem for found in editions for problem in found.errors]

    def policy(self, text: str) -> Policy:
        sources, _ = self._with(text)
        found = council.gather(sources, [], self.folder, "internal", self.settings)
        return found.published[self.slug].finished(found.destinations)

    def report(self, verb: str, done: Settled) -> None:
        schedule = self.policy(self.text).schedule
        chosen = [(change, words) for change, words in schedule if not done.places or change.id in done.places]
        where = f" in {count_of(len(done.places), 'place')}" if len(done.places) < done.amendments else ""
        click.echo(f"{verb} {count_of(done.amendments, 'amendment')}{where} of {self.path}.")
        for line in told(chosen):
            click.echo(line)
        if done.comments:
            click.echo(f"{count_of(len(done.comments), 'comment')} dropped.")

    def _with(self, text: str) -> tuple[list[Source], list[Problem]]:
        new, problems = source.read(self.slug, self.path, text.encode())
        others = [problem for problem in self.problems if problem.path != self.path]
        sources = [each for each in self.sources if each.slug != self.slug] + ([new] if new else [])
        return sorted(sources, key=lambda each: each.slug), others + problems


def told(schedule: Iterable[tuple[Change, str]]) -> Iterator[str]:
    """The schedule of amendments, a line each; what is deleted in one spot and inserted in another has moved."""
    found = list(schedule)
    moves = _moves([change for change, _ in found if change.whole])
    for change, words in found:
        if change in moves:
            new = moves[change]
            reworded = "" if new.inserted == change.deleted else f", as “{new.inserted}”"
            words = f"move “{change.deleted}” to {new.where}{reworded}"
        elif change in moves.values():
            continue
        yield f"  {change.where}: {_short(words)}"


def _moves(changes: list[Change]) -> dict[Change, Change]:
    """The deletions of whole places, each with the insertion that says the same, or nearly, in another spot."""
    found: dict[Change, Change] = {}
    for old in (change for change in changes if change.deleted):
        free = [new for new in changes if new.inserted and new.kind == old.kind and new not in found.values()]
        best = max(free, key=lambda new: likeness(old.deleted, new.inserted), default=None)
        if best and likeness(old.deleted, best.inserted) >= MOVED:
            found[old] = best
    return found


def _short(words: str) -> str:
    """The change in a line that a screen can hold: the beginning of what is quoted, and its end."""
    if len(words) <= _LONGEST:
        return words
    return f"{words[: _LONGEST // 2].rstrip()} … {words[-_LONGEST // 3 :].lstrip()}"
