"""Turns a text into where its words end and the attributes at its end begin: `words {#name} {.internal}`.

Looked for from the end: an expression that looks from the front would try every space and brace before it.
"""

from __future__ import annotations

import re

from .signs import ATTRIBUTES

_GROUP = re.compile(ATTRIBUTES)


def start_of_attributes(text: str) -> int | None:
    """Where the attributes at the text's end begin, with the space before them; None where there are none."""
    end = len(text.rstrip())
    start = None
    while end and text[end - 1] == "}":
        opened = text.rfind("{", 0, end)
        if opened < 0 or not _GROUP.fullmatch(text, opened, end):
            break
        start = opened
        while start and text[start - 1].isspace():
            start -= 1
        end = start
    return start


def is_attributes(text: str) -> bool:
    """Whether a text is nothing but attributes."""
    return start_of_attributes(text) == 0
