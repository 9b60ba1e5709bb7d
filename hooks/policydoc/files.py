"""Turns new contents into files: each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def put(target: Path, data: bytes) -> None:
    """Writes the file in one step: whoever is reading sees the old one or the new."""
    put_all({target: data})


def put_all(contents: Mapping[Path, bytes]) -> None:
    """Writes several files, in order, after all of them could be written beside their places. Raises OSError."""
    parts = {target: target.with_name(f".{target.name}.{os.getpid()}.part") for target in contents}
    try:
        for target, part in parts.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(contents[target])
        for target, part in parts.items():
            os.replace(part, target)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


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
