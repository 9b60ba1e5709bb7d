"""Turns the lines of a policy into lines that carry their own number, so that every error can name its line.

Markdown forgets where a word came from. Here each line of text gets one private-use character in front of its
first word, whose code point is the line's number; the walk over the finished tree reads it and takes it out.
Code blocks leave the text here as well, and lists get the blank lines that Markdown wants round them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from ..messages import Fault, said
from ..problems import count_of
from . import limits
from .signs import ADDRESS, ATTRIBUTES_ALONE, BARE, FENCE, HEADING, ITEM, NOTE, closes, is_bare, leaves_comment_open

LINE_BASE, LINE_LAST = 0xF0000, 0xFFFFD
CODE_BASE = 0x100000
DEEPEST = 10  # levels of lists: more than anyone can cite, and a page of paper still has room for words beside numbers
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
MARKER = re.compile("[\U000f0000-\U000ffffd]")
CODE = re.compile("[\U00100000-\U0010ffff]")

# ``` {.python}   1.  ```   > ```      where a code block was meant, and Markdown finds code within a paragraph
_NEAR_FENCE = re.compile(r"^((?:(?:\d+\.|[-*+>])? )*)(`{3,}(?!.*```)|~{3,}(?= +\{))")
# A line's indentation and label      (what stands before the first tab that may be one of a table)
_BEFORE_TABS = re.compile(r"\s*(?:(?:\S{1,5}[.)]|[^\w\s]|o)\s+)?")
# ====   ----      below words, which it makes a heading
_UNDERLINE = re.compile(r"^ *(=+|--+) *$")
# 12. May     where a sentence was broken into lines
_DATE = re.compile(
    r"^ *(\d{1,2})\. +"
    r"(January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
# 1.  text   or   - text
_ITEM = re.compile(rf"^( *){ITEM} +(?=\S)|^( *)(\d+\.|[-+]) *$")
# !!! note "Title"   [^fees]: Text   :   A meaning     below which lists may be indented, as below an item
_HOLDER = re.compile(rf"^ *(?:!!! ?\w|{NOTE}|: {{1,3}}\S)")
# 1996. The Council …     a year at the start of a line of text, which Markdown would take for an item
_YEAR = re.compile(r"^( *\d{4})(?=\. )")
# ## Title   > Quote   - bullet
_BLOCK = re.compile(rf"{HEADING} |>(?!>)|[-*+] ")
# What may stand before the first word: quote signs, then the sign of an item, heading, footnote, definition, row or box
_LEAD = re.compile(rf"^( *(?:> *)*)({ITEM} +|{HEADING} *|{NOTE} *|: +|\| *|!!! ?[\w-]+ +\"(?!\"))?")
# [act]: https://example.org   [^fees]: Text
_DEFINED = re.compile(r"[ >]*\[([^\[\]]+)\]:")
# [act]: https://example.org     and what stands behind it        *[HTML]: the words of an abbreviation
_NEAR_ADDRESS = re.compile(r"[ >]*(?:\[[^\[\]^][^\[\]]*\]: *<?(?:https?|mailto|tel):\S*|\*\[[^\[\]]+\]: *(?=\S))")
# !!! note Take care
_UNQUOTED = re.compile(r"[ >]*!!! ?[\w-]+ +[\w-]")
# Lines with no words of their own: tables, link definitions, rules, admonition heads
_WORDLESS = re.compile(rf"^(?:\||{ADDRESS}|!!!|[-*_= ]+$|[\s|:-]+(?:\{{[^{{}}]*\}}\s*)*$|[\U00100000-\U0010ffff])")


@dataclass
class Numbered:
    """A policy's lines for Markdown, its code as (line, text), and what is wrong with its layout as (line, fault).

    `defined` are the names of footnotes, `^fees`, and of link addresses, each with the last line that defines it. With
    `too_much` it has no lines: nothing could read them in time.
    """

    lines: list[str] = field(default_factory=list)
    code: list[tuple[int, str]] = field(default_factory=list)
    defined: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[int, Fault]] = field(default_factory=list)
    too_deep: bool = False
    too_much: bool = False

    def note(self, line: int, code: str, /, **words: object) -> None:
        self.problems.append((line, said(code, **words)))


def number_lines(body: Sequence[str], first: int) -> Numbered:  # noqa: C901
    """The body's lines, `first` being the file's line number of body[0], ready for Markdown."""
    result = Numbered()
    text = "\n".join(body)
    has_code = "```" in text or "~~~" in text or "\t" in text
    coded = list(_code_blocks(body, first, result) if has_code else enumerate(body, first))
    excess = limits.too_much(coded)
    if excess:
        result.problems.append(excess)
        result.too_much = True
        return result
    depth = -1  # of the list item that is open; -1 where there is none
    after_blank, above = True, ""
    for number, line in _joined_comments(iter(coded), result) if "<!--" in text else coded:
        if not line.strip():
            if result.lines[-1:] != [""]:  # below two blank lines, what is indented would leave its footnote
                result.lines.append("")
            after_blank, above = True, ""
            continue
        if "]:" in line:
            _note_definition(line, number, result)
        if "!!!" in line and _UNQUOTED.match(line):
            result.note(number, "P234")
        indent = len(line) - len(line.lstrip(" "))
        sign = line[indent]  # which says what the line can't be
        is_number = sign.isdecimal()
        may_be_underline = sign in "=-" and above and not above.lstrip().startswith("#")
        underline = _UNDERLINE.match(line) if may_be_underline else None
        if underline:
            result.note(number, "P229", sign=underline[1][0], words=_LEAD.sub("", above).strip())
            continue
        date = _DATE.match(line) if is_number else None
        if date and _breaks_off(above) and not _is_beside(above, line):
            result.note(number, "P231", date=f"{date[1]}. {date[2]}", escaped=rf"{date[1]}\. {date[2]}")
        above = line
        line = _YEAR.sub(r"\1\\", line) if is_number else line
        item = _ITEM.match(line) if is_number or (sign in "-*+" and not _is_rule(line)) else None
        alone = bool(CODE.match(sign)) or (sign == "{" and bool(ATTRIBUTES_ALONE.match(line)))
        if item and item[3]:
            result.note(number, "P207", sign=item[3])
        block = item and _BLOCK.match(line, item.end())
        if block:
            result.note(number, "P208", sign=block[0].rstrip())
        bare = bool(item and BARE.match(line)) and is_bare(line, _below(coded, number))
        if item:
            depth = _item_depth(indent, depth, number, result) + bare
        elif sign in "![:" and _HOLDER.match(line):
            depth = indent // 4
        elif after_blank:
            depth = _paragraph_depth(indent, depth, number, result, may_be_deeper=alone)
        if (item or alone) and not after_blank:
            result.lines.append("")
        result.lines.append(_marked(line, number, BARE.match(line) if bare else None))
        after_blank = alone
        if alone:
            result.lines.append("")
    return result


def _below(coded: Sequence[tuple[int, str]], number: int) -> Iterator[str]:
    """The lines below the one with this number."""
    index = bisect_right(coded, number, key=itemgetter(0))
    return (coded[below][1] for below in range(index, len(coded)))


def _note_definition(line: str, number: int, result: Numbered) -> None:
    """Takes in what a line defines, if it defines anything: a footnote or a link's address."""
    defined = _DEFINED.match(line)
    if defined:
        result.defined[defined[1].strip().lower()] = number
    near = _NEAR_ADDRESS.match(line)
    if near and not _is_title(line[near.end() :].strip()):
        result.note(number, "P429")


