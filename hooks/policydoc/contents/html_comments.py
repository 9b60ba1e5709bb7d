"""Turns HTML into the same without its comments: they are notes to colleagues, not to readers."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from itertools import accumulate
from typing import Any

# <!-- …   <!x   <?php …   </ x   : what a browser may take for a comment; <!doctype alone is none
_MAYBE = re.compile(r"<(?!!doctype\b)[!?]|</(?![a-z])", re.IGNORECASE)

# <!-- … -->   <!-->   <!-- … --!>
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)


def without_comments(html: str) -> str:
    """The HTML without what a browser takes for a comment. Code that shows one is text to a browser, and stays."""
    if not _MAYBE.search(html):
        return html
    return _Reader(html).rest()


class _Unclosed(Exception):
    """A comment that never ends: to a browser all that follows is a part of it."""


class _Reader(HTMLParser):
    """Notes where each piece of the HTML begins, and whether it is a comment."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._pieces: list[tuple[int, bool]] = []

    def rest(self) -> str:
        with suppress(_Unclosed):
            self.feed(self._html)
            self.close()
        starts = [start for start, _ in self._pieces] + [len(self._html)]
        kept: list[str] = []
        for (start, is_comment), end in zip(self._pieces, starts[1:], strict=True):
            if not is_comment:
                kept.append(self._html[start:end])
            elif kept and kept[-1].endswith("<"):
                kept.append(" ")  # or the sign would begin a tag, or another comment, with what comes now
        return "".join(kept)

    def _note(self, *_: Any, **__: Any) -> None:
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        self._pieces.append((start, self.cdata_elem is None and _MAYBE.match(self._html, start) is not None))

    handle_starttag = handle_startendtag = handle_endtag = handle_charref = handle_entityref = _note
    handle_comment = handle_decl = handle_pi = unknown_decl = _note

    def handle_data(self, data: str) -> None:
        self._note()
        if self._pieces[-1][1]:  # what never ends comes as text
            raise _Unclosed

    def parse_comment(self, i: int, report: bool = True) -> int:
        """As browsers do it; Python's parser takes `-- >` for an end, too."""
        self._note()
        comment = _COMMENT.match(self.rawdata, i)
        if comment is None:
            raise _Unclosed
        return comment.end()
