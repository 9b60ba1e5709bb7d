"""A clerk who has the text in force and the schedule of amendments, and nothing else, and carries that out as it says.

The clerk knows no more of the program than how a document without marks is read. Every spot is one of the text in
force; what comes in one spot stands there in the order of the amendments' numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from policydoc.model.document import Document, Part, Provision
from policydoc.model.runs import folded

T = TypeVar("T")
Line = tuple[str, str]  # what a line of the text is, and its words
KINDS = {
    "paragraph": "paragraph", "heading": "heading", "cross-heading": "cross-heading", "item": "bullet",
    "table": "table", "row": "row", "cell": "cell", "heading-cell": "cell", "quotation": "quotation", "code": "code",
    "term": "term", "meaning": "meaning", "box": "box", "box-title": "title", "note": "footnote",
}  # fmt: skip
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
PLAIN = ("quotation", "box", "meaning", "footnote")  # whose first words are a paragraph
# A sentence has numbers in the place of its quotations: delete the second ‹0›
Q = r"‹(\d+)›"
NTH = rf"(?:({'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th)) )?"
NOUN = "|".join(dict.fromkeys(KINDS.values()))
BLOCK = rf"the opening words|the {NTH}(?:row {Q}|(?:{NOUN})\b)"
WORDS = rf"(?:the {NTH})?{Q}(?: in {Q})?"


@dataclass(eq=False)
class Node:
    """A place or block of the text in force, with what stands in it; `words` are a heading's or those of a leaf."""

    noun: str
    words: str = ""
    above: Node | None = None
    number: str = ""
    called: str = ""
    is_heading: bool = False
    below: list[Node] = field(default_factory=list)
    gone: bool = False
    begun: bool = False  # whether something comes in front of what it begins with
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.above:
            self.above.below.append(self)

    @property
    def own(self) -> list[Node]:
        """The blocks in it, but for the places below it and the footnotes."""
        return [node for node in self.below if node.noun not in ("place", "footnote")]

    @property
    def is_piece(self) -> bool:
        return self.noun in ("place", "row") or not (self.below or self.noun in ("", "cell"))

    def pieces(self) -> Iterator[Node]:
        """What a reader reads one after the other: headings or numbers, paragraphs, rows."""
        if self.is_piece:
            yield self
        for node in self.below:
            yield from node.pieces()

    def now(self) -> str:
        """The words as they have become."""
        if self.noun == "row":
            return " | ".join(cell.now() for cell in self.below)
        words = self.words
        for start, end, new in sorted(self.edits, reverse=True):
            words = edited(words, start, end, new)
        return words


def text(document: Document) -> Node:
    """The text of a document without marks."""
    root = Node("")
    add((*document.opening, *document.sections, *document.notes), root)
    return root


def add(parts: Iterable[Part], above: Node) -> None:
    for part in parts:
        if isinstance(part, Provision):
            number = part.number.whole if part.number else ""
            heading = folded(part.heading, "amended")
            add(part.content, Node("place", heading, above, number, part.called, part.is_heading))
        elif part.kind not in KINDS:
            add(part.blocks, above)
        elif part.blocks or KINDS[part.kind] == "cell" or folded(part.runs, "amended"):
            add(part.blocks, Node(KINDS[part.kind], folded(part.runs, "amended"), above))


