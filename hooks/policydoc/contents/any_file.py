"""Turns a file that is published beside the pages into every text that a reader or a program could come upon in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from . import archives, drawings, pictures, xml_text
from .archives import Room, TooMuch
from .html_comments import without_comments
from .kinds import UnreadableFile, broken, decoded, kind_of, known

LARGEST = 100_000_000  # bytes

# What office files hold beside XML, and what can't be packed or locked up in it: fonts, drawings, printers' settings
_PLAIN_PARTS = re.compile(
    r"\.(?:emf|wmf|bmp|tiff?|wdp|jpe|jfif|odttf|fntdata)$|printerSettings\d*\.bin$"
    r"|^(?:layout-cache|ObjectReplacements/[^/]*|mimetype)$|(?:^|/)thumbnail\.\w+$",
    re.IGNORECASE,
)
_XML_PARTS = frozenset(".xml .rels .vml .opf .ncx .rdf".split())
_TEXT_PARTS = frozenset(".xhtml .txt .css .js .html .htm".split())
# The line of a calendar's text that goes on in the next
_FOLD = re.compile(r"\r?\n[ \t]")


class Raw(str):
    """Text that was read out of bytes of another nature: what is short can stand in it by chance."""


def texts(path: Path) -> Iterator[str]:
    """Every text in the file, in pieces; tags of HTML are the caller's to look into. Raises UnreadableFile."""
    yield from texts_of(path.name, read(path), Room())


def read(path: Path) -> bytes:
    """The bytes of a file that may be looked into. Raises UnreadableFile."""
    if not path.is_file():
        raise broken("is no ordinary file. Take it away")
    if path.stat().st_size > LARGEST:
        raise broken(f"is larger than {LARGEST // 1_000_000} MB. Make it smaller, or split it")
    return path.read_bytes()


def published(name: str, data: bytes) -> bytes:
    """The file as it is published: pictures without what they say beside their pixels, others as they are.

    Raises UnreadableFile for a file that nobody can look into.
    """
    kind = kind_of(name, data)
    if kind == "picture":
        return pictures.cleaned(name, data)
    if kind == "drawing":
        return drawings.cleaned(name, data)
    if PurePosixPath(name).suffix.lower() in (".html", ".htm"):
        return without_comments(decoded(data)).encode()
    if kind == "pdf":
        from . import pdf_text

        pdf_text.look_at(data)
    elif kind in ("office", "archive"):
        for _ in texts_of(name, data, Room()):
            pass
    return data


def texts_of(name: str, data: bytes, room: Room) -> Iterator[str]:
    """The same as `texts` for bytes; `room` is how much may still be unpacked."""
    kind = kind_of(name, data)
    if kind == "text":
        yield from _text(name, data)
    elif kind == "drawing":
        yield decoded(data)
        yield from _xml(data)
    elif kind == "picture":
        for remark in pictures.remarks(name, data):
            yield from views(remark)
    elif kind == "font":
        yield from views(data)
    elif kind == "pdf":
        from . import pdf_text

        yield pdf_text.strings(data, room)
    else:
        yield from _packed(name, data, room, kind == "office")


def views(data: bytes) -> Iterator[Raw]:
    """Bytes of whatever kind as text: one byte a letter, or two, from the first byte on and from the second."""
    yield Raw(data.decode("latin-1"))
    if not data.isascii():
        yield Raw(data.decode("utf-8", "ignore"))
    if b"\0" in data:
        for start in (0, 1):
            for order in ("utf-16-le", "utf-16-be"):
                yield Raw(data[start:].decode(order, "ignore"))


def _text(name: str, data: bytes) -> Iterator[str]:
    text = decoded(data)
    yield text
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".ics":
        yield _FOLD.sub("", text).replace(r"\n", "\n")
    elif suffix == ".xml":
        with suppress(ValueError):  # it has been looked at as text
            yield from xml_text.strings(data)


def _xml(data: bytes) -> Iterator[str]:
    try:
        yield from xml_text.strings(data)
    except ValueError:
        raise broken("is damaged, or protected by a password. Save it again without one") from None


def _packed(name: str, data: bytes, room: Room, is_office: bool) -> Iterator[str]:
    room.enter()
    for member in archives.members(name, data, room):
        yield from (member.name, member.notes)
        yield from views(member.stray)
        if member.name and not member.name.endswith("/"):
            yield from (_part if is_office else _inside)(member.name, member.data, room)
    room.leave()


def _inside(name: str, data: bytes, room: Room) -> Iterator[str]:
    try:
        yield from texts_of(name, data, room)
    except TooMuch:
        raise
    except UnreadableFile:
        raise broken(f"holds {name}, which can't be looked into. Take that out of it") from None


def _part(name: str, data: bytes, room: Room) -> Iterator[str]:
    """A part of an office file: these hold some kinds that by themselves are not published."""
    suffix = f".{name.rpartition('.')[2].lower()}"  # of _rels/.rels as well
    if suffix in _XML_PARTS:
        yield from _xml(data)
    elif suffix in _TEXT_PARTS:
        yield decoded(data)
    elif _PLAIN_PARTS.search(name):
        yield from views(data)
    elif known(name) == "picture":
        try:
            yield from texts_of(name, data, room)
        except UnreadableFile:  # Word shows pictures that are of another kind than their name says
            yield from views(data)
    else:
        yield from _inside(name, data, room)
