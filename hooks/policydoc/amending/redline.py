"""Turns an approved policy file and an edited one into one with marks: rejected it is the first, accepted the other.

Clause by clause, then word by word. A clause that has moved is deleted in one spot and inserted in the other, whole.
What comes out is accepted and rejected, and compared with both texts, before anyone sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from ..editions.outline import published
from ..model.alignment import Passage, align
from ..model.document import Mark, Reading
from ..model.outline import Line
from ..source import policy_files
from ..source.numbering import CLOSED_UP
from ..source.signs import BARE, ITEM, LINE_END
from . import marks, table_rows, word_by_word
from .accept_reject import accept, reject
from .blocks import TextBlock, blocks_of, newline, split
from .proof import departure, exposed, path_of, read, unnamed
from .rewriting import Refused
from .unmarkable import reason

# How the two are compared: word by word; or so, but what stands between clauses is taken for new
Manner = Literal["words", "clauses"]
# 1.  text     with how far it is indented
_ITEM = re.compile(r"( *)\d+\. +\S")
# What stays and what is new or gone, by its index in the old text and in the new
Pairs = list[tuple[int | None, int | None]]


@dataclass(frozen=True)
class _Group:
    """A place with its own blocks, or one block between places."""

    blocks: tuple[TextBlock, ...]

    @property
    def is_place(self) -> bool:
        return self.blocks[0].kind in ("heading", "item", "fixed")

    @property
    def passage(self) -> Passage:
        passages = [_passage(block) for block in self.blocks]
        name = word_by_word.NAME.search(word_by_word.apart(self.blocks[0].text)[1])
        return replace(passages[0], text="\n".join(passage.text for passage in passages), name=name[1] if name else "")


def marked(old: str, new: str, slug: str) -> str:
    """The new file's text with marks for all that is not in the old one. Marks in the new text count as accepted.

    Front matter, comments, names and everything else but words are those of the new text. Raises Refused.
    """
    clean = accept(new, slug, comments="keep", counting=CLOSED_UP).text
    # What a text says is asked without its old numbers: what is deleted has no place.
    meant: dict[Reading, list[Line]] = {
        "previous": unnamed(old, slug, counting=CLOSED_UP),
        "amended": unnamed(clean, slug, counting=CLOSED_UP),
    }
    remarks = _remarks(split(new)[1])
    front, body = split(clean)
    ending = newline(clean)
    was = _groups(blocks_of(LINE_END.sub(ending, split(old)[1])))
    now = _groups(blocks_of(body))
    manners: tuple[Manner, ...] = ("words", "clauses")
    for manner in manners:
        text = front + _joined(_written(was, now, manner, ending, remarks), ending)
        text = text.rstrip() + clean[len(clean.rstrip()) :]
        departs = _departs(text, slug, meant)
        if departs is None:
            break
    else:
        blocks = ([block for group in groups for block in group.blocks] for groups in (was, now))
        why = reason(_scheme(old, slug), _scheme(clean, slug), *blocks)
        raise Refused(f"{path_of(slug)}: {departs}{why}")
    known = {
        line.text for before in (old, clean) if _is_public(before, slug)
        for line in published(read(before, slug, CLOSED_UP), "amended")
    }  # fmt: skip
    document = read(text, slug, CLOSED_UP)
    for reading in meant if _is_public(clean, slug) else ():
        inside = exposed(document, reading, known)
        if inside:
            raise Refused(
                f"{path_of(slug)}: marks would publish “{inside}”, which is internal in the text before or after. "
                "Leave {.internal} where it was until this version is approved."
            )
    return text


def _scheme(text: str, slug: str) -> str:
    source, _ = policy_files.read(slug, path_of(slug), text.encode())
    return source.metadata.scheme.text if source else ""


def _is_public(text: str, slug: str) -> bool:
    """Whether the policy of this text is in the external edition: what was for staff only becomes public by no mark."""
    source, _ = policy_files.read(slug, path_of(slug), text.encode())
    return source is not None and source.metadata.is_public


def _departs(text: str, slug: str, meant: dict[Reading, list[Line]]) -> str | None:
    """Near which place the marked text, accepted or rejected, doesn't say what it is meant to; None where it does."""
    for reading, lines in meant.items():
        try:
            resolve = accept if reading == "amended" else reject
            resolved = resolve(text, slug, comments="drop", counting=CLOSED_UP).text
            says = unnamed(resolved, slug, counting=CLOSED_UP)
        except Refused:
            return ""
        near = departure(lines, says)
        if near is not None:
            return f"near {near}: " if near else "at its beginning: "
    return None


