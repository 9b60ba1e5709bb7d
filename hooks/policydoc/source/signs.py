"""How the signs of a policy's text are written: one spelling for all that read it and all that edit it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from ..model.document import Comment, Mark

# ~~deleted~~   ^^inserted^^
MARKS: dict[Mark, str] = {"deleted": "~~", "inserted": "^^"}
# {>>TA1: to be agreed<<}   <!-- to be agreed -->
COMMENT = r"(?<!\\)(?:\{>>(.*?)<<\}|<!--(.*?)-->)"
# {==the words==}   which a comment is about
WORDS = r"(?<!\\)\{==(.+?)==\}"
# `~~code~~`
CODE_SPAN = r"(`+)(?!`).*?(?<!`)\1(?!`)"
# Signs before which no space stays behind when the words before it go
CLOSING = re.compile(r"[,.;:!?)\]’”]")
# {#moderator .internal}   {=(2A)}     but not {==words==}
ATTRIBUTES = r"\{(?:[#.:]|=(?!=))[^{}]*\}"
# {.internal}     alone in its line
ATTRIBUTES_ALONE = re.compile(rf"^ *{ATTRIBUTES} *$")
# ```  or  ~~~ python
FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *[\w+-]* *$")
# ---   ...     what ends the front matter
FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)\s*$")
# What stands before the words of an item or bullet, a heading, a footnote, and between the cells of a row
ITEM = r"(?:\d+\.|[-*+])"
# 1.  1.  text      a clause without words of its own before its first sub-clause
BARE = re.compile(r"^( *)\d+\. +(?=\d+\. +\S)")
HEADING = r"#{1,6}"
NOTE = r"\[\^[^\]]+\]:"
PIPE = re.compile(r"(?<!\\)\|")
# [act]: https://example.org
ADDRESS = r"\[[^\]^]+\]:"
LINE_END = re.compile(r"\r\n|\r|\n")

_CODE = re.compile(CODE_SPAN)
# TA1: the text     Tom O'Neill: the text
_SIGNED = re.compile(r"^(\w[\w .'’/-]{0,39}?): +(.*)$", re.DOTALL)
# <!-- that does not end in its line
_OPEN_COMMENT = re.compile(r"(?<!\\)<!--(?!.*-->)")


def signed(words: str, line: int = 0) -> Comment:
    """The comment that stands between the signs, its author taken off its front."""
    words = " ".join(unescape(words).split())
    signature = _SIGNED.match(words)
    author, text = signature.groups() if signature else ("", words)
    return Comment(author, text, line)


def is_bare(line: str, following: Iterable[str]) -> bool:
    """Whether a line begins a clause that has no words before its first sub-clause.

    `following` are the lines below it: one of them must begin a second sub-clause, or what stands below the first, or
    the second number was typed.
    """
    bare = BARE.match(line)
    if not bare:
        return False
    indent = len(bare[1])
    for other in following:
        depth = len(other) - len(other.lstrip(" "))
        item = re.match(r" *\d+\. +\S", other)
        if other.strip() and (depth <= indent or (item and depth <= indent + 8)):
            return bool(item) and depth > indent
    return False


def closes(line: str, fence: str) -> bool:
    """Whether a line closes the block of code that this fence, ``` or ~~~, has opened."""
    return line.strip().startswith(fence) and not line.strip().strip(fence[0])


def leaves_comment_open(line: str, is_open: bool = False) -> bool:
    """Whether a comment <!-- goes on below this line; `is_open` says whether one does above it."""
    if is_open:
        _, closed, line = line.partition("-->")
        if not closed:
            return True
    return "<!--" in line and bool(_OPEN_COMMENT.search(_CODE.sub("", line)))
