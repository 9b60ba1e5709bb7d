"""Turns a PDF into every string that can be read out of it: pages, metadata, bookmarks, descriptions, attachments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import typst

from ..cache import Cache, digest
from . import any_file, archives, kinds, pictures, xml_text
from .archives import Room, TooMuch
from .kinds import UnreadableFile, broken

_DAMAGED = "is damaged. Save it again as PDF"
# How the files begin that an attachment may be; its name needn't be anywhere near
_ATTACHED = {b"%PDF": ".pdf", b"PK": ".zip", b"\x1f\x8b": ".gz", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg"}
# The names of parts that only office files have
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/")
# What decides which text comes out of a PDF, beside the two libraries
_READERS = [
    Path(__file__),
    *(Path(str(module.__file__)) for module in (any_file, archives, kinds, pictures, xml_text)),
]
# What these streams hold is drawn or outlined, not said; page text is read by the renderer instead.
_SILENT = {"/XObject", "/FontDescriptor", "/ObjStm", "/XRef"}

# <pdfaid:part   </rdf:li   (names that no author chose; attributes stay)
_ELEMENT = re.compile(r"</?[\w:.-]+")


def strings(data: bytes, room: Room | None = None) -> str:
    """All of it as lines of text, with what is attached to it; `room` is how much may still be unpacked.

    Raises UnreadableFile.
    """
    look_at(data)
    try:
        return "\n".join([*_pages(data), *_objects(data, room or Room())])
    except (pikepdf.PdfError, pypdfium2.PdfiumError):
        raise broken(_DAMAGED) from None


def look_at(data: bytes) -> None:
    """Raises UnreadableFile when the bytes are no PDF that can be opened, or something is attached that can't be."""
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            if not len(pdf.pages):
                raise broken(_DAMAGED)
            for thing in pdf.objects:
                if isinstance(thing, pikepdf.Stream):
                    for _ in _attached(thing, Room()):
                        pass
    except pikepdf.PasswordError:
        raise broken("is protected by a password. Save it again without one") from None
    except pikepdf.PdfError:
        raise broken(_DAMAGED) from None


def own_words() -> list[str]:
    """What every PDF says of itself, whatever is in it: the strings of one in which nobody has written anything."""
    document = b'#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))'
    pdf = typst.compile(document, pdf_standards=["ua-1", "a-3a"], ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return [string for thing in _objects(pdf, Room()) for string in re.split(r"[\s<>\"'=]+", thing)]


def cached(path: Path, cache: Cache) -> str:
    """`strings`, kept by the PDF's bytes: the next build needn't read a PDF again that is still the same."""
    readers = (f"{version('pikepdf')} {version('pypdfium2')}".encode(), *(file.read_bytes() for file in _READERS))
    data = path.read_bytes()
    with cache.entry(digest(*readers, data).hex()) as entry:
        text = entry.read()
        if text is None:
            text = strings(data).encode()
            entry.write(text)
    return text.decode()


def _pages(data: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            text_page = page.get_textpage()
            yield text_page.get_text_bounded()
            text_page.close()
            page.close()
    finally:
        document.close()


def _objects(data: bytes, room: Room) -> Iterator[str]:
    with pikepdf.open(BytesIO(data)) as pdf:
        for thing in pdf.objects:
            yield from _strings(thing, 0)
            if isinstance(thing, pikepdf.Stream):
                yield from _beside_pixels(thing)
                yield from _attached(thing, room)


def _beside_pixels(stream: pikepdf.Stream) -> Iterator[str]:
    """What a photograph says: PDFs hold them as they are."""
    if stream.get("/Subtype") == "/Image" and stream.get("/Filter") == "/DCTDecode":
        with suppress(UnreadableFile):
            for remark in pictures.remarks("x.jpg", stream.read_raw_bytes()):
                yield from any_file.views(remark)


def _attached(stream: pikepdf.Stream, room: Room) -> Iterator[str]:
    """What a file says that is attached to the PDF."""
    if stream.get("/Type") == "/EmbeddedFile":
        room.enter()
        data = stream.read_bytes()
        room.take(len(data))
        suffix = next((ending for sign, ending in _ATTACHED.items() if data.startswith(sign)), ".txt")
        if suffix == ".zip" and any(name in data for name in _OFFICE):
            suffix = ".docx"  # or any other of its kind
        try:
            for text in any_file.texts_of(f"attachment{suffix}", data, room):
                yield "\n".join(_json_strings(text)) if text[:1] in ("{", "[") else text
        except TooMuch:
            raise
        except UnreadableFile:
            raise broken("has a file attached that can't be looked into. Take that out of it") from None
        room.leave()


def _json_strings(text: str) -> Iterator[str]:
    """The strings of JSON, without its own signs for what stands in them; the text itself where it is none."""
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        waiting = [text]
    while waiting:
        match waiting.pop():
            case str() as string:
                yield string
            case list() as values:
                waiting += reversed(values)
            case dict() as members:
                waiting += [part for pair in reversed(members.items()) for part in reversed(pair)]
            case value:
                yield str(value)


def _strings(thing: object, depth: int) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Stream):
        kind = str(thing.get("/Type", ""))
        if kind == "/Metadata":
            yield _ELEMENT.sub(" ", thing.read_bytes().decode("utf-8", "replace"))
        if kind not in _SILENT:
            yield from _members(thing.stream_dict.values(), depth)
    elif isinstance(thing, pikepdf.Dictionary):
        yield from _members(thing.values(), depth)
    elif isinstance(thing, pikepdf.Array):
        yield from _members(iter(thing), depth)


def _members(values: object, depth: int) -> Iterator[str]:
    # Indirect members come round by themselves as objects of the file.
    for value in values:  # type: ignore[attr-defined]
        if isinstance(value, pikepdf.Object) and not value.is_indirect and depth < 20:
            yield from _strings(value, depth + 1)
