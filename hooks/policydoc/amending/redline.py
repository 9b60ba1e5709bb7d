"""Turns an approved policy file and an edited one into one with marks: rejected it is the first, accepted the other.

Clause by clause, then word by word. A clause that has moved is deleted in one spot and inserted in the other, whole.
What comes out is settled both ways and compared with both texts before anyone sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import zip_longest
from textwrap import shorten
from typing import Literal

from ..editions.outline import Line, outline, published
from ..model.alignment import Passage, align
from ..model.reading import Reading
from ..source.again import Remembering
from ..source.braces import is_attributes
from ..source.markdown import Dialect
from . import marks, wording
from .accept_reject import read, settle
from .blocks import Block, blocks, newline, split
from .rewriting import Refused
from .wording import Mark

# The pipes between the cells of a row
_PIPE = re.compile(r"(?<!\\)\|")
# How the two are compared: word by word; or so, but what stands between clauses is taken for new
Manner = Literal["words", "clauses"]


@dataclass(frozen=True)
class _Group:
    """A place with its own blocks, or one block between places."""

    blocks: tuple[Block, ...]

    @property
    def is_place(self) -> bool:
        return self.blocks[0].kind in ("heading", "item", "fixed")

    @property
    def passage(self) -> Passage:
        passages = [_passage(block) for block in self.blocks]
        name = wording.NAME.search(wording.apart(self.blocks[0].text)[1])
        return replace(passages[0], text="\n".join(each.text for each in passages), name=name[1] if name else "")


def marked(old: str, new: str, slug: str) -> str:
    """The new file's text with marks for all that is not in the old one. Marks in the new text count as accepted.

    Front matter, comments, names and everything else but words are those of the new text. Raises Refused.
    """
    dialect = Remembering()
    clean = _accepted(new, slug)
    # What a text says is asked without its old numbers: `close_up` leaves no place for what is deleted.
    meant: dict[Reading, list[Line]] = {
        "previous": outline(read(old, slug, dialect, True), "amended"),
        "amended": outline(read(clean, slug, dialect, True), "amended"),
    }
    remarks = _remarks(split(new)[1])
    front, body = split(clean)
    ending = newline(clean)
    was = blocks(re.sub(r"\r\n|\r|\n", ending, split(old)[1]))
    now = blocks(body)
    manners: tuple[Manner, ...] = ("words", "clauses")
    for manner in manners:
        text = front + _joined(_written(_groups(was), _groups(now), manner, ending, remarks, dialect), ending)
        text = text.rstrip() + clean[len(clean.rstrip()) :]
        departs = _departs(text, slug, dialect, meant)
        if departs is None:
            break
    else:
        raise Refused(
            f"policy_src/{slug}.md: {departs}marks can't show this change (a table's columns or code have changed, or "
            "text stands below another clause than before). Undo it there, or mark it by hand with ~~ and ^^."
        )
    known = {line.text for each in (old, clean) for line in published(read(each, slug, dialect, True), "amended")}
    for reading in meant:
        said = published(read(text, slug, dialect, True), reading)
        inside = next((line.text for line in said if line.text not in known), None)
        if inside:
            words = shorten(inside, 80, placeholder=" …")
            raise Refused(
                f"policy_src/{slug}.md: marks would publish “{words}”, which is internal in the text before or after. "
                "Leave {.internal} where it was until this version is approved."
            )
    return text


def _accepted(text: str, slug: str) -> str:
    """The text with its own marks accepted, its comments kept, nothing left to hold the numbers of what has gone."""
    return settle(text, slug, "amended", comments="keep", close_up=True).text


def _departs(text: str, slug: str, dialect: Dialect, meant: dict[Reading, list[Line]]) -> str | None:
    """Near which place the marked text, settled either way, doesn't say what it is meant to; None where it does.

    Names are no words, and not compared.
    """
    for reading, lines in meant.items():
        try:
            found = settle(text, slug, reading, comments="drop", close_up=True).text
            said = outline(read(found, slug, dialect, True), "amended")
        except Refused:
            return ""
        pairs = zip_longest(said, lines)
        first = next((n for n, (one, other) in enumerate(pairs) if _unnamed(one) != _unnamed(other)), None)
        if first is not None:
            number = next((line.number for line in reversed(lines[: first + 1]) if line.number), "")
            return f"near {number}: " if number else "at its beginning: "
    return None


def _unnamed(line: Line | None) -> Line | None:
    return line and replace(line, name="")


def _remarks(body: str) -> dict[str, str]:
    """The comments on what is marked as deleted whole, by its words."""
    found: dict[str, str] = {}
    for block in blocks(body):
        spans = marks.scan(block.text) if block.kind != "fixed" else []
        words, said = (marks.settled(block.text, spans, marks.fates(each)) for each in ("previous", "amended"))
        comments = [block.text[span.start : span.end] for span in spans if span.comment]
        if comments and not wording.apart(said)[0].strip():
            found[wording.folded(wording.apart(words)[0])] = "".join(f" {comment}" for comment in comments)
    return found


# Clause by clause


def _groups(found: Sequence[Block]) -> list[_Group]:
    """The blocks by place: a clause with its paragraphs, bullets and tables, but without its sub-clauses."""
    groups: list[list[Block]] = []
    for block in found:
        first = groups[-1][0] if groups else None
        own = first is not None and first.kind == "item" and block.kind != "item" and block.depth > first.depth
        if first is not None and block.kind != "heading" and (own or block.is_attributes):
            groups[-1].append(block)
        else:
            groups.append([block])
    return [_Group(tuple(each)) for each in groups]


def _written(
    was: list[_Group], now: list[_Group], manner: Manner, ending: str, remarks: Mapping[str, str], dialect: Dialect
) -> Iterator[str]:
    olds, news = [each.passage for each in was], [each.passage for each in now]
    if manner == "clauses":  # what stands between clauses belongs to the one above it, which may be another now
        news = [each if now[n].is_place else replace(each, kind=("new", n)) for n, each in enumerate(news)]
    pairs = align(olds, news).pairs
    kept = {news[j].name for i, j in pairs if i is not None and j is not None}
    for n, (i, j) in enumerate(pairs):
        if i is not None and j is not None:
            new = now[j].blocks
            if pairs[n + 1 : n + 2] == [(i + 1, None)]:  # as far from what is gone as that was
                new = (*new[:-1], replace(new[-1], after=was[i].blocks[-1].after))
            found = _reworded(was[i].blocks, new, ending, dialect)
            if found is None:
                found = [*_whole(was[i].blocks, "del", ending, kept), *_whole(new, "ins", ending)]
            yield from found
        elif i is not None:
            gone = [replace(each, text=each.text + remarks.get(_passage(each).text, "")) for each in was[i].blocks]
            yield from _whole(gone, "del", ending, kept)
        elif j is not None:
            yield from _whole(now[j].blocks, "ins", ending)


def _joined(parts: Iterable[str], ending: str) -> str:
    """The parts as one text; what is no item has a blank line above, whatever was deleted or inserted there."""
    text = ""
    for part in parts:
        item = re.match(r"[ \t]*(?:\d+\.|[-*+])[ \t]", part)
        if part.strip() and not item and re.search(rf"(?:\d+\.|[-*+])[ \t][^\r\n]*{ending}\Z", text):
            text += ending
        text += part
    return text


def _whole(found: Sequence[Block], mark: Mark, ending: str, without: AbstractSet[str] = frozenset()) -> Iterator[str]:
    """Blocks that are deleted or inserted as they are; `without` are names that others have now."""
    for block in found:
        after = _spaced(block, ending)
        if block.is_attributes:  # what was internal stays so when it is deleted
            yield block.lead + wording.without_names(block.text, without) + after
        elif block.kind == "fixed":  # marks can't hold it: it is there where it is new, and what is gone is gone
            yield block.source if mark == "ins" else ""
        elif block.kind == "table":
            rows = [row if _is_rule(row) else _row(row, _cells(row), mark) for row in block.text.splitlines()]
            yield ending.join(rows) + after
        else:
            yield block.lead + wording.whole(block.text, mark, without) + after


def _reworded(old: Sequence[Block], new: Sequence[Block], ending: str, dialect: Dialect) -> list[str] | None:
    """A place's new blocks with marks for what is new in them; None where that can't be shown within the place."""
    found: list[str] = []
    hidden = [[_is_internal(each[n : n + 2]) for n in range(len(each))] for each in (old, new)]
    if hidden[0][0] and not hidden[1][0]:  # its old words would be published
        return None
    rest = align(*([_passage(each, inside) for each, inside in zip(group[1:], flags[1:], strict=True)]
                   for group, flags in zip((old, new), hidden, strict=True))).pairs  # fmt: skip
    for i, j in [(0, 0), *((None if i is None else i + 1, None if j is None else j + 1) for i, j in rest)]:
        if i is not None and j is not None:
            before, after = old[i], new[j]
            if _passage(before) == _passage(after):
                found.append(after.source)
                continue
            text = (
                _in_table(before, after, ending, dialect)
                if after.kind == "table"
                else wording.in_words(before.text, after.text, dialect)
            )
            if text is not None:
                found.append(after.lead + text + after.after)
                continue
            if i == 0:
                return None
            found += [*_whole([before], "del", ending), *_whole([after], "ins", ending)]
        elif i is not None:
            found += _whole([old[i]], "del", ending)
        elif j is not None:
            found += _whole([new[j]], "ins", ending)
    return found


def _in_table(old: Block, new: Block, ending: str, dialect: Dialect) -> str | None:
    rows = [[row for row in block.text.splitlines() if not _is_rule(row)] for block in (old, new)]
    if len({len(_cells(row)) for row in (*rows[0], *rows[1])}) > 1:
        return None
    rule = next(row for row in new.text.splitlines() if _is_rule(row))
    found: list[str] = []
    for i, j in align(*([_row_passage(row) for row in each] for each in rows)).pairs:
        if i is not None and j is not None:
            cells = [
                wording.in_words(*pair, dialect) for pair in zip(_cells(rows[0][i]), _cells(rows[1][j]), strict=True)
            ]
            if None in cells:
                return None
            same = _row_passage(rows[0][i]) == _row_passage(rows[1][j])
            found.append(rows[1][j] if same else _row(rows[1][j], [cell or "" for cell in cells]))
        elif i is not None:
            found.append(_row(rows[0][i], _cells(rows[0][i]), "del"))
        elif j is not None:
            found.append(_row(rows[1][j], _cells(rows[1][j]), "ins"))
    return ending.join([found[0], rule, *found[1:]])


# Small parts of a text


def _passage(block: Block, internal: bool = False) -> Passage:
    text = block.text if block.kind == "fixed" else wording.apart(wording.bare(block.text))[0]
    return Passage((block.kind, _frame(block), block.depth, internal), wording.folded(text))


def _frame(block: Block) -> str:
    """What the signs before a block's words make of it: # a heading and its level, > a quotation, [ a footnote, : a
    meaning."""
    sign = "".join(block.lead.split())
    return sign if sign[:1] in ("#", ">") else sign[:1] if sign[:1] in ("[", ":") else ""


def _is_internal(found: Sequence[Block]) -> bool:
    """Whether the first of these blocks is internal, by its own end or by the line of attributes that follows it."""
    own = [block for n, block in enumerate(found) if block.is_attributes or (n == 0 and block.kind != "table")]
    return any(".internal" in wording.apart(block.text)[1] for block in own)


def _spaced(block: Block, ending: str) -> str:
    """What stands behind a block once others may follow it: a blank line, but for the items of a tight list."""
    least = 1 if block.kind in ("item", "bullet") else 2
    return block.after + ending * max(0, least - block.after.count(ending))


def _is_rule(row: str) -> bool:
    return bool(re.fullmatch(r"[\s|:-]+", row))


def _row_passage(row: str) -> Passage:
    """A row by its words; one that is internal is never paired with one that isn't."""
    return Passage(("row", bool(_signs(row))), wording.folded(" | ".join(_cells(row))))


def _cells(row: str) -> list[str]:
    row = row.strip().removesuffix(_signs(row)).strip()
    return [cell.strip() for cell in _PIPE.split(row.removeprefix("|").removesuffix("|"))]


def _signs(row: str) -> str:
    """What stands behind a row's last pipe, `{.internal}`."""
    behind = _PIPE.split(row.strip())[-1].strip()
    return behind if is_attributes(behind) else ""


def _row(row: str, cells: Sequence[str], mark: Mark | None = None) -> str:
    """A table's row with these cells, indented and internal as it was."""
    sign = wording.SIGNS[mark] if mark else ""
    indent = row[: len(row) - len(row.lstrip())]
    return (
        f"{indent}| "
        + " | ".join(f"{sign}{cell}{sign}" if cell else "" for cell in cells)
        + f" | {_signs(row)}".rstrip()
    )
