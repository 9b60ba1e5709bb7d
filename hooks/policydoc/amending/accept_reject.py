"""Turns a marked policy file into the file as amended (accepted) or as it was before (rejected), and proves it.

The words to touch are looked for in the text as it was typed, so that all else stays byte for byte. What comes out is
read as any policy is: it must say what the marked text said in that reading, place by place, or nothing is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..editions.outline import published
from ..model.document import Comment, Document, Provision, Reading
from ..model.moves import Passage, same
from ..model.outline import opening, outline
from ..model.runs import plain
from ..source.numbering import AS_USUAL, Counting
from ..source.signs import LINE_END
from . import marks
from .blocks import TextBlock, blocks_of, split
from .marks import Span, Unclear
from .proof import departure, exposed, path_of, read
from .rewriting import MarkedBlock, Refused, rewritten

OnComments = Literal["refuse", "drop", "keep"]


@dataclass(frozen=True)
class Resolved:
    """The text without the marks that were resolved; `left` is how many amendments are still marked in it.

    `amendments` is how many were resolved, `places` the anchors of the provisions that they stood in, `comments` says
    of each comment on them where it stood and what it said.
    """

    text: str
    amendments: int
    left: int
    comments: tuple[str, ...]
    places: frozenset[str]


def accept(
    text: str, slug: str, only: Sequence[str] = (), comments: OnComments = "refuse", counting: Counting = AS_USUAL
) -> Resolved:
    """Makes the amendments of a policy file's text its words.

    `only` names the ones that are meant: by the number or #name of a place, or by the author of a comment on them.
    A comment on what is resolved is a reason to refuse, unless `comments` says to drop or keep it. Raises Refused.
    """
    return _resolved(text, slug, "amended", only, comments, counting)


def reject(
    text: str, slug: str, only: Sequence[str] = (), comments: OnComments = "refuse", counting: Counting = AS_USUAL
) -> Resolved:
    """Takes the amendments of a policy file's text back. All else is as for `accept`."""
    return _resolved(text, slug, "previous", only, comments, counting)


def _resolved(
    text: str, slug: str, reading: Reading, only: Sequence[str], comments: OnComments, counting: Counting
) -> Resolved:
    before = read(text, slug, counting)
    front, body = split(text)
    blocks = list(_marked(blocks_of(body, len(LINE_END.findall(front)) + 1), before, only))
    unknown = [word for word in only if not any(_is_meant(block, chain, word) for block, chain in _amendments(blocks))]
    if unknown:
        raise Refused(*(f"no amendment stands in clause {word}, and none has a comment by {word}." for word in unknown))
    if only and reading == "amended":
        _refuse_orphans(blocks, before)
    remarks = tuple(_remarks(blocks, path_of(slug)))
    if remarks and comments == "refuse":
        raise Refused(*remarks, "Answer the comments and take them out, or add --drop-comments.")
    after = front + rewritten(blocks, reading, counting, keep_comments=comments == "keep")
    _prove(before, read(after, slug, counting), reading, is_all=not only and comments != "keep")
    chosen = [block.owner for block, chain in _amendments(blocks) if any(span in block.chosen for span in chain)]
    left = sum(1 for _ in _amendments(blocks)) - len(chosen)
    return Resolved(after, len(chosen), left, remarks, frozenset(owner.anchor for owner in chosen if owner))


def _refuse_orphans(blocks: Sequence[MarkedBlock], document: Document) -> None:
    """Raises Refused where a new clause is chosen and the new section or clause that it stands in is not."""
    chosen = {block.owner.anchor for block in blocks if block.owner and block.begins and block.chosen}

    def look(parent: Provision) -> None:
        for clause in parent.below:
            if parent.status == "inserted" == clause.status and clause.anchor in chosen and parent.anchor not in chosen:
                raise Refused(f"{clause} stands in {parent}, which is new as well. Add --only {parent.anchor}.")

    for provision in document.provisions():
        look(provision)


def _remarks(blocks: Sequence[MarkedBlock], path: str) -> Iterator[str]:
    """The comments on what is chosen, a line each."""
    for block in blocks:
        for span in block.chosen:
            if span.comment:
                author = f" by {span.comment.author}" if span.comment.author else ""
                where = f"{path}:{block.block.line}: {block.owner or 'opening words'}"
                yield f"{where}: the comment{author} is not resolved: {span.comment.text}"


