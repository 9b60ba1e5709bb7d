"""Turns HTML into the same without its comments: they are notes to colleagues, not to readers."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from itertools import accumulate

# <!-- …   <!x   <?php …   </ x   : what a browser may take for a comment; <!doctype alone is none
_MAYBE = re.compile(r"<(?!!doctype\b)[!?]|</(?![a-z])", re.IGNORECASE)


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
        pieces = zip(starts, starts[1:], self._pieces, strict=False)
        return "".join(self._html[start:end] for start, end, (_, is_comment) in pieces if not is_comment)

    def _note(self, is_comment: bool) -> None:
        line, column = self.getpos()
        self._pieces.append((self._lines[line - 1] + column, is_comment))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(False)

    def handle_endtag(self, tag: str) -> None:
        self._note(False)

    def handle_data(self, data: str) -> None:
        is_comment = bool(_MAYBE.match(data)) and self.cdata_elem is None
        self._note(is_comment)
        if is_comment:  # one that never ends comes as text
            raise _Unclosed

    def handle_charref(self, name: str) -> None:
        self._note(False)

    def handle_entityref(self, name: str) -> None:
        self._note(False)

    def handle_comment(self, data: str) -> None:
        self._note(True)

    def handle_decl(self, decl: str) -> None:
        self._note(not decl.lower().startswith("doctype"))

    def handle_pi(self, data: str) -> None:
        self._note(True)

    def unknown_decl(self, data: str) -> None:
        self._note(True)
