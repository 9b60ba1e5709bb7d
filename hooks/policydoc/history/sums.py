"""Reads the list of a policy's kept files, SHA256SUMS, and looks at those files without trusting them.

3b0c…  images/9f86….png    a picture that a version shows, named by its own hash
77d1…  v1.pictures         which picture stands behind each path in the text of version 1
a41f…  v1.md               the version
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from ..messages import Fault, said

FOLDER = "archive"  # in the folder of policies
SUMS = "SHA256SUMS"
LARGEST = 1_000_000  # bytes of a text, as for a policy
LARGEST_PICTURE = 100_000_000  # bytes, as for a file that is published
IMAGES = "images"
# 1   2.1   3-interim: what can be a file's name everywhere
VERSION = r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*"
_SUM = re.compile(rf"^(?P<sha>[0-9a-f]{{64}})  (?P<name>v{VERSION}\.(?:md|pictures)|{IMAGES}/(?P=sha)\.(?:png|jpe?g))$")


@dataclass(frozen=True)
class Entry:
    """A line of the list: its number, a hash and the file that has it, below the list's folder.

    Both are empty where the line can't be read.
    """

    line: int
    sha256: str = ""
    name: str = ""

    @property
    def version(self) -> str:
        """The version whose text this is; empty where it is something else."""
        return self.name[1:-3] if self.name.endswith(".md") else ""

    @property
    def is_picture(self) -> bool:
        return self.name.startswith(f"{IMAGES}/")


def entries(home: Path) -> list[Entry]:
    """Every line of the list in this folder; none where there is no list, or it isn't to be opened."""
    file = home / SUMS
    if file_fault(file) or not file.is_file():
        return []
    lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    matches = ((number, _SUM.match(line.strip())) for number, line in enumerate(lines, 1) if line.strip())
    return [Entry(number, match["sha"], match["name"]) if match else Entry(number) for number, match in matches]


def file_fault(path: Path, limit: int = LARGEST) -> Fault | None:
    """Why a file of the archive is not to be opened, as what is no file might never end; None if it isn't there."""
    try:
        file = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(file.st_mode):
        return said("P706")
    return said("P707", size=f"{file.st_size:,}", limit=f"{limit:,}") if file.st_size > limit else None


def trusted(path: Path, sha256: str, limit: int = LARGEST) -> bytes | None:
    """The bytes of a file that is as the list has it; None for any other."""
    try:
        data = None if file_fault(path, limit) else path.read_bytes()
    except OSError:  # what nobody may read can't be proved
        return None
    return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None
