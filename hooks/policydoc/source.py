"""Turns the files of policy_src/ into sources: front matter and numbered text, or what is wrong with the file."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import metadata
from .metadata import Metadata
from .problems import Problem

LARGEST = 1_000_000  # bytes; the longest policy we know of has 150,000
LONGEST = 60_000  # lines; each gets a private-use character of its own
FOLDERS = ("images", "archive")
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_FENCE = re.compile(r"^(---|\.\.\.)\s*$")
# Control characters, line separators, signs that turn the direction of writing, and characters for private use
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\ue000-\uf8ff"
    "\U000f0000-\U0010ffff]"
)
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


_STAND_IN = Metadata.model_validate(
    {"title": "?", "version": "?", "status": "draft", "owner": "?", "distribution": {"external": ["?"]}}
)


def read_all(folder: Path) -> tuple[list[Source], list[Problem]]:
    """All policies of the folder in the order of their file names, and everything that is wrong with the files."""
    sources: list[Source] = []
    problems: list[Problem] = []
    if not folder.is_dir():
        return [], [Problem(folder.name, 0, "there is no such folder. Make it and put a policy into it.")]
    root = folder.resolve()
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.startswith(".") or (file.is_dir() and file.name in FOLDERS):
            continue
        path = f"{folder.name}/{file.name}"
        fault = _file_fault(file, root)
        if fault:
            problems.append(Problem(path, 0, fault))
        elif file.suffix != ".md":
            text = "this file is not a policy and is not published. Name policies like social-media.md."
            problems.append(Problem(path, 0, text, level="warning"))
        else:
            found, faults = read(file.stem, path, file.read_bytes())
            problems += faults
            sources += [found] if found else []
    problems += _not_unique(sources)
    return sources, problems


def read(slug: str, path: str, data: bytes) -> tuple[Source | None, list[Problem]]:
    """One policy file's source (none where there is no text), and all that is wrong with its bytes and front matter."""

    def faulty(line: int, text: str) -> tuple[None, list[Problem]]:
        return None, [Problem(path, line, text)]

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        advice = "Save the file as UTF-8 (in Word or Notepad: Save as, Encoding)."
        return faulty(data[: error.start].count(b"\n") + 1, f"this is not UTF-8 text. {advice}")
    if not text.strip():
        return faulty(1, "the file is empty. Start it with front matter: a line ---, then title: and the rest.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > LONGEST:
        return faulty(LONGEST, f"the policy has more than {LONGEST:,} lines. Split it into several policies.")
    unprintable = [
        Problem(path, number, f"the character U+{ord(found[0]):04X} can't be printed. Take it out.")
        for number, line in enumerate(lines, 1)
        if (found := _UNPRINTABLE.search(line))
    ]
    if unprintable:
        return None, unprintable
    meta: Metadata | None
    if lines[0].rstrip() == "---":
        end = next((number for number, line in enumerate(lines[1:], 1) if _FENCE.match(line)), 0)
        if not end:
            return faulty(1, "the front matter never ends. Close it with a line --- before the text.")
        meta, keys, faults = metadata.read("\n".join(lines[1:end]), 2)
    else:
        advice = "Start the file with a line ---, then title: and the rest, then ---."
        end, meta, keys, faults = -1, None, {}, [(1, f"there is no front matter. {advice}")]
    body = lines[end + 1 :]
    if not any(line.strip() for line in body):
        faults.append((end + 1, "the policy has no text. Write a section below the front matter, such as ## Purpose."))
    problems = [Problem(path, line, fault) for line, fault in faults]
    if not any(line.strip() for line in body):
        return None, problems
    remarks = tuple(found[1] for line in lines[1:end] if (found := _YAML_COMMENT.search(line)) and found[1])
    faulty_front = meta is None or bool(faults)
    found_meta = _STAND_IN if meta is None or faults else meta
    hashed = hashlib.sha256(data).hexdigest()
    return Source(slug, path, found_meta, keys, remarks, tuple(body), end + 2, hashed, faulty_front), problems


def _file_fault(file: Path, root: Path) -> str | None:
    # Not Path.resolve: before Python 3.13 it raises where links go in a circle.
    if not Path(os.path.realpath(file)).is_relative_to(root):
        return "this is a link to something outside policy_src/. Put the file itself here."
    if file.is_dir():
        return f"policies lie in policy_src/ itself. Move them there; only {' and '.join(FOLDERS)} are folders here."
    if not file.is_file():
        return "this is not a file that can be read. Put the policy's own file here."
    if file.suffix.lower() == ".md" and (not _SLUG.match(file.stem) or file.suffix != ".md"):
        name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "policy"
        rule = "small letters, digits and hyphens only"
        return f"the file's name becomes the policy's address: {rule}. Rename it to {name}.md."
    size = file.stat().st_size
    if size > LARGEST:
        return f"the file has {size:,} bytes; a policy may have {LARGEST:,}. Split it, or take out what is not text."
    return None


def _not_unique(sources: list[Source]) -> Iterator[Problem]:
    """Numbers that two policies share, reported at every policy but the first."""
    for key in ("policy_number", "doc_number", "pdf_number"):
        owners: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            value = getattr(source.metadata, key)
            if value is not None:
                owners[value].append(source)
        for value, (first, *others) in owners.items():
            for other in others:
                text = f"{key} {value} is also that of {first.path}. Give each policy its own."
                yield Problem(other.path, other.lines[key], text)
