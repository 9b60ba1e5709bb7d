"""Turns an approved policy into a version that is kept for good, and kept versions into what was done to them since.

policy_src/archive/social-media/v1.md        the file as it was approved, byte for byte
policy_src/archive/social-media/SHA256SUMS   the hash of each version, the newest last, as sha256sum writes it
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..messages import Fault, said
from ..problems import Problem

FOLDER = "archive"
LARGEST = 1_000_000  # bytes of any of its files, as for a policy
SUMS = "SHA256SUMS"
# 1   2.1   3-interim: what can be a file's name everywhere
_VERSION = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
_LONGEST = 30  # signs of a version
# v2   V.2
_WITH_V = re.compile(r"[vV][.-]?(?=\d)")
_SUM = re.compile(r"^([0-9a-f]{64})  v([0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)\.md$")


class ArchiveError(Exception):
    """A version can't be kept, or one that was kept can't be trusted; the text says why, and what to do."""


@dataclass(frozen=True)
class ArchivedVersion:
    """One approved version of a policy, and its path below the folder of policies."""

    version: str
    path: Path
    sha256: str

    def text(self) -> str:
        """The text as it was approved, and no other. Raises ArchiveError."""
        name = "/".join(self.path.parts[-4:])
        try:
            fault = _fault(self.path, LARGEST)
            if fault:
                raise ArchiveError(f"{name}: {fault.text}")
            data = self.path.read_bytes()
            text = data.decode("utf-8")
        except OSError as error:
            raise ArchiveError(f"{name} can't be read: {error.strerror}. Bring back what was approved.") from None
        except UnicodeDecodeError:
            raise ArchiveError(f"{name} is not saved as UTF-8. Bring back what was approved.") from None
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ArchiveError(f"{name} was changed since it was approved. Take the change back.")
        return text


def versions(folder: Path, slug: str) -> list[ArchivedVersion]:
    """The kept versions of a policy, the newest last; `folder` is policy_src/."""
    home = folder / FOLDER / slug
    return [ArchivedVersion(version, home / f"v{version}.md", sha) for _, sha, version in _sums(home) if version]


def is_closed(folder: Path, slug: str) -> bool:
    """Whether nobody can tell which versions were kept; `faults` says why."""
    home = folder / FOLDER / slug
    return _is_outside(home, folder) or bool(_fault(home / SUMS, LARGEST))


def latest(folder: Path, slug: str) -> ArchivedVersion | None:
    """The newest approved version of a policy."""
    return next(reversed(versions(folder, slug)), None)


def addition(folder: Path, slug: str, version: str, data: bytes) -> dict[Path, bytes]:
    """The files to write, so that this version is kept, in the order in which to write them. Raises ArchiveError."""
    home = folder / FOLDER / slug
    path = home / f"v{version}.md"
    kept = versions(folder, slug)
    if not _VERSION.fullmatch(version):
        raise ArchiveError(f"version {version} can't be a file's name. Use digits, letters and points, such as 2.1.")
    if len(version) > _LONGEST:
        raise ArchiveError(f"this version is longer than {_LONGEST} signs. Use a number, such as 2.1.")
    if _WITH_V.match(version):
        raise ArchiveError(f"the v is put before a version for you. Write {_WITH_V.sub('', version)}, not {version}.")
    if path.exists() or any(earlier.version == version for earlier in kept):
        raise ArchiveError(f"version {version} is kept already and never changes. Give the next one.")
    if kept and _order(version) <= _order(kept[-1].version):
        raise ArchiveError(f"version {version} is not after {kept[-1].version}, the last one. Give the next one.")
    if not Path(os.path.realpath(home)).is_relative_to(os.path.realpath(folder)):
        where = f"{folder.name}/{FOLDER}/{slug}"
        raise ArchiveError(f"{where} lies outside {folder.name}/. Make it a folder in its place, not a link.")
    sums = (home / SUMS).read_bytes() if (home / SUMS).is_file() else b""
    sums += b"\n" if sums and not sums.endswith(b"\n") else b""
    return {path: data, home / SUMS: sums + f"{hashlib.sha256(data).hexdigest()}  v{version}.md\n".encode()}


def faults(folder: Path) -> Iterator[Problem]:
    """What has been done to the kept versions of all policies since they were approved; `folder` is policy_src/."""
    top = folder / FOLDER
    if _is_outside(top, folder):
        yield said("P706").at(f"{folder.name}/{FOLDER}", 0)
    elif top.is_dir():
        for home in sorted(path for path in top.iterdir() if not path.name.startswith(".")):
            yield from faults_of(folder, home.name)
            file = f"{home.name}.md"
            if versions(folder, home.name) and not os.path.lexists(folder / file):
                yield said("P710", file=f"{folder.name}/{file}").at(f"{folder.name}/{FOLDER}/{home.name}", 0)


def faults_of(folder: Path, slug: str) -> Iterator[Problem]:
    """The same for one policy."""
    home, where = folder / FOLDER / slug, f"{folder.name}/{FOLDER}/{slug}"
    if _is_outside(home, folder):
        yield said("P706").at(where, 0)
        return
    if not home.is_dir():
        if home.exists():
            yield said("P701").at(where, 0)
        return
    fault = _fault(home / SUMS, LARGEST)
    if fault:
        yield fault.at(f"{where}/{SUMS}", 0)
        return
    listed: set[str] = set()
    for line, sha, version in _sums(home):
        name = f"v{version}.md"
        if not version or name in listed:
            yield said("P702").at(f"{where}/{SUMS}", line)
            continue
        listed.add(name)
        path = home / name
        fault = _fault(path, LARGEST)
        if not fault and not path.is_file():
            fault = said("P703")
        elif not fault and _sha256(path) != sha:
            fault = said("P704")
        if fault:
            yield fault.at(f"{where}/{name}", 0)
    for path in sorted(home.iterdir()):
        if path.name not in {*listed, SUMS} and not path.name.startswith("."):
            yield said("P705", sums=SUMS).at(f"{where}/{path.name}", 0)


def _is_outside(path: Path, folder: Path) -> bool:
    """Whether links lead from here out of the folder, or round in a circle."""
    below = len(path.parts) - len(folder.parts)
    if not any(part.is_symlink() for part in (path, *path.parents[: below - 1])):
        return False
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _fault(path: Path, limit: int) -> Fault | None:
    """Why a file of the archive is not to be opened, as what is no file might never end; None if it isn't there."""
    try:
        file = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(file.st_mode):
        return said("P706")
    return said("P707", size=f"{file.st_size:,}", limit=f"{limit:,}") if file.st_size > limit else None


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # what nobody may read can't be proved
        return ""


def _order(version: str) -> list[tuple[bool, int, str]]:
    """What versions are sorted by: numbers as numbers, 2 before 10, and 1 before 1.1."""
    parts = re.findall(r"\d+|[a-z]+", version.lower())
    return [(False, int(part), "") if part.isdigit() else (True, 0, part) for part in parts]


def _sums(home: Path) -> list[tuple[int, str, str]]:
    """Line number, hash and version of each line; both are empty where the line can't be read."""
    if _fault(home / SUMS, LARGEST) or not (home / SUMS).is_file():
        return []
    lines = (home / SUMS).read_bytes().decode("utf-8", "replace").splitlines()
    matches = ((number, _SUM.match(line.strip())) for number, line in enumerate(lines, 1) if line.strip())
    return [(number, match[1], match[2]) if match else (number, "", "") for number, match in matches]