class Clerk:
    """Carries out a schedule. `called` are the words for places: clause, standing order."""

    def __init__(self, document: Document, called: set[str]) -> None:
        self.root, self.called = text(document), called
        self.pieces = list(self.root.pieces())
        self.places = [piece for piece in self.pieces if piece.noun == "place"]
        self.come: dict[int, list[Line]] = {}  # what comes behind each piece
        self.spots: dict[str, int] = {}  # where each amendment has put something

    def carry_out(self, schedule: Iterable[tuple[str, str, str]]) -> list[Line]:
        for name, location, words in schedule:
            self.one(name, re.sub(r" \(will be [^“]+\)(?=$|, unnumbered)", "", location), words)
        return [*self.come.get(-1, ()), *self.lines(self.root)]

    def lines(self, node: Node) -> Iterator[Line]:
        """What the text says now."""
        if node.is_piece and not node.gone:
            words = node.now()
            if words or node.noun in ("place", "row"):
                yield noun_of(node), words
        if node.is_piece:
            yield from self.come.get(self.pieces.index(node), ())
        for inner in node.below if node.noun != "row" else ():
            yield from self.lines(inner)

    # sentences

    def one(self, name: str, location: str, words: str) -> None:
        sentence, self.quotes = skeleton(words)
        if move := re.fullmatch(r"move (.+) to stand (.+?)(?:, as [^,]+)?(?:, and for its words substitute (.+))?",
                                sentence):  # fmt: skip
            place = self.place(self.filled(move[1]))
            lines = self.coming(move[3]) if move[3] else [(noun_of(node), node.now()) for node in own_pieces(place)]
            self.put(name, self.spot(self.filled(move[2])), lines)
            strike(place)
        elif match := re.fullmatch(rf"for (.+), {Q}, substitute (the .+)", sentence):
            place = self.place(self.filled(match[1]))
            strike(place, self.quotes[int(match[2])])
            self.put(name, self.pieces.index(place), self.coming(match[3]))
        elif re.match(r"(after|at the beginning|at the end of|below|in A\d)", location):
            assert sentence.startswith("insert the "), sentence
            self.put(name, self.spot(location), self.coming(sentence))
        elif match := re.fullmatch(
            rf"delete (?!the {NTH}(?:{NOUN}|opening)\b)(.*?(?:{Q})?), {Q}(; what stands below it stays)?", sentence
        ):
            strike(self.place(self.filled(match[2])), self.quotes[int(match[4])])
        else:
            node = self.start(location)
            is_heading = node.is_heading and not location.endswith(", unnumbered text")
            self.within(name, node, sentence, is_heading)

    def start(self, location: str) -> Node:
        """The place, or what stands outside all places, in which a sentence finds its way."""
        if location == "opening words":
            return self.root
        if match := re.fullmatch(r"footnote (\d+)", location):
            return [node for node in self.root.below if node.noun == "footnote"][int(match[1]) - 1]
        return self.place(location.removesuffix(", unnumbered text"))

    def within(self, name: str, node: Node, sentence: str, is_heading: bool) -> None:
        while match := re.match(rf"in ({BLOCK})(?: under (?:{Q}|the {NTH}column))?, ", sentence):
            node, is_heading = self.block(node, match[1]), False
            if " under " in match[0]:
                node = node.below[self.column(node, match[4], match[5])]
            sentence = sentence[match.end() :]
        if match := re.fullmatch(rf"(?:after ({BLOCK}) |at the beginning )insert (the .+)", sentence):
            first = next(node.pieces())
            lines = self.coming(match[4])
            spot = self.last(self.block(node, match[1])) if match[1] else self.pieces.index(first)
            if not match[1] and node.noun != "place":
                if node.noun == "bullet" and lines[0][0] == "paragraph" and not node.begun:
                    lines[0] = ("bullet", lines[0][1])
                spot, node.begun = spot - 1, True
            self.put(name, spot, lines)
        elif match := re.fullmatch(rf"delete ((?:{BLOCK}).*)", sentence):
            for part in re.split(", and (?=the )", match[1]):
                block = re.match(BLOCK, part)
                assert block, part
                quote = re.fullmatch(rf",? {Q}|", part[block.end() :])
                assert quote, part
                strike(self.block(node, block[0]), self.quotes[int(quote[1])] if quote[1] else None)
        else:
            while node.own and not is_heading:
                node = only(node.own)
            node.edits.append(self.rewording(node.words, sentence))

    def rewording(self, words: str, sentence: str) -> tuple[int, int, str]:
        if match := re.fullmatch(rf"for {WORDS} substitute {Q}", sentence):
            return *self.stretch(words, *match.groups()[:3]), self.quotes[int(match[4])]
        if match := re.fullmatch(rf"delete {WORDS}", sentence):
            return *self.stretch(words, *match.groups()), ""
        if match := re.fullmatch(rf"after {WORDS} insert {Q}", sentence):
            end = self.stretch(words, *match.groups()[:3])[1]
            return end, end, self.quotes[int(match[4])]
        match = re.fullmatch(rf"(at the beginning )?insert {Q}", sentence)
        assert match and bool(match[1]) == bool(words), sentence
        return 0, 0, self.quotes[int(match[2])]

    def stretch(self, words: str, which: str | None, quote: str, context: str | None) -> tuple[int, int]:
        """From where to where the quoted words stand, which must be one spot."""
        sought = self.quotes[int(quote)]
        if context:
            around = self.quotes[int(context)]
            start = only(occurrences(around, words)) + only(occurrences(sought, around))
        else:
            spots = occurrences(sought, words)
            start = spots[nth(which)] if which else only(spots)
        return start, start + len(sought)

    # where

    def block(self, node: Node, phrase: str) -> Node:
        """One of the blocks in a place or block: the second bullet, the row “Hall”."""
        if phrase == "the opening words":
            assert node.own[0].noun == "paragraph"
            return node.own[0]
        match = re.fullmatch(BLOCK, phrase)
        assert match, phrase
        some = [inner for inner in node.below if inner.noun == phrase.split("‹")[0].split()[-1]]
        if " row" in phrase:
            table = only([inner for inner in node.own if inner.noun == "table"]) if node.noun != "table" else node
            some = [
                row for row in table.below if not match[2] or short(row.below[0].words) == self.quotes[int(match[2])]
            ]
        return some[nth(match[1])] if match[1] else only(some)

    def column(self, row: Node, head: str | None, which: str | None) -> int:
        if which:
            return nth(which)
        assert row.above and head
        names = [short(cell.words) for cell in row.above.below[0].below]
        return only([n for n, name in enumerate(names) if name == self.quotes[int(head)]])

    def place(self, name: str) -> Node:
        """A place by its name: 4.7, clause 4.7, the second clause “Words of it …”."""
        sentence, quotes = skeleton(name)
        match = re.fullmatch(rf"(?:the {NTH})?(.*?) ?(?:{Q})?", sentence)
        assert match, name
        places = [
            place for place in self.places
            if match[2] in (place.number, f"{place.called} {place.number}".strip())
            and (bool(place.number) or match[3]) and (not match[3] or self.begins(place) == quotes[int(match[3])])
        ]  # fmt: skip
        return places[nth(match[1])] if match[1] else only(places)

    def begins(self, place: Node) -> str:
        if place.is_heading:
            return short(place.words)
        return short(" ".join(leaf(place.own[0])) if place.own else "")

    def spot(self, where: str) -> int:
        """After which piece something is to stand."""
        sentence, self.quotes, kept = *skeleton(where), self.quotes
        try:
            if where == "at the beginning":
                return -1
            if match := re.fullmatch(r"(?:in|after) (A\d+)(?:, unnumbered text)?", where):
                return self.spots[match[1]]
            if match := re.fullmatch("at the beginning of (.+)", where):
                return self.pieces.index(self.place(match[1]))
            if match := re.fullmatch("(?:at the end of|below) (.+)", where):
                return self.last(self.place(match[1]))
            if match := re.fullmatch(rf"after ({BLOCK}) of (.+)", sentence):
                place = self.filled(match[4])
                return self.last(self.block(self.root if place == "the opening words" else self.place(place), match[1]))
            return self.last(self.place(where.removeprefix("after ")))
        finally:
            self.quotes = kept

    def last(self, node: Node) -> int:
        return self.pieces.index([*node.pieces()][-1])

    # what comes

    def put(self, name: str, spot: int, lines: list[Line]) -> None:
        self.spots[name] = spot
        self.come.setdefault(spot, []).extend(lines)

    def coming(self, sentence: str) -> list[Line]:
        """What is to come: insert the clause “Dogs:”, the bullet “on a lead”."""
        lines: list[Line] = []
        for noun, quote in re.findall(rf"the (?:unnumbered )?([^‹]+?) {Q}", sentence):
            called, _, inner = noun.partition(" with the ")
            is_place = not lines and called in self.called and "unnumbered" not in sentence
            if is_place and (inner == "heading" or called in ("section", "appendix")):
                lines.append(("place", self.quotes[int(quote)]))
                continue
            lines += [("place", "")] if is_place else []
            inner = inner.split()[-1] if inner else ""
            noun = inner or ("paragraph" if is_place else noun)
            lines.append(("paragraph" if noun in PLAIN else noun, self.quotes[int(quote)]))
        return lines

    def filled(self, sentence: str) -> str:
        """The sentence with its quotations."""
        return re.sub(Q, lambda match: f"“{self.quotes[int(match[1])]}”", sentence)


