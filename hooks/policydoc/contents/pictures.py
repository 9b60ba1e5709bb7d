"""Turns a picture into the one that is published: the same pixels, colours, orientation and animation, and not a word.

A file is cut into its parts, and only those are kept that are known to be drawn; nothing is encoded anew. What cameras
and programs write beside the pixels (where and by whom it was taken, thumbnails of what was cut off, comments) goes.
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Literal

from ..messages import said
from .kinds import UnreadableFile, damaged

LARGEST = 40  # million pixels: a page of A4 at 600 dots to the inch has 35
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP", ".ico": "ICO"}
_DRAWN_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT".split()
)
_DRAWN_WEBP = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM"})
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04  # flags of a WebP file's head
# SOF0 to SOF15 with DHT, JPG and DAC among them; DQT DNL DRI DHP EXP
_DRAWN_JPEG = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
_SCAN, _END = 0xDA, 0xD9
# \xff\xda   the marker after a scan's data, in which \xff\x00 is a pixel and \xff\xd0 to \xff\xd7 mean going on
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_UNPACKED = 10_000_000  # bytes that a compressed remark is looked through


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a picture's file. Pixels and profiles are published; profiles and remarks may say something."""

    role: Literal["pixels", "profile", "remark"]
    data: bytes


def cleaned(name: str, data: bytes) -> bytes:
    """The picture as it is published. Raises UnreadableFile when it is damaged or too large."""
    picture = _kept(parts(name, data))
    _look_at(name, picture)
    return picture


def remarks(name: str, data: bytes) -> list[bytes]:
    """All that the file says beside its pixels, unpacked. Raises UnreadableFile when it is damaged."""
    notes = [part.data for part in parts(name, data) if part.role != "pixels"]
    return [*notes, *map(_inflated, notes)]


def parts(name: str, data: bytes) -> list[Part]:
    """The file cut up. Raises UnreadableFile when it is damaged."""
    try:
        return list(_READERS[PurePosixPath(name).suffix.lower()](data))
    except (struct.error, IndexError, ValueError):
        raise damaged(name) from None


def orientation(exif: bytes) -> int:
    """Which way up the picture is, from 1 to 8, as EXIF data (from its byte order on) has it."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2], "")
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(count if order else 0):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, start + 2 + 12 * entry)
            if (tag, kind) == (0x0112, 3) and 1 <= value <= 8:
                return int(value)
    except struct.error:
        pass
    return 1


def _kept(parts: list[Part]) -> bytes:
    return b"".join(part.data for part in parts if part.role != "remark")


def _look_at(name: str, data: bytes) -> None:
    """Decodes the picture once, so that neither a browser nor a PDF is the first to find it damaged."""
    from PIL import Image  # here, so that a check of policies without pictures needn't load it

    too_large = UnreadableFile(said("P438", image=name, limit=LARGEST))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=[_FORMATS[PurePosixPath(name).suffix.lower()]]) as picture:
                if picture.width * picture.height > LARGEST * 1_000_000:
                    raise too_large
                picture.load()
        except Image.DecompressionBombError:
            raise too_large from None
        except (OSError, SyntaxError, ValueError, struct.error, EOFError, IndexError, zlib.error):
            raise damaged(name) from None


def _inflated(remark: bytes) -> bytes:
    """What a compressed remark of a PNG says: it begins behind a keyword and up to three more of its fields."""
    for start in (match.end() for match in re.finditer(b"\0", remark[:400])):
        try:
            return zlib.decompressobj().decompress(remark[start:], _UNPACKED)
        except zlib.error:
            continue
    return b""


def _exif(turned: int) -> bytes:
    """EXIF data that say which way up the picture is, and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, turned, 0, 0)


def _taken(data: bytes, start: int, length: int) -> bytes:
    taken = data[start : start + length]
    if len(taken) != length:
        raise ValueError("cut short")
    return taken


def _jpeg(data: bytes) -> Iterator[Part]:
    yield Part("pixels", _taken(data, 0, 2))
    position, seen = 2, False
    while True:
        while data[position : position + 2] == b"\xff\xff":  # markers may be filled up
            position += 1
        mark, code = _taken(data, position, 2)
        if mark != 0xFF:
            raise ValueError("no marker")
        if code == _END:
            yield Part("pixels", b"\xff\xd9")
            yield Part("remark", data[position + 2 :])
            return
        segment = _taken(data, position, 2 + int.from_bytes(_taken(data, position + 2, 2)))
        position += len(segment)
        if code == _SCAN:
            following = _MARKER.search(data, position)
            if following is None:
                raise ValueError("cut short")
            yield Part("pixels", segment + data[position : following.start()])
            position = following.start()
        elif code in _DRAWN_JPEG:
            yield Part("pixels", segment)
        else:
            kept = _jpeg_segment(code, segment[4:])
            if segment[4:9] == b"Exif\0":
                kept, seen = (None if seen else kept), True  # the first counts
            if kept:
                yield kept
            if not kept or kept.data != segment:
                yield Part("remark", segment)


