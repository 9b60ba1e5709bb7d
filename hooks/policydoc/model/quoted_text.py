"""Turns runs into what an instruction quotes of them: their words, and brackets for pictures and footnotes."""

from __future__ import annotations

from collections.abc import Iterable

from .document import Block, BlockKind, Citation, Document, Image, NoteReference, Reading, Run
from .runs import LEFT_OUT, plain, words

# What each block is called; what isn't here only holds others that are
NOUNS: dict[BlockKind, str] = {
    "paragraph": "paragraph", "heading": "heading", "cross-heading": "cross-heading", "item": "bullet",
    "table": "table", "row": "row", "cell": "cell", "heading-cell": "cell", "quotation": "quotation", "code": "code",
    "term": "term", "meaning": "meaning", "box": "box", "box-title": "title", "note": "footnote",
}  # fmt: skip
GLUE = "\0"  # stands for the spaces in what counts as one word and is quoted whole, as the number of a reference


class QuotedText:
    """Quotes the words of one document, its footnotes by the number that they have in the text in force."""

    def __init__(self, document: Document) -> None:
        staying = [note.name for note in document.notes if note.missing != "previous"]
        self._numbers = {name: number for number, name in enumerate(staying, 1)}
        self._notes = {note.name: note for note in document.notes}

    def number(self, note: str) -> int:
        """The number of a footnote in the text in force."""
        return self._numbers[note]

    def note(self, name: str) -> str:
        """What a footnote says as amended."""
        note = self._notes.get(name)
        return " ".join(plain((note,), "amended").split()) if note else ""

    def in_force(self, some: Iterable[Run]) -> str:
        """What runs say in the text in force, their spaces folded."""
        return unglued(self.glued(some, "previous"))

    def amended(self, some: Iterable[Run]) -> str:
        """What runs say as amended, their spaces folded."""
        return unglued(self.glued(some, "amended"))

    def glued(self, some: Iterable[Run], reading: Reading) -> str:
        """What runs say in a reading, their spaces as they are, with GLUE for those within one thing."""
        left_out = LEFT_OUT[reading]
        return "".join(self._said(run, reading) for run in some if run.mark != left_out).replace("\n", " ")

    def _said(self, run: Run, reading: Reading) -> str:
        match run.thing:
            case Citation():
                return words(run, reading).replace(" ", GLUE)
            case Image(path, alt):
                return f"[picture: {alt or path}]".replace(" ", GLUE)
            case NoteReference(note):
                is_known = note in self._numbers and (reading == "previous" or not run.mark)
                its_words = self.note(note)
                what = f" {self._numbers[note]}" if is_known else f": {its_words}" if its_words else ""
                return f" [footnote{what}]".replace(" ", GLUE)
        return words(run, reading)

    def blocks(self, some: Iterable[Block], reading: Reading) -> str:
        """What blocks say in a reading, in one line."""
        return " ".join(filter(None, (self._block(block, reading) for block in some)))

    def _block(self, block: Block, reading: Reading) -> str:
        if block.blocks:
            return self.blocks(block.blocks, reading)
        return unglued(self.glued(block.runs, reading))

    def pieces(self, block: Block) -> list[tuple[str, str]]:
        """A block that comes, piece by piece: what it is called, and what it says; a table's row is one piece."""
        if block.kind == "row":
            return [("row", " | ".join(self._block(cell, "amended") for cell in block.blocks))]
        if not block.blocks:
            words = self._block(block, "amended")
            return [(NOUNS[block.kind], words)] if words and block.kind in NOUNS else []
        pieces = [piece for inner in block.blocks for piece in self.pieces(inner)]
        if pieces and block.kind == "table":
            pieces[0] = ("table with the row", pieces[0][1])
        elif pieces and block.kind in NOUNS and pieces[0][0] == "paragraph":
            pieces[0] = (NOUNS[block.kind], pieces[0][1])
        return pieces


def unglued(text: str) -> str:
    """The text as it is printed, its spaces folded."""
    return " ".join(text.replace(GLUE, " ").split())
