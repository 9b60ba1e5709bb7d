"""Turns a packed file (zip, gz, tar) into the files in it, as far as a reader of good will could want to unpack it."""

from __future__ import annotations

import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from .kinds import UnreadableFile, broken

_DEPTH = 5
_GAP = 100  # bytes between the files of a zip; more than a description of the data that stands before it
_LOCAL_HEAD, _END_RECORD = 30, 22


class TooMuch(UnreadableFile):
    """There is no more room: the fault of the whole, not of the file in it at which the end was reached."""


def too_much(reason: str) -> TooMuch:
    return TooMuch(broken(reason).fault)


@dataclass
class Room:
    """How much may still be unpacked from one published file: what packs a thousandfold can fill any machine."""

    bytes: int = 100_000_000
    files: int = 5_000
    depth: int = _DEPTH

    def take(self, size: int) -> None:
        self.bytes -= size
        self.files -= 1
        if self.bytes < 0 or self.files < 0:
            raise too_much("unpacks to more than can be searched. Split it into smaller files")

    def enter(self) -> None:
        if self.depth == 0:
            raise too_much(f"is packed more than {_DEPTH} times over. Unpack it once")
        self.depth -= 1

    def leave(self) -> None:
        self.depth += 1


@dataclass(frozen=True)
class Member:
    """A file in another: its name, its bytes, what is noted beside them (comments, owners), and stray bytes.

    Without a name it is none, but the notes of the whole.
    """

    name: str
    data: bytes
    notes: str = ""
    stray: bytes = b""


def members(name: str, data: bytes, room: Room) -> Iterator[Member]:
    """The files in a packed one. Raises UnreadableFile when it is damaged, locked or too large."""
    suffix = PurePosixPath(name).suffix.lower()
    try:
        if suffix in (".gz", ".tgz"):
            yield _gunzipped(name, data, room)
        elif suffix == ".tar":
            yield from _untarred(data, room)
        else:
            yield from _unzipped(data, room)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, EOFError, IndexError, ValueError, OSError):
        raise broken("is damaged. Make it anew") from None
    except (NotImplementedError, RuntimeError):
        raise broken("is packed in a way that is not the usual one. Make it anew") from None


def _unzipped(data: bytes, room: Room) -> Iterator[Member]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        yield Member("", b"", archive.comment.decode("latin-1"), b"\n".join(_gaps(archive, data)))
        for info in archive.infolist():
            if info.flag_bits & 0x1:
                raise broken("is protected by a password. Save it again without one")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise NotImplementedError
            room.take(info.file_size)
            with archive.open(info) as packed:
                content = packed.read(info.file_size + 1)
            yield Member(info.filename, content, info.comment.decode("latin-1"), info.extra)


def _gaps(archive: zipfile.ZipFile, data: bytes) -> Iterator[bytes]:
    """What stands between the files that the archive lists: words may, but no file that it keeps to itself."""
    spans = []
    for info in archive.infolist():
        name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
        spans.append((info.header_offset, info.header_offset + _LOCAL_HEAD + name + extra + info.compress_size))
    end = data.rindex(b"PK\5\6")
    listed, start = struct.unpack_from("<II", data, end + 12)
    spans += [(start, start + listed), (end, end + _END_RECORD + len(archive.comment))]
    position = 0
    for first, last in sorted(spans):
        if first - position > _GAP or first < position:
            raise ValueError("hidden or overlapping files")
        yield data[position:first]
        position = last
    if len(data) - position > _GAP:
        raise ValueError("something behind the archive")
    yield data[position:]


def _gunzipped(name: str, data: bytes, room: Room) -> Member:
    path, notes, parts = PurePosixPath(name), list[bytes](), list[bytes]()
    while data:
        notes.append(_gzip_notes(data))
        unpacker = zlib.decompressobj(31)
        part = unpacker.decompress(data, room.bytes + 1)
        room.take(len(part))
        if not unpacker.eof:
            raise EOFError
        parts.append(part)
        data = unpacker.unused_data
    return Member(
        path.stem + (".tar" if path.suffix.lower() == ".tgz" else ""), b"".join(parts), stray=b"\n".join(notes)
    )


def _gzip_notes(data: bytes) -> bytes:
    """The extra field, the name and the comment in the head of a gzip file."""
    flags, position = data[3], 10
    if flags & 4:
        position += 2 + int.from_bytes(data[10:12], "little")
    for flag in (8, 16):
        if flags & flag:
            position = data.index(b"\0", position) + 1
    return data[10:position]


def _untarred(data: bytes, room: Room) -> Iterator[Member]:
    with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
        for info in archive:
            notes = "\n".join((info.name, info.linkname, info.uname, info.gname, *info.pax_headers.values()))
            room.take(info.size)
            packed = archive.extractfile(info) if info.isreg() else None
            yield Member(info.name if packed else "", packed.read(info.size) if packed else b"", notes)
