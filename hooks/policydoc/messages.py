"""Turns messages.toml, the table of all that can be wrong with a policy, into faults and a page that explains them.

A code is for ever: whoever has looked one up finds the same meaning next year. The table's head says how it is kept.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from .problems import Level, Problem

# %%% data-protection.md      the line of an example below which another file begins
_FILE = re.compile(r"^%%% (.+)\n", re.MULTILINE)
# What Markdown would take for mark-up in a heading
_SIGNS = re.compile(r"[\\`*_{}\[\]()>#+.!-]")


@dataclass(frozen=True)
class Fault:
    """What is wrong and what to write instead, without where it is."""

    code: str
    level: Level
    text: str

    def at(self, path: str, line: int, clause: str = "") -> Problem:
        return Problem(path, line, self.text, clause, self.level, self.code)


@dataclass(frozen=True)
class Message:
    """One entry of the table. `words` are what the bad example puts in place of the text's `$names`."""

    code: str
    level: Level
    text: str
    why: str
    bad: str
    good: str
    words: Mapping[str, str] = field(default_factory=dict)

    def fault(self, words: Mapping[str, object]) -> Fault:
        return Fault(self.code, self.level, Template(self.text).substitute(words))


def code_points(text: str) -> str:
    """U+4E2D for 中: what a character is called where it can't be shown."""
    return " ".join(f"U+{ord(character):04X}" for character in text)


def said(code: str, /, **words: object) -> Fault:
    """The message of this code with these words in it. A code or word that the table doesn't know is a KeyError."""
    return table()[code].fault(words)


@cache
def table() -> Mapping[str, Message]:
    """All messages by code, in order."""
    return {code: Message(code, **entry) for code, entry in _data().items() if code != "topics"}


@cache  # and lazily: a build that finds nothing wrong never reads it
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("messages.toml").read_text("utf-8"))


def parts(example: str) -> list[tuple[str, str]]:
    """The files of an example as (name, text); the first one's name is empty where it doesn't matter."""
    first, *others = _FILE.split(example)
    named = list(zip(others[::2], others[1::2], strict=True))
    return [("", first), *named] if first or not named else named


def page() -> str:
    """The table as a Markdown page, without its title; each message's anchor is its code in small letters.

    It is for the internal edition: its examples hold comments, and the leak gate lets no sign of one out.
    """
    return "\n\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield (
        "Each message ends with a code in square brackets, such as [P301]. Find the code below: why it matters, and an "
        "example that is wrong beside one that is right. An error keeps everything from being published until it is "
        "put right; a warning is worth a second look. The examples leave out what is all right anyway."
    )
    for prefix, topic in _data()["topics"].items():
        yield f"## {_literal(topic)}"
        for message in table().values():
            if message.code.startswith(prefix):
                yield from _entry(message)


def _entry(message: Message) -> Iterator[str]:
    text = message.fault(message.words).text
    title = re.split(r"[.?] (?=[A-Z])", text, maxsplit=1)[0].rstrip(".?")
    yield f"### {message.code}: {_literal(title)} {{#{message.code.lower()}}}"
    tick = "``" if "`" in text else "`"
    yield f"**{message.level.capitalize()}**: {tick}{text}{tick}"
    yield message.why
    yield from _example("Wrong", message.bad, message.good)
    yield from _example("Right", message.good, message.bad)


def _example(title: str, example: str, other: str) -> Iterator[str]:
    if example.startswith("("):
        yield f"{title}: {example.strip()[1:-1]}"
        return
    there = dict(parts(other))

    def sameness(part: tuple[str, str]) -> int:
        name, text = part
        return 1 if name not in there else 2 if there[name] == text else 0

    # The file that the other example corrects comes first, or else one that it does without; the rest is all right
    files = sorted(parts(example), key=sameness)
    for n, (name, text) in enumerate(files):
        heading = "Beside it" if n else title
        yield f"{heading}, in the file `{name}`:" if name else f"{heading}:"
        if text:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            yield f"{fence}\n{text.strip(chr(10))}\n{fence}"
        else:
            yield "(A picture.)"


def _literal(words: str) -> str:
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return _SIGNS.sub(r"\\\g<0>", words)
