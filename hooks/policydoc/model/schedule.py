"""The schedule of amendments: every change that the marks of a document propose, as an instruction to a clerk.

Places, words and their order are those of the text in force, whatever becomes of other amendments; what comes to stand
in one spot stands there in the order of the amendments' numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .amendments import MarkedText, marked_texts, numbered
from .change import Change, Deed
from .document import Block, Citation, Document, Mark, Part, Provision, Reading, provisions, walk
from .in_force import InForce
from .instructions import rewording
from .looks import new_look
from .missing import with_missing
from .outline import NOT_PUBLISHED
from .quoted_text import NOUNS, unglued
from .quoting import Quote, Words, join, ordinal

__all__ = ["NOTES", "Change", "Deed", "changes", "own_words"]

OPENING, NOTES = "opening words", "footnotes"  # where a change is that is in no place
MOST_TOLD = 100  # blocks of one kind in a place that are told by their ordinals in `own_words`
WITH: dict[Mark, Reading] = {"deleted": "previous", "inserted": "amended"}  # the reading that has the words of a mark


def changes(document: Document, unpublished: Sequence[tuple[int, str]] = ()) -> list[Change]:
    """All changes in the order of their numbers; references quoted by their numbers.

    `unpublished` are the numbers of amendments that the document doesn't show, each with the anchor of the place that
    has them: empty before the first section, NOTES in the footnotes.
    """
    marked = [run for _, run in document.runs() if run.mark]
    if not marked and not unpublished:
        return []
    if not any(run.amendment for run in marked):
        document = numbered(document)
    schedule = _Schedule(with_missing(document))
    return sorted([*schedule.changes(), *schedule.unpublished(unpublished)], key=lambda change: change.number)


def own_words() -> Iterator[str]:
    """What instructions say of blocks, the words that they quote left out: for whoever asks what is no policy's own."""
    for noun in dict.fromkeys(NOUNS.values()):
        for which in ("", *(f"{ordinal(count)} " for count in range(1, MOST_TOLD))):
            yield f"in the {which}{noun}, after the {which}{noun} insert the {noun}, delete the {which}{noun}, "


