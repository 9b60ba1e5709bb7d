"""Turns two revisions of policy_src/ into what has changed between them, policy by policy, as plain data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..history.archive import SUMS
from ..history.git import Commit, Revision
from ..model.moves import MOVED, likeness
from ..problems import count_of
from ..settings import Settings
from ..source.policy_files import FOLDER
from .difference import Alarm, Difference, Printed, difference
from .versions import Reader, Text, Unreadable, Version, Versions

# policy_src/archive/dogs/v2.md
_ARCHIVED = re.compile(rf"^{FOLDER}/archive/([^/]+)/v?([^/]+)\.md$")
# policy_src/archive/dogs/v2.md   …/v2.pictures   …/images/9f86….png: what never changes
_FOR_GOOD = re.compile(rf"^{FOLDER}/archive/([^/]+)/(?:v?[^/]+\.(?:md|pictures)|images/[^/]+)$")
# policy_src/archive/dogs/SHA256SUMS
_HASHES = re.compile(rf"^{FOLDER}/archive/([^/]+)/{SUMS}$")
# data-protection.md#retention   #retention
_REFERENCE = re.compile(rb"([a-z0-9-]+\.md)?#([a-z0-9-]+)")
_CHANGE = ("kind", "deleted", "inserted", "after")


@dataclass(frozen=True)
class Comparison:
    """All that has changed since `base`, by policy: first those with alarms, last those that only follow others."""

    base: str
    head: str
    policies: tuple[Difference, ...]

    @property
    def alarming(self) -> bool:
        return any(policy.alarming for policy in self.policies)

    def data(self) -> dict[str, Any]:
        """The comparison as JSON values, under the names of the fields of Difference, Alteration and so on.

        Of a change in words there is its kind, what is deleted, what is inserted, and after which words.
        """
        policies = [{**asdict(policy), "alarming": policy.alarming} for policy in self.policies]
        for policy in policies:
            for alteration in policy["alterations"]:
                for key in ("changes", "before"):
                    alteration[key] = [{name: change[name] for name in _CHANGE} for change in alteration[key]]
            policy["renumbered"] = [(number["old"], number["new"]) for number in policy["renumbered"]]
        return {"base": self.base, "head": self.head, "alarming": self.alarming, "policies": policies}


def compare(base: Revision, head: Revision, settings: Settings, commits: Sequence[Commit]) -> Comparison:
    """What lies between two revisions; `commits` are those between them, which may declare changes to be editorial."""
    paths = [path for path in sorted({*base.files, *head.files}) if base.files.get(path) != head.files.get(path)]
    before = base.texts([path for path in paths if path in base.files])
    after = head.texts([path for path in paths if path in head.files])
    # A checkout may have other ends of lines than Git keeps
    paths = [path for path in paths if _lines(before.get(path)) != _lines(after.get(path))]
    if not paths:
        return Comparison(base.name, head.name, ())
    reader = Reader(settings)
    old, new = Versions(reader, base, before, head), Versions(reader, head, after, head)
    differences = _Branch(old, new, paths, commits).differences()
    policies = [policy for policy in differences if policy != Difference(policy.slug, policy.title, "changed")]
    policies.sort(key=lambda policy: (not policy.alarming, policy.follows, policy.title.casefold(), policy.slug))
    return Comparison(base.name, head.name, tuple(policies))


def _lines(text: bytes | None) -> bytes | None:
    return text.replace(b"\r\n", b"\n") if text else text


def _is_image(path: str) -> bool:
    return not path.endswith(".md") and not path.startswith(f"{FOLDER}/archive/")


@dataclass(frozen=True)
class _Branch:
    """Two revisions, the paths of the files that differ, and the commits between."""

    old: Versions
    new: Versions
    paths: list[str]
    commits: Sequence[Commit]

    def differences(self) -> list[Difference]:
        """One for each policy that is changed, or prints something else because another is."""
        slugs = {path.removeprefix(f"{FOLDER}/").removesuffix(".md") for path in self.paths if path.endswith(".md")}
        slugs &= self.old.slugs | self.new.slugs
        renamed = self._renamed(slugs)
        self.old.names_now = renamed
        before = {come: gone for gone, come in renamed.items()}
        kept, alarms, images = self._kept(before), self._archive_alarms(renamed), self._images_replaced()
        changed: dict[str, Difference] = {}
        for slug in sorted((slugs | kept.keys() | alarms.keys() | images.keys()) - renamed.keys()):
            one = self._difference(before.get(slug, slug), slug, tuple(kept[slug]), images[slug])
            changed[slug] = replace(one, alarms=(*one.alarms, *alarms[slug]))
        for slug, references in self._references(slugs).items():
            one = changed.get(slug) or Difference(slug, self._title(slug), "changed")
            changed[slug] = replace(one, references=tuple(references))
        return list(changed.values())

    def _difference(self, was: str, slug: str, kept: tuple[str, ...], images: list[str]) -> Difference:
        versions: list[Version | None] = []
        for side, name in ((self.old, was), (self.new, slug)):
            try:
                versions.append(side.version(name))
            except Unreadable as error:
                errors = count_of(error.errors, "error")
                words = (
                    f"The policy can't be read ({errors}), so nothing is compared. Run policy check and correct it."
                    if side is self.new
                    else f"The version compared with can't be read ({errors}): nobody can say what has changed."
                )
                return Difference(slug, self._title(slug), "unreadable", kept=kept, alarms=(Alarm(words),))
        archived = any(path.startswith(f"{FOLDER}/archive/{was}/") for path in self.old.revision.files)
        return difference((was, slug), versions[0], versions[1], self.commits, archived, kept, images)

    def _title(self, slug: str) -> str:
        known = self.new.text(slug) or self.old.text(slug)
        return known.source.metadata.title if known and not known.source.faulty else slug

    def _renamed(self, slugs: set[str]) -> dict[str, str]:
        """The new names of policies: as their front matter says, or as only their text tells from removed ones."""
        come = slugs - self.old.slugs
        left = slugs - self.new.slugs
        renamed: dict[str, str] = {}
        for slug in sorted(come):
            text = self.new.text(slug)
            for gone in left.intersection(text.source.metadata.former_names if text else ()) - renamed.keys():
                renamed[gone] = slug
        come -= set(renamed.values())
        for gone in sorted(left - renamed.keys()):
            like = {slug: likeness(_words(self.old, gone), _words(self.new, slug)) for slug in sorted(come)}
            best = max(like, key=lambda slug: like[slug], default=None)
            if best and like[best] >= MOVED:
                renamed[gone] = best
                come.remove(best)
        return renamed

    def _kept(self, before: Mapping[str, str]) -> dict[str, list[str]]:
        """The versions that came into the archive; `before` are the former names of policies that have others now."""
        kept = defaultdict[str, list[str]](list)
        for path in self.paths:
            archived = _ARCHIVED.match(path)
            slug = archived[1] if archived else ""
            was = path.replace(f"/{slug}/", f"/{before.get(slug, slug)}/")
            if archived and was not in self.old.revision.files:
                kept[archived[1]].append(archived[2])
        return kept

    def _archive_alarms(self, renamed: Mapping[str, str]) -> dict[str, list[Alarm]]:
        alarms = defaultdict[str, list[Alarm]](list)
        before, after = self.old.revision.files, self.new.revision.files
        for path in self.paths:
            archived = _FOR_GOOD.match(path)
            if not archived or path not in before:
                continue
            slug = renamed.get(archived[1], archived[1])
            what = "changed" if path in after else "removed"
            if what == "changed" or after.get(path.replace(f"/{archived[1]}/", f"/{slug}/")) != before[path]:
                called = "archived version" if path.endswith(".md") else "part of an archived version"
                words = f"This {called} is {what}, and archived versions never change. Put it back."
                alarms[slug].append(Alarm(words, path))
        for path in self.paths:
            hashes = _HASHES.match(path)
            if hashes and path in before:
                slug = renamed.get(hashes[1], hashes[1])
                there = path.replace(f"/{hashes[1]}/", f"/{slug}/")
                now = self.new.revision.texts([there])[there] if there in after else b""
                if not set(self.old.revision.texts([path])[path].splitlines()) <= set(now.splitlines()):
                    words = (
                        "The hash of an archived version is changed or removed, and hashes are only added. Put it back."
                    )
                    alarms[slug].append(Alarm(words, path))
        return alarms

    def _images_replaced(self) -> dict[str, list[str]]:
        """Images by policy whose files are others now, though no word of a policy says so."""
        images = defaultdict[str, list[str]](list)
        both = self.old.revision.files.keys() & self.new.revision.files.keys()
        files = [path.removeprefix(f"{FOLDER}/") for path in self.paths if path in both and _is_image(path)]
        for slug, text in self.new.all_data().items() if files else ():
            named = [file for file in files if file.encode() in text]
            if named and (read := self.new.text(slug)) and (replaced := [f for f in named if f in read.images]):
                images[slug] = replaced
        return images

    def _references(self, slugs: set[str]) -> dict[str, list[Printed]]:
        """The references that print another number, by the policy that they stand in."""
        numbers = self._numbers(slugs)
        references: dict[str, list[Printed]] = {}
        for slug, text in self.new.all_data().items() if numbers else ():
            addresses = {(file[:-3].decode() or slug, name.decode()) for file, name in _REFERENCE.findall(text)}
            if addresses & numbers.keys():
                stood = {place for place, _, _ in _printing(self.old.text(slug))}
                printed = [
                    Printed(where, line, place[0], *numbers[place])
                    for place, where, line in _printing(self.new.text(slug))
                    if place in stood & numbers.keys()
                ]
                references |= {slug: list(dict.fromkeys(printed))} if printed else {}
        return references

    def _numbers(self, slugs: set[str]) -> dict[tuple[str, str], tuple[str, str]]:
        """Old and new number of the named places of these policies, where they differ."""
        numbers: dict[tuple[str, str], tuple[str, str]] = {}
        for slug in slugs & self.old.slugs & self.new.slugs:
            before, after = (
                read.destination.names if read else {} for read in (self.old.text(slug), self.new.text(slug))
            )
            for name in before.keys() & after.keys():
                was, now = before[name], after[name]
                if was.number and now.number and was.number != now.number:
                    numbers[slug, name] = (f"{was.word} {was.number}", f"{now.word} {now.number}")
        return numbers


def _printing(text: Text | None) -> Iterator[tuple[tuple[str, str], str, int]]:
    """The references of a policy that print a number: the place by policy and name, where they stand, and the line."""
    for place, link in text.citations if text else ():
        yield (link.slug or "", link.name), str(place or "unnumbered text"), link.line


def _words(versions: Versions, slug: str) -> str:
    text = versions.text(slug)
    return " ".join(text.source.body) if text else ""
