"""Turns a marked policy file into the file as amended (accepted) or as it was before (rejected), and proves it.

The words to touch are looked for in the text as it was typed, so that all else stays byte for byte. What comes out is
read as any policy is: it must say what the marked text said in that reading, place by place, or nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Literal

from ..editions.outline import published
from ..model.document import Comment, Document, Provision, Reading
from ..model.outline import opening, outline
from ..model.runs import plain
from ..source import policy_files
from ..source.parse import parsed
from ..source.policy_files import FOLDER
from ..source.signs import LINE_END
from . import marks
from .blocks import TextBlock, blocks_of, split
from .marks import Span, Unclear
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
    text: str, slug: str, only: Sequence[str] = (), comments: OnComments = "refuse", close_up: bool = False
) -> Resolved:
    """Makes the amendments of a policy file's text its words.

    `only` names the ones that are meant: by the number or #name of a place, or by the author of a comment on them.
    A comment on what is resolved is a reason to refuse, unless `comments` says to drop or keep it. Raises Refused.
    """
    return _resolved(text, slug, "amended", only, comments, close_up)


def reject(
    text: str, slug: str, only: Sequence[str] = (), comments: OnComments = "refuse", close_up: bool = False
) -> Resolved:
    """Takes the amendments of a policy file's text back. All else is as for `accept`."""
    return _resolved(text, slug, "previous", only, comments, close_up)


def read(text: str, slug: str, close_up: bool) -> Document:
    """The document of a policy file's text. Raises Refused with all that is wrong with it."""
    source, problems = policy_files.read(slug, _path(slug), text.encode())
    errors = [problem for problem in problems if problem.level == "error"]
    if source is None or errors:
        raise Refused(*map(str, errors))
    whole = parsed(source, close_up)
    if whole.errors:
        raise Refused(*map(str, whole.errors))
    return whole.document


def is_same(one: str, other: str, slug: str, close_up: bool) -> bool:
    """Whether two files' texts say the same in the same places, whatever their names. Raises Refused."""
    outlines = [outline(read(text, slug, close_up), "amended") for text in (one, other)]
    return [replace(line, name="") for line in outlines[0]] == [replace(line, name="") for line in outlines[1]]


def _resolved(
    text: str, slug: str, reading: Reading, only: Sequence[str], comments: OnComments, close_up: bool
) -> Resolved:
    before = read(text, slug, close_up)
    front, body = split(text)
    blocks = list(_marked(blocks_of(body, len(LINE_END.findall(front)) + 1), before, only))
    unknown = [word for word in only if not any(_is_meant(block, chain, word) for block, chain in _amendments(blocks))]
    if unknown:
        raise Refused(*(f"no amendment stands in clause {word}, and none has a comment by {word}." for word in unknown))
    if only and reading == "amended":
        _refuse_orphans(blocks, before)
    remarks = tuple(_remarks(blocks, _path(slug)))
    if remarks and comments == "refuse":
        raise Refused(*remarks, "Answer the comments and take them out, or add --drop-comments.")
    after = front + rewritten(blocks, reading, close_up, keep_comments=comments == "keep")
    _prove(before, read(after, slug, close_up), reading, is_all=not only and comments != "keep")
    chosen = [block.owner for block, chain in _amendments(blocks) if any(span in block.chosen for span in chain)]
    left = sum(1 for _ in _amendments(blocks)) - len(chosen)
    return Resolved(after, len(chosen), left, remarks, frozenset(owner.anchor for owner in chosen if owner))


def _path(slug: str) -> str:
    return f"{FOLDER}/{slug}.md"


def _refuse_orphans(blocks: Sequence[MarkedBlock], document: Document) -> None:
    """Raises Refused where a new clause is chosen and the new section or clause that it stands in is not."""
    chosen = {block.owner.anchor for block in blocks if block.owner and block.begins and block.chosen}

    def look(parent: Provision) -> None:
        for clause in parent.below:
            if parent.status == "inserted" == clause.status and clause.anchor in chosen and parent.anchor not in chosen:
                raise Refused(f"{clause} stands in {parent}, which is new as well. Add --only {parent.number}.")
            look(clause)

    for section in document.sections:
        look(section)


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
    by_line = {provision.line: provision for provision in document.provisions()}
    twins = _twins(document)
    owners: list[tuple[int, Provision]] = []  # of the provisions that are open here, with the depth of their blocks
    for block in blocks:
        begun = by_line.get(block.line) if block.kind in ("heading", "item") else None
        depth = -1 if block.kind == "heading" else block.depth
        above = depth if begun or block.kind != "heading" else 0  # a cross-heading stands in its section
        while owners and owners[-1][0] >= above:
            owners.pop()
        if begun:
            owners.append((depth, begun))
        owner = owners[-1][1] if owners else None
        try:
            spans = tuple(marks.scan(block.text)) if block.kind != "fixed" else ()
        except Unclear as error:
            raise Refused(f"{_path(document.slug)}:{block.line}: {owner or 'text'}: {error}") from None
        marked = MarkedBlock(block, spans, spans, owner, begun is not None, twins.get(owner.anchor) if owner else None)
        yield replace(marked, chosen=tuple(_chosen(marked, only))) if only else marked


def _twins(document: Document) -> Mapping[str, Provision]:
    """The two ends of each move, by one another's anchor: half of it can't be resolved."""
    deleted = [provision for provision in document.provisions() if provision.status == "deleted"]
    inserted = [provision for provision in document.provisions() if provision.status == "inserted"]
    twins: dict[str, Provision] = {}
    for new in inserted:
        old = next((old for old in deleted if new.moved_from and old.previous_number == new.moved_from), None)
        if old:
            twins |= {old.anchor: new, new.anchor: old}
    by_words = {_words(new, "amended"): new for new in inserted}
    for old in deleted:
        same = by_words.get(_words(old, "previous"))
        if same and old.anchor not in twins and same.anchor not in twins:
            twins |= {old.anchor: same, same.anchor: old}
    return twins


def _words(provision: Provision, reading: Reading) -> str:
    """What a section's heading says, or a clause without the clauses below it."""
    return plain(opening(provision) if provision.level == 1 else provision.blocks, reading)


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
    return word in (f"#{provision.name}", anchor) or anchor.startswith(f"{word}.")


def _prove(before: Document, after: Document, reading: Reading, is_all: bool) -> None:
    """Raises Refused unless the new text says in this reading what the marked text said, inside and outside."""
    path = _path(before.slug)
    if is_all and any(run.mark or isinstance(run.thing, Comment) for _, run in after.runs()):
        what = "a mark or comment stands where it can't be taken out, such as below a line !!! note or ---"
        raise Refused(f"{path}: {what}. Put a blank line above its paragraph.")
    expected, says = outline(before, reading), outline(after, reading)
    if expected != says:
        pairs = enumerate(zip(expected, says, strict=False))
        first = next((n for n, (one, other) in pairs if one != other), min(len(expected), len(says)))
        where = next((line.number for line in reversed(expected[: first + 1]) if line.number), "")
        what = f"near clause {where}: the marks can't be taken out without changing other words there"
        raise Refused(f"{path}: {what}. Take them out by hand, or set each mark round whole words.")
    public = {line.text for line in published(before, reading)}
    inside = next((line.text for line in published(after, reading) if line.text not in public), None)
    if inside:
        what = f"what is internal would become public: “{shorten(inside, 80, placeholder=' …')}”"
        raise Refused(f"{path}: {what}. Write {{.internal}} at the end of its own clause or bullet first.")
