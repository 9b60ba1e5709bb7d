"""Turns a marked policy file into the file as amended (accepted) or as it was before (rejected), and proves it.

The words to touch are looked for in the text as it was typed, so that all else stays byte for byte. What comes out is
read as any policy is: it must say what the marked text said in that reading, place by place, or nothing is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..editions.outline import published
from ..model.document import Comment, Document, Provision, Reading
from ..model.outline import outline
from ..source.numbering import AS_USUAL, Counting
from .marked_text import MarkedText, amendments, marked_text
from .marks import Span
from .proof import departure, exposed, path_of, read
from .rewriting import MarkedBlock, Refused, rewritten

OnComments = Literal["refuse", "drop", "keep"]
ANSWER = "Answer the comments and take them out, or add --drop-comments."


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
    marked = marked_text(text, slug, counting)
    unknown = [word for word in only if not any(_is_meant(*amendment, word) for amendment in amendments(marked.blocks))]
    if unknown:
        raise Refused(*(f"no amendment stands in clause {word}, and none has a comment by {word}." for word in unknown))
    if only:
        marked = marked.choosing(lambda block: _chosen(block, only))
        if reading == "amended":
            _refuse_orphans(marked)
    return resolved(marked, reading, comments, counting, is_all=not only and comments != "keep")


def resolved(
    marked: MarkedText,
    reading: Reading,
    comments: OnComments,
    counting: Counting,
    is_all: bool = False,
    labelled: Collection[str] = (),
) -> Resolved:
    """The text with the marks that are chosen in it resolved, and the proof of that; `is_all`: none may be left.

    `labelled` is as for `rewritten`. Raises Refused.
    """
    before, blocks = marked.document, marked.blocks
    remarks = tuple(remarks_on(marked))
    if remarks and comments == "refuse":
        raise Refused(*remarks, ANSWER)
    after = marked.front + rewritten(blocks, reading, counting, keep_comments=comments == "keep", labelled=labelled)
    try:
        done = read(after, before.slug, counting)
    except Refused as error:
        raise Refused("This would leave:", *error.lines) from None
    _prove(before, done, reading, is_all)
    chosen = [block.owner for block, chain in amendments(blocks) if any(span in block.chosen for span in chain)]
    left = sum(1 for _ in amendments(blocks)) - len(chosen)
    return Resolved(after, len(chosen), left, remarks, frozenset(owner.anchor for owner in chosen if owner))


def remarks_on(marked: MarkedText) -> Iterator[str]:
    """The comments on what is chosen, a line each."""
    path = path_of(marked.document.slug)
    for block in marked.blocks:
        for span in block.chosen:
            if span.comment:
                author = f" by {span.comment.author}" if span.comment.author else ""
                where = f"{path}:{block.block.line}: {block.owner or 'opening words'}"
                yield f"{where}: the comment{author} is not resolved: {span.comment.text}"


def _refuse_orphans(marked: MarkedText) -> None:
    """Raises Refused where a new clause is chosen and the new section or clause that it stands in is not."""
    chosen = {block.owner.anchor for block in marked.blocks if block.owner and block.begins and block.chosen}

    def look(parent: Provision) -> None:
        for clause in parent.below:
            if parent.status == "inserted" == clause.status and clause.anchor in chosen and parent.anchor not in chosen:
                raise Refused(f"{clause} stands in {parent}, which is new as well. Add --only {parent.anchor}.")

    for provision in marked.document.provisions():
        look(provision)


def _chosen(block: MarkedBlock, only: Sequence[str]) -> Iterator[Span]:
    for _, chain in amendments([block]):
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
