"""Turns policies into what only print can refuse: signs that no font has, damaged pictures, tables that are too wide.

Typst is asked as little as will do, and not at all for policies of common signs, no pictures and narrow tables.
"""

from __future__ import annotations

import re
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from ..editions import council
from ..editions.withhold import EDITIONS
from ..messages import code_points, said
from ..model.place import Place, is_footnotes
from ..outputs import control_sheet
from ..problems import Problem, external_only
from ..settings import Settings
from ..source.front_matter import UNPRINTABLE
from ..source.parse import Walked
from ..source.policy_files import FOLDER, Source

TEMPLATE = "docs/templates/policy.typ"
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


def material(source: Source, it: Walked) -> Material:
    """What has to be tried of a policy that has been read without finding an error; of another, its words alone."""
    words = tuple([*_of_front_matter(source), *_of_text(source, it)])
    if it.errors:
        return Material(words)
    pictures = [(image.get("src", ""), line, str(where or "")) for image, line, where in it.walk.words.images]
    return Material(words, tuple(pictures), is_wide=_may_be_too_wide(it.tree, 0))


def faults(
    root: Path, settings: Settings, sources: Sequence[Source], materials: Sequence[Material], known: Iterable[Problem]
) -> Iterator[Problem]:
    """What can't be printed of these policies, and of the council's name and contact; `known` is wrong with them."""
    unsound = {problem.path for problem in known if problem.level == "error"}
    every = [(source, some) for source, some in zip(sources, materials, strict=True)]
    sound = [(source, some) for source, some in every if source.path not in unsound]
    own = [Words(word, 0) for word in _words(f"{settings.council.name} {settings.council.contact or ''}")]
    words = dict.fromkeys(each.word for each in [*own, *(each for _, some in every for each in some.words)])
    files = dict.fromkeys(f"{FOLDER}/{path}" for _, some in sound for path, _, _ in some.pictures)
    wide = {source.slug for source, some in sound if some.is_wide and (root / TEMPLATE).is_file()}
    if words or files:
        from ..outputs import typesetting

        compiler = typesetting.compiler(root.resolve())
        refused = typesetting.unprintable(compiler, list(words))
        damaged = set(typesetting.damaged(compiler, list(files)))
        yield from _refused("mkdocs.yml", own, refused, {})
        for source, some in every:
            if any(each.word in refused for each in some.words):
                yield from _refused(source.path, some.words, refused, _first_lines(source))
        for source, some in sound:
            for picture, line, clause in some.pictures:
                if f"{FOLDER}/{picture}" in damaged:
                    yield said("P803", image=f"{FOLDER}/{picture}").at(source.path, line, clause)
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


def _of_text(source: Source, it: Walked) -> Iterator[Words]:
    text = "\n".join(source.body)
    if _COMMON.fullmatch(text) and "&" not in text:
        return
    owners = {place.element: place for place in it.walk.places}
    section: Place | None = None
    for child in it.tree:
        if child.tag == "h2" or is_footnotes(child):
            section = owners.get(child)
        yield from _of_element(child, section, owners)
    for comment in it.comments:
        for word in _words(f"{comment.author} {comment.text}"):
            yield Words(word, comment.line)


def _of_element(element: ET.Element, place: Place | None, owners: dict[ET.Element, Place]) -> Iterator[Words]:
    place = owners.get(element, place)
    for text in (element.text, element.tail, _address(element)):
        for word in _words(text or ""):
            if not UNPRINTABLE.search(word):  # which is told of elsewhere
                yield Words(word, place.line if place else 0, str(place or ""))
    for child in element:
        yield from _of_element(child, place, owners)


def _address(element: ET.Element) -> str:
    """The address of a link, which is printed beside its words."""
    address = element.get("href", "")
    return address if _WEB.match(address) else ""


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
    for each in words:
        for sign in refused.get(each.word, []) or ([""] if each.word in refused else []):
            if (sign or each.word) not in seen:
                seen.add(sign or each.word)
                fault = said("P801", sign=sign, character=code_points(sign)) if sign else said("P805", words=each.word)
                uncommon = _UNCOMMON.search(sign or each.word)
                known = each.line if not each.clause else 0
                line = known or lines.get(uncommon[0] if uncommon else "", each.line)
                yield fault.at(path, line, each.clause)


# tables

# The most that a sign of a table's words may take, in points; and what a cell has at its sides
_SIGN, _WIDE_SIGN, _SIDES = 7.0, 10.0, 10.0
_WIDE = re.compile(r"[^a-ln-vx-z0-9.,;:!?()'’‘“”£/ -]")
_ROOM, _INDENT = 380.0, 25.0  # the width of the text, and what each level of lists, quotes and boxes takes of it
_LONGEST = 41  # signs: longer words are broken
_PICTURE = 75.0


def _may_be_too_wide(parent: ET.Element, depth: int) -> bool:
    """Whether a table that stands in this element may be wider than the page; a guess, on the safe side."""
    for child in parent:
        if child.tag == "table":
            if _least_width(child) > _ROOM - _INDENT * depth:
                return True
        elif len(child) and _may_be_too_wide(child, depth + (child.tag in ("li", "blockquote", "div", "dd"))):
            return True
    return False


def _least_width(table: ET.Element) -> float:
    """What the longest word of each column may take at most, all columns together."""
    columns: dict[int, float] = {}
    for row in table.iter("tr"):
        for column, cell in enumerate(row):
            words = "".join(cell.itertext()).split()
            widths = [_width(word) for word in words] + [_PICTURE] * (cell.find(".//img") is not None)
            columns[column] = max([columns.get(column, 0.0), *widths])
    return sum(width + _SIDES for width in columns.values())


def _width(word: str) -> float:
    word = word[:_LONGEST]
    wide = len(_WIDE.findall(word))
    return wide * _WIDE_SIGN + (len(word) - wide) * _SIGN


def _too_wide(root: Path, settings: Settings, sources: Sequence[Source], slugs: set[str]) -> Iterator[Problem]:
    """What is told when these policies are printed for good, in each edition and reading."""
    from ..outputs.pdf import Job, Press, problem

    dates = control_sheet.CommitDates(root)
    found: dict[str, list[Problem]] = {}
    with tempfile.TemporaryDirectory() as folder:
        press = Press(root, root / TEMPLATE, root / ".cache/pdf")
        for which in EDITIONS:
            policies = council.gather(list(sources), [], root / FOLDER, which, settings)
            jobs = [
                Job(
                    each.slug,
                    each.article,
                    control_sheet.for_pdf(each, settings, reading, dates),
                    Path(folder) / "x.pdf",
                )
                for slug in sorted(slugs & policies.published.keys())
                for each in [policies.published[slug].finished(policies.destinations)]
                for reading in control_sheet.readings(each)
            ]
            failures = press.make(jobs).failures
            found[which] = [problem(failure, policies.published[failure.slug], root) for failure in failures]
    yield from found["internal"]
    yield from map(external_only, (each for each in found["external"] if each not in found["internal"]))