def _breaks_off(line: str) -> bool:
    """Whether a line ends in the middle of a sentence."""
    return line.rstrip()[-1:].isalnum() or line.rstrip().endswith(",")


def _is_rule(line: str) -> bool:
    """Whether it is * * * or - - -, which draws a line."""
    signs = line.replace(" ", "")
    return len(signs) > 2 and signs in (len(signs) * "*", len(signs) * "-")


def _is_title(words: str) -> bool:
    """Whether what stands behind a link's address is a title, or nothing."""
    return not words or (len(words) > 1 and words[0] + words[-1] in ('""', "''", "()"))


def _is_beside(above: str, line: str) -> bool:
    """Whether the line above is an item that begins at the same column."""
    item = _ITEM.match(above)
    return item is not None and len(above) - len(above.lstrip(" ")) == len(line) - len(line.lstrip(" "))


def _item_depth(indent: int, depth: int, number: int, result: Numbered) -> int:
    if indent % 4:
        _odd_indent(indent, number, result)
    elif indent // 4 >= DEEPEST:
        if not result.too_deep:  # one slip, however many items stand there
            result.note(number, "P211", levels=DEEPEST)
        result.too_deep = True
    elif indent // 4 > depth + 1:
        result.note(number, "P210", spaces=indent, above=indent - 4, right=4 * (depth + 1))
    return indent // 4


