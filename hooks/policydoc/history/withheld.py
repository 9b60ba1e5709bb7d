"""Reads and rewrites the list of a policy's kept versions that nobody may read any more, and why.

archive/dogs/WITHHELD      1  2026-12-01  Personal data of a resident        version, since when, reason

The version and its hash stay as they are. Where the list can't be read, all versions of the policy are withheld, and
nothing is published until it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..messages import Fault, said
from ..problems import Problem
from ..source.value_kinds import SIGN, UNPRINTABLE
from .sums import FOLDER, VERSION, entries, file_fault

WITHHELD = "WITHHELD"
_LINE = re.compile(rf"^({VERSION})\s+(\d{{4}}-\d\d-\d\d)\s+(\S.*)$")
_NOT_KNOWN = "The list of withheld versions can’t be read."


@dataclass(frozen=True)
class Withheld:
    """A version that nobody may read any more: since when, and why, in words for everybody."""

    version: str
    since: date
    reason: str

    def line(self) -> str:
        return f"{self.version}  {self.since.isoformat()}  {self.reason}\n"


def withheld(folder: Path, slug: str) -> dict[str, Withheld]:
    """The withheld versions of a policy; `folder` is policy_src/."""
    home = folder / FOLDER / slug
    lines = dict(_lines(home))
    if all(isinstance(line, Withheld) for line in lines.values()):
        return {line.version: line for line in lines.values() if isinstance(line, Withheld)}
    versions = (entry.version for entry in entries(home) if entry.version)
    return {version: Withheld(version, date.min, _NOT_KNOWN) for version in versions}


def faults(folder: Path, slug: str) -> Iterator[Problem]:
    """What is wrong with a policy's list; `folder` is policy_src/."""
    home = folder / FOLDER / slug
    kept, known = {entry.version for entry in entries(home)}, set[str]()
    for number, line in _lines(home):
        fault = line if isinstance(line, Fault) else None
        if isinstance(line, Withheld):
            if line.version not in kept:
                fault = said("P751", version=line.version)
            elif line.version in known:
                fault = said("P752", version=line.version)
            known.add(line.version)
        if fault:
            yield fault.at(f"{folder.name}/{FOLDER}/{slug}/{WITHHELD}", number)


def with_line(home: Path, line: Withheld) -> bytes:
    """The list with one more version, in the policy's folder of the archive."""
    return _bytes(home) + line.line().encode()


def without(home: Path, version: str) -> bytes:
    """The list without this version; empty where there is no other."""
    lines = _bytes(home).decode("utf-8", "replace").splitlines(keepends=True)
    left = "".join(line for line in lines if line.split()[:1] != [version])
    return left.encode() if left.strip() else b""


def reason_fault(reason: str) -> bool:
    """Whether the reason has signs that no reader is to see, or is none."""
    return not reason.strip() or bool(SIGN.search(reason) or UNPRINTABLE.search(reason))


def _lines(home: Path) -> Iterator[tuple[int, Withheld | Fault]]:
    """Each line of the list with its number, or why it is none."""
    fault = file_fault(home / WITHHELD)
    if fault:
        yield 0, fault
        return
    for number, line in enumerate(_bytes(home).decode("utf-8", "replace").splitlines(), 1):
        if line.strip():
            yield number, _read(line)


def _read(line: str) -> Withheld | Fault:
    match = _LINE.match(line.strip())
    try:
        if match and not reason_fault(match[3]):
            return Withheld(match[1], date.fromisoformat(match[2]), match[3])
    except ValueError:  # the 31st of June
        pass
    return said("P750")


def _bytes(home: Path) -> bytes:
    try:
        data = (home / WITHHELD).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    return data if not data or data.endswith(b"\n") else data + b"\n"
