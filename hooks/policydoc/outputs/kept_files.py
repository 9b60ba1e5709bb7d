"""Turns the kept versions of a policy into the files that an edition publishes of them, through a cache.

Whatever can change a byte of them is in the name of their entry, but for what depends on the day (since when a version
is in force, and what follows it): that is put in where STANDING is, when the files are written.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from ..cache import Cache, digest
from ..editions.kept_versions import KeptVersion
from ..editions.policy import Policy
from ..editions.references import Destination
from ..history import archive
from ..history.dates import CommitDates
from ..history.kept_pictures import kept_pictures
from ..model import addresses
from ..model.lineage import Step, step
from ..model.settled import rejected
from ..settings import Settings
from ..source import images
from ..source.policy_files import FOLDER
from . import clause_history, comparison_page, data, page_check, policy_page, register, version_changes
from .as_in_force import PlaceInForce, places_in_force
from .comparison import Comparison, Text, pairs, texts
from .html import article
from .pdf import Press, jobs
from .version_changes import PlaceChange

STANDING = "<!--standing-->"


class Render(Protocol):
    """Makes a page of a template: its address below the edition, its title, what it prints."""

    def __call__(self, template: str, address: str, title: str, /, **context: Any) -> str: ...


@dataclass(frozen=True)
class KeptFiles:
    """The files of a policy's kept versions, by their paths below the edition, and what other pages say of them.

    `pages` are HTML, `records` JSON and the texts as approved, `pdfs` the names of entries of the press. `pictures` are
    shown in them, as paths below policy_src/. `unchanged` are the versions that say what the policy says before its
    amendments, each with its places. `changes` is what became of places in each version, and `changed` counts them,
    where anybody can tell. `compared` are the pages that compare two texts, with the files of these, `follows` how the
    policy's own page links to the one that compares a version with that before it. `histories` say what happened to the
    policy's own clauses, by their anchors before its amendments.
    """

    pages: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    pdfs: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    unchanged: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    compared: dict[str, list[str]] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    histories: dict[str, str] = field(default_factory=dict)

    def places(self, version: str) -> Mapping[str, PlaceInForce] | None:
        """The places of a version by the policy's anchors for them; None where the policy says something else."""
        known = self.unchanged.get(version)
        return {anchor: PlaceInForce(**place) for anchor, place in known.items()} if known is not None else None

    def place_changes(self, version: str) -> Sequence[PlaceChange] | None:
        """What became of places in a version; None where nobody can tell."""
        known = self.changes.get(version)
        return [PlaceChange(**change) for change in known] if known is not None else None


