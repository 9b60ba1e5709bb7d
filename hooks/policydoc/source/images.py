"""The files of the images that a policy shows, and what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..contents import any_file, pictures
from ..contents.kinds import UnreadableFile
from ..messages import Fault, said
from ..model.document import Document, Image, Provision
from ..problems import Problem
from .links import image_fault

_SIGNATURES = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


def faults(path: str, images: Iterable[tuple[Provision | None, Image]], folder: Path) -> list[Problem]:
    """What is wrong with the images of a policy, whose file is `path`; their files are looked for in `folder`."""
    problems: list[Problem] = []
    for owner, image in images:
        wrong = fault(folder, image.path)
        if wrong:
            problems.append(wrong.at(path, image.line, str(owner or "")))
    return problems


def fault(folder: Path, source: str) -> Fault | None:
    """Why the image file at this path can't be shown; `folder` is policy_src/."""
    return image_fault(source) or _file_fault(folder, source)


def files(document: Document) -> list[str]:
    """The image files that a document shows, as paths below policy_src/."""
    return list(dict.fromkeys(run.thing.path for _, run in document.runs() if isinstance(run.thing, Image)))


def contents(document: Document, folder: Path) -> dict[str, bytes]:
    """The bytes of each image file that a document without errors shows, by its path. Raises OSError."""
    return {path: (folder / path).read_bytes() for path in files(document)}


def _file_fault(folder: Path, source: str) -> Fault | None:
    file = folder / source
    # Not Path.resolve: before Python 3.13 it raises where links go in a circle.
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        return said("P433", image=source)
    if not file.is_file():
        return said("P434", image=source)
    signature = _SIGNATURES.get(file.suffix)
    if signature is None:
        return said("P435", image=source)
    try:
        data = any_file.read(file)
        if not data.startswith(signature):
            return said("P436", image=source, kind=file.suffix)
        pictures.cleaned(source, data)
    except UnreadableFile as error:
        return error.fault
    return None
