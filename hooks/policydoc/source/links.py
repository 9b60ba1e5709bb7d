"""Turns an address that an author wrote into the fault in it, if it has one: an allow-list, not a block-list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..messages import Fault, said

SCHEMES = ("https", "http", "mailto", "tel")
# [words](dogs.md#lead)   [words](<./dogs.md>)   [label]: dogs.md
_POLICY_LINK = re.compile(r"(\]\(\s*<?|\]:[ \t]*<?)((?:\./)?)([a-z0-9-]+)(?=\.md(?:[#)>\s]|$))")
# data-protection.md   data-protection.md#retention
POLICY = re.compile(r"^(?:\./)?([^/#?]+)\.md(?:#(.*))?$")


def address_fault(address: str) -> Fault | None:
    """What is wrong with the target of a link."""
    if any(char <= " " or char == "\x7f" for char in address):
        return said("P401", address=address)
    try:
        parts = urlsplit(address)
    except ValueError:
        return said("P402", address=address)
    if parts.scheme:
        if parts.scheme not in SCHEMES:
            return said("P403", scheme=parts.scheme)
        if parts.scheme in ("http", "https") and not parts.hostname:
            return said("P404", address=address)
        return None
    if parts.netloc:
        return said("P405", address=address)
    if address.startswith("#") and len(address) > 1:
        return None
    if POLICY.match(address):
        return None
    return said("P406", address=address)


def image_fault(source: str) -> Fault | None:
    """What is wrong with the address of an image, before its file is looked for."""
    parts = urlsplit(source)
    if parts.scheme or parts.netloc:
        return said("P432", image=source)
    path = PurePosixPath(unquote(parts.path))
    if path.is_absolute() or ".." in path.parts:
        return said("P433", image=source)
    return None


def renamed(text: str, names_now: Mapping[str, str]) -> str:
    """The text of a policy whose links to policies, by names that these had, lead to their names of today."""
    if not names_now:
        return text
    return _POLICY_LINK.sub(lambda link: f"{link[1]}{link[2]}{names_now.get(link[3], link[3])}", text)
