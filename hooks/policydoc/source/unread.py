"""Turns a block of the tree back into what was typed, so that signs which Markdown has not read can be found in it.

What Markdown has read is one character for each sign: a mark, sub- or superscript, code, a comment. What an author
escaped keeps its backslash. The characters that stand for line numbers stay where they are.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from markdown.util import ETX, STX, AtomicString

from .dialect import ESCAPED
from .line_numbers import LINE_BASE, MARKER
from .place import BLOCKS

# Control characters, of which no policy has any (P112)
DEL, INS, SUB, SUP, OPAQUE, COMMENT, WORDS, WORDS_END = "\x10\x11\x12\x13\x14\x15\x16\x17"
SIGNS = re.compile("[\x10-\x17]")
_SIGN_OF = {"del": DEL, "ins": INS, "sub": SUB, "sup": SUP}
_TYPED = {DEL: "~~", INS: "^^", SUB: "~", SUP: "^", OPAQUE: "…", COMMENT: "", WORDS: "{==", WORDS_END: "==}"}
# What holds words of its own
_HOLDERS = BLOCKS | frozenset("li td th tr thead tbody dt dd".split())
# What Python-Markdown hides in a text for its own later steps
_HIDDEN = re.compile(f"{STX}[^{STX}{ETX}]*{ETX}")
_NO_WORDS = re.compile(f"[{DEL}{INS}{COMMENT}{WORDS}{WORDS_END}]|{MARKER.pattern}")
# Behind one of these a word goes on, so that ~2~ or ^2^ is small print: H~2~O   word.^1^   but not: (~are~)
_GOES_ON = re.compile(rf"[^\s(\[{{“‘~^/–—\\{SUB}{SUP}-]")


def typed(block: ET.Element) -> Iterator[tuple[str, str]]:
    """The words of a block, and those of each block or table cell in it, with the tag of what holds them."""
    for holder in block.iter():
        if holder is block or holder.tag in _HOLDERS:
            pieces: list[str] = []
            _type(holder, pieces)
            yield holder.tag, "".join(pieces)


def as_typed(text: str) -> str:
    """A piece of `typed` as its author wrote it, in one line."""
    return " ".join(SIGNS.sub(lambda sign: _TYPED[sign[0]], MARKER.sub("", text)).split())


def line_at(text: str, index: int, otherwise: int) -> int:
    """The number of the line in which this index of `typed` stands, if the text says it."""
    markers = MARKER.findall(text, 0, index + 1)
    return ord(markers[-1]) - LINE_BASE if markers else otherwise


def escapes(text: str) -> str:
    """The text with a backslash before each sign that was escaped."""
    if STX not in text:
        return text  # as nearly every text
    return _HIDDEN.sub("", ESCAPED.sub(lambda sign: "\\" + chr(int(sign[1])), text))


def _type(element: ET.Element, pieces: list[str]) -> None:
    pieces.append(escapes(element.text or ""))
    for child in element:
        if child.tag in _SIGN_OF and not child.get("id"):
            sign = "" if _is_small_print(child, pieces) else _SIGN_OF[child.tag]
            pieces.append(sign)
            _type(child, pieces)
            pieces.append(sign)
        elif child.tag == "comment":
            pieces.append(COMMENT)
        elif child.tag == "mark":
            pieces.append(WORDS)
            _type(child, pieces)
            pieces.append(WORDS_END)
        elif child.tag in ("code", "img", "sup") or (child.tag == "a" and isinstance(child.text, AtomicString)):
            pieces.append(OPAQUE)  # a sup with a name is a footnote's sign, an address its own words
        elif child.tag not in _HOLDERS:
            _type(child, pieces)
        pieces.append(escapes(child.tail or ""))


def _is_small_print(element: ET.Element, pieces: list[str]) -> bool:
    """Whether this is sub- or superscript inside or directly behind a word, with no further sign beside it."""
    sign = {"sub": "~", "sup": "^"}.get(element.tag)
    bare = (_NO_WORDS.sub("", text) for text in reversed(pieces))
    before = next((text[-1] for text in bare if text), "")
    visible = any(char.isprintable() and not char.isspace() for char in "".join(element.itertext()))
    return sign is not None and visible and bool(_GOES_ON.match(before)) and not (element.tail or "").startswith(sign)
