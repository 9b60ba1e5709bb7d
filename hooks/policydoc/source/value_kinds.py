"""Turns what was typed behind a key of front matter into a line of text, a day, a list, or what is wrong with it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from ..model import scheme
from ..model.scheme import SchemeError
from ..slips import day_meant

# Control characters, line separators, signs that turn the direction of writing, a byte order mark, and characters for
# private use
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff\ue000-\uf8ff"
    "\U000f0000-\U0010ffff]"
)
# What only a policy's text may hold: tags, comments, attributes, marks
SIGN = re.compile(r"[<>{}｛｝\n\t]|~~|\^\^")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _iso(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        meant = day_meant(value)
    except ValueError:
        raise ValueError("P138") from None
    if meant and _ISO.fullmatch(value):
        return meant
    raise PydanticCustomError("not_a_date", f"Write {meant}." if meant else "Write year-month-day, such as 2026-11-30.")


def _one_line(value: object) -> object:
    # YAML can spell out, as "\\u202e", what the lines of the file were searched for before.
    if isinstance(value, str) and (SIGN.search(value) or UNPRINTABLE.search(value)):
        raise ValueError("P133")
    return value


# YAML reads 0042 as a number: everything is kept as the author typed it, so a number may stand without quotes.
Text = Annotated[str, Field(min_length=1), BeforeValidator(_one_line),
                 WithJsonSchema({"type": ["string", "number"], "minLength": 1})]  # fmt: skip
Day = Annotated[date, BeforeValidator(_iso), WithJsonSchema({"type": "string", "format": "date"})]
Status = Annotated[
    Literal["draft", "approved", "withdrawn"],
    BeforeValidator(lambda value: value.casefold() if str(value).casefold() in _STATUSES else value),
]
_STATUSES = ("draft", "approved", "withdrawn")
# One may stand without brackets
Titles = Annotated[tuple[Text, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
                   WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}})]  # fmt: skip
# dogs   dogs.md
Slug = Annotated[Text, AfterValidator(lambda value: value.removesuffix(".md"))]

# dog-policy: what a policy's file can be called
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _is_name(value: str) -> str:
    if not _NAME.fullmatch(value) or value == "index":
        raise ValueError("P746")
    return value


FormerNames = Annotated[tuple[Annotated[Slug, AfterValidator(_is_name)], ...],
                        BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]  # fmt: skip


def _readable(value: str) -> str:
    try:
        scheme.read(value)
    except SchemeError as error:
        raise PydanticCustomError("no_scheme", "{wrong}", {"wrong": str(error)}) from None
    return value


Numbering = Annotated[Text, AfterValidator(_readable)]


def _without_empty(value: object) -> object:
    return {label: part for label, part in value.items() if part is not None} if isinstance(value, dict) else value


Control = Annotated[dict[str, Text], BeforeValidator(_without_empty)]
