"""Turns a marked policy file into the file as amended (accepted) or as it was before (rejected), and proves it.

The words to touch are found in the text as it was typed, so that all else stays byte for byte. What comes out is then
read as any policy is: it must say what the marked text said in that reading, place by place, or nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import Literal

from ..editions.outline import outline, published
from ..model.place import Place
from ..model.reading import Reading, plain
from ..source import policy_files
from ..source.again import Remembering
from ..source.markdown import Dialect
from ..source.parse import Walked, walked
from . import marks
from .blocks import Block, blocks, split
from .marks import Span, Unclear
from .rewriting import Piece, Refused, rewritten


@dataclass
class Settled:
    """The text without the marks that were settled; `left` is how many amendments are still marked in it."""

    text: str
    amendments: int = 0
    left: int = 0
    comments: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)


def settle(
    text: str,
    slug: str,
    reading: Reading,
    only: Sequence[str] = (),
    comments: Literal["refuse", "drop", "keep"] = "refuse",
    close_up: bool = False,
) -> Settled:
    """Accepts (reading amended) or rejects (previous) the amendments of a policy file's text.

    `only` names the ones that are meant: by the number or #name of a place, or by the author of a comment on them.
    A comment on what is settled is a reason to refuse, unless `comments` says to drop or keep it.
    Raises Refused.
    """
    dialect = Remembering()
    before = read(text, slug, dialect, close_up)
    front, body = split(text)
    pieces = list(_pieces(blocks(body, _lines(front)), before, only))
    unknown = [word for word in only if not any(_is_meant(piece, chain, word) for piece, chain in _amendments(pieces))]
    if unknown:
        raise Refused(*(f"no amendment stands in clause {word}, and none has a comment by {word}." for word in unknown))
    if only and reading == "amended":
        _refuse_orphans(pieces, before.walk.places)
    done = _tally(pieces, before.walk.path)
    if done.comments and comments == "refuse":
        raise Refused(*done.comments, "Answer the comments and take them out, or add --drop-comments.")
    done.text = front + rewritten(pieces, reading, close_up, keep_comments=comments == "keep")
    _prove(before, read(done.text, slug, dialect, close_up), reading, is_all=not only and comments != "keep")
    return done


def _refuse_orphans(pieces: Sequence[Piece], places: Sequence[Place]) -> None:
    """Raises Refused where a new clause is chosen and the new section or clause that it stands in is not."""
    chosen = {piece.owner for piece in pieces if piece.begins and piece.chosen}
    above: list[Place] = []
    for place in places:
        above = [each for each in above if each.level < place.level]
        parent = above[-1] if above else None
        is_new = parent is not None and parent.status == "inserted" and parent not in chosen
        if parent and is_new and place in chosen and place.status == "inserted":
            raise Refused(f"{place} stands in {parent}, which is new as well. Add --only {parent.number}.")
        above.append(place)


def is_same(one: str, other: str, slug: str, close_up: bool) -> bool:
    """Whether two files' texts say the same in the same places, whatever their names. Raises Refused."""
    dialect = Remembering()
    said = [outline(read(text, slug, dialect, close_up), "amended") for text in (one, other)]
    return [replace(line, name="") for line in said[0]] == [replace(line, name="") for line in said[1]]


def _tally(pieces: Sequence[Piece], path: str) -> Settled:
    """What there is to settle, still without the text."""
    found = Settled("")
    for piece in pieces:
        for span in piece.chosen:
            if span.comment:
                author = f" by {span.comment.author}" if span.comment.author else ""
                where = f"{path}:{piece.block.line}: {piece.owner or 'opening words'}"
                found.comments.append(f"{where}: the comment{author} is not resolved: {span.comment.text}")
    for piece, chain in _amendments(pieces):
        is_chosen = any(span in piece.chosen for span in chain)
        found.amendments += is_chosen
        found.left += not is_chosen
        if is_chosen and piece.owner:
            found.places.add(piece.owner.id)
    return found


def _lines(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text)) + 1


