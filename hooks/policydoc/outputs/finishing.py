"""Turns a PDF as Typst leaves it into the one that is published: its marks said aloud, its tags mended, and packed.

Typst has no words for what only a program hears, and tags some things as nobody would by hand. Nothing that is seen or
copied is touched here: what assistive technology says of a mark is its /Alt, never an ActualText.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pikepdf

# What a mark says: its words, or those of a link or picture in it
Spoken = Sequence[tuple[str, str]]

# The template adds so much to the thickness of a mark's line, in points, for each mark before it: it can put no other
# sign into a tag. words.typ has the same numbers.
STEP = 0.00001
LINES = {"/LineThrough": (0.7, "[deleted: {}]"), "/Underline": (0.9, "[inserted: {}]")}
TURNED = "turned:"
_GROUPS = frozenset({"/Document", "/Part", "/Sect", "/Div", "/Art"})
_END = b"</rdf:Description>"


def finished(pdf: bytes, spoken: Sequence[Spoken], properties: Mapping[str, str]) -> bytes:
    """The finished PDF.

    `spoken` says for each mark, in the order of the numbers that the template was given (from 1), what is read aloud;
    `properties` are those that its metadata has beside Typst's, by their names in the Dublin Core: identifier, source.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        tree = document.Root.StructTreeRoot
        _Tags(spoken).visit(_kids(tree), "", False)
        _turn(document)
        metadata = document.Root.Metadata
        told = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in sorted(properties.items()))
        metadata.write(metadata.read_bytes().replace(_END, told.encode() + _END, 1))
        packed = BytesIO()
        document.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


def property_of(metadata: bytes, name: str) -> str:
    """What the metadata of a finished PDF say under such a name; empty where they have none."""
    value = re.search(rf"<dc:{name}>([^<]*)</dc:{name}>", metadata.decode("utf-8", "replace"))
    return value[1] if value else ""


def _turn(document: pikepdf.Pdf) -> None:
    """Turns the pages on which a wide table stands across; the template has put a signpost on each."""
    names = document.Root.get("/Names")
    waiting: list[Any] = [names.Dests] if names is not None and "/Dests" in names else []
    while waiting:
        node = waiting.pop()
        waiting += node.get("/Kids", ())
        entries = list(node.get("/Names", ()))
        for name, target in zip(entries[::2], entries[1::2], strict=True):
            if str(name).startswith(TURNED):
                (target.D if isinstance(target, pikepdf.Dictionary) else target)[0].Rotate = 90


class _Tags:
    """One walk over a tree of tags."""

    def __init__(self, spoken: Sequence[Spoken]) -> None:
        self._spoken = spoken

    def visit(self, kids: Sequence[Any], above: str, in_paragraph: bool) -> None:
        """Mends what stands in an element of the kind `above`."""
        for element in kids:
            if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
                continue
            kind = str(element.S)
            if kind == "/TOC":
                _gather(element)
            elif kind == "/P" and in_paragraph:
                kind = _called(element, "/Span")
            elif kind == "/Span" and above in _GROUPS:
                kind = _called(element, "/P")
            inner = _kids(element)
            if kind == "/Span" and (mark := _mark(element)) and mark[0] < len(self._spoken) + 1:
                _speak(element, inner, self._spoken[mark[0] - 1], mark[1])
            self.visit(inner, kind, in_paragraph or kind == "/P")


def _kids(element: Any) -> Sequence[Any]:
    kids = element.get("/K")
    return () if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else (kids,)


def _called(element: Any, kind: str) -> str:
    element.S = pikepdf.Name(kind)
    return kind


def _gather(contents: Any) -> None:
    """Puts the lines of a table of contents right into it: Typst tags the levels above them, which have no lines."""
    inner = contents
    while len(kids := _kids(inner)) == 1 and isinstance(kids[0], pikepdf.Dictionary) and kids[0].get("/S") == "/TOC":
        inner = kids[0]
    if inner is not contents:
        contents.K = inner.K
        for line in _kids(contents):
            line.P = contents


def _mark(element: Any) -> tuple[int, str] | None:
    """The number of the mark that a span is, and how that is said; None where it is none that is to be read aloud."""
    owners = element.get("/A", ())
    for owner in owners if isinstance(owners, pikepdf.Array) else (owners,):
        if "/TextDecorationThickness" in owner:
            least, words = LINES[str(owner.TextDecorationType)]
            number = round((float(owner.TextDecorationThickness) - least) / STEP)
            return (number, words) if number else None
    return None


def _speak(mark: Any, kids: Sequence[Any], spoken: Spoken, words: str) -> None:
    """Gives a mark its words; where links or pictures stand in it, which these would hide, they have theirs."""
    if all(kind == "" for kind, _ in spoken):
        mark.Alt = pikepdf.String(words.format("".join(text for _, text in spoken).strip()))
        return
    for element, text in zip(_things(kids), [text for kind, text in spoken if kind], strict=False):
        element.Alt = pikepdf.String(words.format(text))


def _things(kids: Sequence[Any]) -> Iterator[Any]:
    """The links and pictures among these elements, and in them."""
    for element in kids:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if str(element.S) in ("/Link", "/Figure"):
                yield element
            else:
                yield from _things(_kids(element))
