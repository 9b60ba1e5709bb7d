"""Turns a policy file's text into that which all may read, and proves it: what is internal is taken out, no more.

What stays is as it was typed. Of an internal place the number stays, with the words that every output has for it. What
comes out is read as any policy is: it must be the document of the external edition, or there is no such text.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ..editions.policy import Policy
from ..editions.references import Destination, targets
from ..editions.withhold import withhold
from ..model.document import Document, Provision, Run, walk
from ..model.outline import NOT_PUBLISHED
from ..model.runs import joined
from ..settings import Settings
from ..source import old_files
from ..source.numbering import Counting
from ..source.parse import Parsed, parsed
from ..source.policy_files import Source
from ..source.signs import FENCE, LINE_END, MARKS
from . import marks
from .blocks import TextBlock, blocks_of, lines_in, split
from .front_matter_text import FrontMatterError
from .marks import Resolution, Span, Unclear
from .proof import path_of
from .public_front_matter import has_remarks, public_front_matter
from .same_words import same_words

# [name]: https://…   and the name's other use, in a link: [words][name]
_DEFINED = re.compile(r"^ *\[([^\]^]+)\]:")
_USED = re.compile(r"\[([^\]^]+)\](?!:)")
_RULE = re.compile(r"^[-*_](?:[ \t]*[-*_]){2,}$")


class _NoSuchText(Exception):
    """What is internal can't be parted from the rest, line from line."""


