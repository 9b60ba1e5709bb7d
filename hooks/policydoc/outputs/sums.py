"""Turns a finished edition into the list of its PDFs with their hashes, which `sha256sum -c` checks, and reads that."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

NAME = "SHA256SUMS"  # at the edition's root
_LINE = re.compile(r"^([0-9a-f]{64})  (.+)$", re.MULTILINE)


def write(edition: Path) -> None:
    """Writes the list into the edition's folder, by the paths of the PDFs below that, in their order."""
    paths = sorted(path.relative_to(edition).as_posix() for path in edition.rglob("*.pdf"))
    lines = (f"{hashlib.sha256((edition / path).read_bytes()).hexdigest()}  {path}\n" for path in paths)
    (edition / NAME).write_text("".join(lines), "utf-8", newline="")


def read(edition: Path) -> dict[str, str]:
    """The hash of each PDF by its path below the edition; empty where there is no list."""
    try:
        text = (edition / NAME).read_text("utf-8")
    except OSError:
        return {}
    return {path: sha256 for sha256, path in _LINE.findall(text)}
