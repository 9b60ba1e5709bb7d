"""Turns what is printed round a policy into what its PDF says of itself to programs, and reads that back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# dog-control v2 external marked sha256:0123…
_SOURCE = re.compile(
    r"^([a-z0-9-]+) v(\S*) (internal|external|shared) (marked|amended|amendments) sha256:([0-9a-f]{64}|none)$"
)


@dataclass(frozen=True)
class Identity:
    """Which copy of which text a PDF is.

    `kept` is the version where it is of one that is kept, `edition` and `reading` are as in `control_sheet.for_pdf`,
    `sha256` is the hash of the text that it was made from, empty where that is not published.
    """

    slug: str
    kept: str
    edition: str
    reading: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.slug} v{self.kept} {self.edition} {self.reading} sha256:{self.sha256 or 'none'}"


def properties(meta: Mapping[str, Any]) -> dict[str, str]:
    """The properties of a PDF's metadata, by their names in the Dublin Core; `meta` is from `control_sheet.for_pdf`."""
    text = meta["text"]
    own = Identity(meta["slug"], meta["kept"], meta["edition"], meta["reading"], text["sha256"] if text else "")
    number = meta["doc_number"]
    return {"source": str(own)} | ({"identifier": number} if number else {})


def identity(source: str) -> Identity | None:
    """What a PDF says it is; None where it says nothing that this program writes."""
    parts = _SOURCE.match(source)
    return Identity(parts[1], parts[2], parts[3], parts[4], parts[5].removeprefix("none")) if parts else None