def _remarks(body: str) -> dict[str, str]:
    """The comments on what is marked as deleted whole, by its words."""
    remarks: dict[str, str] = {}
    for block in blocks_of(body):
        spans = marks.scan(block.text) if block.kind != "fixed" else []
        was, now = (
            marks.resolved(block.text, spans, marks.resolutions(reading)) for reading in ("previous", "amended")
        )
        comments = [block.text[span.start : span.end] for span in spans if span.comment]
        if comments and not word_by_word.apart(now)[0].strip():
            remarks[word_by_word.folded(word_by_word.apart(was)[0])] = "".join(f" {comment}" for comment in comments)
    return remarks


# Clause by clause


def _groups(blocks: Sequence[TextBlock]) -> list[_Group]:
    """The blocks by place: a clause with its paragraphs, bullets and tables, but without its sub-clauses."""
    groups: list[list[TextBlock]] = []
    for block in blocks:
        first = groups[-1][0] if groups else None
        own = first is not None and first.kind == "item" and block.kind != "item" and block.depth > first.depth
        if first is not None and block.kind != "heading" and (own or block.is_attributes):
            groups[-1].append(block)
        else:
            groups.append([block])
    return [_Group(tuple(group)) for group in groups]


def _written(
    was: list[_Group], now: list[_Group], manner: Manner, ending: str, remarks: Mapping[str, str]
) -> Iterator[str]:
    olds, news = [group.passage for group in was], [group.passage for group in now]
    if manner == "clauses":  # what stands between clauses belongs to the one above it, which may be another now
        news = [passage if now[n].is_place else replace(passage, kind=("new", n)) for n, passage in enumerate(news)]
    pairs = align(olds, news).pairs
    pairs = _with_terms(pairs, [group.blocks[0] for group in was], [group.blocks[0] for group in now])
    kept = {news[j].name for i, j in pairs if i is not None and j is not None}
    for n, (i, j) in enumerate(pairs):
        if i is not None and j is not None:
            new = now[j].blocks
            if pairs[n + 1 : n + 2] == [(i + 1, None)]:  # as far from what is gone as that was
                new = (*new[:-1], replace(new[-1], after=was[i].blocks[-1].after))
            marked = _reworded(was[i].blocks, new, ending)
            if marked is None:
                marked = [*_whole(was[i].blocks, "deleted", ending, kept), *_whole(new, "inserted", ending)]
            yield from marked
        elif i is not None:
            gone = [replace(block, text=block.text + remarks.get(_passage(block).text, "")) for block in was[i].blocks]
            yield from _whole(gone, "deleted", ending, kept)
        elif j is not None:
            yield from _whole(now[j].blocks, "inserted", ending)


def _with_terms(pairs: Pairs, was: Sequence[TextBlock], now: Sequence[TextBlock]) -> Pairs:
    """The pairs, with a term's old and new name as one where its meaning stays: apart they would be no terms."""
    renamed = {
        (i - 1, j - 1)
        for i, j in pairs
        if i and j and was[i].kind == now[j].kind == "meaning" and was[i - 1].kind == now[j - 1].kind == "term"
    } - set(pairs)
    gone, come = {(i, None) for i, _ in renamed}, {(None, j) for _, j in renamed}
    with_terms: Pairs = []
    for i, j in pairs:
        if i and j and (i - 1, j - 1) in renamed:
            with_terms.append((i - 1, j - 1))
        with_terms += [(i, j)] if (i, j) not in gone | come else []
    return with_terms


def _joined(parts: Iterable[str], ending: str) -> str:
    """The parts as one text; what is in no list has a blank line above, whatever was deleted or inserted there."""
    text = ""
    for part in _with_one_beginning(parts):
        in_list = re.match(rf"[ \t]*(?:{ITEM}|:)[ \t]", part)
        if part.strip() and not in_list and re.search(rf"(?:{ITEM}|:)[ \t][^\r\n]*{ending}\Z", text):
            text += ending
        text += part
    return text


