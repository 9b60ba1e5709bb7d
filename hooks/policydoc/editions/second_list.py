"""Reads the list of versions that nobody may read any more a second time, for the leak gate: which, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

# 1  2026-12-01  Personal data of a resident      a line of archive/dogs/WITHHELD
_WITHHELD = re.compile(r"(\S+)\s+(\d{4}-\d\d-\d\d)\s+(\S.*)")


def is_withheld(path: Path) -> bool:
    """Whether nobody may read this version any more; of a list that can't be read all are taken to be meant."""
    file = path.parent / "WITHHELD"
    if not file.is_file():
        return file.is_symlink() or file.exists()
    matches = list(_lines(file))
    named = {f"v{match[1]}.md" for match in matches if match and is_day(match[2])}
    return path.name in named or not all(match and is_day(match[2]) for match in matches)


def reasons(home: Path) -> list[str]:
    """Why versions are withheld, which readers are told; `home` is the policy's folder in the archive."""
    file = home / "WITHHELD"
    return [match[3] for match in _lines(file) if match] if file.is_file() else []


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _lines(file: Path) -> Iterator[re.Match[str] | None]:
    lines = (line.strip() for line in file.read_bytes().decode("utf-8", "replace").splitlines())
    return (_WITHHELD.fullmatch(line) for line in lines if line)
