"""Turns a PDF into every string that can be read out of it: pages, metadata, bookmarks, descriptions, attachments."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pypdfium2
import typst

from .cache import Cache, digest

# What these streams hold is drawn or outlined, not said; page text is read by the renderer instead.
_SILENT = {"/XObject", "/FontDescriptor", "/ObjStm", "/XRef"}

# <pdfaid:part   </rdf:li   (names that no author chose; attributes stay)
_ELEMENT = re.compile(r"</?[\w:.-]+")


def strings(path: Path) -> str:
    """All of it as lines of text. Raises ValueError when the file is no PDF that can be read."""
    try:
        return "\n".join([*_pages(path), *_objects(path)])
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise ValueError(str(error)) from None


def own_words() -> list[str]:
    """What every PDF says of itself, whatever is in it: the strings of one in which nobody has written anything."""
    document = b'#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))'
    pdf = typst.compile(document, pdf_standards=["ua-1", "a-2a"], ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return [string for thing in _objects(io.BytesIO(pdf)) for string in re.split(r"[\s<>\"'=]+", thing)]


def cached(path: Path, cache: Cache) -> str:
    """`strings`, kept by the PDF's bytes: the next build needn't read a PDF again that is still the same."""
    reader = f"{version('pikepdf')} {version('pypdfium2')}".encode() + Path(__file__).read_bytes()
    with cache.entry(digest(reader, path.read_bytes()).hex()) as entry:
        text = entry.read()
        if text is None:
            text = strings(path).encode()
            entry.write(text)
    return text.decode()


def _pages(path: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            text_page = page.get_textpage()
            yield text_page.get_text_bounded()
            text_page.close()
            page.close()
    finally:
        document.close()


def _objects(path: Path | io.BytesIO) -> Iterator[str]:
    with pikepdf.open(path) as pdf:
        for thing in pdf.objects:
            yield from _strings(thing, 0)


def _strings(thing: object, depth: int) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Stream):
        kind = str(thing.get("/Type", ""))
        if kind in ("/Metadata", "/EmbeddedFile"):
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
