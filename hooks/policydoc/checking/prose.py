"""The words of a policy as amended, block by block, and the line of a phrase in what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from ..model.document import Block, Document, LineBreak, Provision, Run
from ..source import signs
from ..source.policy_files import Source

LINK, LINK_END = "\x02", "\x03"  # stand before and after the words of a link
_BREAK = " \0 "  # stands where a block, cell or line ends, so that no phrase goes on beyond it
# `code`   {>>comment<<}   <!-- comment -->   ~~deleted~~   ](address)   and the other signs of Markdown
_SIGNS = re.compile(
    rf"{signs.CODE_SPAN}|\{{>>.*?<<\}}|<!--.*?-->|~~.*?~~|(?<=\])\(\S[^()]*\)|\^\^|==|[\[\]{{}}*_\\>]", re.DOTALL
)


@dataclass(frozen=True)
class Passage:
    """The words of one block as amended, without code and comments.

    `owner` is what it belongs to; its words stand in the lines from `first` to before `end`.
    """

    text: str
    owner: Provision | None
    first: int
    end: int
    heading: bool = False

    @property
    def where(self) -> str:
        """What it belongs to, for a reader."""
        return str(self.owner or "")


def passages(document: Document, source: Source) -> list[Passage]:
    """All passages as they stand in the file, but for those that have no words."""
    headings = [
        (section, Block("heading", section.heading, (), section.line))
        for section in document.provisions()
        if section.is_heading
    ]
    blocks = [(owner, block, _words(block)) for owner, block in (*headings, *document.blocks())]
    spoken = sorted((some for some in blocks if some[2].strip(_BREAK + "\n")), key=lambda some: some[1].line)
    ends = [block.line for _, block, _ in spoken[1:]] + [source.first + len(source.body)]
    return [
        Passage(text, owner, block.line, end, block.kind in ("heading", "cross-heading"))
        for (owner, block, text), end in zip(spoken, ends, strict=False)
    ]


def phrase(words: str) -> re.Pattern[str]:
    """Finds these words as whole words, whatever space is between them."""
    spaced = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)")


def is_linked(text: str, index: int) -> bool:
    """Whether what stands here in a passage's words is part of a link."""
    return text.count(LINK, 0, index) != text.count(LINK_END, 0, index)


def line_of(wanted: re.Pattern[str], passage: Passage, source: Source) -> int:
    """The line on which the words of a passage stand that a pattern has found in it; its first line if in doubt."""
    typed = "\n".join(source.body[passage.first - source.first : passage.end - source.first])
    match = wanted.search(_SIGNS.sub(lambda sign: re.sub(r"[^\n]", " ", sign[0]), typed))
    return passage.first + typed.count("\n", 0, match.start()) if match else passage.first


def _words(block: Block) -> str:
    if block.kind == "code":
        return ""
    if len(block.runs) == 1 and not block.blocks and not block.runs[0].link:  # as most have
        return f"{_BREAK}{_said(block.runs[0])}{_BREAK}"
    stretches = ((link, "".join(map(_said, linked))) for link, linked in groupby(block.runs, lambda run: run.link))
    words = [f"{LINK}{said}{LINK_END}" if link and said else said for link, said in stretches]
    return "".join([_BREAK, *words, *map(_words, block.blocks), _BREAK])


def _said(run: Run) -> str:
    """What a run says as amended; code and things say nothing."""
    if isinstance(run.thing, LineBreak):
        return _BREAK
    return "" if run.thing or run.mark == "deleted" or "code" in run.styles else run.text
