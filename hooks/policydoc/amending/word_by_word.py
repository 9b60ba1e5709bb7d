"""Turns two versions of a passage's words into one with marks, word by word.

Marks never open inside a link, code or emphasis, and never hold a space at their ends. Comments stay behind the word
that they stand behind, attributes such as {#name} at the end of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from ..model.alignment import likeness
from ..model.document import Mark, Reading
from ..model.matching import is_much, matcher
from ..model.runs import plain
from ..source.braces import start_of_attributes
from ..source.parse import clause
from ..source.signs import CLOSING, MARKS
from . import marks

NAME = re.compile(r"#([^\s{}]+)")

_REWRITTEN = 0.25  # share of common words below which a passage is replaced as a whole
# What stays in one piece when words are compared: code, links, images, notes, emphasis, addresses, sub- and superscript
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<frame>\{==)|(?P<comment>\{>>.*?<<\}|<!--.*?-->|==\})"
    r"|(?:`+)[^`]+`+|!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\]|\{lang=[^{}]*\})?|<[a-z]+:[^\s<>]*>"
    r"|\*\*.+?\*\*|__.+?__|(?<!\w)[*_](?=\S).+?(?<=\S)[*_](?!\w)|\^[^\s^]+\^|~[^\s~]+~|&[#\w]+;"
    r"|(?:\\.|\w)+(?:(?:[-'’./@]|\\.)\w+)*|\\.|.",
    re.DOTALL,
)
_COMMENTS_LAST = re.compile(r"(?<!\s)(?:\s*(?:\{>>(?:(?!<<\}).)*<<\}|<!--(?:(?!-->).)*-->))+\s*$", re.DOTALL)


@dataclass(frozen=True)
class _Token:
    """One word or sign, the space before it as it was typed, and the comments behind it.

    `frame` is the {== that opens before it; the ==} that closes behind it stands with the comments.
    """

    text: str
    space: str
    comments: str = ""
    frame: str = ""

    @property
    def key(self) -> tuple[str, bool]:
        return self.text, bool(self.space)


def in_words(old: str, new: str) -> str | None:
    """The new words with marks for what is new, and the old words that have gone; None where that would say less."""
    was, (framed, attributes) = apart(bare(old))[0], apart(new)
    now = _unframed(framed)
    meant = _without_comments(now)
    if folded(was) == folded(meant):
        return framed + attributes
    attempts = [_compared(was, framed), _compared(was, now)] if likeness(was, now) >= _REWRITTEN else []
    words, comments = trailing_comments(now)
    both = [_in_mark("deleted", was.strip())] if was.strip() else []
    both += [_in_mark("inserted", words.strip())] if words.strip() else []
    attempts.append(" ".join(both) + comments)
    says = [_says(text, "amended") for text in (was, meant)]
    for text in attempts:
        if _resolves(text, was, meant) and says == [_says(text, "previous"), _says(text, "amended")]:
            return text + attributes
    return None


def whole(text: str, mark: Mark, without: AbstractSet[str] = frozenset()) -> str:
    """The text in one mark, its comments and attributes behind it; `without` are names that others have now."""
    words, attributes = apart(text)
    words, comments = trailing_comments(words)
    if not words.strip():
        return text
    framed = re.fullmatch(r"\{==(.+)==\}", words, re.DOTALL)
    if framed and "{==" not in framed[1]:
        return f"{{=={_in_mark(mark, framed[1])}==}}{comments}{without_names(attributes, without)}"
    return f"{_in_mark(mark, words)}{comments}{without_names(attributes, without)}"


def without_names(attributes: str, names: AbstractSet[str] | None = None) -> str:
    """`{#fees .internal}` without its name, if it is one of these; without any where none are given."""
    left = NAME.sub(lambda name: "" if names is None or name[1] in names else name[0], attributes)
    return re.sub(r"\s*\{\}", "", re.sub(r"(?<=\{)\s+|\s+(?=\})", "", left))


def _compared(old: str, new: str) -> str:
    (_, was), (leading, now) = _tokens(old), _tokens(new)
    marked = leading
    for change, i1, i2, j1, j2 in _changes([token.key for token in was], [token.key for token in now]):
        if change == "equal":
            for token in now[j1:j2]:
                marked += (token.space if marked else "") + token.frame + token.text + token.comments
            continue
        gone, come = was[i1:i2], now[j1:j2]
        if gone:
            marked += " " if marked and gone[0].space else ""
            marked += _in_mark("deleted", folded(_words(gone)))
        if come:
            marked += come[0].space if marked else ""
            words = _in_mark("inserted", _words(come).strip())
            is_framed = come[0].frame and come[-1].comments.startswith("==}")
            marked += f"{{=={words}==}}" if is_framed else words
            marked += "".join(token.comments for token in come).replace("==}", "")
    return marked


def _in_mark(mark: Mark, words: str) -> str:
    return f"{MARKS[mark]}{words}{MARKS[mark]}"


def _words(tokens: Iterable[_Token]) -> str:
    return "".join(token.space + token.text for token in tokens)


def _changes(old: list[tuple[str, bool]], new: list[tuple[str, bool]]) -> list[tuple[str, int, int, int, int]]:
    """What becomes of the old tokens; two changes with only one token between them are one, which is easier to read."""
    if is_much(old, new):
        return [("replace", 0, len(old), 0, len(new))]
    changes = matcher(old, new).get_opcodes()
    joined: list[tuple[str, int, int, int, int]] = []
    for n, (change, i1, i2, j1, j2) in enumerate(changes):
        between = change == "equal" and i2 - i1 == 1 and 0 < n < len(changes) - 1
        both = between and "replace" in (changes[n - 1][0], changes[n + 1][0])
        if joined and (both or (change != "equal" and joined[-1][0] == "replace" and joined[-1][2] == i1)):
            joined[-1] = ("replace", joined[-1][1], i2, joined[-1][3], j2)
        else:
            joined.append((change, i1, i2, j1, j2))
    return joined


def _tokens(text: str) -> tuple[str, list[_Token]]:
    """The comments that stand before all words, and the words; the first counts as having a space before it."""
    leading, space, frame, tokens = "", " ", "", list[_Token]()
    behind = False  # whether a comment is the last that was seen
    for match in _TOKEN.finditer(text.strip()):
        if match["space"]:
            space = match[0]
        elif match["frame"]:
            frame = match[0]
        elif match["comment"] and tokens:
            gap = "" if match[0] == "==}" or tokens[-1].comments.endswith("==}") else space
            tokens[-1] = replace(tokens[-1], comments=tokens[-1].comments + gap + match[0])
            behind = True
        elif match["comment"]:
            leading += match[0] + " "
        else:
            if behind and CLOSING.match(match[0]):
                space = ""
            tokens.append(_Token(match[0], space, frame=frame))
            space, frame, behind = "", "", False
    return leading, tokens


def _resolves(text: str, old: str, new: str) -> bool:
    """Whether these marked words, resolved as they are typed, are the old and the new ones."""
    try:
        spans = marks.scan(text)
    except marks.Unclear:
        return False
    readings: tuple[tuple[Reading, str], ...] = (("previous", old), ("amended", new))
    return all(
        folded(marks.resolved(text, spans, marks.resolutions(reading))) == folded(words) for reading, words in readings
    )


def _says(text: str, reading: Reading) -> str:
    """What a reader reads of a clause with this text."""
    read = clause(text)
    return plain(read.blocks, reading) if read else text


def apart(text: str) -> tuple[str, str]:
    """The words, and the {#name .internal} at their end; comments behind it are put before it."""
    bare, comments = trailing_comments(text)
    start = start_of_attributes(bare)
    return (text, "") if start is None else (bare[:start] + comments, bare[start:])


def trailing_comments(text: str) -> tuple[str, str]:
    last = _COMMENTS_LAST.search(text)
    return (text[: last.start()], last[0].rstrip()) if last else (text.rstrip(), "")


def _unframed(text: str) -> str:
    """The text without the signs {== ==} round the words that a comment is about."""
    return marks.resolved(text, marks.scan(text), lambda span: "unwrap" if span.kind == "words" else "keep")


def _without_comments(text: str) -> str:
    return marks.resolved(text, marks.scan(text), lambda span: "drop" if span.kind == "comment" else "keep")


def bare(text: str) -> str:
    return _without_comments(_unframed(text))


def folded(text: str) -> str:
    return " ".join(text.split())
