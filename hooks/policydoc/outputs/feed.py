"""Turns the policies of the public edition into Atom feeds: each approved version, each proposal, each withdrawal.

An entry says what changed: the note, then the clauses. Its id is for good, and its date is the policy's own; so a
build on another day writes the same feed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .. import clock
from ..clock import in_words
from ..editions.kept_versions import KeptVersion
from ..editions.policy import Policy
from ..editions.version_table import ApprovedVersion
from ..history.dates import CommitDates
from ..model import addresses
from ..settings import Settings
from .version_changes import PlaceChange

MOST = 50  # entries of a feed
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_NO_DAY = date(1970, 1, 1)

Changes = Callable[[KeptVersion], Sequence[PlaceChange] | None]


@dataclass(frozen=True)
class Line:
    """Words that lead somewhere, if they have an address, and what stands behind them."""

    words: str
    address: str = ""
    behind: str = ""


@dataclass(frozen=True)
class Entry:
    """One piece of news: its id, its title and page, its day, what it says in sentences, and below them in a list."""

    id: str
    title: str
    address: str
    day: date
    sentences: tuple[Line, ...] = ()
    items: tuple[Line, ...] = ()


class News:
    """Tells the news of policies; `changes` says what became of places in a version, None where nobody can tell."""

    def __init__(
        self,
        kept: Mapping[str, Sequence[KeptVersion]],
        settings: Settings,
        dates: CommitDates,
        changes: Changes,
    ) -> None:
        self._kept, self._dates, self._changes = kept, dates, changes
        self._site = settings.site_url.rstrip("/") + "/"

    def entries(self, policy: Policy) -> list[Entry]:
        """What there is to tell of a policy, the newest first."""
        versions = [*self._versions(policy)]
        if policy.metadata.status == "withdrawn":
            return _sorted([self._withdrawal(policy), *versions])
        proposal = policy.metadata.status == "draft" and (policy.has_marks or not versions)
        return _sorted([*([self._proposal(policy)] if proposal else []), *versions])

    def _versions(self, policy: Policy) -> Iterator[Entry]:
        kept = {version.version: version for version in self._kept.get(policy.slug, ())}
        before: KeptVersion | None = None
        entries: list[Entry] = []
        for row in reversed(policy.versions):
            now = kept.get(row.version)
            entries.append(self._version(policy, row, now, before))
            before = now or before
        return reversed(entries)

    def _version(
        self, policy: Policy, row: ApprovedVersion, now: KeptVersion | None, before: KeptVersion | None
    ) -> Entry:
        title = now.metadata.title if now else policy.metadata.title
        page = self._page(policy, row.version if now else "")
        path = now.path if now else policy.path
        changes = self._changes(now) if before and now else None
        sentences = [Line(words) for words in _approval(row)]
        sentences += [Line(row.change_note.text)] if row.change_note else []
        items: tuple[Line, ...] = ()
        if changes is not None and now and before:
            items = tuple(self._items(policy, changes, now, before))
            since = f"since version {before.version}"
            heading = f"What has changed {since}:" if items else f"No section or clause has changed {since}."
            sentences.append(Line(heading))
        id_ = self._id(policy, row.version, "approved")
        day = _day(row) or self._dates.of(path, None)
        return Entry(id_, f"{title}, version {row.version}", page, day, tuple(sentences), items)

    def _proposal(self, policy: Policy) -> Entry:
        metadata, base = policy.metadata, policy.base
        what = f"changes to version {base.version} are proposed" if base else "a draft, not yet approved"
        marked = f"{self._page(policy)}?reading=marked#schedule-of-amendments"
        count, places = len(policy.schedule), policy.amendments
        amendments = f"{count} {'amendment' if count == 1 else 'amendments'}"
        said = f" in {places} {'clause' if places == 1 else 'clauses'}" if places else ""
        number = [Line(amendments, marked, f"{said} can be read with the text.")] if count else []
        note = [Line(metadata.change_note.text)] if metadata.change_note else []
        return self._of_today(policy, f"{metadata.title}: {what}", (*note, *number))

    def _withdrawal(self, policy: Policy) -> Entry:
        metadata = policy.metadata
        note = [Line(metadata.change_note.text)] if metadata.change_note else []
        other = metadata.replaced_by
        successor = [Line(policy.successor, f"{self._site}{addresses.page(other)}", " replaces it.")] if other else []
        return self._of_today(policy, f"{metadata.title} is withdrawn", (*note, *successor))

    def _of_today(self, policy: Policy, title: str, sentences: tuple[Line, ...]) -> Entry:
        """What the policy's own text is news of: as old as its file."""
        id_ = self._id(policy, policy.metadata.version, policy.metadata.status)
        return Entry(id_, title, self._page(policy), self._dates.of(policy.path, None), sentences)

    def _page(self, policy: Policy, version: str = "") -> str:
        return f"{self._site}{addresses.page(policy.slug, version)}"

    def _items(
        self, policy: Policy, changes: Sequence[PlaceChange], now: KeptVersion, before: KeptVersion
    ) -> Iterator[Line]:
        """What has happened to each place, then the numbers that have changed and nothing else, in one line."""
        for change in changes:
            if change.words:
                page = self._page(policy, (before if change.is_gone else now).version)
                was = f", {change.before} before" if change.before else ""
                yield Line(_with_capital(change.cited), f"{page}#{change.anchor}", f": {change.words}{was}")
        if renumbered := [f"{change.before} is {change.cited}" for change in changes if not change.words]:
            yield Line(f"Renumbered: {', '.join(renumbered)}")

    def _id(self, policy: Policy, version: str, status: str) -> str:
        """For good: a reader takes what has another id for other news."""
        return f"{self._page(policy)}#version-{version}-{status}"


