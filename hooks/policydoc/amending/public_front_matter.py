"""Turns front matter as it was typed into that which all may read: without what stays inside, and without remarks."""

from __future__ import annotations

from collections.abc import Collection

import yaml

from ..source.front_matter import Metadata, of_control
from . import front_matter_text
from .blocks import lines_in
from .front_matter_text import REMOVE, FrontMatterError


def public_front_matter(front: str, metadata: Metadata, inside: Collection[str]) -> str:
    """The front matter, its two --- lines with it, without the keys that stay `inside`, without names that nobody
    outside has known, and without what stands behind a #. Raises FrontMatterError.
    """
    values: dict[str, object] = {key: REMOVE for key in inside if "." not in key}
    if metadata.distribution.internal and "distribution.internal" in inside:
        values["distribution"] = {"external": list(metadata.distribution.external)}
    hidden = [label for label in metadata.control or {} if of_control(label) in inside]
    if metadata.control and hidden:
        values["control"] = {k: v for k, v in metadata.control.items() if k not in hidden} or REMOVE
    if metadata.formerly and metadata.formerly.internal:
        values["formerly"] = {"external": list(metadata.formerly.external)} if metadata.formerly.external else REMOVE
    return _without_remarks(front_matter_text.rewritten(front, values))


def has_remarks(front: str) -> bool:
    """Whether anything stands behind a # outside of every value. Raises FrontMatterError."""
    return _without_remarks(front) != front


def _without_remarks(front: str) -> str:
    """The front matter without what stands behind a # outside of every value."""
    try:
        values = [token for token in yaml.scan(front) if isinstance(token, yaml.ScalarToken)]
    except yaml.YAMLError as error:
        raise FrontMatterError(str(error)) from None
    spans = [(token.start_mark.index, token.end_mark.index) for token in values]
    lines, start = [], 0
    for line in lines_in(front):
        bare = line.rstrip("\r\n")
        signs = (n for n, sign in enumerate(bare) if sign == "#" and (not n or bare[n - 1].isspace()))
        cut = next((n for n in signs if not any(one <= start + n < end for one, end in spans)), len(bare))
        left = bare[:cut].rstrip() if cut < len(bare) else bare
        lines += [left + line[len(bare) :]] if left or not bare.strip() else []
        start += len(line)
    return "".join(lines)
