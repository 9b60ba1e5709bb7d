"""Turns the council's logo, a path below docs/ such as assets/logo.png, into its file, or into what is wrong with it.

The page, the PDFs and the handbook all take it from here, so that one value of `logo` means one picture.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..messages import said
from ..problems import Problem
from ..settings import Settings

FOLDER = "docs"
LARGEST = 1_000_000  # bytes; every page loads it
# How the file begins; what an SVG holds.
_SIGNATURES = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
_SVG = b"<svg"
# Folders of docs/ that the website doesn't get
_UNPUBLISHED = ("templates", "editors")


def file(root: Path, settings: Settings) -> Path | None:
    """The logo's file, if the council has one; `root` is the project's folder."""
    return root / FOLDER / settings.council.logo if settings.council.logo else None


def below_root(settings: Settings) -> str | None:
    """The same as a path below the project's folder, with / between its parts."""
    return f"{FOLDER}/{settings.council.logo}" if settings.council.logo else None


def faults(root: Path, settings: Settings) -> Iterator[Problem]:
    """What is wrong with the logo that mkdocs.yml names."""
    path = file(root, settings)
    reason = path and _reason(path, root / FOLDER)
    if reason:
        yield said("P116", logo=settings.council.logo, reason=reason).at("mkdocs.yml", 0)


def _reason(path: Path, docs: Path) -> str:
    """Why this file can't be the logo; empty where it can."""
    real, home = Path(os.path.realpath(path)), Path(os.path.realpath(docs))
    if not real.is_relative_to(home):
        return f"lies outside {FOLDER}/"
    parts = Path(os.path.normpath(path)).relative_to(docs).parts
    if parts[:1] and (parts[0] in _UNPUBLISHED or any(part.startswith(".") for part in parts)):
        return f"lies in a folder of {FOLDER}/ that is not published"
    if not path.is_file():
        return f"isn't in {FOLDER}/"
    if path.suffix not in (*_SIGNATURES, ".svg"):
        return "is no picture that can be printed"
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        return f"can't be read ({error.strerror})"
    if not data:
        return f"has no bytes, or more than {LARGEST:,}"
    is_kind = _SVG in data if path.suffix == ".svg" else data.startswith(_SIGNATURES[path.suffix])
    return "" if is_kind else f"is not the {path.suffix.removeprefix('.')} file that its name says"
