"""Turns a title, an owner, those who receive it and a skeleton into the file of a new policy: its name, its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .front_matter_text import rewritten

_LONGEST = 60  # signs of a file name that we make up
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "'": "", "’": ""})

_FRONT_MATTER = """\
---
title:
policy_number:
version: 1
status: draft
owner:
doc_number:
date_published:
review_due:
review_team:
distribution:
  internal: []
  external: []
---

"""


def file_name(title: str) -> str:
    """A permanent name made of the title, without .md: small letters, digits and hyphens; empty if nothing is left."""
    letters = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    words = re.findall("[a-z0-9]+", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    name = "-".join(words)
    return name if len(name) <= _LONGEST else name[: _LONGEST + 1].rpartition("-")[0] or name[:_LONGEST]


def draft(
    title: str, owner: str, internal: Sequence[str], external: Sequence[str], text: str, numbering: str = ""
) -> str:
    """A first draft that begins with this text and has all that `policy check` asks for.

    `numbering` is the deepest number as it will be cited; empty for what every policy has.
    """
    values: dict[str, object] = {
        "title": title, "owner": owner, "distribution": {"internal": internal, "external": external},
    }  # fmt: skip
    if numbering:
        values["numbering"] = numbering
    return rewritten(_FRONT_MATTER + text, values)
