"""Turns policies into what only print can refuse: signs that no font has, damaged pictures, tables that are too wide.

Typst is asked as little as will do, and not at all for policies of common signs, no pictures and narrow tables.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from ..editions import council
from ..editions.withhold import EDITIONS
from ..history.dates import CommitDates
from ..messages import code_points, said
from ..model.document import Block, Image, Part, Provision, Run, runs
from ..problems import Problem, external_only
from ..settings import Settings
from ..source.parse import Parsed
from ..source.policy_files import FOLDER, Source
from ..source.value_kinds import UNPRINTABLE

# What the project's own font has; a word with any other sign is tried
COMMON = "\t\n\r -~\u00a0-\u00ac\u00ae-\u0107\u010a-\u0113\u0116-\u011b–—‘-‚“-„†‡•…‹›⁄€™−"
_COMMON = re.compile(f"[{COMMON}]*")
_UNCOMMON = re.compile(rf"[^{COMMON}]")
_PIECE = re.compile(r"\S{1,60}")
# https:   mailto:
_WEB = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Words:
    """A word with an uncommon sign, and where it stands."""

    word: str
    line: int
    clause: str = ""


@dataclass(frozen=True)
class Material:
    """What of one policy has to be tried: words; pictures with their lines and clauses; all of it, for its tables."""

    words: tuple[Words, ...] = ()
    pictures: tuple[tuple[str, int, str], ...] = ()
    is_wide: bool = False


def material(source: Source, parsed: Parsed) -> Material:
    """What has to be tried of a policy that has been read without finding an error; of another, its words alone."""
    words = tuple([*_of_front_matter(source), *_of_text(source, parsed)])
    if parsed.errors:
        return Material(words)
    document = parsed.document
    pictures = tuple((image.path, image.line, str(owner or "")) for owner, image in parsed.images)
    parts: tuple[Part, ...] = (*document.opening, *document.sections)
    is_wide = _may_be_too_wide(parts, 0) or _may_be_too_wide(document.notes, 1)
    return Material(words, pictures, is_wide)


def faults(
    root: Path, settings: Settings, sources: Sequence[Source], materials: Sequence[Material], known: Iterable[Problem]
) -> Iterator[Problem]:
    """What can't be printed of these policies, and of the council's name and contact; `known` is wrong with them."""
    unsound = {problem.path for problem in known if problem.level == "error"}
    tried = list(zip(sources, materials, strict=True))
    sound = [(source, material) for source, material in tried if source.path not in unsound]
    own = [Words(word, 0) for word in _words(f"{settings.council.name} {settings.council.contact or ''}")]
    words = [*own, *(words for _, material in tried for words in material.words)]
    distinct = list(dict.fromkeys(uncommon.word for uncommon in words))
    files = list(dict.fromkeys(f"{FOLDER}/{path}" for _, material in sound for path, _, _ in material.pictures))
    if distinct or files:
        from ..outputs import typesetting

        compiler = typesetting.compiler(root.resolve())
        refused = typesetting.unprintable(compiler, distinct)
        damaged = set(typesetting.damaged(compiler, files))
        yield from _refused("mkdocs.yml", own, refused, {})
        for source, material in tried:
            if any(uncommon.word in refused for uncommon in material.words):
                yield from _refused(source.path, material.words, refused, _first_lines(source))
        for source, material in sound:
            for picture, line, clause in material.pictures:
                if f"{FOLDER}/{picture}" in damaged:
                    yield said("P803", image=f"{FOLDER}/{picture}").at(source.path, line, clause)
    wide = {source.slug for source, material in sound if material.is_wide}
    if wide:
        yield from _too_wide(root, settings, sources, wide)


# signs


def _words(text: str) -> list[str]:
    """The words of a text that hold an uncommon sign; a long one in pieces."""
    return [] if _COMMON.fullmatch(text) else [word for word in _PIECE.findall(text) if _UNCOMMON.search(word)]


def _of_front_matter(source: Source) -> Iterator[Words]:
    data = source.metadata.data()
    groups = data.pop("distribution")
    note = data.pop("change_note", None) or {}
    values = [*data.items(), *((f"distribution.{key}", " ".join(names)) for key, names in groups.items())]
    for key, value in [*values, ("change_note.text", note.get("text"))]:
        for word in _words(value) if isinstance(value, str) else ():
            yield Words(word, source.lines.get(key, 1))


def _of_text(source: Source, parsed: Parsed) -> Iterator[Words]:
    text = "\n".join(source.body)
    if _COMMON.fullmatch(text) and "&" not in text:
        return
    for owner, run in parsed.document.runs():
        for word in [*_words(run.text), *_words(_address(run))]:
            if not UNPRINTABLE.search(word):  # which is told of elsewhere
                yield Words(word, owner.line if owner else 0, str(owner or ""))
    for comment in parsed.comments:
        for word in _words(f"{comment.author} {comment.text}"):
            yield Words(word, comment.line)


def _address(run: Run) -> str:
    """The address of a link, which is printed beside its words."""
    return run.link.address if run.link and _WEB.match(run.link.address) else ""


def _first_lines(source: Source) -> dict[str, int]:
    """The line on which each uncommon sign of a policy's text stands first, spelt out (`&#9742;`) or not."""
    lines: dict[str, int] = {}
    for number, line in enumerate(source.body, source.first):
        for sign in _UNCOMMON.findall(unescape(line)):
            lines.setdefault(sign, number)
    return lines


