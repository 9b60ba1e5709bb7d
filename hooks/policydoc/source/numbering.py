"""Turns the order of sections and clauses into their numbers, in one reading."""

from __future__ import annotations


class NoParent(Exception):
    """A place is counted, but nothing above it has been: its number would start with a hole."""


class Numbering:
    """The counter of one reading.

    Places are stepped through in document order. One that doesn't count in this reading (an inserted clause in
    the previous reading) is passed over, and what stands below it goes on in the place before: under an inserted
    section 6, the first clause is still 5.5 if 5.4 was the last.
    """

    def __init__(self) -> None:
        self._path: list[int | str] = []
        self._sections = 0
        self._appendices = 0

    def step(self, level: int, counted: bool, appendix: bool = False) -> str | None:
        """The number of the next place at this level (1 = section, 2 = clause, …), or None if it isn't counted.

        Raises NoParent when the level above has had no counted place.
        """
        if not counted:
            return None
        if level == 1:
            self._path = [self._heading(appendix)]
        else:
            if len(self._path) < level - 1:
                raise NoParent
            last = self._path[level - 1] if len(self._path) >= level else 0
            self._path[level - 1 :] = [int(last) + 1]
        return ".".join(map(str, self._path))

    def _heading(self, appendix: bool) -> str:
        if appendix:
            self._appendices += 1
            return letters(self._appendices)
        self._sections += 1
        return str(self._sections)


def letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
