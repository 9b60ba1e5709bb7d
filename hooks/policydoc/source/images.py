"""Turns the images of a policy into the files that are published with it, or into what is wrong with them."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterable
from pathlib import Path

from ..contents import any_file, pictures
from ..contents.kinds import UnreadableFile
from ..messages import Fault, said
from .place import Place
from ..problems import Problem
from .links import image_fault

_SIGNATURES = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


def place(
    path: str, images: Iterable[tuple[ET.Element, int, Place | None]], here: Collection[ET.Element], folder: Path
) -> tuple[list[str], list[Problem]]:
    """The image files of a policy, as paths in policy_src/ (`folder`), and what is wrong with them.

    images are (the <img>, its line, its place). Those that are still in the tree (`here`) get their address on the
    website; the others, which are in no published text, are not published.
    """
    files: dict[str, None] = {}
    problems: list[Problem] = []
    for element, line, where in images:
        source = element.get("src", "")
        fault = image_fault(source) or _file_fault(folder, source)
        if fault:
            problems.append(fault.at(path, line, str(where or "")))
        elif element in here:
            files[source] = None
            element.set("src", f"../{source}")
    return list(files), problems


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