def _jpeg_segment(code: int, body: bytes) -> Part | None:
    """What is kept of a segment that isn't drawn itself but says how to draw."""
    if code == 0xE0 and body.startswith(b"JFIF\0"):
        return Part("pixels", b"\xff\xe0\0\x10" + _taken(body, 0, 12) + b"\0\0")  # no thumbnail
    if code == 0xE1 and body.startswith(b"Exif\0"):
        turned = orientation(body[6:])
        exif = b"Exif\0\0" + _exif(turned)
        return Part("pixels", b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif) if turned > 1 else None
    if code == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        return Part("profile", b"\xff\xe2" + (len(body) + 2).to_bytes(2) + body)
    if code == 0xEE and body.startswith(b"Adobe"):
        return Part("pixels", b"\xff\xee\0\x0e" + _taken(body, 0, 12))
    return None


def _png(data: bytes) -> Iterator[Part]:
    yield Part("pixels", _taken(data, 0, 8))
    position, name = 8, b""
    while name != b"IEND":
        length = int.from_bytes(_taken(data, position, 4))
        chunk = _taken(data, position, length + 12)
        position += len(chunk)
        name, body = chunk[4:8], chunk[8:-4]
        if name == b"iCCP" or name in _DRAWN_PNG:
            yield Part("profile" if name == b"iCCP" else "pixels", chunk)
            continue
        turned = orientation(body) if name == b"eXIf" else 1
        if turned > 1:
            exif = b"eXIf" + _exif(turned)
            yield Part("pixels", struct.pack(">I", len(exif) - 4) + exif + struct.pack(">I", zlib.crc32(exif)))
        yield Part("remark", chunk)
    yield Part("remark", data[position:])


def _gif(data: bytes) -> Iterator[Part]:
    head = _taken(data, 0, 13)
    position = 13 + _gif_colours(head[10])
    yield Part("pixels", _taken(data, 0, position))
    while True:
        start, sign = position, data[position]
        if sign == 0x3B:
            yield Part("pixels", b";")
            yield Part("remark", data[position + 1 :])
            return
        if sign == 0x2C:
            position += 11 + _gif_colours(_taken(data, position, 10)[9])  # its head, and the size of its codes
            label = b""
        elif sign == 0x21:
            label, position = _taken(data, position + 1, 1), position + 2
        else:
            raise ValueError("unknown block")
        application = data[position + 1 : position + 12] if label == b"\xff" else b""
        while size := data[position]:
            position += size + 1
        position += 1
        drawn = label in (b"", b"\xf9") or application in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
        role: Literal["profile", "remark"] = "profile" if application == b"ICCRGBG1012" else "remark"
        yield Part("pixels" if drawn else role, _taken(data, start, position - start))


def _gif_colours(flags: int) -> int:
    return int(3 << ((flags & 7) + 1)) if flags & 0x80 else 0


def _webp(data: bytes) -> Iterator[Part]:
    size = int.from_bytes(_taken(data, 4, 4), "little")
    chunks = list(_webp_chunks(_taken(data, 12, size - 4)))
    body = bytearray(_kept(chunks))
    if body.startswith(b"VP8X"):
        turned = any(part.role == "pixels" and part.data.startswith(b"EXIF") for part in chunks)
        body[8] = body[8] & ~_WEBP_XMP & ~_WEBP_EXIF | _WEBP_EXIF * turned
    yield Part("pixels", b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)
    yield from (Part("remark", part.data) for part in chunks if part.role != "pixels")
    yield Part("remark", data[8 + size :])


def _webp_chunks(data: bytes) -> Iterator[Part]:
    position = 0
    while position < len(data):
        name, length = _taken(data, position, 4), int.from_bytes(_taken(data, position + 4, 4), "little")
        body = _taken(data, position + 8, length)
        position += 8 + length + length % 2
        role: Literal["pixels", "profile", "remark"] = "pixels" if name in _DRAWN_WEBP else "remark"
        if name == b"VP8X":
            role, body = "pixels", _taken(body, 0, 10)
        elif name == b"ICCP":
            role = "profile"
        elif name == b"ANMF":  # a frame: its head, then chunks of its own
            frame = list(_webp_chunks(body[16:]))
            yield from (part for part in frame if part.role == "remark")
            role, body = "pixels", _taken(body, 0, 16) + _kept(frame)
        elif name == b"EXIF":
            turned = orientation(body.removeprefix(b"Exif\0\0"))
            yield Part("remark", body)
            role, body = ("pixels" if turned > 1 else "remark"), _exif(turned)
        yield Part(role, name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))


def _ico(data: bytes) -> Iterator[Part]:
    """The icons in it, put together anew: PNGs cleaned, bitmaps as they are."""
    (count,) = struct.unpack_from("<H", data, 4)
    heads, icons, position = b"", b"", 6 + 16 * count
    for entry in range(count):
        head = _taken(data, 6 + 16 * entry, 16)
        size, offset = struct.unpack_from("<II", head, 8)
        icon = _taken(data, offset, size)
        if icon.startswith(b"\x89PNG"):
            chunks = list(_png(icon))
            icon = _kept(chunks)
            yield from (Part("remark", part.data) for part in chunks if part.role != "pixels")
        heads += head[:8] + struct.pack("<II", len(icon), position + len(icons))
        icons += icon
    yield Part("pixels", _taken(data, 0, 6) + heads + icons)
    if len(data) > 6 + len(heads) + len(icons):
        yield Part("remark", data)


_READERS: dict[str, Callable[[bytes], Iterator[Part]]] = {
    ".png": _png, ".jpg": _jpeg, ".jpeg": _jpeg, ".gif": _gif, ".webp": _webp, ".ico": _ico,
}  # fmt: skip