def read(text: str, slug: str, dialect: Dialect, close_up: bool) -> Walked:
    """The walked tree of a policy file's text. Raises Refused with all that is wrong with it."""
    found, problems = policy_files.read(slug, f"policy_src/{slug}.md", text.encode())
    errors = [problem for problem in problems if problem.level == "error"]
    if found is None or errors:
        raise Refused(*map(str, errors))
    it = walked(found, dialect, close_up)
    if it.errors:
        raise Refused(*map(str, it.errors))
    return it


def _pieces(found: list[Block], it: Walked, only: Sequence[str]) -> Iterator[Piece]:
    """The blocks with the places that they belong to, found by their lines."""
    by_line = {place.line: place for place in it.walk.places}
    twins = _twins(it.walk.places)
    owners: list[tuple[int, Place]] = []  # of the places that are open here, with the depth of their blocks
    for block in found:
        place = by_line.get(block.line) if block.kind in ("heading", "item") else None
        depth = -1 if block.kind == "heading" else block.depth
        above = depth if place or block.kind != "heading" else 0  # a cross-heading stands in its section
        while owners and owners[-1][0] >= above:
            owners.pop()
        if place:
            owners.append((depth, place))
        owner = owners[-1][1] if owners else None
        try:
            spans = marks.scan(block.text) if block.kind != "fixed" else []
        except Unclear as error:
            raise Refused(f"{it.walk.path}:{block.line}: {owner or 'text'}: {error}") from None
        piece = Piece(block, tuple(spans), tuple(spans), owner, place is not None, twins.get(owner) if owner else None)
        yield replace(piece, chosen=tuple(_chosen(piece, only))) if only else piece


def _twins(places: Sequence[Place]) -> dict[Place, Place]:
    """The two ends of each move, by one another: half of it can't be settled."""
    inserted = {plain(place.blocks(), "amended"): place for place in places if place.status == "inserted"}
    found: dict[Place, Place] = {}
    for new in places:
        old = new.moved_from
        if old:
            found |= {old: new, new: old}
    for old in places:
        new_one = inserted.get(plain(old.blocks(), "previous")) if old.status == "deleted" else None
        if new_one and old not in found and new_one not in found:
            found |= {old: new_one, new_one: old}
    return found


def _amendments(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, list[Span]]]:
    for piece in pieces:
        for chain in marks.chains(piece.block.text, piece.spans):
            if any(span.kind in ("del", "ins") for span in chain):
                yield piece, chain


def _chosen(piece: Piece, only: Sequence[str]) -> Iterator[Span]:
    for _, chain in _amendments([piece]):
        if any(_is_meant(piece, chain, word) for word in only):
            yield from chain


def _is_meant(piece: Piece, chain: list[Span], word: str) -> bool:
    if any(span.comment and span.comment.author.casefold() == word.casefold() for span in chain):
        return True
    return any(_is_called(place, word) for place in (piece.owner, piece.twin) if place)


def _is_called(place: Place, word: str) -> bool:
    """Whether the word is the place's number or name, or that of the section or clause that it stands in."""
    number = place.id
    return word in (f"#{place.name}", number) or number.startswith(f"{word}.")


def _prove(before: Walked, after: Walked, reading: Reading, is_all: bool) -> None:
    """Raises Refused unless the new text says in this reading what the marked text said, inside and outside.

    The trees are those of the external edition afterwards.
    """
    path = before.walk.path
    if is_all and any(each.tag in ("del", "ins", "comment") for each in after.tree.iter()):
        what = "a mark or comment stands where it can't be taken out, such as below a line !!! note or ---"
        raise Refused(f"{path}: {what}. Put a blank line above its paragraph.")
    expected, found = outline(before, reading), outline(after, reading)
    if expected != found:
        pairs = enumerate(zip(expected, found, strict=False))
        first = next((n for n, (a, b) in pairs if a != b), min(len(expected), len(found)))
        where = next((line.number for line in reversed(expected[: first + 1]) if line.number), "")
        what = f"near clause {where}: the marks can't be taken out without changing other words there"
        raise Refused(f"{path}: {what}. Take them out by hand, or set each mark round whole words.")
    public = {line.text for line in published(before, reading)}
    inside = next((line.text for line in published(after, reading) if line.text not in public), None)
    if inside:
        what = f"what is internal would become public: “{shorten(inside, 80, placeholder=' …')}”"
        raise Refused(f"{path}: {what}. Write {{.internal}} at the end of its own clause or bullet first.")
