"""Turns an address that an author wrote into the fault in it, if it has one: an allow-list, not a block-list."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

SCHEMES = ("https", "http", "mailto", "tel")
# data-protection.md   data-protection.md#retention
POLICY = re.compile(r"^(?:\./)?([^/#?]+)\.md(?:#(.*))?$")


def address_fault(address: str) -> str | None:
    """What is wrong with the target of a link, as a sentence for its author."""
    if any(char <= " " or char == "\x7f" for char in address):
        return f"the link address “{address}” has a space or control character in it. Write the address without it."
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"the link address “{address}” can't be read. Copy it again from the browser."
    if parts.scheme:
        if parts.scheme not in SCHEMES:
            return f"links to “{parts.scheme}:” are not allowed. Use https:, mailto: or tel:."
        if parts.scheme in ("http", "https") and not parts.hostname:
            return f"the link address “{address}” names no website. Write https://www.example.org/page."
        return None
    if parts.netloc:
        return f"the link address “{address}” has no https: before it. Write https:{address}."
    if address.startswith("#") and len(address) > 1:
        return None
    if POLICY.match(address):
        return None
    return (
        f"the link “{address}” leads nowhere. Write a web address with https://, another policy's file name "
        "(data-protection.md) or the name of a clause (#moderator)."
    )


def image_fault(source: str) -> str | None:
    """What is wrong with the address of an image, before its file is looked for."""
    parts = urlsplit(source)
    if parts.scheme or parts.netloc:
        return (
            f"the image “{source}” is not in this project. Put its file into policy_src/images/ and name it from there."
        )
    path = PurePosixPath(unquote(parts.path))
    if path.is_absolute() or ".." in path.parts:
        return f"the image “{source}” lies outside policy_src/. Put its file into policy_src/images/."
    return None
