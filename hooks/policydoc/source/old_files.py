"""Reads the file of an approved version as far as today's rules let it; what they refuse of front matter is left out.

No rule may keep from being published what was approved before it. Where nobody can tell who may read a version, it is
for staff alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from . import policy_files, yaml_values
from .front_matter import Metadata
from .policy_files import Source

NOT_KNOWN = "Not known"
_LEAST: Mapping[str, Any] = {
    "title": NOT_KNOWN, "version": NOT_KNOWN, "status": "approved", "owner": NOT_KNOWN, "distribution": {},
}  # fmt: skip


@dataclass(frozen=True)
class OldFile:
    """The version's source, None where there is no text in it; `is_whole` says that nothing was left out."""

    source: Source | None
    is_whole: bool = True


def read(slug: str, path: str, text: str) -> OldFile:
    """The file of an approved version, whose path is below the project."""
    source, _ = policy_files.read(slug, path, text.encode())
    if source is None or not source.faulty:
        return OldFile(source)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    values = yaml_values.read("\n".join(lines[1 : source.first - 2]), 2).data or {}
    return OldFile(replace(source, metadata=metadata(values), faulty=False), is_whole=False)


def metadata(values: Mapping[str, Any]) -> Metadata:
    """What of these values can be front matter today, each by itself."""
    good = {key: value for key, value in values.items() if _is_good(key, value)}
    return Metadata.model_validate({**_LEAST, **good})


def _is_good(key: str, value: object) -> bool:
    try:
        Metadata.model_validate({**_LEAST, key: value})
    except ValidationError:
        return False
    return value is not None