def _marked(blocks: Sequence[TextBlock], document: Document, only: Sequence[str]) -> Iterator[MarkedBlock]:
    """The blocks with the provisions that they belong to, by the lines that these begin in."""
    by_line = defaultdict[int, list[Provision]](list)
    for provision in document.provisions():
        by_line[provision.line].append(provision)
    twins = _twins(document)
    owners: list[tuple[int, Provision]] = []  # of the provisions that are open here, with the depth of their blocks
    for block in blocks:
        # A clause that has no words begins in the line of its first sub-clause.
        *outer, begun = [None, *by_line[block.line]] if block.kind in ("heading", "item") else [None]
        # A numbered heading stands in its section, and what is counted below it in it
        depth = begun.level - 3 if begun and begun.is_heading else block.depth
        above = depth - len(outer[1:]) if begun or block.kind != "heading" else 0  # a cross-heading is in its section
        while owners and owners[-1][0] >= above:
            owners.pop()
        owners += ((depth - 1, provision) for provision in outer if provision)
        if begun:
            owners.append((depth, begun))
        owner = owners[-1][1] if owners else None
        try:
            spans = tuple(marks.scan(block.text)) if block.kind != "fixed" else ()
        except Unclear as error:
            raise Refused(f"{path_of(document.slug)}:{block.line}: {owner or 'text'}: {error}") from None
        marked = MarkedBlock(block, spans, spans, owner, begun is not None, twins.get(owner.anchor) if owner else None)
        yield replace(marked, chosen=tuple(_chosen(marked, only))) if only else marked


def _twins(document: Document) -> Mapping[str, Provision]:
    """The two ends of each move, by one another's anchor: half of it can't be resolved."""
    gone = [provision for provision in document.provisions() if provision.status == "deleted"]
    come = [provision for provision in document.provisions() if provision.status == "inserted"]
    # The names, which only the new one has
    kept = {new.moved_from.anchor: new.name for new in come if new.moved_from}
    names = [(old.previous_number and kept.get(old.previous_number.anchor)) or "" for old in gone]
    was = [Passage("place", _words(old, "previous"), name, short=True) for old, name in zip(gone, names, strict=True)]
    now = [Passage("place", _words(new, "amended"), new.name or "", short=True) for new in come]
    pairs = [(gone[i], come[j]) for i, j in same(was, now, range(len(was)), range(len(now))).items()]
    return {old.anchor: new for old, new in pairs} | {new.anchor: old for old, new in pairs}


def _words(provision: Provision, reading: Reading) -> str:
    """What a section's heading says, or a clause without the clauses below it."""
    return plain(opening(provision) if provision.is_heading else provision.blocks, reading)


def _amendments(blocks: Sequence[MarkedBlock]) -> Iterator[tuple[MarkedBlock, list[Span]]]:
    for block in blocks:
        for chain in marks.chains(block.block.text, block.spans):
            if any(span.kind in ("deleted", "inserted") for span in chain):
                yield block, chain


def _chosen(block: MarkedBlock, only: Sequence[str]) -> Iterator[Span]:
    for _, chain in _amendments([block]):
        if any(_is_meant(block, chain, word) for word in only):
            yield from chain


def _is_meant(block: MarkedBlock, chain: list[Span], word: str) -> bool:
    if any(span.comment and span.comment.author.casefold() == word.casefold() for span in chain):
        return True
    return any(_is_called(provision, word) for provision in (block.owner, block.twin) if provision)


def _is_called(provision: Provision, word: str) -> bool:
    """Whether the word is the provision's number or name, or that of the section or clause that it stands in."""
    anchor = provision.anchor
    return word in (f"#{provision.name}", anchor, provision.known_by, str(provision)) or anchor.startswith(f"{word}.")


def _prove(before: Document, after: Document, reading: Reading, is_all: bool) -> None:
    """Raises Refused unless the new text says in this reading what the marked text said, inside and outside."""
    path = path_of(before.slug)
    if is_all and any(run.mark or isinstance(run.thing, Comment) for _, run in after.runs()):
        what = "a mark or comment stands where it can't be taken out, such as below a line !!! note or ---"
        raise Refused(f"{path}: {what}. Put a blank line above its paragraph.")
    near = departure(outline(before, reading), outline(after, reading))
    if near is not None:
        what = f"near clause {near}: the marks can't be taken out without changing other words there"
        raise Refused(f"{path}: {what}. Take them out by hand, or set each mark round whole words.")
    inside = exposed(after, reading, {line.text for line in published(before, reading)})
    if inside:
        what = f"what is internal would become public: “{inside}”"
        raise Refused(f"{path}: {what}. Write {{.internal}} at the end of its own clause or bullet first.")
