"""Turns new contents into files: all of them, each whole, or none."""

from __future__ import annotations

import os
import shutil
import threading
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
    parts = {target: _beside(target, "part") for target in contents}
    olds = {target: _beside(target, "old") for target in contents}
    folders: list[Path] = []
    placed: list[Path] = []
    try:
        for target, part in parts.items():
            folders += [folder for folder in reversed(target.parents) if not folder.exists()]
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(contents[target])
            with suppress(FileNotFoundError):
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
    part = _beside(target, "part")
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


def put_link(target: Path, source: Path) -> None:
    """Makes the file another name of the source, in one step. Raises OSError, as on a disk without links."""
    part = _beside(target, "part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)  # it stays behind where the target already was the same file


def _beside(target: Path, what: str) -> Path:
    """A name beside a file for what isn't in its place; no other process or thread uses the same."""
    return target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.{what}")