class _Schedule:
    """The changes of one document, beside what that says in force."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._in_force = InForce(document)
        self._quoted = self._in_force.quoted
        self._above = {id(inner): place for place in document.provisions() for inner in place.below}
        self._texts = list(marked_texts(self._document))
        # The amendments of the places that come, by the identity of these
        self._coming = {
            id(text.place): text.number for text in self._texts if text.is_place and text.mark == "inserted"
        }

    def changes(self) -> Iterator[Change]:
        by_number: dict[int, list[MarkedText]] = {}
        for text in self._texts:
            by_number.setdefault(text.number, []).append(text)
        for number, some in by_number.items():
            ends = {text.mark: text for text in some if text.is_place}
            change = self._moved(ends["deleted"], ends["inserted"]) if len(ends) == 2 else self._change(some[0])
            yield replace(change, number=number)

    def unpublished(self, some: Iterable[tuple[int, str]]) -> Iterator[Change]:
        shown = {place.anchor: place for place in self._document.provisions()}
        for number, anchor in some:
            words = NOTES if anchor == NOTES else OPENING
            change = Change("", words, "", number=number, place=(words,), instruction=(NOT_PUBLISHED,))
            change = self._at(change, shown[anchor]) if anchor in shown else change
            yield replace(change, deed="not published")

    def _change(self, text: MarkedText) -> Change:
        change = self._located(text)
        note = self._note(text)
        if note and not self._in_force.has(note):  # it comes with the first reference to it
            old, new = self._quoted.in_force(text.runs), self._quoted.amended(text.runs)
            words = ("let the footnote that comes say ", Quote(self._quoted.note(note.name)))
            return replace(change, kind="footnote", deleted=old, inserted=new, instruction=words, deed="insert")
        if not text.mark:
            return self._reworded(change, text)
        quoted = self._quoted.blocks(text.blocks, WITH[text.mark])
        old, new = (quoted, "") if text.mark == "deleted" else ("", quoted)
        kind = text.place.called if text.is_place and text.place else NOUNS[text.blocks[0].kind]
        change = replace(change, kind=kind, deleted=old, inserted=new, whole=True)
        return self._deleted(change, text) if old else self._inserted(change, text)

    # where

    def _located(self, text: MarkedText) -> Change:
        place, block = text.place, text.blocks[0]
        if place and (text.is_place or not place.is_heading or block.runs is place.heading):
            return self._at(Change("", "", ""), place)
        if place:
            what = "cross-heading" if block.kind == "cross-heading" else "unnumbered text"
            change = self._at(Change("", "", ""), place) if self._in_force.has(place) else Change(place.anchor, "", "")
            where = change.place or self._in_force.place(block)
            return replace(change, where=f"{place.named}, {what}", place=join(where, ", unnumbered text"))
        note = self._note(text)
        if note is None:
            return Change("", OPENING, "", place=(OPENING,))
        last = self._document.sections[-1].anchor if self._document.sections else ""
        return Change(last, NOTES, "", place=self._in_force.place(note) if self._in_force.has(note) else (NOTES,))

    def _note(self, text: MarkedText) -> Block | None:
        """The footnote that the words are in, if they are in one."""
        notes = self._document.notes if text.place is None else ()
        return next((note for note in notes if any(inner is text.blocks[0] for inner in walk(note))), None)

    def _at(self, change: Change, place: Provision) -> Change:
        """The change with what tells its place: its number in force or where it is to stand, and the new number."""
        is_old = self._in_force.has(place)
        was, now = place.previous_number if is_old else None, place.number if place.status != "deleted" else None
        later = f" (will be {now.whole})" if now and now.whole and (was is None or was.whole != now.whole) else ""
        return replace(
            change, id=place.anchor, where=place.named, previous_number=str(was or "") or None,
            place=join(self._in_force.place(place) if is_old else self._spot(place), later),
        )  # fmt: skip

    def _spot(self, place: Provision) -> Words:
        """Where a place that comes is to stand: in the new one above it, or after what the text in force has there."""
        return self._in_new(self._above.get(id(place)), place) or self._in_force.spot_of_place(place)

    def _in_new(self, above: Provision | None, part: Part) -> Words:
        is_new = above and id(above) in self._coming and self._in_force.before(above) == self._in_force.before(part)
        return (f"in A{self._coming[id(above)]}",) if is_new else ()

    # what

    def _reworded(self, change: Change, text: MarkedText) -> Change:
        """The change of words within a block."""
        block, quoted = text.blocks[0], self._quoted
        left, right = (quoted.glued(some, "previous") for some in (block.runs[: text.first], block.runs[text.end :]))
        old, new = quoted.glued(text.runs, "previous"), quoted.glued(text.runs, "amended")
        is_heading = bool(text.place and block.runs is text.place.heading)
        within = () if is_heading else self._in_force.within(block)
        change = replace(change, deleted=unglued(old), inserted=unglued(new))
        if change.deleted == change.inserted:
            return replace(change, instruction=join(within, new_look(text.runs)), deed="look")
        edit = rewording(left, old, new, right)
        return replace(
            change, after="" if change.deleted else edit.after, instruction=join(within, edit.words()),
            deed="substitute" if edit.old and edit.new else "delete" if edit.old else "insert",
        )  # fmt: skip

    def _deleted(self, change: Change, text: MarkedText) -> Change:
        if text.is_place and text.place:
            stays = any(place.status != "deleted" for place in provisions(text.place.content))
            if text.place.is_heading:
                stays = stays or any(block.missing != "amended" for block in text.place.blocks)
            rest = "; what stands below it stays" if stays else ""
            name = self._in_force.called(text.place)
            return replace(change, instruction=join("delete ", name, ", ", Quote(change.deleted), rest), deed="delete")
        ways = [self._in_force.block(block) for block in text.blocks]
        parts = [self._gone(block, phrase) for block, (_, phrase) in zip(text.blocks, ways, strict=True)]
        words = join(*(piece for n, part in enumerate(parts) for piece in (", and " if n else "", part)))
        return replace(change, instruction=join(ways[0][0], "delete ", words), deed="delete")

    def _gone(self, block: Block, phrase: Words) -> Words:
        """A block that is to go: the second bullet, “Dogs”; of a table or row its name is enough."""
        if block.kind in ("table", "row"):
            return phrase
        if block.kind == "note":
            phrase = ("the footnote",)
        is_one_of_many = phrase != (f"the {NOUNS[block.kind]}",)
        return join(phrase, ", " if is_one_of_many else " ", Quote(self._quoted.blocks((block,), "previous")))

    def _inserted(self, change: Change, text: MarkedText) -> Change:
        pieces = self._pieces(text)
        if text.is_place:
            return replace(change, instruction=join("insert the ", pieces), deed="insert")
        block, way = text.blocks[0], Words()
        spot = join(new, ", unnumbered text") if (new := self._in_new(text.place, block)) else ()
        if not spot:
            spot, way = self._in_force.spot_of_block(block)
        own = self._in_force.place(text.place) if text.place and self._in_force.has(text.place) else change.place
        if spot == own:
            return replace(change, instruction=join(way, "insert the ", pieces), deed="insert")
        free = join("insert the unnumbered ", pieces)
        return replace(change, place=spot, instruction=join(way, free), deed="insert")

    def _moved(self, gone: MarkedText, come: MarkedText) -> Change:
        """The change of a place that goes in one spot and comes in another."""
        old, new = gone.place, come.place
        assert old and new
        change = replace(
            self._at(Change("", "", ""), old), id=new.anchor, kind=new.called, whole=True, deed="move",
            deleted=self._quoted.blocks(gone.blocks, "previous"), inserted=self._quoted.blocks(come.blocks, "amended"),
        )  # fmt: skip
        pieces = join("the ", self._pieces(come))
        is_same = _said(gone) == _said(come)
        is_beside = self._in_force.touch(old, new)
        before, after = (n for n, text in enumerate(self._texts) if text is gone or text is come)
        if is_beside and after - before == 1:
            whole = join("for ", self._in_force.called(old), ", ", Quote(change.deleted), ", substitute ", pieces)
            return replace(change, instruction=whole, deed="substitute")
        later = f", as {new.number.whole}" if new.number and new.number.whole else ""
        rest = () if is_same else join(", and for its words substitute ", pieces)
        spot = self._in_new(self._above.get(id(new)), new)
        if not spot and is_beside and self._texts[after] is come:  # what comes between them tells it
            spot = (f"after A{self._texts[after - 1].number}",)
        spot = join("move ", self._in_force.called(old), " to stand ", spot or self._in_force.spot_of_place(new, old))
        return replace(change, instruction=join(spot, later, rest))

    def _pieces(self, text: MarkedText) -> Words:
        """What comes, paragraph by paragraph, each with what it is called: clause “Dogs:”, the bullet “on a lead”."""
        pieces = [piece for block in text.blocks for piece in self._quoted.pieces(block)] or [("paragraph", "")]
        if text.is_place and text.place:
            noun, words = pieces[0]
            is_plain = noun == "paragraph" or (noun == "heading" and text.place.called == text.place.kind)
            pieces[0] = (text.place.called if is_plain else f"{text.place.called} with the {noun}", words)
        parts = ((("", ", the ")[n > 0], f"{noun} ", Quote(words)) for n, (noun, words) in enumerate(pieces))
        return join(*(piece for part in parts for piece in part))


def _said(text: MarkedText) -> str:
    """The words of a place, whichever its mark; a number in them is the one that it will be."""
    things = (run.thing.words("amended") if isinstance(run.thing, Citation) else run.text for run in text.runs)
    return " ".join("".join(things).split())
