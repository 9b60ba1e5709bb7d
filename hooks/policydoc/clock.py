"""The day that a build is made on, which SOURCE_DATE_EPOCH may fix so that it can be repeated; days in words."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime

NAME = "SOURCE_DATE_EPOCH"
# Seconds since 1970, in the digits that every program reads alike
_SECONDS = re.compile(r"[0-9]{1,12}")
_MONTHS = "January February March April May June July August September October November December".split()
_LAST = 253_402_300_799  # the end of the year 9999, after which there are no dates

_FIRST_STAMP, _LAST_STAMP = date(1970, 1, 1), date(2106, 2, 7)  # seconds since 1970, in 32 bits


class ClockError(Exception):
    """SOURCE_DATE_EPOCH is no time; the text is one line for whoever set it."""


def tidy() -> None:
    """Takes an empty SOURCE_DATE_EPOCH out of the environment: other programs would take it for a number."""
    if not os.environ.get(NAME, "").strip():
        os.environ.pop(NAME, None)


def fixed() -> date | None:
    """The day (UTC) that is to be taken for today; None where it is not set, or empty. Raises ClockError."""
    value = os.environ.get(NAME, "").strip()
    if not value:
        return None
    if not _SECONDS.fullmatch(value) or int(value) > _LAST:
        shown = value if len(value) < 40 else f"{value[:40]}…"
        raise ClockError(f"{NAME} is “{shown}”. Set it to seconds since 1970, such as 1764460800, or leave it out.")
    return datetime.fromtimestamp(int(value), UTC).date()


def today() -> date:
    """The day of the build (UTC)."""
    return fixed() or datetime.now(UTC).date()


def stamp(day: date) -> date:
    """The day, or the nearest to it that the time stamp of a packed file can hold."""
    return min(max(day, _FIRST_STAMP), _LAST_STAMP)


def in_words(day: date | None) -> str | None:
    """30 November 2026, in any locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else None