def noun_of(piece: Node) -> str:
    """What a piece is: a paragraph that a bullet begins with is the bullet."""
    noun, holder = piece.noun, piece.above
    while noun == "paragraph" and holder:
        if holder.noun == "bullet" and not holder.begun:
            first = next(one for one in holder.pieces() if not one.gone)
            noun = "bullet" if first is piece else noun
        holder = holder.above
    return noun


def own_pieces(node: Node) -> list[Node]:
    """The pieces of a place or block itself, without the places below it; of a section its heading."""
    if node.is_heading:
        return [node]
    return [
        piece
        for piece in node.pieces()
        if piece is node or (piece.noun != "place" and place_of(piece) is place_of(node))
    ]


def place_of(node: Node) -> Node | None:
    return node if node.noun == "place" or node.above is None else place_of(node.above)


def strike(node: Node, words: str | None = None) -> None:
    """Takes out a place's own pieces, or a block, if these are the words that it has."""
    pieces = own_pieces(node)
    said = " ".join(part for piece in pieces for part in leaf(piece))
    assert words is None or said.split() == words.split(), (said, words)
    for piece in pieces:
        assert not piece.gone and not piece.edits
        piece.gone = True


def leaf(node: Node) -> list[str]:
    return [words for inner in node.below if node.noun != "place" for words in leaf(inner)] or [node.words]