@dataclass(frozen=True)
class Shelf:
    """Makes the files of kept versions, and keeps them in `cache`.

    `base` is the hash of what all of them are made from: the program, its templates, the settings. `render` makes a
    page, `security` is the policy that it must keep to: `faults` says which doesn't. `with_text` gives a version
    the text that is published beside it. `destinations` and `kept` are all
    policies of the edition, and all kept versions that it shows. Without a `press` there are no PDFs.
    """

    root: Path
    site: Path
    base: bytes
    settings: Settings
    dates: CommitDates
    destinations: Mapping[str, Destination]
    kept: Mapping[str, Sequence[KeptVersion]]
    press: Press | None
    cache: Cache
    render: Render
    security: str
    progress: Callable[[], None]
    with_text: Callable[[Policy], Policy]
    faults: dict[str, str] = field(default_factory=dict)

    def files(self, policy: Policy) -> KeptFiles:
        """The files of this policy's versions; their PDFs are in their place."""
        first = self._first_key(policy)
        with self.cache.entry(first) as entry:
            noted = entry.read()
        if noted and (files := self._from_cache(self._key(first, *json.loads(noted)))):
            for _ in self.kept[policy.slug]:
                self.progress()
            return files
        files = self._made(policy)
        refers_to = sorted({slug for version in self.kept[policy.slug] for slug in version.refers_to}
                           | {reference.slug for reference in policy.references})  # fmt: skip
        pictures = [*files.pictures, *policy.images, *(
            picture for version in self.kept[policy.slug] for picture in version.pictures_of_today
        )]  # fmt: skip
        if not self.faults:
            with self.cache.entry(first) as entry:
                entry.write(json.dumps([refers_to, pictures]).encode())
            with self.cache.entry(self._key(first, refers_to, pictures)) as entry:
                entry.write(zlib.compress(json.dumps(asdict(files)).encode(), 1))
        for version in self.kept[policy.slug]:
            version.forget()
        return files

    # the cache

    def _first_key(self, policy: Policy) -> str:
        """The hash of what the policy's own files say; what they refer to is known once they have been read."""
        sums = self.root / FOLDER / archive.FOLDER / policy.slug / archive.SUMS
        undated = [version for version in policy.versions if not version.since]
        days = [str(self.dates.of(version.path, None)) for version in self.kept[policy.slug] if version.row in undated]
        words = (policy.edition, policy.slug, policy.sha256, repr(policy.versions), *days)
        shown = [version.sha256 for version in self.kept[policy.slug]]
        pictures = kept_pictures(self.root / FOLDER, policy.slug).state()
        return digest(self.base, *map(str.encode, [*words, *shown]), sums.read_bytes(), pictures).hex()

    def _key(self, first: str, refers_to: Sequence[str], pictures: Sequence[str]) -> str:
        parts = [first.encode(), *(repr(self._state(slug)).encode() for slug in refers_to)]
        for picture in pictures:
            file = self.root / FOLDER / picture
            parts.append(b"" if images.fault(self.root / FOLDER, picture) else file.read_bytes())
        return digest(*parts).hex()

    def _state(self, slug: str) -> tuple[object, ...]:
        """What a reference to a policy, or to a version of it, depends on: also on who has had that name."""
        now = self._names_now.get(slug, slug)
        versions = [(version.row, version.sha256) for version in self.kept.get(now, ())]
        return now, self.destinations.get(now), versions

    @cached_property
    def _names_now(self) -> dict[str, str]:
        return {name: slug for slug, known in self.destinations.items() for name in known.former_names}

    def _from_cache(self, key: str) -> KeptFiles | None:
        with self.cache.entry(key) as entry:
            packed = entry.read()
        files = packed and KeptFiles(**json.loads(zlib.decompress(packed)))
        if files and self.press:
            is_whole = all([self.press.again(name, self.site / path) for path, name in files.pdfs.items()])
            return files if is_whole else None
        return files or None

    # what is in it

    def _made(self, policy: Policy) -> KeptFiles:
        files, kept = KeptFiles(), self.kept[policy.slug]
        # A picture that is the kept one is no other.
        now = replace(policy, document=kept_pictures(self.root / FOLDER, policy.slug).in_place(policy.document))
        texts = {version.version: self.with_text(version.policy) for version in kept}
        printed = self._printed(list(texts.values()))
        histories, newest = self._compared(now, files)
        for version in reversed(kept):
            own = texts[version.version]
            target = addresses.pdf(policy.slug, version=version.version)
            if self.site / target in printed:
                files.pdfs[target] = printed[self.site / target]
            known = histories.get(version.version)
            later = newest if newest and newest.name != version.version and known is not None else None
            page = self._page(own, known or {}, later, files.follows.get(version.version, ""))
            files.pages[addresses.page(policy.slug, version.version)] = page
            files.records[addresses.data(policy.slug, version.version)] = data.as_text(own)
            if own.text is not None:
                files.records[addresses.text(policy.slug, version.version)] = own.text.decode()
            files.pictures.extend(own.images)
            places = places_in_force(now, version)
            if places is not None:
                files.unchanged[version.version] = {anchor: asdict(place) for anchor, place in places.items()}
        return files

    def _compared(self, policy: Policy, files: KeptFiles) -> tuple[dict[str, dict[str, str]], Text | None]:
        """Adds the pages that compare texts of the policy.

        Gives what happened to the clauses of each version, and the newest approved text.
        """
        some = texts(policy, self.kept[policy.slug])
        all_pairs = pairs(some)
        steps: list[Step] = []
        for before, after in all_pairs:
            comparison = Comparison(before, after)
            address, title = (
                addresses.comparison(policy.slug, before.name, after.name),
                comparison_page.title(comparison),
            )
            page = self.render(
                "compare.html", address, title, **comparison_page.context(comparison, all_pairs),
                description=comparison_page.description(comparison),
                headings=policy_page.headings(comparison.policy),
            )  # fmt: skip
            self._judge(page, address)
            files.pages[address], files.compared[address] = page, [before.policy.path, after.policy.path]
            follows = not steps or steps[-1].after == before.name
            if follows:
                files.follows[after.name] = addresses.beside_comparison(before.name, after.name)
            if follows and after.name != addresses.DRAFT:
                steps.append(comparison.step)
                if some.index(after) - some.index(before) == 1:
                    files.changed[after.name] = comparison.policy.amendments
                    files.changes[after.name] = list(map(asdict, version_changes.changes(comparison.step)))
        newest = next((text for text in some if steps and text.name == steps[-1].after), None)
        if newest is None:
            return {}, None
        names = [row.version for row in reversed(policy.versions)]
        over = {step.after for step in steps if (step.before, step.after) not in pairwise(names)}
        files.histories.update(_of_own_text(policy, newest, clause_history.of_newest(steps, over)))
        return clause_history.of_versions(steps, newest.page, over=over), newest

    def _printed(self, versions: Sequence[Policy]) -> Mapping[Path, str]:
        """Makes their PDFs. What can't be printed today keeps no policy from being published: its page says so."""
        if not self.press:
            return {}
        self.press.make(jobs(versions, self.settings, self.dates, self.site), self.progress)
        return self.press.names

    def _page(self, policy: Policy, histories: Mapping[str, str], later: Text | None, changes: str) -> str:
        """The page of a version; `later` is the newest approved text, if it is another.

        `changes` is how the policy's own page links to the one that says what the version changed, empty if none does.
        """
        address, title = addresses.page(policy.slug, policy.kept), f"{policy.metadata.title}, version {policy.kept}"
        context = policy_page.about(policy, self.settings, self.dates)
        page = self.render(
            "version.html", address, title, **context,
            article=article(policy.document, version=policy.kept, histories=histories),
            description=register.description(policy),
            headings=policy_page.headings(policy),
            standing=STANDING,
            later=later,
            changes=changes,
            sizes={"pdf": register.size(self.site / addresses.pdf(policy.slug, version=policy.kept))},
        )  # fmt: skip
        self._judge(page, address)
        return page

    def _judge(self, page: str, address: str) -> None:
        for fault in page_check.faults(page, self.security):
            self.faults.setdefault(fault, address)


def _of_own_text(policy: Policy, newest: Text, histories: Mapping[str, str]) -> dict[str, str]:
    """Histories of the newest approved text by the anchors that the policy's own text has before its amendments."""
    own = step((newest.name, newest.policy.document), (addresses.DRAFT, rejected(policy.document)))
    places = ((fate.old, fate.new) for fate in own.fates if "deleted" not in fate.deeds)
    return {new.anchor: histories[old.anchor] for old, new in places if old and new and old.anchor in histories}
