"""One policy's file on its way to being changed: read, resolved, proved, and written when all is known to be well."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import writing
from ..amending import accept_reject, front_matter_text
from ..amending.accept_reject import Resolved
from ..amending.decide import Decided, decide
from ..amending.rewriting import Refused
from ..checking.unmarked import departure, differences
from ..editions.former_names import names_now
from ..history import archive
from ..history.archive import ArchiveError
from ..model.document import Document
from ..problems import count_of
from ..settings import Settings
from ..source import images, policy_files
from ..source.front_matter import Metadata
from ..source.parse import parsed
from ..source.policy_files import FOLDER
from .amendment_lines import amendment_lines, resolved
from .project import project, site_settings
from .what_if import WhatIf

T = TypeVar("T")


# What is new in each approved version, and the option that says it
APPROVAL_OPTIONS = {"version": "--version", "date_published": "--published", "review_due": "--review-due"}

# What a version has of its own in front matter
_OF_A_VERSION = ("version", "status", "date_published", "review_due", "adopted", "effective")


def listed(words: Sequence[str]) -> str:
    """a, b and c"""
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


class NothingDone(click.ClickException):
    """The policy is as it was, and why: a line each."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__("\n".join([*lines, "Nothing was changed."]))

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class PolicyFile:
    """One policy's file, as it is and as it may become; `kept` is its newest approved version, `in_force` that text."""

    def __init__(self, name: str) -> None:
        self.root = project()
        self.settings: Settings = site_settings(self.root)
        self.folder = self.root / FOLDER
        self.slug = Path(name).name.removesuffix(".md")
        self.path = f"{FOLDER}/{self.slug}.md"
        self.file = self.folder / f"{self.slug}.md"
        self.sources, self.problems = policy_files.read_all(self.folder)
        if not any(source.slug == self.slug for source in self.sources):
            wrong = [str(problem) for problem in self.problems if problem.path == self.path]
            near = get_close_matches(self.slug, [source.slug for source in self.sources], 1, 0.4)
            advice = f" Did you mean {near[0]}?" if near else ""
            raise NothingDone(wrong or [f"there is no policy {self.path}.{advice}"])
        if self.file.is_symlink():
            self.file = Path(os.path.realpath(self.file))
            if self.file.parent != Path(os.path.realpath(self.folder)):
                raise NothingDone([f"{self.path} is a link to another folder. Put the policy itself in its place."])
        self.text = self.file.read_bytes().decode("utf-8")
        if wrong := list(map(str, archive.faults_of(self.folder, self.slug))):
            raise NothingDone(wrong)
        self.kept = archive.latest(self.folder, self.slug, names_now(self.sources))
        try:
            self.in_force = self.kept.text_of_today() if self.kept else ""
        except ArchiveError as error:
            raise NothingDone([str(error)]) from None
        self.what_if = WhatIf(self.settings, self.folder, self.slug, self.sources, self.problems)

    def accepted(self, only: Collection[str], drop_comments: bool) -> Resolved:
        return self._resolved(accept_reject.accept, self.text, only, drop_comments)

    def rejected(self, only: Collection[str], drop_comments: bool) -> Resolved:
        return self._resolved(accept_reject.reject, self.text, only, drop_comments)

    def decided(self, carried: Collection[int], lost: Collection[int], drop_comments: bool, approves: bool) -> Decided:
        """The text after a vote. Where it is to be approved and nothing is left, no comment may be left either."""
        done = self.guarded(lambda: decide(self.text, self.slug, carried, lost, drop_comments, self.settings.counting))
        if done.left or not (approves or self.kept):
            return done
        swept = self._resolved(accept_reject.accept, done.text, (), drop_comments)
        return replace(done, text=swept.text, comments=(*done.comments, *swept.comments))

    def document(self) -> Document:
        """The full document of the policy as it is."""
        return parsed(
            next(source for source in self.sources if source.slug == self.slug), self.settings.counting
        ).document

    def _resolved(
        self, resolve: Callable[..., Resolved], text: str, only: Collection[str], drop_comments: bool
    ) -> Resolved:
        comments = "drop" if drop_comments else "refuse"
        return self.guarded(lambda: resolve(text, self.slug, tuple(only), comments, self.settings.counting))

    def may_be_accepted(self, approves: bool) -> None:
        """Raises NothingDone where words can't become text, or text an approved version."""
        if self.status_in(self.text) == "withdrawn":
            advice = "If it is to be in force again, write status: draft first."
            raise NothingDone([f"{self.path} is withdrawn. {advice}"])
        if self.kept and not approves:
            advice = f"Add {listed(self.needed())}."
            what = f"version {self.kept.version} is approved, so these can only become text in a new version"
            raise NothingDone([f"{self.path}: {what}. {advice}"])
        if self.kept and not self.has_editorial_note():
            now, counting = next(source for source in self.sources if source.slug == self.slug), self.settings.counting
            if silent := list(map(str, departure(now, parsed(now, counting), self.kept, counting))):
                raise NothingDone(silent)

    def needed(self) -> list[str]:
        """The options that an approval needs: what the council requires of an approved policy, as far as it is new."""
        keys = [key for key in APPROVAL_OPTIONS if key == "version" or key in self.settings.required_when_approved]
        return [APPROVAL_OPTIONS[key] for key in keys]

    def stale(self, key: str) -> bool:
        """Whether the policy has the value that its last approved version had."""
        then, now = self._read(self.in_force) if self.kept else None, self._read(self.text)
        return bool(then and now and getattr(then, key) == getattr(now, key))

    def metadata(self, text: str) -> Metadata:
        """The front matter of a text that has no errors."""
        metadata = self._read(text)
        assert metadata
        return metadata

    def approved(self, done: Resolved, values: dict[str, object | None], version: str) -> tuple[str, dict[Path, bytes]]:
        """The policy's text with these values, and the files that keep the approved version.

        Where amendments are left, the approved version is the text without them, and they propose to change it. No
        approved version has an error in it, or is the one before under another number.
        """
        approved = text = self.rewritten(done.text, values)
        if done.left:
            approved = self._resolved(accept_reject.reject, text, (), drop_comments=True).text
            text = self.rewritten(text, {"status": "draft"})
        self.refuse_errors(approved)
        if self.kept and not done.amendments and self._is_in_force(approved):
            what = f"has no amendments, and the words and dates of version {self.kept.version}"
            raise NothingDone([f"{self.path} {what}. There is nothing to accept."])
        source = policy_files.read(self.slug, self.path, approved.encode())[0]
        assert source  # it has no errors
        try:
            pictures = images.contents(parsed(source, self.settings.counting).document, self.folder)
            return text, archive.addition(self.folder, self.slug, version, approved.encode(), pictures)
        except ArchiveError as error:
            raise NothingDone([f"{self.path}: {error}"]) from None
        except OSError as error:
            raise self._not_written(error) from None

    def as_in_force(self, text: str) -> str:
        """The text as the approved version that it says the same as; as it is where it says something else."""
        meta = self._read(self.in_force)
        now = self._read(text)
        if self.differences(text) or not meta or not now:
            return text
        keys = [key for key in _OF_A_VERSION if getattr(meta, key) != getattr(now, key)]
        then = meta.model_dump(include=set(keys), exclude_none=True)
        values: dict[str, object | None] = {key: then.get(key) for key in keys}
        if now.change_note != meta.change_note:  # of the version that is not to come
            note = meta.change_note and meta.change_note.model_dump(exclude_defaults=True)
            values["change_note"] = note or front_matter_text.REMOVE
        return self.rewritten(text, values)

    def differences(self, text: str) -> list[str]:
        """In what the text is not the newest approved version, whatever its dates: a line each, or none."""
        source = policy_files.read(self.slug, self.path, text.encode())[0]
        if source is None or self.kept is None:
            return []
        counting = self.settings.counting
        return list(map(str, differences(source, parsed(source, counting), self.kept, counting)))

    def _is_in_force(self, text: str) -> bool:
        """Whether the text says what the approved version does, from and to the same days."""
        then, now = self._read(self.in_force), self._read(text)
        dates = [meta and (meta.date_published, meta.review_due) for meta in (then, now)]
        return dates[0] == dates[1] and not self.differences(text)

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
            return front_matter_text.rewritten(text, values)
        except front_matter_text.FrontMatterError as error:
            raise NothingDone([f"{self.path}: {error}"]) from None

    def status_in(self, text: str) -> str:
        meta = self._read(text)
        return meta.status if meta else ""

    def _read(self, text: str) -> Metadata | None:
        source = policy_files.read(self.slug, self.path, text.encode())[0]
        return source.metadata if source else None

    def write(self, text: str, beside: dict[Path, bytes]) -> None:
        """Writes the policy and what belongs to it, unless that would leave an error in any policy of the council."""
        before = {(problem.path, problem.text) for problem in self.what_if.errors(self.text)}  # their lines may move
        new = [problem for problem in self.what_if.errors(text) if (problem.path, problem.text) not in before]
        if new:
            raise NothingDone(["This would leave:", *map(str, new)])
        try:
            writing.put_all(beside | {self.file: text.encode()})
        except OSError as error:
            raise self._not_written(error) from None

    def _not_written(self, error: OSError) -> NothingDone:
        return NothingDone([f"{self.path}: {error.strerror}. Make policy_src/ a folder you may write to."])

    def refuse_errors(self, text: str) -> None:
        """Raises NothingDone if this text of the policy has errors; those that are there now, at their lines."""
        here, there = (
            [problem for problem in self.what_if.errors(version) if problem.path == self.path]
            for version in (self.text, text)
        )
        wrong = [str(problem) for problem in here if problem.text in {other.text for other in there}]
        new = [str(problem) for problem in there if problem.text not in {other.text for other in here}]
        if wrong or new:
            raise NothingDone([*wrong, *(["This would be approved:", *new] if new else [])])

    def account(self, verb: str, done: Resolved) -> list[str]:
        """What was done, a line each: to be made before anything is written, and shown after."""
        lines = [f"{verb} nothing: {self.path} has no amendments."]
        if done.amendments:
            after = self.what_if.amendments(done.text) if done.left else []
            chosen = list(resolved(self.what_if.amendments(self.text), after, done.places if done.left else ()))
            lines = [f"{verb} {count_of(len(chosen) or done.amendments, 'amendment')} of {self.path}."]
            lines += amendment_lines(chosen)
        return lines + ([f"{count_of(len(done.comments), 'comment')} dropped."] if done.comments else [])
