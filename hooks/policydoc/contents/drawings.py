"""Turns an SVG drawing into the one that is published: what is drawn, without a program, a foreign address or a note.

Programs and addresses are refused, since a drawing without them might be another; metadata, comments and what drawing
programs note for themselves go without a word.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from base64 import b64decode, b64encode
from xml.parsers import expat

from ..messages import said
from . import pictures
from .kinds import UnreadableFile, damaged

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XLINK_HREF = f"{{{_XLINK}}}href"
_XML_KEYS = tuple(f"{{http://www.w3.org/XML/1998/namespace}}{key}" for key in ("space", "lang"))
# Elements that run, or bring in, something else, of whatever language
_ACTIVE = frozenset(
    "script foreignobject iframe frame object embed applet handler listener audio video canvas link meta base".split()
)
# data:image/png;base64,iVBORw0…   a picture inside the drawing
_PICTURE = re.compile(r"\s*data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)
# url(…) but not url(#name), @import, //…, javascript:, and backslashes, with which CSS can spell any of these
_OUTSIDE = re.compile(
    r"url\(\s*(?![\s'\"#])|url\(\s*['\"]\s*(?![\s#])|@import|image-set\(|//|javascript:|\\", re.IGNORECASE
)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)


def cleaned(name: str, data: bytes) -> bytes:
    """The drawing as it is published. Raises UnreadableFile when it is damaged or holds what a drawing may not."""
    if _declares_entities(name, data):
        raise _refused(name, "declares entities")
    root = ET.fromstring(data)  # whose parser leaves comments and processing instructions out
    if root.tag != f"{{{_SVG}}}svg":
        raise damaged(name)
    try:
        _clean(name, root)
        root.attrib.update({"xmlns": _SVG, "xmlns:xlink": _XLINK})
        return ET.tostring(root, "unicode").encode()
    except RecursionError:
        raise damaged(name) from None


def _refused(name: str, what: str) -> UnreadableFile:
    return UnreadableFile(said("P439", image=name, what=what))


def _declares_entities(name: str, data: bytes) -> bool:
    entities: list[str] = []
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = lambda name, *rest: entities.append(name)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        if not entities:
            raise damaged(name) from None
    return bool(entities)


def _clean(name: str, element: ET.Element) -> None:
    local = element.tag.rpartition("}")[2]
    if local == "style":
        element.text = _CSS_COMMENT.sub(" ", "".join(element.itertext()))
        element[:] = []
        _check(name, element.text)
    for key, value in list(element.items()):
        del element.attrib[key]
        kept = _attribute(name, key, value)
        if kept is not None:
            element.set("xlink:href" if key == _XLINK_HREF else key, kept)
    element.tag = local
    _clean_children(name, element)


def _clean_children(name: str, element: ET.Element) -> None:
    """Keeps what is drawn, and the words behind what isn't."""
    kept: list[ET.Element] = []
    words = [[element.text or ""]]
    for child in element:
        local = child.tag.rpartition("}")[2]
        if local.lower() in _ACTIVE:
            raise _refused(name, f"holds <{local}>")
        if child.tag.startswith(f"{{{_SVG}}}") and local != "metadata":
            _clean(name, child)
            kept.append(child)
            words.append([])
        words[-1].append(child.tail or "")
    element[:] = kept
    element.text = "".join(words[0])
    for child, behind in zip(kept, words[1:], strict=True):
        child.tail = "".join(behind)


def _attribute(name: str, key: str, value: str) -> str | None:
    """The attribute's value as it is published, or nothing where it draws nothing."""
    if key.lower().startswith("on"):
        raise _refused(name, f"holds a program ({key})")
    if key in ("href", "src", _XLINK_HREF):
        picture = _PICTURE.match(value)
        if picture:
            return _inner(name, picture, value)
        if not value.strip().startswith("#"):
            raise _refused(name, f"leads elsewhere ({value.strip()[:60]})")
    elif key == "attributeName" and (value.lower().startswith("on") or value.rpartition(":")[2].lower() == "href"):
        raise _refused(name, f"changes {value} while it is shown")
    elif key.startswith(("{", "data-")) and key not in _XML_KEYS:
        return None
    elif key == "style" or "(" in value or "javascript:" in value.lower():
        value = _CSS_COMMENT.sub(" ", value)
        _check(name, value)
    return value


def _check(name: str, style: str) -> None:
    outside = _OUTSIDE.search(style)
    if outside:
        raise _refused(name, f"leads elsewhere ({style[outside.start() :][:60].strip()})")


def _inner(name: str, picture: re.Match[str], value: str) -> str:
    """The address of a picture that is written out in the drawing, cleaned as any other."""
    try:
        data = b64decode(re.sub(r"\s+", "", value[picture.end() :]), validate=True)
        return value[: picture.end()].strip() + b64encode(pictures.cleaned(f"x.{picture[1].lower()}", data)).decode()
    except (UnreadableFile, ValueError):
        raise damaged(name) from None
