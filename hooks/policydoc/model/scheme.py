"""How a policy is numbered: read from the deepest number that it may have, written as the council cites it.

standing order 1(a)(i)    3, 3(e), 3(e)(ii), each called a standing order
-/paragraph 1(a)          headings without a number, below them paragraphs 1, 1(a) that run on through the policy
Part 1/1.1                Part 1, Part 2 and, run on through them, clauses 1, 1.1
none                      no numbers at all
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import counts

_NONE = ("none", "-")
_LONGEST = 80  # signs of a scheme, and of a word in it 40
_LABEL = re.compile(r"([^\w\s/]{0,3})([0-9]{1,3}|[A-Za-z]{1,12})([)\]]?)")
_WORD = re.compile(r"[^\W\d_](?:(?:[^\W\d_]|[ ’'-]){0,38}[^\W\d_])?")
_SERIES = re.compile(r"(?:0?1|aa|AA|[aAiI])")


class SchemeError(ValueError):
    """A scheme that can't be read; the text says what is wrong, and what may stand there."""


@dataclass(frozen=True, slots=True)
class Level:
    """How the places of one level are counted: what stands before the count, its series, and what stands behind it."""

    before: str
    series: str
    after: str = ""

    def label(self, count: int) -> str:
        """The label of the place with this count."""
        return self.around(counts.member(count, self.series))

    def around(self, core: str) -> str:
        """The label whose count is written so."""
        return f"{self.before}{core}{self.after}"

    @property
    def is_dotted(self) -> bool:
        """Whether it goes on from the number above it, 1.2, and is printed with that."""
        return self.before[:1] in (".", "-", ":")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the sections and clauses of one policy are numbered.

    `section` is the level of its sections, None where they have no number; `clauses` are the levels below it, of which
    the last serves all deeper ones where it `goes_on`. `runs_on` says that a heading doesn't begin the clauses anew.
    The words are those that a place is called by, empty where they are the usual ones.
    """

    text: str
    section: Level | None
    clauses: tuple[Level, ...]
    runs_on: bool = False
    goes_on: bool = False
    section_word: str = ""
    clause_word: str = ""

    @property
    def is_numbered(self) -> bool:
        """Whether anything in the policy has a number of its own accord."""
        return self.section is not None or bool(self.clauses)

    def level(self, index: int) -> Level | None:
        """How clauses are counted: at 0 those below a section, at 1 those below these."""
        if index < len(self.clauses):
            return self.clauses[index]
        return self.clauses[-1] if self.clauses and self.goes_on else None

    def words(self) -> tuple[str, ...]:
        """All that its places may be called by in a link."""
        own = (self.section_word, self.clause_word)
        return tuple(dict.fromkeys(word.lower() for word in own if word))

    def sample(self) -> str:
        """A number of the deepest kind, for somebody who wonders what the scheme means: 2(b)(ii)."""
        levels = (*(() if self.runs_on or self.section is None else (self.section,)), *self.clauses)
        number = "".join(level.label(2) for level in levels)
        return f"{self.clause_word or 'clause'} {number}" if number else "no numbers"


_DOTTED = Level(".", "1")
DEFAULT = Scheme("1.1.1", Level("", "1"), (_DOTTED,), goes_on=True)


def read(text: str) -> Scheme:
    """The scheme that front matter writes. Raises SchemeError."""
    text = " ".join(text.split())
    if not text or text.lower() in _NONE:
        return Scheme("none", None, (), runs_on=True)
    if len(text) > _LONGEST:
        raise SchemeError(f"it is longer than {_LONGEST} signs")
    heading, slash, rest = text.partition("/")
    if "/" in rest:
        raise SchemeError("it has two slashes, and one stands between the headings' label and the clauses'")
    if not slash:
        word, levels = _read(text)
        clauses = levels[1:] or (_DOTTED,)
        return Scheme(text, levels[0], clauses, False, clauses[-1] == _DOTTED, word, word)
    word, levels = _read(rest)
    section_word, sections = ("", ()) if heading.strip() in ("-", "") else _read(heading)
    if len(sections) > 1:
        raise SchemeError(f"before the slash stands one label, such as Part 1, and “{heading.strip()}” is more")
    section = sections[0] if sections else None
    return Scheme(text, section, levels, True, levels[-1] == _DOTTED, section_word, word)


def _read(text: str) -> tuple[str, tuple[Level, ...]]:
    """The word and the levels of `standing order 1(a)(i)`."""
    word, _, number = text.strip().rpartition(" ")
    word = word.strip()
    if word and not _WORD.fullmatch(word):
        raise SchemeError(f"“{word}” is no word that a clause is called by. Leave out spaces between labels")
    if number.endswith("."):  # 1. is cited as 1
        number = number[:-1]
    levels: list[Level] = []
    end = 0
    for label in _LABEL.finditer(number):
        if label.start() != end:
            break
        levels += _levels(*label.groups())
        end = label.end()
    if not number and word:
        raise SchemeError(f"“{text.strip()}” ends in no number")
    if not levels or end != len(number):
        raise SchemeError(f"“{number or text}” is no number, such as 1.1 or 1(a)(i)")
    wrong = next((level.series for level in levels if level.series not in counts.SERIES), None)
    if wrong is not None:
        first = f", as {_first(number)}" if _first(number) != number else ""
        known = "1, 01, a, A, i, I, aa and AA"
        raise SchemeError(f"“{wrong}” begins no series. Write the first of each kind{first}; there are {known}")
    return word, tuple(levels)


def _first(number: str) -> str:
    """1(a)(i) for 3(e)(ii), for somebody who has written a number out of the paper."""
    return re.sub(r"[0-9]+|[A-Za-z]+", lambda found: _begin(found[0]), number)


def _begin(count: str) -> str:
    if count in counts.SERIES:
        return count
    series = counts.series_of(count) or counts.series_of(count[:1]) or count
    return "1" if count.isdecimal() else series


def _levels(before: str, series: str, after: str) -> list[Level]:
    """One level, or those of `ai`, which are two labels without anything between them."""
    parts = [series] if series in counts.SERIES else _SERIES.findall(series)
    if "".join(parts) != series or len(set(parts)) < len(parts):  # ii is no two counts
        return [Level(before, series, after)]
    return [Level(before if n == 0 else "", part, after if n == len(parts) - 1 else "") for n, part in enumerate(parts)]