# words


def skeleton(sentence: str) -> tuple[str, list[str]]:
    """The sentence with a number for each of its outermost quotations, and these."""
    quotes: list[str] = []
    left, depth, start = "", 0, 0
    for index, sign in enumerate(sentence):
        if sign == "“":
            start = start if depth else index + 1
            depth += 1
        elif sign == "”":
            depth -= 1
            if not depth:
                left += f"‹{len(quotes)}›"
                quotes.append(sentence[start:index])
        elif not depth:
            left += sign
    return left, quotes


def occurrences(sought: str, words: str) -> list[int]:
    """Where words stand in others, as no part of a longer word."""

    def is_inside(index: int) -> bool:
        return 0 < index < len(words) and words[index - 1].isalnum() and words[index].isalnum()

    starts = [n for n in range(len(words)) if words.startswith(sought, n)]
    return [n for n in starts if not is_inside(n) and not is_inside(n + len(sought))]


def edited(words: str, start: int, end: int, new: str) -> str:
    """Strikes out and writes in, with spaces as a reader expects them."""
    if new and start != end:
        return words[:start] + new + words[end:]
    joined = ""
    for part in filter(None, (words[:start].strip(), new, words[end:].strip())):
        is_close = not joined or re.match(r"[.,;:!?)\]}’”%…]", part) or re.search(r"[(\[{‘“]$", joined)
        joined += part if is_close else f" {part}"
    return joined


def short(words: str) -> str:
    some = words.split()
    return " ".join(some[:6]) + (" …" if len(some) > 6 else "")


def nth(which: str) -> int:
    return ORDINALS.index(which) if which in ORDINALS else int(re.sub(r"\D", "", which)) - 1


def only(some: list[T]) -> T:
    assert len(some) == 1, some
    return some[0]
