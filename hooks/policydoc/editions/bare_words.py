"""Reads the words of one block, by code of the leak gate's own: whatever a reader could see of it if it got out.

It knows the dialect's signs, but shares no code with what publishes a policy, so that no fault there blinds the gate.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

# Where what is printed differs from what stands in the source: a reviewer's comment, the number of a clause, of a note
COMMENT, NUMBER, NOTE = "\0c", "\0n", "\0f"
_GAPS = frozenset((COMMENT, NUMBER, NOTE))
# \*   `   {>>   <!--   {==   ==}   ~~   ^^   [^note]   ![   [   ]   <https://…>   &nbsp;   and single signs of emphasis
_SIGN = re.compile(
    r"(?=[\\`{<=~^\[\]!&*])"  # with what any of them begins
    r"(?:\\.|`+|\{>>|<!--|\{==|==\}|~~|\^\^|\[\^[^\]\s]{1,200}\]|!?\[|\]|<[a-zA-Z][\w+.-]{0,30}[:@][^\s<>]{1,2000}>"
    r"|&#?\w{1,32};|[~^*])",
    re.DOTALL,
)
_CLOSE = {"{>>": "<<}", "<!--": "-->"}
# (https://example.org/ "title")
_TARGET = re.compile(
    r"\(\s{0,99}<?([^\s()<>]{0,2000}(?:\([^\s()<>]{0,999}\)[^\s()<>]{0,2000})?)>?(?:\s{1,99}([\"'(])(.{0,2000}?)[\"')])?\s{0,99}\)",
    re.DOTALL,
)
# [fees]     behind the words of a link
_DEFINED = re.compile(r"\[([^\[\]\n^]{0,200})\]")
# {lang=cy}    behind words of another language
_LANGUAGE = re.compile(r"\{[ \t]*lang[ \t]*[=:][^{}\n]{0,200}\}")
# TA1: the text
_SIGNED = re.compile(r"^\s*(\w[\w .'’/-]{0,39}?)\s*: (.*)$", re.DOTALL)
# #moderator   data-protection.md   data-protection.md#retention
_PLACE = re.compile(r"^(?:#|(?:\./)?[^/#?:]+\.md(?:#|$))")


@dataclass
class Bare:
    """The words of a block.

    pieces are (text or gap, the marks it stands in). asides are strings that are printed beside the words: titles, what
    is said of an image. addresses are those of links and images, notes the footnotes that are referred to. comments are
    (text, how many lines below the block's first). attributes are what stands in braces at its end.
    """

    pieces: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)

    @property
    def internal(self) -> bool:
        return ".internal" in self.attributes

    @property
    def names(self) -> list[str]:
        return [attribute[1:] for attribute in self.attributes if attribute.startswith("#")]

    def strings(self) -> set[str]:
        """The words in every form in which they may be printed: each reading, with and without what stands between."""
        marks = {mark for _, marks in self.pieces for mark in marks}
        strings = set(self.asides) | set(self.addresses)
        for left_out in ("", *marks):
            shown = [text for text, inside in self.pieces if left_out not in inside]
            strings.update(_between(shown, _GAPS))
            strings.update(_between([text for text in shown if text != COMMENT], frozenset((NUMBER, NOTE))))
            # A note's number is printed close to the word before it.
            strings.update(part.rpartition(" ")[0] for part in _between(shown, _GAPS) if NOTE in shown)
        return {string for string in strings if string.strip()}


def _between(pieces: Iterable[str], gaps: frozenset[str]) -> list[str]:
    """The pieces joined, apart at these gaps; the other gaps are nothing."""
    parts: list[list[str]] = [[]]
    for piece in pieces:
        if piece in gaps:
            parts.append([])
        elif piece not in _GAPS:
            parts[-1].append(piece)
    return [" ".join("".join(part).split()) for part in parts]


def read(text: str) -> Bare:
    """The words of a block as they stand in the source, its lines joined by line ends."""
    bare = Bare()
    _Scanner(text, bare).run()
    _take_attributes(bare)
    return bare


class _Scanner:
    """One pass over a block; every search that finds nothing is made once, so that no text takes long."""

    def __init__(self, text: str, bare: Bare) -> None:
        self.text, self.bare = text, bare
        self._marks: list[str] = []
        self._open: list[tuple[int, bool]] = []  # brackets: where in the pieces, and whether of an image
        self._unclosed: set[str] = set()
        self._line, self._counted = 0, 0
        self.opened: int | None = None  # where an HTML comment begins that doesn't end

    @cached_property
    def _ticks(self) -> Mapping[int, list[int]]:
        """Where backticks stand together, by how many."""
        ticks = defaultdict[int, list[int]](list)
        for run in re.finditer("`+", self.text):
            ticks[len(run[0])].append(run.start())
        return ticks

    def run(self) -> None:
        position = 0
        while sign := _SIGN.search(self.text, position):
            self._add(self.text[position : sign.start()])
            position = self._read(sign)
        self._add(self.text[position:])

    def _add(self, text: str) -> None:
        if text:
            self.bare.pieces.append((text.replace("\n", " ") if text not in _GAPS else text, frozenset(self._marks)))

    def _read(self, sign: re.Match[str]) -> int:
        """Takes in what begins with this sign; gives the position behind it."""
        token, end = sign[0], sign.end()
        if token[0] == "`":
            return self._code(token, end)
        if token in _CLOSE:
            return self._comment(token, end)
        if token in ("~~", "^^"):
            if token in self._marks:
                self._marks.remove(token)
            else:
                self._marks.append(token)
        elif token.startswith("[^"):
            self.bare.notes.append(token[2:-1])
            self._add(NOTE)
        elif token in ("[", "!["):
            self._open.append((len(self.bare.pieces), token == "!["))
            self.bare.pieces.append(("", frozenset(self._marks)))  # becomes a gap if this is a link to a place
        elif token == "]":
            return self._bracket(end)
        elif token[0] == "<":
            self.bare.addresses.append(token[1:-1])
            self._add(token[1:-1])
        elif token[0] == "&":
            self._add(unescape(token))
        elif token[0] == "\\":
            self._add(token)
        elif token == "*" and self.text[end - 2 : end - 1].isdigit() and self.text[end : end + 1].isdigit():
            self._add(" ")  # 2*3, which is no emphasis
        return end

    def _code(self, ticks: str, end: int) -> int:
        starts = self._ticks[len(ticks)]
        index = bisect_left(starts, end)
        if index == len(starts):
            return end
        self._add(self.text[end : starts[index]])
        return starts[index] + len(ticks)

    def _comment(self, opening: str, end: int) -> int:
        close = -1 if opening in self._unclosed else self.text.find(_CLOSE[opening], end)
        if close < 0:
            self._unclosed.add(opening)
            if opening == "<!--" and self.opened is None:
                self.opened = end - len(opening)
            return end
        self._line += self.text.count("\n", self._counted, end)
        self._counted = end
        self.bare.comments.append((self.text[end:close], self._line))
        self._add(COMMENT)
        return close + len(_CLOSE[opening])

    def _bracket(self, end: int) -> int:
        """The end of a link's or image's words, and where it leads."""
        if not self._open:
            return end
        start, is_image = self._open.pop()
        if language := _LANGUAGE.match(self.text, end):
            return language.end()
        target = _TARGET.match(self.text, end) if self.text.startswith("(", end) else None
        if target is None:
            return self._definition(end)
        self.bare.asides += [unescape(target[3])] if target[3] else []
        if is_image:
            said = "".join(text for text, _ in self.bare.pieces[start:] if text not in _GAPS)
            del self.bare.pieces[start:]
            self.bare.asides.append(said)
        if _PLACE.match(target[1]):  # the address becomes a number's, and perhaps the words a number
            self.bare.pieces[start : start + 1] = [(NUMBER, frozenset(self._marks))]
            self._add(NUMBER)
        else:
            self.bare.addresses.append(unescape(target[1]))
        return target.end()

    def _definition(self, end: int) -> int:
        """Behind the words of a link, the name of a definition that says where it leads."""
        name = _DEFINED.match(self.text, end)
        if name is None:
            return end
        self.bare.asides.append(name[1])
        self._add(COMMENT)
        return name.end()


def open_comment(line: str) -> int | None:
    """Where an HTML comment begins in this line that doesn't end in it."""
    scanner = _Scanner(line, Bare())
    scanner.run()
    return scanner.opened


def _take_attributes(bare: Bare) -> None:
    """Takes {#lead .internal} off the end of the words; comments may stand behind it."""
    index = len(bare.pieces) - 1
    while index >= 0 and (bare.pieces[index][0] == COMMENT or not bare.pieces[index][0].strip()):
        index -= 1
    if index < 0:
        return
    text, marks = bare.pieces[index]
    text = text.rstrip()
    while text.endswith("}") and (start := text.rfind("{")) >= 0 and text[start + 1 : start + 2] in tuple("#.:="):
        inside = text[start + 1 : -1].replace(".", " .").replace("#", " #")
        bare.attributes += [word.lstrip(":") for word in inside.split()]
        text = text[:start].rstrip()
    bare.pieces[index] = (text, marks)


def signed(comment: str) -> Iterator[str]:
    """The strings of a comment: all of it, and where it is signed its author and its text."""
    words = " ".join(unescape(re.sub(r"\\(?=\W)", "", comment)).split())
    match = _SIGNED.match(words)
    yield from match.groups() if match else (words,)
