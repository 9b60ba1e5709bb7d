"""Turns a title, an owner and those who receive it into the file of a new policy: its name and its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .front_matter_text import rewritten

_LONGEST = 60  # signs of a file name that we make up
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "'": "", "’": ""})

# The comments are what is left to do: a policy that still has one is not ready for approval.
_DRAFT = """\
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

## Purpose

1.  This policy sets out what the Council does, and why. {>>To do: say in a sentence or two what the policy is for<<}

## Scope

1.  This policy applies to: {>>To do: keep those that it applies to<<}

    1.  Councillors
    1.  Staff
    1.  Volunteers, and contractors who work for the Council

## Responsibilities

1.  The owner of this policy makes sure that it is followed.
1.  Everyone to whom this policy applies must read it, and must ask the owner where it is not clear.

## What the Council will do

1.  The Council will act fairly and within the law. {>>To do: write one rule in each clause<<}
1.  The Council will keep a record of what it decides.

## Review

1.  The Council reviews this policy at least every two years, and sooner where the law changes.
"""


def file_name(title: str) -> str:
    """A permanent name made of the title, without .md: small letters, digits and hyphens; empty if nothing is left."""
    letters = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    words = re.findall("[a-z0-9]+", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    name = "-".join(words)
    return name if len(name) <= _LONGEST else name[: _LONGEST + 1].rpartition("-")[0] or name[:_LONGEST]


def draft(title: str, owner: str, internal: Sequence[str], external: Sequence[str]) -> str:
    """The text of a first draft, with all that `policy check` asks for."""
    distribution = {"internal": internal, "external": external}
    return rewritten(_DRAFT, {"title": title, "owner": owner, "distribution": distribution})
