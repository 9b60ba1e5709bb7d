"""Makes files for the tests: pictures that say more than they show, office files, archives."""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

# What a camera and a program may write beside the pixels; each word stands in one place
AUTHOR, GPS_AREA, COMMENT, XMP = "kanariartist", "kanariplace", "kanariremark", "kanarixmp"
TRAILING = b"PK\x03\x04kanaritrailing"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn(mode: str = "RGB") -> Image.Image:
    """A picture that looks different whichever way it is turned."""
    picture = Image.new(mode, (60, 40), "red")
    ImageDraw.Draw(picture).rectangle((0, 0, 19, 19), fill="blue")
    return picture


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112], found[0x013B] = orientation, AUTHOR
    found.get_ifd(0x8825).update({1: "N", 2: (51.0, 4.0, 0.0), 28: GPS_AREA.encode()})
    return found


def photo(orientation: int = 6, **more: Any) -> bytes:
    """A JPEG with author, place, comment, XMP, a thumbnail, a colour profile, and something behind its end."""
    saved = io.BytesIO()
    packet = f"<x:xmpmeta>{XMP}</x:xmpmeta>".encode()
    drawn().save(
        saved, "JPEG", quality=90, exif=exif(orientation), comment=COMMENT.encode(), xmp=packet, icc_profile=PROFILE,
        dpi=(200, 200), **more,
    )  # fmt: skip
    data = saved.getvalue()
    thumbnail = b"JFXX\0\x10kanarithumb"
    segment = b"\xff\xe0" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    return data[:2] + data[2:20] + segment + data[20:] + TRAILING


def png(orientation: int = 6, mode: str = "RGBA") -> bytes:
    """A PNG with words in each of its kinds of text, compressed as well, a time, EXIF and something behind its end."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", AUTHOR)
    words.add_text("Comment", COMMENT, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP, zip=True)
    saved = io.BytesIO()
    drawn(mode).save(saved, "PNG", pnginfo=words, exif=exif(orientation), icc_profile=PROFILE, dpi=(200, 200))
    data = saved.getvalue()
    return (
        data[:33] + chunk(b"tIME", b"\x07\xea\x0b\x18\0\0\0") + chunk(b"kaNa", b"kanariprivate") + data[33:] + TRAILING
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def webp(orientation: int = 6, **more: Any) -> bytes:
    saved = io.BytesIO()
    packet = f"<x:xmpmeta>{XMP}</x:xmpmeta>".encode()
    drawn("RGBA").save(
        saved, "WEBP", lossless=True, exif=exif(orientation).tobytes(), xmp=packet, icc_profile=PROFILE, **more
    )
    return saved.getvalue() + TRAILING


def gif() -> bytes:
    """Two frames that go round for ever, and a comment."""
    saved = io.BytesIO()
    other = drawn().rotate(180)
    drawn().save(saved, "GIF", save_all=True, append_images=[other], duration=90, loop=0, comment=COMMENT.encode())
    data = saved.getvalue()
    packet = f"\x21\xff\x0bXMP DataXMP{chr(len(XMP))}{XMP}\0".encode("latin-1")
    return data[:-1] + packet + data[-1:] + TRAILING


def icon() -> bytes:
    inner = png(1)
    head = b"\0\0\1\0\1\0" + bytes([60, 40, 0, 0, 1, 0, 32, 0])
    return head + len(inner).to_bytes(4, "little") + (22).to_bytes(4, "little") + inner


def zipped(parts: Mapping[str, str | bytes], comment: bytes = b"") -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, data in parts.items():
            archive.writestr(name, data)
    return saved.getvalue()


def tarred(parts: Mapping[str, bytes], owner: str = "root") -> bytes:
    saved = io.BytesIO()
    with tarfile.open(fileobj=saved, mode="w") as archive:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size, info.uname = len(data), owner
            archive.addfile(info, io.BytesIO(data))
    return saved.getvalue()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(
    body: str = "<w:p><w:r><w:t>A form.</w:t></w:r></w:p>",
    named: Mapping[str, str | bytes] | None = None,
    **more: str | bytes,
) -> bytes:
    """A Word file with this body; further parts by their names, with __ for / and no ending where it is .xml."""
    document = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": document,
    }
    for name, data in {**(named or {}), **more}.items():
        path = name.replace("__", "/")
        parts[path if "." in path else f"{path}.xml"] = data
    return zipped(parts)