def _paragraph_depth(indent: int, depth: int, number: int, result: Numbered, may_be_deeper: bool) -> int:
    """The depth of the item that a line below a blank one belongs to."""
    if depth >= 0 and indent % 4:
        _odd_indent(indent, number, result)
    elif indent // 4 > depth + 1 and not may_be_deeper:
        result.note(number, "P237", spaces=indent, above=indent // 4 * 4 - 4, right=4 * (depth + 1))
    return min(depth, indent // 4 - 1)


def _odd_indent(indent: int, number: int, result: Numbered) -> None:
    low = indent // 4 * 4
    result.note(number, "P209", spaces=count_of(indent, "space"), low=low, high=low + 4)


def _marked(line: str, number: int, bare: re.Match[str] | None = None) -> str:
    """The line with its number before its first word; `bare` is what stands before the item that is meant."""
    if bare:
        return bare[0] + _marked(line[bare.end() :], number)
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    rest = line[start:]
    if rest[:1].isalnum():  # as in most lines
        return line[:start] + chr(LINE_BASE + number) + rest
    sign = (lead and lead[2]) or ""
    if (
        (not rest and not sign)
        or _WORDLESS.match(rest)
        or (_WORDLESS.match(line.strip()) and not sign.startswith(("|", "!")))
    ):
        return line
    return line[:start] + chr(LINE_BASE + number) + rest


def _code_blocks(body: Sequence[str], first: int, result: Numbered) -> Iterator[tuple[int, str]]:
    """The lines without their fenced code, each block replaced by one character that stands for it."""
    fence: re.Match[str] | None = None
    is_near, opened, code = False, 0, list[str]()
    tabbed = 0  # how many lines with tabs between their words there are in a row
    for number, raw in enumerate(body, first):
        line = raw.expandtabs(4)
        if fence is None:
            if "```" in line or "~~~" in line:
                fence = FENCE.match(line)
                is_near = fence is None
                fence = fence or _NEAR_FENCE.match(line)
            if fence and is_near:
                result.note(number, "P230", sign=fence[2])
            tabbed = tabbed + 1 if _has_tabs(raw) else 0
            if tabbed == 2:
                result.note(number - 1, "P228")
            if fence is None:
                yield number, line
            opened, code = number, []
        elif closes(line.lstrip(" >") if is_near else line, fence[2]):
            result.code.append((opened + 1, "\n".join(code)))
            yield opened, (" " * len(fence[1])) + chr(CODE_BASE + len(result.code) - 1)
            fence = None
        else:
            code.append(line.removeprefix(fence[1]))
    if fence is not None and not is_near:
        result.note(opened, "P213", sign=fence[2])


def _has_tabs(raw: str) -> bool:
    """Whether a line has tabs between its words: behind its indentation and its label."""
    return "\t" in raw and "|" not in raw and "\t" in raw[_BEFORE_TABS.match(raw).end() :].strip()  # type: ignore[union-attr]


def _joined_comments(lines: Iterator[tuple[int, str]], result: Numbered) -> Iterator[tuple[int, str]]:
    """The lines with every HTML comment that runs over several of them drawn together into one."""
    for number, line in lines:
        parts, is_open = [line], leaves_comment_open(line)
        while is_open:
            following = next(lines, None)
            if following is None:
                result.note(number, "P312")
                parts = [part.replace("<!--", "") for part in parts]
                break
            more = CODE.sub(lambda sign: result.code[ord(sign[0]) - CODE_BASE][1], following[1])
            parts.append(" ".join(more.split()))
            is_open = leaves_comment_open(parts[-1], is_open)
        yield number, " ".join(parts)
