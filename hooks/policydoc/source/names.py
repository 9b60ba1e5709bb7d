"""Turns the names of files below policy_src/ into those that can't be kept on every computer that copies them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ..messages import said
from ..problems import Problem

# con   AUX   com1: names of devices in Windows, whatever ending follows
_DEVICE = re.compile(r"con|prn|aux|nul|com[1-9]|lpt[1-9]")
# What Windows keeps for itself in a name, and what it drops from its end
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_DROPPED = ". "


def is_storable(name: str) -> bool:
    """Whether Windows can store a file of this name."""
    return not (
        _DEVICE.fullmatch(name.casefold().partition(".")[0].strip()) or _FORBIDDEN.search(name) or name[-1:] in _DROPPED
    )


def suggested(name: str) -> str:
    """The name with what would make it storable: con.md becomes con-policy.md."""
    stem, dot, ending = _FORBIDDEN.sub("", name).rstrip(_DROPPED).partition(".")
    return f"{stem}{'-policy' if _DEVICE.fullmatch(stem.casefold().strip()) else ''}{dot}{ending}"


def faults(top: Path, shown: str) -> Iterator[Problem]:
    """The names in this folder and below that some computer can't keep, or can't keep apart; `shown` is its path."""
    if not top.is_dir():
        return
    for folder, folders, files in os.walk(top):
        where = "/".join(part for part in (shown, Path(folder).relative_to(top).as_posix()) if part != ".")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        same: dict[str, str] = {}
        for name in sorted((*folders, *(file for file in files if not file.startswith(".")))):
            if not is_storable(name):
                yield said("P143", file=name, name=suggested(name)).at(f"{where}/{name}", 0)
            other = same.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
            if other != name:
                yield said("P144", other=other).at(f"{where}/{name}", 0)
