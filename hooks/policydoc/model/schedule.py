"""The schedule of amendments: every change that the marks of a document propose, in words, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .document import Block, BlockKind, Citation, Document, Mark, Part, Provision, Run, provisions, walk
from .runs import words

# What a block is called that is inserted or deleted as a whole
_KINDS: dict[BlockKind, str] = {
    "item": "bullet", "cell": "table cell", "heading-cell": "table cell", "cross-heading": "cross-heading",
    "term": "term", "meaning": "meaning", "note": "footnote",
}  # fmt: skip
_CONTEXT = 4  # words quoted to say where something is inserted
_GLUE = "\0"  # stands for the spaces in a citation, which counts as one word and is quoted whole


@dataclass(frozen=True)
class Change:
    """One change: `id` is the anchor of its place, `where` its name for a reader, such as `2.2` or `7, opening words`.

    `whole` says that the place itself, or a paragraph, bullet or cell in it, is inserted or deleted; `after` are the
    words before an insertion.
    """

    id: str
    where: str
    kind: str
    deleted: str = ""
    inserted: str = ""
    after: str = ""
    whole: bool = False

    @property
    def words(self) -> str:
        """The change as an instruction."""
        old, new = f"“{self.deleted}”", f"“{self.inserted}”"
        if self.whole:
            return f"delete the {self.kind} {old}" if self.deleted else f"insert the {self.kind} {new}"
        place = f"after “{self.after}” " if self.after else ""
        if self.deleted and self.inserted:
            return f"for {old} substitute {new}"
        if self.deleted:
            return f"{place}delete {old}"
        return f"{place}insert {new}" if place else f"at the beginning insert {new}"


def changes(document: Document) -> list[Change]:
    """All changes in reading order, words between the clauses included; references quoted by their numbers."""
    return list(_changes(document))


def places(amendments: Iterable[Change]) -> int:
    """How many places these changes are in: sections, clauses and stretches of unnumbered text."""
    return len({change.where for change in amendments})


def _changes(document: Document) -> Iterator[Change]:
    yield from _below(document.opening, "", "")
    for section in document.sections:
        yield from _section(section)
    for note in document.notes:
        yield from _in_words(note, document.sections[-1].anchor if document.sections else "", "footnotes")


def _section(section: Provision) -> Iterator[Change]:
    yield from _of_place(section, (Block("paragraph", section.heading),))
    yield from _below(section.content, section.anchor, section.named)


def _below(parts: Iterable[Part], anchor: str, where: str) -> Iterator[Change]:
    """The changes in what stands below a heading, or before the first."""
    for part in parts:
        if isinstance(part, Block):
            yield from _in_words(part, anchor, _loose(where, part))
        elif part.is_heading:
            yield from _section(part)
        else:
            for clause in provisions((part,)):
                yield from _of_place(clause, clause.blocks)


def _loose(where: str, block: Block) -> str:
    what = "cross-heading" if block.kind == "cross-heading" else "unnumbered text"
    return f"{where}, {what}" if where else "opening words"


def _of_place(place: Provision, blocks: tuple[Block, ...]) -> Iterator[Change]:
    if place.withheld:
        return
    if place.status in ("inserted", "deleted"):
        text = _quoted(text for block in blocks for _, text in _stretches(block))
        old, new = (text, "") if place.status == "deleted" else ("", text)
        yield Change(place.anchor, place.named, place.called, old, new, whole=True)
    elif place.status == "amended":
        for block in blocks:
            yield from _in_words(block, place.anchor, place.named)


def _in_words(block: Block, anchor: str, where: str, kind: str = "") -> Iterator[Change]:
    """The changes within one block, each with as much of the words before it as tells where it is."""
    if block.blocks:
        kind = _KINDS.get(block.kind, "")
        for inner in block.blocks:
            yield from _in_words(inner, anchor, where, kind)
            kind = ""  # a bullet's first paragraph is the bullet, the others are paragraphs in it
        return
    runs = [(mark, " ".join(text.split())) for mark, text in _stretches(block) if text.strip()]
    if len(runs) == 1 and runs[0][0]:
        mark, text = runs[0][0], _quoted([runs[0][1]])
        old, new = (text, "") if mark == "deleted" else ("", text)
        yield Change(anchor, where, kind or _KINDS.get(block.kind, "paragraph"), old, new, whole=True)
        return
    yield from _between(runs, anchor, where)


def _between(runs: list[tuple[Mark, str]], anchor: str, where: str) -> Iterator[Change]:
    before = ""
    index = 0
    while index < len(runs):
        mark, text = runs[index]
        next_mark, next_text = runs[index + 1] if index + 1 < len(runs) else ("", "")
        after = _quoted(before.split()[-_CONTEXT:])
        if mark and next_mark and next_mark != mark:
            old, new = (text, next_text) if mark == "deleted" else (next_text, text)
            yield Change(anchor, where, "", _quoted([old]), _quoted([new]))
            before = f"{before} {new}"
            index += 2
            continue
        if mark == "deleted":
            is_twice = sum(text in other for _, other in runs) > 1
            yield Change(anchor, where, "", deleted=_quoted([text]), after=after if is_twice else "")
        elif mark == "inserted":
            yield Change(anchor, where, "", inserted=_quoted([text]), after=after)
        if mark != "deleted":
            before = f"{before} {text}"
        index += 1


def _quoted(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).replace(_GLUE, " ").split())


def _stretches(block: Block) -> list[tuple[Mark, str]]:
    """The block's words as (mark, text), neighbours with the same mark joined."""
    stretches: list[tuple[Mark, str]] = []
    marked = (pair for inner in walk(block) for pair in [("", " "), *((run.mark, _text(run)) for run in inner.runs)])
    for mark, text in marked:
        if stretches and (stretches[-1][0] == mark or not text.strip()):
            stretches[-1] = (stretches[-1][0], stretches[-1][1] + text)
        elif text:
            stretches.append((mark, text))
    return stretches


def _text(run: Run) -> str:
    text = words(run, "previous" if run.mark == "deleted" else "amended")
    return text.replace(" ", _GLUE) if isinstance(run.thing, Citation) else text