def with_text(policy: Policy, root: Path, settings: Settings, destinations: Mapping[str, Destination]) -> Policy:
    """The policy, or the kept version, with the text that is published beside it; `root` is the project.

    `destinations` are all policies of the edition: no link leads to what they withhold. A policy that both editions
    share has one text. There is none where what is internal can't be parted from the rest, or the file is no longer the
    one that was read.
    """
    data = (root / policy.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != policy.sha256:
        return policy
    is_whole = policy.edition == "internal" and not policy.shared
    text = data if is_whole else public_text(data, policy.slug, settings.kept_inside, settings.counting, destinations)
    return replace(policy, text=text)


def public_text(
    data: bytes, slug: str, inside: Collection[str], counting: Counting, destinations: Mapping[str, Destination]
) -> bytes | None:
    """What all may read of a public policy's file, or of a kept version's; None where no such text can be made.

    `inside` are the keys of front matter that stay inside. A link to what is withheld, which a version may have, leaves
    its words.
    """
    path = path_of(slug)  # of a version as well: it has been read as that
    text = data.decode("utf-8-sig")
    file = old_files.read(slug, path, text)
    source = file.source
    if source is None or not file.is_whole:  # nobody knows what was meant by what is left out
        return None
    whole = parsed(source, counting)
    is_read = not (whole.unread or whole.errors)
    public = withhold(whole.document)
    closed = _closed(whole.document, public, destinations) if is_read else set()
    public = public.with_runs(lambda some: _unlinked(some, closed)) if closed else public
    hidden = is_read and bool(whole.has_internal or whole.comments or closed)
    if not (hidden or source.remarks or source.metadata.internal_only(inside)):
        return data
    front, body = split(text)
    first = len(LINE_END.findall(front)) + 1
    try:
        front = public_front_matter(front, source.metadata, inside)
        # Below an internal heading, clauses that nobody sees may be counted all the same.
        for is_counted in (False, True) if hidden else (False,):
            withholding = _Withholding(whole.document, public, is_counted, closed)
            done = front + (withholding.text(body, first) if hidden else body)
            if _is_faithful(done, path, source, whole, public, inside, counting):
                return done.encode()
    except (_NoSuchText, Unclear, FrontMatterError):
        pass
    return None


def _closed(full: Document, public: Document, destinations: Mapping[str, Destination]) -> set[str]:
    """The addresses in a public document that name what is withheld, here or in another policy."""
    names, shown = (set(targets(document, document)) for document in (full, public))
    links = {run.link for _, run in public.runs() if run.link and run.link.slug is not None}
    closed = set[str]()
    for link in links:
        other = None if link.slug == full.slug else destinations.get(link.slug or "")
        target = other.names.get(link.name) if other else None
        inside = other and (not other.published or (target and target.withheld))
        if inside or (link.slug == full.slug and link.name in names - shown):
            closed.add(link.address)
    return closed


def _unlinked(some: tuple[Run, ...], addresses: Collection[str]) -> tuple[Run, ...]:
    changed = tuple(replace(run, link=None) if run.link and run.link.address in addresses else run for run in some)
    return some if changed == some else joined(changed)


def _is_faithful(
    done: str, path: str, source: Source, whole: Parsed, public: Document, inside: Collection[str], counting: Counting
) -> bool:
    """Whether the text reads as the public document, and has nothing beside it."""
    file = old_files.read(source.slug, path, done)
    if file.source is None or not file.is_whole or has_remarks(split(done)[0]):
        return False
    if file.source.metadata != source.metadata.public(inside):
        return False
    if whole.unread or whole.errors:
        return file.source.body == source.body
    again = parsed(file.source, counting)
    is_clean = not (again.unread or again.errors or again.comments or again.has_internal)
    return is_clean and same_words(public, again.document)


# text


class _Withholding:
    """A body as all may read it: `full` is its document, `public` that of the external edition.

    `is_counted` says that each clause below a heading that is not published keeps its place, `closed` are the addresses
    of links that leave their words alone.
    """

    def __init__(self, full: Document, public: Document, is_counted: bool, closed: Collection[str]) -> None:
        self._full, self._public = _leaves(full), _leaves(public)
        self._links = [
            re.compile(rf"\[((?:[^\[\]\\]|\\.)*)\]\({re.escape(address)}(?:\s[^()]*)?\)") for address in closed
        ]
        self._places = _by_line(full)
        self._blank = {_id(place): place for place in public.provisions() if place.withheld}
        if is_counted:
            headings = (place for place in full.provisions() if place.is_heading and _id(place) in self._blank)
            self._blank |= {_id(place): place for heading in headings for place in heading.below}
        self._shown = {_id(place) for place in public.provisions()}
        shown = {note.name for note in public.notes}
        self._notes = {note.name for note in full.notes} - shown
        self._written: list[tuple[str, str]] = []  # the text of a block, its line's end and blank lines
        self._box: list[tuple[str, str]] = []  # what begins a box, until it is known whether something in it stays
        self._begun = ""  # what begins a clause whose first words have gone, while others of its own stay
        self._has_dropped = False  # whether the last block has gone

    def text(self, body: str, first: int) -> str:
        """The body, whose first line is line `first` of its file. Raises _NoSuchText and Unclear."""
        after = ""
        for block in blocks_of(body, first):
            self._add(block)
            after = block.after
        if self._begun:
            raise _NoSuchText
        if self._written:
            self._written[-1] = self._written[-1][0], after
        return "".join(text + after for text, after in self._used())

    def _add(self, block: TextBlock) -> None:
        end = block.line + len(lines_in(block.lead + block.text))
        span = [line for line in range(block.line, end) if line in self._full]
        places = self._places[block.line] if block.kind in ("heading", "item") else []
        blank = next((n for n, place in enumerate(places) if _id(place) in self._blank), None)
        if blank is not None:
            # 1. 1.  text      Where the first of both is not published, the second has gone with it.
            lead = block.bare if block.bare and blank == 0 and len(places) > 1 else block.lead
            self._keep(lead + _not_published(self._blank[_id(places[blank])]), block.after)
            self._has_dropped = True
        elif block.is_attributes:
            if self._has_dropped or "internal" in block.text:
                self._drop(block)
            else:
                self._keep(self._begin(block.lead + block.text), block.after)
        elif not span:
            self._beside(block)
        elif not any(line in self._public for line in span):
            self._begun = block.lead if any(_id(place) in self._shown for place in places) else self._begun
            self._drop(block)
        else:
            gone = [line for line in span if line not in self._public]
            words = self._lines_left(block, gone) if gone else block.text
            self._keep(self._begin(block.lead + self._bare(block, words)), block.after)
            self._has_dropped = False

    def _beside(self, block: TextBlock) -> None:
        """What is no block of the document: an address, a rule, blank lines."""
        text = block.text.strip()
        if not text or _DEFINED.match(text) or (_RULE.match(text) and not self._has_dropped):
            self._keep(block.lead + block.text, block.after)
        elif _RULE.match(text):
            self._drop(block)
        elif text.startswith("!!!"):
            self._box = [(block.lead + block.text, block.after)]
        else:
            raise _NoSuchText

    def _begin(self, text: str) -> str:
        """The text, behind what begins its clause where it is the first that is left of that."""
        begun, self._begun = self._begun, ""
        return begun + text.lstrip(" ") if begun else text

    def _keep(self, text: str, after: str) -> None:
        self._written += [*self._box, (text, after)]
        self._box = []

    def _drop(self, block: TextBlock) -> None:
        self._has_dropped, self._box = True, []
        if self._written:
            text, after = self._written[-1]
            if text.strip() and len(block.after) > len(after):
                self._written[-1] = text, block.after

    def _lines_left(self, block: TextBlock, gone: Collection[int]) -> str:
        """The block without rows, terms or quoted paragraphs that have gone, each up to the line of the next."""
        lines, is_gone = [], False
        for number, line in enumerate(lines_in(block.text), block.line):
            is_gone = number in gone if number in self._full else is_gone
            lines += [] if is_gone else [line]
        return "".join(lines).rstrip("\r\n")

    def _bare(self, block: TextBlock, words: str) -> str:
        """The words without comments, and without the signs of notes that are not published."""
        if FENCE.match(block.text.split("\n")[0].rstrip("\r").expandtabs(4)):
            return words
        spans = marks.scan(words) + marks.note_signs(words, self._notes)
        words = marks.resolved(words, spans, _resolution)
        for link in self._links:
            words = link.sub(r"\1", words)
        return words

    def _used(self) -> Iterator[tuple[str, str]]:
        """What is written, without the addresses that nothing refers to."""
        used = {" ".join(m[1].casefold().split()) for text, _ in self._written for m in _USED.finditer(text)}
        for text, after in self._written:
            defined = _DEFINED.match(text)
            if not defined or " ".join(defined[1].casefold().split()) in used:
                yield text, after


def _resolution(span: Span) -> Resolution:
    return "drop" if span.kind == "comment" else "unwrap" if span.kind == "words" else "keep"


def _not_published(place: Provision) -> str:
    """What stands behind the number of a place that is not published: the words, marked as it is, and its kind."""
    words = NOT_PUBLISHED
    if place.own and not place.withheld:  # what its author has called it
        raise _NoSuchText
    if place.status in ("inserted", "deleted"):
        sign = MARKS[place.status]
        words = f"{sign}{words}{sign}"
    signs = [".appendix"] if place.kind == "appendix" else []
    signs += [".numbered"] if place.is_heading and place.level == 2 else []
    if place.own is not None:
        number = place.number or place.previous_number
        signs.append(f"={place.own if number and (number.label or number.citation) else ''}")
    return "".join([words, *(f" {{{sign}}}" for sign in signs)])


def _leaves(document: Document) -> set[int]:
    """The lines in which something with words of its own begins."""
    text = {inner.line for _, block in document.blocks() for inner in walk(block) if inner.runs and inner.line}
    return text | {place.line for place in document.provisions() if place.heading and not place.withheld}


def _by_line(document: Document) -> Mapping[int, list[Provision]]:
    """The places that begin in each line, the outer before the inner."""
    places = defaultdict[int, list[Provision]](list)
    for place in document.provisions():
        places[place.line].append(place)
    return places


def _id(place: Provision) -> tuple[int, int]:
    return place.line, place.level
