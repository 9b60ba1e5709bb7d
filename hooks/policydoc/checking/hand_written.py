"""Turns docs/ into what is wrong with its files: what is published must be such as can be searched for leaks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from ..contents import any_file
from ..contents.kinds import UnreadableFile, broken
from ..messages import said
from ..problems import Problem

# {>>   <<}   {.internal}   {#name .internal}
_KEEPS_INSIDE = re.compile(r"\{>>|<<\}|\{[^{}]{0,99}\.internal\b")
# What MkDocs leaves out by itself
_NEVER = GitIgnoreSpec.from_lines([".*", "/templates/"])


def faults(folder: Path, left_out: GitIgnoreSpec | None) -> list[Problem]:
    """The files of docs/ that can't be published; `left_out` says which aren't to be (mkdocs.yml: exclude_docs)."""
    excluded = _NEVER + left_out if left_out else _NEVER
    problems: list[Problem] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if not excluded.match_file(name):
            try:
                _look_into(path)
                if path.suffix == ".md":
                    problems += _marks(path, f"{folder.name}/{name}")
            except UnreadableFile as error:
                problems.append(error.fault.at(f"{folder.name}/{name}", 0))
    return problems


def _marks(path: Path, name: str) -> Iterator[Problem]:
    """What keeps words inside in a policy, and would publish them here: comments and internal marks, but in code."""
    is_code = False
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        elif not is_code:
            sign = _KEEPS_INSIDE.search(" ".join(line.split("`")[::2]))
            if sign:
                yield said("P120", sign=sign[0]).at(name, number)


def _look_into(path: Path) -> None:
    data = any_file.read(path)
    any_file.published(path.name, data)
    if path.suffix == ".md":
        try:
            data.decode()
        except UnicodeDecodeError:
            raise broken("is not UTF-8. Save it as UTF-8, which your editor calls an encoding") from None


def _files(folder: Path) -> Iterator[Path]:
    """All files, as MkDocs finds them: it follows links to folders."""
    for place, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))
