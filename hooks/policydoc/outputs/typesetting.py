"""Turns a template and its data into a PDF, with Typst, the project's fonts and both standards. Knows no policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import typst

FONTS = Path(str(files("fontpkg_atkinson_hyperlegible"))) / "files"
_HEAD = b'#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))\n'
# As the template has it
_WORDS = (
    _HEAD
    + b"""#set text(font: ("Atkinson Hyperlegible", "DejaVu Sans Mono"), lang: "en", region: "GB")
#sys.inputs.words"""
)
_PICTURES = _HEAD + b'#for path in json(bytes(sys.inputs.paths)) { box(image(path, alt: "x", width: 10mm)) }'
# the text `"中"` could not be displayed with font …
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
# \u{10fff0}  or  \"   in a sign that Typst quotes
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


class Refusal(Exception):
    """Typst's reason for making no PDF; `signs` are those that no font has."""

    def __init__(self, reason: str, signs: Iterable[str] = ()) -> None:
        super().__init__(reason)
        self.signs = list(dict.fromkeys(signs))


def compiler(root: Path) -> typst.Compiler:
    """A compiler that reads files below root only, and no fonts of the machine. One thread at a time may use it."""
    return typst.Compiler(root=root, font_paths=[str(FONTS)], ignore_system_fonts=True)


def typeset(
    press: typst.Compiler, template: bytes | Mapping[str, bytes], inputs: dict[str, str], date: str = "2000-01-01"
) -> bytes:
    """The PDF, dated at the beginning of this day. Raises Refusal.

    A template of several files is given with their names; main.typ is where it begins.
    """
    try:
        pdf, warnings = press.compile_with_warnings(
            input=template,  # type: ignore[type-var]  # several files are not in its stub
            sys_inputs=inputs,
            pdf_standards=["ua-1", "a-3a"],
            timestamp=int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()),
        )
    except typst.TypstError as error:
        raise _refusal([error]) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a fault in Typst itself, which isn't an Exception to Python
            raise
        raise Refusal("the letters can't be set") from None
    if warnings:
        raise _refusal(warnings)
    assert isinstance(pdf, bytes)
    return pdf


def unprintable(press: typst.Compiler, words: list[str]) -> dict[str, list[str]]:
    """The words that can't be printed, each with the signs that no font has, or none if it is something else."""
    if not words:
        return {}
    try:
        typeset(press, _WORDS, {"words": " ".join(words)})
    except Refusal as refusal:
        if refusal.signs:
            by_first: dict[str, list[str]] = {}
            for sign in refusal.signs:
                by_first.setdefault(sign[0], []).append(sign)
            return {word: signs for word in words if (signs := _in(word, by_first))}
        if len(words) == 1:
            return {words[0]: []}
        half = len(words) // 2
        return unprintable(press, words[:half]) | unprintable(press, words[half:])
    return {}


def _in(word: str, signs: Mapping[str, list[str]]) -> list[str]:
    """The signs that a word holds; they are given by their first character."""
    return [sign for character in dict.fromkeys(word) for sign in signs.get(character, ()) if sign in word]


def damaged(press: typst.Compiler, paths: list[str]) -> Iterator[str]:
    """The pictures (paths below the compiler's root) that can't be shown."""
    if not _all_shown(press, paths):
        yield from (path for path in paths if not _all_shown(press, [path]))


def _all_shown(press: typst.Compiler, paths: list[str]) -> bool:
    names = json.dumps([f"/{path}" for path in paths])
    try:
        press.compile(input=_PICTURES, format="svg", sys_inputs={"paths": names})
    except typst.TypstError:
        return False
    return True


def _refusal(faults: list[typst.TypstError] | list[typst.TypstWarning]) -> Refusal:
    signs = [_unescaped(sign) for fault in faults for sign in _NO_GLYPH.findall(fault.diagnostic)]
    return Refusal(faults[0].message, signs)


def _unescaped(words: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], words)
