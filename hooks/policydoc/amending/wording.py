"""Turns two versions of a passage's words into one with marks, word by word.

Marks never open inside a link, code or emphasis, and never hold a space at their ends. Comments stay behind the word
that they stand behind, attributes such as {#name} at the end of all.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from ..model.alignment import likeness
from ..model.matching import is_much, matcher
from ..model.reading import Reading, plain
from ..source.braces import start_of_attributes
from ..source.line_numbers import number_lines
from ..source.markdown import Dialect
from ..source.walk import Walk
from . import marks

Mark = Literal["del", "ins"]
SIGNS: dict[Mark, str] = {"del": "~~", "ins": "^^"}
# Signs before which no space stands, whatever stands between: as in `spacing`
_CLOSING = re.compile(r"[,.;:!?)\]’”]")
NAME = re.compile(r"#([^\s{}]+)")

_REWRITTEN = 0.25  # share of common words below which a passage is replaced as a whole
# What stays in one piece when words are compared: code, links, images, notes, emphasis, addresses, sub- and superscript
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<frame>\{==)|(?P<comment>\{>>.*?<<\}|<!--.*?-->|==\})"
    r"|(?:`+)[^`]+`+|!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?|<[a-z]+:[^\s<>]*>"
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


def in_words(old: str, new: str, dialect: Dialect) -> str | None:
    """The new words with marks for what is new, and the old words that have gone; None where that would say less."""
    was, (framed, attributes) = apart(bare(old))[0], apart(new)
    now = _unframed(framed)
    meant = _without_comments(now)
    if folded(was) == folded(meant):
        return framed + attributes
    attempts = [_compared(was, framed), _compared(was, now)] if likeness(was, now) >= _REWRITTEN else []
    words, comments = trailing_comments(now)
    both = [f"~~{was.strip()}~~"] if was.strip() else []
    both += [f"^^{words.strip()}^^"] if words.strip() else []
    attempts.append(" ".join(both) + comments)
    said = [_said(text, "amended", dialect) for text in (was, meant)]
    for text in attempts:
        if _settles(text, was, meant) and said == [_said(text, "previous", dialect), _said(text, "amended", dialect)]:
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
        return f"{{=={SIGNS[mark]}{framed[1]}{SIGNS[mark]}==}}{comments}{without_names(attributes, without)}"
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
                found += (each.space if found else "") + each.frame + each.text + each.comments
            continue
        gone, come = was[i1:i2], now[j1:j2]
        if gone:
            found += " " if found and gone[0].space else ""
            found += "~~" + folded("".join(each.space + each.text for each in gone)) + "~~"
        if come:
            found += come[0].space if found else ""
            words = f"^^{''.join(each.space + each.text for each in come).strip()}^^"
            is_framed = come[0].frame and come[-1].comments.startswith("==}")
            found += f"{{=={words}==}}" if is_framed else words
            found += "".join(each.comments for each in come).replace("==}", "")
    return found


def _changes(old: list[tuple[str, bool]], new: list[tuple[str, bool]]) -> list[tuple[str, int, int, int, int]]:
    """What becomes of the old tokens; two changes with only one token between them are one, which is easier to read."""
    if is_much(old, new):
        return [("replace", 0, len(old), 0, len(new))]
    changes = matcher(old, new).get_opcodes()
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
    leading, space, frame, found = "", " ", "", list[_Token]()
    behind = False  # whether a comment is the last that was seen
    for match in _TOKEN.finditer(text.strip()):
        if match["space"]:
            space = match[0]
        elif match["frame"]:
            frame = match[0]
        elif match["comment"] and found:
            gap = "" if match[0] == "==}" or found[-1].comments.endswith("==}") else space
            found[-1] = replace(found[-1], comments=found[-1].comments + gap + match[0])
            behind = True
        elif match["comment"]:
            leading += match[0] + " "
        else:
            if behind and _CLOSING.match(match[0]):
                space = ""
            found.append(_Token(match[0], space, frame=frame))
            space, frame, behind = "", "", False
    return leading, found


def _settles(text: str, old: str, new: str) -> bool:
    """Whether these marked words, settled as they are typed, are the old and the new ones."""
    try:
        spans = marks.scan(text)
    except marks.Unclear:
        return False
    readings: tuple[tuple[Reading, str], ...] = (("previous", old), ("amended", new))
    return all(folded(marks.settled(text, spans, marks.fates(reading))) == folded(each) for reading, each in readings)


def _said(text: str, reading: Reading, dialect: Dialect) -> str:
    """What a reader reads, with the places where links lead and what is bold, as a clause with this text."""
    numbered = number_lines(["## One", "", *f"1.  {text.strip()}".splitlines()], 1)
    tree, _ = dialect.parse(numbered.lines)
    places = Walk("", tree, numbered.code).run().places
    return plain(places[1].blocks(), reading) if len(places) == 2 else text


def apart(text: str) -> tuple[str, str]:
    """The words, and the {#name .internal} at their end; comments behind it are put before it."""
    bare, comments = trailing_comments(text)
    start = start_of_attributes(bare)
    return (text, "") if start is None else (bare[:start] + comments, bare[start:])


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
