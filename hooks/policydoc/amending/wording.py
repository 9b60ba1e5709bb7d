"""Turns two versions of a passage's words into one with marks, word by word.

Marks never open inside a link, code or emphasis, and never hold a space at their ends. Comments stay behind the word
that they stand behind, attributes such as {#name} at the end of all.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from ..alignment import likeness
from ..dialect import Dialect
from ..reading import Reading
from . import marks

Mark = Literal["del", "ins"]
SIGNS: dict[Mark, str] = {"del": "~~", "ins": "^^"}
# {#name .internal}
ATTRIBUTES = re.compile(r"(?:\s*\{[#.:][^{}]*\})+\s*$")
NAME = re.compile(r"#([^\s{}]+)")

_REWRITTEN = 0.25  # share of common words below which a passage is replaced as a whole
# What stays in one piece when words are compared: code, links, images, notes, emphasis, addresses, sub- and superscript
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>\{>>.*?<<\}|<!--.*?-->)"
    r"|(?:`+)[^`]+`+|!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?|<[a-z]+:[^\s<>]*>"
    r"|\*\*.+?\*\*|__.+?__|(?<!\w)[*_](?=\S).+?(?<=\S)[*_](?!\w)|\^[^\s^]+\^|~[^\s~]+~|&[#\w]+;"
    r"|(?:\\.|\w)+(?:(?:[-'’./@]|\\.)\w+)*|\\.|.",
    re.DOTALL,
)
_COMMENTS_LAST = re.compile(r"(?:\s*(?:\{>>(?:(?!<<\}).)*<<\}|<!--(?:(?!-->).)*-->))+\s*$", re.DOTALL)


@dataclass(frozen=True)
class _Token:
    """One word or sign, the space before it as it was typed, and the comments behind it."""

    text: str
    space: str
    comments: str = ""

    @property
    def key(self) -> tuple[str, bool]:
        return self.text, bool(self.space)


def in_words(old: str, new: str, dialect: Dialect) -> str | None:
    """The new words with marks for what is new, and the old words that have gone; None where that would say less."""
    (was, _), (now, attributes) = apart(bare(old)), apart(_unframed(new))
    if folded(was) == folded(_without_comments(now)):
        return now + attributes
    attempts = [_compared(was, now)] if likeness(was, now) >= _REWRITTEN else []
    words, comments = trailing_comments(now)
    both = [f"~~{was.strip()}~~"] if was.strip() else []
    both += [f"^^{words.strip()}^^"] if words.strip() else []
    attempts.append(" ".join(both) + comments)
    for text in attempts:
        if _reads(text, was, _without_comments(now), dialect):
            return text + attributes
    return None


def whole(text: str, mark: Mark, without: AbstractSet[str] = frozenset()) -> str:
    """The text in one mark, its comments and attributes behind it; `without` are names that others have now."""
    words, attributes = apart(text)
    words, comments = trailing_comments(words)
    if not words.strip():
        return text
    return f"{SIGNS[mark]}{words}{SIGNS[mark]}{comments}{without_names(attributes, without)}"


def without_names(attributes: str, names: AbstractSet[str] | None = None) -> str:
    """`{#fees .internal}` without its name, if it is one of these; without any where none are given."""
    left = NAME.sub(lambda found: "" if names is None or found[1] in names else found[0], attributes)
    return re.sub(r"\s*\{\s*\}", "", re.sub(r"\{\s+", "{", left))


def _compared(old: str, new: str) -> str:
    (_, was), (leading, now) = _tokens(old), _tokens(new)
    found = leading
    for change, i1, i2, j1, j2 in _changes([each.key for each in was], [each.key for each in now]):
        if change == "equal":
            for each in now[j1:j2]:
                found += (each.space if found else "") + each.text + each.comments
            continue
        gone, come = was[i1:i2], now[j1:j2]
        if gone:
            found += " " if found and gone[0].space else ""
            found += "~~" + folded("".join(each.space + each.text for each in gone)) + "~~"
        if come:
            found += come[0].space if found else ""
            found += "^^" + "".join(each.space + each.text for each in come).strip() + "^^"
            found += "".join(each.comments for each in come)
    return found


def _changes(old: list[tuple[str, bool]], new: list[tuple[str, bool]]) -> list[tuple[str, int, int, int, int]]:
    """What becomes of the old tokens; two changes with only one token between them are one, which is easier to read."""
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[tuple[str, int, int, int, int]] = []
    for n, (change, i1, i2, j1, j2) in enumerate(changes):
        between = change == "equal" and i2 - i1 == 1 and 0 < n < len(changes) - 1
        both = between and "replace" in (changes[n - 1][0], changes[n + 1][0])
        if found and (both or (change != "equal" and found[-1][0] == "replace" and found[-1][2] == i1)):
            found[-1] = ("replace", found[-1][1], i2, found[-1][3], j2)
        else:
            found.append((change, i1, i2, j1, j2))
    return found


def _tokens(text: str) -> tuple[str, list[_Token]]:
    """The comments that stand before all words, and the words; the first counts as having a space before it."""
    leading, space, found = "", " ", list[_Token]()
    for match in _TOKEN.finditer(text.strip()):
        if match["space"]:
            space = match[0]
        elif match["comment"] and found:
            found[-1] = replace(found[-1], comments=found[-1].comments + space + match[0])
            space = space or ""
        elif match["comment"]:
            leading += match[0] + " "
        else:
            found.append(_Token(match[0], space))
            space = ""
    return leading, found


def _reads(text: str, old: str, new: str, dialect: Dialect) -> bool:
    """Whether these marked words are the old and the new ones, as typed and as Markdown sees them."""
    try:
        spans = marks.scan(text)
    except marks.Unclear:
        return False
    readings: tuple[tuple[Reading, str], ...] = (("previous", old), ("amended", new))
    for reading, expected in readings:
        if folded(marks.settled(text, spans, marks.fates(reading))) != folded(expected):
            return False
    tree, _ = dialect.parse([text])
    seen = sum(1 for each in tree.iter() if each.tag in ("del", "ins"))
    return seen == sum(span.kind in ("del", "ins") for span in spans)


def apart(text: str) -> tuple[str, str]:
    """The words, and the {#name .internal} at their end; comments behind it are put before it."""
    bare, comments = trailing_comments(text)
    found = ATTRIBUTES.search(bare)
    return (bare[: found.start()] + comments, found[0]) if found else (text, "")


def trailing_comments(text: str) -> tuple[str, str]:
    found = _COMMENTS_LAST.search(text)
    return (text[: found.start()], found[0].rstrip()) if found else (text.rstrip(), "")


def _unframed(text: str) -> str:
    """The text without the signs {== ==} round the words that a comment is about."""
    return marks.settled(text, marks.scan(text), lambda span: "unwrap" if span.kind == "words" else "keep")


def _without_comments(text: str) -> str:
    return marks.settled(text, marks.scan(text), lambda span: "drop" if span.kind == "comment" else "keep")


def bare(text: str) -> str:
    return _without_comments(_unframed(text))


def folded(text: str) -> str:
    return " ".join(text.split())
