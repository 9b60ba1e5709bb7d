"""Turns what an officer typed in front matter into what was most likely meant: a day, one of the known keys, nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

_LONGEST = 40  # signs; nobody writes a date or a key as long as this
# 3/4/2027   3rd of April, 2027   2027.04.03   with a time of the day behind it, or not
_DATE = re.compile(r"([0-9A-Za-z/.,\- –]+?)(?:[T ][0-9]{1,2}:[0-9]{2}[0-9:.Z+]*)?")
# 3   3rd   April
_PART = re.compile(r"([0-9]+)(?:st|nd|rd|th)?(?![a-z])|([a-z]+)")
_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# What stands between the words of a key
_BETWEEN = re.compile(r"[\s_-]+")
# To Unicode they are letters or symbols: Hangul fillers, the Braille pattern without a dot
_GAPS = "\u115f\u1160\u3164\uffa0\u2800"
# None   N/A   nobody outside   to be confirmed   no   -
_NOBODY = re.compile(
    r"[\W_]*(?:(?:none|nobody|no[ -]one|nil)\b.*|noone|n\W{0,2}a|no|nothing|false"
    r"|tb[acd]|to be (?:agreed|confirmed|decided)|not (?:applicable|public|published|for publication))?[\W_]*",
    re.IGNORECASE,
)
# internal   internal use only   confidential     but not: Internal Drainage Board
_INSIDE = re.compile(
    r"\W*(?:(?:for )?internal(?: use| edition| staff)?(?: only)?|(?:all )?staff only"
    r"|confidential|private|restricted)\W*",
    re.IGNORECASE,
)


def day_meant(typed: str) -> date | None:
    """The day that was typed in another way than year-month-day, the day before the month as in Britain.

    None where it is no date, or leaves the day, month or year open. Raises ValueError where no calendar has that day.
    """
    match = _DATE.fullmatch(typed.strip()[:_LONGEST])
    parts = [number or word for number, word in _PART.findall(match[1].casefold())] if match else []
    parts = [part for part in parts if part != "of" and not _stands_for(part, _WEEKDAYS)]
    if len(parts) == 1 and re.fullmatch("[0-9]{8}", parts[0]):  # 20270403
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4 and parts[0].isdigit():
        year, month, day = parts
    elif _stands_for(parts[0], _MONTHS):  # April 3, 2027
        month, day, year = parts
    else:
        day, month, year = parts
    number = _stands_for(month, _MONTHS) or (int(month) if month.isdigit() else 0)
    if not (number and day.isdigit() and year.isdigit() and len(day) <= 2 and len(year) in (2, 4)):
        return None
    return date(int(year) if len(year) == 4 else 2000 + int(year), number, int(day))


def _stands_for(word: str, names: list[str]) -> int:
    """Which of the names the word is, from 1 on, or is short for: Sept, Thurs; 0 if none."""
    return next((n for n, name in enumerate(names, 1) if len(word) > 2 and name.startswith(word)), 0)


def is_blank(typed: str) -> bool:
    """Whether nobody can see anything of this: spaces, a soft hyphen, a zero-width space, a letter that is a gap."""
    return not any(unicodedata.category(sign)[0] in "LNPS" and sign not in _GAPS for sign in typed)


def means_nobody(typed: str) -> bool:
    """Whether this says that nobody receives a policy, and names no group of people."""
    return bool(_NOBODY.fullmatch(typed[:_LONGEST]))


def means_inside(typed: str) -> bool:
    """Whether this says that nobody outside the council receives a policy."""
    return bool(_INSIDE.fullmatch(typed[:_LONGEST]))


def key_meant(typed: str, known: Iterable[str]) -> str | None:
    """The known key that differs from the typed one by capitals, spaces and hyphens alone, or by a slip of the hand.

    That is one letter more, less, other or in another order; two in a key of six letters or more.
    """
    word = _run_together(typed[:_LONGEST])
    far = {key: _distance(word, _run_together(key)) for key in known}
    nearest = min(far, key=lambda key: far[key], default=None)
    if nearest is None:
        return None
    return nearest if far[nearest] <= (2 if min(len(word), len(_run_together(nearest))) > 5 else 1) else None


def _run_together(key: str) -> str:
    return _BETWEEN.sub("", key.casefold())


def _distance(one: str, other: str) -> int:
    """How many letters to add, take out, change or swap with their neighbour make the one word the other."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, there in enumerate(other, 1):
            row.append(min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (letter != there)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                row[j] = min(row[j], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
