"""Reads from the policies' own lines what must stay inside, and what may be read by all: for the leak gate.

It asks the files, not what a build made of them, and shares no code with what withholds: a leak needs a fault in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from ..clock import in_words
from . import bare_words, second_reading
from .bare_words import COMMENT, NOTE, NUMBER
from .second_list import is_day, is_withheld, reasons
from .second_reading import Block

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# status: draft  # to be agreed
_REMARK = re.compile(r"(?:^|\s)#\s*(.*)$")
# Stands for a number that is printed between two words
_PAUSE = " "
_GAPS = {COMMENT: "", NUMBER: _PAUSE, NOTE: _PAUSE}

# control.Consultation: what of the council's own labels is no label
_CONTROL = "control."
# The names that the policy had when nobody outside knew of it
_NEVER_KNOWN = "formerly.internal"


@dataclass(frozen=True, slots=True)
class Secret:
    """A string that must stay inside, and where it stands.

    `is_name` says that it names a place or a policy, `in_text` that it stands in a policy's text, not its front matter.
    """

    text: str
    path: str
    line: int
    is_name: bool = False
    in_text: bool = True


@dataclass
class Inside:
    """All that must stay inside, and the texts that may be read by all: a text of each policy, in every reading.

    `files` are the same by the paths of the policies, and the texts of the versions in the archive: each of these may
    be read where that version is published, and excuses nothing anywhere else.
    """

    secrets: list[Secret] = field(default_factory=list)
    public: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def add(self, other: Inside) -> None:
        self.secrets += other.secrets
        self.public += other.public
        self.files |= other.files

    def hash_of_secrets(self) -> bytes:
        """Changes with anything that must stay inside."""
        return sha256(repr(self.secrets).encode()).digest()

    def hash_of_words(self) -> bytes:
        """Changes with any text, whoever may read it."""
        return sha256(repr((self.secrets, self.public, self.files)).encode()).digest()


# Gives what reading these texts gives
Remembered = Callable[[Sequence[bytes], Callable[[], Inside]], Inside]


def _at_once(texts: Sequence[bytes], read: Callable[[], Inside]) -> Inside:
    return read()


def read_all(folder: Path, internal_keys: Collection[str] = (), remembered: Remembered = _at_once) -> Inside:
    """The policies of a folder; `internal_keys` are those of front matter that the council keeps inside.

    A label below control is one of them, as `control.Consultation`. Versions in the archive are read as well: of one
    that all may read, the front matter is told of again in the table of versions. `remembered` reads those of a policy,
    or knows already what that gives for these texts.
    """
    inside = Inside()
    public: set[str] = set()
    for path in sorted(folder.glob("*.md")):
        if path.is_file() and not path.name.startswith("."):
            shown, versions = f"{folder.name}/{path.name}", _versions(folder, path.stem)
            if read(inside, shown, path.stem, _text(path), internal_keys, versions):
                public.add(path.stem)
    keys = "\n".join(internal_keys).encode()
    for home in sorted(folder.glob("archive/*")):
        files = [path for path in sorted(home.glob("*.md")) if path.is_file()]
        texts = {f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}
        hidden = ["gone" if home.name not in public else "withheld" * is_withheld(path) for path in files]
        parts = [keys, *map(str.encode, (*hidden, *texts)), *texts.values()]
        inside.add(remembered(parts, partial(_read_all_kept, texts, internal_keys, hidden)))
        inside.public += reasons(home) if home.name in public else []
    return inside


def _read_all_kept(texts: Mapping[str, bytes], internal_keys: Collection[str], hidden: Sequence[str]) -> Inside:
    inside = Inside()
    for (path, data), why in zip(texts.items(), hidden, strict=True):
        _read_kept(inside, path, data.decode("utf-8-sig", "replace"), internal_keys, why)
    return inside


def _versions(folder: Path, slug: str) -> Iterator[str]:
    """The texts of the kept versions of a policy."""
    yield from (_text(path) for path in sorted(folder.glob(f"archive/{slug}/*.md")) if path.is_file())


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace")


def _front_matter(text: str) -> dict[str, Any]:
    lines, end = _lines(text)
    return _metadata("\n".join(lines[1:end]))


def read(
    inside: Inside, path: str, slug: str, text: str, internal_keys: Collection[str] = (), versions: Iterable[str] = ()
) -> bool:
    """Adds one policy, and says whether all may read it; `text` is the whole file, as are those of its kept `versions`.

    The name of a policy for staff only is known outside if a version was public under this name: its address says that
    it is no longer published.
    """
    metadata, public = _read(inside, path, text, internal_keys)
    if _is_public(metadata):
        inside.files[path] = " ".join([slug, *_public_values(metadata, internal_keys), *_public_text(public)])
        inside.public.append(inside.files[path])
        return True
    inside.public += sorted(_former_names(metadata) - _former_names(metadata, _NEVER_KNOWN))
    before = map(_front_matter, versions)
    if any(_is_public(kept) and _former_names(kept) == _former_names(metadata) for kept in before):
        inside.public.append(slug)
    else:
        inside.secrets.append(Secret(slug, path, 1, is_name=True))
    return False


def _read_kept(inside: Inside, path: str, text: str, internal_keys: Collection[str], hidden: str) -> None:
    """Adds a kept version, which was for staff only or not.

    Of one that is `withheld` no words may be read by anyone, nor what it says that it changed; of one whose policy is
    `gone` from the external edition, nothing at all.
    """
    internal_keys = [*internal_keys, *(["change_note.text"] if hidden else [])]
    metadata, public = _read(inside, path, text, internal_keys, hidden)
    if _is_public(metadata) and hidden == "gone":
        return
    if _is_public(metadata) and hidden:
        inside.public.append(" ".join(_public_values(metadata, internal_keys)))
    elif _is_public(metadata):
        values = " ".join(_public_values(metadata, internal_keys))
        inside.public.append(values)
        inside.files[path] = " ".join([values, *_public_text(public)])
    else:  # nor is there an address of it: dog-control/v2
        inside.secrets.append(Secret("/".join(path.removesuffix(".md").split("/")[-2:]), path, 1, is_name=True))


def _read(
    inside: Inside, path: str, text: str, internal_keys: Collection[str], hidden: str = ""
) -> tuple[dict[str, Any], list[Block]]:
    """Adds what of a file must stay inside; gives its front matter and the blocks that all may read."""
    lines, end = _lines(text)
    metadata = _metadata("\n".join(lines[1:end]))
    is_public = _is_public(metadata) and hidden != "gone"
    blocks = second_reading.read(lines[end + 1 :], end + 2)
    public: list[Block] = []
    add = inside.secrets.append
    for number, line in enumerate(lines[1:end], 2):
        if "#" in line and (remark := _REMARK.search(line)) and remark[1]:
            add(Secret(remark[1], path, number))
    inside.secrets += _of_front_matter(metadata, path, lines[:end], internal_keys, is_public)
    for block in blocks:
        for comment, offset in block.words.comments:
            for string in bare_words.signed(comment):
                add(Secret(string, path, block.line + offset))
        if block.internal or hidden or not is_public:
            inside.secrets += (Secret(string, path, block.line) for string in block.words.strings())
            names = (*block.words.names, block.name)
            inside.secrets += (Secret(name, path, block.line, is_name=True) for name in names if name)
        else:
            public.append(block)
    return metadata, public


def _lines(text: str) -> tuple[list[str], int]:
    """The lines, and where front matter ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines, next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)


