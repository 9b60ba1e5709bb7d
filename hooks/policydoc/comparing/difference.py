"""Turns two versions of one policy into the difference between them: alterations, numbers, comments, front matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..history.git import Commit
from ..source.front_matter import Metadata
from ..source.policy_files import FOLDER
from .judgement import Alteration, Basis, Renumbered, Standing, judge
from .versions import Version

State = Literal["added", "removed", "renamed", "changed", "unreadable"]


@dataclass(frozen=True)
class Value:
    """A value of the front matter, before and after; None is no value."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Printed:
    """A reference that prints another number now: where it stands, and what it prints."""

    where: str
    line: int
    policy: str
    old: str
    new: str


@dataclass(frozen=True)
class Remark:
    """A reviewer's comment, and where it stands."""

    where: str
    author: str
    text: str


@dataclass(frozen=True)
class Alarm:
    """Something that must not be: the file, if it is not the policy's own, and a sentence that says what to do."""

    words: str
    path: str = ""


@dataclass(frozen=True)
class Difference:
    """What has changed in one policy.

    `was` is the former slug of a renamed one. `editorial` says how changes without marks are declared to be editorial,
    `undeclared` why they count as silent. `added` and `resolved` are comments, `kept` the versions that came into the
    archive. Silent edits, among the alterations, are as alarming as the alarms.
    """

    slug: str
    title: str
    state: State
    was: str = ""
    editorial: str = ""
    undeclared: str = ""
    alterations: tuple[Alteration, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()
    references: tuple[Printed, ...] = ()
    added: tuple[Remark, ...] = ()
    resolved: tuple[Remark, ...] = ()
    metadata: tuple[Value, ...] = ()
    kept: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    def of(self, *bases: Basis) -> list[Alteration]:
        return [alteration for alteration in self.alterations if alteration.basis in bases]

    @property
    def alarming(self) -> bool:
        return bool(self.alarms or self.of("silent"))

    @property
    def follows(self) -> bool:
        """Whether nothing is changed here but numbers of other policies that it prints."""
        return replace(self, references=()) == Difference(self.slug, self.title, "changed")

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.slug}.md"


def difference(
    slugs: tuple[str, str], old: Version | None, new: Version | None, commits: Sequence[Commit],
    archived: bool = False, kept: tuple[str, ...] = (), images: Sequence[str] = (),
) -> Difference:  # fmt: skip
    """What has changed from the old version to the new; None where a revision doesn't have the policy.

    `slugs` are its names then and now, `archived` says whether an approved version of it was kept before, `kept` are
    the versions kept since, `images` the files in it that were replaced by others of the same name.
    """
    was, slug = slugs
    if old and new is None:
        alarm = Alarm("The policy is removed, so its address will be dead. Keep the file, with status: withdrawn.")
        return Difference(slug, old.metadata.title, "removed", kept=kept, alarms=(alarm,))
    if new is None:
        return Difference(slug, slug, "changed", kept=kept)  # only in the archive
    if old is None:
        return Difference(slug, new.metadata.title, "added", metadata=tuple(_values(None, new.metadata)), kept=kept)
    paths = {f"{FOLDER}/{name}" for name in (f"{was}.md", f"{slug}.md", *images)}
    editorial, undeclared = _declared([commit for commit in commits if commit.paths & paths], set(slugs), old, new)
    settled = new.metadata.status == "approved" and _approval(old.metadata) != _approval(new.metadata)
    protected = archived or old.metadata.status != "draft" or old.has_marks
    unmarked: Basis = "editorial" if editorial else "silent" if protected else "free"
    is_public = old.metadata.is_public and new.metadata.is_public
    judgement = judge(old.provisions, new.provisions, Standing(unmarked, settled or bool(kept), is_public))
    replaced = (Alteration(unmarked, "reworded", f"image {image}", 0, note="the file is another") for image in images)
    alterations = (*_sides(old.metadata, new.metadata), *judgement.alterations, *replaced)
    bases = {alteration.basis for alteration in alterations}
    if settled and not undeclared:
        undeclared = (
            "a new version is approved here, but the version compared with doesn't have these changes marked: merge "
            "the marks first, and approve them afterwards"
        )
    return Difference(
        slug=slug,
        title=new.metadata.title,
        state="changed" if was == slug else "renamed",
        was="" if was == slug else was,
        editorial=editorial if "editorial" in bases else "",
        undeclared=undeclared if "silent" in bases else "",
        alterations=alterations,
        renumbered=judgement.renumbered,
        added=_comments(new, old),
        resolved=_comments(old, new),
        metadata=tuple(_values(old.metadata, new.metadata)),
        kept=kept,
    )


def _sides(old: Metadata, new: Metadata) -> Iterator[Alteration]:
    """The external edition that the whole policy enters or leaves."""
    if new.is_public and not old.is_public:
        note = "it enters the external edition, with all that is not {.internal}"
        yield Alteration("visibility", "published", "the whole policy", 0, note=note)
    elif old.is_public and not new.is_public:
        note = "it leaves the external edition, where its address will be dead"
        yield Alteration("visibility", "hidden", "the whole policy", 0, note=note)


def _approval(metadata: Metadata) -> tuple[str, str]:
    return metadata.status, metadata.version


def _declared(touching: Sequence[Commit], slugs: set[str], old: Version, new: Version) -> tuple[str, str]:
    """By what the changes are declared to be editorial, or why that declaration doesn't count; both may be empty."""
    note, before = new.metadata.change_note, old.metadata.change_note
    if note and note.editorial and note != before:
        return "a new change note", ""
    said = [commit for commit in touching if commit.editorial & {*slugs, "yes"}]
    if touching and said == touching:
        ids = ", ".join(commit.id[:9] for commit in said)
        return f"commit{'s' if len(said) > 1 else ''} {ids}", ""
    if said:
        other = next(commit for commit in touching if commit not in said)
        what = f"commit {other.id[:9]} changes" if other.id else "work that is not committed yet changes"
        return "", f"some commits say that they are editorial, but {what} this policy too and doesn't say so"
    if note and note.editorial:
        return "", "the editorial change note is that of an earlier change: write a new one"
    return "", ""


def _comments(here: Version, there: Version) -> tuple[Remark, ...]:
    """The comments of one version that the other doesn't have."""
    others = Counter((comment.author, comment.text) for provision in there.provisions for comment in provision.comments)
    remarks: list[Remark] = []
    for provision in here.provisions:
        for comment in provision.comments:
            others[comment.author, comment.text] -= 1
            if others[comment.author, comment.text] < 0:
                remarks.append(Remark(str(provision), comment.author, comment.text))
    return tuple(remarks)


def _values(old: Metadata | None, new: Metadata) -> Iterator[Value]:
    before, after = _flat(old) if old else {}, _flat(new)
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            yield Value(key, before.get(key), after.get(key))


def _flat(metadata: Metadata) -> dict[str, str | None]:
    """The front matter as an author would say it: `distribution.internal` is `All staff, Members`; no is nothing."""
    flat: dict[str, Any] = {}
    for key, value in metadata.data().items():
        flat |= {f"{key}.{part}": inner for part, inner in value.items()} if isinstance(value, dict) else {key: value}
    return {key: _in_words(value) or None for key, value in flat.items()}


def _in_words(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else value
