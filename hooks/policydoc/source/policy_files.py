"""Turns the files of policy_src/ into sources: front matter and numbered text, or what is wrong with the file."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..contents import kinds
from ..messages import Fault, said
from ..problems import Problem
from . import front_matter, names
from .front_matter import Metadata
from .signs import FRONT_MATTER_END
from .value_kinds import UNPRINTABLE

FOLDER = "policy_src"
LARGEST = 1_000_000  # bytes; the longest policy we know of has 150,000
LONGEST_NAME = 100  # signs of a file's name; a PDF's part on its way has 50 more
LONGEST = 60_000  # lines; each gets a private-use character of its own
FOLDERS = ("images", "archive")
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
# title: Dogs
_KEY = re.compile(r"^[a-z_]+:(?: |$)")
# <<<<<<< HEAD     what Git leaves where two changes of the same lines meet
_CONFLICT = re.compile(r"^<{7}(?: |$)")
_YAML_COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")


@dataclass(frozen=True)
class Source:
    """One policy file as it was read; `first` is the line of body[0], `sha256` the hash of the file's bytes.

    A file with a fault before its text is `faulty`: its metadata only stand in, so that its text can be checked too.
    """

    slug: str
    path: str
    metadata: Metadata
    lines: dict[str, int]
    remarks: tuple[str, ...]
    body: tuple[str, ...]
    first: int
    sha256: str
    faulty: bool = False


# The front matter of a text that has none, or none that can be read
STAND_IN = Metadata.model_validate(
    {"title": "?", "version": "?", "status": "draft", "owner": "?", "distribution": {"external": ["unknown"]}}
)


def read_all(folder: Path) -> tuple[list[Source], list[Problem]]:
    """All policies of the folder in the order of their file names, and everything that is wrong with the files."""
    sources: list[Source] = []
    problems: list[Problem] = []
    if not folder.is_dir():
        return [], [said("P101").at(folder.name, 0)]
    root = folder.resolve()
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.startswith(".") or (file.is_dir() and file.name in FOLDERS):
            continue
        path = f"{folder.name}/{file.name}"
        fault = _file_fault(file, root)
        if fault:
            problems.append(fault.at(path, 0))
        elif file.suffix != ".md":
            problems.append((kinds.stranger(file.name) or said("P103")).at(path, 0))
        else:
            try:
                data = file.read_bytes()
            except OSError:
                problems.append(said("P106").at(path, 0))
                continue
            source, faults = read(file.stem, path, data)
            problems += faults
            sources += [source] if source else []
    for file in sorted(folder.glob("images/**/*")):
        stranger = kinds.stranger(file.name) if file.is_file() and not file.name.startswith(".") else None
        if stranger:
            problems.append(stranger.at(f"{folder.name}/{file.relative_to(folder).as_posix()}", 0))
    for name in FOLDERS:
        problems += names.faults(folder / name, f"{folder.name}/{name}")
    problems += not_unique(sources)
    return sources, problems


def read(slug: str, path: str, data: bytes) -> tuple[Source | None, list[Problem]]:
    """One policy file's source (none where there is no text), and all that is wrong with its bytes and front matter."""

    def faulty(line: int, fault: Fault) -> tuple[None, list[Problem]]:
        return None, [fault.at(path, line)]

    if len(data) > LARGEST:
        return faulty(0, said("P108", size=f"{len(data):,}", limit=f"{LARGEST:,}"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return faulty(data[: error.start].count(b"\n") + 1, said("P110"))
    if not text.strip():
        return faulty(1, said("P111"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > LONGEST:
        return faulty(LONGEST, said("P109", limit=f"{LONGEST:,}"))
    if UNPRINTABLE.search(text):
        signs = ((number, UNPRINTABLE.search(line)) for number, line in enumerate(lines, 1))
        return None, [said("P112", character=f"U+{ord(s[0]):04X}").at(path, number) for number, s in signs if s]
    marked = enumerate(lines, 1) if "<<<<<<<" in text else ()
    conflict = next((number for number, line in marked if _CONFLICT.match(line)), None)
    if conflict:
        return faulty(conflict, said("P115"))
    meta: Metadata | None
    if lines[0].rstrip() == "---":
        end = next((number for number, line in enumerate(lines[1:], 1) if FRONT_MATTER_END.match(line)), 0)
        if not end:
            return faulty(1, said("P122"))
        meta, keys, faults = front_matter.read("\n".join(lines[1:end]), 2)
    else:
        # Front matter that lacks its first line is still no text of the policy.
        closing = next((number for number, line in enumerate(lines) if FRONT_MATTER_END.match(line)), -1)
        end = closing if _KEY.match(lines[0]) else -1
        meta, keys, faults = None, {}, [(1, said("P121"))]
    body = lines[end + 1 :]
    if not any(line.strip() for line in body):
        faults.append((end + 1, said("P113")))
    problems = [fault.at(path, line) for line, fault in faults]
    if not any(line.strip() for line in body):
        return None, problems
    remarks = tuple(
        note[1] for line in lines[1:end] if "#" in line and (note := _YAML_COMMENT.search(line)) and note[1]
    )
    metadata = STAND_IN if meta is None or faults else meta
    hashed = hashlib.sha256(data).hexdigest()
    return Source(slug, path, metadata, keys, remarks, tuple(body), end + 2, hashed, metadata is STAND_IN), problems


def _file_fault(file: Path, root: Path) -> Fault | None:
    # Not Path.resolve: before Python 3.13 it raises where links go in a circle.
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(root):
        return said("P104")
    if file.is_dir():
        return said("P105", folders=" and ".join(FOLDERS))
    if not file.is_file():
        return said("P106")
    if file.suffix.lower() == ".md" and (not _SLUG.match(file.stem) or file.suffix != ".md"):
        name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "policy"
        return said("P107", name=names.suggested(f"{name}.md"))
    if file.suffix == ".md" and not names.is_storable(file.name):
        return said("P143", file=file.name, name=names.suggested(file.name))
    if len(file.stem) > LONGEST_NAME:
        return said("P117", size=len(file.stem), limit=LONGEST_NAME)
    if file.stem == "index" and file.suffix == ".md":
        return said("P114")
    size = file.stat().st_size
    if size > LARGEST:
        return said("P108", size=f"{size:,}", limit=f"{LARGEST:,}")
    return None


def not_unique(sources: list[Source]) -> Iterator[Problem]:
    """Numbers that two policies share, reported at every policy but the first."""
    for key in ("policy_number", "doc_number", "pdf_number"):
        owners: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            value = getattr(source.metadata, key)
            if value is not None:
                owners[value].append(source)
        for value, (first, *others) in owners.items():
            for other in others:
                fault = said("P142", key=key, value=value, other=first.path)
                yield fault.at(other.path, other.lines[key])
