"""Turns the labels and block signs that were typed into a paragraph, where Markdown makes nothing of them, into faults.

`a.  First` and `• First` are lists to their author and one paragraph to Markdown; `| a | b |` without its second row is
no table. Ordinary sentences that begin with an initial or a bracket are left alone: it takes evidence to be refused.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..messages import Fault, said
from .line_numbers import LINE_BASE, MARKER
from .near_misses import shown
from .signs import HEADING, ITEM, PIPE
from .unread import DEL, INS, SIGNS, typed

_BULLETS = "•◦▪▫■●○‣⁃∙·➢➤►▶✓✔➔❖◆"
_DASHES = "–—−‐‑‒―"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
# (a)   a)   1)   (iv)   1A.   • text   o text   1.Text      no sentence begins so
_SURE = re.compile(
    rf"(?:\(?(?:[A-Za-z]|[ivxlc]{{2,6}}|\d{{1,3}})\)|\d{{1,3}}[A-Za-z]\.)(?=\s)|[{_BULLETS}]|o(?=\s)"
    r"|\d{1,3}\.(?=[A-Za-z][a-z])"
)
# a.   iv.   A.   1.1.   1.1   § 5   – text      one may
_PERHAPS = re.compile(
    r"(?:(?:[A-Za-z]|[ivxlc]{2,6}|[IVXLC]{2,6}|\d{1,3})\.|\d{1,2}(?:\.\d{1,2}){1,5}\.?|§+ ?\d+)(?=\s)"
    rf"|[{_DASHES}-](?=\s)"
)
# (a)text   1)text   a.text   -text   ☐ text      a list only where the next line goes on with the next of them
_TIGHT = re.compile(
    rf"\(?(?:[A-Za-z]|[ivxlc]{{2,6}}|\d{{1,3}})[).](?=[^\W\d])|[{_DASHES}*-](?=[^\W\d])|[☐☑☒→](?=\s)|[①-⑳]"
)
# An initial before a surname, perhaps:  A. Smith
_INITIAL = re.compile(r"[A-Z]\. [A-Z]")
# 1.1. Text   1.1 Text   1.1.1 text   1) Text   (a) Text   a) Text   (iv) Text   1. Text     but not: 1.5 million
TYPED_NUMBER = re.compile(
    r"^\s*(?:\d+(?:\.\d+){2,}\.?|\d+\.\d+(?:\.|(?=\s+[A-Z]))|\d{1,3}[.)]|\((?:\w|[ivxlc]+|\d+)\)|[A-Za-z]\)|[ivxlc]+\))\s"
)
# Section 2 – Text   Part II: Text   Section 2      of a heading
_SECTION_NUMBER = re.compile(
    r"\s*((?:Section|Clause|Part|Chapter|Article)\s+(?:(\d{1,3})|[IVXLC]{1,6}|[A-Z]))(?:[.:)]|\s*[–—-]\s|\s*\Z)"
)
# Appendix A: Text   Annex – Text   Appendix A Text
_APPENDIX = re.compile(
    r"\s*(?:Appendix|Annex|Schedule)(?:\s+(?:[A-Z]|\d{1,2}|[IVXLC]{1,6})(?=[.:)\s]|\Z)|(?=[.:)]|\s+[–—-]\s))"
)
# IV. Text   V: Text   1 Text      but not: 10 rules   C. difficile
_BARE_NUMBER = re.compile(r"\s*(?:([IVX][IVXLC]{0,5}[.:)])\s|(\d{1,3})\s+(?=[A-Z]))")
# 1.  text   - text   ## text   > text      in a mark that stands round the sign as well
_MARKED = re.compile(rf"([{DEL}{INS}])(\d{{1,3}}\.|[-*+]|#{{1,6}}|>|[{_BULLETS}])\s")
# 1.  text   - text      that `lines` took for an item, and Markdown for words
_ITEM = re.compile(rf"{ITEM} +{MARKER.pattern}")
# [TOC]   [[_TOC_]]   \newpage
_CONTENTS = re.compile(r"\[{1,2}_?TOC_?\]{1,2}|\\(?:newpage|pagebreak|tableofcontents)", re.IGNORECASE)
_HEADING = re.compile(rf"{HEADING}\s|＃")
# > words     below other words
_QUOTED = re.compile(r"> ?[\w“‘\"'*~^]")
# !!! note {.x}   ??? note   ::: note      that open no box
_BOX = re.compile(r"(?:!!!|\?\?\?\+?|:{3,}|/{3,}) ?[a-z{\"]", re.IGNORECASE)
# :Meaning   :   Meaning      but not: :smile:
_MEANING = re.compile(r":(?!\w+:)\s*\w")
# A paragraph of one line that begins with a word, as most do
_ORDINARY = re.compile(rf"(?:{MARKER.pattern})?\w[\w’'-]+[ ,][^\n|\\]*\Z")
_GOES_ON = re.compile(r"[:;.,]$|\b(?:and|or)$")


@dataclass(frozen=True)
class _Line:
    """One line of a paragraph: its number in the file (0 where unknown), what it says, and that with its signs."""

    number: int
    text: str
    signed: str


Found = tuple[int, Fault] | None


def label_fault(paragraph: ET.Element, following: ET.Element | None, opens_item: bool, is_quoted: bool) -> Found:
    """What is wrong with how the lines of a paragraph begin, as (line or 0, fault); one fault is the most.

    `following` is the block after it. A label that a clause's own words begin with is left to who counts clauses, and
    one that a quotation begins with to the quotation.
    """
    if not len(paragraph) and _ORDINARY.match(paragraph.text or ""):
        return None
    lines = _lines(paragraph)
    if not lines:
        return None
    fault = _marked(lines) or _block_sign(lines, opens_item) or _table(lines) or _run_together(lines)
    if fault or opens_item or is_quoted:
        return fault
    return _beginning(lines[0], following)


def number_fault(words: str, number: str = "", is_heading: bool = True) -> Fault | None:
    """The slip of a clause or heading that is numbered by hand; `number` is the one that is printed before it."""
    words = MARKER.sub("", words)
    if is_heading:
        typed = _heading_number(words, number)
        return said("P238", number=typed) if typed else None
    return said("P216", number=words.split(maxsplit=1)[0]) if TYPED_NUMBER.match(words) else None


def _heading_number(words: str, number: str) -> str | None:
    """What a heading begins with that numbers it: `1`, `Section 2`, `Appendix A`.

    A number without a point is taken for one only where it is about that of the heading: there are sections of Acts,
    and minutes of silence.
    """
    typed = TYPED_NUMBER.match(words) or _APPENDIX.match(words)
    if typed:
        return typed[0].strip()
    section, bare = _SECTION_NUMBER.match(words), _BARE_NUMBER.match(words)
    if section:
        return section[1] if section[2] is None or _is_near(section[2], number) else None
    if bare and bare[2]:
        return bare[2] if _is_near(bare[2], number) else None
    return bare[1] if bare else None


def _is_near(typed: str, number: str) -> bool:
    return number.isdecimal() and abs(int(typed) - int(number)) <= 1


def _lines(paragraph: ET.Element) -> list[_Line]:
    text = next((text for _, text in typed(paragraph)), "")
    lines: list[_Line] = []
    for line in text.split("\n"):
        marker = MARKER.search(line)
        bare = SIGNS.sub("", MARKER.sub("", line)).strip()
        if bare:
            lines.append(_Line(ord(marker[0]) - LINE_BASE if marker else 0, bare, line.strip()))
    return lines


def _block_sign(lines: Sequence[_Line], opens_item: bool) -> Found:
    first = lines[0]
    if len(lines) == 1 and _CONTENTS.fullmatch(first.text):
        return first.number, said("P222", sign=first.text)
    if _BOX.match(first.text):
        return first.number, said("P224", sign=shown(first.text))
    for line in lines:
        if _HEADING.match(line.text) and not (opens_item and line is first):  # that is P208
            return line.number, said("P223", words=shown(line.text.lstrip("#＃ ")))
        if _MEANING.match(line.text):
            return line.number, said("P225", words=shown(line.text.lstrip(": ")))
        if line is not first and _QUOTED.match(line.text):
            return line.number, said("P239")
        if (len(line.text) - len(line.text.rstrip("\\"))) % 2:
            return line.number, said("P226")
    return None


def _table(lines: Sequence[_Line]) -> Found:
    before = False
    for line in lines:
        has_bar = bool(PIPE.search(line.text))
        is_rule = set(line.text) <= set(" |:+=-") and "-" in line.text and bool(set(line.text) & set("|+"))
        if is_rule or line.text.startswith("|") or (has_bar and before):
            return line.number, said("P227")
        before = has_bar
    return None


def _marked(lines: Sequence[_Line]) -> Found:
    for n, line in enumerate(lines):
        signs = _MARKED.match(MARKER.sub("", line.signed))
        if signs and (n == 0 or _GOES_ON.search(lines[n - 1].text)):
            sign, mark = ("-" if signs[2] in _BULLETS else signs[2]), "~~" if signs[1] == DEL else "^^"
            right = f"{sign}{'  ' if sign[0].isdigit() else ' '}{mark}words{mark}"
            return line.number, said("P221", sign=sign, right=right)
    return None


def _run_together(lines: Sequence[_Line]) -> Found:
    for n, line in enumerate(lines):
        if n and _ITEM.match(line.signed):
            return line.number, said("P215")
        label, goes_on = _label(line.text, tight=True), n == 0 or bool(_GOES_ON.search(lines[n - 1].text))
        if label is None:
            continue
        row = _in_row(lines[n : n + 3])
        if row > 1 and (goes_on or _core(label) in ("a", "i", "1", "A")):
            if row == 2 and _INITIAL.match(line.text) and lines[n - 1].text[-1] != ":":  # two surnames, for all we know
                return line.number, said("P216", number=label)
            return line.number, said("P218", label=label)
        if n and _SURE.match(line.text) and (label in _BULLETS or lines[n - 1].text[-1] in ":;"):
            return line.number, said("P218", label=label)
    return None


def _in_row(lines: Sequence[_Line]) -> int:
    """How many of these lines begin with labels that follow each other, from the first on."""
    labels = [_label(line.text, tight=True) for line in lines]
    row = 1
    for one, other in pairwise(labels):
        if not (one and other and _succeeds(one, other)):
            break
        row += 1
    return row


def _beginning(line: _Line, following: ET.Element | None) -> Found:
    label = _label(line.text)
    if label:
        spaces = line.text[len(label) :]
        after = _lines(following) if following is not None and following.tag == "p" else []
        in_row = _in_row([line, *after[:1]]) > 1 and not _INITIAL.match(line.text) and label[0] != "§"
        is_number = label[:-1].isdigit() and label[-1] == "."  # which can't begin a paragraph but in bold or italics
        if _SURE.match(line.text) or is_number or in_row or (spaces[:2].isspace() and len(spaces) > 2):
            return line.number, said("P219", label=label)
        if label in _DASHES:
            return line.number, said("P220", label=label)
    typed_number = TYPED_NUMBER.match(line.text)
    return (line.number, said("P216", number=typed_number[0].strip())) if typed_number else None


def _label(text: str, tight: bool = False) -> str | None:
    label = _SURE.match(text) or _PERHAPS.match(text) or (_TIGHT.match(text) if tight else None)
    return label[0] if label else None


def _core(label: str) -> str:
    return label.strip("().§ ")


def _succeeds(label: str, after: str) -> bool:
    """Whether one label is what comes after another: b) after a), ii. after i., the same bullet again."""
    one, other = _core(label), _core(after)
    if not one.isalnum() and "." not in one:
        return label == after
    if label.replace(one, "", 1) != after.replace(other, "", 1):
        return False
    if one.isdecimal() and other.isdecimal():
        return int(other) == int(one) + 1
    small = one.lower()
    if small in _ROMAN[:-1] and other.lower() == _ROMAN[_ROMAN.index(small) + 1]:
        return True
    if len(one) == len(other) == 1:
        return one == other == "o" or ord(other) == ord(one) + 1
    return ("." in one and "." in other) or (one[:-1] == other[:-1] and one[:-1].isdecimal())
