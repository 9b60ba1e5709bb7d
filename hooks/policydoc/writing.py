"""Turns new contents into files: all of them, each whole, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def put(target: Path, data: bytes) -> None:
    """Writes the file in one step: whoever is reading sees the old one or the new."""
    put_all({target: data})


def put_all(contents: Mapping[Path, bytes]) -> None:
    """Writes several files, in order, and the folders they need; if one can't be written, none is. Raises OSError.

    A file that is there keeps its mode. Until all are in their places, what was there lies beside them.
    """
    parts = {target: target.with_name(f".{target.name}.{os.getpid()}.part") for target in contents}
    olds = {target: target.with_name(f".{target.name}.{os.getpid()}.old") for target in contents}
    folders: list[Path] = []
    placed: list[Path] = []
    try:
        for target, part in parts.items():
            folders += [parent for parent in reversed(target.parents) if not parent.exists()]
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(contents[target])
            if target.exists():
                shutil.copymode(target, part)
                shutil.copy2(target, olds[target])
        for target, part in parts.items():
            os.replace(part, target)
            placed.append(target)
    except BaseException:
        for target in reversed(placed):
            _put_back(target, olds[target])
        for path in (*parts.values(), *olds.values()):
            path.unlink(missing_ok=True)
        for folder in reversed(folders):
            with suppress(OSError):  # somebody else has put a file there since
                folder.rmdir()
        raise
    for old in olds.values():
        old.unlink(missing_ok=True)


def _put_back(target: Path, old: Path) -> None:
    if old.exists():
        os.replace(old, target)
    else:
        target.unlink(missing_ok=True)


def put_new(target: Path, data: bytes) -> None:
    """Writes a file that isn't there yet. Raises FileExistsError, OSError."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        try:
            os.link(part, target)  # unlike a renaming, this never takes the place of another file
        except FileExistsError:
            raise
        except OSError:  # a disk without links
            if target.exists():
                raise FileExistsError from None
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
