"""Keeps the pictures of an approved version with it, and finds them again, so that version 1 shows version 1's.

archive/dogs/images/9f86….png   a picture, named by the hash of its bytes: one file, however many versions show it
archive/dogs/v1.pictures        the hash of each picture of version 1, and its path in the text, as sha256sum writes it

SHA256SUMS lists both. So `sha256sum -c SHA256SUMS` proves what is kept, and `sha256sum -c archive/dogs/v1.pictures` in
policy_src/ says which of today's pictures are still those of version 1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ..model.document import Document, Image, Run
from .sums import FOLDER, IMAGES, LARGEST_PICTURE, entries, trusted

_LIST = ".pictures"
# 9f86…  images/map of parks.png
_LINE = re.compile(r"^([0-9a-f]{64})  (\S.*)$")


def list_name(version: str) -> str:
    """The name of the list that says which pictures a version shows."""
    return f"v{version}{_LIST}"


def addition(home: Path, version: str, pictures: Mapping[str, bytes]) -> dict[Path, bytes]:
    """The files that keep a version's pictures, the list of them last; those that are kept already are not among them.

    `home` is the policy's folder in the archive, `pictures` the bytes of each by its path in the text.
    """
    if not pictures:
        return {}
    files: dict[Path, bytes] = {}
    listed: list[str] = []
    known = {entry.name for entry in entries(home)}
    for path, data in sorted(pictures.items()):
        sha = hashlib.sha256(data).hexdigest()
        listed.append(f"{sha}  {path}\n")
        name = _name(sha, path)
        if name not in known:
            files[home / name] = data
    return files | {home / list_name(version): "".join(listed).encode()}


def unlisted(home: Path, listed: Collection[str]) -> Iterator[str]:
    """The files in the folder of pictures that are not among the listed ones, by their names in the list."""
    names = sorted(path.name for path in (home / IMAGES).iterdir() if not path.name.startswith("."))
    yield from (f"{IMAGES}/{name}" for name in names if f"{IMAGES}/{name}" not in listed)


def unkept(home: Path, listed: Collection[str]) -> Iterator[str]:
    """The pictures of versions that are not among the listed files, by their names in the list."""
    for name in listed:
        pictures = _listed(home, name[1:].removesuffix(_LIST)) if name.endswith(_LIST) else None
        for path, sha in (pictures or {}).items():
            if _name(sha, path) not in listed:
                yield _name(sha, path)


@dataclass(frozen=True)
class KeptPictures:
    """The kept pictures of a policy: the paths, below policy_src/, of those that are as they were, by their hashes.

    `folder` is policy_src/.
    """

    folder: Path
    slug: str
    files: Mapping[str, str] = field(default_factory=dict)

    def of(self, version: str) -> Mapping[str, str] | None:
        """The kept pictures of a version by their paths in its text; None where it has no list that can be trusted.

        A picture that was changed since, or is gone, is an empty path.
        """
        listed = _listed(self.folder / FOLDER / self.slug, version)
        if listed is None:
            return None
        return {path: self.files.get(_name(sha, path), "") for path, sha in listed.items()}

    def state(self) -> bytes:
        """Changes with anything that says which picture stands where, and with the kept pictures themselves."""
        home = self.folder / FOLDER / self.slug
        lists = [(entry.name, _listed(home, entry.name[1:].removesuffix(_LIST))) for entry in entries(home)
                 if entry.name.endswith(_LIST)]  # fmt: skip
        return repr((sorted(self.files), lists)).encode()

    def in_place(self, document: Document, version: str = "") -> Document:
        """The document with each picture that is kept in the place of its path: of this version, or of no version.

        Where a version has no list, and in a text that isn't kept, a picture is the kept one of the same bytes, if
        there is one. So two texts show the same picture if, and only if, its path is the same. What a version's list
        has and the archive no longer has is given a path that leads nowhere.
        """
        kept = self.of(version) if version else None
        return document.with_runs(lambda some: tuple(self._run(run, kept) for run in some))

    def _run(self, run: Run, kept: Mapping[str, str] | None) -> Run:
        if not isinstance(run.thing, Image):
            return run
        path = self._same(run.thing.path) if kept is None else kept.get(run.thing.path, "")
        return run if path == run.thing.path else replace(run, thing=replace(run.thing, path=path))

    def _same(self, path: str) -> str:
        """The kept picture of the same bytes as the one that lies at this path now, or the path itself."""
        file = self.folder / path
        if not self.files or not file.is_file() or file.stat().st_size > LARGEST_PICTURE:
            return path
        return self.files.get(_name(hashlib.sha256(file.read_bytes()).hexdigest(), path), path)


def kept_pictures(folder: Path, slug: str) -> KeptPictures:
    """Those of a policy; `folder` is policy_src/."""
    home = folder / FOLDER / slug
    pictures = (entry for entry in entries(home) if entry.is_picture)
    there = (entry.name for entry in pictures if trusted(home / entry.name, entry.sha256, LARGEST_PICTURE) is not None)
    return KeptPictures(folder, slug, {name: f"{FOLDER}/{slug}/{name}" for name in there})


def replaced(folder: Path, slug: str, version: str, paths: Iterable[str]) -> list[str]:
    """Which of these paths had another picture in this version than there is now; `folder` is policy_src/."""
    then = _listed(folder / FOLDER / slug, version) or {}
    return [path for path in paths if path in then and not _is_still(folder / path, then[path])]


def _is_still(file: Path, sha: str) -> bool:
    """Whether the picture is as it was; one that is gone is told of elsewhere."""
    return not file.is_file() or trusted(file.resolve(), sha, LARGEST_PICTURE) is not None


def _listed(home: Path, version: str) -> dict[str, str] | None:
    """The hash of each picture of a version by its path in the text; None where the archive has no list of them."""
    name = list_name(version)
    sums = [entry.sha256 for entry in entries(home) if entry.name == name]
    if not sums:
        return None
    lines = (trusted(home / name, sums[0]) or b"").decode("utf-8", "replace").splitlines()
    return {match[2]: match[1] for match in filter(None, map(_LINE.match, lines))}


def _name(sha: str, path: str) -> str:
    return f"{IMAGES}/{sha}{PurePosixPath(path).suffix}"
