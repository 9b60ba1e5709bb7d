"""Counts in numbers, letters and roman numbers, in what stands between two of them, and back again.

A series is called by its first member: 1, 01, a, A, i, I, aa, AA.
"""

from __future__ import annotations

import re
from itertools import takewhile

SERIES = ("1", "01", "a", "A", "i", "I", "aa", "AA")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LONGEST = 12  # signs of a member that is counted back; no paper has a longer one
# 2A   2AA   A1    and in papers that write it so, 2a
_BETWEEN_NUMBERS = re.compile(r"[0-9]+[A-Za-z]+|[A-Za-z]+[0-9]+")


def member(count: int, series: str) -> str:
    """The member of a series at this place, from 1 on. After z comes aa, then bb; after zz, aaa."""
    if series[-1] == "1":
        return str(count).zfill(len(series))
    if series.lower() == "i":
        text = "".join(_romans(count))
    else:
        times, letter = divmod(count - 1, 26)
        text = chr(ord("a") + letter) * (times + len(series))
    return text.upper() if series.isupper() else text


def place(text: str, series: str) -> int | None:
    """Which member of the series this is, from 1 on; None if it is none of it."""
    if not text or len(text) > _LONGEST or not text.isascii():
        return None
    if series[-1] == "1":
        return int(text) if text.isdecimal() and int(text) else None
    if not text.isalpha() or text.isupper() != series.isupper() or text.islower() != series.islower():
        return None
    small = text.lower()
    if series.lower() == "i":
        count = _value(small)
    else:
        count = ord(small[0]) - ord("a") + 1 + 26 * (len(small) - len(series)) if len({*small}) == 1 else 0
    return count if count > 0 and member(count, series) == text else None


def series_of(text: str) -> str | None:
    """The series that a label by itself seems to be of; a single letter, but i, is taken for a letter."""
    order: tuple[str, ...] = ("01" if text[:1] == "0" else "1", "i", "I", "a", "A")
    if len(text) == 1 and text.lower() != "i":
        order = ("1", "a", "A")
    return next((series for series in order if place(text, series)), None)


def is_between(text: str, series: str, base: str, last: str) -> bool:
    """Whether a label given by hand stands between two members: 2A, (ba) after (b), (za) before (a).

    `base` is the member that was counted last, `last` what was printed last; both are empty at a list's beginning.
    """
    if series[-1] == "1":
        return bool(_BETWEEN_NUMBERS.fullmatch(text))
    if not text.isalpha():
        return False
    if place(text, series) is None:
        return len(text) > 1 and bool(not base or text.startswith(base))
    rest = text[len(base) :]
    if not base or not rest or not text.startswith(base):
        return False
    # aa extends a, and comes after z as well; xc extends x if xb stands before it, and is ninety.
    return rest.lower() == "a" or (last != base and last.startswith(base) and last[len(base) :] < rest)


def between(series: str, base: str, last: str, following: str) -> str:
    """What an inserted place is called: 2A after 2, 2B after 2A, 2AA between 2A and 2B; A1 before 1, (za) before (a).

    `base` is the member that was counted last, `last` what was printed last, both empty at a list's beginning;
    `following` is what stands behind it already, or would be counted next.
    """
    first = "a" if series[-1] != "1" and series.islower() else "A"
    if not base:
        return _before(series, last, following)
    rest = last[len(base) :] if last.startswith(base) else ""
    taken = following[len(base) :] if following.startswith(base) and following != base else ""
    if not rest:
        z = "z" if first == "a" else "Z"
        zs = len([*takewhile(lambda sign: sign == z, taken)]) + 1 if taken.strip(z)[:1] == first else 0
        return f"{base}{z * zs}{first}"
    after = _after(rest)
    if taken == after or taken.startswith(rest):
        return between(series, last, last, following)
    return f"{base}{after}"


def letters(count: int) -> str:
    """What appendices are called by: 1 is A, 26 is Z, 27 is AA, 28 AB."""
    text = ""
    while count:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _before(series: str, last: str, following: str) -> str:
    """What stands before the first: A1, B1; (za), (zb); (ai), (bi)."""
    if series.lower() in ("a", "aa"):
        start = "z" if series.islower() else "Z"
        return f"{last[:-1]}{_after(last[-1:])}" if last else start + following
    before = last.removesuffix(following) if last.endswith(following) else ""
    first = "a" if series == "i" else "A"
    return f"{_after(before) if before else first}{following}"


def _after(letters_: str) -> str:
    """B after A, ZA after Z."""
    last = letters_[-1:]
    if last in ("z", "Z"):
        return letters_ + ("a" if last == "z" else "A")
    return letters_[:-1] + chr(ord(last) + 1)


def _romans(count: int) -> list[str]:
    text: list[str] = []
    for size, sign in _ROMAN:
        times, count = divmod(count, size)
        text.append(sign * times)
    return text


def _value(roman: str) -> int:
    values = {sign: size for size, sign in _ROMAN if len(sign) == 1}
    sizes = [values.get(sign, 0) for sign in roman]
    if not all(sizes):
        return 0
    return sum(-size if any(after > size for after in sizes[n + 1 : n + 2]) else size for n, size in enumerate(sizes))