def _is_public(metadata: dict[str, Any]) -> bool:
    return any(_values(_at(metadata, "distribution.external")))


def _of_front_matter(
    metadata: dict[str, Any], path: str, lines: list[str], internal_keys: Collection[str], is_public: bool
) -> Iterator[Secret]:
    """The values that stay inside, the labels of those that the council has named itself, and names never known."""
    for key in internal_keys if is_public else metadata:
        if key != "formerly":
            for value in _values(_at(metadata, key)):
                yield Secret(value, path, _line_of(value, lines), in_text=False)
    for label in (key.removeprefix(_CONTROL) for key in internal_keys if key.startswith(_CONTROL)):
        if _at(metadata, _CONTROL + label) is not None:
            yield Secret(label, path, _line_of(label, lines), in_text=False)
    for name in _values(_at(metadata, _NEVER_KNOWN)):
        yield Secret(name.removesuffix(".md"), path, _line_of(name, lines), is_name=True)


def _metadata(text: str) -> dict[str, Any]:
    try:
        metadata = yaml.load(text, _Loader)
    except (yaml.YAMLError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _at(metadata: dict[str, Any], key: str) -> Any:
    """The value of a key such as `owner` or `distribution.internal`; a label may have points of its own."""
    value: Any = metadata
    for part in key.split(".", 1):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _values(item)
    elif isinstance(value, str) and value.strip() not in ("", "~", "null"):
        yield value.strip()


def _public_values(metadata: dict[str, Any], internal_keys: Collection[str]) -> Iterator[str]:
    for key, value in metadata.items():
        parts = {f"{key}.{part}": inner for part, inner in value.items()} if isinstance(value, dict) else {key: value}
        for name, inner in parts.items():
            if not {key, name} & {*internal_keys, _NEVER_KNOWN}:
                for text in _values(inner):
                    yield text
                    yield from [_in_words(text)] if is_day(text) else []
                yield from [name.removeprefix(_CONTROL)] if name.startswith(_CONTROL) else []


def _in_words(day: str) -> str:
    """A day as every output prints it: 1 April 2026 for 2026-04-01."""
    return in_words(date.fromisoformat(day)) or ""


def _former_names(metadata: dict[str, Any], key: str = "formerly") -> set[str]:
    return {name.removesuffix(".md") for name in _values(_at(metadata, key))}


def _line_of(value: str, lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines, 1) if value in line), 1)


def _public_text(blocks: Iterable[Block]) -> Iterator[str]:
    """The words of public blocks as they follow each other, in each reading, and what is said of their amendments."""
    blocks = list(blocks)
    marks = {mark for block in blocks for _, inside in block.words.pieces for mark in inside}
    for left_out in ("", *sorted(marks)):
        for block in blocks:
            words = block.words
            yield "".join([_GAPS.get(text, text) for text, inside in words.pieces if left_out not in inside])
            if not left_out:
                yield from (*words.asides, *words.addresses, *words.names, block.name)
    for block in blocks if marks else ():
        yield from _amendments(block)


def _amendments(block: Block) -> Iterator[str]:
    """The block's changes, worded as a schedule of amendments does: for “old” substitute “new”."""
    runs: list[tuple[str, str]] = []
    for text, inside in block.words.pieces:
        mark = next(iter(inside), "")
        if text in _GAPS:
            continue
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1] + text)
        elif text.strip():
            runs.append((mark, text))
    for (mark, text), (_, following) in zip_longest(runs, runs[1:], fillvalue=("", "")):
        if mark:
            yield f"delete {text} insert {text} for {text} substitute {following} for {following} substitute {text}"