def _refused(
    path: str, words: Iterable[Words], refused: Mapping[str, list[str]], lines: Mapping[str, int]
) -> Iterator[Problem]:
    """One problem for each sign of a policy, where it stands first."""
    seen: set[str] = set()
    for uncommon in words:
        word = uncommon.word
        for sign in refused.get(word, []) or ([""] if word in refused else []):
            if (sign or word) not in seen:
                seen.add(sign or word)
                fault = said("P801", sign=sign, character=code_points(sign)) if sign else said("P805", words=word)
                first = _UNCOMMON.search(sign or word)
                known = uncommon.line if not uncommon.clause else 0
                line = known or lines.get(first[0] if first else "", uncommon.line)
                yield fault.at(path, line, uncommon.clause)


# tables

# The most that a sign of a table's words may take, in points; and what a cell has at its sides
_SIGN, _WIDE_SIGN, _SIDES = 7.0, 10.0, 10.0
_WIDE = re.compile(r"[^a-ln-vx-z0-9.,;:!?()'’‘“”£/ -]")
_ROOM, _INDENT = 380.0, 25.0  # the width of the text, and what each level of lists, quotes and boxes takes of it
_INDENTED = frozenset({"item", "quotation", "box", "meaning", "note"})
_LONGEST = 41  # signs: longer words are broken
_PICTURE = 75.0


def _may_be_too_wide(parts: Iterable[Part], depth: int) -> bool:
    """Whether a table among these parts or in them may be wider than the page; a guess, on the safe side."""
    for part in parts:
        if isinstance(part, Provision):
            wide = _may_be_too_wide(part.content, depth + (part.kind == "clause"))
        elif part.kind == "table":
            wide = _least_width(part) > _ROOM - _INDENT * depth
        else:
            wide = _may_be_too_wide(part.blocks, depth + (part.kind in _INDENTED))
        if wide:
            return True
    return False


def _least_width(table: Block) -> float:
    """What the longest word of each column may take at most, all columns together."""
    columns: dict[int, float] = {}
    for row in table.blocks:
        for column, cell in enumerate(row.blocks):
            within = list(runs(cell))
            widths = [_width(word) for word in "".join(run.text for run in within).split()]
            widths += [_PICTURE] * any(isinstance(run.thing, Image) for run in within)
            columns[column] = max([columns.get(column, 0.0), *widths])
    return sum(width + _SIDES for width in columns.values())


def _width(word: str) -> float:
    word = word[:_LONGEST]
    wide = len(_WIDE.findall(word))
    return wide * _WIDE_SIGN + (len(word) - wide) * _SIGN


def _too_wide(root: Path, settings: Settings, sources: Sequence[Source], slugs: set[str]) -> Iterator[Problem]:
    """What is told when these policies are printed for good, in each edition and reading."""
    from ..outputs.pdf import TEMPLATE, Press, jobs, problem

    if not (root / TEMPLATE).is_dir():
        return
    dates = CommitDates(root)
    problems: dict[str, list[Problem]] = {}
    with tempfile.TemporaryDirectory() as folder:
        press = Press(root, root / TEMPLATE, root / ".cache/pdf")
        for edition in EDITIONS:
            policies = council.gather(list(sources), [], root / FOLDER, edition, settings)
            wide = [policies.published[slug] for slug in sorted(slugs & policies.published.keys())]
            finished = (policy.finished(policies.destinations) for policy in wide)
            failures = press.make(jobs(finished, settings, dates, Path(folder))).failures
            problems[edition] = [problem(failure, policies.published[failure.slug], root) for failure in failures]
        press.prune()
    yield from problems["internal"]
    yield from map(external_only, (fault for fault in problems["external"] if fault not in problems["internal"]))
