"""Reads a policy's text before and after it is edited, and says where the two differ or what would become public."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import zip_longest
from textwrap import shorten

from ..editions.outline import published
from ..model.document import Document, Reading
from ..model.outline import Line, outline
from ..source import policy_files
from ..source.numbering import Counting
from ..source.parse import parsed
from ..source.policy_files import FOLDER
from .rewriting import Refused


def path_of(slug: str) -> str:
    """The policy's file, as messages name it."""
    return f"{FOLDER}/{slug}.md"


def read(text: str, slug: str, counting: Counting) -> Document:
    """The document of a policy file's text. Raises Refused with all that is wrong with it."""
    source, problems = policy_files.read(slug, path_of(slug), text.encode())
    errors = [problem for problem in problems if problem.level == "error"]
    if source is None or errors:
        raise Refused(*map(str, errors))
    whole = parsed(source, counting)
    if whole.errors:
        raise Refused(*map(str, whole.errors))
    return whole.document


def unnamed(text: str, slug: str, counting: Counting) -> list[Line]:
    """What a text says in its amended reading, whatever the names of its places. Raises Refused."""
    return [replace(line, name="") for line in outline(read(text, slug, counting), "amended")]


def departure(expected: Sequence[Line], lines: Sequence[Line]) -> str | None:
    """The number of the place where the lines begin to differ, "" before the first that has one; None where none do."""
    pairs = enumerate(zip_longest(expected, lines))
    first = next((n for n, (one, other) in pairs if one != other), None)
    return None if first is None else next((line.number for line in reversed(expected[: first + 1]) if line.number), "")


def exposed(document: Document, reading: Reading, public: Collection[str]) -> str | None:
    """The first words that this reading would publish although they are not public yet, as a message quotes them."""
    texts = (line.text for line in published(document, reading) if line.text not in public)
    first = next(texts, None)
    return first and shorten(first, 80, placeholder=" …")
