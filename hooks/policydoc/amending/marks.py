"""Turns the text of one block, as it was typed, into its marks and comments, and back into text without some of them.

A document says what the words are in each reading; this says which characters of the file they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from ..model.document import Comment, Mark, Reading
from ..model.runs import LEFT_OUT
from ..source import signs

# words: {==these==}, which a comment is about
Kind = Mark | Literal["words", "comment"]
# What becomes of a mark: it and its words go, its signs alone go, or all stays
Resolution = Literal["drop", "unwrap", "keep"]

# In the order in which Markdown looks for them; what one has found is hidden from the next.
_CODE = re.compile(r"(?<!\\)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(signs.COMMENT, re.DOTALL)
_WORDS = re.compile(signs.WORDS, re.DOTALL)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
# ](https://example.org/~~a "title")   <https://example.org/~~a>
_ADDRESS = re.compile(r"(?<=\])\((?:[^()\\]|\([^()]*\))*\)|<[a-z]+:[^\s<>]*>")
# [^note]     but no definition of one
_NOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)")
_SIGN = re.compile(r"~{2,}|\^{2,}")
_KINDS: dict[str, Mark] = {sign: mark for mark, sign in signs.MARKS.items()}
_LENGTHS: dict[Kind, int] = {"deleted": 2, "inserted": 2, "words": 3, "comment": 0}

# **   [](https://example.org)   left empty when the words in them go
_HOLLOW = (("{==", "==}"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"))
# ** before a word that it makes bold; ** behind one
_OPENS = re.compile(r"(?:^|[\s(])(?:\*\*|__|\*|_)$")
_CLOSES = re.compile(r"(?:\*\*|__|\*|_)(?!\w)")
_HOLLOW_LINK = re.compile(r"\](?:\((?:[^()\\]|\([^()]*\))*\)|\{lang=[^{}]*\})")


class Unclear(Exception):
    """The signs of these marks can't be told apart; the text says which."""


@dataclass(frozen=True)
class Span:
    """A mark or comment from `start` to `end` of its block's text, signs included."""

    kind: Kind
    start: int
    end: int
    comment: Comment | None = None

    @property
    def sign_length(self) -> int:
        """How many characters its sign has on each side."""
        return _LENGTHS[self.kind]


def scan(text: str) -> list[Span]:
    """The marks and comments of a block in the order in which they begin. Raises Unclear."""
    text = _hidden(_CODE, text)
    spans = [Span("comment", m.start(), m.end(), _comment(m)) for m in _COMMENT.finditer(text)]
    text = _hidden(_COMMENT, text)
    spans += [Span("words", m.start(), m.end()) for m in _WORDS.finditer(text)]
    text = _hidden(_ADDRESS, _hidden(_ESCAPE, text))
    opened: dict[str, int] = {}
    for row in _SIGN.finditer(text):  # of signs that stand side by side, ~~~~
        if len(row[0]) % 2:
            raise Unclear(f"it can't be told which sign of {row[0]} is the mark's. Put a word or space between them.")
        for start in range(row.start(), row.end(), 2):
            sign = row[0][:2]
            if sign in opened:
                spans.append(Span(_KINDS[sign], opened.pop(sign), start + 2))
            else:
                opened[sign] = start
    if opened:
        sign = next(iter(opened))
        raise Unclear(f"the mark {sign} is never closed. Close it with {sign} before the clause ends.")
    return sorted(spans, key=lambda span: (span.start, -span.end))


def note_signs(text: str, names: Collection[str]) -> list[Span]:
    """The signs of these footnotes in a block's text, as what can be taken out of it."""
    return [Span("comment", m.start(), m.end()) for m in _NOTE.finditer(_hidden(_CODE, text)) if m[1] in names]


def chains(text: str, spans: Sequence[Span]) -> list[list[Span]]:
    """The marks that make one amendment, with their comments: nothing but spaces and signs stands between them."""
    chains: list[list[Span]] = []
    end = -1
    for span in spans:
        if chains and (span.start < end or not text[end : span.start].strip()):
            chains[-1].append(span)
        else:
            chains.append([span])
        end = max(end, span.end)
    return chains


def resolutions(reading: Reading, comments: Resolution = "drop") -> Callable[[Span], Resolution]:
    """What becomes of each mark when its text is resolved for a reading: amended accepts, previous rejects."""

    def resolution(span: Span) -> Resolution:
        if span.kind == "comment" or (span.kind == "words" and comments == "keep"):
            return comments
        return "drop" if span.kind == LEFT_OUT[reading] else "unwrap"

    return resolution


def resolved(text: str, spans: Sequence[Span], resolution: Callable[[Span], Resolution]) -> str:
    """The text once all its marks are resolved, with the spaces that a reader expects where words have gone."""
    cuts: list[tuple[int, int, bool]] = []  # from, to, whether words go there
    for span in spans:
        match resolution(span):
            case "drop":
                cuts.append((span.start, span.end, True))
            case "unwrap":
                cuts += [
                    (span.start, span.start + span.sign_length, False),
                    (span.end - span.sign_length, span.end, False),
                ]
    done, end, gap = "", 0, False
    for start, stop, words in sorted(cuts):
        if start > end:
            done = _joined(done, text[end:start], gap)
            gap = False
        gap, end = gap or words, max(end, stop)
    return _joined(done, text[end:], gap)


def _joined(left: str, right: str, gap: bool) -> str:
    if not gap:
        return left + right
    left, right = _without_hollows(left, right)
    if not left.strip():
        return left + right.lstrip(" \t")
    if left[-1] in "\r\n" or not left.rstrip(" \t") or left.rstrip(" \t")[-1] in "\r\n":
        # The words stood at the start of a line.
        return (left.rstrip() + right) if right[:1] in ("\r", "\n", "") else left + right.lstrip(" \t")
    if _OPENS.search(left):
        return left + right.lstrip(" \t")
    if not right or right[0].isspace() or signs.CLOSING.match(right) or _CLOSES.match(right):
        left = left.rstrip(" \t")
    return left + right


def _without_hollows(left: str, right: str) -> tuple[str, str]:
    link = _HOLLOW_LINK.match(right)
    if link and left.endswith("["):
        return _without_hollows(left[:-1], right[link.end() :])
    for opening, closing in _HOLLOW:
        if left.endswith(opening) and right.startswith(closing):
            return _without_hollows(left.removesuffix(opening), right.removeprefix(closing))
    return left, right


def _hidden(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "\0" * len(match[0]), text)


def _comment(match: re.Match[str]) -> Comment:
    return signs.signed(match[1] if match[1] is not None else match[2])
