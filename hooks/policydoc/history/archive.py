"""Turns an approved policy into a version that is kept for good, and kept versions into what was done to them since.

policy_src/archive/social-media/v1.md        the file as it was approved, byte for byte
policy_src/archive/social-media/SHA256SUMS   the hash of each kept file, the newest last, as sha256sum writes it
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..messages import Fault, said
from ..problems import Problem
from ..source import links
from . import kept_pictures, withheld
from .sums import FOLDER as FOLDER
from .sums import IMAGES, LARGEST, LARGEST_PICTURE, VERSION, Entry, entries, file_fault, trusted
from .sums import SUMS as SUMS

_VERSION = re.compile(VERSION)
_LONGEST = 30  # signs of a version
# v2   V.2
_WITH_V = re.compile(r"[vV][.-]?(?=\d)")


class ArchiveError(Exception):
    """A version can't be kept, or one that was kept can't be trusted; the text says why, and what to do."""


@dataclass(frozen=True)
class ArchivedVersion:
    """One approved version of a policy, its path below the folder of policies, and what policies are called now."""

    version: str
    path: Path
    sha256: str
    names_now: Mapping[str, str] = field(default_factory=dict, compare=False)

    def text_of_today(self) -> str:
        """The same where links lead to policies by the names that these have now. Raises ArchiveError."""
        return links.renamed(self.text(), self.names_now)

    def text(self) -> str:
        """The text as it was approved, and no other. Raises ArchiveError."""
        name = "/".join(self.path.parts[-4:])
        try:
            fault = file_fault(self.path)
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


def versions(folder: Path, slug: str, names_now: Mapping[str, str] | None = None) -> list[ArchivedVersion]:
    """The kept versions of a policy, the newest last.

    `folder` is policy_src/, `names_now` what policies are called that had other names.
    """
    home = folder / FOLDER / slug
    texts = (entry for entry in entries(home) if entry.version)
    return [ArchivedVersion(entry.version, home / entry.name, entry.sha256, names_now or {}) for entry in texts]


def is_closed(folder: Path, slug: str) -> bool:
    """Whether nobody can tell which versions were kept; `faults` says why."""
    home = folder / FOLDER / slug
    return _is_outside(home, folder) or bool(file_fault(home / SUMS)) or _is_list_gone(home)


def _is_list_gone(home: Path) -> bool:
    """Whether nothing is listed where versions are."""
    return not any(entry.name for entry in entries(home)) and any(home.glob("v*.md"))


def latest(folder: Path, slug: str, names_now: Mapping[str, str] | None = None) -> ArchivedVersion | None:
    """The newest approved version of a policy."""
    return next(reversed(versions(folder, slug, names_now)), None)


def addition(
    folder: Path, slug: str, version: str, data: bytes, pictures: Mapping[str, bytes] | None = None
) -> dict[Path, bytes]:
    """The files to write, so that this version is kept: itself, what belongs to it, the list. Raises ArchiveError.

    `pictures` are the bytes of each picture that it shows, by its path in the text.
    """
    home = folder / FOLDER / slug
    path = home / f"v{version}.md"
    kept = versions(folder, slug)
    if not _VERSION.fullmatch(version):
        raise ArchiveError(f"version {version} can't be a file's name. Use digits, letters and points, such as 2.1.")
    if len(version) > _LONGEST:
        raise ArchiveError(f"this version is longer than {_LONGEST} signs. Use a number, such as 2.1.")
    if _WITH_V.match(version):
        raise ArchiveError(f"the v is put before a version for you. Write {_WITH_V.sub('', version)}, not {version}.")
    if not version[0].isdigit():  # nobody could tell vdraft from the draft, or which of two words is the later
        raise ArchiveError(f"version {version} begins with no digit. Write a number, such as 2 or 2.1.")
    if path.exists() or any(earlier.version == version for earlier in kept):
        raise ArchiveError(f"version {version} is kept already and never changes. Give the next one.")
    if kept and _order(version) <= _order(kept[-1].version):
        raise ArchiveError(f"version {version} is not after {kept[-1].version}, the last one. Give the next one.")
    if not Path(os.path.realpath(home)).is_relative_to(os.path.realpath(folder)):
        where = f"{folder.name}/{FOLDER}/{slug}"
        raise ArchiveError(f"{where} lies outside {folder.name}/. Make it a folder in its place, not a link.")
    sums = (home / SUMS).read_bytes() if (home / SUMS).is_file() else b""
    sums += b"\n" if sums and not sums.endswith(b"\n") else b""
    files = {**kept_pictures.addition(home, version, pictures or {}), path: data}
    hashes = {file.relative_to(home).as_posix(): hashlib.sha256(data).hexdigest() for file, data in files.items()}
    sums += "".join(f"{sha}  {name}\n" for name, sha in hashes.items()).encode()
    return {path: data, **files, home / SUMS: sums}


def faults(folder: Path, former_names: Collection[str] = ()) -> Iterator[Problem]:
    """What has been done to the kept versions of all policies since they were approved; `folder` is policy_src/.

    Of what is kept under a former name is told with the policy that had it.
    """
    top = folder / FOLDER
    if _is_outside(top, folder):
        yield said("P706").at(f"{folder.name}/{FOLDER}", 0)
    elif top.is_dir():
        for home in sorted(path for path in top.iterdir() if not path.name.startswith(".")):
            yield from faults_of(folder, home.name)
            file = f"{home.name}.md"
            is_lost = home.name not in former_names and versions(folder, home.name)
            if is_lost and not os.path.lexists(folder / file):
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
    fault = file_fault(home / SUMS)
    if fault:
        yield fault.at(f"{where}/{SUMS}", 0)
        return
    if _is_list_gone(home):
        yield said("P708").at(f"{where}/{SUMS}", 0)  # once, not for each file that it doesn't list
        return
    listed: set[str] = set()
    for entry in entries(home):
        if not entry.name or entry.name in listed:
            yield said("P702").at(f"{where}/{SUMS}", entry.line)
            continue
        listed.add(entry.name)
        if fault := _kept_fault(home, entry):
            yield fault.at(f"{where}/{entry.name}", 0)
    for name in kept_pictures.unkept(home, listed):
        yield said("P703", what=_called(name)).at(f"{where}/{name}", 0)
    for name in _unlisted(home, listed):
        yield said("P705", sums=SUMS).at(f"{where}/{name}", 0)
    yield from withheld.faults(folder, slug)


def _kept_fault(home: Path, entry: Entry) -> Fault | None:
    """What was done to a file since it was kept."""
    path, limit = home / entry.name, LARGEST_PICTURE if entry.is_picture else LARGEST
    fault = file_fault(path, limit)
    if fault or (path.is_file() and trusted(path, entry.sha256, limit) is not None):
        return fault
    return said("P704" if path.is_file() else "P703", what=_called(entry.name))


def _called(name: str) -> str:
    return (
        "approved version"
        if name.endswith(".md")
        else "picture of an approved version"
        if "/" in name
        else ("list of an approved version’s pictures")
    )


def _unlisted(home: Path, listed: Collection[str]) -> Iterator[str]:
    """What lies in the folder of a policy and is not in its list."""
    for path in sorted(home.iterdir()):
        if path.name == IMAGES and path.is_dir() and not path.is_symlink():
            yield from kept_pictures.unlisted(home, listed)
        elif path.name not in {*listed, SUMS, withheld.WITHHELD} and not path.name.startswith("."):
            yield path.name


def _is_outside(path: Path, folder: Path) -> bool:
    """Whether links lead from here out of the folder, or round in a circle."""
    below = len(path.parts) - len(folder.parts)
    if not any(part.is_symlink() for part in (path, *path.parents[: below - 1])):
        return False
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _order(version: str) -> list[tuple[bool, int, str]]:
    """What versions are sorted by: numbers as numbers, 2 before 10, and 1 before 1.1."""
    parts = re.findall(r"\d+|[a-z]+", version.lower())
    return [(False, int(part), "") if part.isdigit() else (True, 0, part) for part in parts]
