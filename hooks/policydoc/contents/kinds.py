"""Turns a file's name and first bytes into its kind, or into why nobody can look into it.

Only what can be searched for words may be published, so this is an allow-list: a kind is known when the end of the name
and the bytes agree on it.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from ..messages import Fault, said

Kind = Literal["text", "drawing", "picture", "pdf", "office", "archive", "font"]

_TEXT = ".html .htm .xml .txt .md .csv .tsv .ics .json .geojson .webmanifest .css .js .mjs .map".split()
_OFFICE = ".docx .dotx .xlsx .xltx .pptx .potx .odt .ott .ods .ots .odp .otp .odg .epub".split()
# Text files that web servers and hosts know by their whole name
_NAMES = frozenset({"CNAME", "_headers", "_redirects", "LICENSE", "SHA256SUMS"})
KINDS: dict[str, Kind] = {
    **dict.fromkeys(_TEXT, "text"),
    ".svg": "drawing",
    **dict.fromkeys(".png .jpg .jpeg .gif .webp .ico".split(), "picture"),
    ".pdf": "pdf",
    **dict.fromkeys(_OFFICE, "office"),
    **dict.fromkeys(".zip .gz .tgz .tar".split(), "archive"),
    **dict.fromkeys(".woff .woff2 .ttf .otf".split(), "font"),
}
_ZIP, _GZIP = (b"PK\x03\x04", b"PK\x05\x06"), (b"\x1f\x8b",)
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".ico": (b"\0\0\1\0",),
    ".pdf": (b"%PDF-",),
    **dict.fromkeys((*_OFFICE, ".zip"), _ZIP),
    ".gz": _GZIP,
    ".tgz": _GZIP,
    ".woff": (b"wOFF",),
    ".woff2": (b"wOF2",),
    ".ttf": (b"\0\1\0\0", b"true"),
    ".otf": (b"OTTO",),
}
# What Office 97 wrote, and what it writes today round a file with a password
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Signs that no text has: all below the space but tab, line ends and form feed
_NO_TEXT = bytes(set(range(32)) - {9, 10, 12, 13})

ADVICE = "Save it as .pdf, .docx, .xlsx, .odt, .csv, .txt, .png or .jpg, or take it away."
_ADVICE = {
    **dict.fromkeys(".doc .rtf .dot .wps .pages".split(), "Save it as .docx or .pdf."),
    **dict.fromkeys(".xls .xlsb .numbers".split(), "Save it as .xlsx or .csv."),
    **dict.fromkeys(".ppt .pps .key".split(), "Save it as .pptx or .pdf."),
    **dict.fromkeys(".docm .xlsm .pptm .dotm".split(), "Save it without macros, as .docx, .xlsx or .pptx."),
    **dict.fromkeys(".bmp .tif .tiff .heic .heif .avif .psd .jfif .jpe".split(), "Save it as .png or .jpg."),
    **dict.fromkeys(".mp4 .mov .avi .webm .mkv .mp3 .wav .m4a .ogg".split(), "Link to where it can be played instead."),
    **dict.fromkeys(".rar .7z .bz2 .xz .zst".split(), "Pack it as .zip."),
    **dict.fromkeys(".msg .eml .pub .vsd .vsdx".split(), "Save it as .pdf."),
}


class UnreadableFile(Exception):
    """A file that nobody can look into, and that may not be published; `fault` is its message."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


def broken(reason: str) -> UnreadableFile:
    """The error for a file of a known kind; the reason goes on from “this file can't be looked into: it …”."""
    return UnreadableFile(said("P119", reason=reason))


def damaged(name: str) -> UnreadableFile:
    """The error for a picture or drawing that can't be read to its end."""
    return UnreadableFile(said("P437", image=name))


def known(name: str) -> Kind | None:
    """The kind that the file's name promises."""
    path = PurePosixPath(name)
    return "text" if path.name in _NAMES else KINDS.get(path.suffix.lower())


def stranger(name: str) -> Fault | None:
    """What is wrong with a file whose name promises no kind that is known."""
    return None if known(name) else _unknown(PurePosixPath(name).suffix.lower())


def _unknown(suffix: str) -> Fault:
    return said("P118", kind=suffix or "no ending", advice=_ADVICE.get(suffix, ADVICE))


def kind_of(name: str, data: bytes) -> Kind:
    """The kind of a file from its name and its bytes. Raises UnreadableFile where they disagree, or say nothing."""
    kind, suffix = known(name), PurePosixPath(name).suffix.lower()
    if kind is None:
        raise UnreadableFile(_unknown(suffix))
    if kind == "office" and data.startswith(_OLE):
        raise broken("is protected by a password, or is an old Office file. Save it again without a password")
    if not _is(suffix, kind, data):
        raise broken(f"is not what its name says. Save it again as {suffix or 'plain text'}")
    return kind


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark, or else Latin-1, which fits everything."""
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is(suffix: str, kind: Kind, data: bytes) -> bool:
    if kind in ("text", "drawing"):
        if not data.startswith((b"\xff\xfe", b"\xfe\xff")):  # in UTF-8 and Latin-1 such a sign is its own byte
            return len(data) == len(data.translate(None, _NO_TEXT))
        return not any(ord(sign) in _NO_TEXT for sign in set(decoded(data)))
    if suffix == ".tar":
        return data[257:262] == b"ustar"
    if suffix == ".webp" and data[8:12] != b"WEBP":
        return False
    return data.startswith(SIGNATURES[suffix])
