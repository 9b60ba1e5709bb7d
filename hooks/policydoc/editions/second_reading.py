"""Reads the lines of a policy a second time, by code of the leak gate's own: which words stay inside, and which do not.

The first reading is that of Python-Markdown and the walk over its tree. This one knows only lines and how far they are
indented, and shares nothing with the first, so that a fault there, or in what withholds, can't blind the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from . import bare_words
from .bare_words import Bare

Lines = Sequence[tuple[int, str]]

_CODE = "\x01"  # stands in a line for a block of code, with the block's index behind it
_CODE_AT = re.compile(rf"{_CODE}(\d+)")
# ```   ~~~ python
_FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *[\w+-]* *$")
# {.internal}   {#name .internal}     on a line of their own
_ATTRIBUTES = re.compile(r"^\s*(?:\{[#.:=](?!=)[^{}]*\}\s*)+$")
# ## Heading   ### Heading
_HEADING = re.compile(r"^(#{1,6})(?!#)")
# 1.  item     -   bullet     and nothing behind it yet
_ITEM = re.compile(r"^ {0,3}(\d+\.|[-*+])(?: +|$)")
# [^note]: text
_NOTE = re.compile(r"^ {0,3}\[\^([^\]]+)\]: *")
# :   meaning
_MEANING = re.compile(r"^ {0,3}: {1,3}(?=\S)")
# !!! note "title"
_BOX = re.compile(r"^ {0,3}!!! *")
# > quoted
_QUOTE = re.compile(r"^ {0,3}> ?")
# [name]: https://example.org "title"
_DEFINITION = re.compile(r"^ {0,3}\[[^\]^]+\]:")
_PIPE = re.compile(r"(?<!\\)\|")
# What a line may begin with that begins a block, whatever stands above it
_SIGNS = frozenset(f"{{#>-*+:!{_CODE}[0123456789")
_STARTS = (_ATTRIBUTES, _HEADING, _ITEM, _NOTE, _MEANING, _BOX, _QUOTE, _DEFINITION)
_DEEPEST = 60  # blocks in blocks; what lies deeper is read as words


@dataclass(eq=False)
class Block:
    """A heading, item, bullet, paragraph, row, term, meaning, note …: its first line, its own words, and what is in it.

    `internal` says that its author marked it, or what holds it, as internal; `marked_below`, that a line of its own
    says so; `group` is the table, list or definitions that it is a part of.
    """

    kind: str
    line: int
    words: Bare
    text: str = ""
    below: list[Block] = field(default_factory=list)
    group: int = 0
    name: str = ""
    internal: bool = False
    marked_below: bool = False

    def all(self) -> Iterator[Block]:
        yield self
        for block in self.below:
            yield from block.all()


def read(lines: Sequence[str], first: int) -> list[Block]:
    """All blocks of a text in reading order, those in others included; `first` is the number of the first line."""
    reader = _Reader()
    numbered = list(reader.without_comments(reader.without_code(lines, first)))
    top = reader.blocks(numbered)
    _mark_sections(top)
    _mark_below(top)
    _mark_definitions(top)
    blocks = [block for block in top for block in block.all()] + reader.comments
    _mark_notes(blocks)
    return blocks


class _Reader:
    def __init__(self) -> None:
        self.comments: list[Block] = []
        self._code: list[str] = []
        self._groups = 0
        self._depth = 0

    # lines

    def without_code(self, lines: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
        """The lines, each block of code as one."""
        fence: re.Match[str] | None = None
        opened, code = 0, list[str]()
        for number, raw in enumerate(lines, first):
            line = raw.expandtabs(4)
            if fence is None:
                fence = _FENCE.match(line)
                opened, code = number, []
                if fence is None:
                    yield number, line
            elif line.strip().startswith(fence[2]) and not line.strip().strip(fence[2][0]):
                self._code.append("\n".join(code))
                yield opened, f"{fence[1]}{_CODE}{len(self._code) - 1}"
                fence = None
            else:
                code.append(line)

    def without_comments(self, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """The lines without HTML comments that run over several; such a comment is kept as a block of its own."""
        for at, text in lines:
            number, line = at, text
            while "<!--" in line and (start := bare_words.open_comment(line)) is not None:
                yield number, line[:start]
                comment, opened, line = [line[start + 4 :]], number, ""
                for closing, following in lines:
                    number = closing
                    before, close, line = following.partition("-->")
                    comment.append(before)
                    if close:
                        break
                words = _CODE_AT.sub(lambda code: self._code[int(code[1])], "\n".join(comment))
                self.comments.append(Block("comment", opened, Bare(comments=[(words, 0)])))
            yield number, line

    # blocks

    def blocks(self, lines: Lines) -> list[Block]:
        """The blocks of these lines, which are indented as far as the block that holds them wants."""
        blocks: list[Block] = []
        index = 0
        self._depth += 1
        while index < len(lines):
            number, line = lines[index]
            if self._depth > _DEEPEST:
                blocks.append(self._words_of(number, "\n".join(line for _, line in lines)))
                break
            if not line.strip():
                index += 1
            elif _ATTRIBUTES.match(line):
                self._apply(blocks, number, line)
                index += 1
            elif heading := _HEADING.match(line):
                kind = "section" if heading[1] == "##" else "cross-heading"
                blocks.append(Block(kind, number, bare_words.read(line[heading.end() :].rstrip().rstrip("#"))))
                index += 1
            elif line.lstrip().startswith(_CODE):
                code = self._code[int(line.strip()[1:])]
                blocks.append(Block("code", number, Bare(pieces=[(code.replace("\n", " "), frozenset())])))
                index += 1
            elif _QUOTE.match(line):
                index = self._quote(lines, index, blocks)
            elif item := _ITEM.match(line):
                index = self._holder("item" if item[1][0].isdigit() else "bullet", lines, index, item.end(), blocks)
            elif note := _NOTE.match(line):
                index = self._holder("note", lines, index, note.end(), blocks)
                blocks[-1].name = note[1]
            elif meaning := _MEANING.match(line):
                self._terms(blocks)
                index = self._holder("meaning", lines, index, meaning.end(), blocks)
                blocks[-1].group = blocks[-2].group if len(blocks) > 1 else 0
            elif box := _BOX.match(line):
                index = self._holder("box", lines, index, box.end(), blocks)
            else:
                index = self._paragraph(lines, index, blocks)
        self._depth -= 1
        return blocks

    def _holder(self, kind: str, lines: Lines, start: int, cut: int, blocks: list[Block]) -> int:
        """A block that holds others: all lines below it that are indented, or that go on with its words."""
        number, line = lines[start]
        inner: list[tuple[int, str]] = [(number, line[cut:])]
        index, after_blank = start + 1, False
        while index < len(lines):
            at, line = lines[index]
            if line.strip() and not line.startswith("    ") and (after_blank or _starts(line)):
                break
            after_blank = not line.strip()
            inner.append((at, line[4:] if line.startswith("    ") else line))
            index += 1
        holder = Block(kind, number, Bare())
        if kind == "box":  # its first line is its kind and title, not yet its text
            holder.words, inner = bare_words.read(inner[0][1]), inner[1:]
        holder.below = self.blocks(inner)
        first = holder.below[0] if holder.below else None
        if first and first.line == number and kind != "box" and first.kind in ("paragraph", "attributes"):
            own = [block for block in holder.below if (kind, block.kind) != ("item", "item")]
            # Below the first of several blocks, it is about that one alone
            holder.internal = first.words.internal and not (first.marked_below and len(own) > 1)
            holder.words.attributes = [*first.words.attributes]
        elif first and all(block.internal for block in holder.below):
            holder.internal = True
        self._group(holder, blocks)
        blocks.append(holder)
        return index

    def _quote(self, lines: Lines, start: int, blocks: list[Block]) -> int:
        number, inner, index = lines[start][0], list[tuple[int, str]](), start
        while index < len(lines) and lines[index][1].strip():
            at, line = lines[index]
            if index > start and not _QUOTE.match(line) and _starts(line):
                break
            inner.append((at, _QUOTE.sub("", line)))
            index += 1
        blocks.append(Block("quote", number, Bare(), below=self.blocks(inner)))
        return index

    def _paragraph(self, lines: Lines, start: int, blocks: list[Block]) -> int:
        number, index = lines[start][0], start + 1
        while index < len(lines) and lines[index][1].strip() and not _starts(lines[index][1]):
            index += 1
        block = lines[start:index]
        if len(block) > 1 and "|" in block[0][1] and "-" in block[1][1] and not block[1][1].strip(" \t|:-"):
            self._groups += 1
            for at, line in (block[0], *block[2:]):
                blocks.append(self._row(at, line))
        else:
            blocks.append(self._words_of(number, "\n".join(line.strip() for _, line in block)))
        return index

    def _words_of(self, number: int, text: str) -> Block:
        words = bare_words.read(text)
        return Block("paragraph", number, words, text, internal=words.internal)

    def _row(self, number: int, line: str) -> Block:
        text, _, end = line.rpartition("|")
        marked = bool(_ATTRIBUTES.match(end))
        cells = [Block("cell", number, bare_words.read(cell.strip())) for cell in _PIPE.split(text if marked else line)]
        words = bare_words.read(end) if marked else Bare()
        for cell in cells:
            cell.internal = cell.words.internal
        return Block("row", number, words, below=cells, group=self._groups, internal=words.internal)

    def _terms(self, blocks: list[Block]) -> None:
        """The paragraph above a meaning is the term, or several, a line each."""
        if not blocks or blocks[-1].kind != "paragraph":
            return
        paragraph = blocks.pop()
        self._groups += 1
        for offset, text in enumerate(paragraph.text.split("\n")):
            term = self._words_of(paragraph.line + offset, text)
            term.kind, term.group = "term", self._groups
            blocks.append(term)

    def _group(self, holder: Block, blocks: list[Block]) -> None:
        """Bullets below each other are one list."""
        if holder.kind in ("item", "bullet"):
            is_first = not blocks or blocks[-1].kind != holder.kind
            self._groups += is_first
            holder.group = self._groups if is_first else blocks[-1].group

    def _apply(self, blocks: list[Block], number: int, line: str) -> None:
        """Attributes on a line of their own belong to the block above: a whole table, list or set of definitions."""
        words = bare_words.read(line)
        if not blocks:  # to what holds them
            blocks.append(Block("attributes", number, words))
            return
        last = blocks[-1]
        last.words.attributes += words.attributes
        for block in reversed(blocks):
            if block.internal or (block is not last and not (last.group and block.group == last.group)):
                break
            block.internal = block.marked_below = words.internal


def _starts(line: str) -> bool:
    return line.lstrip()[:1] in _SIGNS and (line.lstrip()[0] == _CODE or any(start.match(line) for start in _STARTS))


def _mark_sections(top: list[Block]) -> None:
    """What stands in an internal section, or below an internal cross-heading up to the next heading, is internal.

    Notes belong to whatever refers to them.
    """
    section = heading = False
    for block in top:
        if block.kind in ("section", "cross-heading"):
            heading = block.internal or block.words.internal
            section = heading if block.kind == "section" else section
        if (section or heading) and block.kind != "note":
            block.internal = True


def _mark_below(blocks: Sequence[Block], internal: bool = False) -> None:
    for block in blocks:
        block.internal = block.internal or internal
        _mark_below(block.below, block.internal)


def _mark_definitions(blocks: Sequence[Block]) -> None:
    """A term goes with its last meaning, a meaning with its last term."""
    for block in blocks:
        _mark_definitions(block.below)
    stretches = [(kind, list(stretch)) for kind, stretch in groupby(blocks, lambda block: block.kind)]
    for (kind, terms), (following, meanings) in pairwise(stretches):
        if (kind, following) != ("term", "meaning"):
            continue
        if all(term.internal for term in terms):
            _mark_below(meanings, True)
        elif all(meaning.internal for meaning in meanings):
            _mark_below(terms, True)


def _mark_notes(blocks: Sequence[Block]) -> None:
    """A note is internal if it is marked, or nothing public refers to it."""
    notes = {block.name: block for block in blocks if block.kind == "note"}
    if not notes:
        return
    inside = {id(block) for note in notes.values() for block in note.all()}
    waiting = [name for block in blocks if not block.internal and id(block) not in inside for name in block.words.notes]
    public = set[str]()
    for name in waiting:
        note = notes.get(name)
        if note is not None and name not in public and not note.internal:
            public.add(name)
            waiting += (other for block in note.all() if not block.internal for other in block.words.notes)
    for name, note in notes.items():
        if name not in public:
            _mark_below([note], True)