def feed(entries: Iterable[Entry], settings: Settings, path: str = "feed.xml", title: str = "") -> str:
    """The newest of these entries as a feed; `path` is where it stands on the website, `title` that of its policy."""
    site = settings.site_url.rstrip("/") + "/"
    newest = _sorted(entries)[:MOST]
    page = f"{site}{path.removesuffix('feed.xml')}"
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _add(root, "title", f"{settings.council.name}: {title or 'policies'}")
    _add(root, "id", page)
    ET.SubElement(root, "link", {"rel": "self", "href": f"{site}{path}"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _add(root, "updated", _moment(newest[0].day if newest else _NO_DAY))
    _add(ET.SubElement(root, "author"), "name", settings.council.name)
    _add(root, "rights", f"{settings.licence.name}: {settings.licence.url}")
    for entry in newest:
        _add_entry(root, entry)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_entry(root: ET.Element, entry: Entry) -> None:
    item = ET.SubElement(root, "entry")
    _add(item, "title", entry.title)
    _add(item, "id", entry.id)
    ET.SubElement(item, "link", {"rel": "alternate", "type": "text/html", "href": entry.address})
    _add(item, "published", _moment(entry.day))
    _add(item, "updated", _moment(entry.day))
    content = ET.SubElement(ET.SubElement(item, "content", {"type": "xhtml"}), "div", {"xmlns": _XHTML})
    for sentence in entry.sentences:
        _add_line(ET.SubElement(content, "p"), sentence)
    if entry.items:
        items = ET.SubElement(content, "ul")
        for line in entry.items:
            _add_line(ET.SubElement(items, "li"), line)


def _add(parent: ET.Element, tag: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = text
    return child


def _add_line(parent: ET.Element, line: Line) -> None:
    if line.address:
        link = _add(parent, "a", line.words)
        link.set("href", line.address)
        link.tail = line.behind
    else:
        parent.text = line.words + line.behind


def _with_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _approval(row: ApprovedVersion) -> Iterator[str]:
    """By whom it was adopted, and from when it applies, in a sentence each."""
    if adopted := row.adopted:
        minute = adopted.minute and f"minute {adopted.minute}"
        yield ", ".join(filter(None, (f"Adopted by {adopted.by}", in_words(adopted.on), minute))) + "."
    if row.since:
        yield f"In force from {in_words(row.since)}."


def _day(row: ApprovedVersion) -> date | None:
    """When a version became news: none of a feed's entries is from the future, if it can be helped."""
    days = [day for day in (row.date_published, row.adopted and row.adopted.on, row.effective) if day]
    past = [day for day in days if day <= clock.today()]
    return past[0] if past else min(days, default=None)


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    """The newest first; those of one day in the order in which they are given."""
    return sorted(entries, key=lambda entry: entry.day, reverse=True)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