def _with_one_beginning(parts: Iterable[str]) -> Iterator[str]:
    """The parts, where a clause without words begins once, 1.  1., even if its first sub-clause is a deleted one."""
    begun: int | None = None  # how far a clause is indented that has had its first sub-clause alone
    for part in parts:
        bare, item = BARE.match(part), _ITEM.match(part)
        if bare and begun == len(bare[1]):
            part, bare = " " * (begun + 4) + part[bare.end() :], None
            begun = None
        elif bare:
            begun = len(bare[1])
        elif begun is not None and item and len(item[1]) <= begun + 4:
            begun = None
        yield part


def _whole(
    blocks: Sequence[TextBlock], mark: Mark, ending: str, without: AbstractSet[str] = frozenset()
) -> Iterator[str]:
    """Blocks that are deleted or inserted as they are; `without` are names that others have now."""
    for block in blocks:
        after = _spaced(block, ending)
        if block.is_attributes:  # what was internal stays so when it is deleted
            yield block.lead + word_by_word.without_names(block.text, without) + after
        elif block.kind == "fixed":  # marks can't hold it: it is there where it is new, and what is gone is gone
            yield block.source if mark == "inserted" else ""
        elif block.kind == "table":
            yield table_rows.whole(block.text, mark, ending) + after
        else:
            yield block.lead + word_by_word.whole(block.text, mark, without) + after


def _reworded(old: Sequence[TextBlock], new: Sequence[TextBlock], ending: str) -> list[str] | None:
    """A place's new blocks with marks for what is new in them; None where that can't be shown within the place."""
    marked: list[str] = []
    hidden = [[_is_internal(blocks[n : n + 2]) for n in range(len(blocks))] for blocks in (old, new)]
    if hidden[0][0] and not hidden[1][0]:  # its old words would be published
        return None
    rest = align(*([_passage(block, inside) for block, inside in zip(blocks[1:], flags[1:], strict=True)]
                   for blocks, flags in zip((old, new), hidden, strict=True))).pairs  # fmt: skip
    rest = _with_terms(rest, old[1:], new[1:])
    for i, j in [(0, 0), *((None if i is None else i + 1, None if j is None else j + 1) for i, j in rest)]:
        if i is not None and j is not None:
            before, after = old[i], new[j]
            if _passage(before) == _passage(after):
                marked.append(after.source)
                continue
            if after.kind == "table":
                text = table_rows.in_rows(before.text, after.text, ending)
            else:
                text = word_by_word.in_words(before.text, after.text)
            if text is not None:
                marked.append(after.lead + text + after.after)
                continue
            if i == 0:
                return None
            marked += [*_whole([before], "deleted", ending), *_whole([after], "inserted", ending)]
        elif i is not None:
            marked += _whole([old[i]], "deleted", ending)
        elif j is not None:
            marked += _whole([new[j]], "inserted", ending)
    return marked


# Small parts of a text


def _passage(block: TextBlock, internal: bool = False) -> Passage:
    text = block.text if block.kind == "fixed" else word_by_word.apart(word_by_word.bare(block.text))[0]
    return Passage((block.kind, _frame(block), block.depth, internal), word_by_word.folded(text))


def _frame(block: TextBlock) -> str:
    """What the signs round a block's words make of it: # a heading and its level, > a quotation, [ a footnote."""
    sign = "".join(block.lead.split())
    if sign[:1] == "#" and ".appendix" in word_by_word.apart(block.text)[1]:
        return f"{sign} appendix"
    return sign if sign[:1] in ("#", ">") else sign[:1] if sign[:1] == "[" else ""


def _is_internal(blocks: Sequence[TextBlock]) -> bool:
    """Whether the first of these blocks is internal, by its own end or by the line of attributes that follows it."""
    own = [block for n, block in enumerate(blocks) if block.is_attributes or (n == 0 and block.kind != "table")]
    return any(".internal" in word_by_word.apart(block.text)[1] for block in own)


def _spaced(block: TextBlock, ending: str) -> str:
    """What stands behind a block once others may follow it: a blank line, but for what may be in a tight list."""
    least = 1 if block.kind in ("item", "bullet", "term", "meaning") else 2
    return block.after + ending * max(0, least - block.after.count(ending))
